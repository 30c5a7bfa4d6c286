"""The adjoint of a flat program: the reverse sweep, written as instructions.

The sweep's order and its sums are those of `sweep`, so that a program's gradient has the very bits
of the eager one: depth first from the outputs, parents from left to right, gone through backwards;
operands in a list from the last to the first; products by the rule of zeros. What flows to a value
is collected as pairs of a cotangent and a partial and written, once all have come, as one
instruction. `reverse.pxd` beside this file gives the compiler its types.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Sequence
from typing import Any

import numpy

from autograd_core import primitives
from autograd_core.program.adjoint import partials, stencils
from autograd_core.program.adjoint.stencils import Stencil
from autograd_core.program.analysis.operands import Operands
from autograd_core.program.code.flat import Code, Integers
from autograd_core.program.code.writer import CodeWriter

__all__ = ["Pairs", "is_zero", "leads_from", "pull_back"]

ADD, NEG, MUL = (primitives.kind_of(name) for name in ("add", "neg", "mul"))
SUM, STRONG_DOT = primitives.kind_of("sum"), primitives.kind_of("strong_dot")
STRONG_PRODUCT = primitives.kind_of("strong_product")

NOWHERE = -1


def leads_from(code: Code, wanted: Sequence[int]) -> Integers:
    """For every value, 1 if it depends on a wanted one in a way that a derivative sees."""
    leads = numpy.zeros(code.values, dtype=numpy.int32)
    leads[list(wanted)] = 1
    _mark_leading(Operands(code), _barriers(len(primitives.ROWS)), leads)
    return leads


@functools.lru_cache(maxsize=1)
def _barriers(rows: int) -> Integers:
    """1 for every row that no derivative goes through."""
    holds = [row is not None and row.holds for row in primitives.ROWS[:rows]]
    return numpy.array(holds, dtype=numpy.int32)


def _mark_leading(of: Operands, barriers: Integers, leads: Integers) -> None:
    for place in range(len(of.rows)):
        if barriers[of.rows[place, 0]]:
            continue
        for index in range(of.count(place)):
            operand = of.operand(place, index)
            if operand >= 0 and leads[operand]:
                leads[of.leaves + place] = 1
                break


def _sweep_order(of: Operands, leads: Integers, outputs: Integers, order: Integers) -> int:
    """Fill `order` with the instructions' places, operands first; how many they are."""
    rows, lists, arity, leaves = of.rows, of.lists, of.arity, of.leaves
    count = len(rows)
    met = numpy.zeros(count, dtype=numpy.int32)
    stack = numpy.empty(count, dtype=numpy.int32)
    resume = numpy.empty(count, dtype=numpy.int32)
    met_, stack_, resume_ = met, stack, resume
    filled = 0
    for output in outputs:
        if output < leaves or not leads[output] or met_[output - leaves]:
            continue
        depth = 0
        place = output - leaves
        met_[place] = 1
        index = 0
        while True:
            kind = rows[place, 0]
            count = arity[kind] if arity[kind] else rows[place, 2]
            descend = False
            while index < count:
                operand = rows[place, 1 + index] if arity[kind] else lists[rows[place, 1] + index]
                index += 1
                if operand >= leaves and leads[operand] and not met_[operand - leaves]:
                    stack_[depth] = place
                    resume_[depth] = index
                    depth += 1
                    place = operand - leaves
                    met_[place] = 1
                    index = 0
                    descend = True
                    break
            if descend:
                continue
            order[filled] = place
            filled += 1
            if depth == 0:
                break
            depth -= 1
            place = stack_[depth]
            index = resume_[depth]
    return filled


class Pairs:
    """For every value, the pairs of a cotangent and a partial that have come to it, in order."""

    __slots__ = ("_cotangents", "_first", "_last", "_next", "_partials", "_used", "_zero")

    def __init__(self, values: int, capacity: int) -> None:
        self._first = numpy.full(values, NOWHERE, dtype=numpy.int32)
        self._last = numpy.full(values, NOWHERE, dtype=numpy.int32)
        self._next = numpy.empty(capacity, dtype=numpy.int32)
        self._cotangents = numpy.empty(capacity, dtype=numpy.int32)
        self._partials = numpy.empty(capacity, dtype=numpy.int32)
        self._used = 0
        self._zero = 0  # the number of 0.0, once it is needed

    def add(self, value: int, cotangent: int, partial: int) -> None:
        """One more pair for a value."""
        pair = self._used
        if pair == len(self._next):
            self._next = numpy.concatenate([self._next, self._next])
            self._cotangents = numpy.concatenate([self._cotangents, self._cotangents])
            self._partials = numpy.concatenate([self._partials, self._partials])
        self._used = pair + 1
        self._cotangents[pair] = cotangent
        self._partials[pair] = partial
        self._next[pair] = NOWHERE
        if self._first[value] == NOWHERE:
            self._first[value] = pair
        else:
            self._next[self._last[value]] = pair
        self._last[value] = pair

    def total(self, value: int, one: int, written: CodeWriter) -> int:
        """Write the sum of what came to a value; the number of the constant 0.0 if nothing did."""
        pair = self._first[value]
        if pair == NOWHERE:
            if not self._zero:
                self._zero = written.constant(0.0)
            return self._zero
        if self._next[pair] == NOWHERE:
            return product(self._cotangents[pair], self._partials[pair], one, written)
        count = 0
        products = False
        while pair != NOWHERE:
            count += 1
            if self._partials[pair] != one:
                products = True
            pair = self._next[pair]
        pair = self._first[value]
        if not products and count == 2:
            return written.emit(ADD, self._cotangents[pair], self._cotangents[self._next[pair]])
        while pair != NOWHERE:
            written.list_operand(self._cotangents[pair])
            if products:
                written.list_operand(self._partials[pair])
            pair = self._next[pair]
        return (
            written.emit_listed(STRONG_DOT, 2 * count)
            if products
            else written.emit_listed(SUM, count)
        )


def is_zero(value: int, written: CodeWriter) -> bool:
    """Whether it is the constant 0, which contributes nothing."""
    return value < 0 and written.number_of_constant(value) == 0


def product(cotangent: int, partial: int, one: int, written: CodeWriter) -> int:
    """Write cotangent · partial by the rule of zeros; nothing for a factor of 1."""
    if partial == one:
        return cotangent
    if cotangent == one:
        return partial
    if partial < 0:
        number = written.number_of_constant(partial)
        if number == -1:
            return written.emit(NEG, cotangent, 0)
        if math.isfinite(number):  # no rule is needed: one of 0 has not come this far
            return written.emit(MUL, cotangent, partial)
    return written.emit(STRONG_PRODUCT, cotangent, partial)


def pull_back(
    code: Code, seeds: Sequence[int], wanted: Sequence[int], written: CodeWriter
) -> list[int]:
    """Write the reverse sweep after a program; the numbers of the wanted values' cotangents.

    `written` is a writer that holds the program, and `seeds` are the cotangents of its outputs.
    """
    leads = leads_from(code, wanted)
    return _pull_back(Operands(code), leads, code.outputs, list(seeds), list(wanted), written)


def _pull_back(
    of: Operands,
    leads: Integers,
    outputs: Integers,
    seeds: list[int],
    wanted: list[int],
    written: CodeWriter,
) -> list[int]:
    leaves = of.leaves
    order = numpy.empty(len(of.rows), dtype=numpy.int32)
    filled = _sweep_order(of, leads, outputs, order)
    one = written.constant(1.0)
    pairs = Pairs(leaves + len(order), 2 * len(order) + len(of.lists) + 64)
    for output, seed in zip(outputs, seeds, strict=True):
        if output >= 0 and leads[output]:
            pairs.add(output, seed, one)
    order_ = order
    flat: list[Stencil | None] = [None] * (2 * len(primitives.ROWS))
    for position in range(filled - 1, -1, -1):
        place = order_[position]
        cotangent = pairs.total(leaves + place, one, written)
        if is_zero(cotangent, written):
            continue
        kind = of.rows[place, 0]
        count = of.arity[kind]
        if count == 0:
            _pull_back_listed(
                kind,
                [of.operand(place, index) for index in range(of.count(place))],
                leaves + place,
                cotangent,
                leads,
                pairs,
                written,
            )
            continue
        first = of.rows[place, 1]
        second = of.rows[place, 2]
        for index in range(count):
            operand = second if index else first
            if operand >= 0 and leads[operand]:
                stencil = flat[2 * kind + index]
                if stencil is None:
                    template = partials.template_of(kind, count, index)
                    stencil = flat[2 * kind + index] = Stencil(template, count, written)
                partial = stencil.write(first, second, leaves + place, written)
                if not is_zero(partial, written):
                    pairs.add(operand, cotangent, partial)
    return [pairs.total(value, one, written) for value in wanted]


def _pull_back_listed(
    kind: int,
    operands: list[int],
    out: int,
    cotangent: int,
    leads: Integers,
    pairs: Pairs,
    written: CodeWriter,
) -> None:
    count = len(operands)
    row: Any = primitives.ROWS[kind]  # never None: no instruction makes a leaf
    if row.arity is None:
        template = partials.template_of(kind, count, -1)
        found = stencils.write_partial(template, operands, out, written)
    for index in range(count - 1, -1, -1):
        operand = operands[index]
        if operand < 0 or not leads[operand]:
            continue
        if row.arity is None:
            partial = found[index]
        else:
            template = partials.template_of(kind, count, index)
            (partial,) = stencils.write_partial(template, operands, out, written)
        if not is_zero(partial, written):
            pairs.add(operand, cotangent, partial)
