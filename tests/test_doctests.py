"""Every example in a docstring runs and prints what it says."""

import doctest
import importlib
import importlib.util
import pkgutil

import pytest

import autograd_core
import nn


def is_of_this_tier(name):
    """Plain Python does not import what there is only compiled: its types are of other sizes."""
    return autograd_core.compiled or importlib.util.find_spec(name).origin.endswith(".py")


MODULES = [
    module.name
    for package in (autograd_core, nn)
    for module in pkgutil.walk_packages(package.__path__, package.__name__ + ".")
    if not module.name.endswith("__main__") and is_of_this_tier(module.name)
]
# Modules whose public functions must show an example; compiled, one could hide them from doctest.
SHOWN = (
    "graph.value",
    "derivatives.functional",
    "graph.functions",
    "graph.traversal",
    "graph.modes",
    "graph.custom",
    "derivatives.differentiation",
)


@pytest.mark.parametrize("name", MODULES)
def test_examples_print_what_they_say(name):
    result = doctest.testmod(importlib.import_module(name), optionflags=doctest.ELLIPSIS)
    assert result.failed == 0


@pytest.mark.parametrize("name", SHOWN)
def test_modules_users_read_have_examples(name):
    module = importlib.import_module(f"autograd_core.{name}")
    assert doctest.testmod(module, optionflags=doctest.ELLIPSIS).attempted > 0
