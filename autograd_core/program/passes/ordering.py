"""The instructions of a program in another order, which changes no bit: by level, then by kind.

An instruction's level is one above the highest of its operands': none reads another of its level.
What is done again and again, to every cell of a grid, say, then stands in a row, wherever a
recording met it: the loops that a single sample is run in are sought there. The operands of every
sum stay in their order.
"""

from __future__ import annotations

import math

import numpy

from autograd_core.program.analysis.dependence import depths_and_variation
from autograd_core.program.code.flat import Code, Integers, arities

__all__ = ["by_level"]


LEAST = 4  # one of so many instructions at least has enough others beside it


def by_level(code: Code, alike: int = 1, most: float = math.inf) -> Code:
    """The program level by level, equal kinds of a level together in the order in which they stood.

    The program itself if hardly any of it has so many `alike` in its level, which would be a loop,
    or if more than the `most` has not, and if there is nothing in it.

    >>> from autograd_core import record
    >>> code = record(lambda x, y: [x.sin() * 2.0, y.sin() * 2.0], 0.0, 0.0).code
    >>> [row.name for _, row, _ in code], [row.name for _, row, _ in by_level(code)]
    (['sin', 'mul', 'sin', 'mul'], ['sin', 'sin', 'mul', 'mul'])
    """
    depths, _ = depths_and_variation(code)
    levels = numpy.bincount(depths[code.leaves :])
    if not len(levels) or int(levels[levels < alike].sum()) > most:
        return code
    kinds = code.instructions[:, 0]
    met = numpy.cumsum(numpy.bincount(kinds) > 0)  # how many kinds there are up to each
    narrow = len(levels) * int(met[-1]) < 2**16  # and sorted in a fourth of the time
    met = met.astype(numpy.uint16 if narrow else numpy.int64)
    keys = depths[code.leaves :].astype(met.dtype) * met[-1] + met[kinds]
    order = numpy.argsort(keys, kind="stable")
    keys = keys[order]
    bounds = numpy.flatnonzero(numpy.concatenate([[True], keys[1:] != keys[:-1], [True]]))
    lengths = numpy.diff(bounds)
    looped = int(lengths[lengths >= alike].sum())
    if LEAST * looped < len(code) or len(code) - looped > most:
        return code
    numbers = numpy.arange(-len(code.constants), code.values, dtype=numpy.int32)
    numbers = numpy.roll(numbers, -len(code.constants))  # the constants', which are negative, last
    numbers[code.leaves + order] = numpy.arange(code.leaves, code.values, dtype=numpy.int32)

    def moved(values: Integers) -> Integers:
        return numbers.take(values, mode="wrap")

    rows = code.instructions.take(order, axis=0)
    arity = arities().take(rows[:, 0])
    for column, holds in ((1, arity >= 1), (2, arity == 2)):
        numpy.copyto(rows[:, column], moved(rows[:, column]), where=holds)
    return Code(
        code.inputs,
        code.captured,
        code.constants,
        rows,
        moved(code.operands),
        moved(code.outputs),
    )
