"""The hand-written limit of the benchmarks: it compiles, and computes what the engine computes."""

from __future__ import annotations

import shutil

import pytest

from autograd_core import Value, compiled
from tests.benchmarks.limit import limit_value


def gradients(number):
    x, y = number(2.0), number(-3.0)
    root = (x * y + 1.0).relu() + (x - y * 2.0).relu() * x
    root.backward()
    return root.data, x.grad, y.grad


@pytest.mark.skipif(not compiled or shutil.which("cc") is None, reason="it is C beside compiled C")
def test_the_limit_computes_what_the_engine_does():
    assert gradients(limit_value()) == gradients(Value) == (16.0, 10.0, -4.0)
