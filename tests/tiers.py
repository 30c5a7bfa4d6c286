"""Tests that start processes of both tiers themselves: one run of the suite is enough for them."""

from __future__ import annotations

import os
from importlib.machinery import EXTENSION_SUFFIXES, PathFinder

import pytest

import autograd_core


def is_built() -> bool:
    """Whether there are compiled modules, whatever this process runs."""
    (package,) = autograd_core.__path__
    found = PathFinder.find_spec("autograd_core.graph.value", [os.path.join(package, "graph")])
    assert found is not None
    assert found.origin is not None
    return found.origin.endswith(tuple(EXTENSION_SUFFIXES))


for_both_tiers = pytest.mark.skipif(
    is_built() and not autograd_core.compiled,
    reason="the run of the compiled package tests this for both tiers",
)
