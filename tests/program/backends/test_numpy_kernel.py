"""The NumPy back end: the eager engine's bits, sums in order, memory, users' own primitives."""

from __future__ import annotations

import math
import random
import tracemalloc

import numpy
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autograd_core as ag
from autograd_core import Value, record
from autograd_core.primitives import ROWS
from autograd_core.program.backends.numpy import numpy_kernel
from autograd_core.program.backends.numpy.elementwise import array_function, by_arrays
from autograd_core.program.backends.numpy.numpy_kernel import NumPyKernel
from autograd_core.program.backends.samples import stripes
from tests.primitives.bits import EXTREMES
from tests.primitives.samples import samples
from tests.program.codes import KINDS, codes, tidied
from tests.program.networks import (
    captured_of,
    networks,
    one_by_one,
    perceptron_gradient,
    points_for,
)
from tests.program.replayed import same_bits

NUMBERS = st.floats(width=64) | st.sampled_from(EXTREMES)


@settings(max_examples=400)
@given(codes(most=30), st.data())
def test_any_program_has_the_bits_of_its_instructions_one_by_one(code, data):
    count = data.draw(st.integers(1, 4))
    rows = st.lists(NUMBERS, min_size=code.inputs, max_size=code.inputs)
    points = data.draw(st.lists(rows, min_size=count, max_size=count))
    captured = data.draw(st.lists(NUMBERS, min_size=code.captured, max_size=code.captured))
    block = numpy.array(points, dtype=float).reshape(count, code.inputs)
    values, sums = NumPyKernel(code).run([block], numpy.array(captured, dtype=float), count)
    assert same_bits(values, [one_by_one(code, point, captured) for point in points])
    assert sums.shape == (0,)


@settings(max_examples=150)
@given(networks())
def test_networks_and_their_gradients_have_the_bits_of_their_instructions_one_by_one(program):
    code = tidied(program.gradient("both", value=True).code)
    points, captured = points_for(program), captured_of(program)
    values, _ = NumPyKernel(code).run([points], captured, len(points))
    expected = [one_by_one(code, point, captured.tolist()) for point in points.tolist()]
    assert same_bits(values, expected)


@pytest.mark.parametrize("name", [ROWS[kind].name for kind in KINDS if by_arrays(ROWS[kind].name)])
def test_what_arrays_compute_has_the_bits_of_the_forward_function(name):
    (kind,) = (kind for kind in KINDS if ROWS[kind].name == name)
    row, source = ROWS[kind], random.Random(name)
    points = samples(row, 300, seed=11)
    points += [tuple(source.choice(EXTREMES) for _ in range(row.arity)) for _ in range(300)]
    with numpy.errstate(all="ignore"):
        found = array_function(kind)(*numpy.array(points).T)
    assert same_bits(found, [row.forward(*point) for point in points])


def test_a_network_s_gradient_has_the_bits_of_its_instructions_one_by_one():
    code, captured = perceptron_gradient()
    points = numpy.random.default_rng(1).normal(size=(70, 3))
    values, _ = NumPyKernel(code).run([points], captured, 70)
    assert same_bits(values, [one_by_one(code, point, captured) for point in points.tolist()])


@pytest.mark.parametrize("broken", [math.inf, -math.inf, math.nan])
def test_a_zero_cotangent_is_strong_against_parameters_that_are_not_finite(broken):
    code, captured = perceptron_gradient()
    for place in range(0, len(captured), 5):
        numbers = captured.copy()
        numbers[place] = broken
        points = numpy.random.default_rng(place).normal(size=(9, 3))
        values, _ = NumPyKernel(code).run([points], numbers, 9)
        expected = [one_by_one(code, point, numbers.tolist()) for point in points.tolist()]
        assert same_bits(values, expected)


@pytest.mark.parametrize("count", [0, 1, 7, 8, 65, 1000, 1025, 3001])
def test_sums_are_in_the_documented_order(count):
    code, captured = perceptron_gradient()
    points = numpy.random.default_rng(count).normal(size=(count, 3))
    every, _ = NumPyKernel(code).run([points], captured, count)
    few = len(code.outputs) - 5
    values, sums = NumPyKernel(code, summed=5).run([points], captured, count)
    assert same_bits(values, every[:, :few])
    expected = numpy.zeros(5)
    for start, stop in stripes(count):
        p = numpy.zeros((8, 5))
        for sample in range(start, stop):
            p[(sample - start) % 8] += every[sample, few:]
        expected += ((p[0] + p[4]) + (p[2] + p[6])) + ((p[1] + p[5]) + (p[3] + p[7]))
    assert same_bits(sums, expected)


def test_spans_change_no_bit(monkeypatch):
    code, captured = perceptron_gradient()
    points = numpy.random.default_rng(5).normal(size=(2500, 3))
    at_once = NumPyKernel(code, summed=7).run([points], captured, 2500)
    monkeypatch.setattr(numpy_kernel, "NUMBERS", 1)
    in_spans = NumPyKernel(code, summed=7).run([points], captured, 2500, threads=4)
    assert same_bits(at_once[0], in_spans[0])
    assert same_bits(at_once[1], in_spans[1])


def test_memory_does_not_grow_with_the_samples(monkeypatch):
    monkeypatch.setattr(numpy_kernel, "LONGEST", 512)
    code, captured = perceptron_gradient()
    kernel = NumPyKernel(code, summed=len(code.outputs))

    def peak(count):
        points = numpy.zeros((count, 3))
        tracemalloc.start()
        kernel.run([points], captured, count)
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    assert peak(100_000) < 1.2 * peak(10_000)


def test_blocks_of_any_strides_and_blocks_that_are_the_same_for_all_samples():
    code, captured = perceptron_gradient()
    points = numpy.random.default_rng(6).normal(size=(40, 3))
    points[:, 1] = 0.25
    expected, _ = NumPyKernel(code).run([points], captured, 40)
    reversed_rows = points[::-1].copy()[::-1, :1]
    reversed_rows.flags.writeable = False
    blocks = [reversed_rows, numpy.array([[0.25]]), numpy.asfortranarray(points)[:, 2:]]
    values, _ = NumPyKernel(code).run(blocks, captured, 40)
    assert same_bits(values, expected)
    alone, _ = NumPyKernel(code).run([points[:1]], captured, 40)
    assert same_bits(alone, numpy.repeat(expected[:1], 40, axis=0))


def test_one_s_own_primitive_runs_and_its_exception_is_its_own():
    @ag.primitive(lambda x, out: 2.0, name="guarded_double_of_the_kernel_s_test")
    def doubled(x):
        if x < 0:
            raise LookupError(f"no double of {x}")
        return 2 * x

    program = record(lambda x: doubled(x) * x, 0.0).using("numpy")
    values, slopes = program.value_and_grad([1.0, 3.0])
    assert (values.tolist(), slopes.tolist()) == ([2.0, 18.0], [4.0, 12.0])
    with pytest.raises(LookupError, match=r"no double of -1\.0"):
        program([1.0, -1.0])


def test_what_is_the_same_for_all_samples_is_computed_once():
    calls = []

    @ag.primitive(lambda x, out: 1.0, name="counted_by_the_kernel_s_test")
    def counted(x):
        calls.append(x)
        return x

    weight = Value(3.0)
    program = record(lambda x: x * counted(weight), 0.0).using("numpy")
    calls.clear()
    assert program(numpy.arange(10_000.0))[-1] == 3.0 * 9999
    assert calls == [3.0]


def test_a_program_without_instructions_and_one_of_constants():
    assert record(lambda x: x, 0.0).using("numpy")([1.0, 2.0]).tolist() == [1.0, 2.0]
    assert record(lambda x: 3.0, 0.0).using("numpy")([1.0, 2.0]).tolist() == [3.0, 3.0]


def test_numpy_s_warnings_are_silenced():
    program = record(lambda x: (1 / x).log() - x / x, 0.0).using("numpy")
    assert math.isnan(program(0.0))  # a warning would be an error here
