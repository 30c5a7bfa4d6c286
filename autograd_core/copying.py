"""Copies and pickles of whole graphs: iterative, independent of the original, identities kept.

A pickle of one node carries the graph behind it. Leaves are pickled as objects of their own, so in
`pickle.dumps([x, y, f])` the leaf x stays f's leaf. Interior nodes are pickled as places in a
`_Shelf`, a flat list of the graph's nodes that the pickler meets once however many of them it
pickles: otherwise `[f, g]` with a shared node would come back with two of it.
"""

from __future__ import annotations

import weakref
from array import array
from typing import Any

from autograd_core.errors import GraphError
from autograd_core.graph import topological
from autograd_core.nodes import rebuild
from autograd_core.primitives import PRIMITIVES, Primitive
from autograd_core.value import Value

__all__ = ["copy_graph", "copy_node", "reduce"]

_shelves: weakref.WeakSet[_Shelf] = weakref.WeakSet()
"""The shelves of pickles under way: a pickler keeps what it has met alive until it is done."""


def copy_node(node: Value) -> Value:
    """A node of its own with the same parents, data, gradient and name."""
    return _rebuilt(node, node.parents)


def copy_graph(root: Value, memo: dict[int, Any]) -> Value:
    """A copy of the root and what is behind it; `memo` is deepcopy's, so other copies share it."""
    for node in topological(root):
        if id(node) not in memo:
            memo[id(node)] = _rebuilt(node, tuple(memo[id(parent)] for parent in node.parents))
    return memo[id(root)]  # type: ignore[no-any-return]


def _rebuilt(node: Value, parents: tuple[Value, ...]) -> Value:
    return rebuild(
        node.primitive,
        node.data,
        node.grad,
        node.name,
        node.constant,
        parents,
        node.local_gradients,
    )


def reduce(node: Value) -> tuple[Any, ...]:
    """What `pickle` needs to make the node again."""
    if not node.op:
        return _leaf, (node.data, node.grad, node.name, node.constant)
    for shelf in _shelves:
        if node in shelf.places:
            break
    else:
        shelf = _Shelf(_new_nodes(node))
        _shelves.add(shelf)
    return _take, (shelf, shelf.places[node])


def _new_nodes(root: Value) -> list[Value]:
    """The interior nodes behind the root that stand on no other shelf, in order."""
    shelved = {node for shelf in _shelves for node in shelf.places}
    return [node for node in topological(root, stop=shelved) if node.op and node not in shelved]


class _Shelf:
    """The interior nodes of a graph, flat and pickled flat: a pickler must not recurse there."""

    def __init__(self, nodes: list[Value]) -> None:
        self.nodes = nodes
        self.places = {node: place for place, node in enumerate(nodes)}

    def __reduce__(self) -> tuple[Any, ...]:
        outside: dict[Value, int] = {}
        edges, counts = array("q"), array("q")
        numbers, local_gradients = array("d"), array("d")
        for node in self.nodes:
            counts.append(len(node.parents))
            numbers.extend((node.data, node.grad))
            local_gradients.extend(node.local_gradients)
            for parent in node.parents:
                place = self.places.get(parent)
                if place is None:  # a leaf, or on another shelf: counted down from -1
                    place = -1 - outside.setdefault(parent, len(outside))
                edges.append(place)
        names = {place: node.name for place, node in enumerate(self.nodes) if node.name is not None}
        constants = [place for place, node in enumerate(self.nodes) if node.constant]
        ops = [node.op for node in self.nodes]
        state = (ops, numbers, counts, edges, local_gradients, names, constants, list(outside))
        return _fill, state


def _leaf(data: float, grad: float, name: str | None, constant: bool) -> Value:
    return rebuild(None, data, grad, name, constant, (), ())


def _take(shelf: _Shelf, place: int) -> Value:
    return shelf.nodes[place]


def _fill(
    ops: list[str],
    numbers: array[float],
    counts: array[int],
    edges: array[int],
    local_gradients: array[float],
    names: dict[int, str],
    constants: list[int],
    outside: list[Value],
) -> _Shelf:
    nodes: list[Value] = []
    constant = set(constants)
    first = 0
    for place, op in enumerate(ops):
        last = first + counts[place]
        parents = tuple(nodes[e] if e >= 0 else outside[-1 - e] for e in edges[first:last])
        data, grad = numbers[2 * place : 2 * place + 2]
        local = tuple(local_gradients[first:last])
        nodes.append(
            rebuild(_row(op), data, grad, names.get(place), place in constant, parents, local)
        )
        first = last
    return _Shelf(nodes)


def _row(op: str) -> Primitive:
    if op not in PRIMITIVES:
        raise GraphError(
            f"this graph uses the primitive {op!r}, which is not declared here; import the module "
            "that declares it with @primitive before unpickling"
        )
    return PRIMITIVES[op]
