"""Writes a program for a single sample: as instructions on numbers, and loops where they repeat.

A loop's turns run as lanes. What its body reads from elsewhere, moving on turn by turn, is loaded
as if it were an input of as many samples, and what is read elsewhere is stored in a row of numbers,
unless it is to be computed again there: `keeping` says which. `loops.pxd` beside this file gives
the compiler its types.
"""

from __future__ import annotations

import numpy

from autograd_core import primitives
from autograd_core.program.backends.native import (
    keeping,
    operations,
    placing,
    reading,
    roles,
    rolling,
)
from autograd_core.program.backends.native.translator import Translator

__all__ = ["LoopTranslator"]

NEVER, ROLLED, SUM = reading.NEVER, roles.ROLLED, primitives.kind_of("sum")
SAME, OWN, CARRIED = rolling.SAME, rolling.OWN, rolling.CARRIED
KEPT, GIVEN = keeping.KEPT, keeping.GIVEN
BINARY, CALLED, LISTED = operations.BINARY, operations.CALLED, operations.LISTED
NOWHERE = placing.NOWHERE
LOAD, STORE, GIVE = operations.LOAD, operations.STORE, operations.GIVE
LOOP, RUNNING = operations.LOOP, operations.RUNNING


class LoopTranslator(Translator):
    """A translator that writes what repeats as loops."""

    __slots__ = ("_again", "_stored", "_streams", "_turns")

    def _prepare(self) -> None:
        self._stored = numpy.zeros(len(self._of.rolling.kept), dtype=numpy.int32)
        # Of the loop being written:
        self._streams: list[tuple[int, int, int]] = []
        self._again: list[tuple[int, int, int]] = []
        self._turns = 0

    def _number(self, value: int) -> int:
        rolls = self._of.rolling
        if value >= self._of.leaves and rolls.rolls:
            place = value - self._of.leaves
            roll = rolls.roll_at(place)
            if roll != NEVER and rolls.again[roll]:
                return self._computed_alone(value)
            if roll != NEVER:
                body = rolls.body_of(roll, value)
                if rolls.kept[body] == GIVEN:
                    return 0  # no number: the loop itself writes the outputs
                return self._stored[body] + (rolls.turn_of(roll, value) if rolls.kept[body] else 0)
        return Translator._number(self, value)

    def _write_place(self, place: int, together: bool) -> None:
        if self._of.roles[place] != ROLLED:
            Translator._write_place(self, place, together)
        else:
            roll = self._of.rolling.roll_at(place)
            if place == self._of.rolling.starts[roll] and not self._of.rolling.again[roll]:
                self._write_loop(roll)
                for body in range(place, place + self._of.rolling.periods[roll]):
                    self._release_operands(body, False, place)

    def _write_loop(self, roll: int) -> None:
        rolls = self._of.rolling
        start = rolls.starts[roll]
        turns = rolls.turns[roll]
        begins = self._lane_tape.size
        self._streams = []
        self._again = []
        self._turns = turns
        slots = []
        for place in range(start, start + rolls.periods[roll]):
            slots.append(self._slots.take())
            self._write_body(roll, place, slots)
        first = self._listed
        for number in (begins, self._lane_tape.size, turns, len(self._streams)):
            self._list(number)
        for base, step, slot in self._streams:
            self._list(base)
            self._list(step)
            slots.append(slot)
        for _, _, slot in self._again:
            slots.append(slot)
        for slot in reversed(slots):
            self._slots.give_back(slot)
        self._uniform_tape.emit(self._special[LOOP], 0, first, 0)

    def _write_body(self, roll: int, place: int, slots: list[int]) -> None:
        of = self._of
        rolls = of.rolling
        start = rolls.starts[roll]
        period = rolls.periods[roll]
        kind = of.rows[place, 0]
        count = of.count(place)
        form = self._forms[kind]
        operation = self._operations[kind]
        result = slots[place - start]
        carried = False
        begun = 0
        numbers = []
        for index in range(count):
            first = of.operand(place, index)
            second = of.operand(place + period, index)
            how = rolls.sort(start, period, place, first, second)
            if how == SAME:
                numbers.append(self._number(first))
            elif how == OWN:
                numbers.append(slots[first - of.leaves - start])
            elif how == CARRIED:
                carried = True
                begun = self._number(first)
            else:
                numbers.append(self._moving(first, second))
        stored = rolls.bodies[roll] + place - start
        kept = rolls.kept[stored] == KEPT
        if kept:
            self._stored[stored] = self._uniforms.take_in_a_row(rolls.turns[roll])
        if carried:
            so_far = self._uniforms.take_in_a_row(1)
            if not kept:
                self._stored[stored] = so_far
            self._lane_tape.emit(self._special[RUNNING], result, numbers[0], self._listed)
            self._list(begun)
            self._list(so_far)
        elif form == LISTED or (form == CALLED and count == 3):
            second = count if kind == SUM else count // 2
            self._lane_tape.emit(operation, result, self._listed, second)
            for number in numbers:
                self._list(number)
        else:
            second = numbers[1] if count == 2 else 0
            if form == BINARY:
                operation += 1 if second < 0 else 2 if numbers[0] < 0 else 0
            self._lane_tape.emit(operation, result, numbers[0], second)
        if kept:
            self._lane_tape.emit(self._special[STORE], 0, result, self._stored[stored])
        if rolls.kept[stored] == GIVEN:
            self._lane_tape.emit(self._special[GIVE], 0, result, of.outputs[of.leaves + place])
        self.effort += rolls.turns[roll] * (1 + count)

    def _moving(self, first: int, second: int) -> int:
        """The slot of what is a value in the first turn, and a second one in the second turn."""
        of = self._of
        roll = of.rolling.roll_at(first - of.leaves) if first >= of.leaves else NEVER
        if roll == NEVER or not of.rolling.again[roll]:
            base = self._number(first)
            return self._stream(base, self._number(second) - base)
        for known_first, known_second, slot in self._again:
            if known_first == first and known_second == second:
                return slot
        place = first - of.leaves
        kind = of.rows[place, 0]
        operation = self._operations[kind]
        numbers = [0, 0]
        for index in range(of.count(place)):
            one = of.operand(place, index)
            other = of.operand(second - of.leaves, index)
            numbers[index] = self._number(one) if one == other else self._moving(one, other)
        if self._forms[kind] == BINARY:
            operation += 1 if numbers[1] < 0 else 2 if numbers[0] < 0 else 0
        slot = self._slots.take()
        self._lane_tape.emit(operation, slot, numbers[0], numbers[1])
        self._again.append((first, second, slot))
        self.effort += 2 * self._turns
        return slot

    def _computed_alone(self, value: int) -> int:
        """Where one value is that its roll does not compute."""
        of = self._of
        if self._numbers[value] == NOWHERE:
            place = value - of.leaves
            first = self._number(of.operand(place, 0))
            second = self._number(of.operand(place, 1)) if of.count(place) == 2 else 0
            self._numbers[value] = self._uniforms.take()
            operation = self._operations[of.rows[place, 0]]
            self._uniform_tape.emit(operation, self._numbers[value], first, second)
        return self._numbers[value]

    def _stream(self, base: int, step: int) -> int:
        """The slot of numbers that begin at one and move on by a step, loaded once a loop."""
        for known_base, known_step, slot in self._streams:
            if known_base == base and known_step == step:
                return slot
        slot = self._slots.take()
        self._lane_tape.emit(self._special[LOAD], slot, len(self._streams), 0)
        self._streams.append((base, step, slot))
        return slot
