"""C99's exact functions for plain Python: the same bits, and never an exception.

Where the package is compiled, `libm.pxd` beside this file binds the same names to the C library
and this module is not used. Python's `math` calls that library too, but raises `ValueError` or
`OverflowError` where C returns NaN or an infinity; here the C answer comes back. What a library
rounds in its own way is not taken from it: such functions are our own, in the modules beside.
"""

from __future__ import annotations

import math
from collections.abc import Callable

__all__ = [
    "ceil",
    "copysign",
    "fabs",
    "floor",
    "fmod",
    "ilogb",
    "isinf",
    "isnan",
    "ldexp",
    "rint",
    "sqrt",
    "trunc",
]


def _whole(function: Callable[[float], int]) -> Callable[[float], float]:
    """A rounding to whole numbers that stays a float and keeps infinities, NaN and zero's sign."""

    def evaluate(x: float) -> float:
        return math.copysign(float(function(x)), x) if math.isfinite(x) else x

    return evaluate


floor, ceil, trunc, rint = (_whole(f) for f in (math.floor, math.ceil, math.trunc, round))
fabs, copysign, isnan, isinf = math.fabs, math.copysign, math.isnan, math.isinf


def sqrt(x: float) -> float:
    """The square root; NaN below zero."""
    return math.nan if x < 0 else math.sqrt(x)


def fmod(x: float, y: float) -> float:
    """The remainder of x / y with the sign of x; NaN for an infinite x or a zero y."""
    try:
        return math.fmod(x, y)
    except ValueError:
        return math.nan


def ldexp(x: float, exponent: int) -> float:
    """x · 2**exponent, ±inf on overflow."""
    try:
        return math.ldexp(x, exponent)
    except OverflowError:
        return math.copysign(math.inf, x)


def ilogb(x: float) -> int:
    """The binary exponent of a finite x other than zero: 2**ilogb(x) <= abs(x)."""
    return math.frexp(x)[1] - 1
