"""Addresses as rows of runs: what is regular about where the operands of an array stand.

A run is a stretch of consecutive places; rows are so many repetitions of a few runs, each moved on
by a step of its own. A slice is one row of one run, a matrix inside a longer list of parameters is
one run in many rows, weights and biases that alternate are two.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy
from numpy.typing import NDArray

__all__ = ["Rows", "Run", "rows_of"]

Places = NDArray[numpy.int64]
WIDEST = 6  # runs in one of several rows


class Run(NamedTuple):
    """`length` consecutive places from `start` on; in each further row, `step` places on."""

    vector: int
    start: int
    length: int
    step: int


class Rows(NamedTuple):
    """`times` rows of the runs beside one another."""

    times: int
    runs: tuple[Run, ...]

    @property
    def length(self) -> int:
        """How many places a row has."""
        return sum(run.length for run in self.runs)


def rows_of(vectors: Places, offsets: Places, limit: int | None = None) -> list[Rows] | None:
    """Places in vectors as rows of runs, in order; None if that takes more than `limit` runs."""
    stretches = _stretches(vectors, offsets)
    found: list[Rows] = []
    used = place = 0
    while place < len(stretches):
        rows, saved = _longest(stretches, place)
        if place + 1 < len(stretches) and rows.times > 1:
            # A first stretch that fits nothing may hide the regular rows behind it.
            later, more = _longest(stretches, place + 1)
            if more > saved and later.times > rows.times:
                rows = _alone(stretches[place])
        found.append(rows)
        place += rows.times * len(rows.runs)
        used += len(rows.runs)
        if limit is not None and used > limit:
            return None
    return found


def _stretches(vectors: Places, offsets: Places) -> list[tuple[int, int, int]]:
    """Vector, start and length of every stretch of consecutive places."""
    if len(offsets) == 0:
        return []
    broken = (numpy.diff(offsets) != 1) | (numpy.diff(vectors) != 0)
    starts = numpy.concatenate([[0], numpy.flatnonzero(broken) + 1])
    lengths = numpy.diff(numpy.append(starts, len(offsets)))
    columns = (vectors[starts].tolist(), offsets[starts].tolist(), lengths.tolist())
    return list(zip(*columns, strict=True))


def _alone(stretch: tuple[int, int, int]) -> Rows:
    return Rows(1, (Run(*stretch, step=0),))


def _longest(stretches: list[tuple[int, int, int]], place: int) -> tuple[Rows, int]:
    """The rows that begin at a stretch, of the width that spares most runs; and how many."""
    best, saved = _alone(stretches[place]), 0
    for width in range(1, min(WIDEST, (len(stretches) - place) // 2) + 1):
        count = _repetitions(stretches, place, width)
        if (count - 1) * width > saved:
            saved = (count - 1) * width
            runs = tuple(
                Run(*stretches[k], step=stretches[k + width][1] - stretches[k][1])
                for k in range(place, place + width)
            )
            best = Rows(count, runs)
    return best, saved


def _repetitions(stretches: list[tuple[int, int, int]], place: int, width: int) -> int:
    """How often so many stretches repeat, each moved on by the same step every time."""
    second = place + width
    steps = [stretches[second + k][1] - stretches[place + k][1] for k in range(width)]
    count, k = 1, second
    while k + width <= len(stretches):
        for column in range(width):
            vector, start, length = stretches[k + column]
            before = stretches[k + column - width]
            if (vector, length) != (before[0], before[2]) or start - before[1] != steps[column]:
                return count
        count += 1
        k += width
    return count
