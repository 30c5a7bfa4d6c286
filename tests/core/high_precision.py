"""Every primitive once more, in mpmath at 60 digits: what the tests of accuracy trust.

Nothing here comes from `autograd_core`: values are mpmath's own functions, derivatives are the
closed forms of the textbooks (sech², 1 / (4 cosh²(x/2)), ...), not the formulas of `rules`, and the
conventions at kinks are those the engine promises, written out. `terms` names the sum of the
magnitudes of a result's terms where the result has a zero that rounding cannot meet exactly.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import mpmath

mp = mpmath.MPContext()
mp.dps = 60

NAN, INF = mp.nan, mp.inf
Formula = Callable[..., Any]


@dataclass(frozen=True)
class Reference:
    """A primitive's value and partials, functions of mpmath numbers."""

    value: Formula
    partials: tuple[Formula, ...]
    value_terms: Formula | None = None
    """The sum of the magnitudes of the value's terms, where the value has an inexact zero."""
    partials_terms: dict[int, Formula] = field(default_factory=dict)
    """The same for partials, by position."""

    variadic: bool = False
    """Whether one formula gives all partials, as many as there are operands."""

    def partials_at(self, operands: Sequence[Any]) -> list[Any]:
        """One derivative an operand; None where only a convention says what it is."""
        if self.variadic:
            return list(self.partials[0](*operands))
        return [partial(*operands) for partial in self.partials]


def exact(number: float) -> Any:
    """A float as an mpmath number, without rounding."""
    return mp.mpf(number)


def rational(number: Any) -> Fraction:
    """A finite mpmath number as an exact fraction."""
    sign, mantissa, exponent, _ = mp.mpf(number)._mpf_
    return (-1) ** sign * Fraction(int(mantissa)) * Fraction(2) ** exponent


def _zero(*operands: Any) -> Any:
    return mp.zero


def _one(*operands: Any) -> Any:
    return mp.one


def _minus_one(*operands: Any) -> Any:
    return -mp.one


# Arithmetic.
def _div(x: Any, y: Any) -> Any:
    """x / y as IEEE 754 has it; a zero is +0 here."""
    return x / y if y != 0 else mp.sign(x) * INF if x != 0 else NAN


def _floor_quotient(x: Any, y: Any) -> Any:
    return mp.mpf(rational(x) // rational(y)) if y != 0 else _div(x, y)


def _mod(x: Any, y: Any) -> Any:
    if y == 0:
        return NAN
    remainder = rational(x) - rational(y) * (rational(x) // rational(y))
    return mp.mpf(remainder.numerator) / remainder.denominator


def _power(x: Any, y: Any) -> Any:
    if y == 0:
        return mp.one
    if x == 0:
        return mp.zero if y > 0 else INF
    if x < 0:
        if not mp.isint(y):
            return NAN
        magnitude = mp.exp(y * mp.log(-x))
        return -magnitude if int(y) % 2 else magnitude
    return mp.exp(y * mp.log(x))


def _power_rate(x: Any, y: Any) -> Any:
    return mp.zero if y == 0 else y * _power(x, y - 1)


def _power_log(x: Any, y: Any) -> Any:
    if x == 0:
        return mp.zero if y >= 0 else -INF
    return NAN if x < 0 else _power(x, y) * mp.log(x)


def _power_mixed(x: Any, y: Any) -> Any:
    """The derivative of y·x**(y - 1) by y, which is that of x**y·log x by x."""
    if x == 0:
        return None
    return _power(x, y - 1) * (1 + y * mp.log(x))


def _power_mixed_terms(x: Any, y: Any) -> Any:
    return 0 if x == 0 else _power(x, y - 1) * (1 + abs(y * mp.log(x))) * _exponent_terms(x, y)


def _exponent_terms(x: Any, y: Any) -> Any:
    """What rounding y - 1 is worth in x**(y - 1), where a formula has no better than that."""
    return 0 if x == 0 else 1 + abs((abs(y) + 1) * mp.log(abs(x)))


def _power_curvature(x: Any, y: Any) -> Any:
    return None if x == 0 else y * (y - 1) * _power(x, y - 2)


def _power_curvature_terms(x: Any, y: Any) -> Any:
    return 0 if x == 0 else abs(_power_curvature(x, y)) * _exponent_terms(x, y)


def _sign(x: Any) -> Any:
    return mp.sign(x)


# Smooth functions of one operand.
def _erfc(x: Any) -> Any:
    return mp.zero if x > 1000 else mp.mpf(2) if x < -1000 else mp.erfc(x)


def _gaussian(x: Any) -> Any:
    return mp.zero if abs(x) > 1000 else mp.exp(-x * x)


def _normal_pdf(x: Any) -> Any:
    return _gaussian(x / mp.sqrt(2)) / mp.sqrt(2 * mp.pi)


def _normal_cdf(x: Any) -> Any:
    return _erfc(-x / mp.sqrt(2)) / 2


def _sigmoid(x: Any) -> Any:
    return 1 / (1 + mp.exp(-x))


def _silu_slope(x: Any) -> Any:
    return (1 + x / (1 + mp.exp(x))) / (1 + mp.exp(-x))


def _silu_slope_terms(x: Any) -> Any:
    return (1 + abs(x) / (1 + mp.exp(x))) / (1 + mp.exp(-x))


def _gelu_slope(x: Any) -> Any:
    return _normal_cdf(x) + x * _normal_pdf(x)


def _gelu_slope_terms(x: Any) -> Any:
    return _normal_cdf(x) + abs(x) * _normal_pdf(x)


# Functions of two operands.
def _radius(x: Any, y: Any) -> Any:
    return mp.sqrt(x * x + y * y)


def _over(numerator: Any, x: Any, y: Any, power: int) -> Any:
    """A quotient by a power of the radius; 0 at the origin, where there is no derivative."""
    return mp.zero if x == 0 and y == 0 else numerator / _radius(x, y) ** power


def _softplus(x: Any) -> Any:
    return mp.log1p(mp.exp(x))


def _logaddexp(x: Any, y: Any) -> Any:
    return max(x, y) + _softplus(-abs(x - y))


def _logaddexp_terms(x: Any, y: Any) -> Any:
    return abs(max(x, y)) + _softplus(-abs(x - y))


def _share_slope(x: Any, y: Any) -> Any:
    return mp.sech((x - y) / 2) ** 2 / 4


def _half_step(x: Any, y: Any) -> Any:
    return mp.mpf(1 if x > y else 0 if x < y else 0.5)


def _above(x: Any, y: Any) -> Any:
    return mp.mpf(1 if x > y else 0)


def _sum_terms(*operands: Any) -> Any:
    return sum((abs(operand) for operand in operands), mp.zero)


def _dot(start: Any, *pairs: Any) -> Any:
    return start + sum(w * x for w, x in zip(pairs[::2], pairs[1::2], strict=True))


def _dot_terms(start: Any, *pairs: Any) -> Any:
    return abs(start) + sum(abs(w * x) for w, x in zip(pairs[::2], pairs[1::2], strict=True))


def _dot_partials(start: Any, *pairs: Any) -> list[Any]:
    """Of a weight its input, of an input its weight."""
    swapped = [pairs[place ^ 1] for place in range(len(pairs))]
    return [mp.one, *swapped]


LN2, LN10 = mp.log(2), mp.log(10)
SLOPE_OF_ERF = 2 / mp.sqrt(mp.pi)
FLAT, FLAT2 = (_zero,), (_zero, _zero)


def _reciprocal_slope(x: Any) -> Any:
    return -INF if x == 0 else -1 / (x * x)


def _at_zero(limit: Any, formula: Formula) -> Formula:
    """`formula`, and `limit` at zero, where it cannot be evaluated."""
    return lambda x, *others: limit if x == 0 else formula(x, *others)


def _at_unit(limit: Any, formula: Formula) -> Formula:
    return lambda x: limit if abs(x) == 1 else formula(x)


R = Reference
REFERENCES: dict[str, Reference] = {
    "add": R(lambda x, y: x + y, (_one, _one)),
    "sub": R(lambda x, y: x - y, (_one, _minus_one)),
    "mul": R(lambda x, y: x * y, (lambda x, y: y, lambda x, y: x)),
    "div": R(_div, (lambda x, y: _div(mp.one, y), lambda x, y: -_div(x, y * y))),
    "mod": R(_mod, (_one, lambda x, y: -_floor_quotient(x, y))),
    "floordiv": R(_floor_quotient, FLAT2),
    "pow": R(_power, (_power_rate, _power_log)),
    "neg": R(lambda x: -x, (_minus_one,)),
    "abs": R(abs, (_sign,)),
    "square": R(lambda x: x * x, (lambda x: 2 * x,)),
    "reciprocal": R(_at_zero(INF, lambda x: 1 / x), (_reciprocal_slope,)),
    "sqrt": R(mp.sqrt, (_at_zero(INF, lambda x: 1 / (2 * mp.sqrt(x))),)),
    "cbrt": R(
        lambda x: mp.sign(x) * mp.cbrt(abs(x)),
        (_at_zero(INF, lambda x: 1 / (3 * mp.cbrt(abs(x)) ** 2)),),
    ),
    "hypot": R(_radius, (lambda x, y: _over(x, x, y, 1), lambda x, y: _over(y, x, y, 1))),
    "exp": R(mp.exp, (mp.exp,)),
    "expm1": R(mp.expm1, (mp.exp,)),
    "log": R(_at_zero(-INF, mp.log), (_at_zero(INF, lambda x: 1 / x),)),
    "log1p": R(
        lambda x: -INF if x == -1 else mp.log1p(x), (lambda x: INF if x == -1 else 1 / (1 + x),)
    ),
    "log2": R(_at_zero(-INF, lambda x: mp.log(x) / LN2), (_at_zero(INF, lambda x: 1 / (x * LN2)),)),
    "log10": R(
        _at_zero(-INF, lambda x: mp.log(x) / LN10), (_at_zero(INF, lambda x: 1 / (x * LN10)),)
    ),
    "logaddexp": R(
        _logaddexp, (lambda x, y: _sigmoid(x - y), lambda x, y: _sigmoid(y - x)), _logaddexp_terms
    ),
    "sin": R(mp.sin, (mp.cos,)),
    "cos": R(mp.cos, (lambda x: -mp.sin(x),)),
    "tan": R(mp.tan, (lambda x: mp.sec(x) ** 2,)),
    "asin": R(mp.asin, (_at_unit(INF, lambda x: 1 / mp.sqrt(1 - x * x)),)),
    "acos": R(mp.acos, (_at_unit(-INF, lambda x: -1 / mp.sqrt(1 - x * x)),)),
    "atan": R(mp.atan, (lambda x: 1 / (1 + x * x),)),
    "atan2": R(
        lambda y, x: mp.zero if x == 0 and y == 0 else mp.atan2(y, x),
        (lambda y, x: _over(x, x, y, 2), lambda y, x: _over(-y, x, y, 2)),
    ),
    "sinh": R(mp.sinh, (mp.cosh,)),
    "cosh": R(mp.cosh, (mp.sinh,)),
    "tanh": R(mp.tanh, (lambda x: mp.sech(x) ** 2,)),
    "asinh": R(mp.asinh, (lambda x: 1 / mp.sqrt(1 + x * x),)),
    "acosh": R(mp.acosh, (_at_unit(INF, lambda x: 1 / mp.sqrt(x * x - 1)),)),
    "atanh": R(
        lambda x: x * INF if abs(x) == 1 else mp.atanh(x),
        (_at_unit(INF, lambda x: 1 / (1 - x * x)),),
    ),
    "erf": R(
        lambda x: _sign(x) if abs(x) > 1000 else mp.erf(x), (lambda x: SLOPE_OF_ERF * _gaussian(x),)
    ),
    "erfc": R(_erfc, (lambda x: -SLOPE_OF_ERF * _gaussian(x),)),
    "gaussian": R(_gaussian, (lambda x: -2 * x * _gaussian(x),)),
    "normal_pdf": R(_normal_pdf, (lambda x: -x * _normal_pdf(x),)),
    "normal_cdf": R(_normal_cdf, (_normal_pdf,)),
    "relu": R(lambda x: max(x, mp.zero), (lambda x: _above(x, 0),)),
    "leaky_relu": R(
        lambda x, slope: x if x > 0 else slope * x,
        (lambda x, slope: mp.one if x > 0 else slope, lambda x, slope: min(x, mp.zero)),
    ),
    "elu": R(
        lambda x, alpha: x if x > 0 else alpha * mp.expm1(x),
        (
            lambda x, alpha: mp.one if x > 0 else alpha * mp.exp(x),
            lambda x, alpha: mp.expm1(min(x, mp.zero)),
        ),
    ),
    "sigmoid": R(_sigmoid, (lambda x: mp.sech(x / 2) ** 2 / 4,)),
    "softplus": R(_softplus, (_sigmoid,)),
    "silu": R(lambda x: x * _sigmoid(x), (_silu_slope,), None, {0: _silu_slope_terms}),
    "gelu": R(lambda x: x * _normal_cdf(x), (_gelu_slope,), None, {0: _gelu_slope_terms}),
    "sign": R(_sign, FLAT),
    "floor": R(mp.floor, FLAT),
    "ceil": R(mp.ceil, FLAT),
    "trunc": R(lambda x: mp.sign(x) * mp.floor(abs(x)), FLAT),
    "rint": R(lambda x: mp.mpf(round(rational(x))), FLAT),
    "maximum": R(max, (_half_step, lambda x, y: _half_step(y, x))),
    "minimum": R(min, (lambda x, y: _half_step(y, x), _half_step)),
    "clamp": R(
        lambda x, low, high: min(max(x, low), high),
        (
            lambda x, low, high: mp.mpf(low < x < high),
            lambda x, low, high: _above(low, x),
            lambda x, low, high: _above(x, high),
        ),
    ),
    "where": R(
        lambda condition, x, y: x if condition else y,
        (
            _zero,
            lambda condition, x, y: mp.mpf(bool(condition)),
            lambda condition, x, y: mp.mpf(not condition),
        ),
    ),
    "sum": R(
        lambda *operands: sum(operands, mp.zero),
        (lambda *operands: [mp.one] * len(operands),),
        _sum_terms,
        variadic=True,
    ),
    "dot": R(_dot, (_dot_partials,), _dot_terms, variadic=True),
    "at_least": R(max, (_above, lambda x, y: _above(y, x))),
    "at_most": R(min, (lambda x, y: _above(y, x), _above)),
    "above": R(_above, FLAT2),
    "exceeds": R(_half_step, FLAT2),
    "strong_product": R(lambda x, y: x * y, (lambda x, y: y, lambda x, y: x)),
    "log_rate": R(_at_zero(INF, lambda x: 1 / x), (_reciprocal_slope,)),
    "share": R(lambda x, y: _sigmoid(x - y), (_share_slope, lambda x, y: -_share_slope(x, y))),
    "cosine": R(
        lambda x, y: _over(x, x, y, 1),
        (lambda x, y: _over(y * y, x, y, 3), lambda x, y: _over(-x * y, x, y, 3)),
    ),
    "angle_rate": R(
        lambda y, x: _over(x, x, y, 2),
        (lambda y, x: _over(-2 * x * y, x, y, 4), lambda y, x: _over((y - x) * (y + x), x, y, 4)),
        None,
        {1: lambda y, x: _over(1, x, y, 2)},
    ),
    "power_rate": R(
        _power_rate,
        (_power_curvature, _power_mixed),
        None,
        {0: _power_curvature_terms, 1: _power_mixed_terms},
    ),
    "power_log": R(
        _power_log,
        (_power_mixed, lambda x, y: None if x == 0 else _power(x, y) * mp.log(x) ** 2),
        None,
        {0: _power_mixed_terms},
    ),
}
