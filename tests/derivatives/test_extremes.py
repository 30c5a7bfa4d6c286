"""Second and third derivatives at operands of all sizes: right where a double can hold them.

A factor on the way may leave the range where the derivative does not, or cancel where nothing does:
so every row is tried at subnormal operands, at the largest ones and between them, in every order of
its operands and in both modes.
"""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest

from autograd_core import PRIMITIVES, grad
from autograd_core.primitives import kind_of
from tests.derivatives.closed_forms import CLOSED_FORMS, Orders
from tests.primitives.bits import along, applied
from tests.primitives.high_precision import exact, mp
from tests.primitives.references import REFERENCES
from tests.tiers import for_both_tiers

pytestmark = for_both_tiers

TOLERANCE = {2: 1e-12, 3: 1e-10}
LEAST_NORMAL, LARGEST = 2.0**-1022, math.ldexp(1 - 2.0**-53, 1024)
MAGNITUDES = (
    *(5e-324, 3.5e-322, 1.3e-310, LEAST_NORMAL, 1.1e-300, 1.3e-160, 1.7e-100, 1.9e-30, 1e-8),
    *(1.0, 3.0, 1.1e8, 1.7e100, 1.1e160, 1.3e300, LARGEST),
)
ORDINARY = (0.5, 1.75, 10.0, 40.0, 300.0, 700.0, 745.0, 1e4, 1e-154, 1e-77, 1e77, 1e154)
"""For rows of one operand, among which are exponentials."""

Point = tuple[float, ...]


def points(name: str) -> Iterator[Point]:
    row, source = PRIMITIVES[name], random.Random(name)
    sizes = [*MAGNITUDES, *(ORDINARY if row.arity == 1 else ())]
    for point in itertools.product(sizes, repeat=row.arity):
        signed = tuple(x * source.choice((1.0, -1.0)) for x in point)
        bounded = zip(signed, row.domain, strict=True)
        yield tuple(x if low <= x <= high else abs(x) for x, (low, high) in bounded)


def in_every_way(name: str, orders: Orders) -> Iterator[Callable[..., Any]]:
    """The derivative, its operands in every order, in reverse and in forward mode."""
    function = partial(applied, kind_of(name))
    places = [place for place, count in enumerate(orders) for _ in range(count)]
    for turn in sorted(set(itertools.permutations(places))):
        reverse = forward = function
        for place in turn:
            reverse, forward = grad(reverse, argnums=place), along(forward, place)
        yield reverse
        yield forward


def is_right(computed: float, truth: Any, order: int) -> bool:
    """To so many digits; infinite where it is too large, about nothing where it is too small."""
    if abs(truth) > LARGEST * (1 + mp.mpf(2) ** -54):
        return computed == math.copysign(math.inf, truth)
    if not math.isfinite(computed):
        return False
    return bool(
        abs(exact(computed) - truth) <= TOLERANCE[order] * max(abs(truth), exact(LEAST_NORMAL))
    )


@pytest.mark.parametrize("name", CLOSED_FORMS)
def test_derivatives_are_right_where_a_double_holds_them(name):
    domain = PRIMITIVES[name].domain
    for orders, closed_form in CLOSED_FORMS[name].items():
        ways = list(in_every_way(name, orders))
        for point in points(name):
            if any(x < low or x > high for x, (low, high) in zip(point, domain, strict=True)):
                continue
            try:
                truth = closed_form(*map(exact, point))
            except ZeroDivisionError:  # a pole
                continue
            for way in ways:
                computed = float(way(*point))
                assert is_right(computed, truth, sum(orders)), (orders, point, computed, truth)


def test_every_public_row_that_bends_has_closed_forms():
    """All but choices by a condition or by bounds, and sums of products."""
    public = {name for name, row in PRIMITIVES.items() if row.public and name in REFERENCES}
    assert public - CLOSED_FORMS.keys() == {"clamp", "where", "sum", "dot"}


@pytest.mark.parametrize("name", CLOSED_FORMS)
def test_the_closed_forms_are_the_values_derivatives(name):
    row, source = PRIMITIVES[name], random.Random(name)
    for orders, closed_form in CLOSED_FORMS[name].items():
        point = [exact(source.uniform(max(low, 0.1), min(high, 3.0))) for low, high in row.domain]
        truth = mp.diff(REFERENCES[name].value, tuple(point), orders)
        assert abs(closed_form(*point) - truth) <= mp.mpf(10) ** -15, orders
