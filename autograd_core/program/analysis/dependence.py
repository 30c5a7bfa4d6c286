"""How the values of a program depend on one another.

How deep each lies, whether it varies, which instruction is the last to need it: each is found by
going once through the instructions in order. `dependence.pxd` beside this file gives the compiler
its types.
"""

from __future__ import annotations

import numpy

from autograd_core.program.code.flat import Code, Integers, arities

__all__ = ["depths_and_variation", "last_uses"]


def depths_and_variation(code: Code) -> tuple[Integers, Integers]:
    """For every value, the length of the longest chain to it, and 1 if it depends on an input.

    A leaf has the depth 0. What does not vary is the same for all samples of a call.

    >>> from autograd_core import Value, record
    >>> w = Value(2.0)
    >>> depths, varies = depths_and_variation(record(lambda x: w.exp() * x, 0.0).code)
    >>> depths.tolist(), varies.tolist()  # x, w, exp(w), exp(w) * x
    ([0, 0, 1, 2], [1, 0, 0, 1])
    """
    depths = numpy.zeros(code.values, dtype=numpy.int32)
    varies = numpy.zeros(code.values, dtype=numpy.int32)
    varies[: code.inputs] = 1
    _follow(code.instructions, code.operands, arities(), code.leaves, depths, varies)
    return depths, varies


def _follow(rows, lists, arity, leaves, depths, varies):
    for place in range(len(rows)):
        first = rows[place, 1]
        second = rows[place, 2]
        count = arity[rows[place, 0]]
        depth = 0
        varying = 0
        if count == 0:
            for index in range(first, first + second):
                operand = lists[index]
                if operand >= 0:
                    varying |= varies[operand]
                    if depths[operand] > depth:
                        depth = depths[operand]
        else:
            if first >= 0:
                varying = varies[first]
                depth = depths[first]
            if count == 2 and second >= 0:
                varying |= varies[second]
                if depths[second] > depth:
                    depth = depths[second]
        depths[leaves + place] = depth + 1
        varies[leaves + place] = varying


def last_uses(code: Code) -> Integers:
    """For every value, the place of the last instruction that it is an operand of.

    That of its own where there is none, and -1 for a leaf that is no operand.
    """
    last = numpy.full(code.values, -1, dtype=numpy.int32)
    _use(code.instructions, code.operands, arities(), code.leaves, last)
    return last


def _use(rows, lists, arity, leaves, last):
    for place in range(len(rows)):
        last[leaves + place] = place
        first = rows[place, 1]
        second = rows[place, 2]
        count = arity[rows[place, 0]]
        if count == 0:
            for index in range(first, first + second):
                if lists[index] >= 0:
                    last[lists[index]] = place
        else:
            if first >= 0:
                last[first] = place
            if count == 2 and second >= 0:
                last[second] = place
