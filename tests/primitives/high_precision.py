"""The mathematics of the primitives in mpmath at 60 digits; `references` makes a table of it.

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


def zero(*operands: Any) -> Any:
    return mp.zero


def one(*operands: Any) -> Any:
    return mp.one


def minus_one(*operands: Any) -> Any:
    return -mp.one


# Arithmetic.
def div(x: Any, y: Any) -> Any:
    """x / y as IEEE 754 has it; a zero is +0 here."""
    return x / y if y != 0 else mp.sign(x) * INF if x != 0 else NAN


def floor_quotient(x: Any, y: Any) -> Any:
    return mp.mpf(rational(x) // rational(y)) if y != 0 else div(x, y)


def mod(x: Any, y: Any) -> Any:
    if y == 0:
        return NAN
    remainder = rational(x) - rational(y) * (rational(x) // rational(y))
    return mp.mpf(remainder.numerator) / remainder.denominator


def power(x: Any, y: Any) -> Any:
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


def power_rate(x: Any, y: Any) -> Any:
    return mp.zero if y == 0 else y * power(x, y - 1)


def power_log(x: Any, y: Any) -> Any:
    if x == 0:
        return mp.zero if y >= 0 else -INF
    return NAN if x < 0 else power(x, y) * mp.log(x)


def power_mixed(x: Any, y: Any) -> Any:
    """The derivative of y·x**(y - 1) by y, which is that of x**y·log x by x."""
    if x == 0:
        return None
    return power(x, y - 1) * (1 + y * mp.log(x))


def power_mixed_terms(x: Any, y: Any) -> Any:
    return 0 if x == 0 else power(x, y - 1) * (1 + abs(y * mp.log(x))) * exponent_terms(x, y)


def exponent_terms(x: Any, y: Any) -> Any:
    """What rounding y - 1 is worth in x**(y - 1), where a formula has no better than that."""
    return 0 if x == 0 else 1 + abs((abs(y) + 1) * mp.log(abs(x)))


def power_twice(x: Any, y: Any) -> Any:
    """Of x**y the derivative twice by x and once by y."""
    return None if x == 0 else power(x, y - 2) * (2 * y - 1 + y * (y - 1) * mp.log(x))


def power_twice_terms(x: Any, y: Any) -> Any:
    if x == 0:
        return 0
    size = abs(2 * y - 1) + abs(y * (y - 1) * mp.log(x))
    return (power(x, y - 2) * size + abs(y) * abs(power(x, y - 2))) * exponent_terms(x, y)


def power_bend(x: Any, y: Any) -> Any:
    return mp.zero if y in (0, 1) else y * (y - 1) * power(x, y - 2)


def power_mixed_value(x: Any, y: Any) -> Any:
    """At x = 0 the limit, but by convention 1 where y is."""
    if x == 0:
        return mp.zero if y > 1 else mp.one if y == 1 else -INF if y > 0 else INF
    return power_mixed(x, y)


def power_log_twice(x: Any, y: Any) -> Any:
    """And once by x and twice by y."""
    return None if x == 0 else power(x, y - 1) * mp.log(x) * (2 + y * mp.log(x))


def power_log_twice_terms(x: Any, y: Any) -> Any:
    if x == 0:
        return 0
    size = abs(mp.log(x)) * (2 + abs(y * mp.log(x)))
    return power(x, y - 1) * size * exponent_terms(x, y)


def power_third(x: Any, y: Any) -> Any:
    return None if x == 0 else y * (y - 1) * (y - 2) * power(x, y - 3)


def power_third_terms(x: Any, y: Any) -> Any:
    return 0 if x == 0 else abs(power_third(x, y)) * exponent_terms(x, y)


def power_fourth(x: Any, y: Any) -> Any:
    return None if x == 0 else y * (y - 1) * (y - 2) * (y - 3) * power(x, y - 4)


def power_fourth_terms(x: Any, y: Any) -> Any:
    return 0 if x == 0 else abs(power_fourth(x, y)) * exponent_terms(x, y)


def power_thrice(x: Any, y: Any) -> Any:
    """Of x**y the derivative three times by x and once by y."""
    if x == 0:
        return None
    factor = y * (y - 1) * (y - 2)
    return power(x, y - 3) * (3 * y * y - 6 * y + 2 + factor * mp.log(x))


def power_thrice_terms(x: Any, y: Any) -> Any:
    if x == 0:
        return 0
    size = (abs(y) + 1) * (abs(y) + 2) * (1 + abs(y) + abs(y * mp.log(x)))
    return 3 * power(x, y - 3) * size * exponent_terms(x, y)


def power_third_value(x: Any, y: Any) -> Any:
    return mp.zero if y in (0, 1, 2) else y * (y - 1) * (y - 2) * power(x, y - 3)


def power_twice_value(x: Any, y: Any) -> Any:
    """At x = 0 the limit, but by convention 3 where y is 2."""
    if x == 0:
        return mp.zero if y > 2 else mp.mpf(3) if y == 2 else INF if 0 < y <= 1 else -INF
    return power_twice(x, y)


def power_twice_each(x: Any, y: Any) -> Any:
    """And twice by each."""
    if x == 0:
        return None
    rate = mp.log(x)
    return power(x, y - 2) * (2 + (4 * y - 2) * rate + y * (y - 1) * rate**2)


def power_twice_each_terms(x: Any, y: Any) -> Any:
    if x == 0:
        return 0
    rate = abs(mp.log(x))
    size = 2 * (1 + abs(y) * rate + rate) + abs(y) * rate * (2 + (abs(y) + 1) * rate)
    return power(x, y - 2) * size * exponent_terms(x, y)


def power_log_square(x: Any, y: Any) -> Any:
    if x == 0:
        return mp.zero if y >= 0 else INF
    return NAN if x < 0 else power(x, y) * mp.log(x) ** 2


def power_curvature(x: Any, y: Any) -> Any:
    return None if x == 0 else y * (y - 1) * power(x, y - 2)


def power_curvature_terms(x: Any, y: Any) -> Any:
    return 0 if x == 0 else abs(power_curvature(x, y)) * exponent_terms(x, y)


def sign(x: Any) -> Any:
    return mp.sign(x)


# Smooth functions of one operand.
def erfc(x: Any) -> Any:
    return mp.zero if x > 1000 else mp.mpf(2) if x < -1000 else mp.erfc(x)


def gaussian(x: Any) -> Any:
    return mp.zero if abs(x) > 1000 else mp.exp(-x * x)


def normal_pdf(x: Any) -> Any:
    return gaussian(x / mp.sqrt(2)) / mp.sqrt(2 * mp.pi)


def normal_cdf(x: Any) -> Any:
    return erfc(-x / mp.sqrt(2)) / 2


def sigmoid(x: Any) -> Any:
    return 1 / (1 + mp.exp(-x))


def silu_slope(x: Any) -> Any:
    return (1 + x / (1 + mp.exp(x))) / (1 + mp.exp(-x))


def silu_slope_terms(x: Any) -> Any:
    return (1 + abs(x) / (1 + mp.exp(x))) / (1 + mp.exp(-x))


def gelu_slope(x: Any) -> Any:
    return normal_cdf(x) + x * normal_pdf(x)


def gelu_slope_terms(x: Any) -> Any:
    return normal_cdf(x) + abs(x) * normal_pdf(x)


def sinc_slope(x: Any) -> Any:
    return -x / 3 if abs(x) < 1e-15 else (mp.cos(x) - mp.sinc(x)) / x


def sinc_slope_terms(x: Any) -> Any:
    return 0 if abs(x) < 2 else (abs(mp.cos(x)) + abs(mp.sinc(x))) / abs(x)


# Functions of two operands.
def radius(x: Any, y: Any) -> Any:
    return mp.sqrt(x * x + y * y)


def over(numerator: Any, x: Any, y: Any, power: int) -> Any:
    """A quotient by a power of the radius; 0 at the origin, where there is no derivative."""
    return mp.zero if x == 0 and y == 0 else numerator / radius(x, y) ** power


def softplus(x: Any) -> Any:
    return mp.log1p(mp.exp(x))


def logaddexp(x: Any, y: Any) -> Any:
    return max(x, y) + softplus(-abs(x - y))


def logaddexp_terms(x: Any, y: Any) -> Any:
    return abs(max(x, y)) + softplus(-abs(x - y))


def share_slope(x: Any, y: Any) -> Any:
    return mp.sech((x - y) / 2) ** 2 / 4


def half_step(x: Any, y: Any) -> Any:
    return mp.mpf(1 if x > y else 0 if x < y else 0.5)


def above(x: Any, y: Any) -> Any:
    return mp.mpf(1 if x > y else 0)


def sum_terms(*operands: Any) -> Any:
    return sum((abs(operand) for operand in operands), mp.zero)


def dot(start: Any, *pairs: Any) -> Any:
    return start + sum(w * x for w, x in zip(pairs[::2], pairs[1::2], strict=True))


def dot_terms(start: Any, *pairs: Any) -> Any:
    return abs(start) + sum(abs(w * x) for w, x in zip(pairs[::2], pairs[1::2], strict=True))


def dot_partials(start: Any, *pairs: Any) -> list[Any]:
    """Of a weight its input, of an input its weight."""
    swapped = [pairs[place ^ 1] for place in range(len(pairs))]
    return [mp.one, *swapped]


LN2, LN10 = mp.log(2), mp.log(10)
SLOPE_OF_ERF = 2 / mp.sqrt(mp.pi)
FLAT, FLAT2 = (zero,), (zero, zero)


def reciprocal_slope(x: Any) -> Any:
    return -INF if x == 0 else -1 / (x * x)


def at_zero(limit: Any, formula: Formula) -> Formula:
    """`formula`, and `limit` at zero, where it cannot be evaluated."""
    return lambda x, *others: limit if x == 0 else formula(x, *others)


def at_unit(limit: Any, formula: Formula) -> Formula:
    return lambda x: limit if abs(x) == 1 else formula(x)
