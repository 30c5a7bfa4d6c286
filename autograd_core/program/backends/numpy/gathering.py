"""Reading operands from vectors of values: a slice where the addresses allow it, else a gather.

Vectors are arrays of shape (length, lanes); one whose values are the same for all samples may have
a single lane.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy
from numpy.typing import NDArray

from autograd_core.program.arrays.arrangement import Addresses, Arrangement
from autograd_core.program.code.flat import Floats

__all__ = ["Gather"]

Selector = slice | NDArray[numpy.int64]


class Gather:
    """What stands at some addresses, as an array of the addresses' shape with a lane axis more."""

    __slots__ = ("_parts", "_shape", "_size", "vectors", "copied")

    def __init__(self, addresses: Addresses, arrangement: Arrangement) -> None:
        flat = addresses.reshape(-1)
        of = arrangement.vector_at(flat)
        self.vectors: list[int] = numpy.unique(of).tolist()
        self._shape = addresses.shape
        self._size = flat.size
        self._parts: list[tuple[int, Selector, Selector]] = []
        for vector in self.vectors:
            places = numpy.flatnonzero(of == vector)
            offsets = flat[places] - arrangement.vectors[vector].start
            self._parts.append((vector, selector(places), selector(offsets)))
        single = len(self._parts) == 1 and isinstance(self._parts[0][2], slice)
        self.copied = 0 if single else self._size
        """How many numbers a lane are copied together."""

    def __call__(self, vectors: Sequence[Floats]) -> Floats:
        if len(self._parts) == 1:
            ((vector, _, offsets),) = self._parts
            found: Floats = vectors[vector][offsets]
        else:
            lanes = max((vectors[vector].shape[1] for vector in self.vectors), default=1)
            found = numpy.empty((self._size, lanes))
            for vector, places, offsets in self._parts:
                found[places] = vectors[vector][offsets]
        return found.reshape(*self._shape, found.shape[-1])


def selector(places: NDArray[numpy.int64]) -> Selector:
    """A slice that selects the places, or else the places."""
    if len(places) == 1:
        return slice(int(places[0]), int(places[0]) + 1)
    steps = numpy.diff(places)
    step = int(steps[0])
    if step == 0 or (steps != step).any():
        return places
    first, last = int(places[0]), int(places[-1])
    stop = last + (1 if step > 0 else -1)
    return slice(first, stop if stop >= 0 else None, step)
