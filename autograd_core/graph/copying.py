"""Copies and pickles of whole graphs: iterative, independent of the original, identities kept.

Attributes that a user has written on nodes come with them, copied as Python copies anything.

A pickle of one node carries the graph behind it. Leaves are pickled as objects of their own, so in
`pickle.dumps([x, y, f])` the leaf x stays f's leaf. Interior nodes are pickled as places in a
`_Shelf`, a flat list of the graph's nodes that the pickler meets once however many of them it
pickles: otherwise `[f, g]` with a shared node would come back with two of it.
"""

from __future__ import annotations

import copy
import functools
import itertools
import operator
import threading
import weakref
from array import array
from collections.abc import Callable
from typing import Any

from autograd_core.errors import GraphError
from autograd_core.graph.nodes.node import attributes
from autograd_core.graph.sums import flattened, rebuild
from autograd_core.graph.traversal import ordered
from autograd_core.graph.value import Value
from autograd_core.primitives import PRIMITIVES, Primitive

__all__ = ["copy_graph", "copy_node", "reduce"]


class _UnderWay(threading.local):
    """The pickles under way in this thread: where nodes stand that they have met, by identity."""

    def __init__(self) -> None:
        self.shelf_of: dict[int, weakref.ref[_Shelf]] = {}


_under_way = _UnderWay()


def copy_node(node: Value) -> Value:
    """A node of its own with the same parents, data, gradient and name."""
    made = _rebuilt(node, node.parents)
    _write_on(made, attributes(node))
    return made


def copy_graph(root: Value, memo: dict[int, Any]) -> Value:
    """A copy of the root and what is behind it; `memo` is deepcopy's, so other copies share it."""
    written: list[tuple[Value, dict[str, Any]]] = []
    for node in ordered([root], memo):
        if id(node) not in memo:
            made = _rebuilt(node, tuple([memo[id(parent)] for parent in node.parents]))
            memo[id(node)] = made
            if own := attributes(node):
                written.append((made, own))
    for made, own in written:
        _write_on(made, copy.deepcopy(own, memo))
    return memo[id(root)]  # type: ignore[no-any-return]


def _write_on(node: Value, own: dict[str, Any]) -> None:
    for name, thing in own.items():
        setattr(node, name, thing)


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
    if node.primitive is None:
        made = _leaf, (node.data, node.grad, node.name, node.constant)
        own = attributes(node)
        return (*made, own) if own else made
    shelf_of = _under_way.shelf_of
    known = shelf_of.get(id(node))
    shelf = None if known is None else known()
    if shelf is None:
        found = ordered([node], shelf_of)
        shelf = _Shelf([one for one in found if one.op and id(one) not in shelf_of], shelf_of)
    return _take, (shelf, shelf.places[node])


class _Shelf:
    """The interior nodes of a graph, flat and pickled flat: a pickler must not recurse there.

    The pickler keeps it alive until it is done, and so its nodes are known by it.
    """

    def __init__(
        self, nodes: list[Value], shelf_of: dict[int, weakref.ref[_Shelf]] | None = None
    ) -> None:
        self.nodes = nodes
        self.places = {node: place for place, node in enumerate(nodes)}
        if shelf_of is not None:
            known = weakref.ref(self, _forgetting(shelf_of, nodes))
            shelf_of.update(dict.fromkeys(map(id, nodes), known))

    def __reduce__(self) -> tuple[Any, ...]:
        ops, numbers, counts, edges, local_gradients, *others, written = flattened(
            self.nodes, self.places
        )
        whole = array("q", counts), array("q", edges), array("d", local_gradients)
        state = (ops, array("d", numbers), *whole, *others)
        return (_fill, state, written) if written else (_fill, state)

    def __setstate__(self, written: dict[int, dict[str, Any]]) -> None:
        _hold(
            type(written) is dict and all(type(own) is dict for own in written.values()), "a part"
        )
        for place, own in written.items():
            _write_on(_take(self, place), own)


def _forgetting(
    shelf_of: dict[int, weakref.ref[_Shelf]], nodes: list[Value]
) -> Callable[[weakref.ref[_Shelf]], object]:
    """What a shelf calls as it goes: all of it in C, for an interrupt would divide Python."""
    forgotten = map(shelf_of.pop, list(map(id, nodes)), itertools.repeat(None))
    return functools.partial(functools.reduce, operator.is_, forgotten)


def _leaf(data: float, grad: float, name: str | None, constant: bool) -> Value:
    return rebuild(None, data, grad, name, constant, (), ())


def _take(shelf: _Shelf, place: int) -> Value:
    _hold(type(shelf) is _Shelf and type(place) is int and 0 <= place < len(shelf.nodes), "a place")
    return shelf.nodes[place]


def _hold(whole: bool, what: str) -> None:
    if not whole:
        raise GraphError(
            f"this pickle of a graph is damaged: {what} in it is not as it was written; "
            "pickle the graph again"
        )


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
    arrays, lists = (numbers, counts, edges, local_gradients), (ops, constants, outside)
    whole = all(type(part) is array for part in arrays) and type(names) is dict
    _hold(whole and all(type(part) is list for part in lists), "a part")
    _hold(all(type(node) is Value for node in outside), "a leaf")
    whole = counts.typecode == edges.typecode == "q" and min(counts, default=0) >= 0
    whole = whole and numbers.typecode == local_gradients.typecode == "d"
    whole = whole and 2 * len(ops) == 2 * len(counts) == len(numbers)
    _hold(whole and sum(counts) == len(edges) == len(local_gradients), "the number of edges")
    _hold(all(type(op) is str for op in ops), "the name of a primitive")
    rows = {op: _row(op) for op in set(ops)}
    nodes: list[Value] = []
    constant = set(constants)
    name_of = names.get
    flat, local = edges.tolist(), local_gradients.tolist()
    data, grads = numbers[::2].tolist(), numbers[1::2].tolist()
    first = 0
    for place, (op, count) in enumerate(zip(ops, counts, strict=True)):
        last = first + count
        try:  # an edge to what comes later, or to no leaf, is beyond these lists
            parents = tuple([nodes[e] if e >= 0 else outside[-1 - e] for e in flat[first:last]])
        except IndexError:
            _hold(False, "an edge")
        nodes.append(
            rebuild(
                rows[op],
                data[place],
                grads[place],
                name_of(place),
                place in constant,
                parents,
                tuple(local[first:last]),
            )
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
