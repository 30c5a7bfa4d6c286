"""Writes a program, grouped, as instructions of the native interpreter.

`placing` knows where values are; here they are computed, one after another or together, as `roles`
says. `translator.pxd` gives the compiler its types.
"""

from __future__ import annotations

from autograd_core import primitives
from autograd_core.program.backends.native import operations, reading, roles
from autograd_core.program.backends.native.placing import Placing
from autograd_core.program.backends.native.roles import Roles
from autograd_core.program.code.flat import Code

__all__ = ["Translator"]

ABSORBED, GATE, GROUPED = roles.ABSORBED, roles.GATE, roles.GROUPED
NEVER = reading.NEVER
DOT, STRONG_DOT, SUM = (primitives.kind_of(name) for name in ("dot", "strong_dot", "sum"))
BINARY, LISTED, CALLED = operations.BINARY, operations.LISTED, operations.CALLED
CALL = 200  # operations that a call of a function takes as long as
OUTERS, DOTS, DOTS_RELU = operations.OUTERS, operations.DOTS, operations.DOTS_RELU
STRONG_DOTS, GATED = operations.STRONG_DOTS, operations.GATED
SHORT = 4  # weights: to list them is better than such stretches


class Translator(Placing):
    """Writes a program, grouped, as instructions, in the order of the program."""

    __slots__ = ()

    def __init__(self, code: Code, of: Roles, summed: int, numbers: dict[str, int]) -> None:
        super().__init__(code, of, summed, numbers)
        self._prepare()
        self._write()
        if not self._of.single:
            self._give_constants(code.outputs)

    def _prepare(self) -> None:
        """What must be known before anything is written."""

    def _write(self) -> None:
        of = self._of
        products = of.products
        for value in range(of.leaves):
            if of.outputs[value] != NEVER and not of.single:
                self._give_all(value, NEVER)
        for place in range(len(of.roles)):  # first, for dot products are run ahead of their place
            if of.uniform[of.leaves + place]:
                self._write_place(place, False)
        group = self._write_outers(0, NEVER)
        for place in range(len(of.roles)):
            if not of.uniform[of.leaves + place]:
                together = group < len(products.group_runs) and products.group_ready[group] == place
                self._write_place(place, together)
                if together:
                    group = self._write_outers(group, place)
                    self._release_at(place)

    def _write_place(self, place: int, together: bool) -> None:
        """Write what stands at a place; `together` with products, which come before any release."""
        role = self._of.roles[place]
        if role == GROUPED:
            self._write_dots(place)
            if not together:
                self._release_at(place)
        elif role != ABSORBED:
            self._write_one(place, role == GATE, together)

    def _release_at(self, place: int) -> None:
        """Release what was last read at a place."""
        role = self._of.roles[place]
        if role == GROUPED:
            dot = self._of.dot_at(place)
            while dot != NEVER:
                self._release_operands(self._of.dot_places[dot], False, place)
                dot = self._of.dot_next[dot]
        elif role != ABSORBED:
            self._release_operands(place, role == GATE, place)

    def _release_operands(self, place: int, gate: bool, when: int) -> None:
        of = self._of
        for index in range(of.count(place)):
            self._release(of.operand(place, index), when)
        if gate:
            self._release(of.rows[of.rows[place, 2] - of.leaves, 1], when)

    def _write_one(self, place: int, gate: bool, together: bool) -> None:
        of = self._of
        kind = of.rows[place, 0]
        value = of.leaves + place
        tape = self._uniform_tape if of.uniform[value] else self._lane_tape
        form = self._forms[kind]
        operation = self._operations[kind]
        count = of.count(place)
        self.effort += CALL if form == CALLED else 1 + count
        first = 0
        second = 0
        if gate:
            operation = self._special[GATED]
        if form == LISTED or (form == CALLED and count == 3):
            numbers = [self._number(of.operand(place, index)) for index in range(count)]
            first = self._listed
            for number in numbers:
                self._list(number)
            second = count if kind == SUM else count // 2
        else:
            first = self._number(of.operand(place, 0))
            if gate:
                second = self._number(of.rows[of.rows[place, 2] - of.leaves, 1])
            elif count == 2:
                second = self._number(of.operand(place, 1))
            if form == BINARY and not of.uniform[value]:
                operation += 1 if second < 0 else 2 if first < 0 else 0
        if not together:
            self._release_operands(place, gate, place)
        result = self._assign(value)
        tape.emit(operation, result, first, second)
        self._give_all(value, place)

    def _write_dots(self, place: int) -> None:
        """The dot products that a place leads; of weights that are evenly apart, the first."""
        of = self._of
        leader = of.dot_at(place)
        pairs = of.pairs(leader)
        begin = of.dot_starts[leader]
        members = []
        dot = leader
        while dot != NEVER:
            members.append(dot)
            dot = of.dot_next[dot]
        sums = len(members)
        xs = [self._number(of.xs[begin + pair]) for pair in range(pairs)]
        strong = of.rows[place, 0] == STRONG_DOT
        starts = [] if strong else [
            self._number(of.lists[of.rows[of.dot_places[dot], 1]]) for dot in members
        ]  # fmt: skip
        results = [self._assign(of.dot_results[dot]) for dot in members]
        stops = self._stretches(members, pairs)
        first = self._listed
        self._list(sums)
        self._list(pairs)
        self._list(len(stops))
        for number in xs:
            self._list(number)
        for number in results:
            self._list(number)
        for number in starts:
            self._list(number)
        begin = 0
        for stop in stops:
            self._list(stop)
            for pair in range(begin, min(begin + 2, stop)):
                for dot in members:
                    self._list(self._number(of.weights[of.dot_starts[dot] + pair]))
            begin = stop
        if not stops:
            for dot in members:
                for pair in range(pairs):
                    self._list(self._number(of.weights[of.dot_starts[dot] + pair]))
        operation = STRONG_DOTS if strong else DOTS_RELU if of.has_relu(leader) else DOTS
        tape = self._uniform_tape if of.single else self._lane_tape
        tape.emit(self._special[operation], 0, first, 0)
        self.effort += sums * pairs
        for dot in members:
            self._give_all(of.dot_results[dot], place)

    def _stretches(self, members: list[int], pairs: int) -> list[int]:
        """Where stretches end along which each sum's weights are evenly apart; none of too many."""
        of = self._of
        stops: list[int] = []
        start = 0
        while start < pairs:
            stop = pairs
            for dot in members:
                begin = of.dot_starts[dot]
                pair = start + 2
                if pair < stop:
                    number = self._number(of.weights[begin + start + 1])
                    apart = number - self._number(of.weights[begin + start])
                    while pair < stop and self._number(of.weights[begin + pair]) == number + apart:
                        number += apart
                        pair += 1
                    stop = pair
            stops.append(stop)
            start = stop
            if len(stops) > pairs // SHORT + 1:
                return []
        return stops

    def _write_outers(self, group: int, place: int) -> int:
        """The products ready at a place, from a group on; the first group that is not."""
        products = self._of.products
        stop = group
        while stop < len(products.group_runs) and products.group_ready[stop] == place:
            self._write_outer(products.group_runs[stop])
            stop += 1
        for ready in range(group, stop):
            run = products.group_runs[ready]
            while run != NEVER:
                self._release(products.first_factors[products.run_starts[run]], place)
                for index in range(products.run_starts[run], products.run_starts[run + 1]):
                    self._release(products.factors[index], place)
                run = products.group_next[run]
        return stop

    def _write_outer(self, leader: int) -> None:
        products = self._of.products
        members = []
        run = leader
        while run != NEVER:
            members.append(run)
            run = products.group_next[run]
        begin = products.run_starts[leader]
        count = products.run_starts[leader + 1] - begin
        cotangents = [
            self._number(products.first_factors[products.run_starts[run]]) for run in members
        ]
        factors = [self._number(products.factors[begin + index]) for index in range(count)]
        first = self._listed
        self._list(len(members))
        self._list(count)
        for number in cotangents:
            self._list(number)
        for number in factors:
            self._list(number)
        listed = 0
        for run in members:
            if products.in_a_row(run):
                self._list(products.outputs[products.run_starts[run]] - self._kept)
            else:
                self._list(-1 - listed)
                listed += count
        for run in members:
            if not products.in_a_row(run):
                for index in range(count):
                    self._list(products.outputs[products.run_starts[run] + index] - self._kept)
        self._lane_tape.emit(self._special[OUTERS], 0, first, 0)
        self.effort += len(members) * count
