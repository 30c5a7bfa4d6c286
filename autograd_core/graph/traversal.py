"""The graph behind a Value, as lists of nodes: for drawing, tables, copies and higher orders.

The order is the sweep's: depth first, parents from left to right, so it depends on the graph alone.
Nothing recurses. `traversal.pxd` beside this file gives the compiler its types.
"""

from __future__ import annotations

from collections.abc import Collection, Container, Iterable
from typing import TYPE_CHECKING

from autograd_core.graph.nodes import node as fields
from autograd_core.graph.nodes import slabs

if TYPE_CHECKING:
    from autograd_core.graph.value import Value

__all__ = ["is_stale", "leaves", "ordered", "topological"]

CONSTANT, LEAF = fields.CONSTANT, fields.LEAF


slabs.join(fields.state)


def topological(*roots: Value, stop: Collection[Value] = ()) -> list[Value]:
    """Every node the roots were computed from, each once: parents before children, the roots too.

    Nodes in `stop` are listed, what lies behind them is not. Raises TypeError for what is no Value.

    >>> from autograd_core import Value
    >>> x = Value(2.0, name="x")
    >>> [node.op or node.name for node in topological(x * x + x)]
    ['x', 'mul', 'add']
    """
    for root in roots:
        if not slabs.is_node(root):
            raise TypeError(
                f"topological() takes Values, got {root!r:.60}; give what was computed from "
                "Values, and of several one by one: topological(f, g)"
            )
    return ordered(roots, set(map(id, stop)))


def ordered(
    roots: Iterable[Value], closed: Container[int], behind_constants: bool = True
) -> list[Value]:
    """What `topological` gives; `closed` holds the identities of the nodes to stop at.

    By identity: a comparison that is being recorded has no hash. A sweep does not look behind
    constants, and what is behind a recorded one must not change its order.
    """
    order: list[Value] = []
    visited: set[int] = set()
    for start in roots:
        if id(start) in visited:
            continue
        visited.add(id(start))
        # The way from the start to where we are, and for each node on it the parent to go on with:
        # two flat lists, so that a long graph gives the cycle collector nothing to search. Many
        # operands are kept while a node waits: to take them up again at every one is quadratic.
        path: list[Value] = []
        resume: list[int] = []
        kept: list[tuple[Value, ...]] = []
        node, place = start, 0
        while True:
            if place and slabs.has_many(node):
                parents = kept.pop()
            elif id(node) in closed or (node._flags & CONSTANT and not behind_constants):
                parents = ()
            else:
                parents = node.parents
            count = len(parents)
            while place < count:
                parent = parents[place]
                place += 1
                identity = id(parent)
                if identity in visited:
                    continue
                visited.add(identity)
                if parent._kind != LEAF:
                    path.append(node)
                    resume.append(place)
                    if slabs.has_many(node):
                        kept.append(parents)
                    node, place = parent, 0
                    break
                order.append(parent)
            else:
                order.append(node)
                if not path:
                    break
                node, place = path.pop(), resume.pop()
    return order


def leaves(root: Value) -> list[Value]:
    """The leaves a root was computed from, in the order of the graph; constants are none.

    >>> from autograd_core import Value
    >>> x, y = Value(2.0, name="x"), Value(3.0, name="y")
    >>> [leaf.name for leaf in leaves(2 * y + x)]
    ['y', 'x']
    """
    return [node for node in topological(root) if not node.op and not node.constant]


def is_stale(node: Value) -> bool:
    """Whether a node's operands no longer hold the numbers that it was computed from.

    >>> from autograd_core import Value
    >>> x = Value(2.0)
    >>> square = x * x
    >>> x.data = 5.0
    >>> is_stale(square)
    True
    """
    try:
        now = node.primitive.forward(*(parent.data for parent in node.parents))
    except (ArithmeticError, TypeError, ValueError):  # a primitive of the user's may refuse them
        return True
    return bool(now != node.data and not (now != now and node.data != node.data))
