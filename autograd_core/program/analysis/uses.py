"""How often the values of a program are read, and where for the last time.

An instruction reads its operands, each as often as it has it, and whoever calls the program reads
its outputs. `uses.pxd` beside this file gives the compiler its types.
"""

from __future__ import annotations

import numpy

from autograd_core.program.analysis.operands import Operands
from autograd_core.program.code.flat import Code, Integers

__all__ = ["last_uses", "uses"]


def uses(code: Code) -> Integers:
    """For every value, how many operands and outputs it is.

    So too for the constants, whose negative numbers count from the end.

    >>> from autograd_core import record
    >>> uses(record(lambda x, y: x * x + 2 * y, 0.0, 0.0).code).tolist()  # x, y, x * x, … 2
    [2, 1, 1, 1, 1, 1]
    """
    counts = numpy.zeros(code.values + len(code.constants), dtype=numpy.int32)
    _count(Operands(code), code.outputs, counts)
    return counts


def _count(of: Operands, outputs: Integers, counts: Integers) -> None:
    size = len(counts)
    for place in range(len(of.rows)):
        for index in range(of.count(place)):
            value = of.operand(place, index)
            counts[value if value >= 0 else size + value] += 1
    for index in range(len(outputs)):
        value = outputs[index]
        counts[value if value >= 0 else size + value] += 1


def last_uses(code: Code) -> Integers:
    """For every value, the place of the last instruction that it is an operand of.

    That of its own where there is none, and -1 for a leaf that is no operand.
    """
    last = numpy.full(code.values, -1, dtype=numpy.int32)
    _use(Operands(code), last)
    return last


def _use(of: Operands, last: Integers) -> None:
    for place in range(len(of.rows)):
        last[of.leaves + place] = place
        for index in range(of.count(place)):
            value = of.operand(place, index)
            if value >= 0:
                last[value] = place
