"""Writing a flat program: one instruction after another, constants once each.

`CodeWriter` is where recording, the adjoint, the tangent and the passes put what they make; it
checks nothing. `writer.pxd` beside this file gives the compiler its types.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy

from autograd_core.program.code.flat import Code, Integers, arities

__all__ = ["CodeWriter", "continued"]

SPARE = 8  # what has room for an eighth more at most is not copied to give that back


class CodeWriter:
    """A program under construction; `emit` returns the number of the value it assigns."""

    __slots__ = (
        "_constants",
        "_known",
        "_listed",
        "_lists",
        "_rows",
        "_written",
        "captured",
        "inputs",
    )

    def __init__(self, inputs: int, captured: int, capacity: int = 64) -> None:
        self.inputs = inputs
        self.captured = captured
        self._written = 0
        self._listed = 0
        self._rows = numpy.empty((max(capacity, 64), 3), dtype=numpy.int32)
        self._lists = numpy.empty(64, dtype=numpy.int32)
        self._constants: list[float] = []
        self._known: dict[float | str, int] = {}

    def constant(self, number: float) -> int:
        """The number of a constant, the same for the same bits."""
        key = number if number == number and number != 0 else repr(number)
        known = self._known.get(key)
        if known is None:
            self._constants.append(number)
            known = self._known[key] = -len(self._constants)
        return known

    def number_of_constant(self, value: int) -> float:
        """The number that a constant holds."""
        return self._constants[-1 - value]

    def emit(self, kind: int, first: int, second: int) -> int:
        """An instruction of one operand (second is 0) or of two."""
        place = self._written
        if place == len(self._rows):
            self._rows = _with_room(self._rows, place)
        self._rows[place, 0] = kind
        self._rows[place, 1] = first
        self._rows[place, 2] = second
        self._written = place + 1
        return self.inputs + self.captured + place

    def emit_each(self, kind: int, first: Integers, second: int) -> Integers:
        """An instruction for each of some first operands; the numbers of the values they assign."""
        place, count = self._written, len(first)
        if place + count > len(self._rows):
            self._rows = _with_room(self._rows, place + count)
        rows = numpy.asarray(self._rows)[place : place + count]
        rows[:, 0], rows[:, 1], rows[:, 2] = kind, first, second
        self._written = place + count
        start = self.inputs + self.captured + place
        return numpy.arange(start, start + count, dtype=numpy.int32)

    def list_operand(self, value: int) -> None:
        """One more operand for the next instruction with a list."""
        if self._listed == len(self._lists):
            self._lists = _with_room(self._lists, self._listed)
        self._lists[self._listed] = value
        self._listed += 1

    def emit_listed(self, kind: int, count: int) -> int:
        """An instruction on the last `count` operands listed."""
        return self.emit(kind, self._listed - count, count)

    def take_back(self, count: int) -> list[int]:
        """Unlist the last `count` operands, and return them."""
        taken = [self._lists[index] for index in range(self._listed - count, self._listed)]
        self._listed -= count
        return taken

    def kind(self, place: int) -> int:
        """The kind of the instruction at a place."""
        return self._rows[place, 0]

    def same(self, place: int, kind: int, first: int, second: int) -> bool:
        """Whether the instruction at a place is this one."""
        return (
            self._rows[place, 0] == kind
            and self._rows[place, 1] == first
            and self._rows[place, 2] == second
        )

    def same_listed(self, place: int, kind: int, count: int) -> bool:
        """Whether the instruction at a place is this one on the last `count` operands listed."""
        if self._rows[place, 0] != kind or self._rows[place, 2] != count:
            return False
        first, last = self._rows[place, 1], self._listed - count
        for k in range(count):  # noqa: SIM110, a generator would be Python's loop
            if self._lists[first + k] != self._lists[last + k]:
                return False
        return True

    def size(self) -> int:
        """How many instructions there are so far."""
        return self._written

    def finish(self, outputs: Sequence[int] | Integers) -> Code:
        """The program, with what it gives."""
        return Code(
            self.inputs,
            self.captured,
            numpy.array(self._constants, dtype=numpy.float64),
            _first(self._rows, self._written),
            _first(self._lists, self._listed),
            numpy.array(outputs, dtype=numpy.int32).reshape(-1),
        )

    def standing_in(self, code: Code, constants: Integers) -> Code:
        """A program with the constants written here, of which its own have become those numbers."""

        def renumbered(part: Integers) -> Integers:
            found, constant = part.copy(), part < 0
            found[constant] = constants[-1 - part[constant]]
            return found

        # Only constants have numbers below zero, wherever they stand.
        return Code(
            self.inputs,
            self.captured,
            numpy.array(self._constants, dtype=numpy.float64),
            renumbered(code.instructions),
            renumbered(code.operands),
            renumbered(code.outputs),
        )

    def copy_in(self, code: Code) -> None:
        """Begin with the constants and instructions of a program of as many leaves."""
        for number in code.constants.tolist():
            self._constants.append(number)
            key = number if number == number and number != 0 else repr(number)
            self._known.setdefault(key, -len(self._constants))
        self._rows = _with_room(code.instructions, len(code) + 64)
        self._lists = _with_room(code.operands, len(code.operands) + 64)
        self._written = len(code)
        self._listed = len(code.operands)


def _with_room(part: Any, more: int) -> Integers:
    """A part of a program, with room for so many rows more: memory that nothing has touched yet."""
    found = numpy.empty((len(part) + more, *numpy.shape(part)[1:]), dtype=numpy.int32)
    found[: len(part)] = part
    return found


def _first(part: Any, count: int) -> Integers:
    """The first rows of a part: as they stand, for a writer only adds to them, or as a copy where
    much more room is left behind them than they take."""
    found = numpy.asarray(part)[:count]
    return found if SPARE * (len(part) - count) <= count else found.copy()


def continued(code: Code, more_inputs: int = 0) -> CodeWriter:
    """A writer that goes on where a program ends, with so many inputs more.

    The new inputs come after the old ones, so every number from there on moves up.
    """
    if more_inputs:
        moved = Code(
            code.inputs + more_inputs,
            code.captured,
            code.constants,
            code.instructions.copy(),
            _moved(code.operands, code.inputs, more_inputs),
            _moved(code.outputs, code.inputs, more_inputs),
        )
        arity = arities()[code.instructions[:, 0]]
        for place, holds in ((1, arity >= 1), (2, arity == 2)):
            column = moved.instructions[:, place]
            column[holds] = _moved(column[holds], code.inputs, more_inputs)
        code = moved
    writer = CodeWriter(code.inputs, code.captured)
    writer.copy_in(code)
    return writer


def _moved(values: Any, inputs: Any, by: Any) -> Any:
    return numpy.where(values >= inputs, values + by, values).astype(numpy.int32)
