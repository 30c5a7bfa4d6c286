"""The NumPy back end: a flat program as operations on arrays of samples.

It needs nothing compiled and runs everything, users' own primitives included. The array form of
the program says what runs together; sums are taken in the program's order, one summand after
another, so that the bits are those of the eager engine. Samples are gone through in spans, so that
memory stays bounded however many there are.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass

import numpy

from autograd_core.primitives import kind_of
from autograd_core.program.arrays.arrangement import Arrangement, ArrayOperation, arranged
from autograd_core.program.backends.numpy.elementwise import (
    ArrayFunction,
    array_function,
    strong_product,
)
from autograd_core.program.backends.numpy.gathering import Gather
from autograd_core.program.backends.samples import PARTIAL_SUMS, folded, pieces, sums_over
from autograd_core.program.code.flat import Code, Floats

__all__ = ["NumPyKernel"]

DOT, STRONG_DOT = kind_of("dot"), kind_of("strong_dot")
NUMBERS = 2**22  # at most so many at a time: 32 MB
SHORTEST, LONGEST = 64, 8192  # samples in a span


class NumPyKernel:
    """A flat program, to be run by NumPy."""

    name = "numpy"

    def __init__(self, code: Code, summed: int = 0) -> None:
        self._summed = summed
        self._arrangement = arrangement = arranged(code, [code.inputs])
        self._operations = [_operation(step, arrangement) for step in arrangement.steps]
        given = len(code.outputs) - summed
        self._values = Gather(arrangement.outputs[:given], arrangement)
        self._sums = Gather(arrangement.outputs[given:], arrangement)
        width = self._plan_frees()
        span = NUMBERS // max(width, 1) // SHORTEST * SHORTEST
        self._span = min(max(span, SHORTEST), LONGEST)

    def run(
        self, blocks: Sequence[Floats], captured: Floats, count: int, threads: int = 1
    ) -> tuple[Floats, Floats]:
        """The outputs of every sample, and the sums over the samples of the last few.

        One thread does the work, however many are asked for.
        """
        values = numpy.empty((count, len(self._arrangement.outputs) - self._summed))
        vectors = self._vectors(captured)

        def work(start: int, stop: int, sums: Floats, stopped: threading.Event) -> None:
            partial_sums = numpy.zeros((self._summed, PARTIAL_SUMS))
            for first, last in pieces(start, stop, self._span):
                own = list(vectors)
                own[0] = _inputs(blocks, first, last)
                self._run(own, depends=True)
                values[first:last] = self._values(own).T
                if self._summed:
                    _add_up(partial_sums, self._sums(own), last - first)
            sums[:] = folded(partial_sums)

        with numpy.errstate(all="ignore"):
            self._run(vectors, depends=False)
            return values, sums_over(count, self._summed, 1, work)

    def machine(self, count: int) -> None:
        """Nothing: NumPy computes on arrays."""

    def _vectors(self, captured: Floats) -> list[Floats]:
        """The vectors that are the same for all samples, and places for the others."""
        nothing = numpy.empty((0, 1))
        constants = self._arrangement.constants
        known = [nothing, captured.reshape(-1, 1), constants.reshape(-1, 1)]
        return known + [nothing] * len(self._operations)

    def _run(self, vectors: list[Floats], depends: bool) -> None:
        nothing = numpy.empty((0, 1))
        for operation in self._operations:
            if operation.depends == depends:
                shape = operation.step.shape
                found = operation(vectors)
                found = numpy.broadcast_to(found, (*shape, found.shape[-1]))
                vectors[operation.step.out] = found.reshape(-1, found.shape[-1])
                for vector in operation.frees:
                    vectors[vector] = nothing

    def _plan_frees(self) -> int:
        """Say when each vector has been read for the last time; the most numbers a sample takes."""
        vectors = self._arrangement.vectors
        last_reader: dict[int, _Operation] = {}
        for operation in self._operations:
            for vector in operation.reads():
                last_reader[vector] = operation
            last_reader.setdefault(operation.step.out, operation)
        for vector in (*self._values.vectors, *self._sums.vectors):
            last_reader.pop(vector, None)
        for vector, operation in last_reader.items():
            if vectors[vector].depends and operation.step.out != vector:
                operation.frees.append(vector)
        alive = most = vectors[0].length
        for operation in self._operations:
            if operation.depends:
                out = vectors[operation.step.out].length
                alive += out
                most = max(most, alive + 2 * out + operation.copied())
                alive -= sum(vectors[vector].length for vector in operation.frees)
        return most + self._values.copied + self._sums.copied


@dataclass(eq=False)
class _Operation:
    """One step made ready to run."""

    step: ArrayOperation
    depends: bool
    function: ArrayFunction | None
    operands: list[Gather]
    products: list[tuple[Gather, Gather, bool, int]]
    """Of a dot product: first factors, second ones, whether these are 1, and how many."""
    frees: list[int]

    def reads(self) -> set[int]:
        """The vectors that are read."""
        found = {vector for gather in self.operands for vector in gather.vectors}
        for left, right, *_ in self.products:
            found.update(left.vectors, right.vectors)
        return found

    def copied(self) -> int:
        """How many numbers a sample are copied to be read."""
        pairs = [gather.copied for left, right, *_ in self.products for gather in (left, right)]
        return sum(gather.copied for gather in self.operands) + max(pairs, default=0)

    def __call__(self, vectors: Sequence[Floats]) -> Floats:
        operands = [gather(vectors) for gather in self.operands]
        if self.function is not None:
            return self.function(*operands)
        factors = [
            (left(vectors), right(vectors), unit, length)
            for left, right, unit, length in self.products
        ]
        arrays = [*operands, *(side for left, right, *_ in factors for side in (left, right))]
        total = numpy.zeros((*self.step.shape, max((a.shape[-1] for a in arrays), default=1)))
        if operands:
            total[...] = operands[0]
        for left, right, unit, length in factors:
            # The rule of zeros matters only beside what is not finite.
            finite = numpy.isfinite(left).all() and numpy.isfinite(right).all()
            strong = not (operands or unit or finite)
            for k in range(length):
                first = left[..., k, :]
                if strong:
                    total += strong_product(first, right[..., k, :])
                else:
                    total += first if unit else first * right[..., k, :]
        return total


def _operation(step: ArrayOperation, arrangement: Arrangement) -> _Operation:
    is_dot = step.kind in (DOT, STRONG_DOT)
    return _Operation(
        step,
        arrangement.vectors[step.out].depends,
        None if is_dot else array_function(step.kind),
        [Gather(addresses, arrangement) for addresses in step.operands],
        [
            (
                Gather(products.left, arrangement),
                Gather(products.right, arrangement),
                products.unit,
                products.length,
            )
            for products in step.products
        ],
        [],
    )


def _inputs(blocks: Sequence[Floats], first: int, last: int) -> Floats:
    """The inputs of some samples, in one lane where they are all the same."""
    lanes = [block if block.shape[0] == 1 else block[first:last] for block in blocks]
    if len(lanes) == 1:
        return numpy.ascontiguousarray(lanes[0].T)
    widest = max((block.shape[0] for block in lanes), default=1)
    together = [numpy.broadcast_to(block, (widest, block.shape[1])) for block in lanes]
    return numpy.concatenate(together, axis=1).T if together else numpy.empty((0, 1))


def _add_up(partial_sums: Floats, output: Floats, count: int) -> None:
    """Add the samples of some outputs to eight partial sums each, one after another."""
    output = numpy.broadcast_to(output, (len(output), count))
    for first in range(0, count, PARTIAL_SUMS):
        lanes = output[:, first : first + PARTIAL_SUMS]
        partial_sums[:, : lanes.shape[1]] += lanes
