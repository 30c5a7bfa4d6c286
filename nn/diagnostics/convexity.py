"""Convexity: a search for a chord that the function rises above.

It can show that a function is not convex, by a witness; that it finds none is no proof that it is.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from nn.options import checked_function, one_number, real, turns
from nn.randomness import Seed, generator

__all__ = ["Witness", "convexity_violation"]


@dataclass(frozen=True)
class Witness:
    """A chord from a to b and a place where the function is above it, against Jensen."""

    a: float
    b: float
    share: float
    """The point is (1 - share) · a + share · b."""
    value: float
    """The function there."""
    chord: float
    """The chord there, which for a convex function would be no less."""


def convexity_violation(
    function: Callable[[float], Any],
    low: float,
    high: float,
    *,
    samples: int = 10_000,
    seed: Seed = 0,
) -> Witness | None:
    """A witness that the function is not convex on [low, high], or None if none was found.

    Random chords, half of them over the whole interval and half short; the witness of the largest
    excess is returned. An excess within the rounding of the three values counts for nothing. The
    function takes a number and gives a number or a Value.

    Raises ValueError for an interval or a number of samples that is empty.

    >>> convexity_violation(lambda x: x * x, -5.0, 5.0) is None
    True
    >>> witness = convexity_violation(lambda x: x**4 - x**2, -1.0, 1.0)
    >>> witness.value > witness.chord
    True
    """
    checked_function(function, "convexity_violation()", "x")
    real(low, "low")
    real(high, "high", above=low)
    turns(samples, "samples")
    rng = generator(seed)
    worst: Witness | None = None
    excess = 0.0
    for index in range(samples):
        a = rng.uniform(low, high)
        reach = (high - low) * (1.0 if index % 2 else 10.0 ** rng.uniform(-4, 0))
        b = min(high, max(low, a + rng.uniform(-reach, reach)))
        share = rng.random()
        at_a, at_b = one_number(function(a)), one_number(function(b))
        value = one_number(function((1 - share) * a + share * b))
        chord = (1 - share) * at_a + share * at_b
        rounding = 1e-13 * max(abs(at_a), abs(at_b), abs(value), sys.float_info.min)
        if value - chord > max(excess, rounding):
            worst, excess = Witness(a, b, share, value, chord), value - chord
    return worst
