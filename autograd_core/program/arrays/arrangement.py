"""The array form of a code: batches of equal instructions as operations on vectors.

Every value gets an address in one sequence of vectors: the arguments, what is captured, the
constants, then one vector for each step. The values of a step stand in the order in which the
operands are found, so that most operands are slices and a layer's dot products are a matrix and a
vector. The NumPy back end runs this form and the exporters of arrays write it down; neither rows'
functions nor any library's words are known here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy
from numpy.typing import NDArray

from autograd_core import primitives
from autograd_core.program.analysis.dependence import depths_and_variation
from autograd_core.program.arrays.batching import batches
from autograd_core.program.arrays.chains import joined, without_zeros
from autograd_core.program.arrays.grids import grids_of
from autograd_core.program.code.flat import Code, Floats

__all__ = ["Addresses", "Arrangement", "ArrayOperation", "Products", "Vector", "arranged"]

Addresses = NDArray[numpy.int64]

SUM, DOT, STRONG_DOT = (primitives.kind_of(name) for name in ("sum", "dot", "strong_dot"))


@dataclass(frozen=True)
class Vector:
    """Where some values stand: `length` of them from address `start` on."""

    start: int
    length: int
    depends: bool
    """Whether they may differ from sample to sample."""


@dataclass(frozen=True)
class Products:
    """Neighboring products of dot products: addresses of shape (blocks, us, vs, length).

    An axis along which all addresses are equal has length 1, but for the last one.
    """

    left: Addresses
    right: Addresses
    unit: bool
    """Whether the second factors are all the constant 1."""

    @property
    def length(self) -> int:
        """How many products each dot product has here."""
        return int(self.left.shape[-1])


@dataclass(frozen=True)
class ArrayOperation:
    """One operation of arrays: equal instructions, in the order of a grid."""

    kind: int
    """A row; `sum` is written as `dot`."""
    shape: tuple[int, int, int]
    out: int
    """The vector that it makes."""
    operands: tuple[Addresses, ...]
    """Of any row but a dot product, addresses that broadcast to the shape; of `dot` the start."""
    products: tuple[Products, ...]
    """Of dot products, their products in order."""


@dataclass(frozen=True)
class Arrangement:
    """A code in array form."""

    vectors: list[Vector]
    """The arguments, what is captured, the constants, and what each step makes."""
    arguments: int
    """How many of the vectors are arguments."""
    constants: Floats
    steps: list[ArrayOperation]
    outputs: Addresses

    @cached_property
    def starts(self) -> Addresses:
        """Where each vector begins."""
        return numpy.array([vector.start for vector in self.vectors], dtype=numpy.int64)

    def vector_at(self, addresses: Addresses) -> Addresses:
        """The number of the vector that each address belongs to."""
        # Vectors without length share their start with the next one, which is the one meant.
        return numpy.searchsorted(self.starts, addresses, side="right") - 1


def arranged(code: Code, widths: Sequence[int], exact: bool = True) -> Arrangement:
    """The array form of a code whose inputs come in arguments of these widths.

    An exact one keeps the order of every sum, and so the bits; otherwise products stand in the
    order of their operands, and additions of zero are left out.
    """
    return _Arranging(code, widths, exact).arrangement()


class _Arranging:
    """The work of `arranged`: batch after batch, the addresses known so far."""

    def __init__(self, code: Code, widths: Sequence[int], exact: bool) -> None:
        self.code = code
        self.exact = exact
        self.instructions = joined(code)
        self.stands = numpy.arange(code.values, dtype=numpy.int32)
        """For each value the one that has its number, itself where nothing is left out."""
        if not exact:
            self.instructions, self.stands = without_zeros(self.instructions, code.values)
        self.constants = numpy.append(self.instructions.constants, [0.0, 1.0])
        self.zero, self.one = code.leaves + len(self.constants) - numpy.array([2, 1])
        self.vectors: list[Vector] = []
        for width in widths:
            self._vector(width, True)
        self._vector(code.captured, False)
        self._vector(len(self.constants), False)
        self.steps: list[ArrayOperation] = []
        # By a value's number; the constants' negative ones count from the end.
        self.address = numpy.full(code.values + len(self.constants), -1, dtype=numpy.int64)
        self.address[: code.leaves] = numpy.arange(code.leaves)
        constants = numpy.arange(len(self.constants))
        self.address[-1 - constants] = code.leaves + constants

    def _vector(self, length: int, depends: bool) -> int:
        start = self.vectors[-1].start + self.vectors[-1].length if self.vectors else 0
        self.vectors.append(Vector(start, length, depends))
        return len(self.vectors) - 1

    def arrangement(self) -> Arrangement:
        code, instructions = self.code, self.instructions
        _, varies = depths_and_variation(code)
        self.depends_at = numpy.zeros(len(self.address), dtype=bool)
        self.depends_at[: code.inputs] = True
        starts = instructions.starts.astype(numpy.int64)
        for batch in batches(instructions, code.leaves, varies):
            count = int(starts[batch[0] + 1] - starts[batch[0]])
            numbers = instructions.operands[starts[batch][:, None] + numpy.arange(count)]
            values = instructions.values[batch].astype(numpy.int64)
            kind = int(instructions.kinds[batch[0]])
            self._batch(kind, self.address[numbers], values, bool(varies[values[0]]))
        outputs = code.outputs.copy()
        outputs[outputs >= 0] = self.stands[outputs[outputs >= 0]]
        return Arrangement(
            self.vectors,
            len(self.vectors) - len(self.steps) - 2,
            self.constants,
            self.steps,
            self.address[outputs],
        )

    def _batch(self, kind: int, addresses: Addresses, values: Addresses, depends: bool) -> None:
        if kind == SUM:
            kind = DOT
            padded = numpy.full((len(values), 2 * addresses.shape[1] + 1), self.one)
            padded[:, 0], padded[:, 1::2] = self.zero, addresses
            addresses = padded
        if kind == DOT:
            self._weights_last(addresses[:, 1:])
        for grid in grids_of(addresses, 1 if kind == DOT else 0 if kind == STRONG_DOT else None):
            own = addresses[grid.members].reshape(*grid.shape, -1)
            out = self._vector(len(grid.members), depends)
            begin = self.vectors[out].start
            self.address[values[grid.members]] = begin + numpy.arange(len(grid.members))
            self.depends_at[begin : begin + len(grid.members)] = depends
            operands: tuple[Addresses, ...]
            products: tuple[Products, ...] = ()
            if kind in (DOT, STRONG_DOT):
                operands = (_squeezed(own[..., 0]),) if kind == DOT else ()
                pairs = own[..., 1:] if kind == DOT else own
                products = self._products(pairs[..., ::2], pairs[..., 1::2])
            else:
                operands = tuple(_squeezed(own[..., k]) for k in range(own.shape[-1]))
            self.steps.append(ArrayOperation(kind, grid.shape, out, operands, products))

    def _weights_last(self, pairs: Addresses) -> None:
        """Of each product put the factor that depends on the inputs first; it commutes."""
        left, right = pairs[:, ::2].copy(), pairs[:, 1::2].copy()
        swap = ~self.depends_at[left] & self.depends_at[right]
        pairs[:, ::2], pairs[:, 1::2] = (
            numpy.where(swap, right, left),
            numpy.where(swap, left, right),
        )

    def _is_one(self, addresses: Addresses) -> Any:
        constant = addresses - self.code.leaves
        holds = (constant >= 0) & (constant < len(self.constants))
        return holds & (self.constants[numpy.where(holds, constant, 0)] == 1)

    def _products(self, left: Addresses, right: Addresses) -> tuple[Products, ...]:
        """The products in runs of the same pattern, or all of one pattern together."""
        if left.shape[-1] == 0:
            return ()
        unit: NDArray[Any] = numpy.all(self._is_one(right), axis=(0, 1, 2))
        pattern: NDArray[Any] = unit.astype(numpy.int64)
        for side in (left, right):
            for axis in range(3):
                same = (side == side.take([0], axis=axis)).all(axis=(0, 1, 2))
                pattern = 2 * pattern + same
        if self.exact:
            cuts = numpy.flatnonzero(numpy.diff(pattern)) + 1
            runs = numpy.split(numpy.arange(len(pattern)), cuts)
        else:
            runs = [numpy.flatnonzero(pattern == p) for p in dict.fromkeys(pattern.tolist())]
            runs = [run[numpy.argsort(left[0, 0, 0, run], kind="stable")] for run in runs]
        return tuple(
            Products(_squeezed(left[..., run]), _squeezed(right[..., run]), bool(unit[run[0]]))
            for run in runs
        )


def _squeezed(addresses: Addresses) -> Addresses:
    """The addresses with a grid's axes along which they are all the same cut down to length 1."""
    for axis in range(3):
        first = addresses.take([0], axis=axis)
        if addresses.shape[axis] > 1 and (addresses == first).all():
            addresses = first
    return addresses
