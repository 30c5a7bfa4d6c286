"""Which instructions can run together: equal rows, none of which waits for another.

Two orders are tried and the one with fewer batches wins. By level: everything that is equally far
from the inputs. By agenda: whatever kind of instruction is, of those that remain, the nearest to
the inputs on average runs with all that are ready (the rule of G. Neubig, Y. Goldberg and C. Dyer,
"On-the-fly Operation Batching in Dynamic Computation Graphs", 2017), which keeps together what
several sequences of unequal length have in common.
"""

from __future__ import annotations

from collections import defaultdict

import numpy

from autograd_core.primitives import ROWS
from autograd_core.program.chains import Instructions
from autograd_core.program.code import Integers

__all__ = ["Batch", "batches", "depends_on_inputs"]

Batch = Integers
"""The places of some instructions, ascending."""


def depends_on_inputs(instructions: Instructions, inputs: int, values: int) -> list[bool]:
    """For each value whether it may differ from sample to sample."""
    depends = [True] * inputs + [False] * (values - inputs)
    starts, operands = instructions.starts.tolist(), instructions.operands.tolist()
    for place, value in enumerate(instructions.values.tolist()):
        for operand in operands[starts[place] : starts[place + 1]]:
            if operand >= 0 and depends[operand]:
                depends[value] = True
                break
    return depends


def batches(instructions: Instructions, leaves: int, depends: list[bool]) -> list[Batch]:
    """All instructions in batches, in an order in which they can run."""
    signatures = _signatures(instructions, depends)
    by_level = _by_level(instructions, signatures)
    by_agenda = _by_agenda(instructions, signatures, leaves)
    return by_level if len(by_level) <= len(by_agenda) else by_agenda


def _signatures(instructions: Instructions, depends: list[bool]) -> list[int]:
    """A number for each instruction, the same for those that may share a batch.

    They have the same row, as many operands, constants in the same places among the first three,
    and all or none of them depend on the inputs.
    """
    kinds, starts = instructions.kinds.astype(numpy.int64), instructions.starts
    counts = numpy.diff(starts).astype(numpy.int64)
    constant = numpy.append(instructions.operands < 0, [False] * 3)
    pattern = numpy.zeros(len(kinds), dtype=numpy.int64)
    for place in range(3):
        holds = constant[starts[:-1] + place] & (place < counts)
        # A factor of a long list may be a constant by chance; its start is one by design.
        pattern |= (holds & ((counts <= 3) | (place == 0))).astype(numpy.int64) << place
    own = numpy.array(depends)[instructions.values]
    keys = ((counts * len(ROWS) + kinds) * 8 + pattern) * 2 + own
    _, signatures = numpy.unique(keys, return_inverse=True)
    return signatures.tolist()  # type: ignore[no-any-return]


def _levels(instructions: Instructions) -> list[int]:
    """For each instruction how many others it waits for, one after another."""
    starts, operands = instructions.starts.tolist(), instructions.operands.tolist()
    values = instructions.values.tolist()
    level = [0] * (values[-1] + 1 if values else 0)
    level.append(0)  # where the constants' negative numbers end up
    levels = []
    for place, value in enumerate(values):
        own = 1 + max(
            (level[o] for o in operands[starts[place] : starts[place + 1]] if o >= 0), default=0
        )
        level[value] = own
        levels.append(own)
    return levels


def _by_level(instructions: Instructions, signatures: list[int]) -> list[Batch]:
    levels = numpy.array(_levels(instructions), dtype=numpy.int64)
    keys = levels * (max(signatures, default=0) + 1) + numpy.array(signatures, dtype=numpy.int64)
    order = numpy.argsort(keys, kind="stable")
    cuts = numpy.flatnonzero(numpy.diff(keys[order])) + 1
    return [batch.astype(numpy.int32) for batch in numpy.split(order, cuts) if len(batch)]


def _by_agenda(instructions: Instructions, signatures: list[int], leaves: int) -> list[Batch]:
    waiting, readers, begins = _readers(instructions, leaves)
    remaining = [0] * (max(signatures, default=0) + 1)
    depth = [0.0] * len(remaining)
    for signature, level in zip(signatures, _levels(instructions), strict=True):
        remaining[signature] += 1
        depth[signature] += level
    levels = _levels(instructions)
    ready: defaultdict[int, list[int]] = defaultdict(list)
    for place, count in enumerate(waiting):
        if count == 0:
            ready[signatures[place]].append(place)
    found = []
    while ready:
        signature = min(ready, key=lambda s: depth[s] / remaining[s])
        batch = ready.pop(signature)
        batch.sort()
        remaining[signature] -= len(batch)
        for place in batch:
            depth[signature] -= levels[place]
            for reader in readers[begins[place] : begins[place + 1]]:
                waiting[reader] -= 1
                if waiting[reader] == 0:
                    ready[signatures[reader]].append(reader)
        found.append(numpy.array(batch, dtype=numpy.int32))
    return found


def _readers(instructions: Instructions, leaves: int) -> tuple[list[int], list[int], list[int]]:
    """How many operands each instruction waits for, and who reads each one's value."""
    count = len(instructions.values)
    of_value = numpy.full(int(instructions.values[-1]) + 1 if count else 0, -1, dtype=numpy.int64)
    of_value[instructions.values] = numpy.arange(count)
    reader = numpy.repeat(numpy.arange(count), numpy.diff(instructions.starts))
    waits = instructions.operands >= leaves
    reader, read = reader[waits], of_value[instructions.operands[waits]]
    waiting = numpy.bincount(reader, minlength=count)
    order = numpy.argsort(read, kind="stable")
    begins = numpy.searchsorted(read[order], numpy.arange(count + 1))
    return waiting.tolist(), reader[order].tolist(), begins.tolist()
