"""Operands at which a value or a slope just leaves the range, or is subnormal: found by bisection.

There what is computed on the way may have few digits, or none, where the result has all. A row's
own numbers say where that is: of two operands, one of which gives less than some tiny or huge
number and the other more, bisection over the doubles between makes neighbors.
"""

from __future__ import annotations

import math
import random
import struct
from collections.abc import Callable

from autograd_core.primitives import Primitive

__all__ = ["reaching"]

Point = tuple[float, ...]
Draw = Callable[[], float]
ENDS = 4
"""How many operands are drawn to find two that are on different sides of the goal."""
BELOW_ONE = 1.0 - 2.0**-53


def reaching(row: Primitive, source: random.Random, draw: Draw) -> Point | None:
    """A point at which the row's value or one of its slopes is some subnormal or almost infinite.

    All operands but the one that is looked for are as `draw` gives them. None if what was drawn
    does not enclose the goal, or is outside of the row's domain.
    """
    assert row.arity
    point = [draw() for _ in row.operands]
    if not all(low <= x <= high for x, (low, high) in zip(point, row.domain, strict=True)):
        return None
    place = source.randrange(row.arity)
    quantity = source.randrange(1 + row.arity)
    exponent = source.choice((source.randint(-1073, -1015), source.randint(1010, 1024)))
    goal = math.ldexp(source.uniform(0.5, BELOW_ONE), exponent)

    def reaches(operand: float) -> bool:
        point[place] = operand
        out = row.forward(*point)
        return goal <= abs(row.partials_at(point, out)[quantity - 1] if quantity else out)

    low, high = row.domain[place]
    drawn = [0.0, *(draw() for _ in range(ENDS))]
    near: dict[bool, float] = {reaches(end): end for end in drawn if low <= end <= high}
    if len(near) < 2:
        return None
    below, above = _place_of(near[False]), _place_of(near[True])
    while abs(above - below) > 1:
        middle = (above + below) // 2
        if reaches(_double_at(middle)):
            above = middle
        else:
            below = middle
    point[place] = _double_at(source.choice((below, above)))
    return tuple(point)


def _place_of(number: float) -> int:
    """Where a double stands among all: those of neighbors differ by 1."""
    (bits,) = struct.unpack("<q", struct.pack("<d", number))
    return int(bits if bits >= 0 else -(bits & (2**63 - 1)))


def _double_at(place: int) -> float:
    (number,) = struct.unpack("<d", struct.pack("<Q", place if place >= 0 else -place | 2**63))
    return float(number)
