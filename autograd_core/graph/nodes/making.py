"""How nodes are made: of numbers, of the table's rows, of comparisons; what a new one goes through.

The operators are `operators`'s; what is rarer than they are is made here, by a row's own functions.
Values are `forward`'s, derivatives `rules`': nothing is computed here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from autograd_core import primitives
from autograd_core.graph import anomaly, numbers
from autograd_core.graph.nodes import node as fields
from autograd_core.graph.nodes import slabs, switches
from autograd_core.graph.nodes.node import Node
from autograd_core.graph.nodes.switches import builds_graph, detects_anomalies
from autograd_core.primitives import forward

if TYPE_CHECKING:
    from autograd_core.graph.value import Value

__all__ = [
    "apply",
    "beside",
    "compared",
    "compared_node",
    "condition",
    "constant_of",
    "finished",
    "holding",
    "leaf_of",
    "number_of",
    "of_three",
    "operand_of",
    "operand_or_none",
    "recording_leaf",
    "variadic",
]

CONSTANT = fields.CONSTANT
CONDITION = fields.CONDITION
INHERITED = fields.INHERITED
LEAF = fields.LEAF
LEAF_FLAGS = fields.LEAF_FLAGS
HELD, LESS = primitives.kind_of("held"), primitives.kind_of("less")

slabs.join(fields.state)


def constant_of(data: float) -> Value:
    """A node through which no gradient flows."""
    return slabs.made(LEAF, INHERITED, data)


def leaf_of(data: float, name: str | None) -> Value:
    """What `Value(data, name)` makes of a number and a string, or None."""
    node = slabs.made(LEAF, LEAF_FLAGS, data)
    if name is not None:
        slabs.set_name(node, "", name)
    return node


def recording_leaf(data: float) -> Value:
    """A leaf that stands for an argument of a program, and holds an example of it."""
    return slabs.made(LEAF, 0, data)


def holding(x: Any) -> Value:
    """What `detach()` gives while x is being recorded: its number, and nothing flows back."""
    node = slabs.made(HELD, CONSTANT, x._data)
    node._parent0 = x
    return node


def operand_or_none(other: Any) -> Any:
    """`other` as a node: itself, or a constant of a number; None if it is neither."""
    if slabs.is_node(other):
        return other
    return constant_of(slabs.number(other)) if slabs.takes(other) else None


def operand_of(other: Any, function: str) -> Value:
    """The second operand of a method, for which there is no other side to ask."""
    node: Value | None = operand_or_none(other)
    if node is None:
        raise numbers.refusal(other, f"{function}()")
    return node


def number_of(other: Any, function: str) -> float:
    """The number of a method's second operand, for which there is no other side to ask."""
    if not slabs.takes(other):
        raise numbers.refusal(other, f"{function}()")
    return slabs.number(other)  # type: ignore[no-any-return]


def finished(made: Value) -> Value:
    """A new node under the modes of its thread."""
    node = made
    if not switches.switched(builds_graph, True):
        return holding(node) if fields.is_open(node) else constant_of(node._data)
    if switches.switched(detects_anomalies, False):
        slabs.remember(node, fields.ORIGIN, anomaly.user_line())
        if not fields.is_open(node):  # a recorded one has a number only at replay
            anomaly.check_forward(node)
    return node


def apply(kind: int, operands: tuple[Node, ...]) -> Value:
    """The node that the row `kind` of the table makes of its operands, by the row alone."""
    row = primitives.ROWS[kind]
    numbers_in = [operand._data for operand in operands]
    out = row.forward(*numbers_in)  # type: ignore[union-attr]
    partials = row.partials_at(numbers_in, out)  # type: ignore[union-attr]
    if len(operands) == 1 and row.arity == 1:  # type: ignore[union-attr]
        return slabs.unary(kind, operands[0], out, partials[0])
    if len(operands) == 2 and row.arity == 2:  # type: ignore[union-attr]
        return slabs.binary(kind, operands[0], operands[1], out, partials[0], partials[1])
    node = variadic(kind, operands, out)
    locals_of = slabs.locals_of(node)
    for index in range(len(operands)):
        operand = operands[index]
        if not operand._flags & CONSTANT:
            locals_of[index] = partials[index]
    return finished(node) if switches.modes_on else node


def variadic(kind: int, operands: tuple[Node, ...], out: float) -> Value:
    """A node of many operands, with local gradients of 0."""
    flags = INHERITED
    for operand in operands:
        flags &= operand._flags
        if flags == 0:
            break
    return slabs.made_of_many(kind, flags, out, operands)


def of_three(
    kind: int, x: Node, y: Node, z: Node, out: float, px: float, py: float, pz: float
) -> Value:
    """The node of three nodes."""
    node = slabs.made_of_many(kind, x._flags & y._flags & z._flags & INHERITED, out, (x, y, z))
    locals_of = slabs.locals_of(node)
    locals_of[0] = 0.0 if x._flags & CONSTANT else px
    locals_of[1] = 0.0 if y._flags & CONSTANT else py
    locals_of[2] = 0.0 if z._flags & CONSTANT else pz
    return finished(node) if switches.modes_on else node


# Comparisons.


def compared(kind: int, x: Node, y: Node) -> Any:
    """A comparison in some mode: by data, unless a side's number exists only at replay."""
    if fields.is_open(x) or fields.is_open(y):
        return compared_node(kind, x, y)
    return x._data < y._data if kind == LESS else x._data <= y._data


def compared_node(kind: int, x: Node, y: Node) -> Value:
    """A comparison as a node: recorded, or a constant."""
    a, b = x._data, y._data
    out = forward.less(a, b) if kind == LESS else forward.less_equal(a, b)
    return condition(slabs.binary(kind, x, y, out, 0.0, 0.0))


def condition(node: Value) -> Value:
    """A new node, 1 or 0: to choose by, and not differentiated."""
    flags = CONSTANT | CONDITION if fields.is_open(node) else INHERITED
    node._flags = node._flags & ~INHERITED | flags
    return node


def beside(x: Node, other: Any) -> Value | None:
    """`other` as a second condition, one that is recorded too or a bool; None if either is none."""
    if not x._flags & CONDITION:
        return None
    if slabs.is_node(other):
        node = other
        return node if node._flags & CONDITION else None
    truth = numbers.truth(other)
    return None if truth is None else constant_of(truth)
