"""Instructions that come again and again, for the native interpreter to run as a loop.

Of a program for a single sample. A roll is a run of instructions in which the same few, the body,
come many times over, each operand either the same every time, or computed in the same turn, or
moving on by the same step through the leaves or through what one instruction of an earlier roll has
computed. Its turns are independent and so can be run side by side, as lanes; only a chain of
additions, subtractions and dot products may go on from what it came to the turn before. What of
their results is kept is `keeping`'s to say.
`rolling.pxd` beside this file gives the compiler its types.
"""

from __future__ import annotations

import numpy

from autograd_core import primitives
from autograd_core.program.backends.native import reading
from autograd_core.program.backends.native.reading import Reading

__all__ = ["CARRIED", "MOVING", "OWN", "SAME", "Rolling"]

ADD, SUB, DOT = (primitives.kind_of(name) for name in ("add", "sub", "dot"))
NEVER = reading.NEVER

LONGEST = 64  # instructions of a body
WIDEST = 16  # operands of one
MOST = 200  # operands of all: with what is computed again they are at most 1,000 streams
FEWEST = 32  # turns

SAME, OWN, CARRIED, MOVING, OTHER = range(5)  # how an operand is found turn by turn


class Rolling:
    """The rolls of a program, in order: where each starts, how long its body is, its turns.

    `bodies` says which number the first instruction of a roll's body has among those of all, and
    `ends`, of each of these that is in a chain from turn to turn, which one the chain ends with.
    """

    __slots__ = (
        *("_chain", "_refused", "bodies", "constants", "ends", "of"),
        *("periods", "rolls", "starts", "turns"),
    )

    def __init__(self, of: Reading, constants: int) -> None:
        self.of = of
        self.constants = constants
        self.rolls = 0
        self.starts = numpy.empty(64, dtype=numpy.int32)
        self.periods = numpy.empty(64, dtype=numpy.int32)
        self.turns = numpy.empty(64, dtype=numpy.int32)
        self.bodies = numpy.zeros(65, dtype=numpy.int32)
        self.ends = numpy.full(LONGEST, NEVER, dtype=numpy.int32)
        self._chain = numpy.empty(LONGEST, dtype=numpy.int32)
        # For every period, the last place at which no roll of it starts, whatever comes.
        self._refused = numpy.full(LONGEST + 1, NEVER, dtype=numpy.int32)
        self._find()

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

    def _find(self) -> None:
        rows, refused = self.of.rows, self._refused
        place = 0
        count = len(rows)
        while place + 3 <= count:
            found = 0
            for period in range(1, min(LONGEST, (count - place) // FEWEST) + 1):
                if (
                    refused[period] < place
                    and rows[place, 0] == rows[place + period, 0]
                    and rows[place, 0] == rows[place + 2 * period, 0]
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

    def _add(self, place: int, period: int, turns: int) -> None:
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

    def _begins(self, start: int, period: int) -> bool:
        """Whether three turns from a place on are those of a roll.

        What does not fit at one of its places refuses all places up to there at once, so that
        little is looked at again and again.
        """
        of = self.of
        rows = of.rows
        operands = 0
        for place in range(start, start + period):
            kind = rows[place, 0]
            if kind != rows[place + period, 0] or kind != rows[place + 2 * period, 0]:
                self._refused[period] = place
                return False
            count = of.count(place)
            operands += count
            if (
                not 0 < count <= WIDEST
                or count != of.count(place + period)
                or count != of.count(place + 2 * period)
            ):
                self._refused[period] = place
                return False
            if operands > MOST:
                return False
            varying = False
            carried = 0
            for index in range(count):
                first = of.operand(place, index)
                second = of.operand(place + period, index)
                if of.operand(place + 2 * period, index) - second != second - first:
                    self._refused[period] = place
                    return False
                found = self.sort(start, period, place, first, second)
                if found == OTHER:
                    # One inside the body may be outside of one that starts later.
                    inside = first if first - of.leaves >= start else second
                    if inside - of.leaves >= start:
                        self._refused[period] = min(inside - of.leaves, place)
                    else:
                        self._refused[period] = place
                    return False
                if found == CARRIED:
                    carried += 1
                if found != SAME:
                    varying = True
            if not varying or carried > 1:
                self._refused[period] = place
                return False
        return True

    def _same_row(self, one: int, other: int) -> bool:
        rows = self.of.rows
        if rows[one, 0] != rows[other, 0]:
            return False
        return self.of.arity[rows[one, 0]] != 0 or rows[one, 2] == rows[other, 2]

    def sort(self, start: int, period: int, place: int, first: int, second: int) -> int:
        """How the operand is found that is `first` in the first turn and `second` in the next."""
        leaves = self.of.leaves
        if first - leaves >= start:
            return OWN if second - first == period else OTHER
        if first == second:
            return SAME
        if second - leaves >= start:
            carried = second - first == period and self._links(place, first, second - leaves) > 0
            return CARRIED if carried else OTHER
        if (first < leaves) != (second < leaves) or (first < 0) != (second < 0):
            return OTHER
        if first < leaves:
            return MOVING
        roll = self.roll_at(first - leaves)
        if roll == NEVER or (second - first) % self.periods[roll] != 0:
            return OTHER
        return MOVING if roll == self.roll_at(second - leaves) else OTHER

    def _links(self, place: int, value: int, end: int) -> int:
        """How many sums lead from a value at a place to the end, with nobody else in between.

        That is, nothing up to the end reads what they come to but the next one; 0 if there is no
        such chain. `_chain` has their places.
        """
        of = self.of
        links = 0
        members = 0
        bit = 1  # of 64, as a body has places
        for at in range(place, end + 1):
            reads = 0
            for index in range(of.count(at)):
                operand = of.operand(at, index)
                if operand == value:
                    reads += 1
                elif operand >= of.leaves + place and members >> (operand - of.leaves - place) & 1:
                    return 0
            if reads:
                kind = of.rows[at, 0]
                begins = of.operand(at, 0) == value
                if reads > 1 or (kind != ADD and (kind not in (SUB, DOT) or not begins)):
                    return 0
                self._chain[links] = at
                links += 1
                members |= bit << (at - place)
                value = of.leaves + at
        return links if value == of.leaves + end else 0

    def _turns(self, start: int, period: int) -> int:
        """How many turns there are, at most as many as an operand can move on; three are alike."""
        of = self.of
        most = (len(of.rows) - start) // period
        for place in range(start, start + period):
            for index in range(of.count(place)):
                first = of.operand(place, index)
                second = of.operand(place + period, index)
                if self.sort(start, period, place, first, second) == MOVING:
                    room = self._room(first, second - first)
                    most = min(most, room)
                    if room < FEWEST:
                        self._refused[period] = max(self._refused[period], place)
        turns = min(most, 3)
        while turns < most and self._goes_on(start, period, turns):
            turns += 1
        return turns

    def _goes_on(self, start: int, period: int, turns: int) -> bool:
        of = self.of
        for before in range(start + (turns - 1) * period, start + turns * period):
            place = before + period
            earlier = before - period
            if not self._same_row(before, place):
                if turns < FEWEST:
                    self._refused[period] = max(self._refused[period], earlier)
                return False
            for index in range(of.count(place)):
                operand = of.operand(before, index)
                if of.operand(place, index) - operand != operand - of.operand(earlier, index):
                    if turns < FEWEST:
                        self._refused[period] = max(self._refused[period], earlier)
                    return False
        return True

    def _room(self, first: int, step: int) -> int:
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
