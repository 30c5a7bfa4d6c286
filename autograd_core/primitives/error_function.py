"""The complementary error function and the normal distribution, to 2 units in the last place.

The C library's `erfc` misses by up to 3.3 units to the right of zero, and exp(-x²) by up to 433
where the square is rounded. Here erfc is a Taylor series around the nearest eighth or a continued
fraction, and what rounding took is applied afterwards (`rounding`). The functions are ordinary
Python on floats; `error_function.pxd` beside this file gives them C types for the compiler.
"""

from __future__ import annotations

from autograd_core.primitives import exponential, ieee, libm, rounding

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
    (0.7236736098317631, -3.12841e-17, 1.0600141293761143, -3.45054e-17),
    (0.5958830905651777, -4.04167e-17, 0.9803528095459079, 1.62613e-18),
    (0.4795001221869535, -1.90008e-17, 0.8787825789354448, 3.59989e-17),
    (0.376759117811582, 2.70168e-17, 0.7634995357606049, -3.42447e-17),
    (0.28884436634648486, 8.53674e-18, 0.6429310691952074, -4.29156e-17),
    (0.21592493894014034, 4.28987e-18, 0.5247450452901482, 1.4395e-17),
    (0.15729920705028513, -2.95456e-18, 0.4151074974205947, -1.43339e-17),
    (0.11161176829829224, -2.29135e-18, 0.3182739585007693, 2.0589e-17),
    (0.07709987174354177, -3.33607e-19, 0.2365211224472908, -8.28931e-19),
    (0.051829927217909674, 3.16087e-18, 0.1703597736875156, 3.05671e-18),
    (0.033894853524689274, -8.27438e-19, 0.11893028922362937, -1.9652e-18),
    (0.021556266760016336, -3.18722e-19, 0.08047225902251116, 1.03598e-18),
    (0.013328328780817557, -6.14509e-19, 0.05277499593015037, 3.1148e-18),
    (0.00800994232988003, -6.3648e-19, 0.03354582842421607, 2.84393e-18),
    (0.004677734981047266, -3.87942e-19, 0.020666985354092053, 7.39433e-19),
    (0.0026540293594823415, 4.33702e-20, 0.012340820614333696, -5.44684e-19),
    (0.0014627165866811518, -6.8192e-20, 0.007142319022017983, -1.55398e-19),
    (0.0007829382178911192, 3.76487e-20, 0.004006477861670219, 2.45389e-19),
    (0.0004069520174449589, 2.0803e-20, 0.0021782842303527095, 2.07613e-19),
    (0.00020537573614121745, -5.60099e-21, 0.001147875125882675, 5.61517e-20),
    (0.00010062192211963683, 6.26255e-21, 0.0005862772470937923, 2.07708e-21),
    (4.785483974377341e-05, 1.2868e-21, 0.00029022828286249803, 2.62295e-21),
    (2.209049699858544e-05, 1.55634e-22, 0.00013925305194674786, -1.01145e-20),
)
# fmt: on


def erfc(x: float) -> float:
    """1 - erf(x); the C library's misses by up to 3.3 ulp to the right of zero."""
    return erfc_tail(x, 0.0) if x >= 0.25 else libm.erfc(x)


def erfc_tail(x: float, lost: float) -> float:
    """erfc(x + lost) for x >= ¼, where `lost` is what rounding took from x."""
    return erfc_by_taylor(x, lost) if x < 3.0 else erfc_by_fraction(x, lost, 1.0)


def erfc_by_taylor(x: float, lost: float) -> float:
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
    rest = value_error - rounding.product_error(slope, step, first) - slope_error * step
    return value - (first - (rest - first * series))


def erfc_by_fraction(x: float, lost: float, times: float) -> float:
    """exp(-x²) / √π / (x + ½/(x + 1/(x + 3/2/(x + …)))), Laplace's continued fraction.

    So many times that, which a product with a subnormal number would give with few digits.
    """
    if x > 28.5:
        return 0.0 * times
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
    error -= rounding.product_error(x, x, squared) + 2.0 * x * lost
    if x > 26.5:  # as a square, whose root has all its digits
        exponent = 0.5 * exponent
        times = times * exponential.exp(exponent)
    power = exponential.exp(exponent)
    out = power / divisor
    rounded = out * divisor
    remainder = (power - rounded) - rounding.product_error(out, divisor, rounded)
    return (out + (remainder / divisor + out * (error - divisor_error / divisor))) * times


def gaussian(x: float) -> float:
    """exp(-x²): the rounding error of x², worth up to 433 ulp, is applied afterwards."""
    squared = x * x
    out = exponential.exp(-squared)
    if libm.fabs(x) >= 40.0:
        return out
    return out - out * rounding.product_error(x, x, squared)


def normal_pdf(x: float) -> float:
    """exp(-x²/2) / √(2π), in the manner of `gaussian`."""
    squared = x * x
    half = -0.5 * squared
    exponent = half - LOG_SQRT_TWO_PI
    out = exponential.exp(exponent)
    if libm.fabs(x) >= 40.0:
        return out
    larger = half if half <= -LOG_SQRT_TWO_PI else -LOG_SQRT_TWO_PI
    smaller = -LOG_SQRT_TWO_PI if half <= -LOG_SQRT_TWO_PI else half
    error = (larger - exponent) + smaller - LOG_SQRT_TWO_PI_ERROR
    error -= 0.5 * rounding.product_error(x, x, squared)
    return out + out * error


def normal_cdf(x: float) -> float:
    """½ erfc(-x/√2): what rounding the argument lost comes back through erfc's derivative."""
    if not libm.fabs(x) < 40.0:
        return 0.5 * libm.erfc(-x)
    argument = -x * INVERSE_SQRT2
    lost = lost_argument(x, argument)
    if argument >= 0.25:
        return 0.5 * erfc_tail(argument, lost)
    slope = TWO_OVER_SQRT_PI * exponential.exp(-argument * argument)
    return 0.5 * (libm.erfc(argument) - slope * lost)


def lost_argument(x: float, argument: float) -> float:
    """-x/√2 less the product that stands for it."""
    return rounding.product_error(-x, INVERSE_SQRT2, argument) - x * INVERSE_SQRT2_ERROR


def gelu_tail(x: float) -> float:
    """x Φ(x) for -40 < x < -37, where Φ(x) is subnormal and the product need not be."""
    argument = -x * INVERSE_SQRT2
    return erfc_by_fraction(argument, lost_argument(x, argument), 0.5 * x)


ieee.guard(globals())
