"""The picture that is stepped through: laid out once, each box wide enough for all it will say.

This module turns steps into changes of that picture: this text, that fill, these edges in focus.
Page and frames make the same changes, in a browser and here. What the steps are is `sweep_steps`'.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from xml.etree import ElementTree

from autograd_core.drawing.animation.sweep_steps import SweepStep, names_of
from autograd_core.drawing.digraph import Drawing
from autograd_core.drawing.folding.numbering import Numbered
from autograd_core.drawing.labels import clip, escape_label, width_of
from autograd_core.drawing.looks import MODERN, Theme
from autograd_core.drawing.rendering.rasterize import PIXELS_PER_INCH, POINTS_PER_INCH
from autograd_core.drawing.statements import (
    Plan,
    describe,
    operand_edge,
    operation_circle,
    result_edge,
    value_box,
)

__all__ = ["SVG", "Change", "Scene", "make_scene", "marked_picture"]

SVG = "{http://www.w3.org/2000/svg}"
_LINK = "{http://www.w3.org/1999/xlink}"
_UNKNOWN = "?"
ElementTree.register_namespace("", SVG[1:-1])
ElementTree.register_namespace("xlink", _LINK[1:-1])

Change = tuple[str, str, str]
"""The id of a box or an edge, which part of it ("data", "grad", "local", "fill" or "border"), and
what that becomes."""


@dataclass(frozen=True, slots=True)
class Scene:
    """A marked picture and, for each step, what changes and which ids are in focus."""

    svg: ElementTree.Element
    changes: list[list[Change]]
    focus: list[list[str]]

    @property
    def size(self) -> tuple[float, float]:
        """Width and height in points."""
        _, _, width, height = map(float, (self.svg.get("viewBox") or "0 0 0 0").split())
        return width, height

    @property
    def pixels(self) -> tuple[float, float]:
        """Width and height in CSS pixels."""
        width, height = self.size
        return width * PIXELS_PER_INCH / POINTS_PER_INCH, height * PIXELS_PER_INCH / POINTS_PER_INCH


def make_scene(
    graph: Numbered,
    steps: Sequence[SweepStep],
    *,
    theme: Theme,
    rankdir: str,
    number: Callable[[float], str],
    timeout: float | None,
) -> Scene:
    """Lay out the graph and say what each step changes; raises what rendering raises."""
    svg = marked_picture(
        graph, _texts(graph, steps, number), theme=theme, rankdir=rankdir, number=number,
        timeout=timeout,
    )  # fmt: skip
    focus = [_focus(graph, step) for step in steps]
    return Scene(svg, _changes(graph, steps, theme, number), focus)


def marked_picture(
    graph: Numbered,
    said: Sequence[Mapping[str, Sequence[str]]],
    *,
    theme: Theme,
    rankdir: str,
    number: Callable[[float], str],
    timeout: float | None,
) -> ElementTree.Element:
    """The graph as SVG whose boxes have room for all that each of their fields will say.

    `said` has for each value its fields, "data" first, and what they will say; they begin with the
    last. Boxes have the ids `v` and their place, edges from operands `e`, place and operand; the
    texts that change have the classes "data", "grad" and "local". Raises what rendering raises.
    """
    names = names_of(graph)
    drawing = Drawing(timeout=timeout)
    drawing.graph_attr.update(MODERN.graph(theme, rankdir))
    drawing.node_attr.update(MODERN.nodes(theme))
    drawing.edge_attr.update(MODERN.edges(theme))
    plan = Plan(MODERN, theme, rankdir, number, frozenset(MODERN.show))
    for place, value in enumerate(graph.values):
        is_root = place == graph.root
        fields = [names[place]] if names[place] else []
        fields += [texts[-1] for texts in said[place].values()]
        widest = [text for texts in said[place].values() for text in texts] + fields[:1]
        box = value_box(value, is_root, 1.0, plan) | {"id": f"v{place}"}
        label = "|".join(escape_label(clip(text)) for text in fields)
        box["label"] = f"{{{label}}}" if rankdir in ("TB", "BT") else label
        box["width"] = f"{width_of(widest, MODERN.font_size):g}"
        drawing.node(f"v{place}", **box)
        if not value.op:
            continue
        drawing.node(f"op{place}", id=f"op{place}", **operation_circle(value.op, plan))
        operands = zip(graph.parents[place], value.local_gradients, strict=True)
        for index, (parent, slope) in enumerate(operands):
            edge = operand_edge(graph.values[parent], slope, plan)
            drawing.edge(f"v{parent}", f"op{place}", id=f"e{place}-{index}", **edge)
        drawing.edge(f"op{place}", f"v{place}", id=f"r{place}", **result_edge(plan))
    svg = ElementTree.fromstring(drawing.pipe("svg"))
    _mark(svg, graph)
    return svg


def _texts(
    graph: Numbered, steps: Sequence[SweepStep], number: Callable[[float], str]
) -> list[dict[str, list[str]]]:
    """For each value all that its fields will say, in the order in which they say it."""
    said: list[dict[str, list[str]]] = []
    for value in graph.values:
        fields = {"data": [number(value.data)]}
        if not value.constant:
            fields["grad"] = [_grad(0.0, number)]
        said.append(fields)
    for step in steps:
        for place, grad in step.grads.items():
            said[place]["grad"].append(_grad(grad, number))
    return said


def _grad(grad: float, number: Callable[[float], str]) -> str:
    return f"grad {number(grad)}"


def _local(slope: str) -> str:
    return f"∂ {slope}"


def _slopes(graph: Numbered, place: int) -> list[tuple[str, float]]:
    """The edges into an operation that say a local gradient, and what they say."""
    slopes = enumerate(zip(graph.parents[place], graph.values[place].local_gradients, strict=True))
    return [
        (f"e{place}-{index}", slope)
        for index, (parent, slope) in slopes
        if not graph.values[parent].constant
    ]


def _changes(
    graph: Numbered, steps: Sequence[SweepStep], theme: Theme, number: Callable[[float], str]
) -> list[list[Change]]:
    """The first step sets everything, each later one what it changes."""
    final: dict[int, float] = {}
    for step in steps:
        final |= step.grads
    largest = max(filter(math.isfinite, map(abs, final.values())), default=0.0)

    def grad_changes(place: int, grad: float) -> list[Change]:
        fill, border = theme.fill(grad, max(largest, abs(grad)) if grad else 0.0)
        box = f"v{place}"
        return [(box, "grad", _grad(grad, number)), (box, "fill", fill), (box, "border", border)]

    start: list[Change] = []
    for place, value in enumerate(graph.values):
        start.append((f"v{place}", "data", _UNKNOWN if value.op else number(value.data)))
        if not value.constant:
            start += grad_changes(place, 0.0)
        start += [(edge, "local", _local(_UNKNOWN)) for edge, _ in _slopes(graph, place)]
    changes = [start]
    for step in steps[1:]:
        made: list[Change] = [
            (f"v{place}", "data", number(data)) for place, data in step.data.items()
        ]
        for place in step.data:
            made += [
                (edge, "local", _local(number(slope))) for edge, slope in _slopes(graph, place)
            ]
        for place, grad in step.grads.items():
            made += grad_changes(place, grad)
        changes.append(made)
    return changes


def _focus(graph: Numbered, step: SweepStep) -> list[str]:
    ids = [f"v{place}" for place in step.at]
    ids += [f"e{place}-{index}" for place, index in step.edges]
    if step.phase in ("forward", "reverse"):
        ids += [f"r{place}" for place in step.at if graph.values[place].op and step.edges]
    return ids


def _mark(svg: ElementTree.Element, graph: Numbered) -> None:
    """Let page and frames find the texts and outlines; say in words what each box is."""
    groups = {group.get("id"): group for group in svg.iter(f"{SVG}g")}
    for place, value in enumerate(graph.values):
        box = groups[f"v{place}"]
        texts = list(box.iter(f"{SVG}text"))
        fields = ("data",) if value.constant else ("data", "grad")
        for text, name in zip(texts[-len(fields) :], fields, strict=True):
            text.set("class", name)
        for edge, _ in _slopes(graph, place):
            for text in groups[edge].iter(f"{SVG}text"):
                text.set("class", "local")
        title = box.find(f"{SVG}title")
        if title is not None:
            title.text = describe(value, place == graph.root).partition("\n")[0]
    for group in svg.iter(f"{SVG}g"):
        title = group.find(f"{SVG}title")
        if title is not None and group.get("class") != "node":
            group.remove(title)
    for link in svg.iter(f"{SVG}a"):
        link.attrib.pop(f"{_LINK}title", None)
