"""Products that nothing but a sum over the samples reads: the gradients of a layer's weights.

Each is a cotangent times a factor. They are computed after everything else, for several blocks of
lanes at once, in tiles of some cotangents by a panel of factors, or the other way round, as
`llvm_tiles` and `llvm_panels` say. Here is which, and the table that tells a tile where its numbers
stand. A cotangent that is summed itself is multiplied by 1.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import NamedTuple

import numpy
from numpy.typing import NDArray

from autograd_core.program.analysis.only_summed import only_summed
from autograd_core.program.analysis.shared_factors import equal_lists
from autograd_core.program.backends.samples import PARTIAL_SUMS
from autograd_core.program.code.flat import Code, Integers

__all__ = ["ONE", "Products", "Shape", "Tiles", "find_products", "tiles"]

ONE = 2**31 - 1
"""Stands for the factor 1."""
NUMBER = 8  # bytes
FILLING = 4
"""What it costs to bring a value into a panel, where a product costs 1."""
SCATTERED = 1.2
"""By what all is multiplied where sums do not follow one another."""

Places = NDArray[numpy.int64]


class Shape(NamedTuple):
    """What tiles have one code."""

    rows: int
    vectors: int
    """Across: as wide as there are lanes."""
    in_rows: bool
    """Whether the sums of a row follow one another."""
    filled: bool
    """Whether the values across are brought together in a panel."""


class Products(NamedTuple):
    """The products left for the tiles, sorted by cotangent, then by factor."""

    sums: Places
    cotangents: Places
    factors: Places
    instructions: Places
    """The places of their instructions, which nothing else reads."""


def find_products(code: Code, summed: int, varies: Integers, uses: Integers) -> Products:
    """What of the summed outputs is a product of its own, and what sums a cotangent of these.

    `uses` counts for every value the operands and outputs that it is.
    """
    kept = len(code.outputs) - summed
    own = only_summed(code, summed, varies, uses)
    places = (code.outputs[own] - code.leaves).astype(numpy.int64)
    _, first, second = code.instructions[places].T.astype(numpy.int64)
    computed = first >= code.leaves  # the spare lanes of an input are not made 0
    own, places, first, second = (part[computed] for part in (own, places, first, second))
    outputs = code.outputs[kept:].astype(numpy.int64)
    plain = numpy.flatnonzero(numpy.isin(outputs, first))
    sums = numpy.concatenate([own - kept, plain])
    cotangents = numpy.concatenate([first, outputs[plain]])
    factors = numpy.concatenate([second, numpy.full(len(plain), ONE)])
    order = numpy.lexsort((factors, cotangents))
    return Products(sums[order], cotangents[order], factors[order], places)


class Tiles(NamedTuple):
    """All tiles of one shape, by panels: a table of byte offsets.

    For each panel it has how many tiles there are, and the places in the frame of what is across;
    then for each tile those of its rows, and those of its sums among all: of a row's first if they
    are in rows. Where one is computed twice, it goes to the same place twice.
    """

    shape: Shape
    table: Places
    panels: int
    partial_sums: int
    """How many numbers the tiles of a batch leave to those of the next."""


def tiles(products: Products, slots: Mapping[int, int], lanes: int) -> list[Tiles]:
    """The tiles that compute all products."""
    samples = 1 if lanes == 1 else PARTIAL_SUMS
    together: defaultdict[Shape, list[tuple[list[Places], int]]] = defaultdict(list)
    for rectangle, layout in _laid_out(_rectangles(products), lanes):
        high, wide, groups = layout.high, layout.vectors * lanes, layout.groups
        across, down, sums = rectangle.turned() if layout.turned else rectangle
        x = numpy.array([slots[value] for value in across]) * (NUMBER * lanes)
        c = numpy.array([slots[value] for value in down]) * (NUMBER * lanes)
        rows = numpy.minimum(numpy.arange(groups * high), len(c) - 1)
        for left in range(0, len(x), wide):
            first = max(0, min(left, len(x) - wide))
            columns = numpy.minimum(numpy.arange(first, first + wide), len(x) - 1)
            own = sums[numpy.ix_(rows, columns)]
            in_rows = bool((numpy.diff(own) == 1).all())
            own = (own[:, :1] if in_rows else own).reshape(groups, -1) * NUMBER
            places = numpy.hstack([c[rows].reshape(groups, high), own])
            table = [numpy.array([groups]), x[columns], places.ravel()]
            shape = Shape(high, layout.vectors, in_rows, layout.filled)
            together[shape].append((table, groups * high * wide * samples))
    return [
        Tiles(
            shape,
            numpy.concatenate([part for table, _ in panels for part in table]).astype(numpy.int64),
            len(panels),
            sum(count for _, count in panels),
        )
        for shape, panels in together.items()
    ]


class _Rectangle(NamedTuple):
    """Factors, the cotangents that all of these are multiplied by, and their sums."""

    factors: list[int]
    cotangents: list[int]
    sums: Places

    def turned(self) -> _Rectangle:
        return _Rectangle(self.cotangents, self.factors, self.sums.T)

    def cut(self, at: int) -> list[_Rectangle]:
        left = _Rectangle(self.factors[:at], self.cotangents, self.sums[:, :at])
        return [left, _Rectangle(self.factors[at:], self.cotangents, self.sums[:, at:])]


class _Layout(NamedTuple):
    """How a rectangle is cut: the least is the fastest."""

    cost: float
    """Of a turn of eight samples, a product being 1."""
    turned: bool
    """Whether cotangents are across."""
    filled: bool
    vectors: int
    high: int
    groups: int


def _laid_out(rectangles: list[_Rectangle], lanes: int) -> Iterator[tuple[_Rectangle, _Layout]]:
    """Each as it is computed fastest; or in two, as many factors as fill vectors and the rest."""
    for whole in rectangles:
        ways = [[whole]]
        if 0 < (rest := len(whole.factors) % lanes) < len(whole.factors):
            ways.append(whole.cut(len(whole.factors) - rest))
        laid = [[(part, min(_layouts(part, lanes))) for part in parts] for parts in ways]
        yield from min(laid, key=lambda parts: sum(layout.cost for _, layout in parts))


def _layouts(rectangle: _Rectangle, lanes: int) -> Iterator[_Layout]:
    for turned in (False, True):
        across, down, sums = rectangle.turned() if turned else rectangle
        for filled, vectors, most, product in _kinds(lanes):
            high = min(most, len(down))
            groups, wide = -(-len(down) // high), vectors * lanes
            cost = (groups * high * product + FILLING * filled) * -(-len(across) // wide) * wide
            if len(across) < wide or (numpy.diff(sums) != 1).any():
                cost *= SCATTERED
            yield _Layout(cost, turned, filled, vectors, high, groups)


def _kinds(lanes: int) -> list[tuple[bool, int, int, float]]:
    """Whether a panel is filled, its vectors, the rows of a tile, and what a product costs.

    Two partial sums of each vector of sums, or all, and a few operands are in registers. Without a
    panel a part of what is added up in the end is in the cost.
    """
    kinds = [(True, 2, 3, 1.0), (True, 2, 2, 1.08)]
    kinds += [(True, 1, 6, 1.12), (True, 1, 5, 1.15), (True, 1, 4, 1.2)]
    if lanes > 1:
        kinds.append((False, 1, 3 if lanes == PARTIAL_SUMS else 1, 1.5))
    return kinds


def _rectangles(products: Products) -> list[_Rectangle]:
    starts = numpy.flatnonzero(numpy.diff(products.cotangents, prepend=-1))
    stops = numpy.append(starts, len(products.cotangents))[1:]
    together: defaultdict[int, list[int]] = defaultdict(list)
    for run, first in enumerate(equal_lists(products.factors, starts, stops).tolist()):
        together[first].append(run)
    return [
        _Rectangle(
            products.factors[starts[first] : stops[first]].tolist(),
            products.cotangents[starts[runs]].tolist(),
            products.sums[starts[runs][:, None] + numpy.arange(stops[first] - starts[first])],
        )
        for first, runs in together.items()
    ]
