"""How the values of a program depend on one another.

How deep each lies and whether it varies is found by going once through the instructions in order.
`dependence.pxd` beside this file gives the compiler its types.
"""

from __future__ import annotations

import numpy

from autograd_core.program.analysis.operands import Operands
from autograd_core.program.code.flat import Code, Integers

__all__ = ["depths_and_variation"]


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
    _follow(Operands(code), depths, varies)
    return depths, varies


def _follow(of: Operands, depths: Integers, varies: Integers) -> None:
    for place in range(len(of.rows)):
        depth = 0
        varying = 0
        for index in range(of.count(place)):
            operand = of.operand(place, index)
            if operand >= 0:
                varying |= varies[operand]
                if depths[operand] > depth:
                    depth = depths[operand]
        depths[of.leaves + place] = depth + 1
        varies[of.leaves + place] = varying
