"""What tests of exported arrays share: rows against forward, programs against a replay."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence
from typing import Any

import numpy

from autograd_core import PRIMITIVES, Program, record
from autograd_core.primitives import kind_of
from autograd_core.value import apply
from tests.core.samples import samples
from tests.program.networks import captured_of, points_for

FIXED = [name for name, row in PRIMITIVES.items() if row.arity is not None]
EXTREMES = [0.0, -0.0, 1.0, -1.0, 3.5, math.inf, -math.inf, math.nan]
SMALLEST, LARGEST = 1e-150, 1e150

# Where a library's own function leaves its range, or a sum cancels, as `forward`'s may not.
LIMITS: dict[str, Callable[..., bool]] = {
    "sinh": lambda x: abs(x) < 700,
    "cosh": lambda x: abs(x) < 700,
    "mod": lambda x, y: y != 0 and abs(x / y) < 1e15,
    "floordiv": lambda x, y: y != 0 and abs(x / y) < 1e15,
    "logaddexp": lambda x, y: abs(max(x, y)) > 1,
}


def program_of(name: str) -> Program:
    """A row as a program of its operands."""
    row = PRIMITIVES[name]
    return record(lambda *operands: apply(kind_of(name), operands), *[0.5] * row.arity)


def ordinary_points(name: str) -> list[tuple[float, ...]]:
    """Operands in a row's domain, no overflow and no subnormal number near."""
    row = PRIMITIVES[name]
    inside = LIMITS.get(name, lambda *x: True)
    return [
        point
        for point in samples(row, 600, seed=8)
        if all(x == 0 or SMALLEST < abs(x) < LARGEST for x in point)
        and inside(*point)
        and _ordinary(row.forward(*point))
    ]


def _ordinary(value: float) -> bool:
    return value == 0 or not math.isfinite(value) or 1e-290 < abs(value) < 1e290


def extreme_points(name: str) -> list[tuple[float, ...]]:
    """Operands among which are infinities, NaN and zeros."""
    source = random.Random(name)
    count = PRIMITIVES[name].arity
    return [tuple(source.choice(EXTREMES) for _ in range(count)) for _ in range(80)]


def worst(found: Any, name: str, points: Sequence[tuple[float, ...]]) -> float:
    """The largest distance from the forward function, in units in the last place."""
    row = PRIMITIVES[name]
    found = numpy.broadcast_to(numpy.asarray(found, dtype=float), (len(points),)).tolist()
    return max(ulps(a, row.forward(*point)) for a, point in zip(found, points, strict=True))


def ulps(found: float, expected: float) -> float:
    """The distance of two numbers; of zeros, infinities and NaN none or all."""
    if math.isnan(found) or math.isnan(expected):
        return 0.0 if math.isnan(found) and math.isnan(expected) else math.inf
    if found == expected:
        return 0.0
    if math.isinf(found) or math.isinf(expected):
        return math.inf
    return abs(found - expected) / math.ulp(expected)


def replayed(program: Program) -> tuple[Any, Any, Any, Any]:
    """A network's points and parameters, and its values and gradients by both."""
    points = points_for(program)
    values, (inputs, captured) = program.using("numpy").value_and_grad(points, wrt="both")
    return points, captured_of(program), values, numpy.concatenate([inputs, captured], axis=1)


def close(found: Any, expected: Any, scale: float = 1.0) -> bool:
    """Equal to some hundred units in the last place of the largest number that is summed."""
    return numpy.allclose(found, expected, rtol=1e-11 * scale, atol=1e-12 * scale, equal_nan=True)
