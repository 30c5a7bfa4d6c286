"""The rows that take another formula for some second operands, an exponent of ½ say."""

from __future__ import annotations

import ast
import random

from autograd_core import PRIMITIVES
from autograd_core.primitives.translation.straight import straight
from tests.primitives.bits import EXTREMES
from tests.primitives.samples import samples


def _choices(name: str) -> list[float]:
    found = straight(name)
    chosen = found.by_second_operand()[0] if found else []
    return [ast.literal_eval(ast.unparse(test.comparators[0])) for test, _ in chosen]


CHOICES = {name: choices for name in list(PRIMITIVES) if (choices := _choices(name))}


def points_of_choices(name: str) -> list[list[tuple[float, float]]]:
    """Blocks of points at which all samples have such an operand, and one where some have."""
    xs = [*EXTREMES, *(point[0] for point in samples(PRIMITIVES[name], 60, seed=4))]
    source = random.Random(name)
    some = [*CHOICES[name], -0.5, 1.5]
    return [[(x, y) for x in xs] for y in CHOICES[name]] + [[(x, source.choice(some)) for x in xs]]
