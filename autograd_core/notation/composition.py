"""A whole small graph as one formula, from its leaves: `(x + y) · z`.

Nothing recurses. What is used twice is written twice, so the size is counted before anything is
written: a graph of forty nodes may stand for a million signs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from autograd_core.graph.value import Value
from autograd_core.notation.rows import ELLIPSIS, value_formula
from autograd_core.notation.spelling import Notation, Piece

__all__ = ["composed", "written_size"]


def written_size(order: Sequence[Value]) -> int:
    """How many signs one formula of the graph has, counted up to a million.

    `order` is topological, the root last.
    """
    sizes: dict[Value, int] = {}
    for node in order:
        written = node.op and not node.constant
        size = 1 + sum(sizes[parent] for parent in node.parents) if written else 1
        sizes[node] = min(size, 1_000_000)  # it may double at every node
    return sizes[order[-1]]


def composed(order: Sequence[Value], names: Mapping[Value, str], notation: Notation) -> Piece:
    """The root as a formula of the leaves; computed constants are numbers."""
    pieces: dict[Value, Piece] = {}
    for node in order:
        if node.constant and not (node.name and not node.op):
            pieces[node] = notation.number(node.data)
        elif not node.op:
            pieces[node] = notation.name(names[node])
        else:
            pieces[node] = _applied(node, [pieces[parent] for parent in node.parents], notation)
    return pieces[order[-1]]


def _applied(node: Value, operands: list[Piece], notation: Notation) -> Piece:
    row, parents = node.primitive, node.parents
    # `dot` starts from 0 unless told; that is nothing to write.
    bare = parents and parents[0].constant and not parents[0].name and parents[0].data == 0
    formula = value_formula(row, len(parents), bool(bare) and "start" in row.operands)
    if row.chooses:
        operands[0] = Piece(notation.words("true" if parents[0].data else "false"))
    slots = {str(place): piece for place, piece in enumerate(operands)}
    return notation.fill(formula, slots | {ELLIPSIS: notation.ellipsis})
