"""Where nodes live and how one is made: slabs of C memory where the package is compiled.

The headers beside this file are the compiled half, for `slabs.pxd`: nodes made one after the other
lie one after the other, freeing is a loop, an operation on two Values a few dozen instructions.
Here is what plain Python does in its place. What a node means is known elsewhere; here it is kept
small: an operand that is a number gets no node of its own until somebody asks for the parents
(`NUMBER`: it waits in the second local gradient; `FIRST`: it is the first operand), and what few
nodes have (many operands, a name, a user's attributes) costs the others nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from autograd_core.graph import numbers

if TYPE_CHECKING:
    from autograd_core.graph.value import Value

__all__ = [
    "address_of",
    "adopt",
    "at",
    "attributes_of",
    "become",
    "begin",
    "binary",
    "borrowed",
    "count",
    "data_of",
    "drop",
    "flags_of",
    "has_many",
    "is_node",
    "join",
    "listed",
    "local",
    "locals_of",
    "made",
    "made_of_many",
    "many",
    "name_of",
    "new_row",
    "number",
    "operand",
    "operands",
    "pop",
    "pop_place",
    "present",
    "put",
    "put_place",
    "reflected",
    "remember",
    "remembered",
    "set_name",
    "shown",
    "size",
    "takes",
    "unary",
    "visit",
]

CONSTANT = 1
INHERITED = 11
MANY = 32
NUMBER = 128
FIRST = 256

_kind_of_nodes: Any = None
_finished: Callable[[Any], Any]
_modes: Any = ()


def begin() -> Any:
    """What all modules that make nodes share; in plain Python it is this module's own."""


def join(state: Any) -> None:
    """Work with what another module has begun."""


def adopt(
    kind: type, foreign: Any, finished: Callable[[Any], Any], modes: Any, *operations: Any
) -> None:
    """Make nodes of this type, and show them to `finished` while there are modes.

    Compiled, the operations are Python's + - * /, without looking for who is to be asked.
    """
    global _kind_of_nodes, _finished, _modes
    _kind_of_nodes, _finished, _modes = kind, finished, modes


def address_of(counter: Any) -> Any:
    """Where a counter stands, which goes on counting."""
    return counter


def made(kind: int, flags: int, data: float) -> Value:
    """A node without parents."""
    node: Value = _kind_of_nodes.__new__(_kind_of_nodes)
    _begin(node, kind, flags, data)
    return node


def _begin(node: Any, kind: int, flags: int, data: float) -> None:
    node._kind = kind
    node._flags = flags
    node._data = data
    node._parent0 = node._parent1 = node._operands = node._locals = node._name = None
    node._mark = 0
    node._local0 = node._local1 = node._grad = 0.0


def made_of_many(kind: int, flags: int, data: float, operands: tuple[Any, ...]) -> Value:
    """A node of as many operands as the tuple holds, all nodes; its local gradients are 0."""
    node: Any = made(kind, flags | MANY, data)
    node._operands = operands
    node._locals = [0.0] * len(operands)
    return node  # type: ignore[no-any-return]


def become(node: Any, flags: int, data: float) -> None:
    """Make a leaf of an object that is one already, or has no fields yet."""
    if getattr(node, "_kind", 0) != 0:
        raise TypeError(f"{node!r} was made by an operation, and stays so: make another Value")
    _begin(node, 0, flags, data)


def unary(kind: int, x: Any, out: float, partial: float) -> Value:
    """The node of one node."""
    node = made(kind, x._flags & INHERITED, out)
    node._parent0 = x
    if not x._flags & CONSTANT:
        node._local0 = partial
    return _finished(node) if _modes else node


def binary(kind: int, x: Any, other: Any, out: float, partial_x: float, partial_y: float) -> Value:
    """The node of a node and another, or a number."""
    if type(other) is _kind_of_nodes:
        node = made(kind, x._flags & other._flags & INHERITED, out)
        node._parent1 = other
        if not other._flags & CONSTANT:
            node._local1 = partial_y
    else:
        node = made(kind, x._flags & INHERITED | NUMBER, out)
        node._local1 = number(other)
    node._parent0 = x
    if not x._flags & CONSTANT:
        node._local0 = partial_x
    return _finished(node) if _modes else node


def reflected(kind: int, first: float, y: Any, out: float, partial: float) -> Value:
    """The node of a number and a node."""
    node = made(kind, y._flags & INHERITED | NUMBER | FIRST, out)
    node._parent0 = y
    node._local1 = first
    if not y._flags & CONSTANT:
        node._local0 = partial
    return _finished(node) if _modes else node


def is_node(other: Any) -> bool:
    """Whether it is a Value."""
    return bool(type(other) is _kind_of_nodes)


def takes(other: Any) -> bool:
    """Whether it is an operand: a node or a number."""
    if type(other) in (_kind_of_nodes, float):
        return True
    return numbers.foreign(other) is not None


def number(other: Any) -> Any:
    """The number of an operand."""
    if type(other) is _kind_of_nodes:
        return other._data
    return other if type(other) is float else numbers.foreign(other)


def data_of(node: Any) -> float:
    """The number of what is a node."""
    return node._data  # type: ignore[no-any-return]


def flags_of(other: Any) -> int:
    """An operand's flags: of a number, a constant's."""
    return other._flags if type(other) is _kind_of_nodes else INHERITED


# What a node may have besides.


def has_many(node: Any) -> bool:
    """Whether it was made as a node of many operands."""
    flags: int = node._flags
    return flags & MANY != 0


def operands(node: Any) -> tuple[Any, ...]:
    """The many operands."""
    return node._operands  # type: ignore[no-any-return]


def locals_of(node: Any) -> list[float]:
    """The local gradients for many operands."""
    return node._locals  # type: ignore[no-any-return]


def name_of(node: Any, key: str) -> str | None:
    """The node's name; `key` is where nodes remember it that are no leaves."""
    return node._name  # type: ignore[no-any-return]


def set_name(node: Any, key: str, name: str | None) -> None:
    """Name the node, or take its name away."""
    node._name = name


def attributes_of(node: Any) -> dict[str, Any] | None:
    """What a user has written on the node and it remembers; None for nothing."""
    return node.__dict__ or None


def remembered(node: Any, key: str) -> Any:
    """What the node remembers by that word, or None."""
    return node.__dict__.get(key)


def remember(node: Any, key: str, thing: Any) -> None:
    """Have the node remember something; None forgets it."""
    if thing is None:
        node.__dict__.pop(key, None)
    else:
        node.__dict__[key] = thing


# Rows of nodes: lists, which in C hold no references.


def new_row() -> list[Any]:
    """An empty row."""
    return []


def drop(row: list[Any]) -> None:
    """Say that a row is not needed any more."""


def listed(row: list[Any]) -> list[Any]:
    """The nodes of a row."""
    return row


put = put_place = list.append
pop = pop_place = list.pop
at = visit = list.__getitem__
size = len
many = has_many


def present(node: Any) -> bool:
    """Whether there is a node."""
    return node is not None


def count(node: Any) -> int:
    """How many the many operands are."""
    return len(node._operands)


def operand(node: Any, index: int) -> Any:
    """One of many operands."""
    return node._operands[index]


def local(node: Any, index: int) -> float:
    """The local gradient for one of many operands."""
    return node._locals[index]  # type: ignore[no-any-return]


def borrowed(node: Any) -> Any:
    """The node, without a reference of its own."""
    return node


shown = borrowed
