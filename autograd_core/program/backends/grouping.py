"""What the native interpreter runs together, and for how long each value is needed.

Before a program is translated, this room decides, instruction by instruction: whether it is the
same for all samples; whether another takes it in (a `relu` its `dot`, `above(y, 0)` the product it
is a factor of); which dot products of the same operands, a layer's say, become one instruction, run
where the first of them stands; and which products that are only added up over the samples, the
gradients of a layer's weights, become one instruction where the last operand is known. Nothing here
changes a bit: `executable` writes what is decided. `grouping.pxd` gives the compiler its types.
"""

from __future__ import annotations

import numpy

from autograd_core import primitives
from autograd_core.program.code import Code, arities

__all__ = ["ABSORBED", "GATE", "GROUPED", "NEVER", "PINNED", "PLAIN", "Grouping"]

ABOVE, DOT, RELU, STRONG_DOT, STRONG_PRODUCT = (
    primitives.kind_of(name) for name in ("above", "dot", "relu", "strong_dot", "strong_product")
)

PLAIN, ABSORBED, GROUPED, GATE = range(4)  # the roles of instructions

NEVER = -1
PINNED = 2**31 - 1
NEAR = 4096  # instructions between the first and the last that are run together
MOST = 256  # of what is run together: all wait for each other in slots


class Grouping:
    """The decisions about one program; `single` says that there will be one sample only."""

    __slots__ = (
        "arity",
        "constants",
        "cotangents",
        "dot_next",
        "dot_places",
        "dot_results",
        "factors",
        "group_next",
        "group_ready",
        "group_runs",
        "groups",
        "last",
        "leaves",
        "lists",
        "output_next",
        "outputs",
        "products",
        "roles",
        "rows",
        "run_starts",
        "single",
        "uniform",
        "uses",
    )

    def __init__(self, code: Code, summed: int, single: bool) -> None:
        self.arity = arities()
        self.single = single
        self.leaves = code.leaves
        self.constants = code.constants
        self.lists = code.operands
        self.rows = code.instructions
        self.roles = numpy.zeros(len(code), dtype=numpy.uint8)
        self.uniform = numpy.zeros(code.values, dtype=numpy.uint8)
        self.uniform[0 if single else code.inputs : code.leaves] = 1
        self._mark_uniform()
        self._read_relu()
        self.uses = numpy.zeros(code.values, dtype=numpy.int32)
        self.outputs = numpy.full(code.values, NEVER, dtype=numpy.int32)
        self.output_next = numpy.full(len(code.outputs), NEVER, dtype=numpy.int32)
        self._count_uses(code.outputs)
        self._find_products(code.outputs, len(code.outputs) - summed)
        self._find_gates()
        self._find_dots()
        self._group_dots()
        self._group_products()
        self.last = numpy.full(code.values, NEVER, dtype=numpy.int32)
        self._find_last(code.outputs)

    def count(self, place):
        """How many operands the instruction at a place has."""
        arity = self.arity[self.rows[place, 0]]
        return arity if arity else self.rows[place, 2]

    def operand(self, place, index):
        """One operand of the instruction at a place."""
        if self.arity[self.rows[place, 0]]:
            return self.rows[place, 1 + index]
        return self.lists[self.rows[place, 1] + index]

    def _mark_uniform(self):
        for place in range(len(self.roles)):
            uniform = True
            for index in range(self.count(place)):
                operand = self.operand(place, index)
                if operand >= 0 and not self.uniform[operand]:
                    uniform = False
                    break
            self.uniform[self.leaves + place] = uniform

    def _is_zero(self, value):
        return value < 0 and self.constants[-1 - value] == 0

    def _read_relu(self):
        """Let above(y, 0) read relu(y), which says as much of the sign, so that y need not wait."""
        kinds = numpy.asarray(self.rows)[:, 0]
        if not (kinds == ABOVE).any() or not (kinds == RELU).any():
            return
        self.rows = numpy.array(self.rows)
        self._redirect(numpy.full(len(self.uniform), NEVER, dtype=numpy.int32))

    def _redirect(self, relus):
        for place in range(len(self.roles)):
            first = self.rows[place, 1]
            if self.rows[place, 0] == RELU and first >= 0:
                relus[first] = self.leaves + place
            elif (
                self.rows[place, 0] == ABOVE
                and first >= 0
                and relus[first] != NEVER
                and self._is_zero(self.rows[place, 2])
            ):
                self.rows[place, 1] = relus[first]

    def _count_uses(self, outputs):
        for place in range(len(self.roles)):
            for index in range(self.count(place)):
                operand = self.operand(place, index)
                if operand >= 0:
                    self.uses[operand] += 1
        for output in range(len(outputs) - 1, -1, -1):
            value = outputs[output]
            if value >= 0:
                self.uses[value] += 1
                self.output_next[output] = self.outputs[value]
                self.outputs[value] = output

    # Products that are only added up.
    def _find_products(self, outputs, kept):
        """Sorted by first factor, then by second, so that equal runs of second factors show."""
        products = numpy.empty(len(outputs) - kept, dtype=numpy.int32)
        found = self._mark_products(outputs, kept, products)
        products = products[:found]
        places = numpy.asarray(outputs)[products] - self.leaves
        rows = numpy.asarray(self.rows)
        order = numpy.lexsort((rows[places, 2], rows[places, 1]))
        self.products = products[order]
        self.cotangents = rows[places[order], 1].copy()
        self.factors = rows[places[order], 2].copy()

    def _mark_products(self, outputs, kept, products):
        found = 0
        for output in range(kept, len(outputs)):
            place = outputs[output] - self.leaves
            if place < 0 or self.rows[place, 0] != STRONG_PRODUCT:
                continue
            first = self.rows[place, 1]
            second = self.rows[place, 2]
            if self.uses[self.leaves + place] != 1 or first < 0 or second < 0:
                continue
            if not self.uniform[first] and not self.uniform[second]:
                self.roles[place] = ABSORBED
                products[found] = output
                found += 1
        return found

    def _group_products(self):
        """Group the runs of one first factor that have the same second factors."""
        count = len(self.products)
        starts = numpy.flatnonzero(numpy.diff(self.cotangents, prepend=-1)).astype(numpy.int32)
        runs = len(starts)
        self.run_starts = numpy.append(starts, numpy.int32(count)).astype(numpy.int32)
        self.group_next = numpy.full(runs, NEVER, dtype=numpy.int32)
        group_of = numpy.empty(runs, dtype=numpy.int32)
        ready = numpy.full(runs, NEVER, dtype=numpy.int32)
        table = numpy.full(_table_size(runs), NEVER, dtype=numpy.int32)
        self._link_runs(
            table, group_of, numpy.empty(runs, dtype=numpy.int32),
            numpy.zeros(runs, dtype=numpy.int32), ready,
        )  # fmt: skip
        leaders = numpy.flatnonzero(group_of == numpy.arange(runs))
        order = numpy.argsort(ready[leaders], kind="stable")
        self.group_runs = leaders[order].astype(numpy.int32)
        self.group_ready = ready[leaders[order]].astype(numpy.int32)

    def _link_runs(self, table, group_of, tail, size, ready):
        mask = len(table) - 1
        for run in range(len(group_of)):
            start = self.run_starts[run]
            stop = self.run_starts[run + 1]
            slot = stop - start
            for index in range(start, stop):
                slot = (slot * 31 ^ self.factors[index] * 40503) & mask
            while table[slot] != NEVER and not self._same_factors(table[slot], run):
                slot = (slot + 1) & mask
            leader = table[slot]
            if leader != NEVER and (
                size[leader] == MOST
                or self.cotangents[start] - self.cotangents[self.run_starts[leader]] > NEAR
            ):
                leader = NEVER
            if leader == NEVER:
                leader = run
                table[slot] = run
            else:
                self.group_next[tail[leader]] = run
            group_of[run] = leader
            tail[leader] = run
            size[leader] += 1
            last = self.cotangents[start]
            for index in range(start, stop):
                if self.factors[index] > last:
                    last = self.factors[index]
            if last - self.leaves > ready[leader]:
                ready[leader] = last - self.leaves

    def _same_factors(self, one, other):
        start = self.run_starts[one]
        count = self.run_starts[one + 1] - start
        if self.run_starts[other + 1] - self.run_starts[other] != count:
            return False
        for index in range(count):
            if self.factors[start + index] != self.factors[self.run_starts[other] + index]:
                return False
        return True

    def _find_gates(self):
        for place in range(len(self.roles)):
            if self.rows[place, 0] != STRONG_PRODUCT or self.roles[place] != PLAIN:
                continue
            factor = self.rows[place, 2] - self.leaves
            if factor < 0 or self.rows[factor, 0] != ABOVE or self.uses[self.leaves + factor] != 1:
                continue
            uniform = self.uniform[self.leaves + place]
            if self.uniform[self.leaves + factor] == uniform and self._is_zero(
                self.rows[factor, 2]
            ):
                self.roles[factor] = ABSORBED
                self.roles[place] = GATE

    # Dot products.
    def _find_dots(self):
        """Those whose weights are at hand from the start: in `dot_places`, in order."""
        kinds = numpy.asarray(self.rows)[:, 0]
        places = numpy.flatnonzero((kinds == DOT) | (kinds == STRONG_DOT)).astype(numpy.int32)
        self.dot_places = places[: self._keep_dots(places)]
        self.dot_results = self.dot_places + numpy.int32(self.leaves)
        self.dot_next = numpy.full(len(self.dot_places), NEVER, dtype=numpy.int32)
        if len(self.dot_places):
            self._absorb_relu(numpy.flatnonzero(kinds == RELU).astype(numpy.int32))

    def _keep_dots(self, places):
        kept = 0
        for index in range(len(places)):
            if self._has_weights(places[index]):
                places[kept] = places[index]
                kept += 1
        return kept

    def _has_weights(self, place):
        if not self.single and self.uniform[self.leaves + place]:
            return False
        pairs = self.pairs(place)
        for pair in range(pairs):
            if not self._given(self.weight(place, pair)):
                return False
            x = self.x(place, pair)
            if x < 0 or (not self.single and self.uniform[x]):
                return False
        return pairs > 0

    def _given(self, value):
        """Whether a value is at hand before the first instruction of its sort."""
        return value < self.leaves if self.single else value < 0 or self.uniform[value] != 0

    def pairs(self, place):
        """How many products the dot product at a place adds up."""
        return self.rows[place, 2] // 2

    def weight(self, place, pair):
        """The factor of a pair that is a weight; of strong ones it is the second."""
        first = self.rows[place, 1] + 2 * pair
        if self.rows[place, 0] == STRONG_DOT:
            return self.lists[first + 1]
        return self.lists[first + (1 if self._given(self.lists[first + 1]) else 2)]

    def x(self, place, pair):
        """The other factor of a pair."""
        first = self.rows[place, 1] + 2 * pair
        if self.rows[place, 0] == STRONG_DOT:
            return self.lists[first]
        return self.lists[first + (2 if self._given(self.lists[first + 1]) else 1)]

    def _absorb_relu(self, relus):
        for index in range(len(relus)):
            place = relus[index]
            value = self.rows[place, 1]
            if value < self.leaves or self.uses[value] != 1:
                continue
            dot = self.dot_at(value - self.leaves)
            if dot != NEVER and self.rows[value - self.leaves, 0] == DOT:
                self.dot_results[dot] = self.leaves + place
                self.roles[place] = ABSORBED

    def dot_at(self, place):
        """Which of `dot_places` a place is; NEVER if it is none."""
        low = 0
        high = len(self.dot_places)
        while low < high:
            middle = (low + high) // 2
            if self.dot_places[middle] < place:
                low = middle + 1
            else:
                high = middle
        if low < len(self.dot_places) and self.dot_places[low] == place:
            return low
        return NEVER

    def has_relu(self, dot):
        """Whether a dot product has taken in the relu of it."""
        return self.dot_results[dot] != self.leaves + self.dot_places[dot]

    def _group_dots(self):
        count = len(self.dot_places)
        self._link_dots(
            numpy.full(_table_size(count), NEVER, dtype=numpy.int32),
            numpy.empty(count, dtype=numpy.int32),
            numpy.zeros(count, dtype=numpy.int32),
        )

    def _link_dots(self, table, tail, size):
        mask = len(table) - 1
        for dot in range(len(tail)):
            place = self.dot_places[dot]
            pairs = self.pairs(place)
            slot = self.rows[place, 0] + 7 * self.has_relu(dot)
            for pair in range(pairs):
                slot = (slot * 31 ^ self.x(place, pair) * 40503) & mask
            while table[slot] != NEVER and not self._same_xs(table[slot], dot, pairs):
                slot = (slot + 1) & mask
            leader = table[slot]
            if leader == NEVER or size[leader] == MOST or not self._may_join(leader, place):
                table[slot] = dot
                self.roles[place] = GROUPED
                tail[dot] = dot
                size[dot] = 1
            else:
                self.dot_next[tail[leader]] = dot
                self.roles[place] = ABSORBED
                tail[leader] = dot
                size[leader] += 1

    def _same_xs(self, one, other, pairs):
        first = self.dot_places[one]
        second = self.dot_places[other]
        if self.rows[first, 0] != self.rows[second, 0] or self.pairs(first) != pairs:
            return False
        if self.has_relu(one) != self.has_relu(other):
            return False
        for pair in range(pairs):
            if self.x(first, pair) != self.x(second, pair):
                pairs = NEVER
                break
        return pairs != NEVER

    def _may_join(self, leader, place):
        """Whether a dot product can be run as early as its group's first: its start is known."""
        first = self.dot_places[leader]
        if place - first > NEAR:
            return False
        if self.rows[place, 0] == STRONG_DOT:
            return True
        start = self.lists[self.rows[place, 1]]
        return self._given(start) or start - self.leaves < first

    # How long values are needed.
    def _find_last(self, outputs):
        for place in range(len(self.roles)):
            if self.roles[place] == GROUPED:
                dot = self.dot_at(place)
                while dot != NEVER:
                    self._need_operands(self.dot_places[dot], place)
                    dot = self.dot_next[dot]
            elif self.roles[place] != ABSORBED:
                self._need_operands(place, place)
                if self.roles[place] == GATE:
                    self._need_operands(self.rows[place, 2] - self.leaves, place)
        for group in range(len(self.group_runs)):
            ready = self.group_ready[group]
            run = self.group_runs[group]
            while run != NEVER:
                for index in range(self.run_starts[run], self.run_starts[run + 1]):
                    self._need(self.cotangents[index], ready, False)
                    self._need(self.factors[index], ready, False)
                run = self.group_next[run]
        for output in range(len(outputs)):
            if outputs[output] >= 0 and self.uniform[outputs[output]]:
                self.last[outputs[output]] = PINNED

    def _need_operands(self, place, when):
        uniform = self.uniform[self.leaves + place] != 0
        for index in range(self.count(place)):
            operand = self.operand(place, index)
            if operand >= 0:
                self._need(operand, when, uniform)

    def _need(self, value, when, uniform):
        """A uniform value that lanes read is needed to the end: it is computed before them all."""
        if self.uniform[value] and not uniform:
            self.last[value] = PINNED
        elif self.last[value] < when:
            self.last[value] = when


def _table_size(count):
    size = 64
    while size < 2 * count:
        size *= 2
    return size
