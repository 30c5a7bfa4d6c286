"""C99's mathematical functions for plain Python: the same bits, and never an exception.

Where the package is compiled, `libm.pxd` beside this file binds the same names to the C library
and this module is not used. Python's `math` calls that library too, but raises `ValueError` or
`OverflowError` where C returns NaN or an infinity; here the C answer comes back. It owns no formula
of ours: those are in `forward`.
"""

from __future__ import annotations

import math
from collections.abc import Callable

__all__ = [
    "acos",
    "acosh",
    "asin",
    "asinh",
    "atan",
    "atan2",
    "atanh",
    "cbrt",
    "ceil",
    "copysign",
    "cos",
    "cosh",
    "erf",
    "erfc",
    "exp",
    "expm1",
    "fabs",
    "floor",
    "fmod",
    "ilogb",
    "isinf",
    "isnan",
    "ldexp",
    "log",
    "log1p",
    "log2",
    "log10",
    "pow",
    "rint",
    "sin",
    "sinh",
    "sqrt",
    "tan",
    "tanh",
    "trunc",
]

Function = Callable[[float], float]


def _c99(function: Function, overflow: Function = lambda x: math.inf) -> Function:
    """`function` with C's answers where Python raises: NaN out of the domain, else `overflow`."""

    def evaluate(x: float) -> float:
        try:
            return function(x)
        except ValueError:
            return math.nan
        except OverflowError:
            return overflow(x)

    return evaluate


def _logarithm(function: Function, pole: float) -> Function:
    """A logarithm with C's -inf at its pole, where Python raises the error it has for NaN too."""

    def evaluate(x: float) -> float:
        try:
            return function(x)
        except ValueError:
            return -math.inf if x == pole else math.nan

    return evaluate


def _whole(function: Callable[[float], int]) -> Function:
    """A rounding to whole numbers that stays a float and keeps infinities, NaN and zero's sign."""

    def evaluate(x: float) -> float:
        return math.copysign(float(function(x)), x) if math.isfinite(x) else x

    return evaluate


sin, cos, tan = _c99(math.sin), _c99(math.cos), _c99(math.tan)
asin, acos, atan = _c99(math.asin), _c99(math.acos), math.atan
sinh = _c99(math.sinh, lambda x: math.copysign(math.inf, x))
cosh, tanh = _c99(math.cosh), math.tanh
asinh, acosh = math.asinh, _c99(math.acosh)
exp, expm1 = _c99(math.exp), _c99(math.expm1)
log, log2, log10 = (_logarithm(f, 0.0) for f in (math.log, math.log2, math.log10))
log1p = _logarithm(math.log1p, -1.0)
sqrt, cbrt, erf, erfc = _c99(math.sqrt), math.cbrt, math.erf, math.erfc
floor, ceil, trunc, rint = (_whole(f) for f in (math.floor, math.ceil, math.trunc, round))
fabs, copysign, atan2, isnan, isinf = math.fabs, math.copysign, math.atan2, math.isnan, math.isinf


def atanh(x: float) -> float:
    """The inverse hyperbolic tangent, ±inf at ±1 and NaN beyond."""
    if x in (-1.0, 1.0):
        return math.copysign(math.inf, x)
    return math.nan if abs(x) > 1 else math.atanh(x)


def pow(x: float, y: float) -> float:
    """x to the power y as C99 has it: never complex, ±inf at a pole or on overflow."""
    odd = abs(y) < 2.0**53 and y % 2 == 1
    try:
        return math.pow(x, y)
    except OverflowError:
        return -math.inf if x < 0 and odd else math.inf
    except ValueError:
        if x == 0:  # a negative power of zero is a pole
            return math.copysign(math.inf, x) if odd else math.inf
        return math.nan


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
