"""Items of a line that come again and again, to be compiled as loops over lanes.

A loop is a run of items in which the same few, the body, come many times over. Its turns are run
one after another, each for all lanes, so that an operand may be anything that has a place by then:
what the same turn computes, or one of the few turns before; the same every time; and what stands in
memory, wherever it stands turn by turn. All that is asked is that it is of one sort in all turns.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy
from numpy.typing import NDArray

from autograd_core.program.backends.llvm.plan.llvm_line import Line

__all__ = ["FEWEST", "Found", "find_loops"]

GRAM = 8  # items by which it is seen that something comes again
PERIODS = 10  # lengths of bodies that are tried, by either way of looking
NEAR = 1024  # items back
PRIME = 0x9E3779B97F4A7C15
FEWEST = 8  # turns
LEAST = 64  # items that a loop saves
FURTHEST = 3  # turns back that a turn reads
TRIES = 4


class Found(NamedTuple):
    """A loop: its first item, how many its body has, and its turns."""

    first: int
    period: int
    turns: int

    @property
    def saved(self) -> int:
        """The items that need not be written."""
        return self.period * (self.turns - 1)

    @property
    def end(self) -> int:
        """The first item behind it."""
        return self.first + self.period * self.turns


def find_loops(line: Line, sorts: NDArray[numpy.int8]) -> list[Found]:
    """The loops of a line, in order; `sorts` says of every operand where it stands.

    The loop that saves most is taken first.
    """
    runs = [
        (first, stop, period)
        for period in _periods(line)
        for first, stop in _runs(line, sorts, period)
    ]
    fitted = [(loop, run) for run in runs if (loop := _fitted(line, *run)) is not None]
    found: list[Found] = []
    while fitted:
        best = max((loop for loop, _ in fitted), key=lambda loop: (loop.saved, -loop.first))
        found.append(best)
        left = []
        for loop, (first, stop, period) in fitted:
            if stop <= best.first or best.end <= first:
                left.append((loop, (first, stop, period)))
                continue
            before, behind = (first, min(stop, best.first)), (max(first, best.end), stop)
            for piece in (before, behind):
                again = _fitted(line, *piece, period)
                left += [] if again is None else [(again, (*piece, period))]
        fitted = left
    return sorted(found)


def _periods(line: Line) -> list[int]:
    """How far apart the same items come most often, reading what is as far away or not."""
    if len(line) < GRAM * FEWEST:
        return []
    kinds: Any = (line.kinds.astype(numpy.uint64) << numpy.uint64(32)) + line.counts.astype(
        numpy.uint64
    )
    away = numpy.repeat(numpy.arange(len(line)), line.counts) - line.at
    near = numpy.where((line.at >= 0) & (away < NEAR), away, 0).astype(numpy.uint64)
    # Every item has operands: what has none is a constant.
    reads = numpy.add.reduceat(near * near * near, line.begins[:-1])
    found = [*_apart(kinds), *_apart(kinds + reads * numpy.uint64(PRIME))]
    return list(dict.fromkeys(found))


def _apart(of: NDArray[numpy.uint64]) -> list[int]:
    """How far apart runs of some items are most often equal."""
    own = of * numpy.uint64(PRIME)
    grams = numpy.zeros(len(own) - GRAM + 1, dtype=numpy.uint64)
    for place in range(GRAM):
        grams = grams * numpy.uint64(0x100000001B3) + own[place : place + len(grams)]
    order = numpy.argsort(grams, kind="stable")
    apart = numpy.diff(order)[grams[order][1:] == grams[order][:-1]]
    often = numpy.bincount(apart[apart <= len(own) // FEWEST])
    return [period for period in numpy.argsort(-often)[:PERIODS].tolist() if often[period]]


def _runs(line: Line, sorts: NDArray[numpy.int8], period: int) -> list[tuple[int, int]]:
    """The items, from the first to behind the last, that are each as the one a period later is."""
    same = (line.kinds[:-period] == line.kinds[period:]) & (
        line.counts[:-period] == line.counts[period:]
    )
    items = numpy.flatnonzero(same)
    counts = line.counts[items]
    firsts = numpy.cumsum(counts) - counts
    within = numpy.arange(counts.sum()) - numpy.repeat(firsts, counts)
    one = numpy.repeat(line.begins[items], counts) + within
    other = numpy.repeat(line.begins[items + period], counts) + within
    before, after, item = line.at[one], line.at[other], numpy.repeat(items, counts)
    step = after - before
    fits = (sorts[one] == sorts[other]) & (
        (step == period) | (step == 0) | ((before <= item - period) & (after <= item))
    )
    same[items] = numpy.logical_and.reduceat(fits, firsts)
    edges = numpy.flatnonzero(numpy.diff(same.astype(numpy.int8), prepend=0, append=0))
    firsts, stops = edges[::2], edges[1::2]
    long = stops - firsts >= max(LEAST, period * (FEWEST - 1))
    return list(zip(firsts[long].tolist(), (stops[long] + period).tolist(), strict=True))


def _fitted(line: Line, first: int, stop: int, period: int) -> Found | None:
    """The longest loop found in a run of items that are as those a period later are."""
    for _ in range(TRIES):
        turns = (stop - first) // period
        if turns < FEWEST or period * (turns - 1) < LEAST:
            return None
        begin, end = line.begins[first], line.begins[first + turns * period]
        at = line.at[begin:end].reshape(turns, -1)
        inside = at >= first
        moves = numpy.diff(at, axis=0) == period
        enters = numpy.where(inside.any(axis=0), inside.argmax(axis=0), turns)
        steady = numpy.where(moves.all(axis=0), turns, moves.argmin(axis=0) + 1)
        back = (first - at[0] + period - 1) // period
        lasts = numpy.where(
            (back <= FURTHEST) & (at[0] >= 0), numpy.maximum(steady, enters), enters
        )
        loop = Found(first, period, int(lasts.min()))
        if loop.turns >= FEWEST and loop.saved >= LEAST:
            return loop
        # What holds it up is in no first turn: that begins behind it, or behind what stays as is.
        item = numpy.repeat(numpy.arange(period), line.counts[first : first + period])
        turn = numpy.arange(turns - 1)[:, None]
        unsteady = numpy.where(moves | (turn >= lasts), 0, turn).max(axis=0)
        last = numpy.where((at == at[0]).all(axis=0), at[0], first + period * unsteady + item)
        first = 1 + int(last[lasts <= max(loop.turns, FEWEST - 1)].max())
    return None
