"""Writes a program for a single sample: as instructions on numbers, and loops where they repeat.

A loop's turns run as lanes. What its body reads from elsewhere, moving on turn by turn, is loaded
as if it were an input of as many samples, and what is read elsewhere is stored in a row of numbers,
unless it is to be computed again there: `keeping` says which. What leads from turn to turn is run
one turn after the other, between what it needs and what needs it. `loops.pxd` beside this file
gives the compiler its types.
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
    rolls,
)
from autograd_core.program.backends.native.translator import Translator

__all__ = ["LoopTranslator"]

NEVER, ROLLED = reading.NEVER, roles.ROLLED
ADD, DOT, MUL, SUM = (primitives.kind_of(name) for name in ("add", "dot", "mul", "sum"))
SAME, OWN, CARRIED = rolls.SAME, rolls.OWN, rolls.CARRIED
CARRIES, DEPENDS, LEADS = rolls.CARRIES, rolls.DEPENDS, rolls.LEADS
KEPT, GIVEN = keeping.KEPT, keeping.GIVEN
BINARY, CALLED, LISTED = operations.BINARY, operations.CALLED, operations.LISTED
NOWHERE = placing.NOWHERE
LOAD, STORE, GIVE = operations.LOAD, operations.STORE, operations.GIVE
LOOP, RUNNING = operations.LOOP, operations.RUNNING


class LoopTranslator(Translator):
    """A translator that writes what repeats as loops."""

    __slots__ = ("_again", "_carried", "_products", "_results", "_stored", "_streams", "_turns")

    def _prepare(self) -> None:
        self._stored = numpy.zeros(len(self._of.rolling.kept), dtype=numpy.int32)
        # Of the loop being written:
        self._streams: list[tuple[int, int, int]] = []
        self._again: list[tuple[int, int, int]] = []
        self._results: list[int] = []  # the slots of what its body computes
        self._carried: dict[int, int] = {}  # the slots of what the turn before gave, likewise
        self._products: list[int] = []
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
        self._products = []
        self._turns = turns
        places = range(start, start + rolls.periods[roll])
        marks = [rolls.marks[rolls.bodies[roll] + place - start] for place in places]
        self._results = [self._slots.take() for _ in places]
        self._carried = {
            place - start: self._slots.take() for place in places if marks[place - start] & CARRIES
        }
        for place in places:
            if not marks[place - start] & DEPENDS:
                self._write_body(roll, place)
        if self._carried:
            among = DEPENDS | LEADS
            self._write_turns(roll, [p for p in places if marks[p - start] & among == among])
        for place in places:
            if marks[place - start] & (DEPENDS | LEADS) == DEPENDS:
                self._write_body(roll, place)
        first = self._listed
        for number in (begins, self._lane_tape.size, turns, len(self._streams)):
            self._list(number)
        slots = [*self._results, *self._carried.values()]
        for base, step, slot in self._streams:
            self._list(base)
            self._list(step)
            slots.append(slot)
        for _, _, slot in self._again:
            slots.append(slot)
        slots += self._products
        for slot in reversed(slots):
            self._slots.give_back(slot)
        self._uniform_tape.emit(self._special[LOOP], 0, first, 0)

    def _write_body(self, roll: int, place: int) -> None:
        of = self._of
        result = self._results[place - of.rolling.starts[roll]]
        self._write_row(of.rows[place, 0], result, self._operands(roll, place), False)
        self._keep(roll, place, result)

    def _write_turns(self, roll: int, places: list[int]) -> None:
        """What leads from turn to turn, to be run turn by turn; all it reads is written before."""
        of = self._of
        rolls = of.rolling
        start = rolls.starts[roll]
        steps = []
        for place in places:
            result = self._results[place - start]
            numbers = self._operands(roll, place)
            if of.rows[place, 0] == DOT and self._only_starts(roll, place):
                for pair in range(1, len(numbers), 2):
                    product = self._product(numbers[pair], numbers[pair + 1])
                    steps.append((ADD, result, [numbers[0] if pair == 1 else result, product]))
            else:
                steps.append((of.rows[place, 0], result, numbers))
        self.in_turn += self._turns * len(steps)
        turn = []
        for body in self._carried:
            stored = rolls.bodies[roll] + body
            so_far = self._uniforms.take_in_a_row(1)
            if not rolls.kept[stored]:
                self._stored[stored] = so_far
            begun = self._number(of.leaves + start + body - rolls.periods[roll])
            turn += [begun, so_far, self._results[body], self._carried[body]]
        self._lane_tape.emit(self._special[RUNNING], len(self._carried), len(steps), self._listed)
        for number in turn:
            self._list(number)
        for kind, result, numbers in steps:
            self._write_row(kind, result, numbers, True)
        for place in places:
            self._keep(roll, place, self._results[place - start])

    def _only_starts(self, roll: int, place: int) -> bool:
        """Whether the products of a dot product are at hand whatever the turn before gave."""
        of = self._of
        start = of.rolling.starts[roll]
        body = of.rolling.bodies[roll] - start
        period = of.rolling.periods[roll]
        for index in range(1, of.count(place)):
            first = of.operand(place, index)
            second = of.operand(place + period, index)
            how = of.rolling.sort(start, period, place, first, second)
            if how == CARRIED or (
                how == OWN and of.rolling.marks[body + first - of.leaves] & DEPENDS
            ):
                return False
        return of.count(place) > 1

    def _write_row(self, kind: int, result: int, numbers: list[int], in_turn: bool) -> None:
        """An instruction of lanes, or one that is run turn by turn."""
        count = len(numbers)
        form = self._forms[kind]
        operation = self._operations[kind]
        self.effort += self._turns * (1 + count)
        if form == LISTED or (form == CALLED and count == 3):
            second = count if kind == SUM else count // 2
            self._lane_tape.emit(operation, result, self._listed, second)
            for number in numbers:
                self._list(number)
        else:
            second = numbers[1] if count == 2 else 0
            if form == BINARY and not in_turn:
                operation += 1 if second < 0 else 2 if numbers[0] < 0 else 0
            self._lane_tape.emit(operation, result, numbers[0], second)

    def _operands(self, roll: int, place: int) -> list[int]:
        return [self._operand(roll, place, index) for index in range(self._of.count(place))]

    def _operand(self, roll: int, place: int, index: int) -> int:
        """Where an operand of a body is."""
        of = self._of
        start = of.rolling.starts[roll]
        period = of.rolling.periods[roll]
        first = of.operand(place, index)
        second = of.operand(place + period, index)
        how = of.rolling.sort(start, period, place, first, second)
        if how == OWN:
            return self._results[first - of.leaves - start]
        if how == CARRIED:
            return self._carried[second - of.leaves - start]
        return self._number(first) if how == SAME else self._moving(first, second)

    def _product(self, first: int, second: int) -> int:
        """Where the product of two numbers is, in every turn or in all of them."""
        operation = self._operations[MUL]
        if first < 0 and second < 0:
            product = self._uniforms.take()
            self._uniform_tape.emit(operation, product, first, second)
        else:
            product = self._slots.take()
            self._products.append(product)
            operation += 1 if second < 0 else 2 if first < 0 else 0
            self._lane_tape.emit(operation, product, first, second)
        return product

    def _keep(self, roll: int, place: int, result: int) -> None:
        """Store or give out what the instruction of a body computes, if that is to be."""
        rolls = self._of.rolling
        stored = rolls.bodies[roll] + place - rolls.starts[roll]
        if rolls.kept[stored] == KEPT:
            self._stored[stored] = self._uniforms.take_in_a_row(rolls.turns[roll])
            self._lane_tape.emit(self._special[STORE], 0, result, self._stored[stored])
        if rolls.kept[stored] == GIVEN:
            output = self._of.outputs[self._of.leaves + place]
            self._lane_tape.emit(self._special[GIVE], 0, result, output)

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
