"""Nodes that no operator makes: sums and dot products of any length, and copies.

They are made here with the parts of `nodes`, at its speed: a neuron is one node instead of thirty.
What leaves a list holds is asked here too, for models whose parameters are lists of hundreds.
`sums.pxd` beside this file gives the compiler its types.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from autograd_core import primitives
from autograd_core.errors import GraphError
from autograd_core.given import listed
from autograd_core.graph import memory
from autograd_core.graph.nodes import making, slabs, switches
from autograd_core.graph.nodes import node as fields
from autograd_core.primitives import Primitive, forward, rules

if TYPE_CHECKING:
    from autograd_core.graph.value import Value

__all__ = ["distinct_leaves", "dot", "dots", "flattened", "rebuild", "strong_dot", "sum_of"]

CONSTANT = fields.CONSTANT
LEAF = fields.LEAF
INHERITED, LEAF_FLAGS = fields.INHERITED, fields.LEAF_FLAGS
SUM, DOT, STRONG_DOT = (primitives.kind_of(name) for name in ("sum", "dot", "strong_dot"))


slabs.join(fields.state)


def sum_of(terms: Iterable[Any], start: Any = 0.0) -> Value:
    """One node for ((start + v₀) + v₁) + …, equal to the chain to the last bit."""
    given = terms if type(terms) is list else list(terms)
    operands = tuple(given) if type(start) is float and start == 0 else (start, *given)
    made = slabs.made_of_many(SUM, 0, 0.0, _nodes(operands, "sum"))
    node = slabs.borrowed(made)
    locals_of = slabs.locals_of(made)
    flags = INHERITED
    out = 0.0
    for index in range(len(operands)):  # in one pass: long sums wait for memory
        term = slabs.operand(node, index)
        flags &= term._flags
        out = forward.add(out, term._data)
        if not term._flags & CONSTANT:
            locals_of[index] = rules.add_partial_y(out, term._data, out)
    node._flags |= flags
    node._data = out
    return making.finished(made) if switches.modes_on else made


def _nodes(operands: tuple[Any, ...], function: str) -> tuple[Any, ...]:
    """The operands, with nodes for the numbers among them."""
    made = None
    for index in range(len(operands)):
        if not slabs.is_node(operands[index]):
            if made is None:
                made = list(operands)
            made[index] = making.operand_of(operands[index], function)
    return operands if made is None else tuple(made)


def dot(weights: Iterable[Any], inputs: Iterable[Any], start: Any = 0.0) -> Value:
    """One node for ((start + w₀ x₀) + w₁ x₁) + …, equal to the chain to the last bit."""
    first = weights if type(weights) is list else listed(weights, "dot()'s weights", "in a list")
    second = inputs if type(inputs) is list else listed(inputs, "dot()'s inputs", "in a list")
    if len(first) != len(second):
        raise ValueError(
            f"dot of {len(first)} weights and {len(second)} inputs: give as many of both"
        )
    return _dot(memory.interleaved(making.operand_of(start, "dot"), first, second))


def dots(rows: list[list[Any]], inputs: list[Any], starts: list[Any]) -> list[Value]:
    """`dot(row, inputs, start)` for each of the rows: the weighted sums of a layer.

    Raises ValueError where a row is no list, or the lists are of different lengths.
    """
    count = len(inputs)
    for row in rows:
        if type(row) is not list or len(row) != count or len(starts) != len(rows):
            raise ValueError(
                f"dots of {len(rows)} rows and {len(starts)} starts with {count} inputs: give "
                f"lists, as many starts as rows, and in each row as many weights as inputs"
            )
    return [
        _dot(memory.interleaved(starts[index], rows[index], inputs)) for index in range(len(rows))
    ]


def _dot(operands: tuple[Any, ...]) -> Value:
    """The dot product of (start, w₀, x₀, w₁, x₁, …)."""
    made = slabs.made_of_many(DOT, 0, 0.0, _nodes(operands, "dot"))
    node = slabs.borrowed(made)
    locals_of = slabs.locals_of(made)
    weight = slabs.operand(node, 0)
    flags = weight._flags & INHERITED
    out = weight._data
    if not flags & CONSTANT:
        locals_of[0] = rules.add_partial_x(out, 0.0, out)
    for index in range(1, len(operands), 2):
        weight = slabs.operand(node, index)
        x = slabs.operand(node, index + 1)
        flags &= weight._flags & x._flags
        out = forward.add(out, forward.mul(weight._data, x._data))
        if not weight._flags & CONSTANT:
            locals_of[index] = rules.mul_partial_x(weight._data, x._data, out)
        if not x._flags & CONSTANT:
            locals_of[index + 1] = rules.mul_partial_y(weight._data, x._data, out)
    node._flags |= flags
    node._data = out
    return making.finished(made) if switches.modes_on else made


def strong_dot(pairs: Iterable[tuple[Any, Any]]) -> Value:
    """One node for c₀ p₀ + c₁ p₁ + … where a factor of zero wins over one that is not finite."""
    operands = tuple([making.operand_of(one, "strong_dot") for pair in pairs for one in pair])
    node = making.variadic(STRONG_DOT, operands, 0.0)
    locals_of = slabs.locals_of(node)
    out = 0.0
    for index in range(0, len(operands), 2):
        x = operands[index]
        y = operands[index + 1]
        out = forward.add(out, forward.strong_product(x._data, y._data))
        if not x._flags & CONSTANT:
            locals_of[index] = rules.strong_product_partial_x(x._data, y._data, out)
        if not y._flags & CONSTANT:
            locals_of[index + 1] = rules.strong_product_partial_y(x._data, y._data, out)
    node._data = out
    return making.finished(node) if switches.modes_on else node


def distinct_leaves(things: list[Any]) -> bool:
    """Whether a list holds leaves that can be trained, each once, and nothing else."""
    for index in range(len(things)):
        if not slabs.is_node(things[index]):
            return False
        node = things[index]
        if node._kind != LEAF or node._flags & CONSTANT:
            return False
    return memory.all_differ(things)


def flattened(nodes: list[Value], places: dict[Value, int]) -> tuple[Any, ...]:
    """What nodes hold, as flat lists: what `rebuild` makes them of again, node by node.

    Names of primitives, numbers in twos, counts of parents, places of parents, local gradients,
    names by place, places of constants, the parents that have no place (they are counted down from
    -1), and the attributes of a user's own by place.
    """
    ops: list[str] = []
    values: list[float] = []
    counts: list[int] = []
    edges: list[int] = []
    local_gradients: list[float] = []
    names: dict[int, str] = {}
    constants: list[int] = []
    outside: dict[Value, int] = {}
    written: dict[int, dict[str, Any]] = {}
    for index in range(len(nodes)):
        node = nodes[index]
        ops.append(node.op)
        values.append(fields.number_of(node, "a pickle"))
        values.append(node._grad)
        parents = node.parents
        counts.append(len(parents))
        for parent in parents:
            place = places.get(parent)
            edges.append(-1 - outside.setdefault(parent, len(outside)) if place is None else place)
        local_gradients += node.local_gradients
        if node._flags & CONSTANT:
            constants.append(index)
        if (name := slabs.name_of(node, fields.NAME)) is not None:
            names[index] = name
        if slabs.attributes_of(node) is not None and (own := fields.attributes(node)):
            written[index] = own
    flat = (ops, values, counts, edges, local_gradients, names, constants)
    return (*flat, list(outside), written)


def rebuild(
    row: Primitive | None,
    data: float,
    grad: float,
    name: str | None,
    constant: bool,
    parents: tuple[Value, ...],
    local_gradients: tuple[float, ...],
) -> Value:
    """A node as it was, from its parts: for copies and pickles; `row` is None for a leaf.

    Raises GraphError for parts that do not fit one another: a sweep goes where they say.
    """
    arity = 0 if row is None else row.arity
    fit = len(parents) == len(local_gradients) and (arity is None or arity == len(parents))
    for parent in parents:
        fit = fit and slabs.is_node(parent)
    if not fit:
        raise GraphError(
            f"{'a leaf' if row is None else row.name} takes "
            f"{'any number of' if arity is None else arity} operands, each a Value with a local "
            f"gradient; got {len(parents)} operands {parents!r:.60} and {len(local_gradients)} "
            "local gradients: what this graph was read from is damaged"
        )
    kind = 0 if row is None else primitives.kind_of(row)
    flags = INHERITED if constant else LEAF_FLAGS
    if len(parents) > 2 or (row is not None and row.arity is None):
        node = slabs.made_of_many(kind, flags, data, parents)
        locals_of = slabs.locals_of(node)
        for index in range(len(parents)):
            locals_of[index] = local_gradients[index]
    else:
        node = slabs.made(kind, flags, data)
        if parents:
            node._parent0 = parents[0]
            node._local0 = local_gradients[0]
            if len(parents) == 2:
                node._parent1 = parents[1]
                node._local1 = local_gradients[1]
    node._grad = grad
    if name is not None:
        slabs.set_name(node, fields.NAME, name)
    return node
