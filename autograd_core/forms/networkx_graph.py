"""A graph for networkx, whose algorithms and file formats it opens. networkx is optional."""

from __future__ import annotations

from typing import Any

from autograd_core.graph.traversal import topological
from autograd_core.graph.value import Value

__all__ = ["to_networkx"]


def to_networkx(root: Value) -> Any:
    """The graph of `root` as a `networkx.MultiDiGraph`; edges point from operands to results.

    Nodes are numbers in topological order, the root last, with the attributes `data`, `grad`,
    `constant`, `op` (empty for a leaf) and `name` (empty for none). Edges have `operand`, the place
    of the operand, and `local_gradient`; `a + a` has two. Every attribute is a string, a float, an
    int or a bool, so that all of networkx's file formats take it.

    Raises ModuleNotFoundError where networkx is not installed.

    >>> x = Value(3.0, name="x")
    >>> graph = to_networkx(x * x)
    >>> graph.nodes[1]["op"], list(graph.edges(data="local_gradient"))
    ('mul', [(0, 1, 3.0), (0, 1, 3.0)])
    """
    if not isinstance(root, Value):
        raise TypeError(f"to_networkx() takes a Value, not {type(root).__name__}: {root!r:.60}")
    try:
        import networkx
    except ModuleNotFoundError:
        raise ModuleNotFoundError(
            "to_networkx() needs networkx; install it with: pip install networkx", name="networkx"
        ) from None
    graph = networkx.MultiDiGraph()
    places: dict[Value, int] = {}
    for place, node in enumerate(topological(root)):
        places[node] = place
        graph.add_node(
            place,
            name=node.name or "",
            op=node.op,
            data=node.data,
            grad=node.grad,
            constant=node.constant,
        )
        operands = zip(node.parents, node.local_gradients, strict=True)
        for operand, (parent, local_gradient) in enumerate(operands):
            graph.add_edge(places[parent], place, operand=operand, local_gradient=local_gradient)
    return graph
