"""Axes of samples that are summed or averaged over, as a user says them.

They are those that a call's arguments broadcast to, without a sample's own: of arguments of shapes
(trades, 1, 5) and (1, scenarios, 252), whose samples have the shapes (5,) and (252,), axis 1 or -1
are the scenarios.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy

__all__ = ["Axes", "Reduction", "reduction"]

Axes: TypeAlias = int | Sequence[int] | None
"""One axis, several, or none."""


@dataclass(frozen=True)
class Reduction:
    """Over which axes samples are added up, and which stay."""

    axes: tuple[int, ...]
    kept: tuple[int, ...]
    averaged: int
    """How many samples the means are of; 1 where all axes are summed."""


def reduction(sum: Axes, mean: Axes, loop: tuple[int, ...]) -> Reduction:
    """What is reduced of samples along these axes.

    Raises TypeError for what is no axis, and ValueError for one that is not there or comes twice,
    and for a mean of no samples.

    >>> reduction(None, -1, (3, 1000))
    Reduction(axes=(1,), kept=(0,), averaged=1000)
    """
    summed, averaged = _axes("sum", sum, loop), _axes("mean", mean, loop)
    both = sorted(summed + averaged)
    if len(set(both)) < len(both):
        raise ValueError(f"sum={sum!r} and mean={mean!r} name an axis twice; name each once")
    count = math.prod(loop[axis] for axis in averaged)
    if count == 0:
        raise ValueError(
            f"there is no mean of no samples, as along mean={mean!r} of the axes {loop}: give at "
            "least one, or sum over them"
        )
    kept = tuple(axis for axis in range(len(loop)) if axis not in both)
    return Reduction(tuple(both), kept, count)


def _axes(word: str, asked: Any, loop: tuple[int, ...]) -> list[int]:
    if asked is None:
        return []
    several = list(asked) if isinstance(asked, list | tuple) else [asked]
    try:
        if any(isinstance(axis, bool | numpy.bool_) for axis in several):
            raise TypeError
        axes = list(map(operator.index, several))
    except TypeError:
        raise TypeError(
            f"{word}={asked!r} of type {type(asked).__name__} is no axis of samples; give an int, "
            "or a tuple of ints"
        ) from None
    for axis in axes:
        if not -len(loop) <= axis < len(loop):
            shown = f"along the axes {loop}" if loop else "without axes: this call is of one sample"
            raise ValueError(f"{word}={asked!r} does not fit samples {shown}")
    return [axis % len(loop) for axis in axes]
