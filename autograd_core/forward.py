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
LOG_SQRT_PI = 0.5723649429247001
LOG_SQRT_PI_ERROR = 5.132975581353913e-18
LOG_SQRT_TWO_PI = 0.9189385332046728
LOG_SQRT_TWO_PI_ERROR = -3.8782941580672414e-17
# erfc(k/8) and 2/√π exp(-(k/8)²) for k from 2 to 24, each as a double and what that leaves.
# fmt: off
ERFC_AT_EIGHTHS = (
    (0.7236736098317631, -3.128407501007366e-17, 1.0600141293761143, -3.450535543789805e-17),
    (0.5958830905651777, -4.041665342500131e-17, 0.9803528095459079, 1.626126208724185e-18),
    (0.4795001221869535, -1.900077467916287e-17, 0.8787825789354448, 3.5998949057352224e-17),
    (0.376759117811582, 2.7016816836135297e-17, 0.7634995357606049, -3.4244726591143616e-17),
    (0.28884436634648486, 8.536743514828927e-18, 0.6429310691952074, -4.291557055743067e-17),
    (0.21592493894014034, 4.289874173274569e-18, 0.5247450452901482, 1.439496850926237e-17),
    (0.15729920705028513, -2.954563826510312e-18, 0.4151074974205947, -1.4333923293314243e-17),
    (0.11161176829829224, -2.291347870416768e-18, 0.3182739585007693, 2.058904255600266e-17),
    (0.07709987174354177, -3.3360693261863044e-19, 0.2365211224472908, -8.289310148800608e-19),
    (0.051829927217909674, 3.160872472615337e-18, 0.1703597736875156, 3.0567104366954338e-18),
    (0.033894853524689274, -8.274380778554473e-19, 0.11893028922362937, -1.9651984831691065e-18),
    (0.021556266760016336, -3.1872158084248303e-19, 0.08047225902251116, 1.0359757380047113e-18),
    (0.013328328780817557, -6.145085778436527e-19, 0.05277499593015037, 3.1148026092514157e-18),
    (0.00800994232988003, -6.364799539770061e-19, 0.03354582842421607, 2.8439313818743537e-18),
    (0.004677734981047266, -3.8794238326641256e-19, 0.020666985354092053, 7.394328005377764e-19),
    (0.0026540293594823415, 4.3370229402713904e-20, 0.012340820614333696, -5.44683730693196e-19),
    (0.0014627165866811518, -6.81920077729474e-20, 0.007142319022017983, -1.553978476951966e-19),
    (0.0007829382178911192, 3.7648655747024134e-20, 0.004006477861670219, 2.4538938067705816e-19),
    (0.0004069520174449589, 2.080297158010754e-20, 0.0021782842303527095, 2.0761314388053658e-19),
    (0.00020537573614121745, -5.600990411407791e-21, 0.001147875125882675, 5.615172539724134e-20),
    (0.00010062192211963683, 6.262545538413354e-21, 0.0005862772470937923, 2.077084876528847e-21),
    (4.785483974377341e-05, 1.2868001298233825e-21, 0.00029022828286249803, 2.622952170736376e-21),
    (2.209049699858544e-05, 1.5563377960343457e-22, 0.00013925305194674786, -1.0114506579785114e-20),
)
# fmt: on


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
    total = x * x + y * y
    root = libm.sqrt(total)
    return libm.ldexp(root + radius_error(x, y, total, root), exponent)


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
    """1 - erf(x); the C library's misses by up to 3.3 ulp to the right of zero."""
    return erfc_tail(x, 0.0) if x >= 0.25 else libm.erfc(x)


def erfc_tail(x, lost):
    """erfc(x + lost) for x >= ¼, where `lost` is what rounding took from x."""
    return erfc_by_taylor(x, lost) if x < 3.0 else erfc_by_fraction(x, lost)


def erfc_by_taylor(x, lost):
    """Around the nearest eighth: erfc less the integral of its slope, term by term."""
    nearest = int(8.0 * x + 0.5)
    center = 0.125 * nearest
    value, value_error, slope, slope_error = ERFC_AT_EIGHTHS[nearest - 2]
    step = (x - center) + lost
    before, term = 1.0, -2.0 * center * step  # of exp(-(center + step)²) over that at the center
    series = 0.0
    count = 1.0
    while libm.fabs(term) > 1e-18:
        count += 1.0
        series += term / count
        before, term = term, -2.0 * (center * step * term + step * step * before) / count
    first = slope * step
    rest = value_error - product_error(slope, step, first) - slope_error * step - first * series
    return value - (first - rest)


def erfc_by_fraction(x, lost):
    """exp(-x²) / √π / (x + ½/(x + 1/(x + 3/2/(x + …)))), Laplace's continued fraction."""
    if x > 28.0:
        return 0.0
    count = libm.floor(260.0 / (x * x)) + 10.0
    fraction = 0.0
    while count > 0:
        fraction = 0.5 * count / (x + fraction)
        count -= 1.0
    fraction += lost
    divisor = x + fraction
    divisor_error = (x - divisor) + fraction
    squared = x * x
    exponent = -squared - LOG_SQRT_PI
    error = ((-squared - exponent) - LOG_SQRT_PI) - LOG_SQRT_PI_ERROR
    error -= product_error(x, x, squared) + 2.0 * x * lost
    power = libm.exp(exponent)
    out = power / divisor
    rounded = out * divisor
    remainder = (power - rounded) - product_error(out, divisor, rounded)
    return out + (remainder / divisor + out * (error - divisor_error / divisor))


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
    exponent = -0.5 * squared - LOG_SQRT_TWO_PI
    larger, smaller = -0.5 * squared, -LOG_SQRT_TWO_PI
    if larger > smaller:
        larger, smaller = smaller, larger
    error = (larger - exponent) + smaller - LOG_SQRT_TWO_PI_ERROR
    error -= 0.5 * product_error(x, x, squared)
    out = libm.exp(exponent)
    return out + out * error


def normal_cdf(x):
    """½ erfc(-x/√2): what rounding the argument lost comes back through erfc's derivative."""
    if not libm.fabs(x) < 40.0:
        return 0.5 * libm.erfc(-x)
    argument = -x * INVERSE_SQRT2
    lost = product_error(-x, INVERSE_SQRT2, argument) - x * INVERSE_SQRT2_ERROR
    if argument >= 0.25:
        return 0.5 * erfc_tail(argument, lost)
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
    """x σ(x), with one rounding less than the product."""
    return x / (1.0 + libm.exp(-x)) if x > -40.0 else strong_product(libm.exp(x), x)


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


def share(x, y):
    """eˣ / (eˣ + eʸ), the logistic function of x - y; what rounding the difference lost is applied."""
    difference = x - y
    part = difference - x
    lost = (x - (difference - part)) + (-y - part)
    power = libm.exp(-libm.fabs(difference))
    if lost == lost:
        power += power * (lost if difference < 0 else -lost)
    return (power if difference < 0 else 1.0) / (1.0 + power)


def cosine(x, y):
    """x / √(x² + y²), the cosine of the angle of (x, y); 0 at the origin."""
    if x == 0 and y == 0:
        return 0.0
    if libm.isnan(x) or libm.isnan(y):
        return NAN
    if libm.isinf(x) or libm.isinf(y):
        x = libm.copysign(1.0 if libm.isinf(x) else 0.0, x)
        y = 1.0 if libm.isinf(y) else 0.0
    exponent = larger_exponent(x, y)
    numerator = libm.ldexp(x, 512 - exponent)  # far from the subnormals, where digits would be lost
    x, y = libm.ldexp(x, -exponent), libm.ldexp(y, -exponent)
    total = x * x + y * y
    root = libm.sqrt(total)
    out = numerator / root
    rounded = out * root
    remainder = (numerator - rounded) - product_error(out, root, rounded)
    out += (remainder - out * radius_error(x, y, total, root)) / root
    return libm.ldexp(out, -512)


def angle_rate(y, x):
    """x / (x² + y²), the rate at which the angle of (x, y) turns with y; 0 at the origin."""
    if x == 0 and y == 0:
        return 0.0
    if libm.isnan(x) or libm.isnan(y):
        return NAN
    if libm.isinf(x) or libm.isinf(y):
        return libm.copysign(0.0, x)
    exponent = larger_exponent(x, y)
    numerator = libm.ldexp(x, 512 - exponent)
    x, y = libm.ldexp(x, -exponent), libm.ldexp(y, -exponent)
    total = x * x + y * y
    out = numerator / total
    rounded = out * total
    remainder = (numerator - rounded) - product_error(out, total, rounded)
    out += (remainder - out * squares_error(x, y, total)) / total
    return libm.ldexp(out, -512 - exponent)


def power_rate(x, y):
    """y · x**(y - 1), the slope of the power in its base; 0 where y is.

    The rounding of y - 1, worth up to 355 ulp for large or small x, is applied afterwards.
    """
    if y == 0:
        return 0.0
    exponent = y - 1.0
    out = power_times(x, exponent, y)
    part = exponent - y
    lost = (y - (exponent - part)) + (-1.0 - part)
    if lost == 0 or lost != lost or not 0 < x < INFINITY or libm.isinf(out):
        return out
    return out + out * (lost * libm.log(x))


def power_log(x, y):
    """x**y · log x, the slope of the power in its exponent; 0 at x = 0 unless y < 0."""
    return 0.0 if x == 0 and y >= 0 else power_times(x, y, libm.log(x))


def power_times(x, y, factor):
    """x**y · factor; a power that leaves the range may come back to it by the factor."""
    power = libm.pow(x, y)
    magnitude = libm.fabs(power)
    if 1e-290 < magnitude < 1e290 or magnitude != magnitude:
        return power * factor
    root = libm.pow(libm.fabs(x), 0.5 * y)
    return libm.copysign(root, power) * factor * root


# What rounding lost.
def larger_exponent(x, y):
    """The binary exponent of the larger of two magnitudes."""
    return libm.ilogb(x if libm.fabs(x) >= libm.fabs(y) else y)


def radius_error(x, y, total, root):
    """√(x² + y²) - root, where `total` is the rounded sum of the squares and `root` its root."""
    squared = root * root
    error = (total - squared) - product_error(root, root, squared) + squares_error(x, y, total)
    return error / (2.0 * root)


def squares_error(x, y, total):
    """x² + y² - total, where `total` is the rounded sum."""
    larger, smaller = x * x, y * y
    error = product_error(x, x, larger) + product_error(y, y, smaller)
    if larger < smaller:
        larger, smaller = smaller, larger
    return (smaller - (total - larger)) + error


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
