"""Instructions that come again and again, for the native interpreter to run as a loop.

Of a program for a single sample. A roll is a run of instructions in which the same few, the body,
come many times over, each operand either the same every time, or computed in the same turn, or
moving on by the same step through the leaves or through what one instruction of an earlier roll has
computed. Its turns are independent and so can be run side by side, as lanes; only an addition may
add to what it gave the turn before. `rolling.pxd` beside this file gives the compiler its types.
"""

from __future__ import annotations

import numpy

from autograd_core import primitives
from autograd_core.program.backends import reading

__all__ = ["CARRIED", "MOVING", "OWN", "SAME", "Rolling"]

ADD = primitives.kind_of("add")
NEVER = reading.NEVER

LONGEST = 64  # instructions of a body
WIDEST = 16  # operands of one
FEWEST = 32  # turns

SAME, OWN, CARRIED, MOVING, OTHER = range(5)  # how an operand is found turn by turn


class Rolling:
    """The rolls of a program, in order: where each starts, how long its body is, its turns.

    `kept` says of every body's instructions, from `bodies[roll]` on, whether something outside the
    body reads what it computes; what an addition to the turn before comes to in the end is at hand
    without being kept.
    """

    __slots__ = ("bodies", "constants", "kept", "of", "periods", "rolls", "starts", "turns")

    def __init__(self, of, constants, outputs):
        self.of = of
        self.constants = constants
        self.rolls = 0
        self.starts = numpy.empty(64, dtype=numpy.int32)
        self.periods = numpy.empty(64, dtype=numpy.int32)
        self.turns = numpy.empty(64, dtype=numpy.int32)
        self.bodies = numpy.zeros(65, dtype=numpy.int32)
        self._find()
        self.kept = numpy.zeros(self.bodies[self.rolls], dtype=numpy.uint8)
        if self.rolls:
            self._mark_kept(outputs)

    def roll_at(self, place):
        """The roll to which a place belongs, or NEVER."""
        low = 0
        high = self.rolls
        while low < high:
            middle = (low + high) // 2
            if self.starts[middle] <= place:
                low = middle + 1
            else:
                high = middle
        roll = low - 1
        if roll >= 0 and place < self.starts[roll] + self.periods[roll] * self.turns[roll]:
            return roll
        return NEVER

    def _find(self):
        place = 0
        count = len(self.of.rows)
        while place + 3 <= count:
            found = 0
            for period in range(1, min(LONGEST, (count - place) // FEWEST) + 1):
                if (
                    self.of.rows[place, 0] == self.of.rows[place + period, 0]
                    and self.of.rows[place, 0] == self.of.rows[place + 2 * period, 0]
                    and self._begins(place, period)
                ):
                    found = self._turns(place, period)
                    if found >= FEWEST:
                        self._add(place, period, found)
                        place += period * found
                        break
                    found = 0
            if not found:
                place += 1

    def _add(self, place, period, turns):
        if self.rolls == len(self.starts):
            self.starts = numpy.concatenate([self.starts, self.starts])
            self.periods = numpy.concatenate([self.periods, self.periods])
            self.turns = numpy.concatenate([self.turns, self.turns])
            self.bodies = numpy.concatenate([self.bodies, self.bodies])
        self.starts[self.rolls] = place
        self.periods[self.rolls] = period
        self.turns[self.rolls] = turns
        self.bodies[self.rolls + 1] = self.bodies[self.rolls] + period
        self.rolls += 1

    def _begins(self, start, period):
        """Whether three turns from a place on are those of a roll."""
        of = self.of
        for place in range(start, start + period):
            count = of.count(place)
            if not self._same_row(place, place + period) or count > WIDEST or count == 0:
                return False
            if not self._same_row(place, place + 2 * period):
                return False
            varying = False
            carried = 0
            for index in range(count):
                first = of.operand(place, index)
                second = of.operand(place + period, index)
                if of.operand(place + 2 * period, index) - second != second - first:
                    return False
                found = self.sort(start, period, place, first, second)
                if found == OTHER:
                    return False
                if found == CARRIED:
                    carried += 1
                if found != SAME:
                    varying = True
            if not varying or carried > 1:
                return False
        return True

    def _same_row(self, one, other):
        rows = self.of.rows
        if rows[one, 0] != rows[other, 0]:
            return False
        return self.of.arity[rows[one, 0]] != 0 or rows[one, 2] == rows[other, 2]

    def sort(self, start, period, place, first, second):
        """How the operand is found that is `first` in the first turn and `second` in the next."""
        leaves = self.of.leaves
        if first - leaves >= start:
            return OWN if second - first == period else OTHER
        if first == second:
            return SAME
        if second - leaves >= start:
            carried = self.of.rows[place, 0] == ADD and second == leaves + place
            return CARRIED if carried and second - first == period else OTHER
        if (first < leaves) != (second < leaves) or (first < 0) != (second < 0):
            return OTHER
        if first < leaves:
            return MOVING
        roll = self.roll_at(first - leaves)
        if roll == NEVER or (second - first) % self.periods[roll] != 0:
            return OTHER
        return MOVING if roll == self.roll_at(second - leaves) else OTHER

    def _turns(self, start, period):
        """How many turns there are, known to be three at least."""
        of = self.of
        most = (len(of.rows) - start) // period
        turns = 3
        while turns < most and self._goes_on(start, period, turns):
            turns += 1
        for place in range(start, start + period):
            for index in range(of.count(place)):
                first = of.operand(place, index)
                second = of.operand(place + period, index)
                if self.sort(start, period, place, first, second) == MOVING:
                    turns = min(turns, self._room(first, second - first))
        return turns

    def _goes_on(self, start, period, turns):
        of = self.of
        for before in range(start + (turns - 1) * period, start + turns * period):
            place = before + period
            if not self._same_row(before, place):
                return False
            earlier = before - period
            for index in range(of.count(place)):
                operand = of.operand(before, index)
                if of.operand(place, index) - operand != operand - of.operand(earlier, index):
                    return False
        return True

    def _room(self, first, step):
        """How many turns an operand can move on and stay among what it began with."""
        leaves = self.of.leaves
        low = -self.constants
        high = -1
        if first >= leaves:
            roll = self.roll_at(first - leaves)
            low = leaves + self.starts[roll]
            high = low + self.periods[roll] * self.turns[roll] - 1
        elif first >= 0:
            low = 0
            high = leaves - 1
        return 1 + ((high - first) // step if step > 0 else (first - low) // -step)

    def carries(self, roll, place):
        """Whether the instruction of a body adds to what it gave the turn before."""
        start = self.starts[roll]
        period = self.periods[roll]
        for index in range(self.of.count(place)):
            first = self.of.operand(place, index)
            second = self.of.operand(place + period, index)
            if self.sort(start, period, place, first, second) == CARRIED:
                return True
        return False

    # Which results are read outside their body.
    def _mark_kept(self, outputs):
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

    def _keep(self, value, moving):
        """A value is read outside its body, or from it on others are (`moving`)."""
        if value < self.of.leaves:
            return
        roll = self.roll_at(value - self.of.leaves)
        if roll == NEVER:
            return
        turned = value - self.of.leaves - self.starts[roll]
        turn = turned // self.periods[roll]
        body = turned % self.periods[roll]
        last = turn == self.turns[roll] - 1
        if moving or not last or not self.carries(roll, self.starts[roll] + body):
            self.kept[self.bodies[roll] + body] = 1
