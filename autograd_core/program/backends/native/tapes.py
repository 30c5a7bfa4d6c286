"""What the native translation writes on, and the numbers it gives to results.

`tapes.pxd` beside this file gives the compiler its types.
"""

from __future__ import annotations

import numpy

from autograd_core.program.code.flat import Integers

__all__ = ["Numbers", "Tape"]


class Tape:
    """Instructions being written."""

    __slots__ = ("_rows", "size")

    def __init__(self, capacity: int) -> None:
        self._rows = numpy.empty((capacity + 64, 4), dtype=numpy.int32)
        self.size = 0

    def emit(self, operation: int, result: int, first: int, second: int) -> None:
        """One more instruction."""
        if self.size == len(self._rows):
            self._rows = numpy.concatenate([self._rows, self._rows])
        place = self.size
        self._rows[place, 0] = operation
        self._rows[place, 1] = result
        self._rows[place, 2] = first
        self._rows[place, 3] = second
        self.size = place + 1

    def finished(self) -> Integers:
        """The instructions as an array of their own."""
        return numpy.asarray(self._rows)[: self.size].copy()


class Numbers:
    """Numbers for results, the last given back first; they count from the first, by the step."""

    __slots__ = ("_first", "_free", "_step", "_waiting", "used")

    def __init__(self, first: int, step: int) -> None:
        self._first = first
        self._step = step
        self.used = 0
        self._free = numpy.empty(64, dtype=numpy.int32)
        self._waiting = 0

    def take(self) -> int:
        """A number that nothing holds."""
        if self._waiting:
            self._waiting -= 1
            return self._free[self._waiting]
        self.used += 1
        return self._first + self._step * (self.used - 1)

    def take_in_a_row(self, count: int) -> int:
        """The lowest of so many numbers in a row, never to be given back."""
        self.used += count
        last = self._first + self._step * (self.used - 1)
        return last if self._step < 0 else last - count + 1

    def give_back(self, number: int) -> None:
        """Let a number be taken again."""
        if self._waiting == len(self._free):
            self._free = numpy.concatenate([self._free, self._free])
        self._free[self._waiting] = number
        self._waiting += 1
