"""Every primitive as a function of a module: `sin(x)` as well as `x.sin()`.

A Value gives a Value; a plain number gives the number, computed by the same table, so code written
with these functions runs on floats too. Nothing is computed here.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Protocol, overload

from autograd_core import primitives
from autograd_core.given import listed
from autograd_core.graph import numbers, sums
from autograd_core.graph.nodes.making import constant_of
from autograd_core.graph.value import Value

Number = float | Value


class Unary(Protocol):
    """A function of one number or Value."""

    @overload
    def __call__(self, x: Value, /) -> Value: ...
    @overload
    def __call__(self, x: float, /) -> float: ...


class Binary(Protocol):
    """A function of two numbers or Values."""

    @overload
    def __call__(self, x: Value, y: Number, /) -> Value: ...
    @overload
    def __call__(self, x: Number, y: Value, /) -> Value: ...
    @overload
    def __call__(self, x: float, y: float, /) -> float: ...


def _unary(name: str) -> Unary:
    row = primitives.PRIMITIVES[name]
    of_number, of_value = row.forward, getattr(Value, name)

    def function(x: Any, /) -> Any:
        if type(x) is Value:
            return of_value(x)
        if type(x) is float:
            return of_number(x)
        alone = numbers.element(x)
        return of_value(alone) if type(alone) is Value else of_number(numbers.real(alone, called))

    called = f"{name}()"
    return _documented(function, name)  # type: ignore[no-any-return]


def _binary(name: str, sign: Callable[[Any, Any], Any] | None = None) -> Binary:
    row = primitives.PRIMITIVES[name]
    of_numbers, of_values = row.forward, sign or getattr(Value, name)

    def function(x: Any, y: Any, /) -> Any:
        if type(x) is not Value and type(x) is not float:
            x = numbers.element(x)
        if type(y) is not Value and type(y) is not float:
            y = numbers.element(y)
        if type(x) is not Value:
            x = x if type(x) is float else numbers.real(x, called)
            if type(y) is not Value:
                return of_numbers(x, y if type(y) is float else numbers.real(y, called))
            if sign is None:
                x = constant_of(x)
        return of_values(x, y)

    called = f"{name}()"
    return _documented(function, name)  # type: ignore[no-any-return]


def _documented(function: Any, name: str) -> Any:
    row = primitives.PRIMITIVES[name]
    function.__name__ = function.__qualname__ = name
    function.__doc__ = f"{name}({', '.join(row.operands)}) of Values or numbers."
    if row.convention:
        function.__doc__ += f" Gradient: {row.convention}."
    return function


exp: Unary = _unary("exp")
expm1: Unary = _unary("expm1")
exp2: Unary = _unary("exp2")
log: Unary = _unary("log")
log1p: Unary = _unary("log1p")
log2: Unary = _unary("log2")
log10: Unary = _unary("log10")
sqrt: Unary = _unary("sqrt")
cbrt: Unary = _unary("cbrt")
square: Unary = _unary("square")
reciprocal: Unary = _unary("reciprocal")
sin: Unary = _unary("sin")
cos: Unary = _unary("cos")
tan: Unary = _unary("tan")
sinc: Unary = _unary("sinc")
asin: Unary = _unary("asin")
acos: Unary = _unary("acos")
atan: Unary = _unary("atan")
sinh: Unary = _unary("sinh")
cosh: Unary = _unary("cosh")
tanh: Unary = _unary("tanh")
asinh: Unary = _unary("asinh")
acosh: Unary = _unary("acosh")
atanh: Unary = _unary("atanh")
erf: Unary = _unary("erf")
erfc: Unary = _unary("erfc")
gaussian: Unary = _unary("gaussian")
normal_pdf: Unary = _unary("normal_pdf")
normal_cdf: Unary = _unary("normal_cdf")
relu: Unary = _unary("relu")
sigmoid: Unary = _unary("sigmoid")
softplus: Unary = _unary("softplus")
log_sigmoid: Unary = _unary("log_sigmoid")
softsign: Unary = _unary("softsign")
silu: Unary = _unary("silu")
gelu: Unary = _unary("gelu")
neg: Unary = _unary("neg")
abs: Unary = _unary("abs")
sign: Unary = _unary("sign")
floor: Unary = _unary("floor")
ceil: Unary = _unary("ceil")
trunc: Unary = _unary("trunc")
rint: Unary = _unary("rint")

add: Binary = _binary("add", operator.add)
sub: Binary = _binary("sub", operator.sub)
mul: Binary = _binary("mul", operator.mul)
div: Binary = _binary("div", operator.truediv)
mod: Binary = _binary("mod", operator.mod)
floordiv: Binary = _binary("floordiv", operator.floordiv)
pow: Binary = _binary("pow", operator.pow)
hypot: Binary = _binary("hypot")
atan2: Binary = _binary("atan2")
logaddexp: Binary = _binary("logaddexp")
maximum: Binary = _binary("maximum")
minimum: Binary = _binary("minimum")


def leaky_relu(x: Any, slope: Any = 0.01) -> Any:
    """x where x > 0, else slope · x."""
    return _leaky_relu(x, slope)


def elu(x: Any, alpha: Any = 1.0) -> Any:
    """x where x > 0, else alpha · (eˣ - 1)."""
    return _elu(x, alpha)


_clamp, _where = (primitives.PRIMITIVES[name].forward for name in ("clamp", "where"))
_leaky_relu = _binary("leaky_relu")
_elu = _binary("elu")


def clamp(x: Any, low: Any, high: Any) -> Any:
    """min(max(x, low), high): the number nearest to x within [low, high]; `high` if low > high."""
    if type(x) is Value:
        return x.clamp(low, high)
    number = numbers.real(x, "clamp()")
    if type(low) is Value or type(high) is Value:
        return constant_of(number).clamp(low, high)
    return _clamp(number, numbers.real(low, "clamp()"), numbers.real(high, "clamp()"))


def where(condition: Any, x: Any, y: Any) -> Any:
    """x if the condition holds, else y; nothing flows back to the branch not taken.

    While a function is being recorded the condition is too, and the program chooses anew each call.

    >>> x = Value(-1.0)
    >>> y = where(x > 0, x.log(), 0.0)
    >>> y.backward(); y.data, x.grad
    (0.0, 0.0)
    """
    if type(condition) is Value and condition.recorded:
        return condition.where(x, y)
    if type(condition) is int and condition in (-1, -2):
        raise TypeError(
            f"where() takes a condition, got {condition}, which is Python's ~ of a bool and true "
            "whatever the bool is: write 1 - condition, which a recording takes too"
        )
    if type(condition) is not Value and type(condition) is not bool:
        numbers.real(condition, "the condition of where()")
    holds = 1.0 if condition else 0.0
    if type(x) is Value or type(y) is Value or type(condition) is Value:
        return constant_of(holds).where(x, y)
    return _where(holds, numbers.real(x, "where()"), numbers.real(y, "where()"))


def sum(values: Iterable[Any], start: Any = 0.0) -> Any:
    """start + v₀ + v₁ + … as one node, equal to the chain of additions to the last bit.

    >>> x, y = Value(1.0), Value(2.0)
    >>> total = sum([x, y, 3.0])
    >>> total.data, len(total.parents)
    (6.0, 3)
    """
    given = values if type(values) is list else listed(values, "sum()'s terms", "in a list")
    total = sums.sum_of(given, start)
    return total if not total.constant or _any_value([start, *given]) else total.data


def dot(weights: Sequence[Any], inputs: Sequence[Any], start: Any = 0.0) -> Any:
    """start + w₀ x₀ + w₁ x₁ + … as one node, equal to the chain to the last bit.

    Raises ValueError if there are not as many weights as inputs.

    >>> w = [Value(2.0), Value(-1.0)]
    >>> neuron = dot(w, [3.0, 4.0], start=0.5)
    >>> neuron.backward(); neuron.data, w[0].grad, w[1].grad
    (2.5, 3.0, 4.0)
    """
    product = sums.dot(weights, inputs, start)
    if product.constant and not _any_value([start, *weights, *inputs]):
        return product.data
    return product


def _any_value(operands: Iterable[Any]) -> bool:
    return any(type(operand) is Value for operand in operands)


__all__ = [name for name, row in primitives.PRIMITIVES.items() if row.public and name in globals()]
