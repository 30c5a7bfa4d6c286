"""What of the results of rolls is kept, for the native interpreter to store.

Loops cost what they store and load: memory is slower than arithmetic. So only what somebody else
reads is stored in a row of numbers, outputs in a row are written where they belong, and what is
quickly computed again where later rolls read it is not computed before. `keeping.pxd` beside this
file gives the compiler its types.
"""

from __future__ import annotations

import numpy

from autograd_core.program.backends.native import reading, rolls
from autograd_core.program.backends.native.reading import Reading
from autograd_core.program.backends.native.rolling import Rolling
from autograd_core.program.code.flat import Flags, Integers

__all__ = ["GIVEN", "KEPT", "Keeping"]

NEVER = reading.NEVER
MOVING, CARRIES = rolls.MOVING, rolls.CARRIES

KEPT, GIVEN = 1, 2  # what an instruction of a body computes: read elsewhere, outputs in a row

COSTLIEST = 4  # instructions by which a value may be computed again
FEW = 32  # values of a roll that may be computed one by one


class Keeping(Rolling):
    """The rolls of a program, and for the instructions of their bodies what is to be kept.

    What is carried from turn to turn is at hand after the last without being kept. `again`
    says of every roll whether its values are computed where they are read; then it is not run.
    `inline` says of every kind whether the interpreter computes it without a call or a list, and
    `given` how many outputs can be written in rows.
    """

    __slots__ = ("_alone", "_costs", "_read", "again", "kept")

    def __init__(
        self, of: Reading, most: int, constants: int, outputs: Integers, inline: Flags, given: int
    ) -> None:
        super().__init__(of, constants, most)
        count = self.bodies[self.rolls]
        self.kept = numpy.zeros(count, dtype=numpy.uint8)
        self.again = numpy.zeros(self.rolls, dtype=numpy.uint8)
        self._read = numpy.zeros(count, dtype=numpy.int32)  # how often by later rolls, in each turn
        self._alone = numpy.zeros(count, dtype=numpy.int32)  # how often by others, in all
        self._costs = numpy.zeros(count, dtype=numpy.int32)  # instructions to compute one again
        if self.rolls and not self.given_up:
            self._mark_kept(outputs)
            for roll in range(self.rolls):
                self._find_given(roll, given)
                self._choose(roll, inline)

    def _mark_kept(self, outputs: Integers) -> None:
        of = self.of
        place = 0
        roll = 0
        while place < len(of.rows):
            if roll < self.rolls and self.starts[roll] == place:
                period = self.periods[roll]
                for body in range(place, place + period):
                    for index in range(of.count(body)):
                        first = of.operand(body, index)
                        second = of.operand(body + period, index)
                        if first - of.leaves < place:
                            moving = self.sort(place, period, body, first, second) == MOVING
                            self._keep(first, moving)
                place += period * self.turns[roll]
                roll += 1
                continue
            for index in range(of.count(place)):
                self._keep(of.operand(place, index), False)
            place += 1
        for output in range(len(outputs)):
            self._keep(outputs[output], False)

    def _keep(self, value: int, moving: bool) -> None:
        """A value is read outside its body, or from it on others are (`moving`)."""
        roll = self.roll_at(value - self.of.leaves) if value >= self.of.leaves else NEVER
        if roll == NEVER:
            return
        body = self.body_of(roll, value)
        if moving:
            self._read[body] += 1
        else:
            self._alone[body] += 1
            if self.turn_of(roll, value) == self.turns[roll] - 1 and self.marks[body] & CARRIES:
                return
        self.kept[body] = KEPT

    def _find_given(self, roll: int, given: int) -> None:
        """Mark what in every turn is an output, one after the other, and is read by nobody."""
        of = self.of
        turns = self.turns[roll]
        start = self.starts[roll]
        for place in range(start, start + self.periods[roll]):
            body = self.bodies[roll] + place - start
            output = of.outputs[of.leaves + place]
            if self._read[body] or self._alone[body] != turns or output == NEVER:
                continue
            turn = 0
            value = of.leaves + place
            while turn < turns and output + turn < given and of.outputs[value] == output + turn:
                turn += 1
                value += self.periods[roll]
            if turn == turns:
                self.kept[body] = GIVEN

    def _choose(self, roll: int, inline: Flags) -> None:
        """Decide whether the values of a roll are computed again where they are read.

        They are if that takes no more instructions than running the loop, storing and loading.
        """
        of = self.of
        start = self.starts[roll]
        saved = self.periods[roll]
        spent = 0
        alone = 0
        for place in range(start, start + self.periods[roll]):
            body = self.bodies[roll] + place - start
            if not inline[of.rows[place, 0]] or self.marks[body]:
                return
            self._costs[body] = 1
            for index in range(of.count(place)):
                self._costs[body] += self._cost(of.operand(place, index), roll)
            if self.kept[body]:
                if self._costs[body] > COSTLIEST:
                    return
                saved += 1 + self._read[body]
                spent += self._costs[body] * self._read[body]
                alone += self._alone[body]
        if 0 < spent <= saved and alone <= FEW:
            self.again[roll] = 1
            for body in range(self.bodies[roll], self.bodies[roll + 1]):
                self.kept[body] = 0

    def _cost(self, value: int, reading: int) -> int:
        """Instructions to compute an operand again that a roll reads; 0 for what is at hand."""
        roll = self.roll_at(value - self.of.leaves) if value >= self.of.leaves else NEVER
        if roll == NEVER or (roll != reading and not self.again[roll]):
            return 0
        return self._costs[self.body_of(roll, value)]
