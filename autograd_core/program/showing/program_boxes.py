"""The boxes of a large program's picture: instructions put together, and the flow between boxes.

Instructions of one primitive whose operands come from the same boxes stand in one box: a layer is
one box for its sums and one for its activations, found without any names. Where that leaves too
many boxes, instructions stand together by their depth. The leaves follow: an input is in its
argument's box, what is captured in one for each box that reads it first.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy
from numpy.typing import NDArray

from autograd_core.primitives import ROWS, Primitive
from autograd_core.program.analysis.dependence import depths_and_variation
from autograd_core.program.analysis.operands import flat_operands
from autograd_core.program.code.flat import Code, Integers
from autograd_core.program.signature.leaf_names import Names

__all__ = ["Box", "Grouping", "group", "said"]

Places: TypeAlias = NDArray[numpy.int64]

BANDS = 16  # of depth: they stand in one row
PATIENCE = 200_000  # instructions: of more the kinds are not looked at one by one
FEW = 3  # primitives named in a box of several


@dataclass(slots=True)
class Box:
    """Some values that stand in one box."""

    what: str
    """`input`, `captured` or `instruction`."""
    title: str
    members: list[int] | range
    """The numbers of its values, in order."""
    once: bool
    """Whether it is computed once a call."""


@dataclass(slots=True)
class Grouping:
    """The boxes, and how many operands flow from one into another."""

    boxes: list[Box]
    flows: dict[tuple[int, int], int]
    outputs: dict[int, list[int]]
    """For a box, the places of the outputs that it gives."""
    by_depth: bool
    """Whether boxes hold instructions of several kinds."""


def group(code: Code, names: Names, limit: int) -> Grouping:
    """Put a program's values into boxes, of instructions at most `limit`."""
    depths, varies = depths_and_variation(code)
    arguments = _arguments(code, names, limit)
    found = _by_kind(code, arguments, varies, limit) if len(code) <= PATIENCE else None
    by_depth = found is None
    if found is None:
        found = _by_depth(code, depths, limit)
    of, titles = found
    boxes = []
    for box, members in enumerate(_members(of, len(titles))):
        numbers = (code.leaves + members).tolist()
        boxes.append(Box("instruction", titles[box], numbers, not varies[numbers].any()))
    of_value = numpy.full(code.values, -1, dtype=numpy.int64)
    of_value[code.leaves :] = of
    counts, operands = flat_operands(code)
    readers = numpy.repeat(of, counts)
    _add_leaves(code, names, arguments, operands, readers, of_value, boxes)
    real = operands >= 0
    pairs = of_value[operands[real]] * len(boxes) + readers[real]
    flows = {}
    for pair, count in zip(*numpy.unique(pairs, return_counts=True), strict=True):
        source, target = divmod(int(pair), len(boxes))
        if source != target:
            flows[source, target] = int(count)
    outputs: dict[int, list[int]] = {}
    for place, value in enumerate(code.outputs.tolist()):
        if value >= 0:
            outputs.setdefault(int(of_value[value]), []).append(place)
    return Grouping(boxes, flows, outputs, by_depth)


def said(row: Primitive, operands: Sequence[int], constants: Sequence[float]) -> str:
    """What an instruction computes, with its constants as numbers and a dot for any other operand.

    >>> from autograd_core import PRIMITIVES
    >>> said(PRIMITIVES["sub"], [-1, 3], [1.0]), said(PRIMITIVES["where"], [1, 2, -1], [0.5])
    ('1.0 - ·', 'where(·, ·, 0.5)')
    >>> said(PRIMITIVES["tanh"], [3], []), said(PRIMITIVES["dot"], [0, 1, 2], [])
    ('tanh', 'Σwx+b')
    """
    if row.arity is None:
        starts = row.name == "dot" and not (operands[0] < 0 and constants[-1 - operands[0]] == 0)
        return row.glyph + "+b" * starts
    if all(operand >= 0 for operand in operands):
        return row.glyph
    words = ["·" if operand >= 0 else repr(constants[-1 - operand]) for operand in operands]
    if row.arity == 2 and not row.glyph.isalpha():
        return f"{words[0]} {row.glyph} {words[1]}"
    return f"{row.glyph}({', '.join(words)})"


def _arguments(code: Code, names: Names, limit: int) -> list[str]:
    """Of every input the argument that it is part of."""
    roots = [name.partition("[")[0].partition("%")[0] for name in names.leaves[: code.inputs]]
    return roots if len(set(roots)) <= limit else ["inputs"] * code.inputs


def _by_kind(
    code: Code, arguments: list[str], varies: Integers, limit: int
) -> tuple[Places, list[str]] | None:
    """The box of every instruction and what is said of each; None for more boxes than the limit."""
    boxes: dict[object, int] = {}
    titles: list[str] = []
    of: list[object] = [*arguments, *[None] * code.captured]
    constants = code.constants.tolist()
    for number, row, operands in code:
        title = said(row, operands, constants)
        sources = frozenset([of[operand] for operand in operands if operand >= 0])
        key = (row.name, title, bool(varies[number]), sources)
        box = boxes.setdefault(key, len(boxes))
        if box == len(titles):
            if box == limit:
                return None
            titles.append(title)
        of.append(box)
    return numpy.array(of[code.leaves :], dtype=numpy.int64), titles


def _by_depth(code: Code, depths: Integers, limit: int) -> tuple[Places, list[str]]:
    """The same by depth: in as many spans of it as there may be boxes."""
    own = depths[code.leaves :].astype(numpy.int64) - 1
    deepest = int(own.max()) + 1
    bands = min(limit, deepest, BANDS)
    of = own * bands // deepest
    titles = []
    for members in _members(of, bands):
        counts = Counter(code.instructions[members, 0].tolist())
        named = [f"{count:,} {_name(kind)}" for kind, count in counts.most_common(FEW)]
        titles.append("\n".join(named + ["…"] * (len(counts) > FEW)))
    return of, titles


def _name(kind: int) -> str:
    row = ROWS[kind]
    return "" if row is None else row.name


def _members(of: Places, count: int) -> list[Places]:
    """The places in each box, in order."""
    order = numpy.argsort(of, kind="stable")
    bounds = numpy.searchsorted(of[order], numpy.arange(1, count))
    return numpy.split(order, bounds)


def _add_leaves(
    code: Code,
    names: Names,
    arguments: list[str],
    operands: Integers,
    readers: Places,
    of_value: Places,
    boxes: list[Box],
) -> None:
    """Put the leaves that anything needs into boxes."""
    needed = numpy.zeros(code.leaves, dtype=bool)
    for values in (operands, code.outputs):
        needed[values[(values >= 0) & (values < code.leaves)]] = True
    first = numpy.full(code.leaves, len(boxes), dtype=numpy.int64)  # the first box that reads it
    leaves = (operands >= 0) & (operands < code.leaves)
    numpy.minimum.at(first, operands[leaves], readers[leaves])
    together: dict[object, list[int]] = {}
    for number in numpy.flatnonzero(needed).tolist():
        key = arguments[number] if number < code.inputs else int(first[number])
        together.setdefault(key, []).append(number)
    for members in together.values():
        what = "input" if members[0] < code.inputs else "captured"
        of_value[members] = len(boxes)
        title = _leaves_title([names.leaves[number] for number in members])
        boxes.append(Box(what, title, members, False))


def _leaves_title(names: list[str]) -> str:
    """What names have in common, or the first and the last of them."""
    if len(names) == 1:
        return names[0]
    paths = [name.replace("[", ".[").split(".") for name in names]
    shared = []
    for parts in zip(*paths, strict=False):
        if len(set(parts)) > 1:
            break
        shared.append(parts[0])
    return ".".join(shared).replace(".[", "[") or f"{names[0]} … {names[-1]}"
