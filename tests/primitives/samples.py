"""Operands to try a primitive at: the whole float64 range and the neighborhood of what is special.

Seeded, and derived from the row itself: its domain, its kinks, its number of operands.
"""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Iterator

from autograd_core.primitives import Primitive
from tests.primitives.reaching import Point, reaching

LARGEST = math.ldexp(1 - 2.0**-53, 1024)
SPECIAL = (0.0, 1.0, -1.0, 0.5, 2.0, LARGEST, 2.0**-1022, math.pi / 2, math.e, 1 / math.e)
# Rows of which only derivatives are made and which keep the promise at the ends of the range too.
# The values of the others do as well, but for factors beyond 1e250 on tails that are nothing; of
# their partials, which are third derivatives, a factor on the way may have few digits there.
PROMISED_EVERYWHERE = {
    *("quotient_rate", "log_rate", "one_minus_square", "strong_product", "sigmoid_rate", "share"),
    *("share_rate", "cosine", "angle_rate", "power_rate", "power_bend", "power_log"),
    *("at_least", "at_most", "above", "exceeds", "less", "less_equal", "held"),
}
# Where values or slopes leave the range, saturate or change sign.
TURNS = {
    "exp": (709.78, -745.13, -708.4),
    "expm1": (709.78, -37.4),
    "sinh": (710.47,),
    "cosh": (710.47,),
    "tanh": (19.06, 355.0, 372.0),
    "erf": (5.92, 26.6),
    "erfc": (26.54, 27.2),
    "gaussian": (26.6, 27.2),
    "normal_pdf": (37.6, 38.6),
    "normal_cdf": (-37.5, -38.4, 8.3),
    "sigmoid": (-709.8, -745.0, 36.7),
    "softplus": (-709.8, -745.0, 36.7, -36.7),
    "silu": (-1.2784645, -745.0, -752.0, 36.7),
    "gelu": (-0.7517916, -37.5, -38.4, 8.3),
    "elu": (-36.7, -745.0),
}


def neighbors(center: float, steps: int) -> Iterator[float]:
    """The doubles within `steps` of the center, on both sides."""
    below = above = center
    yield center
    for _ in range(steps):
        below, above = math.nextafter(below, -math.inf), math.nextafter(above, math.inf)
        yield below
        yield above


def anywhere(source: random.Random, largest: int = 1024, smallest: int = -1073) -> float:
    """A double of any magnitude, subnormals included, evenly by exponent."""
    magnitude = math.ldexp(source.uniform(0.5, 1.0), source.randint(smallest, largest))
    return math.copysign(magnitude, source.random() - 0.5)


def ordinary(source: random.Random) -> float:
    """A double of the magnitudes most programs see."""
    return math.copysign(2.0 ** source.uniform(-12, 10), source.random() - 0.5)


def samples(row: Primitive, count: int, seed: int = 1) -> list[tuple[float, ...]]:
    """At least `count` tuples of operands, those outside the row's domain left out."""
    source = random.Random(f"{seed} {row.name}")
    makers = {1: unary, 2: binary, 3: ternary, None: variadic}
    points = makers[row.arity](row, source, count)
    if row.arity in (1, 2) and (row.public or row.name in PROMISED_EVERYWHERE):
        points += extreme(row, source, count)
    domain = row.domain if row.arity is not None else ()
    return [
        tuple(number + 0.0 for number in point)  # signed zeros are the edge cases' business
        for point in points
        if all(map(math.isfinite, point))
        and all(low <= x <= high for x, (low, high) in zip(point, domain, strict=False))
    ]


def extreme(row: Primitive, source: random.Random, count: int) -> Iterator[Point]:
    """Where values or slopes are subnormal or almost infinite, found for a third as many."""

    def draw() -> float:
        close = source.choice((-1, 1)) * 2.0 ** -source.randint(1, 52)
        drawn = (anywhere(source), ordinary(source), source.uniform(-800, 800), 1.0 + close)
        return source.choice(drawn)

    tried = (reaching(row, source, draw) for _ in range(count))
    return itertools.islice(filter(None, tried), count // 3)


def unary(row: Primitive, source: random.Random, count: int) -> list[tuple[float, ...]]:
    """Around every special point and the ends of the domain, then all magnitudes."""
    ends = [end for end in row.domain[0] if math.isfinite(end)]
    centers = [*SPECIAL, *row.kinks, *ends, *TURNS.get(row.name, ())]
    centers += [-center for center in centers]
    points = [point for center in centers for point in neighbors(center, 4)]
    while len(points) < count:
        center = source.choice(centers)
        points += [
            anywhere(source),
            ordinary(source),
            source.uniform(-4, 4),
            source.choice(ends or [0.0]) + ordinary(source) * 2.0 ** -source.randint(0, 50),
            center * (1 + source.uniform(-1, 1) / 64) if abs(center) < 1e300 else center,
        ]
    return [(point,) for point in points]


def binary(row: Primitive, source: random.Random, count: int) -> list[tuple[float, ...]]:
    """Pairs that have nothing to do with one another, that nearly agree or cancel, and powers.

    Rows that only higher derivatives are made of have no promise where a step on the way to their
    partials leaves the range; 2**±200 keeps them inside. Slopes of activations are ordinary.
    """
    centers = [*SPECIAL, *(-special for special in SPECIAL)]
    inner = not row.public
    if inner:
        centers = [center for center in centers if abs(center) in (0.0, 0.5, 1.0, 2.0)]
    points = [(x, y) for x in centers for y in centers]
    while len(points) < count:
        x, y = ordinary(source), ordinary(source)
        wide = anywhere(source, 200, -200) if inner else anywhere(source)
        close = 2.0 ** -source.randint(1, 52)
        base = abs(wide)
        points += [
            (x, y),
            (x, x * source.uniform(-4, 4)),
            (wide, y),
            (y, wide),
            (wide, anywhere(source, 200, -200) if inner else anywhere(source)),
            (wide, wide * x),
            (x, x * (1 + close)),
            (x, -x * (1 + close)),
            (x, source.choice(list(neighbors(x, 3)))),
            (x, -source.choice(list(neighbors(x, 3)))),
            (float(round(x)), float(round(y))),
            (1 + source.uniform(-1, 1) * close, y),
            (base, source.uniform(-8, 8)),
        ]
        if base != 1 and row.public:
            points.append((base, source.uniform(-745, 710) / math.log(base)))
    if row.operands[1] in ("slope", "alpha"):
        return [(x, ordinary(source)) for x, _ in points]
    return points


def ternary(row: Primitive, source: random.Random, count: int) -> list[tuple[float, ...]]:
    """A bounded number with its bounds in order, or a condition with its branches."""
    points: list[tuple[float, ...]] = []
    while len(points) < count:
        x, y, z = ordinary(source), ordinary(source), anywhere(source)
        bounds = sorted((y, z))
        points += [(x, *bounds), (bounds[0], *bounds), (bounds[1], *bounds), (z, *sorted((x, y)))]
        points += [(0.0, *bounds), (1.0, *bounds)]
    return points


def variadic(row: Primitive, source: random.Random, count: int) -> list[tuple[float, ...]]:
    """A few operands, some of which cancel."""
    points: list[tuple[float, ...]] = []
    while len(points) < count:
        x, y, wide = ordinary(source), ordinary(source), anywhere(source, 400, -400)
        points += [(x,), (x, y, wide), (x, y, -x), (wide, -wide, x), (x, x, y, -y, x)]
    first, repeated = row.repeats
    return points if first or repeated == 1 else [p[1:] for p in points if p[1:]]  # pairs
