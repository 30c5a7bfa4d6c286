"""What each primitive computes: floats in, one float out, to within 2.5 units in the last place.

The functions are ordinary Python on ordinary floats; `forward.pxd` beside this file gives them C
types for the compiler. `libm` has the elementary functions; here stand the stable forms built on
them. No derivative is written here (`rules`), and nothing here knows a graph. Every function takes
any float, infinities and NaN included, and raises nothing.

Rounding errors are made up for without fused multiply-add, which would tie the bits to a processor:
`product_error` is Dekker's exact error of a product (Numer. Math. 18, 1971).
"""

from __future__ import annotations

from autograd_core import ieee, libm

NAN = libm.fmod(1.0, 0.0)
INFINITY = libm.exp(1000.0)
SPLITTER = 134217729.0  # 2**27 + 1: splits a double into two halves of 26 bits
LN2 = 0.6931471805599453
INVERSE_SQRT2 = 0.7071067811865476
INVERSE_SQRT2_ERROR = -4.833646656726457e-17  # 1/√2 less the double nearest to it
TWO_OVER_SQRT_PI = 1.1283791670955126
INVERSE_SQRT_TWO_PI = 0.3989422804014327


# Arithmetic.
def add(x, y):
    return x + y


def sub(x, y):
    return x - y


def mul(x, y):
    return x * y


def div(x, y):
    return x / y


def mod(x, y):
    """The remainder with the sign of y, as Python's floats have it."""
    remainder = libm.fmod(x, y)
    if remainder == 0:
        return libm.copysign(0.0, y)
    return remainder + y if (remainder < 0) != (y < 0) else remainder


def floordiv(x, y):
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


def pow(x, y):
    return libm.pow(x, y)


def neg(x):
    return -x


def abs(x):
    return libm.fabs(x)


def square(x):
    return x * x


def reciprocal(x):
    return 1.0 / x


def sqrt(x):
    return libm.sqrt(x)


def cbrt(x):
    """The C library's cube root misses by up to 3.1 ulp; one Newton step mends it."""
    root = libm.cbrt(x)
    if root == 0 or libm.isinf(root) or libm.isnan(root):
        return root
    exponent = libm.ilogb(root)
    small = libm.ldexp(root, -exponent)
    target = libm.ldexp(libm.ldexp(x, -2 * exponent), -exponent)
    squared = small * small
    cubed = squared * small
    error = product_error(squared, small, cubed) + product_error(small, small, squared) * small
    return root - libm.ldexp(((cubed - target) + error) / (3.0 * squared), exponent)


def hypot(x, y):
    """√(x² + y²) without overflow inside, the square root's own error made up for."""
    x, y = libm.fabs(x), libm.fabs(y)
    if x < y:
        x, y = y, x
    if libm.isinf(x) or libm.isinf(y):
        return INFINITY
    if not y > 0 or libm.isnan(x):
        return x + y
    exponent = libm.ilogb(x)
    x, y = libm.ldexp(x, -exponent), libm.ldexp(y, -exponent)
    xx, yy = x * x, y * y
    total = xx + yy
    root = libm.sqrt(total)
    rounded = root * root
    error = (yy - (total - xx)) + product_error(x, x, xx) + product_error(y, y, yy)
    error += (total - rounded) - product_error(root, root, rounded)
    return libm.ldexp(root + error / (2.0 * root), exponent)


# Exponentials and logarithms.
def exp(x):
    return libm.exp(x)


def expm1(x):
    return libm.expm1(x)


def log(x):
    return libm.log(x)


def log1p(x):
    return libm.log1p(x)


def log2(x):
    return libm.log2(x)


def log10(x):
    return libm.log10(x)


def logaddexp(x, y):
    """log(eˣ + eʸ), by the larger of the two."""
    larger, smaller = (x, y) if x >= y else (y, x)
    if larger == smaller:
        return larger + LN2
    difference = smaller - larger
    ratio = libm.exp(difference)
    part = difference - smaller  # what rounding the difference lost, exactly (Knuth's two-sum)
    lost = (smaller - (difference - part)) + (-larger - part)
    if ratio > 0 and lost != 0:
        ratio += ratio * lost
    return larger + libm.log1p(ratio)


# Trigonometric and hyperbolic functions.
def sin(x):
    return libm.sin(x)


def cos(x):
    return libm.cos(x)


def tan(x):
    return libm.tan(x)


def asin(x):
    return libm.asin(x)


def acos(x):
    return libm.acos(x)


def atan(x):
    return libm.atan(x)


def atan2(y, x):
    return libm.atan2(y, x)


def sinh(x):
    return libm.sinh(x)


def cosh(x):
    return libm.cosh(x)


def tanh(x):
    return libm.tanh(x)


def asinh(x):
    return libm.asinh(x)


def acosh(x):
    return libm.acosh(x)


def atanh(x):
    return libm.atanh(x)


# The error function and the normal distribution.
def erf(x):
    return libm.erf(x)


def erfc(x):
    return libm.erfc(x)


def gaussian(x):
    """exp(-x²): the rounding error of x², worth up to 433 ulp, is applied afterwards."""
    if not libm.fabs(x) < 40.0:
        return libm.exp(-x * x)
    squared = x * x
    out = libm.exp(-squared)
    return out - out * product_error(x, x, squared)


def normal_pdf(x):
    """exp(-x²/2) / √(2π), in the manner of `gaussian`."""
    if not libm.fabs(x) < 40.0:
        return libm.exp(-x * x)
    squared = x * x
    out = libm.exp(-0.5 * squared)
    return INVERSE_SQRT_TWO_PI * (out - out * (0.5 * product_error(x, x, squared)))


def normal_cdf(x):
    """½ erfc(-x/√2): what rounding the argument lost comes back through erfc's derivative."""
    if not libm.fabs(x) < 40.0:
        return 0.5 * libm.erfc(-x)
    argument = -x * INVERSE_SQRT2
    lost = product_error(-x, INVERSE_SQRT2, argument) - x * INVERSE_SQRT2_ERROR
    slope = TWO_OVER_SQRT_PI * libm.exp(-argument * argument)
    return 0.5 * (libm.erfc(argument) - slope * lost)


# Activations.
def relu(x):
    return 0.0 if x <= 0 else x


def leaky_relu(x, slope):
    return x if x > 0 else slope * x


def elu(x, alpha):
    return x if x > 0 else alpha * libm.expm1(x)


def sigmoid(x):
    """1 / (1 + e⁻ˣ), by the exponential that does not overflow."""
    if x >= 0:
        return 1.0 / (1.0 + libm.exp(-x))
    power = libm.exp(x)
    return power / (1.0 + power)


def softplus(x):
    """log(1 + eˣ), by the exponential that does not overflow."""
    if x > 0:
        return x + libm.log1p(libm.exp(-x))
    return libm.log1p(libm.exp(x))


def silu(x):
    return strong_product(sigmoid(x), x)


def gelu(x):
    """x Φ(x), the exact form."""
    return strong_product(normal_cdf(x), x)


# Comparisons and steps.
def sign(x):
    return 1.0 if x > 0 else -1.0 if x < 0 else x


def floor(x):
    return libm.floor(x)


def ceil(x):
    return libm.ceil(x)


def trunc(x):
    return libm.trunc(x)


def rint(x):
    """The nearest whole number, halves to the even one."""
    return libm.rint(x)


def maximum(x, y):
    return x if x >= y or x != x else y


def minimum(x, y):
    return x if x <= y or x != x else y


def at_least(x, bound):
    return maximum(x, bound)


def at_most(x, bound):
    return minimum(x, bound)


def clamp(x, low, high):
    return minimum(maximum(x, low), high)


def above(x, y):
    """1 where x > y, else 0; NaN if either is."""
    return 1.0 if x > y else 0.0 if x <= y else NAN


def exceeds(x, y):
    """1 where x > y, ½ at a tie, else 0; NaN if either is."""
    return 1.0 if x > y else 0.0 if x < y else 0.5 if x == y else NAN


def where(condition, x, y):
    return x if condition != 0 else y


# Sums and dot products: chains of additions and products, from left to right.
def sum(*operands):
    total = 0.0
    for operand in operands:
        total = total + operand
    return total


def dot(start, *pairs):
    total = start
    for weight, x in zip(pairs[::2], pairs[1::2], strict=True):
        total = total + weight * x
    return total


# What derivatives are made of.
def strong_product(x, y):
    """x · y, but 0 where x is 0 whatever y is: a factor that removes its partner."""
    return 0.0 if x == 0 else x * y


def log_rate(x):
    """The slope of the logarithm: 1 / x where x >= 0, NaN where there is no logarithm."""
    return 1.0 / x if x >= 0 else NAN


def cosine(x, y):
    """x / √(x² + y²), the cosine of the angle of (x, y); 0 at the origin."""
    larger = libm.fabs(x) if libm.fabs(x) >= libm.fabs(y) else libm.fabs(y)
    if x == 0 and y == 0:
        return 0.0
    if libm.isnan(x) or libm.isnan(y):
        return NAN
    if libm.isinf(larger):
        x = libm.copysign(1.0 if libm.isinf(x) else 0.0, x)
        y = 1.0 if libm.isinf(y) else 0.0
        larger = 1.0
    exponent = libm.ilogb(larger)
    x, y = libm.ldexp(x, -exponent), libm.ldexp(y, -exponent)
    return x / libm.sqrt(x * x + y * y)


def angle_rate(y, x):
    """x / (x² + y²), the rate at which the angle of (x, y) turns with y; 0 at the origin."""
    larger = libm.fabs(x) if libm.fabs(x) >= libm.fabs(y) else libm.fabs(y)
    if x == 0 and y == 0:
        return 0.0
    if libm.isnan(x) or libm.isnan(y):
        return NAN
    if libm.isinf(larger):
        return libm.copysign(0.0, x)
    exponent = libm.ilogb(larger)
    x, y = libm.ldexp(x, -exponent), libm.ldexp(y, -exponent)
    return libm.ldexp(x / (x * x + y * y), -exponent)


def power_rate(x, y):
    """y · x**(y - 1), the slope of the power in its base; 0 where y is.

    The rounding of y - 1, worth up to 355 ulp for large or small x, is applied afterwards.
    """
    if y == 0:
        return 0.0
    exponent = y - 1.0
    out = y * libm.pow(x, exponent)
    part = exponent - y
    lost = (y - (exponent - part)) + (-1.0 - part)
    if lost == 0 or lost != lost or not 0 < x < INFINITY or libm.isinf(out):
        return out
    return out + out * (lost * libm.log(x))


def power_log(x, y):
    """x**y · log x, the slope of the power in its exponent; 0 at x = 0 unless y < 0."""
    return 0.0 if x == 0 and y >= 0 else libm.pow(x, y) * libm.log(x)


def product_error(x, y, product):
    """What rounding lost: x · y - product, exactly, for products that neither over- nor underflow."""
    scaled = SPLITTER * x
    x_high = scaled - (scaled - x)
    x_low = x - x_high
    scaled = SPLITTER * y
    y_high = scaled - (scaled - y)
    y_low = y - y_high
    return ((x_high * y_high - product) + x_high * y_low + x_low * y_high) + x_low * y_low


ieee.guard(globals())
