"""Dot products that share factors: the neurons of a layer, on the same inputs.

What such dot products have in common need be read only once, so every back end computes them
together, each in its own way: as a grid (`arrays.grids`), side by side and in loops
(`llvm.plan.llvm_schedule`), or as one instruction (`native.roles`). Found here is what all of
them ask: which two factors are multiplied, and which lists of factors are equal.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any, NamedTuple

import numpy

from autograd_core.primitives import kind_of
from autograd_core.program.analysis.operands import spans
from autograd_core.program.code.flat import Code, Integers

__all__ = ["DotProducts", "dot_products", "equal_lists", "shared_factors"]

DOT, STRONG_DOT = kind_of("dot"), kind_of("strong_dot")
FEW = 256
"""Lists that are sooner compared than sought among."""


class DotProducts(NamedTuple):
    """The dot products of a code: that at `places[k]` adds up `starts[k]` to `stops[k]`."""

    places: Integers
    kinds: Integers
    starts: Integers
    stops: Integers
    first: Integers
    """The first factor of every product, one dot product's after the other's."""
    second: Integers


def dot_products(code: Code) -> DotProducts:
    """The dot products of a code, in order.

    >>> from autograd_core import dot, record
    >>> found = dot_products(record(lambda x, y: dot([x, y], [y, x]), 0.0, 0.0).code)
    >>> found.first.tolist(), found.second.tolist()
    ([0, 1], [1, 0])
    """
    kinds, firsts, counts = code.instructions.T
    places = numpy.flatnonzero((kinds == DOT) | (kinds == STRONG_DOT)).astype(numpy.int32)
    own, count = kinds.take(places), counts.take(places) // 2
    stops = numpy.cumsum(count, dtype=numpy.int32)
    pairs = code.operands.take(spans(firsts.take(places) + (own == DOT), 2 * count))
    return DotProducts(places, own, stops - count, stops, pairs[::2], pairs[1::2])


def equal_lists(numbers: Any, starts: Any, stops: Any, kinds: Integers | None = None) -> Integers:
    """For each list `numbers[start:stop]` which is the first that is equal, and of equal kind.

    >>> import numpy
    >>> equal_lists(numpy.array([7, 8, 7, 7, 8], dtype=numpy.int32), [0, 2, 3], [2, 3, 5]).tolist()
    [0, 1, 0]
    """
    numbers = numpy.asarray(numbers)
    starts, stops = (
        numpy.asarray(starts, dtype=numpy.int64),
        numpy.asarray(stops, dtype=numpy.int64),
    )
    data, size = numbers.tobytes(), numbers.itemsize
    known: defaultdict[int, dict[bytes, int]] = defaultdict(dict)
    kinds = numpy.asarray(numpy.zeros(len(starts), dtype=numpy.int32) if kinds is None else kinds)
    found = numpy.arange(len(starts), dtype=numpy.int32)
    some = found.copy() if len(found) < FEW else _perhaps_equal(numbers, starts, stops, kinds)
    begins, ends = size * starts[some], size * stops[some]
    found[some] = [
        known[kind].setdefault(data[begin:end], place)
        for place, kind, begin, end in zip(
            some.tolist(), kinds[some].tolist(), begins.tolist(), ends.tolist(), strict=True
        )
    ]
    return found


def _perhaps_equal(numbers: Any, starts: Any, stops: Any, kinds: Integers) -> Any:
    """Which lists have sums of scrambled numbers that are another's, as equal lists have."""
    scrambled = numbers.astype(numpy.uint64) * numpy.uint64(0x9E3779B97F4A7C15)
    scrambled ^= scrambled >> numpy.uint64(29)
    sums = numpy.append(numpy.uint64(0), numpy.cumsum(scrambled * numpy.uint64(0xBF58476D1CE4E5B9)))
    keys = sums[stops] - sums[starts] + kinds.astype(numpy.uint64)
    bits = max(2 * len(starts), 1).bit_length()
    keys = (keys >> numpy.uint64(64 - bits)).astype(numpy.int64)
    return numpy.flatnonzero(numpy.bincount(keys, minlength=1)[keys] > 1)


def shared_factors(code: Code) -> dict[int, tuple[int, int]]:
    """For each dot product, by its place, whose first and whose second factors it shares.

    Those are the first of its row that have the same: equal numbers, equal factors.

    >>> from autograd_core import dot, record
    >>> program = record(lambda x, y: [dot([x, y], [z, z]) for z in (x, y)], 0.0, 0.0)
    >>> shared_factors(program.code)
    {0: (0, 0), 1: (0, 1)}
    """
    dots = dot_products(code)
    sides = [
        equal_lists(factors, dots.starts, dots.stops, dots.kinds).tolist()
        for factors in (dots.first, dots.second)
    ]
    return dict(zip(dots.places.tolist(), zip(*sides, strict=True), strict=True))
