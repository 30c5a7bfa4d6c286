"""Loops of a program for a single sample: where they are, and how their operands are found.

A roll is a run of instructions in which the same few, the body, come many times over, each operand
either the same every time, or computed in the same turn, or in the turn before, or moving on by the
same step through the leaves or through what one instruction of an earlier roll has computed. All
that does not lead from one turn to the next can be run side by side, as lanes. Who looks for rolls
is `rolling`. `rolls.pxd` beside this file gives the compiler its types.
"""

from __future__ import annotations

import numpy

from autograd_core.program.backends.native import reading
from autograd_core.program.backends.native.reading import Reading

__all__ = [
    "CARRIED",
    "CARRIES",
    "DEPENDS",
    "LEADS",
    "LONGEST",
    "MOVING",
    "OTHER",
    "OWN",
    "SAME",
    "Rolls",
]

NEVER = reading.NEVER

LONGEST = 64  # instructions of a body

SAME, OWN, CARRIED, MOVING, OTHER = range(5)  # how an operand is found turn by turn

CARRIES, DEPENDS, LEADS = 1, 2, 4
"""What an instruction of a body may be: read in the next turn; computed from what the turn before
gave; what one is computed from that is read in the next turn, or such a one itself."""


class Rolls:
    """The rolls of a program, in order: where each starts, how long its body is, its turns.

    `bodies` says which number the first instruction of a roll's body has among those of all, and
    `marks`, of each of these, what it has to do with other turns: CARRIES, DEPENDS and LEADS. One
    that depends and leads is run turn by turn.
    """

    __slots__ = ("bodies", "marks", "of", "periods", "rolls", "starts", "turns")

    def __init__(self, of: Reading) -> None:
        self.of = of
        self.rolls = 0
        self.starts = numpy.empty(64, dtype=numpy.int32)
        self.periods = numpy.empty(64, dtype=numpy.int32)
        self.turns = numpy.empty(64, dtype=numpy.int32)
        self.bodies = numpy.zeros(65, dtype=numpy.int32)
        self.marks = numpy.zeros(LONGEST, dtype=numpy.uint8)

    def in_turn(self) -> int:
        """How many instructions of all turns are run turn by turn."""
        found = 0
        for roll in range(self.rolls):
            for body in range(self.bodies[roll], self.bodies[roll + 1]):
                if self.marks[body] & (DEPENDS | LEADS) == DEPENDS | LEADS:
                    found += self.turns[roll]
        return found

    def body_of(self, roll: int, value: int) -> int:
        """Which instruction of all bodies a value of a roll is computed by."""
        return self.bodies[roll] + (value - self.of.leaves - self.starts[roll]) % self.periods[roll]

    def turn_of(self, roll: int, value: int) -> int:
        """In which turn a value of a roll is computed."""
        return (value - self.of.leaves - self.starts[roll]) // self.periods[roll]

    def roll_at(self, place: int) -> int:
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

    def add(self, place: int, period: int, turns: int) -> None:
        """One more roll, after all others."""
        if self.rolls == len(self.starts):
            self.starts = numpy.concatenate([self.starts, self.starts])
            self.periods = numpy.concatenate([self.periods, self.periods])
            self.turns = numpy.concatenate([self.turns, self.turns])
            self.bodies = numpy.concatenate([self.bodies, self.bodies])
        self.starts[self.rolls] = place
        self.periods[self.rolls] = period
        self.turns[self.rolls] = turns
        body = self.bodies[self.rolls]
        self.bodies[self.rolls + 1] = body + period
        self.rolls += 1
        while body + period > len(self.marks):
            more = numpy.zeros(len(self.marks), dtype=numpy.uint8)
            self.marks = numpy.concatenate([self.marks, more])
        self._mark(place, period, body - place)

    def _mark(self, start: int, period: int, body: int) -> None:
        of, marks = self.of, self.marks
        for place in range(start, start + period):
            for index in range(of.count(place)):
                first = of.operand(place, index)
                second = of.operand(place + period, index)
                found = self.sort(start, period, place, first, second)
                if found == CARRIED:
                    marks[body + second - of.leaves] |= CARRIES | LEADS
                    marks[body + place] |= DEPENDS
                elif found == OWN:
                    marks[body + place] |= marks[body + first - of.leaves] & DEPENDS
        for place in range(start + period - 1, start - 1, -1):
            if marks[body + place] & LEADS:
                for index in range(of.count(place)):
                    first = of.operand(place, index) - of.leaves
                    if first >= start:
                        marks[body + first] |= LEADS

    def sort(self, start: int, period: int, place: int, first: int, second: int) -> int:
        """How the operand is found that is `first` in the first turn and `second` in the next.

        How many turns it can move on `rolling` asks.
        """
        leaves = self.of.leaves
        if first - leaves >= start:
            return OWN if second - first == period else OTHER
        if first == second:
            return SAME
        if second - leaves >= start:
            return CARRIED if second - first == period else OTHER
        if first < leaves:
            return MOVING
        roll = self.roll_at(first - leaves)
        return OTHER if roll == NEVER or (second - first) % self.periods[roll] else MOVING
