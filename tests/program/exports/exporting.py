"""What tests of exported arrays share: rows against forward, programs against a replay."""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import numpy

from autograd_core import (
    PRIMITIVES,
    Program,
    Value,
    logaddexp,
    maximum,
    record,
    record_graph,
)
from autograd_core.graph.nodes.making import apply
from autograd_core.primitives import kind_of
from autograd_core.program.exports.arrays.array_rows import expression
from tests.primitives.samples import samples
from tests.program.networks import captured_of, points_for

STRAIGHT = [name for name in PRIMITIVES if expression(name) and name != "held"]
Source = TypeVar("Source")
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


def kinks_and_ties(name: str) -> numpy.ndarray[Any, Any]:
    """Operands among which are equal ones and zeros, where the value is a number: one per row."""
    row = PRIMITIVES[name]
    points = itertools.product([-1.0, 0.0, 0.5, 1.0], repeat=row.arity or 0)
    return numpy.array([point for point in points if math.isfinite(row.forward(*point))])


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


OF_THE_FILES = [
    *("CONSTANTS", "INDEX_1", "parameters", "constants", "batch", "samples", "rows", "v1", "w1"),
    *("g1", "numpy", "jnp", "torch", "math", "len", "float", "tuple", "sum", "lambda", "None"),
    *("__debug__", "__name__", "µ", "ﬁ", "fi", "x²", "ｎｕｍｐｙ", "a b", "", "_", "2", "\n"),
]
"""Names that an exported file has for itself, that Python has, or that are none."""

KEYS = [
    *('"""', "'''", '"', "\\", "\n", "a', b\"c, \\', d", "{x}", "µ", "\u2028", "\\N{DASH}", "#"),
    *("CONSTANTS", "torch.x", "jax.y", "numpy.z", "math.sin(", "*/", "a" * 90 + ", b", 0, True),
    *(-1.5, None, b'"""\\', (1, '"""'), ()),
]
"""Keys of dictionaries whose text could end or change what stands around it."""


def called(*names: str) -> Program:
    """Nine numbers of two that are called so, which take constants, indices and helpers."""
    leaves = [Value(1.0, name=name) for name in names]
    x, y = leaves[0], leaves[-1]
    outputs = [(x * number).sin() + y.sigmoid() for number in (1.5, 2.5, 3.5, -4.5)]
    outputs += [logaddexp(x, y).tanh(), maximum(x, 0.3), x.cbrt(), x % y, (y * 2.0).log1p()]
    return record_graph(outputs, leaves)


def named(export: Callable[[str], Source], name: str) -> Source | None:
    """An export under a name; None if that very name is refused."""
    try:
        return export(name)
    except ValueError as error:
        if not str(error).startswith(f"name is {name!r}"):
            raise
        return None


def keyed(key: Any) -> tuple[Program, dict[Any, Any]]:
    """A program from and to dictionaries with a key, and what it may be called with."""
    given = {key: 0.5, "other": [1.0, 2.0]}

    def function(x: dict[Any, Any]) -> dict[Any, Any]:
        product = x[key] * 1.25 + x["other"][1] * 2.75
        return {key: product, "more": [x["other"][0].sigmoid(), x[key].tanh()]}

    return record(function, given), given


def replayed(program: Program) -> tuple[Any, Any, Any, Any]:
    """A network's points and parameters, and its values and gradients by both."""
    points = points_for(program)
    values, (inputs, captured) = program.using("numpy").value_and_grad(points, wrt="both")
    return points, captured_of(program), values, numpy.concatenate([inputs, captured], axis=1)


def close(found: Any, expected: Any, scale: float = 1.0) -> bool:
    """Equal to some hundred units in the last place of the largest number that is summed."""
    return numpy.allclose(found, expected, rtol=1e-11 * scale, atol=1e-12 * scale, equal_nan=True)
