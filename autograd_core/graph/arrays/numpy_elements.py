"""What NumPy's universal functions make of one element of an array, Values and numbers alike.

The tables here are asked by the function's name; a function that none of them has is NumPy's own,
which calls the method of that name.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from typing import Any

import numpy

from autograd_core.graph import functions, numbers
from autograd_core.graph.arrays.numpy_functions import data_of
from autograd_core.graph.nodes.making import constant_of
from autograd_core.graph.value import Value

__all__ = [
    "ANSWERS",
    "COMPARISONS",
    "ELEMENT_BY_ELEMENT",
    "OF_NOTHING",
    "OF_VALUES",
    "OURS",
    "PAIRS",
    "chosen",
    "value_of",
]


def _is_nan(x: Any) -> bool:
    return isinstance(number := data_of(x), float) and math.isnan(number)


def _fmax(x: Any, y: Any) -> Any:
    """The larger of the two that is a number."""
    return y if math.isnan(data_of(x)) else x if math.isnan(data_of(y)) else functions.maximum(x, y)


def _fmin(x: Any, y: Any) -> Any:
    return y if math.isnan(data_of(x)) else x if math.isnan(data_of(y)) else functions.minimum(x, y)


def _copysign(x: Any, y: Any) -> Any:
    return functions.abs(x) * math.copysign(1.0, data_of(y))


def _heaviside(x: Any, at_zero: Any) -> Any:
    """0 below zero, 1 above, NaN for NaN."""
    return functions.where(
        x < 0, 0.0, functions.where(x > 0, 1.0, functions.where(x <= 0, at_zero, math.nan))
    )


def _method(name: str) -> Callable[..., Any]:
    """The method that NumPy calls, also of numbers."""
    method = getattr(Value, name)
    return lambda x, *others: method(value_of(x), *others)


_ASKED: dict[str, Callable[[Any], bool]] = {
    "isnan": lambda x: math.isnan(data_of(x)),
    "isinf": lambda x: math.isinf(data_of(x)),
    "isfinite": lambda x: math.isfinite(data_of(x)),
    "signbit": lambda x: math.copysign(1.0, data_of(x)) < 0,
    "logical_not": lambda x: not data_of(x),
}
_ASKED_OF_TWO: dict[str, Callable[[Any, Any], bool]] = {
    "logical_and": lambda x, y: bool(data_of(x) and data_of(y)),
    "logical_or": lambda x, y: bool(data_of(x) or data_of(y)),
    "logical_xor": lambda x, y: bool(data_of(x)) != bool(data_of(y)),
}
ANSWERS = _ASKED | _ASKED_OF_TWO
COMPARISONS: dict[str, Callable[[Any, Any], Any]] = {
    "less": operator.lt,
    "less_equal": operator.le,
    "greater": operator.gt,
    "greater_equal": operator.ge,
    # One NaN is another one, though it be the same Value: nansum and its kin look for it so.
    "equal": lambda x, y: bool(x == y) and not _is_nan(x),
    "not_equal": lambda x, y: bool(x != y) or _is_nan(x),
}
_METHODS = (
    "sqrt cbrt exp exp2 expm1 log log2 log10 log1p sin cos tan sinh cosh tanh arcsin arccos arctan "
    "arcsinh arccosh arctanh deg2rad radians rad2deg degrees fabs rint"
)
OURS: dict[str, tuple[Callable[..., Any], int]] = {
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
    "logaddexp2": (lambda x, y: value_of(x).logaddexp2(y), 2),
    "fmod": (lambda x, y: value_of(x).fmod(y), 2),
    "float_power": (functions.pow, 2),
    "copysign": (_copysign, 2),
    "heaviside": (_heaviside, 2),
    "ldexp": (lambda x, power: value_of(x) * 2.0**power, 2),
    **{name: (asked, 1) for name, asked in _ASKED.items()},
    **{name: (asked, 2) for name, asked in _ASKED_OF_TWO.items()},
    **{name: (_method(name), 2) for name in ("hypot", "arctan2")},
    **{name: (_method(name), 1) for name in _METHODS.split()},
}
PAIRS: dict[str, tuple[Callable[..., Any], int]] = {
    "divmod": (lambda x, y: divmod(value_of(x), y), 2),
    "modf": (lambda x: (x - functions.trunc(x), functions.trunc(x)), 1),
}
OF_NOTHING = {"add": 0.0, "multiply": 1.0}  # among objects NumPy knows of no such number
# Reductions along several axes at once need identity=None: that any order will do.
ELEMENT_BY_ELEMENT = {
    name: numpy.frompyfunc(function, operands, 1, identity=None)
    for name, (function, operands) in OURS.items()
} | {name: numpy.frompyfunc(compared, 2, 1) for name, compared in COMPARISONS.items()}
ELEMENT_BY_ELEMENT |= {
    name: numpy.frompyfunc(function, operands, 2) for name, (function, operands) in PAIRS.items()
}
chosen = numpy.frompyfunc(functions.where, 3, 1)
# One number beside a Value, as in numpy.float64(2.0) * x, needs no arrays.
OF_VALUES: dict[Any, Callable[..., Any]] = {
    numpy.add: operator.add,
    numpy.subtract: operator.sub,
    numpy.multiply: operator.mul,
    numpy.divide: operator.truediv,
    numpy.power: operator.pow,
    numpy.less: operator.lt,
    numpy.less_equal: operator.le,
    numpy.greater: operator.gt,
    numpy.greater_equal: operator.ge,
    **{getattr(numpy, name): ours for name, (ours, _) in OURS.items() if name != "clip"},
}


def value_of(x: Any) -> Value:
    if type(x) is Value:
        return x
    if isinstance(x, float):
        return constant_of(x)
    number = x[()] if type(x) is numpy.ndarray else x
    return constant_of(numbers.real(number, "Value arithmetic"))
