"""The limits of the benchmarks in C: they compile, and compute what the engine computes."""

from __future__ import annotations

import ctypes
import shutil
import subprocess

import numpy
import pytest

from autograd_core import Value, compiled, dot, record
from tests.benchmarks.limit import limit_value
from tests.benchmarks.programs.demo.abreast import abreast


def gradients(number):
    x, y = number(2.0), number(-3.0)
    root = (x * y + 1.0).relu() + (x - y * 2.0).relu() * x
    root.backward()
    return root.data, x.grad, y.grad


@pytest.mark.skipif(not compiled or shutil.which("cc") is None, reason="it is C beside compiled C")
def test_the_limit_computes_what_the_engine_does():
    assert gradients(limit_value()) == gradients(Value) == (16.0, 10.0, -4.0)


@pytest.mark.skipif(shutil.which("gcc") is None, reason="it is C with GCC's vectors")
@pytest.mark.parametrize("count", [5, 8, 21])
def test_samples_abreast_add_up_to_what_a_program_gives(count, tmp_path):
    w = [Value(2.0), Value(-3.0), Value(0.5)]

    def loss(x, y):
        return (dot(w[1:], [x, y], start=w[0]).relu() - x * 4.0) * (y - w[2])

    gradient = record(loss, 0.5, 0.5).gradient("captured", value=True)
    (tmp_path / "c.c").write_text(abreast(gradient.code))
    subprocess.run(["gcc", "-w", "-shared", "-fPIC", "-o", "c.so", "c.c"], cwd=tmp_path, check=True)
    points, found = numpy.random.default_rng(count).normal(size=(count, 2)), numpy.empty(4)
    captured = numpy.array([value.data for value in gradient.captured])
    ctypes.CDLL(str(tmp_path / "c.so")).added_up(
        ctypes.c_long(count), *(ctypes.c_void_p(a.ctypes.data) for a in (points, captured, found))
    )
    value, slopes = gradient(*points.T)
    numpy.testing.assert_allclose(found, [value.sum(), *slopes.sum(axis=0)])
