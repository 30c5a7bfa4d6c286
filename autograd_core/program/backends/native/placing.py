"""Where the native interpreter's values are, and what a program is written on.

Slots are used again as soon as nothing reads them, so that what is at work stays in the processor's
caches; an input is loaded where it is first read, and outputs are given out where they are made.
Which instruction is written when is the translator's. `placing.pxd` gives the compiler its types.
"""

from __future__ import annotations

import numpy

from autograd_core.program.backends.native import operations, reading
from autograd_core.program.backends.native.roles import Roles
from autograd_core.program.backends.native.tapes import Numbers, Tape
from autograd_core.program.code.flat import Code, Integers

__all__ = ["NOWHERE", "Placing"]

NEVER = reading.NEVER
NOWHERE = -(2**31)
LOAD, STORE, REDUCE = operations.LOAD, operations.STORE, operations.REDUCE


class Placing:
    """A program with its roles, two tapes, lists, and the numbers of values."""

    __slots__ = (
        "_constants",
        "_forms",
        "_inputs",
        "_kept",
        "_lane_tape",
        "_listed",
        "_lists",
        "_numbers",
        "_of",
        "_operations",
        "_slots",
        "_special",
        "_uniform_tape",
        "_uniforms",
        "effort",
        "in_turn",
    )

    def __init__(self, code: Code, of: Roles, summed: int, numbers: dict[str, int]) -> None:
        self._forms, self._operations = operations.forms(numbers)
        self._of = of
        single = self._of.single
        self._inputs = code.inputs
        self._constants = len(code.constants)
        self._kept = len(code.outputs) - summed
        self._special = numpy.array(
            [numbers[name] for name in operations.SPECIAL], dtype=numpy.int32
        )
        capacity = len(code) + 2 * len(code.outputs) + code.inputs
        self._lane_tape = Tape(0 if single else capacity)
        self._uniform_tape = Tape(len(code) if single else 0)
        self._lists = numpy.empty(len(code.operands) + 64, dtype=numpy.int32)
        self._listed = 0
        self._numbers = numpy.full(code.values, NOWHERE, dtype=numpy.int32)
        self._slots = Numbers(0, 1)
        self._uniforms = Numbers(-1 - len(code.constants) - code.leaves, -1)
        self.effort = 0
        self.in_turn = 0

    def uniform_code(self) -> Integers:
        """What runs on single numbers."""
        return self._uniform_tape.finished()

    def lane_code(self) -> Integers:
        """What runs on rows of lanes."""
        return self._lane_tape.finished()

    def numbers_of(self, values: Integers) -> Integers:
        """Where some values are."""
        found = numpy.empty(len(values), dtype=numpy.int32)
        self._put_numbers(values, found)
        return found

    def _put_numbers(self, values: Integers, found: Integers) -> None:
        for index in range(len(values)):
            found[index] = self._number(values[index])

    def lists(self) -> Integers:
        """The lists of the instructions of both."""
        return numpy.asarray(self._lists)[: self._listed].copy()

    def uniforms(self) -> int:
        """How many uniform values there are."""
        return self._constants + self._of.leaves + self._uniforms.used

    def slots(self) -> int:
        """How many slots there are."""
        return self._slots.used

    def _give_constants(self, outputs: Integers) -> None:
        for output in range(len(outputs)):
            if outputs[output] < 0:
                self._give_out(outputs[output], output)

    def _number(self, value: int) -> int:
        """Where a value is; an input that no lane has read yet is loaded."""
        if value < 0:
            return value
        if value < self._of.leaves and self._of.uniform[value]:
            return value - self._constants - self._of.leaves
        if self._numbers[value] == NOWHERE and value < self._inputs:
            self._numbers[value] = self._slots.take()
            self._lane_tape.emit(self._special[LOAD], self._numbers[value], value, 0)
            self.effort += 1
        return self._numbers[value]

    def _assign(self, value: int) -> int:
        numbers = self._uniforms if self._of.uniform[value] else self._slots
        self._numbers[value] = numbers.take()
        return self._numbers[value]

    def _release(self, value: int, when: int) -> None:
        """Give back the number of a value that is read no more."""
        if value < 0 or self._of.last[value] > when or self._numbers[value] == NOWHERE:
            return
        numbers = self._uniforms if self._of.uniform[value] else self._slots
        numbers.give_back(self._numbers[value])
        self._numbers[value] = NOWHERE

    def _list(self, number: int) -> None:
        if self._listed == len(self._lists):
            self._lists = numpy.concatenate([self._lists, self._lists])
        self._lists[self._listed] = number
        self._listed += 1

    def _give_all(self, value: int, when: int) -> None:
        """Give out the outputs that a value is, and its number if nothing reads it."""
        output = self._of.outputs[value]
        while output != NEVER and not self._of.single:
            self._give_out(value, output)
            output = self._of.output_next[output]
        if self._of.last[value] == NEVER:
            self._release(value, when)

    def _give_out(self, value: int, output: int) -> None:
        number = self._number(value)
        if output < self._kept:
            self._lane_tape.emit(self._special[STORE], 0, number, output)
        else:
            self._lane_tape.emit(self._special[REDUCE], 0, number, output - self._kept)
        self.effort += 2
