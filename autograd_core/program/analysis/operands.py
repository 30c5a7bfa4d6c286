"""The operands of instructions, whether they stand in the instruction itself or in a list.

`Operands` is a code as compiled loops go through it; `flat_operands` gives all in one array.
`operands.pxd` beside this file gives the compiler its types.
"""

from __future__ import annotations

from typing import Any

import numpy

from autograd_core.program.code.flat import Code, Integers, arities

__all__ = ["Operands", "flat_operands", "operand_counts", "spans"]


class Operands:
    """A code's instructions and what each reads, as arrays that are nobody's to change."""

    __slots__ = ("arity", "leaves", "lists", "rows")

    def __init__(self, code: Code) -> None:
        self.rows = code.instructions
        self.lists = code.operands
        self.arity = arities()
        self.leaves = code.leaves

    def count(self, place: int) -> int:
        """How many operands the instruction at a place has."""
        arity = self.arity[self.rows[place, 0]]
        return arity if arity else self.rows[place, 2]

    def operand(self, place: int, index: int) -> int:
        """One operand of the instruction at a place."""
        if self.arity[self.rows[place, 0]]:
            return self.rows[place, 1 + index]
        return self.lists[self.rows[place, 1] + index]


def operand_counts(code: Code) -> Integers:
    """How many operands each instruction has."""
    arity = arities()[code.instructions[:, 0]]
    return numpy.where(arity == 0, code.instructions[:, 2], arity)


def flat_operands(code: Code) -> tuple[Integers, Integers]:
    """How many operands each instruction has, and the operands of all in order.

    >>> from autograd_core import record
    >>> counts, operands = flat_operands(record(lambda x, y: (x * y).sin() + 2, 0.0, 0.0).code)
    >>> counts.tolist(), operands.tolist()
    ([2, 1, 2], [0, 1, 2, 3, -1])
    """
    kinds, first, second = code.instructions.T
    arity = arities()[kinds]
    counts = operand_counts(code)
    begins = numpy.cumsum(counts, dtype=numpy.int64) - counts
    operands = numpy.empty(int(counts.sum(dtype=numpy.int64)), dtype=numpy.int32)
    operands[begins[arity >= 1]] = first[arity >= 1]
    operands[begins[arity == 2] + 1] = second[arity == 2]
    listed = arity == 0
    into, out_of = spans(begins[listed], counts[listed]), spans(first[listed], counts[listed])
    operands[into] = code.operands[out_of]
    return counts, operands


def spans(begins: Any, counts: Any) -> Any:
    """The places begin, begin + 1, … of each of several runs, one run after another."""
    before = numpy.cumsum(counts, dtype=numpy.int64) - counts
    return numpy.arange(counts.sum(dtype=numpy.int64)) + numpy.repeat(begins - before, counts)
