"""The NumPy back end: a flat program as operations on arrays of samples.

It needs nothing compiled and runs everything, users' own primitives included. Samples are gone
through in spans, so that memory stays bounded however many there are.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy

from autograd_core.program.backends.elementwise import array_function
from autograd_core.program.backends.stripes import PARTIAL_SUMS, folded, stripes
from autograd_core.program.code import Code, Floats

__all__ = ["NumPyKernel"]

NUMBERS = 2**22  # at most so many numbers at a time in arrays of values
SHORTEST = 64


class NumPyKernel:
    """A flat program, to be run by NumPy."""

    name = "numpy"

    def __init__(self, code: Code, summed: int = 0) -> None:
        self._code = code
        self._summed = summed
        self._functions = {
            kind: array_function(kind) for kind in numpy.unique(code.instructions[:, 0]).tolist()
        }
        self._last_use = _last_uses(code)
        width = _most_alive(code, self._last_use)
        self._span = max(SHORTEST, NUMBERS // max(width, 1) // SHORTEST * SHORTEST)

    def run(
        self, blocks: Sequence[Floats], captured: Floats, count: int, threads: int = 1
    ) -> tuple[Floats, Floats]:
        """The outputs of every sample, and the sums over them of the last few.

        One thread does the work, whatever is asked for.
        """
        given = len(self._code.outputs) - self._summed
        values = numpy.empty((count, given))
        sums = numpy.zeros(self._summed)
        with numpy.errstate(all="ignore"):
            for start, stop in stripes(count):
                partial_sums = numpy.zeros((self._summed, PARTIAL_SUMS))
                for first in range(start, stop, self._span):
                    last = min(first + self._span, stop)
                    outputs = self._span_of(blocks, captured, first, last)
                    for place in range(given):
                        values[first:last, place] = outputs[place]
                    for place in range(self._summed):
                        _add_up(partial_sums[place], outputs[given + place], last - first)
                sums = sums + folded(partial_sums)
        return values, sums

    def _span_of(
        self, blocks: Sequence[Floats], captured: Floats, first: int, last: int
    ) -> list[Floats]:
        """The outputs of some samples; of one number each where they are all the same."""
        code = self._code
        values: list[Floats | None] = []
        for block in blocks:
            rows = block if block.shape[0] == 1 else block[first:last]
            values += list(rows.T)
        values += list(captured.reshape(-1, 1))
        constants = [numpy.array([number]) for number in code.constants.tolist()]
        constants.reverse()
        # Constants have negative numbers: they stand at the list's far end.
        values += [None] * len(code)
        values += constants
        functions, last_use, leaves = self._functions, self._last_use, code.leaves
        kinds = code.instructions[:, 0].tolist()
        for place, kind in enumerate(kinds):
            operands = code.operands_of(place)
            values[leaves + place] = functions[kind](*[values[operand] for operand in operands])
            for operand in operands:
                if last_use[operand] == place:
                    values[operand] = None
        return [values[output] for output in code.outputs.tolist()]  # type: ignore[misc]


def _add_up(partial_sums: Floats, output: Floats, count: int) -> None:
    """Add the samples of one output to eight partial sums, in order."""
    output = numpy.broadcast_to(output, (count,))
    whole = count // PARTIAL_SUMS * PARTIAL_SUMS
    rows = numpy.concatenate([partial_sums, output[:whole]]).reshape(-1, PARTIAL_SUMS)
    partial_sums[:] = numpy.add.accumulate(rows)[-1]  # one after another, by definition
    partial_sums[: count - whole] += output[whole:]


def _last_uses(code: Code) -> list[int]:
    """For every value, constants at the end, the last instruction that reads it; -1 to keep it."""
    last = [-1] * (code.values + len(code.constants))
    for place in range(len(code)):
        for operand in code.operands_of(place):
            if operand >= 0:
                last[operand] = place
    for output in code.outputs.tolist():
        last[output] = -1
    return last


def _most_alive(code: Code, last_use: Sequence[int]) -> int:
    """How many values wait at most at the same time."""
    ends = numpy.zeros(len(code) + 1, dtype=numpy.int64)
    for use in last_use[: code.values]:
        if use >= 0:
            ends[use] += 1
    alive = code.leaves + numpy.arange(1, len(code) + 1) - numpy.cumsum(ends[:-1])
    return int(alive.max(initial=code.leaves + 1))
