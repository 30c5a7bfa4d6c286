"""`draw`: one call from a value to its picture.

This module owns the public arguments, their checks and the limits. What the picture looks like is
`looks`', what it says is `statements`', how it is rendered is `Drawing`'s.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace

from autograd_core.drawing.boxes import LEGEND, add_boxes
from autograd_core.drawing.digraph import Drawing
from autograd_core.drawing.folding.numbering import number_graph
from autograd_core.drawing.labels import escape_label
from autograd_core.drawing.looks import CLASSIC, MODERN, RANKDIRS, THEMES
from autograd_core.drawing.model import Model, add_model
from autograd_core.drawing.network import add_network
from autograd_core.drawing.statements import Plan, add_statements
from autograd_core.drawing.views import (
    LEVELS,
    View,
    fold_graph,
    footer_of,
    place_of,
    select_values,
)
from autograd_core.given import checked_limit, choice, listed
from autograd_core.graph.value import Value
from autograd_core.notation import number_writer

__all__ = ["draw"]

_STYLES = {"modern": MODERN, "classic": CLASSIC}
_PARTS = ("data", "grad", "local_gradients")
_MOST_IN_FULL = 100
_MOST_LABELED_VALUES = 300
_AROUND_FOCUS = 2
# Limits on Graphviz's optimization, which may take minutes where many values are shared.
_HURRY = {"nslimit": "2", "nslimit1": "2", "mclimit": "0.3"}


def draw(
    root: Value | Model,
    *,
    fold: bool | str | None = None,
    expand: Iterable[str | Value] | str | Value = (),
    focus: Value | str | None = None,
    depth: int | None = None,
    limit: int | None = 200,
    style: str = "modern",
    theme: str = "light",
    rankdir: str = "LR",
    number_format: str | Callable[[float], str] | None = None,
    show: Iterable[str] | None = None,
    format: str = "svg",
    engine: str = "auto",
    timeout: float | None = 10.0,
) -> Drawing:
    """Draw the graph of everything `root` was computed from, or a model's layers.

    The result is a `graphviz.Digraph` that shows itself in a notebook; `.save_image("f.png")`
    writes it. A box is a value: its name, its value and the gradient of the last `backward()`,
    filled by the gradient's sign and size. A circle is an operation; an edge carries its local
    gradient. A constant is dashed, the root has a bold border.

    Above 100 values a graph is folded: sums of products become boxes whose incoming edges are as
    wide as their weights, and if that is still too much, neurons and then whole layers do, found
    by their parameters' names. What goes beyond `limit` is counted in stubs.

    Args:
        root: the value to draw, or a model: anything with `named_parameters()`.
        fold: "sums", "neurons" or "layers"; True for the finest of them that fits, False for none,
            None to fold by size. A model is drawn by its layers unless "neurons" asks for a circle
            each, joined by edges as wide as their weights.
        expand: what a folded picture shows inside all the same: layers or neurons by their path,
            such as "layers.1", sums by their name, or Values.
        focus: a Value, or the name of one, to draw with what is near it.
        depth: how many operations away from the focus, or from the root, are shown; 2 around a
            focus unless given.
        limit: the largest number of boxes, None for any.
        style: "modern", or "classic" for micrograd's plain boxes.
        theme: "light" or "dark".
        rankdir: where the arrows point: "LR", "RL", "TB" or "BT".
        number_format: a format such as ".4g" (modern) or ".4f" (classic), or a function from float
            to str.
        show: any of "data", "grad" and "local_gradients"; all three (modern) or the first two
            (classic) unless given. Unasked, local gradients are left out above 300 values, and
            folded pictures show data only.
        format: what `.pipe()` and `.render()` make unless told.
        engine: "auto" renders SVG and PNG without any program and other formats with Graphviz's
            `dot`; "wasm" or "dot" insist on one; "sfdp" and others lay out differently.
        timeout: seconds that a layout may take, None for any time.

    Raises:
        TypeError, ValueError: an argument that is not of the kind or not among the choices above.

    >>> from autograd_core import Value
    >>> x, y = Value(2.0, name="x"), Value(3.0, name="y")
    >>> drawing = draw(x * y, style="classic", show=["data"])
    >>> [line.strip() for line in drawing.source.splitlines() if "->" in line]
    ['v0 -> op2', 'v1 -> op2', 'op2 -> v2']
    """
    if not isinstance(root, Value | Model):
        raise TypeError(
            f"draw() takes the Value to draw, or a model, not {type(root).__name__}: {root!r:.60}. "
            "Compute the result from Values first, for example Value(2.0)."
        )
    chosen = _STYLES[choice(style, "style", _STYLES)]
    colors = THEMES[choice(theme, "theme", THEMES)]
    choice(rankdir, "rankdir", RANKDIRS)
    number = number_writer(chosen.number_format if number_format is None else number_format)
    parts = None if show is None else _check_parts(show)
    checked_limit(depth, "depth", 0)
    checked_limit(limit, "limit")
    levels = _levels(fold)
    drawing = Drawing(format=format, engine=engine, timeout=timeout)
    drawing.graph_attr.update(chosen.graph(colors, rankdir))
    drawing.node_attr.update(chosen.nodes(colors))
    drawing.edge_attr.update(chosen.edges(colors))
    plan = Plan(chosen, colors, rankdir, number, frozenset(chosen.show if parts is None else parts))
    if not isinstance(root, Value):
        if fold not in (None, "layers", "neurons") or (expand, focus, depth) != ((), None, None):
            raise ValueError(
                "a model is drawn with fold='layers' or fold='neurons'; expand, focus and depth "
                "are for the graph of a Value: call the model first, as in draw(model(inputs))"
            )
        if fold == "neurons":
            add_network(drawing, root, plan, limit)
        else:
            add_model(drawing, root, plan)
        return drawing

    graph = number_graph(root)
    wanted = (
        [expand]
        if isinstance(expand, str | Value)
        else listed(expand, "expand", "a name or a Value, or a list")
    )
    view = View(
        levels=levels,
        expand=[item for item in wanted if isinstance(item, str)],
        expanded=[place_of(graph, item, "expand") for item in wanted if not isinstance(item, str)],
        focus=graph.root if focus is None else place_of(graph, focus, "focus"),
        depth=_AROUND_FOCUS if focus is not None and depth is None else depth,
        limit=limit,
    )
    in_part = focus is not None or depth is not None
    in_full = len(graph.values) <= _MOST_IN_FULL and not wanted
    if fold is False or (fold is None and (in_part or in_full)):
        if wanted:
            raise ValueError(f"expand={expand!r} needs a folded picture; pass fold=True")
        selection = select_values(graph, view)
        hurry = len(selection.kept) > _MOST_LABELED_VALUES
        if hurry and parts is None:
            plan = replace(plan, show=plan.show - {"local_gradients"})
        add_statements(drawing, graph, plan, selection)
        footer = footer_of(len(graph.values), selection, None)
    else:
        picture, level = fold_graph(graph, view)
        if parts is None:
            plan = replace(plan, show=frozenset(["data"]))
        add_boxes(drawing, picture, plan)
        hurry = len(picture.selection.kept) > _MOST_LABELED_VALUES
        footer = footer_of(len(graph.values), picture.selection, level)
        if picture.folding.sums and chosen is not CLASSIC:
            footer = f"{footer}\n{LEGEND}"
    if hurry:
        drawing.graph_attr.update(_HURRY)
    if footer is not None:
        lines = "".join(f"{escape_label(line)}\\l" for line in footer.split("\n"))
        drawing.graph_attr.update(chosen.footer(colors), label=lines)
    return drawing


def _levels(fold: bool | str | None) -> tuple[str, ...]:
    if fold is None or isinstance(fold, bool):
        return LEVELS
    if not isinstance(fold, str) or fold not in LEVELS:
        raise ValueError(
            f"fold={fold!r} is unknown; expected one of {', '.join(LEVELS)}, True, False or None"
        )
    return (fold,)


def _check_parts(show: Iterable[str]) -> frozenset[str]:
    parts = frozenset(
        [show] if isinstance(show, str) else listed(show, "show", f"any of {', '.join(_PARTS)}")
    )
    if not parts <= frozenset(_PARTS):
        raise ValueError(f"show={show!r} is unknown; expected any of {', '.join(_PARTS)}")
    return parts
