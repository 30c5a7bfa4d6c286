"""What each primitive computes: floats in, one float out, to within 2.5 units in the last place.

The functions are ordinary Python on ordinary floats; a build writes for the compiler that they take
doubles and give one (`building.declarations`). The elementary functions are in `exponential`,
`logarithm`, `powers`, `circular`, `inverses`, `polar` and `error_function`; here stand the stable
forms built on them. What is taken from `libm` is exact.
No derivative is written here (`rules`), and nothing here knows a graph. Every function takes any
float, infinities and NaN included, and raises nothing.
"""

from __future__ import annotations

from autograd_core.primitives import (
    circular,
    error_function,
    exponential,
    ieee,
    inverses,
    libm,
    logarithm,
    polar,
    powers,
)

NAN = libm.fmod(1.0, 0.0)
INFINITY = libm.ldexp(1.0, 1024)
LN2 = 0.6931471805599453
E_TO_MINUS_660 = 2.3208225941796005e-287
LEAST_NORMAL = 2.2250738585072014e-308


# Arithmetic.
def add(x: float, y: float) -> float:
    return x + y


def sub(x: float, y: float) -> float:
    return x - y


def mul(x: float, y: float) -> float:
    return x * y


def div(x: float, y: float) -> float:
    return x / y


def mod(x: float, y: float) -> float:
    """The remainder with the sign of y, as Python's floats have it."""
    remainder = libm.fmod(x, y)
    if remainder == 0:
        return libm.copysign(0.0, y)
    return remainder + y if (remainder < 0) != (y < 0) else remainder


def floordiv(x: float, y: float) -> float:
    """The quotient rounded down, as Python's floats have it; x / 0 where they raise."""
    if y == 0:
        return x / y
    remainder = libm.fmod(x, y)
    quotient = (x - remainder) / y
    if remainder != 0 and (remainder < 0) != (y < 0):
        quotient -= 1.0
    if quotient == 0:
        return libm.copysign(0.0, x / y)
    whole = libm.floor(quotient)
    return whole + 1.0 if quotient - whole > 0.5 else whole


def pow(x: float, y: float) -> float:
    """x**y; the commonest powers are correctly rounded."""
    if y == 2:
        return x * x
    if y == 0.5:
        return INFINITY if x == -INFINITY else libm.sqrt(x) + 0.0  # 0 of -0, as C99 has it
    if y == -1:
        return 1.0 / x
    return powers.power(x, y)


def neg(x: float) -> float:
    return -x


def abs(x: float) -> float:
    return libm.fabs(x)


def square(x: float) -> float:
    return x * x


def reciprocal(x: float) -> float:
    return 1.0 / x


def sqrt(x: float) -> float:
    return libm.sqrt(x)


def cbrt(x: float) -> float:
    return powers.cbrt(x)


def hypot(x: float, y: float) -> float:
    """√(x² + y²)."""
    return polar.hypot(x, y)


# Exponentials and logarithms.
def exp(x: float) -> float:
    return exponential.exp(x)


def expm1(x: float) -> float:
    return exponential.expm1(x)


def exp2(x: float) -> float:
    return exponential.exp2(x)


def log(x: float) -> float:
    return logarithm.log(x)


def log1p(x: float) -> float:
    return logarithm.log1p(x)


def log2(x: float) -> float:
    return logarithm.log2(x)


def log10(x: float) -> float:
    return logarithm.log10(x)


def logaddexp(x: float, y: float) -> float:
    """log(eˣ + eʸ), by the larger of the two."""
    larger = x if x >= y else y
    smaller = y if x >= y else x
    difference = smaller - larger
    ratio = exponential.exp(difference)
    part = difference - smaller  # what rounding the difference lost, exactly (Knuth's two-sum)
    lost = (smaller - (difference - part)) + (-larger - part)
    corrected = ratio + ratio * lost if lost == lost else ratio
    return larger + (LN2 if larger == smaller else logarithm.log1p(corrected))


# Trigonometric and hyperbolic functions.
def sin(x: float) -> float:
    return circular.sin(x)


def cos(x: float) -> float:
    return circular.cos(x)


def tan(x: float) -> float:
    return circular.tan(x)


def sinc(x: float) -> float:
    """sin x / x, 1 at 0; not NumPy's, which is sin(πx) / (πx)."""
    return circular.sin(x) / x if x != 0 else 1.0


def asin(x: float) -> float:
    return inverses.asin(x)


def acos(x: float) -> float:
    return inverses.acos(x)


def atan(x: float) -> float:
    return inverses.atan(x)


def atan2(y: float, x: float) -> float:
    return inverses.atan2(y, x)


def sinh(x: float) -> float:
    return exponential.sinh(x)


def cosh(x: float) -> float:
    return exponential.cosh(x)


def tanh(x: float) -> float:
    return exponential.tanh(x)


def asinh(x: float) -> float:
    return inverses.asinh(x)


def acosh(x: float) -> float:
    return inverses.acosh(x)


def atanh(x: float) -> float:
    return inverses.atanh(x)


# The error function and the normal distribution.
def erf(x: float) -> float:
    return error_function.erf(x)


def erfc(x: float) -> float:
    return error_function.erfc(x)


def gaussian(x: float) -> float:
    """exp(-x²)."""
    return error_function.gaussian(x)


def normal_pdf(x: float) -> float:
    """exp(-x²/2) / √(2π)."""
    return error_function.normal_pdf(x)


def normal_cdf(x: float) -> float:
    """½ erfc(-x/√2)."""
    return error_function.normal_cdf(x)


# Activations.
def relu(x: float) -> float:
    return 0.0 if x <= 0 else x


def leaky_relu(x: float, slope: float) -> float:
    return x if x > 0 else slope * x


def elu(x: float, alpha: float) -> float:
    return x if x > 0 else alpha * exponential.expm1(x)


def sigmoid(x: float) -> float:
    """1 / (1 + e⁻ˣ)."""
    return exponential.sigmoid(x)


def sigmoid_rate(x: float) -> float:
    """σ(x) σ(-x), the slope of the sigmoid, by one exponential."""
    # Not `over_square_of_one_more`, whose steps every sigmoid would pay for: this is within 2.5
    # units without them, for it has one rounding less than the square of 1 + power.
    power = exponential.exp(-libm.fabs(x))
    return power / (1.0 + power * (2.0 + power))


def sigmoid_rate_times(x: float, factor: float) -> float:
    """factor · σ(x) σ(-x), rounded once where it is subnormal; 0 far out, whatever the factor."""
    size = libm.fabs(x)
    power = exponential.exp(660.0 - size if size > 700.0 else -size)
    rate = exponential.over_square_of_one_more(power) * factor
    return 0.0 if size > 1360.0 else rate * E_TO_MINUS_660 if size > 700.0 else rate


def softplus(x: float) -> float:
    """log(1 + eˣ)."""
    return logarithm.softplus(x)


def log_sigmoid(x: float) -> float:
    """log σ(x), which is a softplus."""
    return -softplus(-x)


def softsign(x: float) -> float:
    """x / (1 + |x|), ±1 at ±∞."""
    return sign(x) if libm.fabs(x) == INFINITY else over_one_more(finite(x))


def over_one_more(x: float) -> float:
    return x / (1.0 + libm.fabs(x))


def finite(x: float) -> float:
    """x, 0 for ±∞: where a choice's other branch must not meet it."""
    return 0.0 if libm.fabs(x) == INFINITY else x


def silu(x: float) -> float:
    """x σ(x), with one rounding less than the product."""
    if x <= -700.0:
        return silu_tail(exponential.exp(0.5 * x), x)
    return x / (1.0 + exponential.exp(-x))


def silu_tail(half: float, x: float) -> float:
    """x exp(x), of the exponential's root, which keeps its digits where the square has few."""
    return half * strong_product(half, x)


def gelu(x: float) -> float:
    """x Φ(x), the exact form."""
    tail = error_function.gelu_tail(x)
    return tail if x < -1.0 else x * normal_cdf(x)


# Comparisons and steps.
def sign(x: float) -> float:
    return 1.0 if x > 0 else -1.0 if x < 0 else x


def floor(x: float) -> float:
    return libm.floor(x)


def ceil(x: float) -> float:
    return libm.ceil(x)


def trunc(x: float) -> float:
    return libm.trunc(x)


def rint(x: float) -> float:
    """The nearest whole number, halves to the even one."""
    return libm.rint(x)


def maximum(x: float, y: float) -> float:
    return x if x >= y or x != x else y


def minimum(x: float, y: float) -> float:
    return x if x <= y or x != x else y


def at_least(x: float, bound: float) -> float:
    return maximum(x, bound)


def at_most(x: float, bound: float) -> float:
    return minimum(x, bound)


def clamp(x: float, low: float, high: float) -> float:
    return minimum(maximum(x, low), high)


def above(x: float, y: float) -> float:
    """1 where x > y, else 0; NaN if either is."""
    return 1.0 if x > y else 0.0 if x <= y else NAN


def exceeds(x: float, y: float) -> float:
    """1 where x > y, ½ at a tie, else 0; NaN if either is."""
    return 1.0 if x > y else 0.0 if x < y else 0.5 if x == y else NAN


def less(x: float, y: float) -> float:
    """1 where x < y, else 0, also for NaN: what a branch on the comparison would do."""
    return 1.0 if x < y else 0.0


def less_equal(x: float, y: float) -> float:
    return 1.0 if x <= y else 0.0


def held(x: float) -> float:
    return x


def where(condition: float, x: float, y: float) -> float:
    return x if condition != 0 else y


# Sums and dot products: chains of additions and products, from left to right.
def sum(*operands: float) -> float:
    total = 0.0
    for operand in operands:
        total = total + operand
    return total


def dot(start: float, *pairs: float) -> float:
    total = start
    for weight, x in zip(pairs[::2], pairs[1::2], strict=True):
        total = total + weight * x
    return total


def strong_dot(*pairs: float) -> float:
    total = 0.0
    for cotangent, partial in zip(pairs[::2], pairs[1::2], strict=True):
        total = total + strong_product(cotangent, partial)
    return total


# What derivatives are made of.
def exp_times(x: float, factor: float) -> float:
    """factor · eˣ, rounded once where it is subnormal; 0 far below, whatever the factor."""
    power = exponential.exp_of_two(x + 660.0 if x < -1417.0 else x, 0.0, factor)
    return 0.0 if x < -1456.0 else power * E_TO_MINUS_660 if x < -1417.0 else power


def gaussian_times(x: float, factor: float) -> float:
    """factor · exp(-x²), likewise."""
    return error_function.gaussian_times(x, factor)


def normal_pdf_times(x: float, factor: float) -> float:
    """factor · exp(-x²/2) / √(2π), likewise."""
    return error_function.normal_pdf_times(x, factor)


def strong_product(x: float, y: float) -> float:
    """x · y, but 0 where one of them is 0 whatever the other is: the product of the chain rule."""
    product = x * y
    return 0.0 if product != product and (x == 0 or y == 0) else product


def one_minus_square(x: float) -> float:
    """1 - x², with every digit near ±1."""
    return (1.0 - x) * (1.0 + x)


def log_rate(x: float) -> float:
    """The slope of the logarithm: 1 / x where x >= 0, NaN where there is no logarithm."""
    return 1.0 / x if x >= 0 else NAN


def share(x: float, y: float) -> float:
    """eˣ / (eˣ + eʸ), the logistic function of x - y."""
    difference = x - y
    out = exponential.sigmoid(difference)
    lost = powers.lost_of_less(x, y, difference)
    return out + out * (1.0 - out) * lost if lost == lost else out


def share_rate(x: float, y: float) -> float:
    """The slope of that, which is 0 far out on both sides and even in x - y."""
    return exponential.over_square_of_one_more(smaller_over_larger(x, y))


def smaller_over_larger(x: float, y: float) -> float:
    """Of eˣ and eʸ the smaller over the larger, the rounding of their difference made up for."""
    difference = x - y
    lost = powers.lost_of_less(x, y, difference)
    ratio = exponential.exp(-libm.fabs(difference))
    change = ratio * (lost if difference < 0 else -lost)
    return ratio + change if lost == lost else ratio


def cosine(x: float, y: float) -> float:
    """x / √(x² + y²), the cosine of the angle of (x, y); 0 at the origin."""
    return polar.cosine(x, y)


def bend(x: float, y: float) -> float:
    """y² / (x² + y²)**1.5, how the radius of (x, y) bends along x; 0 at the origin."""
    return polar.over_cube(x, y, y)


def twist(x: float, y: float) -> float:
    """x y / (x² + y²)**1.5, minus how it bends along both; 0 at the origin."""
    return polar.over_cube(x, y, x)


def angle_rate(y: float, x: float) -> float:
    """x / (x² + y²), the rate at which the angle of (x, y) turns with y; 0 at the origin."""
    return polar.angle_rate(y, x)


def quotient_rate(x: float, y: float) -> float:
    """-x / y², the slope of x / y in y; by x itself where the quotient is subnormal."""
    return -(x if libm.fabs(x) < LEAST_NORMAL * libm.fabs(y) else x / y) / (
        y * y if libm.fabs(x) < LEAST_NORMAL * libm.fabs(y) else y
    )


def double_cosine(y: float, x: float) -> float:
    """(x² - y²) / (x² + y²)², cos 2θ / r² of the angle and radius of (x, y); 0 at the origin."""
    return polar.double_cosine(y, x)


def double_sine(y: float, x: float) -> float:
    """2 x y / (x² + y²)², sin 2θ / r² of the same; 0 at the origin."""
    return polar.double_sine(y, x)


def power_rate(x: float, y: float) -> float:
    """y · x**(y - 1), the slope of the power in its base; 0 where y is."""
    if y == 0:
        return 0.0
    if y == 2:
        return 2.0 * x
    return powers.power_rate(x, y)


def power_bend(x: float, y: float) -> float:
    """y (y - 1) · x**(y - 2), how the power bends in its base; 0 where y is 0 or 1."""
    if y == 0:
        return 0.0
    if y == 1:
        return 0.0
    if y == 2:
        return 2.0
    if y == 3:
        return 6.0 * x
    return powers.power_bend(x, y)


def power_third(x: float, y: float) -> float:
    """y (y - 1) (y - 2) · x**(y - 3), how that bends; 0 where y is 0, 1 or 2."""
    if y == 0:
        return 0.0
    if y == 1:
        return 0.0
    if y == 2:
        return 0.0
    if y == 3:
        return 6.0
    return powers.power_third(x, y)


def power_mixed(x: float, y: float) -> float:
    """x**(y - 1) · (1 + y log x), how the slope in the base changes with the exponent."""
    return powers.power_mixed(x, y)


def power_twice(x: float, y: float) -> float:
    """x**(y - 2) · (2 y - 1 + y (y - 1) log x), how the bend changes with the exponent."""
    return powers.power_twice(x, y)


def power_log(x: float, y: float) -> float:
    """x**y · log x, the slope of the power in its exponent; 0 at x = 0 unless y < 0."""
    return powers.power_log(x, y)


def power_log_square(x: float, y: float) -> float:
    """x**y · log²x, how that changes with the exponent; 0 at x = 0 unless y < 0."""
    return powers.power_log_square(x, y)


ieee.guard(globals())
