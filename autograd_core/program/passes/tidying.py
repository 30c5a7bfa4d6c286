"""Passes that make a flat program shorter and keep its bits.

`simplified` folds what is constant, drops factors of 1 and zeros that are added to sums, squares by
multiplying, and writes equal instructions once; `pruned` leaves out what no output needs; a third
pass is `fusing`'s. No pass reorders an addition or replaces an operation by one that rounds
differently. `tidying.pxd` beside this file gives the compiler its types.
"""

from __future__ import annotations

import math
from typing import Any

import numpy

from autograd_core import primitives
from autograd_core.program.analysis.operands import Operands
from autograd_core.program.code.flat import Code, Integers
from autograd_core.program.passes.fusing import fused
from autograd_core.program.passes.rewriting import Rewriting

__all__ = ["PASSES", "pruned", "simplified"]

MUL, DIV = primitives.kind_of("mul"), primitives.kind_of("div")
POW, POWER_RATE, SQUARE = (primitives.kind_of(name) for name in ("pow", "power_rate", "square"))
ADD, SUM, STRONG_DOT = (primitives.kind_of(name) for name in ("add", "sum", "strong_dot"))
STRONG_PRODUCT, WHERE = primitives.kind_of("strong_product"), primitives.kind_of("where")
BUILT_IN = primitives.BUILT_IN
FREE = -1
# Instructions are looked for among those with the same latest operand, which stand near one
# another, in memory that is at hand; where these are so many already, anywhere.
NEARBY = 8


def simplified(code: Code) -> Code:
    """The program with constants folded, factors of 1 dropped, and equal instructions once."""
    simplifying = Simplifying(code, len(code))
    simplifying.write()
    return simplifying.finished(code)


class Simplifying(Rewriting):
    """A program in which equal instructions are looked for.

    Those written are in lists, each of which `table` has the first of, and of each one `following`
    has the next.
    """

    __slots__ = ("following", "one", "table", "two")

    def __init__(self, code: Code, capacity: int) -> None:
        super().__init__(code, capacity)
        size = 64
        while size < code.values:
            size *= 2
        self.table = numpy.full(size, FREE, dtype=numpy.int32)
        self.following = numpy.empty(len(code), dtype=numpy.int32)
        self.one: int = self.written.constant(1.0)
        self.two: int = self.written.constant(2.0)

    def write(self) -> None:
        """Write the program."""
        for place in range(len(self.rows)):
            if self.arity[self.rows[place, 0]]:
                self.numbers[self.leaves + place] = self._simplified(place)
            else:
                self.numbers[self.leaves + place] = self._simplified_listed(place)

    def _simplified(self, place: int) -> int:
        written = self.written
        kind = self.rows[place, 0]
        count = self.arity[kind]
        first = self.now(self.rows[place, 1])
        second = self.now(self.rows[place, 2]) if count == 2 else 0
        if kind in (MUL, STRONG_PRODUCT):
            if first == self.one or second == self.one:
                return second if first == self.one else first
        elif (kind == DIV and second == self.one) or (
            kind == ADD and self._is_zero(second) and self._begins_with_zero(first - self.leaves)
        ):
            return first
        elif kind == POW and second == self.two:
            kind, second, count = SQUARE, 0, 1
        elif kind == POWER_RATE and second == self.two:
            kind, first, second = MUL, self.two, first
        if first < 0 and (count == 1 or second < 0) and kind < BUILT_IN:
            operands = [written.number_of_constant(first)]
            if count == 2:
                operands.append(written.number_of_constant(second))
            return written.constant(_evaluated(kind, operands))
        return self._once(kind, first, second)

    def _is_zero(self, value: int) -> bool:
        """Whether it is the constant +0.0."""
        if value >= 0 or self.written.number_of_constant(value) != 0.0:
            return False
        return math.copysign(1.0, self.written.number_of_constant(value)) > 0.0

    def _begins_with_zero(self, place: int) -> bool:
        """Whether it is a sum from +0.0 on, never -0.0, so that adding +0.0 changes no bit."""
        return place >= 0 and self.written.kind(place) in (SUM, STRONG_DOT)

    def _once(self, kind: int, first: int, second: int) -> int:
        """The number of the instruction, written now unless there is an equal one."""
        mask = len(self.table) - 1
        slot = max(first, second) & mask
        link, last, met = self.table[slot], FREE, 0
        while link != FREE:
            if self.written.same(link, kind, first, second):
                return self.leaves + link
            last, link = link, self.following[link]
            met += 1
            if met == NEARBY:
                slot = (first * 40503 ^ second * 30011 ^ int(kind) * 7919) & mask
                last, link = FREE, self.table[slot]
        self._append(slot, last)
        return self.written.emit(kind, first, second)

    def _append(self, slot: int, last: int) -> None:
        """Let the next instruction be the one after the last of a list."""
        place = self.written.size()
        if last == FREE:
            self.table[slot] = place
        else:
            self.following[last] = place
        self.following[place] = FREE

    def _simplified_listed(self, place: int) -> int:
        written = self.written
        kind = self.rows[place, 0]
        count = self.count(place)
        if kind == WHERE:
            condition = self.now(self.operand(place, 0))
            if condition < 0:
                chosen = 1 if written.number_of_constant(condition) != 0 else 2
                return self.now(self.operand(place, chosen))
        known = kind < BUILT_IN
        mask = len(self.table) - 1
        far = int(kind) * 7919  # NumPy's own integers would overflow
        latest = 0
        for index in range(count):
            operand = int(self.now(self.operand(place, index)))
            written.list_operand(operand)
            far = (far * 31 ^ operand * 40503) & mask
            latest = max(latest, operand)
            if operand >= 0:
                known = False
        if known:
            operands = written.take_back(count)
            return written.constant(
                _evaluated(kind, [written.number_of_constant(operand) for operand in operands])
            )
        slot = latest & mask
        link, last, met = self.table[slot], FREE, 0
        while link != FREE:
            if written.same_listed(link, kind, count):
                written.take_back(count)
                return self.leaves + link
            last, link = link, self.following[link]
            met += 1
            if met == NEARBY:
                slot = far
                last, link = FREE, self.table[slot]
        self._append(slot, last)
        return written.emit_listed(kind, count)


def _evaluated(kind: int, operands: list[float]) -> float:
    row: Any = primitives.ROWS[kind]  # never None: no instruction makes a leaf
    return row.forward(*operands)


def pruned(code: Code) -> Code:
    """The program without the instructions and constants that no output needs."""
    needed = numpy.zeros(code.values, dtype=numpy.int32)
    used = numpy.zeros(len(code.constants), dtype=numpy.int32)
    needed[code.outputs[code.outputs >= 0]] = 1
    used[-1 - code.outputs[code.outputs < 0]] = 1
    _mark_needed(Operands(code), needed, used)
    count = int(needed[code.leaves :].sum())
    if count == len(code):
        kept = Rewriting(code, 0, used)
        return kept.written.standing_in(code, numpy.asarray(kept.constants))
    pruning = Rewriting(code, count, used)
    _prune(pruning, needed)
    return pruning.finished(code)


def _mark_needed(of: Operands, needed: Integers, used: Integers) -> None:
    for place in range(len(of.rows) - 1, -1, -1):
        if not needed[of.leaves + place]:
            continue
        for index in range(of.count(place)):
            value = of.operand(place, index)
            if value < 0:
                used[-1 - value] = 1
            else:
                needed[value] = 1


def _prune(of: Rewriting, needed: Integers) -> None:
    for place in range(len(of.rows)):
        if needed[of.leaves + place]:
            of.numbers[of.leaves + place] = of.copied(place)


PASSES = (
    ("dead code", pruned),
    ("common subexpressions and constants", simplified),
    ("dot products", fused),
    ("dead code again", pruned),
)
"""The passes in the order in which a program goes through them, by what they save."""
