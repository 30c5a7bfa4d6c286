"""Value: a number that remembers how it was made.

Arithmetic on `Value`s builds a graph: each new node holds its number, its parents and, for each
parent, the local gradient that `rules` gives. `backward()` hands the graph to `sweep`. This module
owns the node, its attributes, its operators and its methods; it computes nothing itself: values are
`forward`'s, derivatives `rules`', and what a graph can do beyond one node is `traversal`'s.

The file is ordinary Python. Where there is a compiler, `value.pxd` beside it turns the class into an
extension type of 112 bytes, outside the cycle collector: a node points at its parents only, and a
name is a string, so no cycle can close.
"""

from __future__ import annotations

import weakref
from contextvars import ContextVar
from types import FunctionType
from typing import Any

from autograd_core import primitives
from autograd_core.errors import GraphError, RecordingError
from autograd_core.graph import anomaly, memory, numbers, sweep
from autograd_core.primitives import forward, rules

__all__ = [
    "Switch",
    "Value",
    "apply",
    "argument_of",
    "builds_graph",
    "calls",
    "constant_of",
    "detects_anomalies",
    "innermost",
    "operand_of",
    "recording_leaf",
    "records",
    "release_arguments",
    "switched",
]

# The kinds of nodes, one a row of the table; the compiler makes C integers of them.
LEAF = primitives.LEAF
# fmt: off
(
    ADD, SUB, MUL, DIV, MOD, FLOORDIV, POW, NEG, ABS, SQUARE, RECIPROCAL, SQRT, CBRT, EXP, EXPM1,
    EXP2, LOG, LOG1P, LOG2, LOG10, SIN, COS, TAN, SINC, ASIN, ACOS, ATAN, SINH, COSH, TANH, ASINH,
    ACOSH, ATANH, ERF, ERFC, GAUSSIAN, NORMAL_PDF, NORMAL_CDF, RELU, SIGMOID, SOFTPLUS,
    LOG_SIGMOID, SOFTSIGN, SILU, GELU, SIGMOID_RATE, ONE_MINUS_SQUARE, LOG_RATE, SIGN, FLOOR, CEIL,
    TRUNC, RINT, ATAN2, HYPOT, LOGADDEXP, LEAKY_RELU, ELU, SHARE, COSINE, ANGLE_RATE, POWER_RATE,
    POWER_LOG, STRONG_PRODUCT, ABOVE, EXCEEDS, AT_LEAST, AT_MOST, CLAMP, WHERE, MAXIMUM, MINIMUM,
    LESS, LESS_EQUAL, HELD,
) = map(primitives.kind_of, (
    "add", "sub", "mul", "div", "mod", "floordiv", "pow", "neg", "abs", "square", "reciprocal",
    "sqrt", "cbrt", "exp", "expm1", "exp2", "log", "log1p", "log2", "log10", "sin", "cos", "tan",
    "sinc", "asin", "acos", "atan", "sinh", "cosh", "tanh", "asinh", "acosh", "atanh", "erf",
    "erfc", "gaussian", "normal_pdf", "normal_cdf", "relu", "sigmoid", "softplus", "log_sigmoid",
    "softsign", "silu", "gelu", "sigmoid_rate", "one_minus_square", "log_rate", "sign", "floor",
    "ceil", "trunc", "rint", "atan2", "hypot", "logaddexp", "leaky_relu", "elu", "share", "cosine",
    "angle_rate", "power_rate", "power_log", "strong_product", "above", "exceeds", "at_least",
    "at_most", "clamp", "where", "maximum", "minimum", "less", "less_equal", "held",
))
# fmt: on

# The flags of a node.
CONSTANT = 1  # nothing flows here: a wrapped number, or made under no_grad() or by detach()
NUMERIC = 2  # its number may be read; what is being recorded lacks this, and so what it leads to
CONDITION = 4  # a comparison that is being recorded: 1 where it holds, else 0
APART = 8  # it depends on no function's argument: what a function is differentiated by lacks this
DIFFERENTIATED = 16  # a function is being differentiated by it, now
LEAF_FLAGS = NUMERIC | APART
INHERITED = CONSTANT | LEAF_FLAGS  # held by a result whose operands all hold it

LN2 = forward.LN2
DEGREE = 0.017453292519943295  # in radians
RADIAN = 57.29577951308232  # in degrees
EQUALITY = "== or != (`is` asks whether two are one)"
DEEPEST = 64  # nodes freed by recursion before the rest wait in line


modes_on: Any = 0  # how many switches there are, in all threads; while there is none, nobody looks
_depth = 0
_waiting: list[Value] = []
_called: Any = None
calls: set[Any] = set()
"""Of functions that are being differentiated, in all threads; a set, as adding is one step there."""


class Switch:
    """One entering of a mode: what it sets, and which was entered before it.

    It is on from when it has begun until it is left, and has left its context's variable then. Where
    an interrupt keeps that from happening, `kept` is gone: what holds the way out, and nothing else
    holds that. A task that was started meanwhile has a copy of the context, and stays in the mode.
    """

    __slots__ = ("__weakref__", "begun", "kept", "outer", "setting", "settled")

    def __init__(self, setting: bool, outer: Switch | None) -> None:
        global modes_on
        self.setting = setting
        self.outer = outer
        self.kept: Any = nothing
        self.begun = False
        self.settled = False
        if _STARTS_EMPTY:
            # Freeing a plain object runs no line that could count; the call into C below is one.
            modes_on.add(weakref.ref(self, modes_on.discard))
        else:
            modes_on += 1

    def __dealloc__(self) -> None:
        global modes_on
        modes_on -= 1


def nothing() -> None:
    """What a weak reference says that has lost its object."""


# The innermost switch of each kind, in every thread and task its own. What is recorded has its
# number at replay only, and so has whatever is reached while a function is recorded.
builds_graph: ContextVar[Switch | None] = ContextVar("builds_graph", default=None)
detects_anomalies: ContextVar[Switch | None] = ContextVar("detects_anomalies", default=None)
records: ContextVar[Switch | None] = ContextVar("records", default=None)


def innermost(variable: ContextVar[Switch | None]) -> Switch | None:
    """The innermost switch that has not been left; those left by an interrupt are put away."""
    first = variable.get()
    switch = first
    while switch is not None and not switch.settled and switch.kept() is None:
        switch = switch.outer
    if switch is not first:
        variable.set(switch)
    return switch


def switched(variable: ContextVar[Switch | None], usual: bool) -> bool:
    """What the modes of this thread or task set, or else what is usual."""
    switch = innermost(variable)
    while switch is not None and not switch.begun:
        switch = switch.outer
    return usual if switch is None else switch.setting


class Value:
    """A float64 and the graph it was computed by.

    Numbers on either side are taken as constants; comparisons, `float`, `int`, `round` and `bool`
    go by the data, `==` and `hash` by identity. Arithmetic never raises: out of a domain it is NaN
    or infinite, as IEEE 754 has it.

    `label` is another word for `name`. Raises TypeError for data that is no real number, for a name
    that is no string, and for anything else given, as children or an operation.

    >>> x, y, z = Value(-2.0, name="x"), Value(5.0, name="y"), Value(-4.0, name="z")
    >>> f = (x + y) * z
    >>> f.backward()
    >>> f.data, x.grad, y.grad, z.grad
    (-12.0, -4.0, -4.0, 3.0)
    """

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
        "_parents",
        "_locals",
        "_name",
        "_origin",
    )

    def __init__(
        self,
        data: float,
        name: str | None = None,
        _op: Any = None,
        label: str | None = None,
        **unknown: Any,
    ) -> None:
        number = data if type(data) is float else numbers.real(data, "Value's data")
        clear(self, LEAF, number, LEAF_FLAGS)
        if (
            unknown
            or _op is not None
            or label is not None
            or (name is not None and type(name) is not str)
        ):
            name = numbers.name_of_leaf(name, label, _op, unknown)
        if name is not None:
            self._name = name

    # What a node holds.

    @property
    def data(self) -> float:
        """The number. Setting it later does not change what was computed from it.

        Raises RecordingError while the node is being recorded: its number exists only at replay.
        """
        return number_of(self, ".data")

    @data.setter
    def data(self, data: float) -> None:
        number_of(self, "setting .data")
        self._data = data if type(data) is float else numbers.real(data, "data")

    @property
    def grad(self) -> float:
        """The derivative of the last root with respect to this node; leaves accumulate it.

        Setting it to None, as code written for PyTorch does, sets it to 0.
        """
        return self._grad

    @grad.setter
    def grad(self, grad: float | None) -> None:
        if grad is None:  # how code for PyTorch takes a gradient back
            grad = 0.0
        self._grad = grad if type(grad) is float else numbers.real(grad, "grad")

    @property
    def name(self) -> str | None:
        """What drawings and tables call the node."""
        return self._name

    @name.setter
    def name(self, name: str | None) -> None:
        self._name = numbers.label(name)

    def named(self, name: str | None) -> Value:
        """This very node, with a name: `q = (x + y).named("q")`; None takes its name away.

        Raises TypeError for what is neither.

        >>> x, y = Value(-2.0, name="x"), Value(5.0, name="y")
        >>> (x + y).named("q")
        Value(3.0, grad=0.0, name='q')
        """
        self._name = numbers.label(name)
        return self

    @property
    def label(self) -> str:
        """The name, as lectures call it; empty where there is none."""
        return "" if self._name is None else self._name

    @label.setter
    def label(self, label: str) -> None:
        self._name = numbers.label(label) or None

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
        if self._parents is not None:
            return self._parents
        if self._parent0 is None:
            return ()
        if self._parent1 is None:
            return (self._parent0,)
        return (self._parent0, self._parent1)

    @property
    def local_gradients(self) -> tuple[float, ...]:
        """The derivative of this node with respect to each parent; 0.0 for a constant parent.

        They are recorded when the node is made: changing a parent's data later leaves them.
        """
        if self._parents is not None:
            return tuple(memory.listed(self._locals, len(self._parents)))
        if self._parent0 is None:
            return ()
        if self._parent1 is None:
            return (self._local0,)
        return (self._local0, self._local1)

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
        return self._origin

    # The names that micrograd's notebooks read.

    @property
    def _prev(self) -> set[Value]:
        """The parents without numbers."""
        return {parent for parent in self.parents if not parent.constant}

    @property
    def _op(self) -> str:
        """The sign that the lecture draws."""
        return "" if self._kind == LEAF else primitives.lecture_sign(self.primitive, self.parents)

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
        number_of(self, "_backward()")
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
        number_of(self, "backward()")
        check = anomaly.check_cotangent if modes_on and switched(detects_anomalies, False) else None
        sweep.backward(self, numbers.real(seed, "seed"), check)

    def zero_grad(self) -> None:
        """Set the `grad` of every node this one was computed from, leaves included, to 0."""
        sweep.zero(self)

    def detach(self) -> Value:
        """A constant with this node's data, through which no gradient flows."""
        return holding(self) if is_open(self) else constant_of(self._data)

    # Arithmetic. One line a primitive: its value, then its partials.

    # fmt: off
    def __add__(self, other: Any) -> Value:      return NotImplemented if (y := _operand(other)) is None else _binary(ADD,      self, y, out := forward.add(self._data, y._data), rules.add_partial_x(self._data, y._data, out), rules.add_partial_y(self._data, y._data, out))
    def __sub__(self, other: Any) -> Value:      return NotImplemented if (y := _operand(other)) is None else _binary(SUB,      self, y, out := forward.sub(self._data, y._data), rules.sub_partial_x(self._data, y._data, out), rules.sub_partial_y(self._data, y._data, out))
    def __mul__(self, other: Any) -> Value:      return NotImplemented if (y := _operand(other)) is None else _binary(MUL,      self, y, out := forward.mul(self._data, y._data), rules.mul_partial_x(self._data, y._data, out), rules.mul_partial_y(self._data, y._data, out))
    def __truediv__(self, other: Any) -> Value:  return NotImplemented if (y := _operand(other)) is None else _binary(DIV,      self, y, out := forward.div(self._data, y._data), rules.div_partial_x(self._data, y._data, out), rules.div_partial_y(self._data, y._data, out))
    def __mod__(self, other: Any) -> Value:      return NotImplemented if (y := _operand(other)) is None else _binary(MOD,      self, y, out := forward.mod(self._data, y._data), rules.mod_partial_x(self._data, y._data, out), rules.mod_partial_y(self._data, y._data, out))
    def __floordiv__(self, other: Any) -> Value: return NotImplemented if (y := _operand(other)) is None else _binary(FLOORDIV, self, y, forward.floordiv(self._data, y._data), 0.0, 0.0)

    def __pow__(self, other: Any, modulo: None = None) -> Value:
        y = _operand(other)
        if y is None or modulo is not None: return NotImplemented
        # A constant exponent is the common case, and the logarithm the costly half.
        return _binary(POW, self, y, out := forward.pow(self._data, y._data), rules.pow_partial_x(self._data, y._data, out), 0.0 if y._flags & CONSTANT else rules.pow_partial_y(self._data, y._data, out))

    def __radd__(self, other: Any) -> Value:      return NotImplemented if (y := _operand(other)) is None else y + self
    def __rsub__(self, other: Any) -> Value:      return NotImplemented if (y := _operand(other)) is None else y - self
    def __rmul__(self, other: Any) -> Value:      return NotImplemented if (y := _operand(other)) is None else y * self
    def __rtruediv__(self, other: Any) -> Value:  return NotImplemented if (y := _operand(other)) is None else y / self
    def __rmod__(self, other: Any) -> Value:      return NotImplemented if (y := _operand(other)) is None else y % self
    def __rfloordiv__(self, other: Any) -> Value: return NotImplemented if (y := _operand(other)) is None else y // self
    def __divmod__(self, other: Any) -> tuple[Value, Value]:  return NotImplemented if (y := _operand(other)) is None else (self // y, self % y)
    def __rdivmod__(self, other: Any) -> tuple[Value, Value]: return NotImplemented if (y := _operand(other)) is None else (y // self, y % self)
    def __rpow__(self, other: Any, modulo: None = None) -> Value: return NotImplemented if (y := _operand(other)) is None or modulo is not None else y ** self

    def __pos__(self) -> Value:      return self
    def __neg__(self) -> Value:      return _unary(NEG, self, out := forward.neg(self._data), rules.neg_partial_x(self._data, out))
    def __abs__(self) -> Value:      return _unary(ABS, self, out := forward.abs(self._data), rules.abs_partial_x(self._data, out))
    def neg(self) -> Value:          return -self
    def abs(self) -> Value:          return abs(self)
    def pow(self, exponent: Any) -> Value:      return self ** exponent
    def floordiv(self, divisor: Any) -> Value:  return self // divisor

    def square(self) -> Value:       return _unary(SQUARE,      self, out := forward.square(self._data), rules.square_partial_x(self._data, out))
    def reciprocal(self) -> Value:   return _unary(RECIPROCAL,  self, out := forward.reciprocal(self._data), rules.reciprocal_partial_x(self._data, out))
    def sqrt(self) -> Value:         return _unary(SQRT,        self, out := forward.sqrt(self._data), rules.sqrt_partial_x(self._data, out))
    def cbrt(self) -> Value:         return _unary(CBRT,        self, out := forward.cbrt(self._data), rules.cbrt_partial_x(self._data, out))
    def exp(self) -> Value:          return _unary(EXP,         self, out := forward.exp(self._data), rules.exp_partial_x(self._data, out))
    def expm1(self) -> Value:        return _unary(EXPM1,       self, out := forward.expm1(self._data), rules.expm1_partial_x(self._data, out))
    def exp2(self) -> Value:         return _unary(EXP2,        self, out := forward.exp2(self._data), rules.exp2_partial_x(self._data, out))
    def log(self) -> Value:          return _unary(LOG,         self, out := forward.log(self._data), rules.log_partial_x(self._data, out))
    def log1p(self) -> Value:        return _unary(LOG1P,       self, out := forward.log1p(self._data), rules.log1p_partial_x(self._data, out))
    def log2(self) -> Value:         return _unary(LOG2,        self, out := forward.log2(self._data), rules.log2_partial_x(self._data, out))
    def log10(self) -> Value:        return _unary(LOG10,       self, out := forward.log10(self._data), rules.log10_partial_x(self._data, out))
    def sin(self) -> Value:          return _unary(SIN,         self, out := forward.sin(self._data), rules.sin_partial_x(self._data, out))
    def cos(self) -> Value:          return _unary(COS,         self, out := forward.cos(self._data), rules.cos_partial_x(self._data, out))
    def tan(self) -> Value:          return _unary(TAN,         self, out := forward.tan(self._data), rules.tan_partial_x(self._data, out))
    def sinc(self) -> Value:         return _unary(SINC,        self, out := forward.sinc(self._data), rules.sinc_partial_x(self._data, out))
    def asin(self) -> Value:         return _unary(ASIN,        self, out := forward.asin(self._data), rules.asin_partial_x(self._data, out))
    def acos(self) -> Value:         return _unary(ACOS,        self, out := forward.acos(self._data), rules.acos_partial_x(self._data, out))
    def atan(self) -> Value:         return _unary(ATAN,        self, out := forward.atan(self._data), rules.atan_partial_x(self._data, out))
    def sinh(self) -> Value:         return _unary(SINH,        self, out := forward.sinh(self._data), rules.sinh_partial_x(self._data, out))
    def cosh(self) -> Value:         return _unary(COSH,        self, out := forward.cosh(self._data), rules.cosh_partial_x(self._data, out))
    def tanh(self) -> Value:         return _unary(TANH,        self, out := forward.tanh(self._data), rules.tanh_partial_x(self._data, out))
    def asinh(self) -> Value:        return _unary(ASINH,       self, out := forward.asinh(self._data), rules.asinh_partial_x(self._data, out))
    def acosh(self) -> Value:        return _unary(ACOSH,       self, out := forward.acosh(self._data), rules.acosh_partial_x(self._data, out))
    def atanh(self) -> Value:        return _unary(ATANH,       self, out := forward.atanh(self._data), rules.atanh_partial_x(self._data, out))
    def erf(self) -> Value:          return _unary(ERF,         self, out := forward.erf(self._data), rules.erf_partial_x(self._data, out))
    def erfc(self) -> Value:         return _unary(ERFC,        self, out := forward.erfc(self._data), rules.erfc_partial_x(self._data, out))
    def gaussian(self) -> Value:     return _unary(GAUSSIAN,    self, out := forward.gaussian(self._data), rules.gaussian_partial_x(self._data, out))
    def normal_pdf(self) -> Value:   return _unary(NORMAL_PDF,  self, out := forward.normal_pdf(self._data), rules.normal_pdf_partial_x(self._data, out))
    def normal_cdf(self) -> Value:   return _unary(NORMAL_CDF,  self, out := forward.normal_cdf(self._data), rules.normal_cdf_partial_x(self._data, out))
    def relu(self) -> Value:         return _unary(RELU,        self, out := forward.relu(self._data), rules.relu_partial_x(self._data, out))
    def sigmoid(self) -> Value:      return _unary(SIGMOID,     self, out := forward.sigmoid(self._data), rules.sigmoid_partial_x(self._data, out))
    def softplus(self) -> Value:     return _unary(SOFTPLUS,    self, out := forward.softplus(self._data), rules.softplus_partial_x(self._data, out))
    def log_sigmoid(self) -> Value:  return _unary(LOG_SIGMOID, self, out := forward.log_sigmoid(self._data), rules.log_sigmoid_partial_x(self._data, out))
    def softsign(self) -> Value:     return _unary(SOFTSIGN,    self, out := forward.softsign(self._data), rules.softsign_partial_x(self._data, out))
    def silu(self) -> Value:         return _unary(SILU,        self, out := forward.silu(self._data), rules.silu_partial_x(self._data, out))
    def gelu(self) -> Value:         return _unary(GELU,        self, out := forward.gelu(self._data), rules.gelu_partial_x(self._data, out))
    def sign(self) -> Value:         return _unary(SIGN,        self, out := forward.sign(self._data), rules.flat_partial_x(self._data, out))
    def floor(self) -> Value:        return _unary(FLOOR,       self, out := forward.floor(self._data), rules.flat_partial_x(self._data, out))
    def ceil(self) -> Value:         return _unary(CEIL,        self, out := forward.ceil(self._data), rules.flat_partial_x(self._data, out))
    def trunc(self) -> Value:        return _unary(TRUNC,       self, out := forward.trunc(self._data), rules.flat_partial_x(self._data, out))
    def rint(self) -> Value:         return _unary(RINT,        self, out := forward.rint(self._data), rules.flat_partial_x(self._data, out))

    def atan2(self, x: Any) -> Value:         return _binary(ATAN2, self, v := operand_of(x, "atan2"), out := forward.atan2(self._data, v._data), rules.atan2_partial_y(self._data, v._data, out), rules.atan2_partial_x(self._data, v._data, out))
    def hypot(self, y: Any) -> Value:         return _binary(HYPOT, self, v := operand_of(y, "hypot"), out := forward.hypot(self._data, v._data), rules.hypot_partial_x(self._data, v._data, out), rules.hypot_partial_y(self._data, v._data, out))
    def logaddexp(self, y: Any) -> Value:     return _binary(LOGADDEXP, self, v := operand_of(y, "logaddexp"), out := forward.logaddexp(self._data, v._data), rules.logaddexp_partial_x(self._data, v._data, out), rules.logaddexp_partial_y(self._data, v._data, out))
    def leaky_relu(self, slope: Any = 0.01) -> Value: return _binary(LEAKY_RELU, self, v := operand_of(slope, "leaky_relu"), out := forward.leaky_relu(self._data, v._data), rules.leaky_relu_partial_x(self._data, v._data, out), rules.leaky_relu_partial_slope(self._data, v._data, out))
    def elu(self, alpha: Any = 1.0) -> Value: return _binary(ELU, self, v := operand_of(alpha, "elu"), out := forward.elu(self._data, v._data), rules.elu_partial_x(self._data, v._data, out), rules.elu_partial_alpha(self._data, v._data, out))

    # What derivatives are made of; not fast, and not needed by users.
    def _log_rate(self) -> Value: return _unary(LOG_RATE, self, out := forward.log_rate(self._data), rules.log_rate_partial_x(self._data, out))
    def _sigmoid_rate(self) -> Value: return _unary(SIGMOID_RATE, self, out := forward.sigmoid_rate(self._data), rules.sigmoid_rate_partial_x(self._data, out))
    def _one_minus_square(self) -> Value: return _unary(ONE_MINUS_SQUARE, self, out := forward.one_minus_square(self._data), rules.one_minus_square_partial_x(self._data, out))
    def _share(self, y: Any) -> Value:          return apply(SHARE, (self, operand_of(y, "share")))
    def _cosine(self, y: Any) -> Value:         return apply(COSINE, (self, operand_of(y, "cosine")))
    def _angle_rate(self, x: Any) -> Value:     return apply(ANGLE_RATE, (self, operand_of(x, "angle_rate")))
    def _power_rate(self, y: Any) -> Value:     return apply(POWER_RATE, (self, operand_of(y, "power_rate")))
    def _power_log(self, y: Any) -> Value:      return apply(POWER_LOG, (self, operand_of(y, "power_log")))
    def _strong_product(self, y: Any) -> Value: return apply(STRONG_PRODUCT, (self, operand_of(y, "strong_product")))
    def _above(self, y: Any) -> Value:          return apply(ABOVE, (self, operand_of(y, "above")))
    def _exceeds(self, y: Any) -> Value:        return apply(EXCEEDS, (self, operand_of(y, "exceeds")))
    def _at_least(self, bound: Any) -> Value:   return apply(AT_LEAST, (self, operand_of(bound, "at_least")))
    def _at_most(self, bound: Any) -> Value:    return apply(AT_MOST, (self, operand_of(bound, "at_most")))
    def _less(self, y: Any) -> Value:           return compared_node(LESS, self, operand_of(y, "less"))
    def _less_equal(self, y: Any) -> Value:     return compared_node(LESS_EQUAL, self, operand_of(y, "less_equal"))
    def _held(self) -> Value:                   return holding(self)

    # NumPy's ufuncs look for their own names on the elements of an object array.
    def arcsin(self) -> Value:  return self.asin()
    def arccos(self) -> Value:  return self.acos()
    def arctan(self) -> Value:  return self.atan()
    def arcsinh(self) -> Value: return self.asinh()
    def arccosh(self) -> Value: return self.acosh()
    def arctanh(self) -> Value: return self.atanh()
    def fabs(self) -> Value:    return abs(self)
    def arctan2(self, x: Any) -> Value: return self.atan2(x)
    def conjugate(self) -> Value: return self
    def deg2rad(self) -> Value: return self * DEGREE
    def rad2deg(self) -> Value: return self * RADIAN
    def radians(self) -> Value: return self * DEGREE
    def degrees(self) -> Value: return self * RADIAN
    def logaddexp2(self, y: Any) -> Value: return (self * LN2).logaddexp(operand_of(y, "logaddexp2") * LN2) / LN2
    # fmt: on

    def maximum(self, other: Any) -> Value:
        """The larger of the two. At a tie two Values share the gradient; a constant leaves none."""
        y = operand_of(other, "maximum")
        bounded = (self._flags | y._flags) & CONSTANT
        return apply(AT_LEAST if bounded else MAXIMUM, (y, self) if self.constant else (self, y))

    def minimum(self, other: Any) -> Value:
        """The smaller of the two. At a tie two Values share the gradient; a constant leaves none."""
        y = operand_of(other, "minimum")
        bounded = (self._flags | y._flags) & CONSTANT
        return apply(AT_MOST if bounded else MINIMUM, (y, self) if self.constant else (self, y))

    def clamp(self, low: Any, high: Any) -> Value:
        """min(max(self, low), high), so `high` if low > high; no gradient flows at the bounds."""
        return apply(CLAMP, (self, operand_of(low, "clamp"), operand_of(high, "clamp")))

    def where(self, x: Any, y: Any) -> Value:
        """x if this is not 0, else y: how a recorded comparison chooses."""
        return apply(WHERE, (self, operand_of(x, "where"), operand_of(y, "where")))

    def clip(self, min: Any = None, max: Any = None, out: Any = None) -> Any:
        """`clamp` by the name and with the arguments of NumPy's."""
        if out is not None:
            out[...] = self.clip(min, max)
            return out
        if min is None:
            return self if max is None else self.minimum(max)
        return self.maximum(min) if max is None else self.clamp(min, max)

    def fmod(self, y: Any) -> Value:
        """The remainder with the sign of this, as C and NumPy have it; `%` has the sign of y."""
        size = abs(operand_of(y, "fmod"))
        negative = operand_of(compared(LESS, self, constant_of(0.0)), "fmod")
        return apply(WHERE, (negative, -(-self % size), self % size))

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **keywords: Any) -> Any:
        """What NumPy's functions do: with Values and arrays of them, by this package's rules."""
        global _called
        if _called is None:  # NumPy has been imported by who asks for this
            from autograd_core.graph import value_array

            _called = value_array.called
        return _called(ufunc, method, inputs, keywords)

    # By data, like a float; comparisons of what is being recorded are recorded.

    # fmt: off
    def __lt__(self, other: Any) -> bool: return NotImplemented if (y := _operand(other)) is None else self._data < y._data if self._flags & y._flags & NUMERIC and not modes_on else compared(LESS, self, y)
    def __le__(self, other: Any) -> bool: return NotImplemented if (y := _operand(other)) is None else self._data <= y._data if self._flags & y._flags & NUMERIC and not modes_on else compared(LESS_EQUAL, self, y)
    def __gt__(self, other: Any) -> bool: return NotImplemented if (y := _operand(other)) is None else self._data > y._data if self._flags & y._flags & NUMERIC and not modes_on else compared(LESS, y, self)
    def __ge__(self, other: Any) -> bool: return NotImplemented if (y := _operand(other)) is None else self._data >= y._data if self._flags & y._flags & NUMERIC and not modes_on else compared(LESS_EQUAL, y, self)
    def __eq__(self, other: object) -> bool: return self is other or equal(self, other)
    def __ne__(self, other: object) -> bool: return not (self is other or equal(self, other))
    def __hash__(self) -> int:   return id(self) >> 4 if not self._flags & CONDITION else int(number_of(self, "hash()"))
    def __bool__(self) -> bool:  return number_of(self, "bool()") != 0
    def __float__(self) -> float: return taken(self, "float()")
    def __int__(self) -> int:    return int(number_of(self, "int()"))
    def __trunc__(self) -> int:  return int(number_of(self, "trunc()"))
    def __floor__(self) -> int:  return int(number_of(self, "floor()") // 1) if numbers.finite(self._data) else int(self._data)
    def __ceil__(self) -> int:   return -int(-number_of(self, "ceil()") // 1) if numbers.finite(self._data) else int(self._data)
    def __round__(self, digits: int | None = None) -> Any: return round(number_of(self, "round()"), digits)

    # Floats have these too.
    def is_integer(self) -> bool: return number_of(self, "is_integer()").is_integer()
    def as_integer_ratio(self) -> tuple[int, int]: return taken(self, "as_integer_ratio()").as_integer_ratio()
    def hex(self) -> str:         return number_of(self, "hex()").hex()
    def item(self) -> float:      return taken(self, "item()")
    @property
    def real(self) -> Value:      return self
    @property
    def imag(self) -> float:      return 0.0

    # Of recorded comparisons, as of the bools that they are outside a recording.
    def __and__(self, other: Any) -> Any: return NotImplemented if (y := beside(self, other)) is None else condition(self * y)
    def __or__(self, other: Any) -> Any:  return NotImplemented if (y := beside(self, other)) is None else condition(self.maximum(y))
    def __xor__(self, other: Any) -> Any: return NotImplemented if (y := beside(self, other)) is None else condition(abs(self - y))
    def __rand__(self, other: Any) -> Any: return NotImplemented if (y := beside(self, other)) is None else condition(y * self)
    def __ror__(self, other: Any) -> Any:  return NotImplemented if (y := beside(self, other)) is None else condition(y.maximum(self))
    def __rxor__(self, other: Any) -> Any: return NotImplemented if (y := beside(self, other)) is None else condition(abs(y - self))
    # fmt: on

    def __invert__(self) -> Value:
        """Where a recorded comparison does not hold. (Python's own ~True is -2, and so true.)"""
        if not self._flags & CONDITION:
            raise TypeError(f"bad operand type for unary ~: 'Value', got {self!r}")
        return condition(1.0 - self)

    def __str__(self) -> str:
        return repr(self) if not self._flags & CONDITION else str(number_of(self, "str()"))

    def __format__(self, specification: str) -> str:
        return format(number_of(self, "format()"), specification) if specification else str(self)

    def __repr__(self) -> str:
        name = "" if self._name is None else f", name={self._name!r}"
        if is_open(self):
            return f"Value(recorded{name})"
        return f"Value({self._data!r}, grad={self._grad!r}{name})"

    # Copies of whole graphs are another room's; the import waits until a copy is wanted, because
    # that room stands on this one.

    def __copy__(self) -> Value:
        from autograd_core.graph import copying

        taken(self, "a copy")
        return copying.copy_node(self)

    def __deepcopy__(self, memo: dict[int, Any]) -> Value:
        from autograd_core.graph import copying

        taken(self, "a copy")
        return copying.copy_graph(self, memo)

    def __reduce__(self) -> tuple[Any, ...]:
        from autograd_core.graph import copying

        taken(self, "a pickle")
        return copying.reduce(self)

    def __dealloc__(self) -> None:
        # Only the compiled type has this method called. Freeing a node frees its parents, theirs,
        # and so on: `for _ in range(10**7): x = x + 1` and then `del x` would overflow the C stack
        # and crash. CPython's own remedy writes into the collector's header, which this type has
        # not. So after a few levels the rest wait in line for the outermost call.
        global _depth
        if self._parents is not None:
            memory.release(self._locals)
        elif self._parent0 is None:
            return
        if _depth < DEEPEST:
            _depth += 1
            self._parent0 = None
            self._parent1 = None
            self._parents = None
            if _depth == 1:
                while _waiting:
                    _waiting.pop()
            _depth -= 1
        else:
            if self._parents is not None:
                _waiting.extend(self._parents)
            else:
                _waiting.append(self._parent0)
                self._parent0 = None
                if self._parent1 is not None:
                    _waiting.append(self._parent1)
                    self._parent1 = None


def clear(node, kind, data, flags):
    node._kind = kind
    node._flags = flags
    node._data = data
    if _STARTS_EMPTY:  # the compiled type starts with these already
        node._parent0 = None
        node._parent1 = None
        node._mark = 0
        node._local0 = 0.0
        node._local1 = 0.0
        node._grad = 0.0
        node._parents = None
        node._name = None
        node._origin = None


def constant_of(data: float) -> Value:
    """A node through which no gradient flows."""
    node = Value.__new__(Value)
    clear(node, LEAF, data, INHERITED)
    return node


def leaf_of(data, name):
    """What `Value(data, name)` makes of a number and a string, or None."""
    node = Value.__new__(Value)
    clear(node, LEAF, data, LEAF_FLAGS)
    if name is not None:
        node._name = name
    return node


def recording_leaf(data: float) -> Value:
    """A leaf that stands for an argument of a program, and holds an example of it."""
    node = Value.__new__(Value)
    clear(node, LEAF, data, 0)
    return node


def holding(x):
    """What `detach()` gives while x is being recorded: its number, and nothing flows back."""
    node = Value.__new__(Value)
    clear(node, HELD, x._data, CONSTANT)
    node._parent0 = x
    return node


def compared(kind, x, y):
    """A comparison in some mode: by data, unless a side has its number only at replay."""
    if is_open(x) or is_open(y):
        return compared_node(kind, x, y)
    return x._data < y._data if kind == LESS else x._data <= y._data


def compared_node(kind, x, y):
    """A comparison as a node: recorded, or a constant."""
    return condition(apply(kind, (x, y)))


def condition(node):
    """A new node, 1 or 0: to choose by, and not differentiated."""
    node._flags = CONSTANT | CONDITION if is_open(node) else INHERITED
    return node


def beside(x, other):
    """`other` as a second condition: one that is recorded too, or a bool; None if either is none."""
    if not x._flags & CONDITION:
        return None
    if type(other) is Value:
        node = other
        return node if node._flags & CONDITION else None
    truth = numbers.truth(other)
    return None if truth is None else constant_of(truth)


def equal(x, other):
    """`==` of two things that are not one: never, but of what is being recorded nobody knows yet."""
    if type(other) is Value:
        node = other
        if not x._flags & node._flags & NUMERIC:
            number_of(node if x._flags & NUMERIC else x, EQUALITY)
    elif (modes_on or not x._flags & NUMERIC) and numbers.comparable(other):
        number_of(x, EQUALITY)
    return False


def is_open(node):
    """Whether its number may be another one at replay: it is recorded, or would be captured."""
    if not node._flags & NUMERIC:
        return True
    return modes_on and not node._flags & CONSTANT and switched(records, False)


def number_of(node, asked):
    """The node's number, or RecordingError: a branch taken on an example would be replayed wrong."""
    if (modes_on or not node._flags & NUMERIC) and is_open(node):
        raise RecordingError(
            f"{asked} of a Value that is being recorded: it has a number only when the program is "
            "called, so nothing may depend on one now. Choose by where(condition, x, y), maximum, "
            "minimum or clamp, round by .rint(), .floor() or .ceil(), and sort or print outside "
            "the recorded function"
        )
    return node._data


def taken(node, asked):
    """The node's number for good: refused where a derivative would be lost with it."""
    number = number_of(node, asked)
    if not node._flags & APART and switched(builds_graph, True) and is_differentiated(node):
        raise GraphError(
            f"{asked} of a Value that a function is being differentiated by: the derivative would be "
            "lost with the number. Compute with the Value, by this package's functions or NumPy's "
            "(sin for math.sin, a list or numpy.empty(n, dtype=object) for an array of floats); "
            "where no derivative is meant, say so with .data, .detach() or no_grad()"
        )
    return number


def is_differentiated(node):
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


def _operand(other):
    """`other` as a node: itself, or a constant of a number; None if it is neither."""
    if type(other) is Value:
        return other
    if type(other) is float:
        return constant_of(other)
    if type(other) is int:
        try:
            return constant_of(float(other))
        except OverflowError:
            pass  # beyond the doubles
    number = numbers.foreign(other)
    return None if number is None else constant_of(number)


def operand_of(other: Any, function: str) -> Value:
    """The second operand of a method, for which there is no other side to ask."""
    node = _operand(other)
    if node is None:
        raise numbers.refusal(other, f"{function}()")
    return node


def _unary(kind, x, out, partial):
    node = Value.__new__(Value)
    clear(node, kind, out, x._flags & INHERITED)
    node._parent0 = x
    if not x._flags & CONSTANT:
        node._local0 = partial
    return finished(node) if modes_on else node


def _binary(kind, x, y, out, partial_x, partial_y):
    node = Value.__new__(Value)
    clear(node, kind, out, x._flags & y._flags & INHERITED)
    node._parent0 = x
    node._parent1 = y
    if not x._flags & CONSTANT:
        node._local0 = partial_x
    if not y._flags & CONSTANT:
        node._local1 = partial_y
    return finished(node) if modes_on else node


def finished(node):
    """A new node under the modes of its thread."""
    if not switched(builds_graph, True):
        return holding(node) if is_open(node) else constant_of(node._data)
    if switched(detects_anomalies, False):
        node._origin = anomaly.user_line()
        if not is_open(node):  # a recorded one has a number only at replay
            anomaly.check_forward(node)
    return node


def apply(kind: int, operands: tuple[Value, ...]) -> Value:
    """The node that the row `kind` of the table makes of its operands, by the row alone."""
    row = primitives.ROWS[kind]
    numbers_in = [operand._data for operand in operands]
    out = row.forward(*numbers_in)  # type: ignore[union-attr]
    partials = row.partials_at(numbers_in, out)  # type: ignore[union-attr]
    if len(operands) == 1 and row.arity == 1:  # type: ignore[union-attr]
        return _unary(kind, operands[0], out, partials[0])
    if len(operands) == 2 and row.arity == 2:  # type: ignore[union-attr]
        return _binary(kind, operands[0], operands[1], out, partials[0], partials[1])
    node = variadic(kind, operands, out)
    for index in range(len(operands)):
        operand = operands[index]
        if not operand._flags & CONSTANT:
            node._locals[index] = partials[index]
    return finished(node) if modes_on else node


def variadic(kind, operands, out):
    node = Value.__new__(Value)
    flags = INHERITED
    for operand in operands:
        flags &= operand._flags
        if flags == 0:
            break
    clear(node, kind, out, flags)
    node._locals = memory.doubles(len(operands))
    node._parents = operands
    return node


def _refuse_subclass(cls: type) -> None:
    raise TypeError(
        f"{cls.__name__} cannot derive from Value, which is final: hold a Value in your class instead, "
        "and declare operations of your own with @primitive"
    )


_STARTS_EMPTY = isinstance(apply, FunctionType)  # a plain object has no fields until they are set
memory.ask_before_deriving(Value, classmethod(_refuse_subclass))
memory.make_at_once(Value, leaf_of)
if _STARTS_EMPTY:
    modes_on = set()  # of weak references to the switches
