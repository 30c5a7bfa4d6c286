"""Tests of which one run of the suite is enough, that of the compiled package if there is one.

They start processes themselves, open pages and notebooks, try for long what nothing compiled takes
part in (exports, the verifier), or judge numbers against an oracle that takes long: every row's
bits are the same in both tiers (test_compiled_and_plain).
With AUTOGRAD_CORE_RUN=alone the plain source is tested as if there were no other run.
"""

from __future__ import annotations

import os
from importlib.machinery import EXTENSION_SUFFIXES, PathFinder

import pytest

import autograd_core

RUN, ALONE = "AUTOGRAD_CORE_RUN", "alone"


def is_built() -> bool:
    """Whether there are compiled modules, whatever this process runs."""
    (package,) = autograd_core.__path__
    found = PathFinder.find_spec("autograd_core.graph.value", [os.path.join(package, "graph")])
    assert found is not None
    assert found.origin is not None
    return found.origin.endswith(tuple(EXTENSION_SUFFIXES))


def is_repeated() -> bool:
    """Whether this run is that of the plain source beside one of the compiled package."""
    alone = os.environ.get(RUN) == ALONE
    return is_built() and not autograd_core.compiled and not alone


for_both_tiers = pytest.mark.skipif(
    is_repeated(),
    reason="the run of the compiled package tests this for both tiers",
)
