"""The operands of all instructions in one list, whether they stand in instructions or in lists."""

from __future__ import annotations

from typing import Any

import numpy

from autograd_core.program.code.flat import Code, Integers, arities

__all__ = ["flat_operands"]


def flat_operands(code: Code) -> tuple[Integers, Integers]:
    """How many operands each instruction has, and the operands of all in order.

    >>> from autograd_core import record
    >>> counts, operands = flat_operands(record(lambda x, y: (x * y).sin() + 2, 0.0, 0.0).code)
    >>> counts.tolist(), operands.tolist()
    ([2, 1, 2], [0, 1, 2, 3, -1])
    """
    kinds, first, second = code.instructions.T
    arity = arities()[kinds]
    counts = numpy.where(arity == 0, second, arity)
    begins = numpy.cumsum(counts, dtype=numpy.int64) - counts
    operands = numpy.empty(int(counts.sum(dtype=numpy.int64)), dtype=numpy.int32)
    operands[begins[arity >= 1]] = first[arity >= 1]
    operands[begins[arity == 2] + 1] = second[arity == 2]
    listed = arity == 0
    into, out_of = _spans(begins[listed], counts[listed]), _spans(first[listed], counts[listed])
    operands[into] = code.operands[out_of]
    return counts, operands


def _spans(begins: Any, counts: Integers) -> Any:
    """The places begin, begin + 1, … of each of several runs, one run after another."""
    before = numpy.cumsum(counts, dtype=numpy.int64) - counts
    return numpy.arange(counts.sum(dtype=numpy.int64)) + numpy.repeat(begins - before, counts)
