"""Derivatives of derivatives: every row to third order, at kinks too, and both modes agreeing."""

from __future__ import annotations

import importlib.util
import itertools
import math
import operator
import random
from collections.abc import Iterator, Sequence

import pytest

from autograd_core import (
    PRIMITIVES,
    Value,
    atan2,
    compiled,
    grad,
    gradients,
    jvp,
    record,
    sinc,
    where,
)
from autograd_core.graph.nodes.making import apply
from autograd_core.primitives import Primitive, kind_of
from tests.primitives.high_precision import exact, mp
from tests.primitives.references import AT_ZERO, REFERENCES
from tests.tiers import for_both_tiers

FIXED_ARITY = [
    name for name in REFERENCES if PRIMITIVES[name].arity is not None and not PRIMITIVES[name].holds
]
LIMIT = 16 * 2.0**-53
"""Of a derivative and of what an error of one part in the operands makes of it."""

BACKENDS = ["numpy"] + ["native"] * compiled
BACKENDS += ["llvm"] * (importlib.util.find_spec("llvmlite") is not None)

Orders = tuple[int, ...]


@pytest.fixture(params=FIXED_ARITY)
def row(request: pytest.FixtureRequest) -> Primitive:
    return PRIMITIVES[request.param]


def derivatives(row: Primitive, point: Sequence[float], highest: int) -> dict[Orders, float]:
    """Every derivative up to the highest order, by how often each operand was taken."""
    operands = [Value(number) for number in point]
    found: dict[Orders, float] = {}

    def descend(node: Value, orders: Orders) -> None:
        for place, operand in enumerate(operands):
            if any(orders[place + 1 :]):
                continue  # the same derivative in another order
            deeper = tuple(order + (at == place) for at, order in enumerate(orders))
            derivative = gradients(node, operand, create_graph=True)
            found[deeper] = derivative.data
            if sum(deeper) < highest:
                descend(derivative, deeper)

    descend(apply(kind_of(row.name), tuple(operands)), (0,) * len(operands))
    return found


def truth(name: str, point: Sequence[float], orders: Orders) -> mp.mpf:
    operands = [exact(number) for number in point]
    value = REFERENCES[name].value
    if len(operands) == 1:
        return mp.diff(value, operands[0], orders[0])
    return mp.diff(value, tuple(operands), orders)


def sensitivity(name: str, point: Sequence[float], orders: Orders) -> mp.mpf:
    """The derivative's size, and how far it moves with one part more or less of an operand."""
    total = abs(truth(name, point, orders))
    for place, number in enumerate(point):
        next_order = tuple(order + (at == place) for at, order in enumerate(orders))
        total += abs(exact(number) * truth(name, point, next_order))
    return total


def smooth_points(row: Primitive, count: int) -> Iterator[tuple[float, ...]]:
    source = random.Random(row.name)
    for turn in range(count):
        point = [source.uniform(max(low, -3.0), min(high, 4.0)) for low, high in row.domain]
        if row.operands[0] == "condition":
            point[0] = float(turn % 2)
        if row.operands[-1] == "high":
            point[1:] = sorted(point[1:])
        yield tuple(point)


@for_both_tiers
def test_every_row_to_third_order(row):
    for point in smooth_points(row, 6):
        for orders, computed in derivatives(row, point, 3).items():
            if row.operands[0] == "condition" and orders[0] > 0:
                assert computed == 0.0  # a choice, not a number to vary
                continue
            error = abs(exact(computed) - truth(row.name, point, orders))
            limit = (
                LIMIT * sensitivity(row.name, point, orders) + mp.mpf(10) ** -40
            )  # mp.diff's own
            assert error <= limit, (point, orders, computed)


UNARY = {name for name in FIXED_ARITY if PRIMITIVES[name].arity == 1}
# cbrt has no second derivative at 0, where the two sides are +∞ and -∞; acosh ends at 1.
ELSEWHERE = {"cbrt", "acosh"}


@pytest.mark.parametrize("name", sorted(UNARY - ELSEWHERE))
def test_derivatives_exactly_at_zero(name):
    expected = AT_ZERO.get(name)
    if expected is None:  # the Taylor series, which mpmath finds to some 40 digits
        series = (mp.diff(REFERENCES[name].value, mp.zero, order) for order in (1, 2, 3))
        expected = tuple(float(mp.chop(derivative, mp.mpf(10) ** -20)) for derivative in series)
    found = derivatives(PRIMITIVES[name], (0.0,), 3)
    assert [found[1,], found[2,], found[3,]] == pytest.approx(expected, rel=2e-15, abs=0.0), (
        f"has {name} no series at 0? say in AT_ZERO of tests/primitives/references.py what holds"
    )


@pytest.mark.parametrize("side", [1.0, -1.0])
def test_a_cube_root_s_derivatives_at_zero_are_those_of_the_side_its_sign_tells(side):
    found = derivatives(PRIMITIVES["cbrt"], (math.copysign(0.0, side),), 3)
    assert found == {(1,): math.inf, (2,): -side * math.inf, (3,): math.inf}


@pytest.mark.parametrize("x", [0.0, 1e-300, 1e-8, 0.5, -1.5, 1.9999999, 2.0, 2.5, -4.0, 12.0])
def test_sinc_has_its_derivatives_at_zero_and_on_either_side_of_its_series(x):
    found = derivatives(PRIMITIVES["sinc"], (x,), 6)
    for order in range(1, 7):
        # The mean of tⁿ cos(tx + nπ/2) over [0, 1]: no quotient, so nothing is lost at 0.
        turn = order * mp.pi / 2
        expected = mp.quad(lambda t: t**order * mp.cos(t * exact(x) + turn), [0, 1])  # noqa: B023
        assert found[order,] == pytest.approx(float(expected), rel=1e-13, abs=1e-15)


# Of two operands at a kink: the convention first, and then that it does not bend.
TIES = {
    "maximum": (0.5, 0.5),
    "minimum": (0.5, 0.5),
    "at_least": (0.0, 0.0),
    "at_most": (0.0, 0.0),
    "above": (0.0, 0.0),
    "exceeds": (0.0, 0.0),
}


@pytest.mark.parametrize("name", TIES)
@pytest.mark.parametrize("at", [0.0, -2.5])
def test_ties_to_third_order(name, at):
    found = derivatives(PRIMITIVES[name], (at, at), 3)
    assert (found.pop((1, 0)), found.pop((0, 1))) == TIES[name]
    assert set(found.values()) == {0.0}


@pytest.mark.parametrize("name", ["hypot", "atan2"])
def test_nothing_is_nan_at_the_origin(name):
    assert set(derivatives(PRIMITIVES[name], (0.0, 0.0), 3).values()) == {0.0}


SMALLEST = 5e-324
RADII = [SMALLEST, 3 * SMALLEST, 1e-310, 2.0**-1022, 1e-160, 1e-8, 1.0, 1e150, 1.7e308]


@pytest.mark.parametrize("near", [1.0, 1 + 2.0**-40, 1e-9, 0.0])
def test_an_angle_has_second_derivatives_at_any_radius(near):
    def forward(y, x):
        return jvp(lambda x: jvp(lambda x: atan2(y, x), [x], [1.0])[1], [x], [1.0])[1]

    def mixed(y, x):
        return grad(grad(atan2), argnums=1)(y, x)

    for radius, sign, swapped in itertools.product(RADII, (1, -1), (False, True)):
        y, x = (radius, sign * near * radius)[:: -1 if swapped else 1]
        Y, X = exact(y), exact(x)
        square = (X * X + Y * Y) ** 2
        for found, true in (
            (mixed(y, x), (Y - X) * (Y + X) / square),
            (forward(y, x), 2 * X * Y / square),
        ):
            expected = float(true)
            assert found == expected or abs(found - expected) <= 4.5 * math.ulp(expected), (y, x)


@pytest.mark.parametrize("numbers", [(math.inf, math.inf), (math.inf, -1.0), (2.0, -math.inf)])
def test_far_out_an_angle_bends_no_more_and_nan_stays(numbers):
    assert [*map(abs, PRIMITIVES["angle_rate"].partials_at(numbers, 0.0))] == [0.0, 0.0]
    for operands in ((numbers[0], math.nan), (math.nan, numbers[1])):
        slopes = PRIMITIVES["angle_rate"].partials_at(operands, math.nan)
        assert all(map(math.isnan, slopes))


QUOTIENTS = [
    *[(1.50359947e-316, 0.01409254496698971), (-9.4835e-319, 0.0039032633166920052)],
    *[(SMALLEST, -1e-9), (SMALLEST, 1.5), (3e-310, -0.99), (-4e-320, 2.0**-52), (1e-308, 7e300)],
    # Subnormal from the second or the third order on; and 0, of which no factor is infinite.
    *[(1e-290, 1e15), (5.3476465964e-301, -7842.776), (3e-260, 2e20), (0.0, 1e-200), (0.0, 1e9)],
]


@pytest.mark.parametrize(("x", "y"), QUOTIENTS)
def test_a_quotient_has_its_derivatives_where_it_is_subnormal(x, y):
    program, eager = record(lambda x, y: x / y, 0.5, 1.5), operator.truediv
    for order in range(1, 4):
        program, eager = program.gradient("y"), grad(eager, argnums=1)
        by_y = (-1) ** order * math.factorial(order) / exact(y) ** (order + 1)
        found = [eager(x, y), *(program.using(name)(x, y) for name in BACKENDS)]
        close(found, exact(x) * by_y)
        close([grad(eager)(x, y), program.gradient("x")(x, y)], by_y)


def close(found, true):
    expected = float(true)
    for number in found:
        assert number == expected or abs(number - expected) <= 4.5 * math.ulp(expected)


@pytest.mark.parametrize(
    ("exponent", "expected"),
    [
        (0.0, [0, 0, 0, 0]),
        (1.0, [1, 0, 0, 0]),
        (2.0, [0, 2, 0, 0]),
        (3.0, [0, 0, 6, 0]),
        (4.0, [0, 0, 0, 24]),
        (-1.0, [-math.inf, math.inf, -math.inf, math.inf]),
        (0.5, [math.inf, -math.inf, math.inf, -math.inf]),
        (1.5, [0, math.inf, -math.inf, math.inf]),
        (1e200, [0, 0, 0, 0]),  # though its product with 1e200 - 1 is infinite
    ],
)
def test_powers_at_zero_to_fourth_order(exponent, expected):
    found = derivatives(PRIMITIVES["pow"], (0.0, exponent), 4)
    assert [found[order, 0] for order in (1, 2, 3, 4)] == expected


def test_a_bounded_number_at_its_bounds():
    for x in (-1.0, 2.0):
        found = derivatives(PRIMITIVES["clamp"], (x, -1.0, 2.0), 3)
        assert set(found.values()) == {0.0}


@pytest.mark.parametrize("x", [0.25, 1.0, 2.0, 7.5])
@pytest.mark.parametrize("order", [1, 2, 3, 4, 5])
def test_x_to_the_x_keeps_how_its_exponent_changes(x, order):
    # A guard `where(y == 0, 0, ...)` in the rule gives 63.5 for 64.5... at 2 in the fourth order.
    function = lambda x: x**x  # noqa: E731
    for _ in range(order):
        function = grad(function)
    expected = mp.diff(lambda x: x**x, exact(x), order)
    assert function(x) == pytest.approx(float(expected), rel=1e-13)


@pytest.mark.parametrize(("x", "expected"), [(2.0, [4.0, 2.0, 0.0]), (-2.0, [12.0, -12.0, 6.0])])
def test_the_branch_that_was_taken_keeps_its_derivatives(x, expected):
    function = lambda x: where(x > 0, x**2, x**3)  # noqa: E731
    for derivative in expected:
        function = grad(function)
        assert function(x) == derivative


def test_order_does_not_matter_in_mixed_derivatives(row):
    point = next(smooth_points(row, 1))
    operands = [Value(number) for number in point]
    root = apply(kind_of(row.name), tuple(operands))
    for one, other in itertools.combinations(operands, 2):
        forth = gradients(gradients(root, one, create_graph=True), other)
        back = gradients(gradients(root, other, create_graph=True), one)
        assert forth == pytest.approx(back, rel=1e-14, abs=1e-15)


def test_forward_mode_agrees_with_reverse_mode(row):
    """First and second order: tangents are the sums that the cotangents make."""
    source = random.Random(row.name)
    kind = kind_of(row.name)
    for point in smooth_points(row, 4):
        directions = tuple(source.uniform(-1, 1) for _ in point)

        def along(function, directions=directions):
            return lambda *operands: jvp(function, operands, directions)

        def slope(*operands, along=along):
            return along(lambda *operands: apply(kind, operands))(*operands)[1]

        found = derivatives(row, point, 2)
        singles = [
            tuple(int(at == place) for at in range(len(point))) for place in range(len(point))
        ]
        first = [found[one] * d for one, d in zip(singles, directions, strict=True)]
        second = [
            found[tuple(a + b for a, b in zip(one, other, strict=True))] * d * e
            for one, d in zip(singles, directions, strict=True)
            for other, e in zip(singles, directions, strict=True)
        ]
        for computed, terms in zip(along(slope)(*point), (first, second), strict=True):
            size = math.fsum(map(abs, terms))
            assert computed == pytest.approx(math.fsum(terms), rel=0, abs=1e-14 * size)


@for_both_tiers
@pytest.mark.parametrize("x", [0.5, 1.9, -1.99])
def test_the_series_of_sinc_serves_ten_orders(x):
    derivative = sinc
    for _ in range(10):
        derivative = lambda t, f=derivative: jvp(f, (t,), (1.0,))[1]  # noqa: E731
    # sinc(x) is the mean of cos(x t) for t from 0 to 1.
    truth = mp.quad(lambda t: t**10 * mp.cos(exact(x) * t + 10 * mp.pi / 2), [0, 1])
    assert abs(exact(float(derivative(x))) - truth) < 1e-13 * abs(truth)
