"""Instructions by level and kind: the same instructions, the same bits, and loops found in them."""

from __future__ import annotations

import random
from collections import Counter

import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd_core import record
from autograd_core.primitives import kind_of
from autograd_core.program.adjoint.derived import gradient_of
from autograd_core.program.backends.native import native_kernel
from autograd_core.program.backends.native.native_kernel import NativeKernel
from autograd_core.program.backends.numpy.numpy_kernel import NumPyKernel
from autograd_core.program.code.verifier import verify
from autograd_core.program.code.writer import CodeWriter
from autograd_core.program.passes.ordering import by_level
from tests.program.codes import codes, tidied
from tests.program.replayed import same_bits


@given(codes(most=60), st.integers(0, 2**32))
def test_any_program_has_the_same_instructions_and_bits_in_the_new_order(code, seed):
    ordered = by_level(code)
    verify(ordered)
    assert Counter(row.name for _, row, _ in ordered) == Counter(row.name for _, row, _ in code)
    source = random.Random(seed)
    block = numpy.array([[source.gauss(0, 1) for _ in range(code.inputs)] for _ in range(3)])
    block = block.reshape(3, code.inputs)
    captured = numpy.array([source.gauss(0, 1) for _ in range(code.captured)], dtype=float)
    expected, _ = NumPyKernel(code).run([block], captured, 3)
    assert same_bits(NumPyKernel(ordered).run([block], captured, 3)[0], expected)


def test_a_program_without_a_single_value_stays():
    written = CodeWriter(inputs=0, captured=0)
    code = written.finish([written.constant(2.5)])
    ordered = by_level(code)
    assert (ordered.outputs.tolist(), ordered.constants.tolist()) == ([-1], [2.5])


@pytest.mark.parametrize("count", [32, 100])
def test_a_program_in_which_little_is_alike_stays(count):
    def both(*xs):
        product = 1.0
        for x in xs:
            product = product * x
        return [x.sin() for x in xs] + [product]

    code = tidied(record(lambda xs: both(*xs), [0.5] * count).code)
    assert by_level(code, count) is not code
    assert by_level(code, count + 1) is code


@pytest.mark.parametrize(("chained", "is_enough"), [(24, True), (25, False)])
def test_a_quarter_that_is_alike_is_enough(chained, is_enough):
    def alike(x):
        chain = x
        for _ in range(chained):
            chain = chain.exp()
        return [chain, *(x.sin() for _ in range(8))]

    code = record(alike, 0.5).code
    assert (by_level(code, 8) is not code) == is_enough


def heat(cells, steps):
    def energy(us):
        for _ in range(steps):
            inner = [us[k] + 0.1 * (us[k - 1] - 2 * us[k] + us[k + 1]) for k in range(1, cells - 1)]
            us = [us[0], *inner, us[-1]]
        return sum((u * u for u in us), 0.0)

    return energy


@pytest.mark.skipif(not native_kernel.available(), reason="nothing is compiled")
@pytest.mark.parametrize("by", ["value", "gradient"])
def test_the_steps_of_a_heat_equation_are_loops(by):
    points = numpy.random.default_rng(0).normal(size=300)
    code = record(heat(300, 6), points).code
    code = tidied(code if by == "value" else gradient_of(code, "inputs"))
    kernel = NativeKernel(code)
    assert len(kernel.executable(single=True).uniform_code) < len(code) / 10
    expected, _ = NumPyKernel(code).run([points.reshape(1, -1)], numpy.zeros(0), 1)
    found, _ = kernel.run([points.reshape(1, -1)], numpy.zeros(0), 1)
    assert same_bits(found, expected)


def test_levels_that_sixteen_bits_do_not_count_stand_in_order_too():
    written, made = CodeWriter(inputs=2, captured=0), [0, 1]
    kinds = [kind_of("sin"), kind_of("exp")] * 17_000
    for own in (0, 1):  # one chain after the other
        for kind in kinds:
            made[own] = written.emit(kind, made[own], 0)
    ordered = by_level(written.finish(made), 2)
    verify(ordered)
    assert ordered.instructions[:, 0].tolist() == [kind for kind in kinds for _ in (0, 1)]
