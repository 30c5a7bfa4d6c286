"""Which instructions can run together: equal rows, none of which waits for another.

Several orders are tried and the one with fewest batches wins. By level: everything that is equally
far from the inputs. By agenda: whatever kind of instruction is, of those that remain, the nearest
to the inputs on average runs with all that are ready (the rule of G. Neubig, Y. Goldberg and C.
Dyer, "On-the-fly Operation Batching in Dynamic Computation Graphs", 2017), which keeps together
what sequences of unequal length have in common. And the same from the outputs backwards, which
leaves to the end what nothing waits for: the gradients by the weights, in one batch. In each order
an instruction then joins the first batch that it fits.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy
from numpy.typing import NDArray

from autograd_core.primitives import ROWS
from autograd_core.program.arrays.chains import Instructions
from autograd_core.program.code.flat import Integers

__all__ = ["Batch", "batches"]

Batch = Integers
"""The places of some instructions, ascending."""


def batches(instructions: Instructions, leaves: int, varies: Integers) -> list[Batch]:
    """All instructions in batches, in an order in which they can run.

    `varies` is 1 for every value that depends on an input.
    """
    if len(instructions.values) == 0:
        return []
    signatures = _signatures(instructions, varies)
    graph = _graph(instructions, leaves)
    levels, heights = _levels(instructions), _heights(graph)
    found = [_by_level(levels, signatures)]
    found.append(_by_agenda(graph.waits, graph.readers, signatures, levels))
    found.append(_by_agenda(graph.read, graph.operands, signatures, heights)[::-1])
    return min((_first_fit(order, graph, signatures) for order in found), key=len)


def _signatures(instructions: Instructions, varies: Integers) -> list[int]:
    """A number for each instruction, the same for those that may share a batch.

    They have the same row, as many operands, constants in the same places among the first three
    (a sum of products of 1 is no neuron), and all or none of them depend on the inputs.
    """
    kinds, starts = instructions.kinds.astype(numpy.int64), instructions.starts
    counts = numpy.diff(starts).astype(numpy.int64)
    constant = numpy.append(instructions.operands < 0, [False] * 3)
    pattern = numpy.zeros(len(kinds), dtype=numpy.int64)
    for place in range(3):
        holds = constant[starts[:-1] + place] & (place < counts)
        pattern |= holds.astype(numpy.int64) << place
    own = varies[instructions.values]
    keys = ((counts * len(ROWS) + kinds) * 8 + pattern) * 2 + own
    _, signatures = numpy.unique(keys, return_inverse=True)
    return signatures.tolist()  # type: ignore[no-any-return]


class _Lists(NamedTuple):
    """Places listed for every place: those of place k are places[starts[k] : starts[k + 1]]."""

    starts: list[int]
    places: list[int]


class _Graph(NamedTuple):
    """Who reads whom, by the instructions' places; an operand read twice counts twice."""

    waits: list[int]
    read: list[int]
    operands: _Lists
    readers: _Lists


def _graph(instructions: Instructions, leaves: int) -> _Graph:
    count = len(instructions.values)
    place_of = numpy.full(int(instructions.values[-1]) + 1, -1, dtype=numpy.int64)
    place_of[instructions.values] = numpy.arange(count)
    readers = numpy.repeat(numpy.arange(count), numpy.diff(instructions.starts))
    waits = instructions.operands >= leaves
    readers, operands = readers[waits], place_of[instructions.operands[waits]]
    return _Graph(
        numpy.bincount(readers, minlength=count).tolist(),
        numpy.bincount(operands, minlength=count).tolist(),
        _lists(readers, operands, count),
        _lists(operands, readers, count),
    )


def _lists(of: NDArray[Any], places: NDArray[Any], count: int) -> _Lists:
    order = numpy.argsort(of, kind="stable")
    starts = numpy.searchsorted(of[order], numpy.arange(count + 1))
    return _Lists(starts.tolist(), places[order].tolist())


def _levels(instructions: Instructions) -> list[int]:
    """For each instruction how many it waits for, one after another."""
    starts, operands = instructions.starts.tolist(), instructions.operands.tolist()
    values = instructions.values.tolist()
    level = [0] * (values[-1] + 1 + len(instructions.constants))
    for place, value in enumerate(values):
        most = 0
        for operand in operands[starts[place] : starts[place + 1]]:
            if level[operand] > most:
                most = level[operand]
        level[value] = most + 1
    return [level[value] for value in values]


def _heights(graph: _Graph) -> list[int]:
    """For each instruction how many wait for it, one after another."""
    starts, readers = graph.readers
    height = [0] * len(graph.waits)
    for place in range(len(height) - 1, -1, -1):
        most = 0
        for reader in readers[starts[place] : starts[place + 1]]:
            if height[reader] > most:
                most = height[reader]
        height[place] = most + 1
    return height


def _by_level(levels: Sequence[int], signatures: Sequence[int]) -> list[Batch]:
    keys = numpy.array(levels) * (max(signatures) + 1) + numpy.array(signatures)
    order = numpy.argsort(keys, kind="stable")
    cuts = numpy.flatnonzero(numpy.diff(keys[order])) + 1
    return [batch.astype(numpy.int32) for batch in numpy.split(order, cuts)]


def _by_agenda(
    waiting: Sequence[int], released: _Lists, signatures: Sequence[int], depths: Sequence[int]
) -> list[Batch]:
    """Batches of what is ready, always of the kind with the least depth on average."""
    waiting = list(waiting)
    starts, places = released
    remaining = [0] * (max(signatures) + 1)
    depth = [0] * len(remaining)
    ready: defaultdict[int, list[int]] = defaultdict(list)
    for place, signature in enumerate(signatures):
        remaining[signature] += 1
        depth[signature] += depths[place]
        if waiting[place] == 0:
            ready[signature].append(place)
    found = []
    while ready:
        signature = min(ready, key=lambda kind: depth[kind] / remaining[kind])
        batch = ready.pop(signature)
        batch.sort()
        remaining[signature] -= len(batch)
        for place in batch:
            depth[signature] -= depths[place]
            for other in places[starts[place] : starts[place + 1]]:
                waiting[other] -= 1
                if waiting[other] == 0:
                    ready[signatures[other]].append(other)
        found.append(numpy.array(batch, dtype=numpy.int32))
    return found


def _first_fit(order: Sequence[Batch], graph: _Graph, signatures: Sequence[int]) -> list[Batch]:
    """The batches anew: each instruction in the first one of its kind that is not too early."""
    starts, operands = graph.operands
    when = [0] * len(signatures)
    found: list[list[int]] = []
    of_kind: defaultdict[int, list[int]] = defaultdict(list)
    for batch in order:
        for place in batch.tolist():
            earliest = 0
            for operand in operands[starts[place] : starts[place + 1]]:
                if when[operand] >= earliest:
                    earliest = when[operand] + 1
            same = of_kind[signatures[place]]
            fit = bisect_left(same, earliest)
            if fit == len(same):
                same.append(len(found))
                found.append([])
            when[place] = same[fit]
            found[same[fit]].append(place)
    return [numpy.array(sorted(places), dtype=numpy.int32) for places in found]
