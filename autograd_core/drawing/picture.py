"""`draw`: one call from a value to its picture.

This room owns the public arguments, their checks and the limits. What the picture looks like is
`looks`', what it says is `statements`', how it is rendered is `Drawing`'s.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

from autograd_core.drawing.digraph import Drawing
from autograd_core.drawing.labels import check_number_format
from autograd_core.drawing.looks import CLASSIC, MODERN, RANKDIRS, THEMES
from autograd_core.drawing.statements import Plan, add_statements
from autograd_core.errors import GraphTooLarge
from autograd_core.graph import topological
from autograd_core.value import Value

__all__ = ["draw"]

_STYLES = {"modern": MODERN, "classic": CLASSIC}
_PARTS = ("data", "grad", "local_gradients")
_MOST_LABELED_VALUES = 300
# Limits on Graphviz's optimization, which may take minutes where many values are shared.
_HURRY = {"nslimit": "2", "nslimit1": "2", "mclimit": "0.3"}

_Choice = TypeVar("_Choice")


def draw(
    root: Value,
    *,
    style: str = "modern",
    theme: str = "light",
    rankdir: str = "LR",
    number_format: str | Callable[[float], str] | None = None,
    show: Iterable[str] | None = None,
    format: str = "svg",
    engine: str = "auto",
    timeout: float | None = 10.0,
    max_values: int | None = 2000,
) -> Drawing:
    """Draw the graph of everything `root` was computed from.

    The result is a `graphviz.Digraph` that shows itself in a notebook; `.save_image("f.png")`
    writes it. A box is a value: its name, its value and the gradient of the last `backward()`,
    filled by the gradient's sign and size. A circle is an operation; an edge carries its local
    gradient. A constant is dashed, the root has a bold border.

    Args:
        root: the value to draw.
        style: "modern", or "classic" for micrograd's plain boxes.
        theme: "light" or "dark".
        rankdir: where the arrows point: "LR", "RL", "TB" or "BT".
        number_format: a format such as ".4g" (modern) or ".4f" (classic), or a function from float
            to str.
        show: any of "data", "grad" and "local_gradients"; all three (modern) or the first two
            (classic) unless given. Local gradients are left out unasked above 300 values.
        format: what `.pipe()` and `.render()` make unless told.
        engine: "auto" renders SVG and PNG without any program and other formats with Graphviz's
            `dot`; "wasm" or "dot" insist on one; "sfdp" and others lay out differently.
        timeout: seconds that a layout may take, None for any time.
        max_values: the largest graph to draw, None for any.

    Raises:
        GraphTooLarge: more than `max_values` values.
        TypeError, ValueError: an argument that is not of the kind or not among the choices above.

    >>> from autograd_core import Value
    >>> x, y = Value(2.0, name="x"), Value(3.0, name="y")
    >>> drawing = draw(x * y, style="classic", show=["data"])
    >>> [line.strip() for line in drawing.source.splitlines() if "->" in line]
    ['v0 -> op2', 'v1 -> op2', 'op2 -> v2']
    """
    if not isinstance(root, Value):
        raise TypeError(
            f"draw() takes the Value to draw, not {type(root).__name__}: {root!r:.60}. "
            "Compute the result from Values first, for example Value(2.0)."
        )
    chosen = _choose("style", style, _STYLES)
    colors = _choose("theme", theme, THEMES)
    if rankdir not in RANKDIRS:
        raise ValueError(f"rankdir={rankdir!r} is unknown; expected one of {', '.join(RANKDIRS)}")
    number = check_number_format(chosen.number_format if number_format is None else number_format)
    parts = _check_parts(chosen.show if show is None else show)
    drawing = Drawing(format=format, engine=engine, timeout=timeout)

    values = topological(root)
    if max_values is not None and len(values) > max_values:
        raise GraphTooLarge(
            f"The graph has {len(values):,} values; draw() takes at most {max_values:,} unless "
            "told. Draw a part of it, draw(some_intermediate_value), or pass max_values=None and "
            "a longer timeout."
        )
    hurry = len(values) > _MOST_LABELED_VALUES
    if hurry and show is None:
        parts -= {"local_gradients"}
    drawing.graph_attr.update(chosen.graph(colors, rankdir), **(_HURRY if hurry else {}))
    drawing.node_attr.update(chosen.nodes(colors))
    drawing.edge_attr.update(chosen.edges(colors))
    add_statements(drawing, values, Plan(chosen, colors, rankdir, number, parts))
    return drawing


def _choose(argument: str, name: str, choices: Mapping[str, _Choice]) -> _Choice:
    if name not in choices:
        raise ValueError(f"{argument}={name!r} is unknown; expected one of {', '.join(choices)}")
    return choices[name]


def _check_parts(show: Iterable[str]) -> frozenset[str]:
    parts = frozenset([show] if isinstance(show, str) else show)
    if not parts <= frozenset(_PARTS):
        raise ValueError(f"show={show!r} is unknown; expected any of {', '.join(_PARTS)}")
    return parts
