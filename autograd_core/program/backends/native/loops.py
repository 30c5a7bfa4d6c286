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
    rolls,
)
from autograd_core.program.backends.native.translator import Translator

__all__ = ["LoopTranslator"]

NEVER, ROLLED = reading.NEVER, roles.ROLLED
ADD, DOT, MUL, SUM = (primitives.kind_of(name) for name in ("add", "dot", "mul", "sum"))
SAME, OWN, CARRIED = rolls.SAME, rolls.OWN, rolls.CARRIED
KEPT, GIVEN = keeping.KEPT, keeping.GIVEN
BINARY, CALLED, LISTED = operations.BINARY, operations.CALLED, operations.LISTED
NOWHERE = placing.NOWHERE
LOAD, STORE, GIVE = operations.LOAD, operations.STORE, operations.GIVE
LOOP, RUNNING = operations.LOOP, operations.RUNNING


class LoopTranslator(Translator):
    """A translator that writes what repeats as loops."""

    __slots__ = ("_again", "_chains", "_products", "_stored", "_streams", "_turns")

    def _prepare(self) -> None:
        self._stored = numpy.zeros(len(self._of.rolling.kept), dtype=numpy.int32)
        # Of the loop being written:
        self._streams: list[tuple[int, int, int]] = []
        self._again: list[tuple[int, int, int]] = []
        self._chains: dict[int, list[int]] = {}  # from turn to turn, by their ends
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
        self._chains = {}
        self._products = []
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
        slots += self._products
        for slot in reversed(slots):
            self._slots.give_back(slot)
        self._uniform_tape.emit(self._special[LOOP], 0, first, 0)

    def _write_body(self, roll: int, place: int, slots: list[int]) -> None:
        of = self._of
        start = of.rolling.starts[roll]
        kind = of.rows[place, 0]
        count = of.count(place)
        form = self._forms[kind]
        operation = self._operations[kind]
        result = slots[place - start]
        numbers = [self._operand(roll, place, index, slots) for index in range(count)]
        self.effort += of.rolling.turns[roll] * (1 + count)
        if of.rolling.ends[of.rolling.bodies[roll] + place - start] != NEVER:
            self._write_link(roll, place, numbers, slots)
        elif form == LISTED or (form == CALLED and count == 3):
            second = count if kind == SUM else count // 2
            self._lane_tape.emit(operation, result, self._listed, second)
            for number in numbers:
                self._list(number)
            self._keep(roll, place, result)
        else:
            second = numbers[1] if count == 2 else 0
            if form == BINARY:
                operation += 1 if second < 0 else 2 if numbers[0] < 0 else 0
            self._lane_tape.emit(operation, result, numbers[0], second)
            self._keep(roll, place, result)

    def _operand(self, roll: int, place: int, index: int, slots: list[int]) -> int:
        """Where an operand of a body is; of one that the turn before gave, where it begins."""
        of = self._of
        start = of.rolling.starts[roll]
        period = of.rolling.periods[roll]
        first = of.operand(place, index)
        second = of.operand(place + period, index)
        how = of.rolling.sort(start, period, place, first, second)
        if how == OWN:
            return slots[first - of.leaves - start]
        return self._number(first) if how in (SAME, CARRIED) else self._moving(first, second)

    def _write_link(self, roll: int, place: int, numbers: list[int], slots: list[int]) -> None:
        """One of a chain from turn to turn, of which all become one instruction, at its end."""
        of = self._of
        rolls = of.rolling
        start = rolls.starts[roll]
        body = rolls.bodies[roll] - start
        end = rolls.ends[body + place]
        chain = self._chains.get(end)
        if chain is not None:
            side = 0 if numbers[0] == chain[len(chain) - 1] else 1
        else:
            second = of.operand(place + rolls.periods[roll], 0) - of.leaves
            side = 0 if second - start == end - rolls.bodies[roll] else 1
            chain = self._chains[end] = [numbers[side]]
        result = slots[place - start]
        if of.rows[place, 0] != DOT:
            chain += [self._operations[of.rows[place, 0]], numbers[1 - side], result]
        else:
            for pair in range(1, len(numbers), 2):
                product = self._product(numbers[pair], numbers[pair + 1])
                chain += [self._operations[ADD], product, result]
        if body + place == end:
            so_far = self._uniforms.take_in_a_row(1)
            self._stored[end] = so_far
            self._lane_tape.emit(self._special[RUNNING], result, len(chain) // 3, self._listed)
            self._list(chain[0])
            self._list(so_far)
            for number in chain[1:]:
                self._list(number)
            for link in range(start, place + 1):
                if rolls.ends[body + link] == end:
                    self._keep(roll, link, slots[link - start])

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
