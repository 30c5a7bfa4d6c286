"""The rows as functions of NumPy arrays, to the bits of the forward functions.

What IEEE 754 says to the last bit (+ - * / √, comparisons, selections, whole numbers) NumPy
computes over whole arrays; every other row goes through its `forward`, number by number, the one
implementation that every tier shares. Dot products are the back end's own. This room owns neither
programs nor formulas: what an array function does differently from `forward` is a defect of it.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy

from autograd_core.primitives import PRIMITIVES, ROWS, kind_of
from autograd_core.program.code.flat import Floats

__all__ = ["array_function", "strong_product"]

ArrayFunction = Callable[..., Floats]


def _maximum(x: Floats, y: Floats) -> Floats:
    return numpy.where((x >= y) | (x != x), x, y)


def _minimum(x: Floats, y: Floats) -> Floats:
    return numpy.where((x <= y) | (x != x), x, y)


def _exceeds(x: Floats, y: Floats) -> Floats:
    tied = numpy.where(x == y, 0.5, numpy.nan)
    return numpy.where(x > y, 1.0, numpy.where(x < y, 0.0, tied))


def _where(condition: Floats, x: Floats, y: Floats) -> Floats:
    return numpy.where(condition != 0, x, y)


def strong_product(x: Floats, y: Floats) -> Floats:
    product = x * y
    lost = product != product
    if lost.any():
        numpy.copyto(product, 0.0, where=lost & ((x == 0) | (y == 0)))
    return product


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
    "where": _where,
    "one_minus_square": lambda x: (1.0 - x) * (1.0 + x),
    "log_rate": lambda x: numpy.where(x >= 0, 1.0 / x, numpy.nan),
    "strong_product": strong_product,
}
"""The rows whose every step IEEE 754 rounds in one way, by name."""

_OWN = {kind_of(name): PRIMITIVES[name] for name in BY_ARRAYS}


def array_function(kind: int) -> ArrayFunction:
    """A row's function of arrays that broadcast; NumPy's warnings are the caller's to silence.

    An exception from a user's own function propagates.
    """
    row = ROWS[kind]
    if row is None:
        raise ValueError(f"row {kind} is that of leaves, which compute nothing")
    if _OWN.get(kind) is row:
        return BY_ARRAYS[row.name]
    forward = row.forward

    def number_by_number(*operands: Floats) -> Floats:
        if not operands:
            return numpy.array(forward(), dtype=numpy.float64)
        together = numpy.broadcast_arrays(*operands)
        columns = [operand.ravel().tolist() for operand in together]
        numbers = list(map(forward, *columns))
        return numpy.array(numbers, dtype=numpy.float64).reshape(together[0].shape)

    return number_by_number
