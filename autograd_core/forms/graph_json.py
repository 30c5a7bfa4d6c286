"""A graph as JSON, for other programs, and back.

The document is an object with four members:

    format   "autograd_core.graph.traversal"
    version  1
    root     the place of the root in `nodes`
    nodes    a list, operands before what was computed from them, each an object with all of
        name             a string, or null
        op               the primitive's name, "" for a leaf
        data, grad       numbers
        constant         whether no gradient flows to it
        parents          the places of its operands, in order, each as often as it was used
        local_gradients  one number for each of them

JSON has no infinities and no NaN: these numbers are the strings "Infinity", "-Infinity" and "NaN".
Floats are written with all their digits, so a graph comes back bit for bit. What is read is checked
in full before the graph is handed out; `DataError` says what is wrong and where.
"""

from __future__ import annotations

import json
from typing import Any

from autograd_core.errors import DataError
from autograd_core.given import whole
from autograd_core.graph.nodes.node import taken
from autograd_core.graph.sums import rebuild
from autograd_core.graph.traversal import topological
from autograd_core.graph.value import Value
from autograd_core.primitives import PRIMITIVES
from autograd_core.strict_json import StrictReader, json_number

__all__ = ["FORMAT", "VERSION", "from_json", "to_document", "to_json"]

FORMAT = "autograd_core.graph.traversal"
VERSION = 1
MEMBERS = ("format", "version", "root", "nodes")
NODE_MEMBERS = ("name", "op", "data", "grad", "constant", "parents", "local_gradients")
READER = StrictReader(DataError)


def to_json(root: Value, *, indent: int | None = None) -> str:
    """The graph of `root` as JSON, all its numbers to the last bit.

    Raises GraphError while a function is differentiated by what is in the graph, whose derivative
    the text would lose, and RecordingError while it is recorded, for a graph then has no numbers.

    >>> x = Value(3.0, name="x")
    >>> from_json(to_json(x * x)).local_gradients
    (3.0, 3.0)
    """
    if indent is not None:
        whole(indent, "indent", 0, 100)
    return json.dumps(to_document(root), indent=indent, allow_nan=False)


def to_document(root: Value) -> dict[str, Any]:
    """The same as dictionaries and lists."""
    if not isinstance(root, Value):
        raise TypeError(f"to_json() takes a Value, not {type(root).__name__}: {root!r:.60}")
    taken(root, "to_json()")
    order = topological(root)
    places = {node: place for place, node in enumerate(order)}
    nodes = [
        {
            "name": node.name,
            "op": node.op,
            "data": json_number(node.data),
            "grad": json_number(node.grad),
            "constant": node.constant,
            "parents": [places[parent] for parent in node.parents],
            "local_gradients": [json_number(each) for each in node.local_gradients],
        }
        for node in order
    ]
    return {"format": FORMAT, "version": VERSION, "root": len(order) - 1, "nodes": nodes}


def from_json(text: str | bytes) -> Value:
    """The root of a graph written by `to_json`, with everything it was computed from.

    Raises DataError where the text is no such graph.
    """
    document = _parsed(text)
    nodes = document["nodes"]
    made: list[Value] = []
    for place, node in enumerate(nodes):
        _check_node(node, f"nodes[{place}]", made)
        made.append(
            rebuild(
                PRIMITIVES[node["op"]] if node["op"] else None,
                READER.number(node["data"], f"nodes[{place}].data"),
                READER.number(node["grad"], f"nodes[{place}].grad"),
                node["name"],
                node["constant"],
                tuple(made[parent] for parent in node["parents"]),
                tuple(READER.number(each, f"nodes[{place}]") for each in node["local_gradients"]),
            )
        )
    root: Value = made[document["root"]]
    idle = len(made) - len(topological(root))
    if idle:
        raise DataError(f"the root was not computed from {idle} of the {len(made)} nodes")
    return root


def _parsed(text: str | bytes) -> Any:
    """The document, its outermost members checked."""
    document = READER.document(text)
    READER.members(document, MEMBERS, "the document")
    version = document["version"]
    if document["format"] != FORMAT or type(version) is not int or version != VERSION:
        raise DataError(
            f"format {document['format']!r:.60}, version {version!r:.60}; "
            f"expected {FORMAT!r}, version {VERSION}"
        )
    nodes, root = document["nodes"], document["root"]
    if not isinstance(nodes, list) or not nodes:
        raise DataError("nodes must be a list of one node or more")
    if type(root) is not int or not 0 <= root < len(nodes):
        raise DataError(f"root={root!r:.60} is no place among the {len(nodes)} nodes")
    return document


def _check_node(node: Any, where: str, made: list[Value]) -> None:
    """Refuse what could not have been written by `to_json`."""
    READER.members(node, NODE_MEMBERS, where)
    name, op, parents = node["name"], node["op"], node["parents"]
    if name is not None and not isinstance(name, str):
        raise DataError(f"{where}.name={name!r:.60} is neither a string nor null")
    if type(node["constant"]) is not bool:
        raise DataError(f"{where}.constant={node['constant']!r:.60} is neither true nor false")
    if not isinstance(op, str) or (op and op not in PRIMITIVES):
        raise DataError(
            f"{where}.op={op!r:.60} is no primitive here; import the module that declares it first"
        )
    for member in ("parents", "local_gradients"):
        if not isinstance(node[member], list):
            raise DataError(f"{where}.{member} must be a list")
    for parent in parents:
        if type(parent) is not int or not 0 <= parent < len(made):
            raise DataError(f"{where}.parents: {parent!r:.60} is no place of a node before it")
    if len(node["local_gradients"]) != len(parents):
        raise DataError(
            f"{where} has {len(parents)} parents and {len(node['local_gradients'])} local gradients"
        )
    if not _fits(op, len(parents)):
        raise DataError(f"{where}: {op or 'a leaf'} does not take {len(parents)} parents")
    if op and node["constant"] != all(made[parent].constant for parent in parents):
        raise DataError(
            f"{where}.constant={str(node['constant']).lower()}, but a computed node is constant if "
            "and only if all its parents are"
        )


def _fits(op: str, count: int) -> bool:
    if not op:
        return count == 0
    arity = PRIMITIVES[op].arity
    if arity is not None:
        return count == arity
    return op != "dot" or count % 2 == 1  # a start, and pairs
