"""What NumPy's functions make of Values, and of arrays of them.

On an array of objects NumPy calls the method that has the function's name on each element. A few
functions it answers by comparing the elements (`maximum`, `clip`: another derivative at a tie, a
NaN hidden), by Python's whole numbers (`floor`, `sign`) or not at all (`logaddexp`, `isnan`), and
numbers beside Values have no methods (`exp(where(c, x, 0.0))`, `hypot(1.0, x)`). Here these follow
this package's rules, element by element; all others are left to NumPy. The arrays that
functions are differentiated and recorded by are of the class below, and so is what is computed from
them. Of a plain array or a list of Values NumPy asks nobody.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from typing import Any

import numpy

from autograd_core.graph import functions, numbers
from autograd_core.graph.nodes.making import constant_of
from autograd_core.graph.value import Value

__all__ = ["ValueArray", "called"]


class ValueArray(numpy.ndarray[Any, Any]):
    """An array of Values on which NumPy's functions follow this package's rules."""

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **keywords: Any) -> Any:
        return called(ufunc, method, inputs, keywords)

    def __array_function__(self, function: Any, types: Any, arguments: Any, keywords: Any) -> Any:
        return _kept(super().__array_function__(function, types, arguments, keywords))

    # Compared as numbers, NaN last: as objects, one NaN would leave the rest in any order.

    def argsort(self, *arguments: Any, **keywords: Any) -> Any:
        return _numbers(self).argsort(*arguments, **keywords)

    def argmax(self, *arguments: Any, **keywords: Any) -> Any:
        return _numbers(self).argmax(*arguments, **keywords)

    def argmin(self, *arguments: Any, **keywords: Any) -> Any:
        return _numbers(self).argmin(*arguments, **keywords)

    def sort(self, axis: Any = -1, *arguments: Any, **keywords: Any) -> None:
        order = self.argsort(axis, *arguments, **keywords)
        self[...] = numpy.take_along_axis(_plain(self), order, axis)

    def partition(self, kth: Any, axis: Any = -1, *arguments: Any, **keywords: Any) -> None:
        self.sort(axis)  # which puts every one of them where it belongs


def called(ufunc: Any, method: str, inputs: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    """What a universal function of NumPy's gives where an operand is a Value or an array of them.

    What another library's arrays make of a Value is left to them.
    """
    of_values = _OF_VALUES.get(ufunc)
    if of_values is not None and not keywords and method == "__call__":
        for operand in inputs:
            if not isinstance(operand, _SCALARS):
                break
        else:
            return of_values(*map(_value, inputs))
    if not all(map(_known, inputs)):
        return NotImplemented
    if "out" in keywords:
        keywords["out"] = tuple(map(_plain, keywords["out"]))
    function = getattr(_ELEMENT_BY_ELEMENT.get(ufunc.__name__, ufunc), method)
    with numpy.errstate(all="ignore"):  # arithmetic with Values is silent about infinities and NaN
        result = function(*map(_plain, inputs), **keywords)
    if ufunc.__name__ in _ASKED:
        return numpy.asarray(result, dtype=bool) if numpy.ndim(result) else result
    return tuple(map(_kept, result)) if isinstance(result, tuple) else _kept(result)


def _known(operand: Any) -> bool:
    theirs = getattr(type(operand), "__array_ufunc__", None)
    known = (None, Value.__array_ufunc__, ValueArray.__array_ufunc__, numpy.ndarray.__array_ufunc__)
    return theirs in known or isinstance(operand, numpy.generic)


def _plain(operand: Any) -> Any:
    """An operand of which NumPy asks nobody."""
    if type(operand) is Value:
        return numpy.array(operand, dtype=object)
    return operand.view(numpy.ndarray) if isinstance(operand, ValueArray) else operand


def _kept(result: Any) -> Any:
    holds_values = type(result) is numpy.ndarray and result.dtype == object
    return result.view(ValueArray) if holds_values else result


def _number(x: Any) -> Any:
    return x.data if type(x) is Value else x


def _numbers(array: Any) -> Any:
    return numpy.array([_number(x) for x in array.flat], dtype=float).reshape(array.shape)


def _fmax(x: Any, y: Any) -> Any:
    """The larger of the two that is a number."""
    return y if math.isnan(_number(x)) else x if math.isnan(_number(y)) else functions.maximum(x, y)


def _fmin(x: Any, y: Any) -> Any:
    return y if math.isnan(_number(x)) else x if math.isnan(_number(y)) else functions.minimum(x, y)


def _copysign(x: Any, y: Any) -> Any:
    return functions.abs(x) * math.copysign(1.0, _number(y))


def _heaviside(x: Any, at_zero: Any) -> Any:
    """0 below zero, 1 above, NaN for NaN."""
    return functions.where(
        x < 0, 0.0, functions.where(x > 0, 1.0, functions.where(x <= 0, at_zero, math.nan))
    )


def _method(name: str) -> Callable[..., Any]:
    """The method that NumPy calls, also of numbers."""
    method = getattr(Value, name)
    return lambda x, *others: method(_value(x), *others)


_ASKED: dict[str, Callable[[Any], bool]] = {
    "isnan": lambda x: math.isnan(_number(x)),
    "isinf": lambda x: math.isinf(_number(x)),
    "isfinite": lambda x: math.isfinite(_number(x)),
    "signbit": lambda x: math.copysign(1.0, _number(x)) < 0,
}
_METHODS = (
    "sqrt cbrt exp exp2 expm1 log log2 log10 log1p sin cos tan sinh cosh tanh arcsin arccos arctan "
    "arcsinh arccosh arctanh deg2rad radians rad2deg degrees fabs rint"
)
_OURS: dict[str, tuple[Callable[..., Any], int]] = {
    "maximum": (functions.maximum, 2),
    "minimum": (functions.minimum, 2),
    "fmax": (_fmax, 2),
    "fmin": (_fmin, 2),
    "clip": (functions.clamp, 3),
    "sign": (functions.sign, 1),
    "floor": (functions.floor, 1),
    "ceil": (functions.ceil, 1),
    "trunc": (functions.trunc, 1),
    "logaddexp": (functions.logaddexp, 2),
    "logaddexp2": (lambda x, y: _value(x).logaddexp2(y), 2),
    "fmod": (lambda x, y: _value(x).fmod(y), 2),
    "float_power": (functions.pow, 2),
    "copysign": (_copysign, 2),
    "heaviside": (_heaviside, 2),
    **{name: (asked, 1) for name, asked in _ASKED.items()},
    **{name: (_method(name), 2) for name in ("hypot", "arctan2")},
    **{name: (_method(name), 1) for name in _METHODS.split()},
}
# Reductions along several axes at once need identity=None: that any order will do.
_ELEMENT_BY_ELEMENT = {
    name: numpy.frompyfunc(function, operands, 1, identity=None)
    for name, (function, operands) in _OURS.items()
}
# One number beside a Value, as in numpy.float64(2.0) * x, needs no arrays.
_SCALARS = (Value, float, int, numpy.number)
_OF_VALUES: dict[Any, Callable[..., Any]] = {
    numpy.add: operator.add,
    numpy.subtract: operator.sub,
    numpy.multiply: operator.mul,
    numpy.divide: operator.truediv,
    numpy.power: operator.pow,
    numpy.less: operator.lt,
    numpy.less_equal: operator.le,
    numpy.greater: operator.gt,
    numpy.greater_equal: operator.ge,
    **{getattr(numpy, name): _OURS[name][0] for name in ("maximum", "minimum", "sign", "floor")},
}


def _value(x: Any) -> Value:
    return x if type(x) is Value else constant_of(numbers.real(x, "Value arithmetic"))
