"""Every example in a docstring runs and prints what it says."""

import doctest
import importlib
import pkgutil

import pytest

import autograd_core
import nn

MODULES = [
    module.name
    for package in (autograd_core, nn)
    for module in pkgutil.walk_packages(package.__path__, package.__name__ + ".")
    if not module.name.endswith("__main__")
]
# Rooms whose public functions must show an example; a compiled room could hide them from doctest.
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


@pytest.mark.parametrize("room", SHOWN)
def test_rooms_users_read_have_examples(room):
    module = importlib.import_module(f"autograd_core.{room}")
    assert doctest.testmod(module, optionflags=doctest.ELLIPSIS).attempted > 0
