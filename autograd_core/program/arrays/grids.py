"""The grids in a batch of instructions: every left operand with every right one.

A layer's neurons are dot products of each row of weights with one vector of inputs; the gradient by
its weights is each cotangent times each input. Found here, from which operands the instructions of
a batch share: instructions stand in a grid where their left operands, their right ones and the
pairs of the two make a full rectangle, or several of the same size beside one another. It knows
neither rows nor code, only addresses and labels for them.
"""

from __future__ import annotations

from collections import defaultdict
from typing import NamedTuple

import numpy
from numpy.typing import NDArray

from autograd_core.program.analysis.shared_factors import equal_lists

__all__ = ["Grid", "grids", "grids_of", "labels"]

Labels = NDArray[numpy.int64]
MOST = 8  # grids of different shapes in one batch
WORTH = 4  # instructions in one of them


class Grid(NamedTuple):
    """Members of a batch, in the order of an array of shape (blocks, us, vs)."""

    members: Labels
    shape: tuple[int, int, int]


def labels(columns: NDArray[numpy.int64]) -> Labels:
    """For each row of a matrix its number among the different rows, which are numbered in order."""
    if columns.ndim == 1 or columns.shape[1] == 1:
        _, found = numpy.unique(columns.reshape(len(columns)), return_inverse=True)
        return found.reshape(-1).astype(numpy.int64)
    stops = columns.shape[1] * numpy.arange(1, len(columns) + 1)
    alike = equal_lists(columns, stops - columns.shape[1], stops)
    first, found = numpy.unique(alike, return_inverse=True)
    order = numpy.lexsort(columns[first].T[::-1])
    number: Labels = numpy.empty(len(first), dtype=numpy.int64)
    number[order] = numpy.arange(len(first))
    return number.take(found.reshape(-1))


def grids(u: Labels, v: Labels) -> list[Grid] | None:
    """The grids of instructions with these labels of operands; None where there are none."""
    count = len(u)
    us, vs = int(u.max()) + 1, int(v.max()) + 1
    pairs = numpy.argsort(u * vs + v, kind="stable")
    if us * vs == count and len(numpy.unique(u * vs + v)) == count:
        return [Grid(pairs, (1, us, vs))] if count > 1 else None
    if us == count or vs == count:
        # One of them never comes twice: at most a scalar for each of several vectors.
        return _of_scalars(u, v, us, vs)
    return _of_blocks(u, v, pairs)


def _of_scalars(u: Labels, v: Labels, us: int, vs: int) -> list[Grid] | None:
    count = len(u)
    shared, other, together = (u, v, us) if vs == count else (v, u, vs)
    if together == count or count % together:
        return None
    each = count // together
    if not (numpy.bincount(shared) == each).all():
        return None
    members = numpy.lexsort((other, shared))
    shape = (together, 1, each) if vs == count else (together, each, 1)
    return [Grid(members, shape)]


def _of_blocks(u: Labels, v: Labels, pairs: Labels) -> list[Grid] | None:
    """Rectangles beside one another, those of one size together; the rest as it stands."""
    block = _components(u, v)
    order = pairs[numpy.argsort(block[pairs], kind="stable")]
    cuts = numpy.flatnonzero(numpy.diff(block[order])) + 1
    of_shape: defaultdict[tuple[int, int], list[Labels]] = defaultdict(list)
    rest = []
    for members in numpy.split(order, cuts):
        us, vs = len(numpy.unique(u[members])), len(numpy.unique(v[members]))
        different = len(numpy.unique(u[members] * (int(v.max()) + 1) + v[members]))
        if us * vs == len(members) == different and us > 1 and vs > 1:
            of_shape[us, vs].append(members)
        else:
            rest.append(members)
    found = [
        Grid(numpy.concatenate(blocks), (len(blocks), us, vs))
        for (us, vs), blocks in of_shape.items()
    ]
    if not found or len(found) > MOST or any(len(grid.members) < WORTH for grid in found):
        return None
    if rest:
        others = numpy.sort(numpy.concatenate(rest))
        found.append(Grid(others, (len(others), 1, 1)))
    return found


def _components(u: Labels, v: Labels) -> Labels:
    """For each pair the connected component that its labels belong to, numbered as u's come."""
    us = int(u.max()) + 1
    parent = list(range(us + int(v.max()) + 1))

    def root(node: int) -> int:
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    for left, right in zip(u.tolist(), (v + us).tolist(), strict=True):
        one, other = root(left), root(right)
        if one != other:
            parent[max(one, other)] = min(one, other)
    return numpy.array([root(left) for left in u.tolist()], dtype=numpy.int64)


def grids_of(addresses: Labels, products: int | None) -> list[Grid]:
    """All instructions of a batch in grids, by the addresses of their operands.

    `products` says with which operand the pairs of a dot product begin; of others it is None.
    """
    count = len(addresses)
    found = None
    if count > 1:
        sides = _two_sides(addresses) if products is None else _sharing(addresses[:, products:])
        found = grids(*sides) if sides else None
    if found is None:
        found = [Grid(numpy.arange(count), (count, 1, 1))]
    return [
        Grid(grid.members[_in_order(addresses[grid.members])], grid.shape)
        if grid.shape[1:] == (1, 1)
        else grid
        for grid in found
    ]


def _two_sides(addresses: Labels) -> tuple[Labels, Labels] | None:
    """Labels of the two operands of instructions that have two, if they share any."""
    varied = [column for column in addresses.T if (column != column[0]).any()]
    if addresses.shape[1] != 2 or len(varied) != 2:
        return None
    return labels(varied[0]), labels(varied[1])


def _sharing(pairs: Labels) -> tuple[Labels, Labels] | None:
    """Labels of the first factors and of the second ones, by the columns that most agree on.

    A column that no two dot products share anything in says nothing of a grid.
    """
    count = len(pairs)
    columns: dict[bytes, list[int]] = {}
    for k in range(pairs.shape[1] // 2):
        left, right = labels(pairs[:, 2 * k]), labels(pairs[:, 2 * k + 1])
        if left.max() == count - 1 and right.max() == count - 1:
            continue
        if left.max() == 0 and right.max() == 0:
            continue
        key = _first_places(left).tobytes() + _first_places(right).tobytes()
        columns.setdefault(key, []).append(k)
    if not columns:
        return None
    chosen = numpy.array(max(columns.values(), key=len))
    return labels(pairs[:, 2 * chosen]), labels(pairs[:, 2 * chosen + 1])


def _first_places(of: Labels) -> Labels:
    """For each label the place where it comes first: equal for equal partitions."""
    _, first, inverse = numpy.unique(of, return_index=True, return_inverse=True)
    return first[inverse.reshape(-1)].astype(numpy.int64)


def _in_order(addresses: Labels) -> Labels:
    """An order of instructions in which most operands follow one another."""
    best = numpy.arange(len(addresses))
    if addresses.size == 0:
        return best
    columns = addresses[:, :8]
    fewest = _breaks(columns)
    for column in columns.T:
        if (column == column[0]).all():
            continue
        order = numpy.argsort(column, kind="stable")
        breaks = _breaks(columns[order])
        if breaks < fewest:
            best, fewest = order, breaks
    return best


def _breaks(columns: Labels) -> int:
    """How little the addresses are slices, forward ones rather than backward ones."""
    steps = numpy.diff(columns, axis=0)
    return 2 * int((numpy.diff(steps, axis=0) != 0).sum()) + int((steps < 0).sum())
