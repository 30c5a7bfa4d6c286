"""The equations of a derivation, in one notation: forward values, local gradients, chain rule.

Every number here is one of the graph's. An equation is written in symbols, then in numbers; where
the numbers of a rule are not what the node recorded (a convention at a kink, data changed since),
it goes from the symbols to the recorded number and says why.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from autograd_core.explaining.derivation import Derivation, Path
from autograd_core.graph.traversal import is_stale
from autograd_core.graph.value import Value
from autograd_core.notation import (
    ELLIPSIS,
    MOST_TERMS,
    Formula,
    Notation,
    Piece,
    evaluate,
    partial_formula,
    settled,
    value_formula,
)

__all__ = ["Equation", "Equations"]

STALE = "recorded before an operand's data was changed"
NOT_TAKEN = "the branch not taken"
NOTHING_BY_IT = f"nothing flows back by {NOT_TAKEN}"
STRONG_ZERO = "where a gradient of 0 arrives, nothing flows on"
LETS_NOTHING_PASS = "a local gradient of 0 lets nothing pass"


@dataclass(frozen=True, slots=True)
class Equation:
    """left = member = … , and what is to be said beside it."""

    left: Piece
    members: tuple[Piece, ...]
    note: str = ""


class Edges(NamedTuple):
    """What a node says of its operands, read once: of a wide sum it takes as long as the sum."""

    parents: tuple[Value, ...]
    local_gradients: tuple[float, ...]
    uses: Counter[Value]
    stale: bool


class Equations:
    """The equations of one derivation in one notation."""

    def __init__(self, derivation: Derivation, notation: Notation) -> None:
        self.of = derivation
        self.notation = notation
        self.root = notation.name(derivation.symbols[derivation.root])
        self._edges: dict[Value, Edges] = {}

    def given(self, node: Value) -> Equation:
        """x = -2, or a named constant."""
        note = "constant" if node.constant else ""
        return Equation(self._symbol(node), (self.notation.number(node.data),), note)

    def forward(self, node: Value) -> Equation:
        """q = x + y = -2 + 5 = 3."""
        row, parents = node.primitive, self._edges_of(node).parents
        first = parents[0] if parents else None
        bare = first is not None and first.constant and not first.name and first.data == 0
        formula = value_formula(row, len(parents), bare and "start" in row.operands)
        fill = self.notation.fill
        members = [fill(formula, self._symbols(node, formula))]
        note = f"{len(parents)} operands" if _elided(members[0], self.notation) else ""
        if self._edges_of(node).stale:
            note = STALE
        else:
            members.append(fill(formula, self._numbers(node, formula)))
        return Equation(self._symbol(node), (*members, self.notation.number(node.data)), note)

    def local(self, path: Path) -> Equation:
        """∂f/∂q = z = -4, by the primitive's rule."""
        node, place = path.node, path.place
        row, (parents, local_gradients, uses, stale) = node.primitive, self._edges_of(node)
        recorded = local_gradients[place]
        left = self.notation.derivative(self._symbol(node), self._symbol(parents[place]))
        members, note = [], ""
        formula = partial_formula(row, place, len(parents))
        if formula is not None:
            formula = settled(formula, _plain_numbers(parents, formula))
            members.append(self.notation.fill(formula, self._symbols(node, formula)))
            number = evaluate(formula, {slot: parents[int(slot)].data for slot in _slots(formula)})
            if stale:
                note = STALE
            elif number is None or _agree(number, recorded):
                members.append(self.notation.fill(formula, self._numbers(node, formula)))
            elif row.convention and _is_special(
                row.kinks + row.poles, [parent.data for parent in parents]
            ):
                members, note = [], f"by convention: {row.convention}"
        if self.of.stops(path):
            note = NOT_TAKEN
        elif uses[parents[place]] > 1 and not note:
            note = f"as operand {place + 1}"
        return Equation(left, (*members, self.notation.number(recorded)), note)

    def chain(self, node: Value, paths: list[Path]) -> Equation:
        """∂f/∂x = ∂f/∂q · ∂q/∂x = -4 · 1 = -4; a sum where the node is used more than once."""
        left = self.notation.derivative(self.root, self._symbol(node))
        result = self.notation.number(self.of.cotangents[node])
        if node is self.of.root:
            return Equation(left, (result,))
        shown: list[Path | None] = list(paths)
        note = ""
        if len(paths) > MOST_TERMS:
            shown = [*paths[: MOST_TERMS // 2], None, paths[-1]]
            note = f"{len(paths)} paths, {len(paths) - len(shown) + 1} of them left out"
        symbols: list[Piece] = []
        products: list[Piece] = []
        terms: list[Piece] = []
        for path in shown:
            if path is None:
                for written in (symbols, products, terms):
                    written.append(self.notation.ellipsis)
                continue
            cotangent = self.of.cotangents[path.node]
            recorded = self._edges_of(path.node).local_gradients[path.place]
            outer = self.notation.derivative(self.root, self._symbol(path.node))
            symbols.append(self.notation.product(outer, self._edge(path)))
            flow = cotangent * recorded
            by_rule = 0 in (cotangent, recorded) and not math.isfinite(flow)
            if self.of.stops(path) or by_rule:
                held_back = STRONG_ZERO if cotangent == 0 else LETS_NOTHING_PASS
                note = NOTHING_BY_IT if self.of.stops(path) else held_back
                products.append(self.notation.number(0.0))
                terms.append(products[-1])
            else:
                factors = self.notation.number(cotangent), self.notation.number(recorded)
                products.append(self.notation.product(*factors))
                terms.append(self.notation.number(flow))
        members = [self.notation.total(written) for written in (symbols, products, terms)]
        return Equation(left, (*members, result), note)

    def result(self, node: Value) -> Equation:
        """∂f/∂x = -4."""
        left = self.notation.derivative(self.root, self._symbol(node))
        return Equation(left, (self.notation.number(self.of.cotangents[node]),))

    def _edge(self, path: Path) -> Piece:
        """∂q/∂x; the rule itself where that would name more than this edge."""
        node = path.node
        parents, local_gradients, uses, _ = self._edges_of(node)
        parent = parents[path.place]
        if node is self.of.root or uses[parent] > 1:
            formula = partial_formula(node.primitive, path.place, len(parents))
            if formula is not None:
                formula = settled(formula, _plain_numbers(parents, formula))
                return self.notation.fill(formula, self._symbols(node, formula))
            return self.notation.number(local_gradients[path.place])
        return self.notation.derivative(self._symbol(node), self._symbol(parent))

    def _edges_of(self, node: Value) -> Edges:
        if node not in self._edges:
            parents = node.parents
            self._edges[node] = Edges(
                parents, node.local_gradients, Counter(parents), is_stale(node)
            )
        return self._edges[node]

    def _symbol(self, node: Value) -> Piece:
        if node.constant and not node.name:
            return self.notation.number(node.data)
        return self.notation.name(self.of.symbols[node])

    def _symbols(self, node: Value, formula: Formula) -> dict[str, Piece]:
        parents = self._edges_of(node).parents
        return self._operands(
            node, {slot: self._symbol(parents[int(slot)]) for slot in _slots(formula)}
        )

    def _numbers(self, node: Value, formula: Formula) -> dict[str, Piece]:
        parents, number = self._edges_of(node).parents, self.notation.number
        return self._operands(
            node, {slot: number(parents[int(slot)].data) for slot in _slots(formula)}
        )

    def _operands(self, node: Value, pieces: dict[str, Piece]) -> dict[str, Piece]:
        """The operands that a formula asks for, the chosen branch by its condition's truth."""
        if node.primitive.chooses:
            truth = "true" if node.parents[0].data else "false"
            pieces["0"] = Piece(self.notation.words(truth))
        return pieces | {ELLIPSIS: self.notation.ellipsis}


def _elided(piece: Piece, notation: Notation) -> bool:
    return f" {notation.ellipsis.text} " in piece.text


def _slots(formula: Formula) -> Iterator[str]:
    """The places of the operands that a formula names."""
    if formula.kind == "slot" and formula.sign != ELLIPSIS:
        yield formula.sign
    for part in formula.parts:
        yield from _slots(part)


def _plain_numbers(parents: tuple[Value, ...], formula: Formula) -> dict[str, float]:
    """The operands that are numbers in the formula, by their places."""
    named = ((slot, parents[int(slot)]) for slot in _slots(formula))
    return {slot: each.data for slot, each in named if each.constant and not each.name}


def _agree(number: float, recorded: float) -> bool:
    """Whether a rule's textbook formula gives what its stable form recorded, up to rounding."""
    if math.isfinite(number) and math.isfinite(recorded):
        return abs(number - recorded) <= 1e-6 * max(1.0, abs(number), abs(recorded))
    return number == recorded or (number != number and recorded != recorded)


def _is_special(points: tuple[float, ...], data: list[float]) -> bool:
    """Whether operands stand where derivatives end: at 0, at a kink or a pole, at a tie."""
    return len(set(data)) < len(data) or any(each == 0 or each in points for each in data)
