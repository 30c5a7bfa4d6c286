"""What a part of a program computes, in a line in which long sums are chains of additions.

A term of a long sum is added as soon as it and the terms before it are there. So a path's mean is
added up along the path, where nothing need be kept for it, and loops are found that hold what they
add up. The order of a sum's terms does not change, and so no bit does.
"""

from __future__ import annotations

from collections.abc import Container
from typing import Any

import numpy
from numpy.typing import NDArray

from autograd_core.primitives import kind_of
from autograd_core.program.analysis.operands import flat_operands, spans
from autograd_core.program.code.flat import Code, Integers

__all__ = ["LONG", "Line", "Places", "zero_of"]

ADD, SUM, DOT, STRONG_DOT = map(kind_of, ("add", "sum", "dot", "strong_dot"))
LONG = 8  # terms of a sum that becomes a chain

Places = NDArray[numpy.int64]


def zero_of(code: Code) -> int:
    """The number of the constant 0, which the writer has behind the program's own."""
    return -1 - len(code.constants)


class Line:
    """Items in order: which row, which value it makes, and the values that it reads.

    A partial sum is an `add` of what was added before and a term, or a dot product of the one
    product, a `strong_dot` too; all but the last have numbers behind those of the code. `reads`
    holds the operands of all items, those of item k from `begins[k]` on, and `at` the items that
    make them, -1 for what none does.
    """

    def __init__(self, code: Code, chosen: Places, kept: Container[int]) -> None:
        counts, operands = flat_operands(code)
        counts = counts.astype(numpy.int64)
        begins = numpy.cumsum(counts) - counts
        kinds = code.instructions[chosen, 0]
        terms = numpy.where(kinds == SUM, counts[chosen], counts[chosen] // 2)
        summing = (kinds == SUM) | (kinds == DOT) | (kinds == STRONG_DOT)
        long = [
            item
            for item in numpy.flatnonzero(summing & (terms >= LONG)).tolist()
            if int(chosen[item]) not in kept
        ]
        made = numpy.full(code.values, -1, dtype=numpy.int64)
        made[code.leaves + chosen] = numpy.arange(len(chosen))
        chains = _Chains(code, made)
        for item in long:
            place = int(chosen[item])
            begin = int(begins[place])
            chains.add(int(kinds[item]), code.leaves + place, operands[begin:][: counts[place]])
        whole = numpy.ones(len(chosen), dtype=bool)
        whole[long] = False
        left = chosen[whole]
        order = numpy.argsort(
            numpy.concatenate([numpy.flatnonzero(whole), *chains.after]), kind="stable"
        )
        kinds = numpy.concatenate([kinds[whole], *chains.kinds])
        values: Any = numpy.concatenate([code.leaves + left, *chains.values])
        own: Any = numpy.concatenate([counts[left], *chains.counts])
        reads = numpy.concatenate([operands[spans(begins[left], counts[left])], *chains.reads])
        begins = numpy.cumsum(own) - own
        self.kinds: Integers = kinds[order]
        self.values: Places = values[order]
        self.counts: Places = own[order]
        self.begins: Places = numpy.append(0, numpy.cumsum(self.counts))
        self.reads: Places = reads[spans(begins[order], self.counts)].astype(numpy.int64)
        maker = numpy.full(chains.next, -1, dtype=numpy.int64)
        maker[self.values] = numpy.arange(len(self.values))
        self.at: Places = numpy.where(self.reads < 0, -1, maker[self.reads])

    def __len__(self) -> int:
        return len(self.values)


class _Chains:
    """The items of long sums, and after which instructions they come."""

    def __init__(self, code: Code, made: Places) -> None:
        self.after: list[Any] = []
        self.kinds: list[Any] = []
        self.values: list[Any] = []
        self.counts: list[Any] = []
        self.reads: list[Any] = []
        self.next = code.values
        self._zero = zero_of(code)
        self._made = made  # after which instruction each value is there, -1 at the beginning

    def add(self, kind: int, value: int, operands: Integers) -> None:
        """One sum, after those whose values it reads."""
        width = 1 if kind == SUM else 2
        start = self._zero
        if kind == DOT:
            start, operands = int(operands[0]), operands[1:]
        terms = operands.reshape(-1, width)
        count = len(terms)
        there = numpy.where(terms < 0, -1, self._made[terms]).max(axis=1)
        if start >= 0:
            there[0] = max(there[0], self._made[start])
        after = numpy.maximum.accumulate(there)
        partial = numpy.arange(self.next, self.next + count)
        partial[-1] = value
        self.next += count - 1
        self._made[value] = after[-1]
        self.after.append(after)
        self.values.append(partial)
        self.kinds.append(numpy.full(count, ADD if kind == SUM else kind, dtype=numpy.int32))
        self.counts.append(numpy.full(count, 1 + width))
        before = numpy.append(start, partial[:-1])
        self.reads.append(numpy.column_stack([before, terms]).ravel())
