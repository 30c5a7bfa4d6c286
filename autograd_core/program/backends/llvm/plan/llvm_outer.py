"""Products that nothing but a sum over the samples reads: the gradients of a layer's weights.

Each is a cotangent times a factor. They are computed after everything else, for several blocks of
lanes at once, in tiles of some cotangents by some factors whose partial sums stay in registers. The
code of a tile knows no program: where its numbers stand is in a table, so that it is compiled once.

A partial sum is never -0, so the spare lanes of a short block leave no trace, once the cotangents
in them are 0. A cotangent that is summed itself is multiplied by 1. A sum that comes to NaN is in
doubt, as `llvm_text` says, for the products are plain ones.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import NamedTuple

import numpy
from numpy.typing import NDArray

from autograd_core.program.analysis.only_summed import only_summed
from autograd_core.program.analysis.shared_factors import equal_lists
from autograd_core.program.backends.llvm.llvm_formulas import vector_type
from autograd_core.program.backends.samples import PARTIAL_SUMS
from autograd_core.program.code.flat import Code, Integers

__all__ = ["ONE", "Products", "Shape", "Tiles", "find_products", "tile_text", "tiles"]

ONE = 2**31 - 1
"""Stands for the factor 1."""
NUMBER = 8  # bytes
MOST_MASKS = 6
WIDEST = 6

Places = NDArray[numpy.int64]


class Shape(NamedTuple):
    """Cotangents and factors in a tile."""

    cotangents: int
    factors: int


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
    """All tiles of one shape: a row of byte offsets for each, and the sums it comes to.

    A row has the places in the frame of the cotangents and of the factors, then those of its sums
    among all; where one is computed twice, it goes to the same place twice.
    """

    shape: Shape
    table: Places
    sums: Places
    """For each tile a row of sums, the factors' of one cotangent after the other's; -1 for none."""


def tiles(products: Products, slots: Mapping[int, int], lanes: int, cells: int) -> list[Tiles]:
    """The tiles that compute all products, of at most so many sums each."""
    found: dict[Shape, tuple[list[list[int]], list[Places]]] = {}
    for factors, cotangents, sums in _rectangles(products):
        wide = -(-len(factors) // -(-len(factors) // WIDEST))
        high = min(max(1, cells // wide), MOST_MASKS, len(cotangents))
        rows, into = found.setdefault(Shape(high, wide), ([], []))
        for top in range(0, len(cotangents), high):
            for left in range(0, len(factors), wide):
                across = factors[left : left + wide]
                down = cotangents[top : top + high]
                own = numpy.full((high, wide), -1, dtype=numpy.int64)
                own[: len(down), : len(across)] = sums[top : top + high, left : left + wide]
                places = own[: len(down), : len(across)]
                edges = (0, high - len(down)), (0, wide - len(across))
                across = across + across[-1:] * (wide - len(across))
                down = down + down[-1:] * (high - len(down))
                row = [slots[value] * NUMBER * lanes for value in (*down, *across)]
                rows.append(row + (numpy.pad(places, edges, "edge").ravel() * NUMBER).tolist())
                into.append(own.ravel())
    return [
        Tiles(shape, numpy.array(rows, dtype=numpy.int64), numpy.array(into, dtype=numpy.int64))
        for shape, (rows, into) in found.items()
    ]


def _rectangles(products: Products) -> list[tuple[list[int], list[int], Places]]:
    """Factors, the cotangents that all of these are multiplied by, and their sums."""
    starts = numpy.flatnonzero(numpy.diff(products.cotangents, prepend=-1))
    stops = numpy.append(starts, len(products.cotangents))[1:]
    together: defaultdict[int, list[int]] = defaultdict(list)
    for run, first in enumerate(equal_lists(products.factors, starts, stops).tolist()):
        together[first].append(run)
    return [
        (
            products.factors[starts[first] : stops[first]].tolist(),
            products.cotangents[starts[runs]].tolist(),
            products.sums[starts[runs][:, None] + numpy.arange(stops[first] - starts[first])],
        )
        for first, runs in together.items()
    ]


def tile_text(shape: Shape, lanes: int) -> str:
    """The text of `@tile` for one shape of tile; what it takes is in its first lines.

    The partial sums of one tile after another stand in a row. Those of the first batch begin as
    zeros (`first`); what those of the last come to is stored where it goes (`last`), unless a block
    is narrower than the partial sums: then somebody else adds them up. Gives whether one came to
    NaN.
    """
    kind = vector_type(lanes)
    parts = 1 if lanes == 1 else PARTIAL_SUMS
    aligned, apart = NUMBER * lanes, NUMBER * parts
    high, wide = shape
    down, across = range(high), range(wide)
    cells = [(i, j) for i in down for j in across]
    doubt = f"<{lanes} x i1>" if lanes > 1 else "i1"
    lines = [
        "define i64 @tile(ptr noalias readonly %frame, i64 %stride, i64 %blocks, ptr noalias "
        "%sums, ptr noalias %totals, ptr noalias readonly %table, i64 %tiles, i64 %first, "
        "i64 %last) #0 {",
        "entry:",
        "%begins = icmp ne i64 %first, 0",
        "%ends = icmp ne i64 %last, 0",
        "br label %tile",
        "tile:",
        "%row = phi ptr [ %table, %entry ], [ %row.next, %next ]",
        "%own = phi ptr [ %sums, %entry ], [ %own.next, %next ]",
        f"%doubt = phi {doubt} [ zeroinitializer, %entry ], [ %doubt.next, %next ]",
        "%left = phi i64 [ %tiles, %entry ], [ %left.next, %next ]",
    ]
    for name, place in [*((f"c{i}", i) for i in down), *((f"x{j}", high + j) for j in across)]:
        lines += [
            f"%{name}.t = getelementptr i64, ptr %row, i64 {place}",
            f"%{name}.o = load i64, ptr %{name}.t, align 8",
            f"%{name}.p = getelementptr i8, ptr %frame, i64 %{name}.o",
        ]
    lines += ["br i1 %begins, label %blocks.begin, label %load", "load:"]
    for cell, (i, j) in enumerate(cells):
        lines += [
            f"%l{i}.{j}.p = getelementptr i8, ptr %own, i64 {cell * apart}",
            f"%l{i}.{j} = load {kind}, ptr %l{i}.{j}.p, align {aligned}",
        ]
    lines += ["br label %blocks.begin", "blocks.begin:"]
    for i, j in cells:
        lines.append(f"%a{i}.{j} = phi {kind} [ zeroinitializer, %tile ], [ %l{i}.{j}, %load ]")
    lines += [
        "br label %block",
        "block:",
        "%at = phi i64 [ 0, %blocks.begin ], [ %at.next, %block ]",
        "%b = phi i64 [ %blocks, %blocks.begin ], [ %b.next, %block ]",
    ]
    for i, j in cells:
        lines.append(f"%t{i}.{j} = phi {kind} [ %a{i}.{j}, %blocks.begin ], [ %n{i}.{j}, %block ]")
    for i in down:
        lines += [
            f"%c{i}.b = getelementptr i8, ptr %c{i}.p, i64 %at",
            f"%c{i} = load {kind}, ptr %c{i}.b, align {aligned}",
        ]
    for j in across:
        lines += [
            f"%x{j}.b = getelementptr i8, ptr %x{j}.p, i64 %at",
            f"%x{j} = load {kind}, ptr %x{j}.b, align {aligned}",
        ]
        for i in down:
            lines += [
                f"%p{i}.{j} = fmul {kind} %c{i}, %x{j}",
                f"%n{i}.{j} = fadd {kind} %t{i}.{j}, %p{i}.{j}",
            ]
    folds = lanes in (1, PARTIAL_SUMS)
    lines += [
        "%at.next = add i64 %at, %stride",
        "%b.next = sub i64 %b, 1",
        "%b.more = icmp ne i64 %b.next, 0",
        "br i1 %b.more, label %block, label %end",
        "end:",
        "br i1 %ends, label %fold, label %store" if folds else "br label %store",
        "store:",
    ]
    for cell, (i, j) in enumerate(cells):
        lines += [
            f"%s{i}.{j}.p = getelementptr i8, ptr %own, i64 {cell * apart}",
            f"store {kind} %n{i}.{j}, ptr %s{i}.{j}.p, align {aligned}",
        ]
    lines.append("br label %next")
    if folds:
        names = [f"%n{i}.{j}" for i, j in cells]
        lines += ["fold:", *_folds(names, lanes, high + wide), "br label %next"]
    lines += [
        "next:",
        f"%doubt.next = phi {doubt} [ %doubt, %store ]" + ", [ %folded, %fold ]" * folds,
        f"%row.next = getelementptr i64, ptr %row, i64 {high + wide + len(cells)}",
        f"%own.next = getelementptr i8, ptr %own, i64 {len(cells) * apart}",
        "%left.next = sub i64 %left, 1",
        "%more = icmp ne i64 %left.next, 0",
        "br i1 %more, label %tile, label %exit",
        "exit:",
        *([f"%bits = bitcast {doubt} %doubt.next to i{lanes}"] if lanes > 1 else []),
        f"%found = zext i{lanes} {'%bits' if lanes > 1 else '%doubt.next'} to i64",
        "ret i64 %found",
        "}",
    ]
    return "\n".join(lines)


def _folds(names: list[str], lanes: int, first_place: int) -> list[str]:
    """Add up the eight numbers of each partial sum, of eight sums at a time, and store the totals.

    Halves are added to halves: of two vectors each, then of two of these, then of two of those. A
    tile's row has the places of its totals from `first_place` on.
    """
    lines, folded, doubt = [], list(names), "%doubt"
    kind, step = vector_type(lanes), lanes
    for first in range(0, len(names), step):
        total = names[first]
        if lanes > 1:
            own, total = _folded(names[first : first + step], first)
            lines += own
            folded[first : first + step] = [
                f"%e{cell}" for cell in range(first, min(first + step, len(names)))
            ]
            lines += [
                f"%e{cell} = extractelement {kind} {total}, i64 {cell - first}"
                for cell in range(first, min(first + step, len(names)))
            ]
        last = first + step >= len(names)
        found = "%folded" if last else f"%doubt.{first}"
        lines += [
            f"%nan.{first} = fcmp uno {kind} {total}, {total}",
            f"{found} = or {'i1' if lanes == 1 else f'<{lanes} x i1>'} {doubt}, %nan.{first}",
        ]
        doubt = found
    for cell, name in enumerate(folded):
        lines += [
            f"%d{cell}.t = getelementptr i64, ptr %row, i64 {first_place + cell}",
            f"%d{cell}.o = load i64, ptr %d{cell}.t, align 8",
            f"%d{cell} = getelementptr i8, ptr %totals, i64 %d{cell}.o",
            f"store double {name}, ptr %d{cell}, align 8",
        ]
    return lines


def _folded(level: list[str], first: int) -> tuple[list[str], str]:
    """The lines that make of up to eight vectors one of their sums; those that lack repeat."""
    lines: list[str] = []
    kind, half = vector_type(PARTIAL_SUMS), PARTIAL_SUMS // 2
    level = level + level[-1:] * (PARTIAL_SUMS - len(level))
    while len(level) > 1:
        above: list[str] = []
        for one, other in zip(level[::2], level[1::2], strict=True):
            name = f"%f{first}.{half}.{len(above)}"
            for side, at in (("l", 0), ("h", half)):
                places = [
                    part * 2 * half + at + k
                    for part in range(PARTIAL_SUMS // half)
                    for k in range(half)
                ]
                order = ", ".join(f"i32 {place}" for place in places)
                lines.append(
                    f"{name}.{side} = shufflevector {kind} {one}, {kind} {other}, "
                    f"<{PARTIAL_SUMS} x i32> <{order}>"
                )
            lines.append(f"{name} = fadd {kind} {name}.l, {name}.h")
            above.append(name)
        level, half = above, half // 2
    return lines, level[0]
