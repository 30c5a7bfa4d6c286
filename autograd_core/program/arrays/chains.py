"""A code's instructions with their operands in one list, and long sums as one instruction each.

That is how the array form (`arrangement`) reads a code. `tidying.fused` stops a `dot` after so many
products, for an interpreter's sake, and leaves sums without products alone: a chain of a million
additions is a million instructions, each waiting for the one before it. Here they are joined, with
the bits kept: a summand t goes in as the product 1 · t.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy

from autograd_core import primitives
from autograd_core.program.analysis.operands import flat_operands
from autograd_core.program.analysis.uses import uses
from autograd_core.program.code.flat import Code, Floats, Integers

__all__ = ["Instructions", "joined", "without_zeros"]

ADD, DOT = primitives.kind_of("add"), primitives.kind_of("dot")
SHORTEST = 4  # summands: fewer are worth more as they stand, beside others of their kind


class Instructions(NamedTuple):
    """Instructions of a code, by their values' numbers; constants are negative, as in `Code`."""

    values: Integers
    """The number that each assigns, ascending."""
    kinds: Integers
    starts: Integers
    """Where each one's operands begin in `operands`; and the end."""
    operands: Integers
    constants: Floats


def _listed(code: Code) -> Instructions:
    """All instructions of a code."""
    counts, operands = flat_operands(code)
    return Instructions(
        numpy.arange(code.leaves, code.values, dtype=numpy.int32),
        code.instructions[:, 0].copy(),
        numpy.concatenate([[0], numpy.cumsum(counts)]).astype(numpy.int32),
        operands,
        code.constants,
    )


def joined(code: Code) -> Instructions:
    """The instructions, with chains of additions, and of dots that go on, as one dot each."""
    every = _listed(code)
    before, ends = _chains(code, every)
    if not ends:
        return every
    operands, starts = every.operands.tolist(), every.starts.tolist()
    one = -1 - len(code.constants)
    kept = numpy.ones(len(code), dtype=bool)
    kinds = every.kinds.copy()
    rewritten: dict[int, list[int]] = {}
    for end in ends:
        links = [end]
        while before[links[-1]] >= 0:
            links.append(before[links[-1]])
        kept[links[1:]] = False
        own = [operands[starts[link] : starts[link + 1]] for link in reversed(links)]
        numbers = [link + code.leaves for link in reversed(links)]
        if kinds[end] == DOT:
            rewritten[end] = own[0] + [number for later in own[1:] for number in later[1:]]
            continue
        start, other = own[0]
        rewritten[end] = [start, one, other]
        for number, (left, right) in zip(numbers, own[1:], strict=False):
            rewritten[end] += [one, right if left == number else left]
        kinds[end] = DOT
    lists = [
        rewritten.get(place, operands[starts[place] : starts[place + 1]])
        for place in numpy.flatnonzero(kept).tolist()
    ]
    return Instructions(
        every.values[kept],
        kinds[kept],
        numpy.cumsum([0, *map(len, lists)]).astype(numpy.int32),
        numpy.array([number for numbers in lists for number in numbers], dtype=numpy.int32),
        numpy.append(code.constants, 1.0),
    )


def _chains(code: Code, every: Instructions) -> tuple[list[int], list[int]]:
    """For each instruction the one that it alone continues, or -1; and the chains' ends."""
    single = (uses(code)[code.leaves : code.values] == 1).tolist()
    kinds, starts, operands = every.kinds.tolist(), every.starts.tolist(), every.operands.tolist()
    before, length = [-1] * len(code), [2] * len(code)
    goes_on = [False] * len(code)
    leaves = code.leaves
    for place, kind in enumerate(kinds):
        if kind not in (ADD, DOT):
            continue
        first = starts[place]
        for operand in operands[first : first + (2 if kind == ADD else 1)]:
            link = operand - leaves
            if link >= 0 and kinds[link] == kind and single[link] and length[link] >= length[place]:
                before[place], length[place] = link, length[link] + 1
        if before[place] >= 0:
            goes_on[before[place]] = True
    ends = []
    for place, kind in enumerate(kinds):
        if before[place] < 0 or goes_on[place]:
            continue
        if kind == DOT or length[place] >= SHORTEST:
            ends.append(place)
        else:
            before[place] = -1
    return before, ends


def without_zeros(instructions: Instructions, values: int) -> tuple[Instructions, Integers]:
    """The instructions without additions of zero, and what stands for each value then.

    They turn -0.0 into 0.0 and do nothing else: `derived` puts them behind every gradient.
    """
    stands = numpy.arange(values, dtype=numpy.int32)
    starts, kinds = instructions.starts[:-1], instructions.kinds
    zero = numpy.append(instructions.constants[::-1] == 0, False)  # the last one for other values
    negative = numpy.minimum(instructions.operands, 0) - 1
    is_zero = numpy.append(zero[negative], False)
    adds = kinds == ADD
    dropped = adds & (is_zero[starts] | is_zero[numpy.where(adds, starts + 1, starts)])
    if not dropped.any():
        return instructions, stands
    for place in numpy.flatnonzero(dropped).tolist():
        start = int(starts[place])
        other = int(instructions.operands[start + (1 if is_zero[start] else 0)])
        stands[instructions.values[place]] = stands[other] if other >= 0 else other
    kept = numpy.repeat(~dropped, numpy.diff(instructions.starts))
    operands = instructions.operands[kept]
    standing = stands[numpy.maximum(operands, 0)]  # there may be more constants than values
    operands = numpy.where(operands >= 0, standing, operands).astype(numpy.int32)
    counts = numpy.diff(instructions.starts)[~dropped]
    return Instructions(
        instructions.values[~dropped],
        kinds[~dropped],
        numpy.concatenate([[0], numpy.cumsum(counts)]).astype(numpy.int32),
        operands,
        instructions.constants,
    ), stands
