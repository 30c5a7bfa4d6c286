"""A graph in Mermaid's language, which GitHub, GitLab and many editors draw in Markdown."""

from __future__ import annotations

from collections.abc import Callable

from autograd_core.errors import GraphTooLarge
from autograd_core.given import checked_limit, choice
from autograd_core.graph.traversal import topological
from autograd_core.graph.value import Value
from autograd_core.notation import TextNotation, number_writer, shown_name
from autograd_core.primitives import PRIMITIVES

__all__ = ["to_mermaid"]

DIRECTIONS = ("LR", "RL", "TB", "BT")
MOST_EDGES = 500  # what Mermaid draws unless its own limit is raised
_ENTITIES = str.maketrans(
    {"#": "#35;", "&": "#amp;", '"': "#quot;", "<": "#lt;", ">": "#gt;", "`": "#96;", "\\": "#92;"}
)


def to_mermaid(
    root: Value,
    *,
    direction: str = "LR",
    number_format: str | Callable[[float], str] = ".4g",
    max_edges: int | None = MOST_EDGES,
) -> str:
    """The graph of `root` as a Mermaid flowchart: values, operations, local gradients on edges.

    Put it between ```` ```mermaid ```` and ```` ``` ```` in Markdown.

    Raises GraphTooLarge above `max_edges` edges, which Mermaid refuses to draw unless told, and
    TypeError or ValueError for an argument that is not of the kind.

    >>> x = Value(3.0, name="x")
    >>> print(to_mermaid(x.sin()))
    flowchart LR
        v0["x<br/>data 3<br/>grad 0"]
        v1["data 0.1411<br/>grad 0"]:::root
        op1(("sin"))
        v0 -->|"∂ -0.99"| op1
        op1 --> v1
        classDef root stroke-width:3px
        classDef constant stroke-dasharray:4
    """
    if not isinstance(root, Value):
        raise TypeError(f"to_mermaid() takes a Value, not {type(root).__name__}: {root!r:.60}")
    choice(direction, "direction", DIRECTIONS)
    checked_limit(max_edges, "max_edges")
    notation = TextNotation(number_writer(number_format))
    order = topological(root)
    edges = sum(len(node.parents) + 1 for node in order if node.op)
    if max_edges is not None and edges > max_edges:
        raise GraphTooLarge(
            f"The graph has {edges:,} edges; Mermaid draws at most {MOST_EDGES:,} unless its "
            f"maxEdges is raised, and max_edges={max_edges:,}. Write a part of it, "
            "to_mermaid(some_intermediate_value), or pass max_edges=None."
        )
    places = {node: place for place, node in enumerate(order)}
    lines = [f"flowchart {direction}"]
    for place, node in enumerate(order):
        kind = ":::root" if node is root else ":::constant" if node.constant else ""
        lines.append(f'    v{place}["{_label(node, notation)}"]{kind}')
        if not node.op:
            continue
        lines.append(f'    op{place}(("{PRIMITIVES[node.op].glyph.translate(_ENTITIES)}"))')
        for parent, local_gradient in zip(node.parents, node.local_gradients, strict=True):
            arrow = f'-->|"∂ {notation.number(local_gradient).text}"|'
            if parent.constant:
                arrow = "-.->"
            lines.append(f"    v{places[parent]} {arrow} op{place}")
        lines.append(f"    op{place} --> v{place}")
    lines += ["    classDef root stroke-width:3px", "    classDef constant stroke-dasharray:4"]
    return "\n".join(lines)


def _label(node: Value, notation: TextNotation) -> str:
    parts = [shown_name(node.name).translate(_ENTITIES)] if node.name else []
    parts.append(f"data {notation.number(node.data).text}")
    if not node.constant:
        parts.append(f"grad {notation.number(node.grad).text}")
    return "<br/>".join(parts)
