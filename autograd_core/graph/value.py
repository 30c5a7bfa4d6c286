"""Value: a number that remembers how it was made.

Arithmetic on `Value`s builds a graph: each new node holds its number, its parents and, for each
parent, the local gradient that `rules` gives. `backward()` hands the graph to `sweep`. What a node
holds is in `nodes.node`, the arithmetic in `nodes.operators`; this module owns what a Value is
besides: how it is made, compared, shown and copied, and that it behaves as a number does. Values
are `forward`'s, derivatives `rules`', and what a graph can do beyond one node is `traversal`'s.

The file is ordinary Python. Where there is a compiler, the `.pxd` files beside it and in `nodes`
turn the class into an extension type.
"""

from __future__ import annotations

from typing import Any

from autograd_core import primitives
from autograd_core.errors import GraphError
from autograd_core.graph import anomaly, memory, numbers, sweep
from autograd_core.graph.nodes import making, operators, slabs, switches
from autograd_core.graph.nodes import node as fields
from autograd_core.graph.nodes.node import calls
from autograd_core.graph.nodes.operators import Arithmetic
from autograd_core.graph.nodes.switches import detects_anomalies

__all__ = ["Value", "argument_of", "calls", "release_arguments"]

APART = fields.APART
CONDITION = fields.CONDITION
CONSTANT = fields.CONSTANT
DIFFERENTIATED = fields.DIFFERENTIATED
LEAF = fields.LEAF
LEAF_FLAGS = fields.LEAF_FLAGS
NUMERIC = fields.NUMERIC
LESS, LESS_EQUAL = primitives.kind_of("less"), primitives.kind_of("less_equal")

open_module: Any = None
"""Gives a module that stands on this one, by its name: the package's door sets it, above both."""
_called: Any = None
LECTURE = {"mul": "*", "div": "/", "relu": "ReLU", "square": "**2", "reciprocal": "**-1"}
EQUALITY = "== or != (`is` asks whether two are one)"

slabs.join(fields.state)


class Value(Arithmetic):
    """A float64 and the graph it was computed by.

    Numbers on either side are taken as constants; comparisons, `float`, `int`, `round` and `bool`
    go by the data, `==` and `hash` by identity. Arithmetic never raises: out of a domain it is NaN
    or infinite, as IEEE 754 has it.

    Attributes of your own may be written on it, as an optimizer by hand does: `p.m = 0.0`. They are
    copied and pickled with it, and freed with it unless they lead back to it. To derive a class
    from it is refused.

    `label` is another word for `name`. Raises TypeError for data that is no real number, for a name
    that is no string, and for anything else given, as children or an operation.

    >>> x, y, z = Value(-2.0, name="x"), Value(5.0, name="y"), Value(-4.0, name="z")
    >>> f = (x + y) * z
    >>> f.backward()
    >>> f.data, x.grad, y.grad, z.grad
    (-12.0, -4.0, -4.0, 3.0)
    """

    __slots__ = ()

    def __init__(
        self,
        data: float,
        name: str | None = None,
        _op: Any = None,
        label: str | None = None,
        **unknown: Any,
    ) -> None:
        number = data if type(data) is float else numbers.real(data, "Value's data")
        if (
            unknown
            or _op is not None
            or label is not None
            or (name is not None and type(name) is not str)
        ):
            name = numbers.name_of_leaf(name, label, _op, unknown)
        slabs.become(self, LEAF_FLAGS, number)
        if name is not None:
            slabs.set_name(self, "", name)

    # The names that micrograd's lecture and its notebooks read.

    @property
    def _prev(self) -> set[Value]:
        """The parents without numbers."""
        return {parent for parent in self.parents if not parent.constant}

    @property
    def _op(self) -> str:
        """The sign that the lecture writes into the circle of an operation: `*`, `**2`, `ReLU`."""
        if self.op != "pow":
            return "" if self._kind == LEAF else LECTURE.get(self.op, self.primitive.glyph)
        exponent = self.parents[1]
        fixed = exponent.constant and not exponent.recorded
        return f"**{exponent.data:.17g}" if fixed else "**"

    @property
    def _backward(self) -> Any:
        """The node's own step of a sweep: what it adds to the grad of each of its parents."""
        return self._own_step

    @_backward.setter
    def _backward(self, step: Any) -> None:
        raise AttributeError(
            "_backward of a Value cannot be set: each operation has its derivative from the table. "
            "Declare an operation of your own with @primitive and its partials"
        )

    def _own_step(self) -> None:
        fields.number_of(self, "_backward()")
        sweep.own_step(self)

    # Gradients.

    def backward(self, seed: float = 1.0) -> None:
        """Add d(self)/d(leaf) times `seed` to the `grad` of every leaf; other nodes hold their own.

        The order of the sweep is fixed by the graph, so the same program gives the same bits. An
        exception or an interrupt leaves all gradients as they were.

        Raises GraphError on a constant, from which nothing flows.

        >>> x = Value(3.0)
        >>> (x * x).backward(); x.grad
        6.0
        """
        if self._flags & CONSTANT:
            raise GraphError(
                f"backward() of {self!r}, which is a constant: no gradient flows through numbers, "
                "detach() or no_grad(). Compute it from a Value outside of them."
            )
        fields.number_of(self, "backward()")
        check = (
            anomaly.check_cotangent
            if switches.modes_on and switches.switched(detects_anomalies, False)
            else None
        )
        sweep.backward(self, numbers.real(seed, "seed"), check)

    def zero_grad(self) -> None:
        """Set the `grad` of every node this one was computed from, leaves included, to 0."""
        sweep.zero(self)

    def detach(self) -> Value:
        """A constant with this node's data, through which no gradient flows."""
        return making.holding(self) if fields.is_open(self) else making.constant_of(self._data)

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **keywords: Any) -> Any:
        """What NumPy's functions do: with Values and arrays of them, by this package's rules."""
        global _called
        if _called is None:  # NumPy has been imported by who asks for this
            _called = open_module("graph.arrays.value_array").called
        return _called(ufunc, method, inputs, keywords)

    def __array_function__(self, *asked: Any) -> Any:
        """What NumPy's functions of whole arrays do, to which a Value is an array without axes."""
        return open_module("graph.arrays.value_array").asked(*asked)

    # By data, like a float; comparisons of what is being recorded are recorded.

    # fmt: off
    def __lt__(self, other: Any) -> bool: return NotImplemented if not slabs.takes(other) else self._data < slabs.number(other) if self._flags & slabs.flags_of(other) & NUMERIC and not switches.modes_on else making.compared(LESS, self, making.operand_or_none(other))
    def __le__(self, other: Any) -> bool: return NotImplemented if not slabs.takes(other) else self._data <= slabs.number(other) if self._flags & slabs.flags_of(other) & NUMERIC and not switches.modes_on else making.compared(LESS_EQUAL, self, making.operand_or_none(other))
    def __gt__(self, other: Any) -> bool: return NotImplemented if not slabs.takes(other) else self._data > slabs.number(other) if self._flags & slabs.flags_of(other) & NUMERIC and not switches.modes_on else making.compared(LESS, making.operand_or_none(other), self)
    def __ge__(self, other: Any) -> bool: return NotImplemented if not slabs.takes(other) else self._data >= slabs.number(other) if self._flags & slabs.flags_of(other) & NUMERIC and not switches.modes_on else making.compared(LESS_EQUAL, making.operand_or_none(other), self)
    def __eq__(self, other: object) -> bool: return self is other or equal(self, other)
    def __ne__(self, other: object) -> bool: return not (self is other or equal(self, other))
    def __hash__(self) -> int:   return id(self) >> 4 if not self._flags & CONDITION else int(fields.number_of(self, "hash()"))
    def __bool__(self) -> bool:  return fields.number_of(self, "bool()") != 0
    def __float__(self) -> float: return fields.taken(self, "float()")
    def __int__(self) -> int:    return int(fields.number_of(self, "int()"))
    def __trunc__(self) -> int:  return int(fields.number_of(self, "trunc()"))
    def __floor__(self) -> int:  return int(fields.number_of(self, "floor()") // 1) if numbers.finite(self._data) else int(self._data)
    def __ceil__(self) -> int:   return -int(-fields.number_of(self, "ceil()") // 1) if numbers.finite(self._data) else int(self._data)
    def __round__(self, digits: int | None = None) -> Any: return round(fields.number_of(self, "round()"), digits)

    # Floats have these too.
    def is_integer(self) -> bool: return fields.number_of(self, "is_integer()").is_integer()
    def as_integer_ratio(self) -> tuple[int, int]: return fields.taken(self, "as_integer_ratio()").as_integer_ratio()
    def hex(self) -> str:         return fields.taken(self, "hex()").hex()
    def item(self) -> float:      return fields.taken(self, "item()")
    @property
    def real(self) -> Value:      return self
    @property
    def imag(self) -> float:      return 0.0

    # Of recorded comparisons, as of the bools that they are outside a recording.
    def __and__(self, other: Any) -> Any: return NotImplemented if (y := making.beside(self, other)) is None else making.condition(self * y)
    def __or__(self, other: Any) -> Any:  return NotImplemented if (y := making.beside(self, other)) is None else making.condition(self.maximum(y))
    def __xor__(self, other: Any) -> Any: return NotImplemented if (y := making.beside(self, other)) is None else making.condition(abs(self - y))
    def __rand__(self, other: Any) -> Any: return NotImplemented if (y := making.beside(self, other)) is None else making.condition(y * self)
    def __ror__(self, other: Any) -> Any:  return NotImplemented if (y := making.beside(self, other)) is None else making.condition(y.maximum(self))
    def __rxor__(self, other: Any) -> Any: return NotImplemented if (y := making.beside(self, other)) is None else making.condition(abs(y - self))
    # fmt: on

    def __invert__(self) -> Value:
        """Where a recorded comparison does not hold. (Python's own ~True is -2, and so true.)"""
        if not self._flags & CONDITION:
            raise TypeError(f"bad operand type for unary ~: 'Value', got {self!r}")
        return making.condition(1.0 - self)

    def __str__(self) -> str:
        return repr(self) if not self._flags & CONDITION else str(fields.number_of(self, "str()"))

    def __format__(self, specification: str) -> str:
        if not isinstance(specification, str):
            raise TypeError(f"a format is a string, {numbers.got(specification)}")
        return (
            format(fields.number_of(self, "format()"), specification)
            if specification
            else str(self)
        )

    def __repr__(self) -> str:
        name = "" if self.name is None else f", name={self.name!r}"
        if fields.is_open(self):
            return f"Value(recorded{name})"
        return f"Value({self._data!r}, grad={self._grad!r}{name})"

    # Copies of whole graphs are made by a module that stands on this one.

    def __copy__(self) -> Value:
        fields.taken(self, "a copy")
        return open_module("graph.copying").copy_node(self)  # type: ignore[no-any-return]

    def __deepcopy__(self, memo: dict[int, Any]) -> Value:
        fields.taken(self, "a copy")
        return open_module("graph.copying").copy_graph(self, memo)  # type: ignore[no-any-return]

    def __reduce__(self) -> tuple[Any, ...]:
        fields.taken(self, "a pickle")
        return open_module("graph.copying").reduce(self)  # type: ignore[no-any-return]


def equal(x: Value, other: Any) -> bool:
    """`==` of two things that are not one: never, but of what is being recorded nobody knows yet."""
    if type(other) is Value:
        node = other
        if not x._flags & node._flags & NUMERIC:
            fields.number_of(node if x._flags & NUMERIC else x, EQUALITY)
    elif (switches.modes_on or not x._flags & NUMERIC) and numbers.comparable(other):
        fields.number_of(x, EQUALITY)
    return False


def argument_of(leaf: Any) -> Value:
    """The node that stands for an argument's number while a function is differentiated by it.

    A Value belongs to somebody else's graph: its stand-in hangs on it (1 · v is v to the bit), so
    outer derivatives flow through while this one stops here.
    """
    node = leaf * 1.0 if type(leaf) is Value else Value(leaf)
    node._flags = node._flags & ~APART | DIFFERENTIATED
    return node


def release_arguments(nodes: list[Value]) -> None:
    """Say that the function has been called: numbers may be taken again."""
    for index in range(len(nodes)):
        node = nodes[index]
        node._flags &= ~DIFFERENTIATED


def _refuse_subclass(cls: type) -> None:
    raise TypeError(
        f"{cls.__name__} cannot derive from Value, which is final: hold a Value in your class instead, "
        "and declare operations of your own with @primitive"
    )


memory.ask_before_deriving(Value, classmethod(_refuse_subclass))
memory.make_at_once(Value, making.leaf_of)
operators.adopt(Value)
