"""The blanks of a graph, numbered as one fills them: values, local gradients, then gradients.

This module owns which blanks there are, what stands in them, and the picture with their numbers.
"""

from __future__ import annotations

from dataclasses import dataclass

from autograd_core.drawing.digraph import Drawing
from autograd_core.drawing.labels import clip, escape_label, width_of
from autograd_core.drawing.looks import MODERN, THEMES
from autograd_core.drawing.statements import Plan, operation_circle, result_edge
from autograd_core.errors import GraphTooLarge
from autograd_core.exercises.truths import Answers, Truth, of_number, values_said
from autograd_core.explaining.derivation import Derivation, Path, derive
from autograd_core.explaining.lines import Equation, Equations
from autograd_core.graph.value import Value
from autograd_core.notation import Notation, TextNotation

__all__ = ["PARTS", "Blank", "Sheet", "picture_of", "sheet_of"]

PARTS = {
    "value": "Forward: the value of every operation",
    "local": "Local gradients: every result by each of its operands",
    "gradient": "Backward: the gradient of the result by every value",
}
_LETTERS = 8  # that a number in a blank is as wide as, at most


@dataclass(frozen=True)
class Blank:
    """One blank: its number on the sheet, what is asked for, and what is right."""

    number: int
    part: str
    node: Value
    place: int
    """Of a local gradient, the operand's; else -1."""
    truth: Truth


@dataclass(frozen=True)
class Sheet:
    """A graph and its blanks."""

    of: Derivation
    blanks: list[Blank]

    def number(self, part: str, node: Value, place: int = -1) -> int | None:
        """The number of a blank, None where nothing is asked."""
        for blank in self.blanks:
            if blank.part == part and blank.node is node and blank.place == place:
                return blank.number
        return None

    def equation(self, blank: Blank, notation: Notation) -> Equation:
        """What is asked for at the left, and how it comes about at the right."""
        equations = Equations(self.of, notation)
        if blank.part == "value":
            return equations.forward(blank.node)
        if blank.part == "local":
            return equations.local(Path(blank.node, blank.place))
        return equations.chain(blank.node, self.of.paths([blank.node])[blank.node])


def sheet_of(root: Value, most: int | None) -> Sheet:
    """The blanks of everything that `root` was computed from, so many at most, or any for None."""
    of = derive(root, None)
    edges = list(of.edges())
    count = len(of.forward) + len(edges) + len(of.backward)
    if most is not None and count > most:
        raise GraphTooLarge(
            f"The sheet would have {count:,} blanks; worksheet() takes at most {most:,} unless "
            "told by max_blanks. Take a part of the graph."
        )
    answers = Answers(root)
    blanks: list[Blank] = []

    def add(part: str, node: Value, place: int, truth: Truth) -> None:
        blanks.append(Blank(len(blanks) + 1, part, node, place, truth))

    for node in of.forward:
        add("value", node, -1, answers.value(node))
    for path in edges:
        local = path.node.local_gradients[path.place]
        operands = values_said(of, path.node.parents)
        add("local", *path, of_number(local, operands))
    for node in of.backward:
        if node is root:
            add("gradient", node, -1, of_number(1.0))
        else:
            add("gradient", node, -1, answers.slope(root, node))
    return Sheet(of, blanks)


def picture_of(sheet: Sheet, *, theme: str = "light") -> Drawing:
    """The graph with the number of each blank in its place, in brackets."""
    colors = THEMES[theme]
    drawing = Drawing()
    drawing.graph_attr.update(MODERN.graph(colors, "LR"))
    drawing.node_attr.update(MODERN.nodes(colors))
    drawing.edge_attr.update(MODERN.edges(colors))
    plan = Plan(MODERN, colors, "LR", format, frozenset(MODERN.show))
    write = TextNotation(lambda number: f"{number:.6g}")
    named = {node: place for place, node in enumerate(sheet.of.order)}
    for node, place in named.items():
        value = sheet.number("value", node)
        fields = [clip(sheet.of.symbols[node])] if node in sheet.of.symbols else []
        fields.append(_blank("value", value) if value else write.number(node.data).text)
        gradient = sheet.number("gradient", node)
        fields += [_blank("gradient", gradient)] if gradient else []
        width = width_of(fields, MODERN.font_size)
        label = "|".join(map(escape_label, fields))
        style = "rounded,filled" + (",dashed" if node.constant else "")
        drawing.node(
            f"v{place}", label=label, width=f"{width:g}", style=style, fillcolor=colors.box,
            color=colors.zero_border, penwidth="1.8" if node is sheet.of.root else "1.1",
        )  # fmt: skip
        if not node.op:
            continue
        drawing.node(f"op{place}", **operation_circle(node.op, plan))
        for operand, parent in enumerate(node.parents):
            local = sheet.number("local", node, operand)
            edge = {"label": _blank("∂", local)} if local else {"style": "dashed"}
            drawing.edge(f"v{named[parent]}", f"op{place}", **edge)
        drawing.edge(f"op{place}", f"v{place}", **result_edge(plan))
    return drawing


def _blank(what: str, number: int | None) -> str:
    return f"{what} [{number}]"
