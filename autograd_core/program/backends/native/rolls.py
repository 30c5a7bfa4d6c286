"""Loops of a program for a single sample: where they are, and how their operands are found.

A roll is a run of instructions in which the same few, the body, come many times over, each operand
either the same every time, or computed in the same turn, or moving on by the same step through the
leaves or through what one instruction of an earlier roll has computed. Its turns are independent
and so can be run side by side, as lanes; only a chain of additions, subtractions and dot products
may go on from what it came to the turn before. Who looks for rolls is `rolling`. `rolls.pxd` beside
this file gives the compiler its types.
"""

from __future__ import annotations

import numpy

from autograd_core import primitives
from autograd_core.program.backends.native import reading
from autograd_core.program.backends.native.reading import Reading

__all__ = ["CARRIED", "LONGEST", "MOVING", "OTHER", "OWN", "SAME", "Rolls"]

ADD, SUB, DOT = (primitives.kind_of(name) for name in ("add", "sub", "dot"))
NEVER = reading.NEVER

LONGEST = 64  # instructions of a body

SAME, OWN, CARRIED, MOVING, OTHER = range(5)  # how an operand is found turn by turn


class Rolls:
    """The rolls of a program, in order: where each starts, how long its body is, its turns.

    `bodies` says which number the first instruction of a roll's body has among those of all, and
    `ends`, of each of these that is in a chain from turn to turn, which one the chain ends with.
    """

    __slots__ = ("_chain", "bodies", "ends", "of", "periods", "rolls", "starts", "turns")

    def __init__(self, of: Reading) -> None:
        self.of = of
        self.rolls = 0
        self.starts = numpy.empty(64, dtype=numpy.int32)
        self.periods = numpy.empty(64, dtype=numpy.int32)
        self.turns = numpy.empty(64, dtype=numpy.int32)
        self.bodies = numpy.zeros(65, dtype=numpy.int32)
        self.ends = numpy.full(LONGEST, NEVER, dtype=numpy.int32)
        self._chain = numpy.empty(LONGEST, dtype=numpy.int32)

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
        while body + period > len(self.ends):
            more = numpy.full(len(self.ends), NEVER, dtype=numpy.int32)
            self.ends = numpy.concatenate([self.ends, more])
        for member in range(place, place + period):
            for index in range(self.of.count(member)):
                first = self.of.operand(member, index)
                second = self.of.operand(member + period, index)
                if self.sort(place, period, member, first, second) == CARRIED:
                    links = self._links(member, first, second - self.of.leaves)
                    for link in range(links):
                        self.ends[body + self._chain[link] - place] = (
                            body + second - self.of.leaves - place
                        )

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
            carried = second - first == period and self._links(place, first, second - leaves) > 0
            return CARRIED if carried else OTHER
        if first < leaves:
            return MOVING
        roll = self.roll_at(first - leaves)
        return OTHER if roll == NEVER or (second - first) % self.periods[roll] else MOVING

    def _links(self, place: int, value: int, end: int) -> int:
        """How many sums lead from a value at a place to the end, with nobody else in between.

        That is, nothing up to the end reads what they come to but the next one; 0 if there is no
        such chain. `_chain` has their places.
        """
        of = self.of
        if end != place and not self._ends_with_sums(place, end):
            return 0
        links = 0
        for at in range(place, end + 1):
            reads = 0
            for index in range(of.count(at)):
                operand = of.operand(at, index)
                if operand == value:
                    reads += 1
                else:
                    for link in range(links):
                        if self._chain[link] == operand - of.leaves:
                            return 0
            if reads:
                kind = of.rows[at, 0]
                begins = of.operand(at, 0) == value
                if reads > 1 or (kind != ADD and (kind not in (SUB, DOT) or not begins)):
                    return 0
                self._chain[links] = at
                links += 1
                value = of.leaves + at
        return links if value == of.leaves + end else 0

    def _ends_with_sums(self, place: int, end: int) -> bool:
        """Whether the end of a chain goes on from another sum, at a place or after it."""
        of = self.of
        if of.rows[end, 0] not in (ADD, SUB, DOT):
            return False
        for index in range(min(2, of.count(end))):
            before = of.operand(end, index) - of.leaves
            if place <= before < end and of.rows[before, 0] in (ADD, SUB, DOT):
                return True
        return False
