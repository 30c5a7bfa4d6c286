"""How far floats are from the truth, what the engine is allowed, and the check of a row by both.

The limits of the whole suite stand here, in one place.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from autograd_core.primitives import Primitive
from tests.primitives.high_precision import Reference, exact, mp

VALUE_LIMIT = 2.5
"""Units in the last place that a primitive's value may be off."""
PARTIAL_LIMIT = 4.5
"""The same for its partials."""
TERMS_LIMIT = 4 * 2.0**-53
"""Near a zero of its own, a sum's error as a part of the sum of its terms' magnitudes."""
LEAST = 2.0**-1074
"""The smallest subnormal, by half of which what is subnormal is off at best."""
GROWN: dict[str, tuple[Callable[..., Any], Callable[..., Any]]] = {
    "power_third": (lambda x, y: abs(y), lambda x, y: abs(y)),
    "power_twice": (lambda x, y: abs(y), lambda x, y: abs(y) * (2 + abs((y - 1) * mp.log(x)))),
    "power_mixed": (lambda x, y: 0, lambda x, y: 2 + abs(y * mp.log(x))),
    "power_log_square": (lambda x, y: 2 + abs(y * mp.log(x)), lambda x, y: abs(mp.log(x))),
}
"""How many of those the partials of these rows may be off, slopes of slopes of powers: they are a
power, which may be subnormal, times that. No other row has such an excuse."""

LARGEST = mp.mpf(2) ** 1024
INSIDE = 1 - mp.mpf(2) ** -60
"""By this, 2**1024 is among the doubles below, whose unit it has."""
SMALLEST_EXPONENT = -1074


def unit(truth: Any) -> Any:
    """The distance of neighboring doubles at `truth`; below the normal range that of subnormals."""
    exponent = mp.frexp(truth)[1] - 53 if truth else SMALLEST_EXPONENT
    return mp.ldexp(mp.one, max(exponent, SMALLEST_EXPONENT))


def distance(computed: float, truth: Any) -> Any:
    """|computed - truth|, where infinity counts as 2**1024, the double that would come next."""
    if mp.isnan(truth) or math.isnan(computed):
        return mp.zero if mp.isnan(truth) and math.isnan(computed) else mp.inf
    reached = math.copysign(1, computed) * LARGEST if math.isinf(computed) else exact(computed)
    return abs(reached - clipped(truth))


def clipped(truth: Any) -> Any:
    return truth if abs(truth) <= LARGEST else mp.sign(truth) * LARGEST


def allowed(truth: Any, limit: float, terms: Any = 0, least: Any = 0) -> Any:
    """How far from the truth a result may be; `least`, however small that is."""
    if mp.isnan(truth):
        return mp.zero
    found = limit * unit(clipped(truth) * INSIDE)
    if terms:
        found = max(found, TERMS_LIMIT * terms)
    return max(found, least) if least else found


@dataclass(frozen=True)
class Measured:
    """One number that a row computed, and how far from the truth it is."""

    row: Primitive
    kind: str
    """"value" or "partial"."""
    position: int
    """Of a partial, of which operand."""
    point: tuple[float, ...]
    computed: float
    truth: Any
    limit: float
    """In units in the last place."""
    distance: Any
    allowed: Any

    @property
    def is_wrong(self) -> bool:
        return not self.distance <= self.allowed

    @property
    def units(self) -> float:
        """The distance in units in the last place, of the terms where a sum of them cancels."""
        if self.distance == 0:
            return 0.0
        return float(self.distance / self.allowed * self.limit) if self.allowed else math.inf

    def __str__(self) -> str:
        what = self.kind if self.kind == "value" else f"{self.kind} {self.position}"
        inside = not mp.isnan(self.truth)
        off = self.distance / unit(clipped(self.truth)) if inside else mp.nan
        return (
            f"{what} of {self.row.name}{self.point!r} is {self.computed!r}, but the truth is "
            f"{mp.nstr(self.truth, 20)}: {mp.nstr(off, 4)} units in the last place"
        )


def measured(
    row: Primitive, reference: Reference, points: Iterable[tuple[float, ...]]
) -> Iterator[Measured]:
    """Every value and partial of the row at the points, but partials that are conventions."""
    for point in points:
        operands = [exact(number) for number in point]
        out = row.forward(*point)
        terms = reference.value_terms(*operands) if reference.value_terms else 0
        truth = reference.value(*operands)
        most, off = allowed(truth, VALUE_LIMIT, terms), distance(out, truth)
        yield Measured(row, "value", 0, point, out, truth, VALUE_LIMIT, off, most)
        truths = reference.partials_at(operands)
        computed = row.partials_at(point, out)
        for position, (partial, truth) in enumerate(zip(computed, truths, strict=True)):
            if truth is None:  # a convention, checked where it is promised
                continue
            part = reference.partials_terms.get(position)
            terms = part(*operands) if part else 0
            grown = GROWN[row.name][position](*operands) if row.name in GROWN else 0
            least = LEAST * grown if mp.isfinite(grown) else 0
            most = allowed(truth, PARTIAL_LIMIT, terms, least)
            off = distance(partial, truth)
            yield Measured(
                row, "partial", position, point, partial, truth, PARTIAL_LIMIT, off, most
            )


def problems(
    row: Primitive, reference: Reference, points: Iterable[tuple[float, ...]]
) -> Iterator[str]:
    """Every value and partial of the row that is further from the truth than is allowed."""
    return (str(found) for found in measured(row, reference, points) if found.is_wrong)
