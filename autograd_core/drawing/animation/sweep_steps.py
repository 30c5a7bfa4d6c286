"""The forward pass and the reverse sweep of one graph, one step after the other, in words.

The sweep is followed number by number in the engine's order: a node's cotangent, times a local
gradient, is added to what its operand has so far. This module owns the steps and their arithmetic;
`stepping` draws them; the sweep itself is `autograd_core.graph.sweep`'s, which leaves no record.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from autograd_core.drawing.folding.numbering import Numbered
from autograd_core.graph.traversal import is_stale
from autograd_core.graph.value import Value
from autograd_core.notation import ELLIPSIS, Piece, TextNotation, node_names, value_formula
from autograd_core.notation.formula import Formula
from autograd_core.notation.spelling import PRODUCT

__all__ = ["SweepStep", "names_of", "steps_of"]

_MOST_LEAVES = 12
Edge = tuple[int, int]


@dataclass(slots=True)
class SweepStep:
    """One step: what is said, which numbers change, and what is looked at."""

    phase: str
    lines: list[str]
    data: dict[int, float] = field(default_factory=dict)
    """The values computed in this step, by place in the graph."""
    grads: dict[int, float] = field(default_factory=dict)
    """What the gradients have come to after this step, of those that it changes."""
    at: list[int] = field(default_factory=list)
    """The values looked at."""
    edges: list[Edge] = field(default_factory=list)
    """The edges along which something flows: a value's place, and which of its operands."""


class _Notation(TextNotation):
    """Plain text with the multiplication sign that stands in the circles."""

    def write(self, formula: Formula, parts: Sequence[Piece]) -> Piece:
        if formula.kind != "times":
            return super().write(formula, parts)
        right = self.within(parts[1], PRODUCT, right=True)
        return Piece(f"{self.within(parts[0], PRODUCT)} × {right}", PRODUCT)


def names_of(graph: Numbered) -> list[str]:
    """What each value is called in the steps; empty for a number as such."""
    given = node_names(graph.values)
    return [given.get(value, "") for value in graph.values]


def steps_of(graph: Numbered, number: Callable[[float], str]) -> list[SweepStep]:
    """Every step, from the leaves to the root and back to the leaves."""
    notation, names = _Notation(number), names_of(graph)
    steps = [
        SweepStep(
            "start", ["The leaves have their values. Nothing is computed yet, every grad is 0."]
        )
    ]
    for place, value in enumerate(graph.values):
        if value.op:
            steps.append(_forward(graph, place, names, notation))
    steps += _reverse(graph, names, number)
    return steps


def _forward(graph: Numbered, place: int, names: Sequence[str], notation: _Notation) -> SweepStep:
    """`q = x + y = -2 + 5 = 3`."""
    value, operands = graph.values[place], graph.parents[place]
    numbers = [notation.number(graph.values[parent].data) for parent in operands]
    symbols = [
        notation.name(names[parent]) if names[parent] else number
        for parent, number in zip(operands, numbers, strict=True)
    ]
    stale = is_stale(value)
    sides = [names[place]]
    for pieces in (symbols,) if stale else (symbols, numbers):
        written = _written(value, pieces, notation)
        if written not in sides:
            sides.append(written)
    result = notation.number(value.data).text
    if sides[-1] != result:
        sides.append(result)
    edges = [(place, index) for index in range(len(operands))]
    lines = [" = ".join(sides)]
    if stale:
        lines.append("This was computed before an operand's data was changed.")
    return SweepStep("forward", lines, {place: value.data}, at=[place], edges=edges)


def _written(value: Value, operands: Sequence[Piece], notation: _Notation) -> str:
    row = value.primitive
    start = value.parents[0]
    bare = "start" in row.operands and start.constant and not start.name and start.data == 0
    formula = value_formula(row, len(operands), bare)
    slots: Mapping[str, Piece] = {str(index): piece for index, piece in enumerate(operands)}
    return notation.fill(formula, {**slots, ELLIPSIS: notation.ellipsis}).text


def _reverse(
    graph: Numbered, names: Sequence[str], number: Callable[[float], str]
) -> list[SweepStep]:
    """The sweep, as `graph.sweep` does it: one step for each operation, root first."""
    root = graph.root
    cotangents = [0.0] * len(graph.values)
    cotangents[root] = 1.0
    seed = (
        f"{names[root]}.grad = {number(1.0)}: the sweep starts with ∂{names[root]}/∂{names[root]}"
    )
    steps = [SweepStep("reverse", [seed], grads={root: 1.0}, at=[root])]
    steps += [
        _swept(graph, place, names, number, cotangents)
        for place in range(root, -1, -1)
        if graph.operations[place] and not graph.values[place].constant
    ]
    leaves = [
        place for place, value in enumerate(graph.values) if not value.op and not value.constant
    ]
    found = [
        f"∂{names[root]}/∂{names[leaf]} = {number(cotangents[leaf])}"
        for leaf in leaves[:_MOST_LEAVES]
    ]
    if len(leaves) > _MOST_LEAVES:
        found.append(f"… and {len(leaves) - _MOST_LEAVES:,} more")
    steps.append(SweepStep("end", found or ["No leaf has a gradient."], at=leaves))
    return steps


def _swept(
    graph: Numbered,
    place: int,
    names: Sequence[str],
    number: Callable[[float], str],
    cotangents: list[float],
) -> SweepStep:
    """`x.grad: 0 + 1 × (-4) = -4`, for every operand; a factor of zero contributes nothing."""
    value, step = graph.values[place], SweepStep("reverse", [], at=[place])
    slopes, cotangent = value.local_gradients, cotangents[place]
    receiving = [
        index
        for index, parent in enumerate(graph.parents[place])
        if not graph.values[parent].constant
    ]
    if cotangent == 0:
        operands = ", ".join(dict.fromkeys(names[graph.parents[place][i]] for i in receiving))
        step.lines.append(f"{names[place]}.grad is 0: nothing flows on to {operands}")
        return step
    row = value.primitive
    # An operation of any number of operands is swept as the chain it stands for, from its end.
    for index in reversed(receiving) if row.arity is None or row.arity > 2 else receiving:
        parent, slope = graph.parents[place][index], slopes[index]
        if slope == 0 and (row.chooses or not math.isfinite(cotangent)):
            why = "it was not chosen" if row.chooses else "a local gradient of 0 lets nothing pass"
            step.lines.append(f"{names[parent]}.grad: nothing is added, {why}")
            continue
        before = cotangents[parent]
        cotangents[parent] = before + cotangent * slope
        step.lines.append(
            f"{names[parent]}.grad: {number(before)} + {_factor(slope, number)} × "
            f"{_factor(cotangent, number)} = {number(cotangents[parent])}"
        )
        step.grads[parent] = cotangents[parent]
        step.edges.append((place, index))
    return step


def _factor(factor: float, number: Callable[[float], str]) -> str:
    text = number(factor)
    return f"({text})" if text.startswith("-") else text
