"""The rows as functions of NumPy arrays, to the bits of the forward functions.

What IEEE 754 says to the last bit (+ - * / √, comparisons, selections, whole numbers) NumPy
computes over whole arrays; every other row goes through its `forward`, number by number, the one
implementation that every tier shares. This room owns neither programs nor formulas: what an array
function does differently from `forward` is a defect of it.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy

from autograd_core.primitives import PRIMITIVES, ROWS, kind_of
from autograd_core.program.code import Floats

__all__ = ["array_function"]

ArrayFunction = Callable[..., Floats]


def _maximum(x: Floats, y: Floats) -> Floats:
    return numpy.where((x >= y) | (x != x), x, y)


def _minimum(x: Floats, y: Floats) -> Floats:
    return numpy.where((x <= y) | (x != x), x, y)


def _exceeds(x: Floats, y: Floats) -> Floats:
    part = numpy.where(x == y, 0.5, numpy.nan)
    return numpy.where(x > y, 1.0, numpy.where(x < y, 0.0, part))


def _sum(*operands: Floats) -> Floats:
    total = numpy.zeros(())
    for operand in operands:
        total = total + operand
    return total


def _dot(start: Floats, *pairs: Floats) -> Floats:
    total = start
    for weight, x in zip(pairs[::2], pairs[1::2], strict=True):
        total = total + weight * x
    return total


def _strong_product(x: Floats, y: Floats) -> Floats:
    return numpy.where(x == 0, 0.0, x * y)


def _strong_dot(*pairs: Floats) -> Floats:
    total = numpy.zeros(())
    for cotangent, partial in zip(pairs[::2], pairs[1::2], strict=True):
        total = total + _strong_product(cotangent, partial)
    return total


BY_ARRAYS: dict[str, ArrayFunction] = {
    "add": numpy.add,
    "sub": numpy.subtract,
    "mul": numpy.multiply,
    "div": numpy.divide,
    "neg": numpy.negative,
    "abs": numpy.fabs,
    "square": lambda x: x * x,
    "reciprocal": lambda x: 1.0 / x,
    "sqrt": numpy.sqrt,
    "floor": numpy.floor,
    "ceil": numpy.ceil,
    "trunc": numpy.trunc,
    "rint": numpy.rint,
    "relu": lambda x: numpy.where(x <= 0, 0.0, x),
    "leaky_relu": lambda x, slope: numpy.where(x > 0, x, slope * x),
    "sign": lambda x: numpy.where(x > 0, 1.0, numpy.where(x < 0, -1.0, x)),
    "maximum": _maximum,
    "minimum": _minimum,
    "at_least": _maximum,
    "at_most": _minimum,
    "clamp": lambda x, low, high: _minimum(_maximum(x, low), high),
    "above": lambda x, y: numpy.where(x > y, 1.0, numpy.where(x <= y, 0.0, numpy.nan)),
    "exceeds": _exceeds,
    "less": lambda x, y: numpy.where(x < y, 1.0, 0.0),
    "less_equal": lambda x, y: numpy.where(x <= y, 1.0, 0.0),
    "held": lambda x: x,
    "where": lambda condition, x, y: numpy.where(condition != 0, x, y),
    "log_rate": lambda x: numpy.where(x >= 0, 1.0 / x, numpy.nan),
    "sum": _sum,
    "dot": _dot,
    "strong_product": _strong_product,
    "strong_dot": _strong_dot,
}
"""Of the rows whose every step IEEE 754 rounds in one way; by name, for no other row has it."""

_OWN = {kind_of(name): PRIMITIVES[name] for name in BY_ARRAYS}


def array_function(kind: int) -> ArrayFunction:
    """A row's function over arrays that broadcast; NumPy's warnings are the caller's to silence.

    An exception from a user's own function propagates.
    """
    row = ROWS[kind]
    if row is None:
        raise ValueError(f"row {kind} is that of leaves, which compute nothing")
    if _OWN.get(kind) is row:
        return BY_ARRAYS[row.name]
    forward = row.forward

    def number_by_number(*operands: Floats) -> Floats:
        if len(operands) == 1:
            (x,) = operands
            return numpy.array(list(map(forward, x.ravel().tolist())), numpy.float64).reshape(
                x.shape
            )
        together = numpy.broadcast_arrays(*operands)
        columns = [operand.ravel().tolist() for operand in together]
        shape = together[0].shape if together else ()
        results = list(map(forward, *columns)) if columns else [forward()]
        return numpy.array(results, numpy.float64).reshape(shape)

    return number_by_number
