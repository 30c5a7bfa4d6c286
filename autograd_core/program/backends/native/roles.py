"""What the native interpreter runs together, and for how long each value is needed.

Instruction by instruction: whether another takes it in (a `relu` its `dot`, `above(y, 0)` the
product it is a factor of), and which dot products of the same operands, a layer's say, become one
instruction, run where the first of them stands. Nothing here changes a bit: `executable` writes
what is decided. `roles.pxd` beside this file gives the compiler its types.
"""

from __future__ import annotations

import numpy

from autograd_core import primitives
from autograd_core.program.analysis.shared_factors import DotProducts, dot_products, equal_lists
from autograd_core.program.backends.native import reading
from autograd_core.program.backends.native.keeping import Keeping
from autograd_core.program.backends.native.reading import Reading
from autograd_core.program.backends.native.summed_products import SummedProducts
from autograd_core.program.code.flat import Code, Flags, Integers

__all__ = ["ABSORBED", "GATE", "GROUPED", "MAXIMUM", "PINNED", "PLAIN", "ROLLED", "Roles"]

ABOVE, DOT, RELU, STRONG_DOT, STRONG_PRODUCT = (
    primitives.kind_of(name) for name in ("above", "dot", "relu", "strong_dot", "strong_product")
)

PLAIN, ABSORBED, GROUPED, GATE, ROLLED = range(5)  # the roles of instructions

NEVER = reading.NEVER
MAXIMUM = PINNED = 2**31 - 1
NEAR = 4096  # instructions between the first and the last that are run together
MOST = 256  # dot products of a group: all wait in slots


class Roles(Reading):
    """The decisions about one program, the last `summed` outputs of which are added up.

    `inline` says of every kind whether the interpreter computes it without a call or a list. For a
    single sample they are given up where clearly more than the `most` instructions are in no loop.
    """

    __slots__ = (
        "dot_next",
        "dot_places",
        "dot_results",
        "dot_starts",
        "dot_stops",
        "last",
        "products",
        "roles",
        "rolling",
        "weights",
        "xs",
    )

    def __init__(
        self, code: Code, summed: int, single: bool, inline: Flags, most: int = MAXIMUM
    ) -> None:
        super().__init__(code, single)
        self.products = SummedProducts(self, code, summed)
        products = code.outputs.take(numpy.asarray(self.products.outputs)) - code.leaves
        roles = numpy.zeros(len(code), dtype=numpy.uint8)
        roles.put(products, ABSORBED)
        if single:
            self._find_rolls(code, roles, len(code.outputs) - summed, inline, most)
            if self.rolling.given_up:
                return
        self.roles = roles  # written to before: NumPy, short of memory, may copy what is compiled
        self._find_gates()
        self._find_dots(code)
        self.last = numpy.full(code.values, NEVER, dtype=numpy.int32)
        self._find_last(code.outputs)

    def _find_rolls(self, code: Code, roles: Flags, given: int, inline: Flags, most: int) -> None:
        constants = len(code.constants)
        self.rolling = Keeping(self.apart(), most, constants, code.outputs, inline, given)
        for roll in range(self.rolling.rolls):
            start = self.rolling.starts[roll]
            count = self.rolling.periods[roll] * self.rolling.turns[roll]
            roles[start : start + count] = ROLLED

    def one_by_one(self) -> int:
        """For a single sample, how many instructions are run one after another, turns included.

        `MAXIMUM` where all is given up.
        """
        if self.rolling.given_up:
            return MAXIMUM
        left = 0
        for place in range(len(self.roles)):
            left += self.roles[place] != ABSORBED and self.roles[place] != ROLLED
        return left + self.rolling.in_turn()

    def _find_gates(self) -> None:
        for place in range(len(self.roles)):
            if self.rows[place, 0] != STRONG_PRODUCT or self.roles[place] != PLAIN:
                continue
            factor = self.rows[place, 2] - self.leaves
            if factor < 0 or self.rows[factor, 0] != ABOVE or self.roles[factor] != PLAIN:
                continue
            if self.uses[self.leaves + factor] != 1:
                continue
            if self.is_zero(self.rows[factor, 2]) and (
                self.uniform[self.leaves + factor] == self.uniform[self.leaves + place]
            ):
                self.roles[factor] = ABSORBED
                self.roles[place] = GATE

    def _find_dots(self, code: Code) -> None:
        """The dot products whose weights are at hand from the start, in order, and their groups."""
        dots = dot_products(code)
        if len(dots.places):
            self._group_dots(code, dots)
        else:
            # Const views and others apart: Cython before 3.3.1 stops at both in a line.
            self.xs = self.weights = dots.places
            self.dot_places = self.dot_starts = self.dot_stops = dots.places
            self.dot_results = self.dot_next = dots.places

    def _group_dots(self, code: Code, dots: DotProducts) -> None:
        late = numpy.arange(code.values) >= code.leaves
        if not self.single:
            late = numpy.asarray(self.uniform) == 0
        late = numpy.append(late, numpy.zeros(len(code.constants), dtype=bool))
        # A product commutes, but of a strong one the first factor decides about zeros.
        swap = ~late.take(dots.first) & numpy.repeat(dots.kinds == DOT, dots.stops - dots.starts)
        self.xs = xs = numpy.where(swap, dots.second, dots.first)
        self.weights = weights = numpy.where(swap, dots.first, dots.second)
        fits = ~late.take(weights) & (xs >= 0 if self.single else late.take(xs))
        misfits = numpy.append(0, numpy.cumsum(~fits, dtype=numpy.int32))
        kept = (misfits.take(dots.starts) == misfits.take(dots.stops)) & (dots.starts < dots.stops)
        kept &= numpy.asarray(self.roles).take(dots.places) == PLAIN
        self.dot_places = dots.places[kept]
        self.dot_starts = dots.starts[kept]
        self.dot_stops = dots.stops[kept]
        count = len(self.dot_places)
        self.dot_results = self.dot_places + numpy.int32(self.leaves)
        self.dot_next = numpy.full(count, NEVER, dtype=numpy.int32)
        if count:
            kinds = code.instructions[:, 0]
            self._absorb_relu(numpy.flatnonzero(kinds == RELU).astype(numpy.int32))
        relus = numpy.asarray(self.dot_results) != self.dot_places + numpy.int32(self.leaves)
        self._link_dots(
            equal_lists(xs, self.dot_starts, self.dot_stops, 2 * dots.kinds[kept] + relus),
            numpy.full(count, NEVER, dtype=numpy.int32),
            numpy.empty(count, dtype=numpy.int32),
            numpy.zeros(count, dtype=numpy.int32),
        )

    def pairs(self, dot: int) -> int:
        """How many products a dot product adds up."""
        return self.dot_stops[dot] - self.dot_starts[dot]

    def _absorb_relu(self, relus: Integers) -> None:
        for index in range(len(relus)):
            place = relus[index]
            value = self.rows[place, 1]
            if value < self.leaves or self.uses[value] != 1 or self.roles[place] != PLAIN:
                continue
            dot = self.dot_at(value - self.leaves)
            if dot != NEVER and self.rows[value - self.leaves, 0] == DOT:
                self.dot_results[dot] = self.leaves + place
                self.roles[place] = ABSORBED

    def dot_at(self, place: int) -> int:
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

    def has_relu(self, dot: int) -> bool:
        """Whether a dot product has taken in the relu of it."""
        return self.dot_results[dot] != self.leaves + self.dot_places[dot]

    def _link_dots(self, alike: Integers, leads: Integers, tail: Integers, size: Integers) -> None:
        for dot in range(len(tail)):
            place = self.dot_places[dot]
            leader = leads[alike[dot]]
            if leader == NEVER or size[leader] == MOST or not self._may_join(leader, place):
                leads[alike[dot]] = dot
                self.roles[place] = GROUPED
                tail[dot] = dot
                size[dot] = 1
            else:
                self.dot_next[tail[leader]] = dot
                self.roles[place] = ABSORBED
                tail[leader] = dot
                size[leader] += 1
        if self.single:  # one sum alone gains nothing
            for dot in range(len(tail)):
                if size[dot] == 1 and not self.has_relu(dot):
                    self.roles[self.dot_places[dot]] = PLAIN

    def _may_join(self, leader: int, place: int) -> bool:
        """Whether a dot product can be run as early as its group's first: its start is known."""
        first = self.dot_places[leader]
        if place - first > NEAR:
            return False
        if self.rows[place, 0] == STRONG_DOT:
            return True
        start = self.lists[self.rows[place, 1]]
        return self.given(start) or start - self.leaves < first

    def _find_last(self, outputs: Integers) -> None:
        for place in range(len(self.roles)):
            if self.roles[place] == GROUPED:
                dot = self.dot_at(place)
                while dot != NEVER:
                    self._need_operands(self.dot_places[dot], place)
                    dot = self.dot_next[dot]
            elif self.roles[place] == ROLLED:
                roll = self.rolling.roll_at(place)
                if place - self.rolling.starts[roll] < self.rolling.periods[roll]:
                    start = self.rolling.starts[roll]
                    self._need_operands(place, PINNED if self.rolling.again[roll] else start)
            elif self.roles[place] != ABSORBED:
                self._need_operands(place, place)
                if self.roles[place] == GATE:
                    self._need_operands(self.rows[place, 2] - self.leaves, place)
        products = self.products
        for group in range(len(products.group_runs)):
            ready = products.group_ready[group]
            run = products.group_runs[group]
            while run != NEVER:
                for index in range(products.run_starts[run], products.run_starts[run + 1]):
                    self._need(products.first_factors[index], ready, False)
                    self._need(products.factors[index], ready, False)
                run = products.group_next[run]
        for output in range(len(outputs)):
            if outputs[output] >= 0 and self.uniform[outputs[output]]:
                self.last[outputs[output]] = PINNED

    def _need_operands(self, place: int, when: int) -> None:
        uniform = self.uniform[self.leaves + place] != 0
        for index in range(self.count(place)):
            operand = self.operand(place, index)
            if operand >= 0:
                self._need(operand, when, uniform)

    def _need(self, value: int, when: int, uniform: bool) -> None:
        """A uniform value that lanes read is needed to the end: it is computed before them all."""
        if self.uniform[value] and not uniform:
            self.last[value] = PINNED
        elif self.last[value] < when:
            self.last[value] = when
