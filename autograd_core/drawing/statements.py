"""From values to the statements of a picture: boxes, circles and every edge, in a fixed order.

This module owns what each value, operation and edge says and how they are told apart. Values are
numbered by their place in topological order, so that equal graphs give equal text. It does not
choose colors (`looks`), escape text (`labels`) or render.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from autograd_core.drawing.digraph import Drawing
from autograd_core.drawing.folding.numbering import Numbered
from autograd_core.drawing.folding.selection import Selection
from autograd_core.drawing.labels import clip, escape_label, escape_tooltip, minimum_width
from autograd_core.drawing.looks import CLASSIC, Attributes, Style, Theme
from autograd_core.graph.value import Value
from autograd_core.primitives import PRIMITIVES

__all__ = [
    "Plan",
    "add_statements",
    "add_stubs",
    "describe",
    "operand_edge",
    "operation_circle",
    "result_edge",
    "value_box",
]

_CIRCLE_LETTERS = 2
_CIRCLE_INCHES = "0.3"


@dataclass(frozen=True, slots=True)
class Plan:
    """How a picture is to be drawn."""

    style: Style
    theme: Theme
    rankdir: str
    number: Callable[[float], str]
    show: frozenset[str]


def add_statements(
    drawing: Drawing, graph: Numbered, plan: Plan, selection: Selection | None = None
) -> None:
    """Add every value, operation and edge to `drawing`, or those selected and the stubs."""
    values = graph.values
    chosen: Sequence[int] = range(len(values)) if selection is None else selection.kept
    kept = set(chosen)
    gradients = [abs(values[place].grad) for place in chosen if not values[place].constant]
    largest = max(filter(math.isfinite, gradients), default=0.0)
    for place in chosen:
        value = values[place]
        drawing.node(f"v{place}", **value_box(value, place == graph.root, largest, plan))
        if not value.op:
            continue
        operation = f"op{place}"
        drawing.node(operation, **operation_circle(value.op, plan))
        for parent, slope in zip(graph.parents[place], value.local_gradients, strict=True):
            if parent in kept:
                drawing.edge(f"v{parent}", operation, **operand_edge(values[parent], slope, plan))
        drawing.edge(operation, f"v{place}", **result_edge(plan))
    if selection is not None:
        add_stubs(drawing, selection, plan, "op")


def add_stubs(drawing: Drawing, selection: Selection, plan: Plan, user: str) -> None:
    """Add a stub for each lot of hidden values, which flows into nodes named `user` and a place."""
    for stub, count in selection.hidden.items():
        text = f"{count:,} more"
        drawing.node(f"more{stub}", label=escape_label(text), tooltip=f"{count:,} values not shown",
                     **plan.style.stub(plan.theme))  # fmt: skip
    for stub, place in selection.into:
        drawing.edge(f"more{stub}", f"{user}{place}", style="dashed")
    feeding = dict(reversed(selection.into))  # the first of each
    for place, stub in selection.out_of:
        if place < feeding.get(stub, math.inf):
            drawing.edge(f"v{place}", f"more{stub}", style="dashed")
        else:  # The stub stands before the picture and stays there, though this flows back to it.
            drawing.edge(f"more{stub}", f"v{place}", style="dashed", dir="back")


def value_box(value: Value, is_root: bool, largest: float, plan: Plan) -> Attributes:
    fields = _fields(value, plan)
    label = "|".join(map(escape_label, fields))
    # A record turns with the graph: keep fields stacked (modern) or in a row (classic).
    if (plan.rankdir in ("TB", "BT")) is not (plan.style is CLASSIC):
        label = f"{{{label}}}"
    box = {"label": label, "tooltip": escape_tooltip(describe(value, is_root))}
    if plan.style is CLASSIC:
        box["shape"] = "record"
        if value.constant:
            box["style"] = "dashed"
        if is_root:
            box["penwidth"] = "2"
        return box | _width(fields, plan)
    grad = 0.0 if value.constant else value.grad
    box["fillcolor"], box["color"] = plan.theme.fill(grad, largest)
    if value.constant:
        box["style"] = "rounded,filled,dashed"
        box["fontcolor"] = plan.theme.faint_text
    if is_root:
        box["penwidth"] = "1.8"
    return box | _width(fields, plan)


def _width(fields: list[str], plan: Plan) -> Attributes:
    in_row = plan.style is CLASSIC
    width = minimum_width(fields, plan.style.font_size, in_row=in_row)
    return {} if width is None else {"width": f"{width:g}"}


def _fields(value: Value, plan: Plan) -> list[str]:
    """The lines of a box: name, value, gradient; a constant has no gradient."""
    classic = plan.style is CLASSIC
    fields = [clip(value.name)] if value.name else []
    if "data" in plan.show:
        fields.append(("data " if classic else "") + plan.number(value.data))
    if "grad" in plan.show and not value.constant:
        fields.append("grad " + plan.number(value.grad))
    return fields


def describe(value: Value, is_root: bool) -> str:
    """What a box says when pointed at: its kind, its whole name and every digit."""
    kind = value.op or ("constant" if value.constant else "leaf")
    name = f" {value.name}" if value.name else ""
    lines = [f"{kind}{name}{' (root)' if is_root else ''}", f"data {value.data!r}"]
    if not value.constant:
        lines.append(f"grad {value.grad!r}")
    return "\n".join(lines)


def operation_circle(name: str, plan: Plan) -> Attributes:
    """The circle of a primitive, or a longer shape where its sign is a word."""
    sign = PRIMITIVES[name].glyph
    attributes = {"label": escape_label(sign), "tooltip": escape_tooltip(name)}
    if plan.style is CLASSIC:
        return attributes
    attributes |= {
        "style": "filled",
        "fillcolor": plan.theme.operation,
        "color": plan.theme.operation,
        "fontcolor": plan.theme.operation_text,
    }
    if len(sign) <= _CIRCLE_LETTERS:
        circle = {"shape": "circle", "fixedsize": "true", "margin": "0", "fontsize": "14"}
        return attributes | circle | {"width": _CIRCLE_INCHES, "height": _CIRCLE_INCHES}
    width = minimum_width([sign], plan.style.font_size)
    pill = {"shape": "box", "style": "rounded,filled"}
    return attributes | pill | {"width": _CIRCLE_INCHES if width is None else f"{width:g}"}


def operand_edge(parent: Value, local_gradient: float, plan: Plan) -> Attributes:
    """The edge from an operand; no gradient flows to a constant, whose edge is dashed."""
    if parent.constant:
        return {"style": "dashed"}
    if "local_gradients" in plan.show:
        return {"label": "∂ " + escape_label(plan.number(local_gradient))}
    return {}


def result_edge(plan: Plan) -> Attributes:
    return {} if plan.style is CLASSIC else {"arrowhead": "none"}
