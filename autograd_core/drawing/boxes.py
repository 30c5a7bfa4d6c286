"""The statements of a folded picture: boxes, layers around them, and edges as strong as weights.

This module owns what a folded picture says and how it is laid out. What is folded is `folding`'s
and `layers`', which part is shown `selection`'s, colors are `looks`'.
"""

import math
from collections import defaultdict
from dataclasses import dataclass
from itertools import pairwise

from autograd_core.drawing.digraph import Drawing
from autograd_core.drawing.folding.flows import counts_into, slopes_into
from autograd_core.drawing.folding.fold import Folding
from autograd_core.drawing.folding.layers import Part
from autograd_core.drawing.folding.numbering import consumers_of
from autograd_core.drawing.folding.selection import Selection
from autograd_core.drawing.labels import clip, escape_label, escape_tooltip, minimum_width
from autograd_core.drawing.looks import CLASSIC, Attributes
from autograd_core.drawing.statements import Plan, add_stubs, describe
from autograd_core.graph.value import Value
from autograd_core.notation import symbol_of
from autograd_core.primitives import PRIMITIVES

__all__ = ["LEGEND", "FoldedPicture", "add_boxes", "counted", "strength"]

_PORTS = {"LR": ("e", "w"), "RL": ("w", "e"), "TB": ("s", "n"), "BT": ("n", "s")}
_FAINTEST = 0x30
LEGEND = "edges: weights, orange above 0, blue and dashed below, wide where large; boxes: gradients"


@dataclass(slots=True)
class FoldedPicture:
    """Everything that a folded picture is made from."""

    folding: Folding
    parts: dict[int, Part]
    inputs: list[tuple[int, ...]]
    """For each box those that flow into it."""
    selection: Selection
    neurons: dict[Value, tuple[str, int, int]]
    """Of the sums z and outputs a of neurons, which it is, the layer and the place in it."""


def counted(number: int, noun: str) -> str:
    """A number and its noun.

    >>> counted(1, "value"), counted(2500, "value")
    ('1 value', '2,500 values')
    """
    return f"{number:,} {noun}{'s' * (number != 1)}"


def add_boxes(drawing: Drawing, picture: FoldedPicture, plan: Plan) -> None:
    """Add every box, layer, stub and edge to `drawing`."""
    values = picture.folding.graph.values
    gradients = (
        abs(values[box].grad) for box in picture.selection.kept if box not in picture.parts
    )
    largest = max(filter(math.isfinite, gradients), default=0.0)
    layers: dict[str, list[int]] = defaultdict(list)
    rows = _rows(picture)
    for box in picture.selection.kept:
        path = picture.folding.layer_of.get(box)
        if path is None:
            drawing.node(f"v{box}", **_box(picture, box, largest, plan))
        else:
            layers[path].append(box)
    for path, boxes in layers.items():
        with drawing.subgraph(name=f"cluster_{len(drawing.body)}") as layer:
            layer.attr("graph", label=escape_label(clip(path)), **plan.style.cluster(plan.theme))
            for box in boxes:
                layer.node(f"v{box}", **_box(picture, box, largest, plan))
            for row in rows[path]:
                _add_row(layer, row, turned=plan.rankdir in ("LR", "RL"))
    for row in rows[None]:
        _add_row(drawing, row)
    if layers:
        drawing.graph_attr["remincross"] = "false"  # a last turn that forgets the rows of layers
    add_stubs(drawing, picture.selection, plan, "v")
    dense = bool(layers) and not picture.folding.opened
    _add_edges(drawing, picture, plan, dense=dense)
    if dense:
        drawing.graph_attr.update(splines="line", ranksep="1.1")
    elif layers or picture.parts:
        drawing.graph_attr.update(ranksep="0.7")


def _rows(picture: FoldedPicture) -> dict[str | None, list[list[int]]]:
    """For each layer the boxes that stand beside each other, in order; for None, inputs that do.

    Of a layer those that are equally far from the inputs, and inputs of the same boxes.
    """
    folding, consumers = picture.folding, consumers_of(picture.inputs)
    depth = [0] * len(picture.inputs)
    beside: dict[tuple[str | None, object], list[int]] = defaultdict(list)
    for box in picture.selection.kept:
        sources = picture.inputs[box]
        depth[box] = 1 + max((depth[source] for source in sources), default=0)
        path = folding.layer_of.get(box)
        if path is not None:
            beside[path, depth[box]].append(box)
        elif not sources:
            beside[None, consumers[box]].append(box)
    rows: dict[str | None, list[list[int]]] = defaultdict(list)
    values, neurons = folding.graph.values, picture.neurons
    for (path, _), row in beside.items():
        if len(row) > 1:
            if all(values[box] in neurons for box in row):
                row.sort(key=lambda box: neurons[values[box]][1:])
            rows[path].append(row)
    return rows


def _add_row(frame: Drawing, row: list[int], *, turned: bool = False) -> None:
    """Have the layout keep boxes in their order, which it would turn as it likes.

    Where arrows point sideways it reads such a row from its end if it stands in a layer's frame.
    """
    with frame.subgraph() as beside:
        beside.attr("graph", rank="same")
        for box, following in pairwise(row[::-1] if turned else row):
            beside.edge(f"v{box}", f"v{following}", style="invis")


def _box(picture: FoldedPicture, box: int, largest: float, plan: Plan) -> Attributes:
    value = picture.folding.graph.values[box]
    is_root = box == picture.folding.graph.root
    lines = _lines(picture, box, plan)
    attributes = {
        "label": escape_label("\n".join(lines)),
        "tooltip": escape_tooltip(_tooltip(picture, box)),
        "shape": "box",
    }
    if plan.style is CLASSIC:
        attributes |= {"style": "dashed"} if value.constant and box not in picture.parts else {}
    else:
        several = box in picture.parts and not is_root
        grad = 0.0 if value.constant or several else value.grad
        attributes["fillcolor"], attributes["color"] = plan.theme.fill(
            grad, max(largest, abs(grad))
        )
        dashed = value.constant and box not in picture.parts
        attributes["style"] = "rounded,filled,dashed" if dashed else "rounded,filled"
    if is_root:
        attributes["penwidth"] = "2"
    width = minimum_width(lines, plan.style.font_size)
    return attributes if width is None else attributes | {"width": f"{width:g}"}


def _lines(picture: FoldedPicture, box: int, plan: Plan) -> list[str]:
    """What a box says: what it is, its number, its gradient if asked for."""
    value, part = picture.folding.graph.values[box], picture.parts.get(box)
    is_root = box == picture.folding.graph.root
    if part is not None:
        lines = [clip(part.title)] if part.title else []
        lines += [clip(part.computes)] if part.computes else []
        lines += [counted(part.parameters, "parameter")] if part.parameters else []
        lines.append(counted(part.values, "value"))
    else:
        folded = picture.folding.sums.get(box)
        title = folded.title if folded else PRIMITIVES[value.op].glyph if value.op else ""
        marks = picture.neurons.get(value)
        name = clip(value.name or (symbol_of(*marks) if marks else ""))
        lines = [" = ".join(filter(None, [name, title]))] if name or title else []
    if part is None or is_root:
        lines += [plan.number(value.data)] if "data" in plan.show else []
        if "grad" in plan.show and not value.constant:
            lines.append("grad " + plan.number(value.grad))
    return lines


def _tooltip(picture: FoldedPicture, box: int) -> str:
    value, part = picture.folding.graph.values[box], picture.parts.get(box)
    if part is not None:
        return f"{part.title}\n{counted(part.values, 'value')}".strip()
    folded = picture.folding.sums.get(box)
    is_root = box == picture.folding.graph.root
    if folded is None:
        return describe(value, is_root)
    place = f"{folded.place[0]}\n" if folded.place else ""
    return place + f"{folded.title}, " + describe(value, is_root)


def _add_edges(drawing: Drawing, picture: FoldedPicture, plan: Plan, *, dense: bool) -> None:
    kept, parts, folding = set(picture.selection.kept), picture.parts, picture.folding
    slopes = {box: slopes_into(folding, box) for box in picture.selection.kept if box not in parts}
    weights = (
        abs(weight) for box in slopes if box in folding.sums for weight in slopes[box].values()
    )
    largest = max(filter(math.isfinite, weights), default=1.0) or 1.0
    for target in picture.selection.kept:
        counts = counts_into(folding, target, parts.get(target))
        for source in picture.inputs[target]:
            if source not in kept:
                continue
            attributes: Attributes = {}
            if source in parts or target in parts:
                if counts[source] > 1:
                    attributes["label"] = f"{counts[source]:,}"
            else:
                slope = slopes[target][source]
                constant = folding.graph.values[source].constant
                scale = largest if target in folding.sums else max(1.0, abs(slope))
                if constant and target not in folding.sums:
                    attributes["style"] = "dashed"
                else:
                    attributes |= strength(slope, scale, plan)
                if "local_gradients" in plan.show and not constant:
                    attributes["label"] = "∂ " + escape_label(plan.number(slope))
            if dense:
                attributes["tailport"], attributes["headport"] = _PORTS[plan.rankdir]
            drawing.edge(f"v{source}", f"v{target}", **attributes)


def strength(slope: float, scale: float, plan: Plan) -> Attributes:
    """Color by sign, dashed below 0, width and opacity by size."""
    if plan.style is CLASSIC or slope == 0 or math.isnan(slope):
        return {}
    share = 1.0 if math.isinf(slope) else min(1.0, abs(slope) / scale)
    color = plan.theme.positive_border if slope > 0 else plan.theme.negative_border
    opacity = round(_FAINTEST + (0xFF - _FAINTEST) * share)
    dashed = {"style": "dashed"} if slope < 0 else {}
    return {"color": f"{color}{opacity:02X}", "penwidth": f"{0.5 + 1.7 * share:.2f}", **dashed}
