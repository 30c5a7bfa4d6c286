"""Node: what a Value holds, and who may ask for it.

A node points at its parents only, so no cycle can close: the type is outside the cycle collector,
and 88 bytes where it is compiled (`node.pxd`). This module owns the fields, what they are called
outside, and the refusals: a number that is known only at replay, or with which a derivative would
be lost, is not handed out. How nodes are made is `making`'s, where they live `slabs`'.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from autograd_core import primitives
from autograd_core.errors import GraphError, RecordingError
from autograd_core.graph import memory, numbers
from autograd_core.graph.nodes import slabs, switches
from autograd_core.graph.nodes.switches import builds_graph, records

if TYPE_CHECKING:
    from autograd_core.graph.value import Value

__all__ = [
    "APART",
    "CONDITION",
    "CONSTANT",
    "DIFFERENTIATED",
    "FIRST",
    "INHERITED",
    "LEAF",
    "LEAF_FLAGS",
    "NUMBER",
    "NUMERIC",
    "Node",
    "attributes",
    "calls",
    "is_open",
    "number_of",
    "taken",
    "unfold",
]

LEAF = primitives.LEAF

# The flags of a node.
CONSTANT = 1  # nothing flows here: a wrapped number, or made under no_grad() or by detach()
NUMERIC = 2  # its number may be read; what is being recorded lacks this, and so what it leads to
CONDITION = 4  # a comparison that is being recorded: 1 where it holds, else 0
APART = 8  # it depends on no function's argument: what a function is differentiated by lacks this
DIFFERENTIATED = 16  # a function is being differentiated by it, now
NUMBER = slabs.NUMBER  # an operand is a number without a node
FIRST = slabs.FIRST  # it is the first operand
LEAF_FLAGS = NUMERIC | APART
INHERITED = CONSTANT | LEAF_FLAGS  # held by a result whose operands all hold it

NAME, ORIGIN = "_name", "_origin"  # where nodes remember them

state = slabs.begin()

calls: set[Any] = set()
"""Of functions that are being differentiated, in all threads; adding to a set is one step."""


class Node:
    """The fields of a Value and their names."""

    if TYPE_CHECKING:
        _parent0: Value | None
        _parent1: Value | None
        _mark: int
        _kind: int
        _flags: int
        _local0: float
        _local1: float
        _grad: float
        _data: float

    # In the order of the C struct; then, in plain Python, what few of the compiled nodes have.
    __slots__ = (
        "_parent0",
        "_parent1",
        "_mark",
        "_kind",
        "_flags",
        "_local0",
        "_local1",
        "_grad",
        "_data",
        "__dict__",
        "_operands",
        "_locals",
        "_name",
    )

    @property
    def data(self) -> float:
        """The number. Setting it later does not change what was computed from it.

        Raises RecordingError while the node is being recorded: its number exists only at replay.
        """
        if self._flags & NUMERIC and not switches.modes_on:
            return self._data
        return number_of(self, ".data")

    @data.setter
    def data(self, data: float) -> None:
        if switches.modes_on or not self._flags & NUMERIC:
            number_of(self, "setting .data")
        self._data = data if type(data) is float else numbers.real(data, "data")

    @property
    def grad(self) -> float:
        """The derivative of the last root with respect to this node; leaves accumulate it.

        Setting it to None, as code written for PyTorch does, sets it to 0.

        Raises RecordingError while a program is recorded that would keep the number as it is now.
        """
        if switches.modes_on or not self._flags & NUMERIC:
            number_of(self, ".grad")
        return self._grad

    @grad.setter
    def grad(self, grad: float | None) -> None:
        if grad is None:  # how code for PyTorch takes a gradient back
            grad = 0.0
        self._grad = grad if type(grad) is float else numbers.real(grad, "grad")

    @property
    def name(self) -> str | None:
        """What drawings and tables call the node."""
        return slabs.name_of(self, NAME)

    @name.setter
    def name(self, name: str | None) -> None:
        slabs.set_name(self, NAME, numbers.label(name))

    def named(self, name: str | None) -> Self:
        """This very node, with a name: `q = (x + y).named("q")`; None takes its name away.

        Raises TypeError for what is neither.

        >>> from autograd_core import Value
        >>> x, y = Value(-2.0, name="x"), Value(5.0, name="y")
        >>> (x + y).named("q")
        Value(3.0, grad=0.0, name='q')
        """
        slabs.set_name(self, NAME, numbers.label(name))
        return self

    @property
    def label(self) -> str:
        """The name, as lectures call it; empty where there is none."""
        return slabs.name_of(self, NAME) or ""

    @label.setter
    def label(self, label: str) -> None:
        slabs.set_name(self, NAME, numbers.label(label) or None)

    @property
    def op(self) -> str:
        """The name of the primitive that made the node; empty for a leaf."""
        return "" if self._kind == LEAF else primitives.ROWS[self._kind].name  # type: ignore[union-attr]

    @property
    def primitive(self) -> Any:
        """The row that made the node, None for a leaf; also if its name was declared anew since."""
        return primitives.ROWS[self._kind]

    @property
    def parents(self) -> tuple[Value, ...]:
        """The operands, in order, each as often as it was used."""
        if slabs.has_many(self):
            return slabs.operands(self)
        if self._flags & NUMBER:
            unfold(self)
        if self._parent0 is None:
            return ()
        if self._parent1 is None:
            return (self._parent0,)
        return (self._parent0, self._parent1)

    @property
    def local_gradients(self) -> tuple[float, ...]:
        """The derivative of this node with respect to each parent; 0.0 for a constant parent.

        They are recorded when the node is made: changing a parent's data later leaves them.

        Raises RecordingError while the node is being recorded, for they exist only at replay.
        """
        if switches.modes_on or not self._flags & NUMERIC:
            number_of(self, ".local_gradients")
        count = len(self.parents)  # a number among them has a node and a place from here on
        if slabs.has_many(self):
            return tuple(memory.listed(slabs.locals_of(self), count))
        return (self._local0, self._local1)[:count]

    @property
    def constant(self) -> bool:
        """Whether no gradient flows here: a wrapped number, or made by detach() or no_grad()."""
        return self._flags & CONSTANT != 0

    @property
    def recorded(self) -> bool:
        """Whether it is being recorded into a program: its number exists only at replay."""
        return is_open(self)

    @property
    def origin(self) -> str | None:
        """Where the user's code made the node, if that was under `detect_anomaly()`."""
        return slabs.remembered(self, ORIGIN)  # type: ignore[no-any-return]


def attributes(node: Node) -> dict[str, Any]:
    """The attributes of a user's own on the node."""
    found = slabs.attributes_of(node)
    if found is None:
        return {}
    return {name: thing for name, thing in found.items() if name not in (NAME, ORIGIN)}


def unfold(node: Node) -> None:
    """Give the number that is an operand a node, which the parents will show."""
    if not node._flags & NUMBER:
        return
    operand = slabs.made(LEAF, INHERITED, node._local1)
    node._flags &= ~NUMBER
    if node._flags & FIRST:
        node._flags &= ~FIRST
        node._parent1 = node._parent0
        node._local1 = node._local0
        node._parent0 = operand
        node._local0 = 0.0
    else:
        node._parent1 = operand
        node._local1 = 0.0


def is_open(node: Node) -> bool:
    """Whether its number may be another one at replay: it is recorded, or would be captured."""
    if not node._flags & NUMERIC:
        return True
    return (
        bool(switches.modes_on) and not node._flags & CONSTANT and switches.switched(records, False)
    )


def number_of(node: Node, asked: str) -> float:
    """The number, or RecordingError: a branch taken on an example would be replayed wrong."""
    if (switches.modes_on or not node._flags & NUMERIC) and is_open(node):
        raise RecordingError(
            f"{asked} of a Value that is being recorded: it has a number only when the program is "
            "called, so nothing may depend on one now. Choose by where(condition, x, y), maximum, "
            "minimum or clamp, round by .rint(), .floor() or .ceil(), and sort or print outside "
            "the recorded function"
        )
    return node._data


def taken(node: Node, asked: str) -> float:
    """The node's number for good: refused where a derivative would be lost with it."""
    number = number_of(node, asked)
    if (
        not node._flags & APART
        and switches.switched(builds_graph, True)
        and is_differentiated(node)
    ):
        raise GraphError(
            f"{asked} of a Value that a function is being differentiated by: the derivative "
            "would be lost with the number. Compute with the Value, by this package's functions or "
            "NumPy's (sin for math.sin, a list or numpy.empty(n, dtype=object) for an array of "
            "floats); where no derivative is meant, say so with .data, .detach() or no_grad()"
        )
    return number


def is_differentiated(node: Any) -> bool:
    """Whether it depends on what some function is being differentiated by at this moment."""
    waiting = [node] if calls else []
    seen = set()
    while waiting:
        node = waiting.pop()
        if node._flags & DIFFERENTIATED:
            return True
        if not node._flags & APART and id(node) not in seen:
            seen.add(id(node))
            waiting.extend(node.parents)
    return False
