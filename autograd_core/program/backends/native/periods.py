"""After how many instructions those from a place on may come again, asked for all numbers at once.

In a loop kinds come again after a period, and operands move on by the same step turn by turn, so
that after two periods each has moved on by an even number. Where that does not hold for as many
instructions in a row as every loop has, none begins, and nothing more has to be looked at: what is
no loop costs a few operations an instruction. `periods.pxd` beside this file gives the compiler its
types.
"""

from __future__ import annotations

import numpy

from autograd_core import primitives
from autograd_core.program.backends.native.reading import Reading

__all__ = ["LONGEST", "Periods"]

LONGEST = 64  # a bit each
ONE = 1
FAR = 2**30
FIRST, MOST = 256, 4096  # places that are answered for together


class Periods:
    """The periods that a loop of at least so many turns may have, by the place where it begins."""

    __slots__ = ("_begin", "_histories", "_likely", "_met", "_of", "_stop", "_together", "_window")

    def __init__(self, of: Reading, turns: int) -> None:
        self._of = of
        self._window = turns - 2  # of the shortest loop, the instructions before its last two turns
        self._begin = self._stop = 0
        self._together = FIRST
        self._likely = numpy.empty(MOST + self._window, dtype=numpy.uint64)
        # Of every kind, then of every kind with its operands even or odd at even and odd places:
        # where it was met, and at which distances from there on.
        count = 9 * len(primitives.ROWS)
        self._met = numpy.empty(count, dtype=numpy.uint64)
        self._histories = numpy.empty(count, dtype=numpy.uint64)

    def at(self, place: int) -> int:
        """The periods that are possible from a place on: period p is the bit p - 1."""
        if place >= self._stop or place < self._begin:
            self._look_at(place)
        return self._likely[place - self._begin]

    def _look_at(self, begin: int) -> None:
        """Find out about some places from here on."""
        of = self._of
        rows = of.rows
        count = len(rows)
        self._together = min(2 * self._together, MOST) if begin == self._stop else FIRST
        self._begin = begin
        self._stop = min(begin + self._together, count)
        last = min(self._stop + self._window, count)
        self._met[:] = FAR
        self._histories[:] = 0
        kinds = len(self._met) // 9
        for place in range(min(last + 2 * LONGEST, count) - 1, begin - 1, -1):
            kind = rows[place, 0]
            sort = kind * 8 + place % 2
            if of.arity[kind]:
                sort += (rows[place, 1] & 1) * 2 + (rows[place, 2] & 1) * 4
            again = self._again(kind, place, 1) & self._again(kinds + sort, place, 2)
            if place < last:
                self._likely[place - begin] = again
        likely = numpy.asarray(self._likely)[: last - begin]
        reach = 1
        while reach < self._window:
            further = min(reach, self._window - reach)
            likely[: max(len(likely) - further, 0)] &= likely[further:]
            reach += further

    def _again(self, sort: int, place: int, step: int) -> int:
        """At which distances, in steps, what is met at a place has been met after it."""
        apart = (self._met[sort] - place) // step
        history = self._histories[sort]
        if apart < LONGEST:
            history = history << apart | ONE << apart - 1
        else:
            history = ONE << LONGEST - 1 if apart == LONGEST else 0
        self._met[sort] = place
        self._histories[sort] = history
        return history
