"""Adjoints and tangents: the bits of the eager engine, for every row and for shared graphs."""

from __future__ import annotations

import math
import random

import mpmath
import numpy
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autograd_core as ag
from autograd_core import PRIMITIVES, Value, record
from autograd_core.graph.nodes.making import apply
from autograd_core.primitives import kind_of
from autograd_core.program.adjoint.derived import gradient_of
from autograd_core.program.backends.numpy.numpy_kernel import NumPyKernel
from autograd_core.program.passes.tidying import simplified
from autograd_core.testing import expressions
from tests.primitives.samples import samples
from tests.program.replayed import eagerly, same_bits

EXTREMES = [0.0, -0.0, 5e-324, -1e308, 1.0, -1.0, math.inf, -math.inf, math.nan]
FIXED = [name for name, row in PRIMITIVES.items() if row.arity is not None and not row.holds]
PUBLIC = [name for name, row in PRIMITIVES.items() if row.public and row.arity is not None]


def points_of(row, count=200):
    source = random.Random(row.name)
    extremes = [tuple(source.choice(EXTREMES) for _ in range(row.arity)) for _ in range(60)]
    return samples(row, count, seed=5) + extremes


@pytest.mark.parametrize("name", FIXED)
def test_value_and_gradient_of_every_row_have_the_eager_bits(name):
    row = PRIMITIVES[name]

    def function(*operands):
        return apply(kind_of(name), operands) * 0.75

    points = points_of(row)
    program = record(function, *[0.5] * row.arity)
    values, gradients = program.value_and_grad(*numpy.array(points).T)
    gradients = [gradients] if row.arity == 1 else gradients
    eager_values, eager_gradients = eagerly(function, points)
    assert same_bits(values, eager_values)
    assert same_bits(numpy.stack(gradients, axis=1), eager_gradients)


@pytest.mark.parametrize("name", ["sum", "dot", "strong_dot"])
def test_value_and_gradient_of_lists_of_operands_have_the_eager_bits(name):
    count = 7 if name == "dot" else 6
    source = random.Random(4)
    points = [
        [source.choice([*EXTREMES, source.gauss(0, 1)]) for _ in range(count)] for _ in range(99)
    ]

    def function(*operands):
        return apply(kind_of(name), operands).exp()

    program = record(function, *[0.5] * count)
    values, gradients = program.value_and_grad(*numpy.array(points).T)
    eager_values, eager_gradients = eagerly(function, points)
    assert same_bits(values, eager_values)
    assert same_bits(numpy.stack(gradients, axis=1), eager_gradients)


NUMBERS = st.floats(-4, 4) | st.sampled_from(EXTREMES)


@settings(max_examples=150, deadline=None)
@given(expressions(arity=3, max_size=14, primitives=[*PUBLIC, "sum", "dot"]), st.data())
def test_shared_graphs_have_the_eager_bits(expression, data):
    points = data.draw(st.lists(st.tuples(NUMBERS, NUMBERS, NUMBERS), min_size=1, max_size=4))
    points = [p for p in points if _accepted(expression, p)]
    if not points or not _accepted(expression, (0.5, 0.5, 0.5)):
        return
    program = record(expression, 0.5, 0.5, 0.5)
    values, gradients = program.value_and_grad(*numpy.array(points).T)
    eager_values, eager_gradients = eagerly(expression, points)
    assert same_bits(values, eager_values)
    assert same_bits(numpy.stack(gradients, axis=1), eager_gradients)


def _accepted(expression, point):
    return expression(*point) is not None


@settings(max_examples=60, deadline=None)
@given(expressions(arity=2, max_size=8), st.floats(-2, 2), st.floats(-2, 2))
def test_tangents_are_those_of_forward_mode(expression, x, y):
    program = record(expression, 0.5, 0.5).tangent()
    assert same_bits(program(x, y, 0.3, -0.7), ag.jvp(expression, (x, y), (0.3, -0.7)))


@settings(max_examples=40, deadline=None)
@given(expressions(arity=1, max_size=5), st.floats(-1.5, 1.5))
def test_gradients_of_gradients_are_those_of_the_engine(expression, x):
    third = record(expression, 0.5).gradient().gradient().gradient()
    expected = ag.grad(ag.grad(ag.grad(expression)))(x)
    assert third(x) == pytest.approx(expected, rel=1e-9, abs=1e-9)


def test_x_to_the_x_at_order_four_is_right():
    program = record(lambda x: x**x, 1.0)
    for _ in range(4):
        program = program.gradient()
    with mpmath.workdps(50):
        expected = float(mpmath.diff(lambda x: x**x, 2, 4))
    assert program(2.0) == pytest.approx(expected, rel=1e-12)


def test_the_gradient_by_captured_leaves_is_what_backward_leaves_on_them():
    weights = [Value(0.3), Value(-0.7)]

    def function(x):
        return (weights[0] * x + weights[1]).tanh() * weights[0]

    _, by_captured = record(function, 0.0).value_and_grad([1.0, -2.0], wrt="captured")
    for x, found in zip([1.0, -2.0], by_captured, strict=True):
        for weight in weights:
            weight.grad = 0.0
        function(x).backward()
        assert same_bits(found, [weight.grad for weight in weights])


def test_both_gives_inputs_and_captured():
    weight = Value(3.0)
    _, (by_x, by_captured) = record(lambda x: weight * x, 0.0).value_and_grad(5.0, wrt="both")
    assert (by_x, by_captured.tolist()) == (3.0, [5.0])


def test_a_pullback_takes_a_cotangent_for_each_result():
    program = record(lambda x, y: [x * y, x + y], 0.0, 0.0).pull_back()
    values, (dx, dy) = program(2.0, 3.0, [1.0, 10.0])
    assert (values.tolist(), dx, dy) == ([6.0, 5.0], 13.0, 12.0)


def test_a_result_may_be_an_input_or_a_number():
    program = record(lambda x, y: [x, 2.5, y * 1.0], 0.0, 0.0).pull_back()
    values, (dx, dy) = program(2.0, 3.0, [1.0, 10.0, 100.0])
    assert (values.tolist(), dx, dy) == ([2.0, 2.5, 3.0], 1.0, 100.0)


def test_a_result_that_is_another_too_or_that_one_is_computed_from_is_gone_through_once():
    def function(x, y):
        product = x * y
        return [product, product.square(), product]

    program = record(function, 0.0, 0.0).pull_back()
    values, (dx, dy) = program(2.0, 3.0, [1.0, 10.0, 100.0])
    assert values.tolist() == [6.0, 36.0, 6.0]
    assert (dx, dy) == (3.0 * 221.0, 2.0 * 221.0)


def test_there_may_be_more_results_than_operands():
    program = record(lambda x, y, z: [ag.clamp(x, y, z)] * 99, 0.5, 0.0, 1.0).pull_back()
    _, gradients = program(0.5, 0.0, 1.0, [1.0] * 99)
    assert gradients == (99.0, 0.0, 0.0)


def test_a_hessian_vector_program_is_the_hessian_times_the_vector():
    program = record(lambda p: p[0] ** 2 * p[1], [0.0, 0.0]).hvp()
    gradient, product = program([2.0, 3.0], [1.0, 0.5])
    assert gradient.tolist() == [12.0, 4.0]
    assert product.tolist() == [6.0 + 4.0 * 0.5, 4.0]


def test_value_and_gradient_share_the_primal():
    program = record(lambda x: (x.exp() * x).exp(), 0.0)
    both = program.gradient(value=True)
    alone, derived = len(program.code), len(both.code)
    assert derived < 2 * alone + 6
    rows = [row.name for _, row, _ in both.code]
    assert rows.count("exp") == 2


def held_back(x):
    first, second, third = x.sin(), (1.7 * x).exp(), (0.3 * x).tanh()
    return third.detach() * second + first * third


def compared(x):
    first, second, third = x.sin(), (1.7 * x).exp(), (0.3 * x).tanh()
    return ag.where(third > 0.1, second, first) + first + third


@pytest.mark.parametrize("function", [held_back, compared], ids=lambda one: one.__name__)
def test_what_no_derivative_goes_through_leaves_the_order_of_sums_as_it_is(function):
    points = numpy.linspace(-2.0, 2.0, 30)
    _, slopes = record(function, 0.5).value_and_grad(points)
    _, expected = eagerly(function, points[:, None])
    assert same_bits(slopes, expected[:, 0])


def test_a_user_s_primitive_is_differentiated_by_its_own_partials():
    @ag.primitive(lambda x, out: 3.0 * ag.square(x), name="cubed_for_adjoints")
    def cubed(x):
        return x * x * x

    program = record(lambda x: cubed(x) * 2.0, 0.0)
    assert program.value_and_grad(2.0) == (16.0, 24.0)
    assert program.gradient().gradient()(2.0) == 24.0


def test_partials_of_many_operands_read_the_value_of_their_own_instruction():
    @ag.primitive(
        lambda x, y, z, out: out / x,
        lambda x, y, z, out: out / y,
        lambda x, y, z, out: out / z,
        name="volume_for_adjoints",
    )
    def volume(x, y, z):
        return x * y * z

    @ag.primitive(lambda xs, out: [out / x for x in xs], name="product_for_adjoints")
    def product(*xs):
        return math.prod(xs)

    def slopes(function):
        code = gradient_of(record(lambda x, y: function(x, 2.0 * y, 8.0), 1.0, 1.0).code, "inputs")
        values, _ = NumPyKernel(code).run([numpy.array([[2.0, 4.0]])], numpy.empty(0), 1)
        return values[0].tolist()

    assert slopes(volume) == slopes(product) == [128.0, 64.0, 32.0]


def test_a_partial_that_needs_a_number_says_so():
    @ag.primitive(lambda x, out: math.cos(x), name="sine_by_numbers")
    def sine(x):
        return math.sin(x)

    program = record(lambda x: sine(x), 0.0)
    assert program(0.0) == 0.0
    with pytest.raises(ag.RecordingError, match="float"):
        program.gradient()


def test_many_rows_of_three_operands_keep_what_reaches_each():
    def function(x, low, high):
        for _ in range(200):  # three pairs each, more than there is room for at first
            x = ag.clamp(x, low, high)
        return x * low * high

    points = [(0.5, -1.0, 2.0), (-3.0, -1.0, 2.0), (7.0, -1.0, 2.0)]
    program = record(function, *points[0])
    values, gradients = program.value_and_grad(*numpy.array(points).T)
    eager_values, eager_gradients = eagerly(function, points)
    assert same_bits(values, eager_values)
    assert same_bits(numpy.stack(gradients, axis=1), eager_gradients)


def test_what_comes_through_sums_alone_is_added_without_products():
    def function(x, a, b):
        return (x + a).exp() + (x + b).exp() + (x - 1.0).exp()

    program = record(function, 0.5, 1.0, 2.0)
    rows = [row for row in str(program.gradient()).splitlines() if " = sum " in row]
    assert len(rows) == 1
    values, gradients = program.value_and_grad([0.25], [1.5], [-2.0])
    eager_values, eager_gradients = eagerly(function, [(0.25, 1.5, -2.0)])
    assert same_bits(values, eager_values)
    assert same_bits(numpy.stack(gradients, axis=1), eager_gradients)


def test_an_input_is_no_zero_though_the_last_constant_is_one():
    program = record(lambda x, y: x * y * 1.0 + 0.0, 0.5, 0.5)
    assert gradient_rows(program)[1:] == [3.0, 2.0]


def gradient_rows(program):
    code = gradient_of(program.code, "inputs")
    values, _ = NumPyKernel(code).run([numpy.array([[2.0, 3.0]])], numpy.empty(0), 1)
    return values[0].tolist()


@pytest.mark.parametrize(
    ("function", "row"),
    [
        (lambda x, y: x.sin() * y + x.cos(), "cos"),
        (lambda x, y: x * (1.0 - y) + (-x), "neg"),
    ],
)
def test_what_a_partial_computes_is_found_again_in_the_program(function, row):
    code = gradient_of(record(function, 0.5, 0.5).code, "inputs")
    rows = [found.name for _, found, _ in simplified(code)]
    assert rows.count(row) == 1


def test_what_a_partial_of_three_operands_computes_is_found_again_in_the_program():
    @ag.primitive(
        lambda x, y, z, out: y * ag.exp(x),
        lambda x, y, z, out: ag.exp(x),
        lambda x, y, z, out: 1.0,
        name="raised_for_adjoints",
    )
    def raised(x, y, z):
        return y * math.exp(x) + z

    function = record(lambda x, y: raised(x, y, x) + x.exp(), 0.5, 0.5)
    code = simplified(gradient_of(function.code, "inputs"))
    assert [found.name for _, found, _ in code].count("exp") == 1


def test_a_finite_constant_needs_no_rule_of_zeros():
    code = gradient_of(record(lambda x: (3.0 * x).exp(), 0.5).code, "inputs")
    assert [row.name for _, row, _ in code] == ["mul", "exp", "mul", "add"]


def test_a_factor_of_minus_one_is_a_negation():
    code = gradient_of(record(lambda x, y: (x - y).exp(), 0.5, 0.5).code, "inputs")
    assert [row.name for _, row, _ in code] == ["sub", "exp", "neg", "add", "add"]


def test_nothing_is_written_for_leaves_that_are_not_asked_for():
    weight = Value(0.5)
    code = gradient_of(record(lambda x: x * weight.exp().sin(), 0.5).code, "inputs")
    assert [row.name for _, row, _ in code] == ["exp", "sin", "mul", "add"]


def test_nothing_is_written_for_what_a_zero_cotangent_reaches():
    code = gradient_of(record(lambda x, y: ag.where(x.sin(), y, 2.0 * y), 0.5, 0.5).code, "inputs")
    assert "cos" not in [row.name for _, row, _ in code]
