"""The search for instructions that come again and again, to be run as loops.

What a roll is `rolls` says; here they are found, one after another, each at the first place where
one starts, by the shortest body. What of their results is kept is `keeping`'s to say. `rolling.pxd`
beside this file gives the compiler its types.
"""

from __future__ import annotations

import numpy

from autograd_core import primitives
from autograd_core.program.backends.native import reading, rolls
from autograd_core.program.backends.native.periods import Periods
from autograd_core.program.backends.native.reading import Reading
from autograd_core.program.backends.native.rolls import Rolls

__all__ = ["Rolling"]

NEVER = reading.NEVER
ABOVE = primitives.kind_of("above")

LONGEST = rolls.LONGEST  # instructions of a body
WIDEST = 64  # operands of one
MOST = 200  # operands of all: with what is computed again they are at most 1,000 streams
FEWEST = 32  # turns

SAME, CARRIED, MOVING, OTHER = rolls.SAME, rolls.CARRIED, rolls.MOVING, rolls.OTHER


class Rolling(Rolls):
    """The rolls of a program, found as it is made.

    If more than the `most` instructions are in none, the search is given up.
    """

    __slots__ = ("_blocked", "_least", "_likely", "_moves", "_refused", "constants", "given_up")

    def __init__(self, of: Reading, constants: int, most: int) -> None:
        super().__init__(of)
        self.constants = constants
        self._likely = Periods(of, FEWEST)
        # For every period, the last place at which no roll of it starts, whatever comes.
        self._refused = numpy.full(LONGEST + 1, NEVER, dtype=numpy.int32)
        # A place that is in no roll's first turn, if the roll starts from here on.
        self._blocked = NEVER
        # The shortest period of those that start with the instruction looked at.
        self._least = 1
        # Of each operand in it, whether it may move on.
        self._moves = numpy.zeros(3, dtype=numpy.uint8)
        self.given_up = self._find(most) > most

    def _find(self, most: int) -> int:
        """Find the rolls, and how many instructions are in none; too many, and it is given up.

        Those that list their operands or compare may be run with others all the same.
        """
        of = self.of
        place = 0
        alone = 0
        while place + 3 <= len(of.rows) and alone <= most:
            likely = self._likely.at(place)
            period = self._period(place, likely) if likely else 0
            if period:
                place += period * self.turns[self.rolls - 1]
            else:
                kind = of.rows[place, 0]
                alone += of.arity[kind] != 0 and kind != ABOVE
                place += 1
        return alone

    def _period(self, place: int, likely: int) -> int:
        """The period of the roll that starts at a place, which is one more from now on, or 0."""
        of = self.of  # not its rows: a view of them has a cost, at each place
        most = min(LONGEST, (len(of.rows) - place) // FEWEST)
        self._look_at(place)
        for period in range(self._least, most + 1):
            if place <= self._blocked < place + period:
                break
            if (
                likely >> period - 1 & 1
                and self._refused[period] < place
                and of.rows[place, 0] == of.rows[place + period, 0]
                and of.rows[place, 0] == of.rows[place + 2 * period, 0]
                and self._is_even(place, period)
                and self._begins(place, period)
            ):
                turns = self._turns(place, period)
                if turns >= FEWEST:
                    self.add(place, period, turns)
                    return period
        return 0

    def _begins(self, start: int, period: int) -> bool:
        """Whether three turns from a place on are those of a roll.

        What does not fit at one of its places refuses all places up to there at once, so that
        little is looked at again and again.
        """
        of = self.of
        operands = 0
        for place in range(start, start + period):
            kind = of.rows[place, 0]
            if kind != of.rows[place + period, 0] or kind != of.rows[place + 2 * period, 0]:
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
                    if self._is_stuck(start, place):
                        self._blocked = place
                    return False
                if found != SAME:
                    varying = True
            if not varying:
                self._refused[period] = place
                return False
        return True

    def _look_at(self, place: int) -> None:
        """Take note of what holds of all rolls that would start at a place."""
        of = self.of
        self._least = 1
        if self._is_stuck(place, place):
            self._blocked = place
        for column in range(1, 1 + of.arity[of.rows[place, 0]]):
            value = of.rows[place, column]
            moves = value < of.leaves or self.roll_at(value - of.leaves) != NEVER
            self._moves[column] = moves
            if not moves and of.uses[value] < FEWEST:  # it can only come from the turn before
                self._least = max(self._least, place + of.leaves - value)

    def _is_even(self, place: int, period: int) -> bool:
        """Whether what is not listed of a first instruction's operands may be a roll's."""
        of = self.of
        for column in range(1, 1 + of.arity[of.rows[place, 0]]):
            first = of.rows[place, column]
            second = of.rows[place + period, column]
            if of.rows[place + 2 * period, column] - second != second - first:
                return False
            carried = second - first == period and second - of.leaves >= place
            if first != second and not self._moves[column] and not carried:
                return False
        return True

    def _is_stuck(self, start: int, place: int) -> bool:
        """Whether a place is in no roll's first turn that starts here or later, up to itself.

        It reads what stands before, which does not move on, is read too seldom to be the same in
        all turns, and stands too far before it to come from the turn before.
        """
        of = self.of
        for index in range(of.count(place)):
            value = of.operand(place, index)
            if (
                of.leaves <= value < of.leaves + start
                and value - of.leaves <= place - 2 * LONGEST
                and of.uses[value] < FEWEST
                and self.roll_at(value - of.leaves) == NEVER
            ):
                return True
        return False

    def _same_row(self, one: int, other: int) -> bool:
        of = self.of
        if of.rows[one, 0] != of.rows[other, 0]:
            return False
        return of.arity[of.rows[one, 0]] != 0 or of.rows[one, 2] == of.rows[other, 2]

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
