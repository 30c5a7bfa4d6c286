"""The graph of a page as SVG: boxes with room for every number, colors that follow the page's."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree

from autograd_core.drawing.animation.scene import SVG, marked_picture
from autograd_core.drawing.folding.numbering import Numbered
from autograd_core.drawing.looks import THEMES

__all__ = ["numbered_parts", "picture_of"]

WIDEST = "-0.1235"  # what is longer the page writes smaller
LIGHT = THEMES["light"]
ROLES = {
    LIGHT.text: "text",
    LIGHT.faint_text: "faint",
    LIGHT.line: "line",
    LIGHT.operation: "operation",
    LIGHT.operation_text: "on-operation",
}
"""What the colors of the light theme are called in a page's style."""


def picture_of(
    graph: Numbered, prefix: str, rankdir: str, timeout: float | None
) -> tuple[str, int]:
    """The picture, whose numbers a page fills in, and its height in pixels.

    All ids in it begin with the prefix. Raises what rendering raises.
    """
    said = [
        {"data": [WIDEST]} | ({} if value.constant else {"grad": [f"grad {WIDEST}"]})
        for value in graph.values
    ]
    svg = marked_picture(
        graph, said, theme=LIGHT, rankdir=rankdir, number=lambda number: WIDEST, timeout=timeout
    )
    for element in svg.iter():
        is_text = element.tag == f"{SVG}text"
        if "id" in element.attrib:
            element.set("id", f"{prefix}{element.get('id')}")
        for attribute in ("fill", "stroke"):
            color = element.get(attribute, "").upper()
            role = ROLES.get(color)
            if color == LIGHT.box and not is_text:
                role = "box"
            if role is not None:
                element.set("style", f"{element.get('style', '')}{attribute}: var(--{role});")
    ground = svg.find(f"{SVG}g/{SVG}polygon")
    if ground is not None:
        ground.set("style", "fill: none;")
    _, _, width, height = (float(x) * 4 / 3 for x in (svg.get("viewBox") or "0 0 0 0").split())
    for attribute in ("width", "height"):
        svg.attrib.pop(attribute, None)
    svg.set("style", f"width: min(100%, {width:.0f}px); min-width: {width * 0.62:.0f}px;")
    svg.set("role", "img")
    svg.set("aria-label", "Computational graph with values, local gradients and gradients")
    return ElementTree.tostring(svg, encoding="unicode"), round(height)


def numbered_parts(graph: Numbered, prefix: str) -> dict[str, Any]:
    """Where the numbers of a graph's program are written: which boxes, which edges."""
    edges = []
    for place, value in enumerate(graph.values):
        if value.op:
            for index, parent in enumerate(graph.parents[place]):
                constant = graph.values[parent].constant
                edges.append(None if constant else f"{prefix}e{place}-{index}")
    return {
        "nodes": [
            [f"{prefix}v{place}", not value.constant] for place, value in enumerate(graph.values)
        ],
        "edges": edges,
    }
