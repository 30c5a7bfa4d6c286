"""A model's picture without running it: one box a layer, in the order of its layers.

Any object that lists `named_parameters()` is a model; its parts are what `children()` gives, its
class and what `describe()` says stand in the box. This module knows no library of models.
"""

import math
from collections.abc import Callable, Iterable, Iterator
from itertools import count, pairwise
from typing import Protocol, runtime_checkable

from autograd_core.drawing.boxes import counted
from autograd_core.drawing.digraph import Drawing
from autograd_core.drawing.labels import (
    LINE_LENGTH,
    clip,
    escape_label,
    escape_tooltip,
    minimum_width,
)
from autograd_core.drawing.looks import CLASSIC, Attributes
from autograd_core.drawing.statements import Plan
from autograd_core.graph.value import Value

__all__ = ["Model", "add_model", "titles_of_layers"]


@runtime_checkable
class Model(Protocol):
    """What `draw` takes for a model."""

    def named_parameters(self) -> Iterable[tuple[str, Value]]:
        """Every parameter with its place in the model."""


def add_model(drawing: Drawing, model: Model, plan: Plan) -> None:
    """Add a box for every layer, a frame around parts of parts, and arrows between layers in a row.

    Children that one list of the model holds are in a row; others have no order that is known.
    """
    _add(drawing, "", model, plan, count())
    total = sum(1 for _ in model.named_parameters())
    drawing.graph_attr.update(ranksep="0.5", **plan.style.footer(plan.theme))
    drawing.graph_attr["label"] = escape_label(f"{_titled(model)}, {counted(total, 'parameter')}")


def _add(
    frame: Drawing,
    path: str,
    model: object,
    plan: Plan,
    numbers: Iterator[int],
    above: tuple[object, ...] = (),
) -> tuple[str, str]:
    """Add a module, within those above it, to the frame; the names of its first and last box."""
    above = (*above, model)
    children = _children(model, above)
    if not children:
        box = f"m{next(numbers)}"
        frame.node(box, **_box(path, model, plan))
        return box, box
    ends = []
    for name, child in children:
        place = f"{path}.{name}" if path else name
        if not _children(child, above):
            ends.append(_add(frame, place, child, plan, numbers, above))
            continue
        with frame.subgraph(name=f"cluster_{place}") as inner:
            title = f"{place}: {_titled(child)}"
            inner.attr("graph", label=escape_label(clip(title)), **plan.style.cluster(plan.theme))
            ends.append(_add(inner, place, child, plan, numbers, above))
    own = _own_parameters(model, children)
    if own:
        names = [f"{path}.{name}" if path else name for name, _ in own]
        values = [value for _, value in own]
        frame.node(f"m{next(numbers)}", **_labeled([", ".join(names)], values, plan))
    lists = {name.rpartition(".")[0] for name, _ in children}
    if len(lists) == 1 and "" not in lists:
        for (_, source), (target, _) in pairwise(ends):
            frame.edge(source, target)
    return ends[0][0], ends[-1][1]


def _children(model: object, above: tuple[object, ...]) -> list[tuple[str, object]]:
    """The parts of a model, but for those that it is itself a part of."""
    children: Callable[[], Iterable[tuple[str, object]]] | None = getattr(model, "children", None)
    listed = [] if children is None else children()
    return [(name, child) for name, child in listed if all(child is not one for one in above)]


def titles_of_layers(model: object, above: tuple[object, ...] = ()) -> Iterator[str]:
    """What the parts without parts are, from the first to the last, those with parameters."""
    above = (*above, model)
    children = _children(model, above)
    if not children and _parameters(model):
        title = _titled(model)
        if len(title) > LINE_LENGTH:
            title = ",\n".join(title.rsplit(", ", 1))
        yield clip(title)
    for _, child in children:
        yield from titles_of_layers(child, above)


def _titled(model: object) -> str:
    describe: Callable[[], str] | None = getattr(model, "describe", None)
    details = describe() if describe is not None else ""
    return f"{type(model).__name__}({details})" if details else type(model).__name__


def _own_parameters(
    model: object, children: Iterable[tuple[str, object]]
) -> list[tuple[str, Value]]:
    """The parameters that stand in no part of the model."""
    in_parts = {value for _, child in children for value in _parameters(child)}
    named = model.named_parameters() if isinstance(model, Model) else ()
    return [(name, value) for name, value in named if value not in in_parts]


def _parameters(model: object) -> list[Value]:
    named = model.named_parameters() if isinstance(model, Model) else ()
    return [value for _, value in named]


def _box(path: str, model: object, plan: Plan) -> Attributes:
    return _labeled(list(filter(None, [path, _titled(model)])), _parameters(model), plan)


def _labeled(lines: list[str], parameters: list[Value], plan: Plan) -> Attributes:
    """A box that says what it is, and how large its parameters and their gradients are."""
    lines = list(map(clip, lines))
    if parameters:
        lines.append(counted(len(parameters), "parameter"))
        if "data" in plan.show:
            lines.append("rms " + plan.number(_root_mean_square([v.data for v in parameters])))
        if "grad" in plan.show:
            lines.append("grad rms " + plan.number(_root_mean_square([v.grad for v in parameters])))
    box = {"label": escape_label("\n".join(lines)), "tooltip": escape_tooltip("\n".join(lines))}
    box["shape"] = "box"
    if plan.style is not CLASSIC:
        box |= {"fillcolor": plan.theme.box, "color": plan.theme.zero_border}
    width = minimum_width(lines, plan.style.font_size)
    return box if width is None else box | {"width": f"{width:g}"}


def _root_mean_square(numbers: list[float]) -> float:
    return math.hypot(*numbers) / math.sqrt(len(numbers))
