"""Passes: shorter programs with the same bits."""

from __future__ import annotations

import math

import numpy
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograd_core import PRIMITIVES, Value, primitives, record, where
from autograd_core.program.adjoint.derived import gradient_of
from autograd_core.program.backends.numpy.numpy_kernel import NumPyKernel
from autograd_core.program.code.verifier import verify
from autograd_core.program.code.writer import CodeWriter
from autograd_core.program.passes.fusing import fused
from autograd_core.program.passes.tidying import PASSES, pruned, simplified
from autograd_core.testing import expressions
from tests.program.replayed import same_bits

ROWS = [name for name, row in PRIMITIVES.items() if row.public]
NUMBERS = st.floats(-3, 3) | st.sampled_from([0.0, -0.0, 1.0, math.inf, -math.inf, math.nan])


def outputs(code, points):
    values, _ = NumPyKernel(code).run([points], numpy.empty(0), len(points))
    return values


def names(code):
    return [row.name for _, row, _ in code]


@settings(max_examples=150, deadline=None)
@given(expressions(arity=2, max_size=16, primitives=ROWS), st.lists(st.tuples(NUMBERS, NUMBERS)))
def test_every_pass_keeps_the_bits_of_values_and_gradients(expression, points):
    program = record(lambda x, y: expression(x, y) * 1.0 + 0.0, 0.5, 0.5)
    code = gradient_of(program.code, "inputs")
    points = numpy.array(points, dtype=float).reshape(-1, 2)
    expected = outputs(code, points)
    for _, apply in PASSES:
        code = apply(code)
        verify(code)
        assert same_bits(outputs(code, points), expected)


def test_equal_instructions_are_written_once():
    code = simplified(record(lambda x: (x * 2.0).sin() + (x * 2.0).sin(), 0.0).code)
    assert names(code) == ["mul", "sin", "add"]


def test_equal_instructions_on_high_numbers_are_found_without_overflow():
    add, sine, total = (primitives.kind_of(name) for name in ("add", "sin", "sum"))
    written = CodeWriter(inputs=1_000_000, captured=0)
    for _ in range(2):
        written.emit(add, 999_998, 999_999)
    for _ in range(2):
        for value in (999_997, 999_999, 1_000_000):
            written.list_operand(value)
        written.emit_listed(total, 3)
    written.emit(sine, 1_000_003, 0)
    code = simplified(written.finish([1_000_004]))
    assert names(code) == ["add", "sum", "sin"]


def test_equal_lists_of_operands_are_written_once():
    weights = [Value(1.0), Value(2.0)]

    def neuron(x):
        return weights[0] * x + weights[1] * 3.0

    code = fused(record(lambda x: neuron(x).sin() - neuron(x).cos(), 0.0).code)
    assert names(simplified(code)) == ["dot", "sin", "cos", "sub"]


def test_constants_are_folded_by_the_table_s_own_forward():
    two = Value(2.0).detach()
    code = simplified(record(lambda x: x * (two.exp() + 1.0), 0.0).code)
    assert names(code) == ["mul"]
    assert math.exp(2.0) + 1.0 in code.constants


@pytest.mark.parametrize(
    "function",
    [lambda x: x * 1.0, lambda x: 1.0 * x, lambda x: x / 1.0, lambda x: x.detach() * 1.0 * x],
    ids=["right", "left", "quotient", "within"],
)
def test_factors_of_one_are_dropped(function):
    assert "div" not in names(simplified(record(function, 0.0).code))
    assert names(simplified(record(function, 0.0).code)).count("mul") <= 1


def test_what_would_change_a_bit_stays():
    # x + 0 turns -0.0 into 0.0, and x - x is NaN for an infinite x.
    code = simplified(record(lambda x: (x + 0.0) * (x - x) + x * 0.0, 0.0).code)
    assert names(code) == ["add", "sub", "mul", "mul", "add"]


def test_a_zero_that_is_added_to_a_sum_is_dropped():
    # A sum starts from +0.0 and so is never -0.0; a product may be.
    code = gradient_of(record(lambda x, y: (x * y + x.sin()) * 2.0, 0.0, 0.0).code, "inputs")
    assert names(code)[-2:] == ["add", "add"]
    assert names(simplified(code)).count("add") == names(code).count("add") - 1
    points = numpy.array([[0.0, -0.0], [-0.0, -2.0], [math.inf, -0.0], [math.nan, 1.0], [1, -1]])
    assert same_bits(outputs(simplified(code), points), outputs(code, points))


def test_squares_are_multiplied():
    program = record(lambda x: x**2, 0.0)
    assert names(simplified(program.code)) == ["square"]
    assert "power_rate" not in names(simplified(gradient_of(program.code, "inputs")))


def test_what_no_output_needs_is_left_out():
    def function(x):
        x.exp()
        return x.sin()

    program = record(function, 0.0)
    code = pruned(gradient_of(program.code, "inputs"))
    code.outputs = code.outputs[:1]
    assert names(pruned(code)) == ["sin"]
    assert len(pruned(code).constants) == 0


def test_the_report_says_what_each_pass_saved():
    passes = record(lambda x: (x * x).sin() + (x * x).sin(), 0.0).using("numpy").passes
    assert [saved.name for saved in passes.passes] == [name for name, _ in PASSES]
    assert passes.passes[1].instructions_before - passes.passes[1].instructions_after == 2
    assert "5 → 3" in str(passes)


def test_equal_instructions_are_found_among_any_number_that_share_an_operand():
    def function(*x):
        *others, hub = x
        twice = [[other * hub for other in others] for _ in range(2)]
        lists = [[where(other, hub, other) for other in others] for _ in range(2)]
        return [*twice[0], *twice[1], *lists[0], *lists[1]]

    code = record(function, *[0.5] * 300).code
    shorter = simplified(code)
    assert len(code) == 4 * 299
    assert len(shorter) == 2 * 299
    assert len(set(shorter.outputs.tolist())) == 2 * 299
    assert names(shorter).count("mul") == names(shorter).count("where") == 299
