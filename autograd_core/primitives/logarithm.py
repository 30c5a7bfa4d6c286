"""The logarithms and softplus, to within 1.1 units in the last place on every platform.

x is 2**k (1 + f) with 1 + f near 1, and log(1 + f) is f - f²/2 + s (f²/2 + R(s²)), where s is
f / (2 + f) and R a near-minimax polynomial, which is the form of Sun's fdlibm. What rounding takes
from the larger terms is given back. As in `exponential` nothing is looked up and nothing fused, and
every function is assignments and one expression (`straight`).
"""

from __future__ import annotations

from autograd_core.primitives import exponential, floating, libm, rounding

SQRT2 = 1.4142135623730951
LN2_HIGH = 0.6931471805598903  # of 42 bits: its product with a whole number of 11 is exact
LN2_LOW = 5.497923018708371e-14
LEAST_NORMAL = 2.2250738585072014e-308
LOG2_E_HIGH = 1.4426950407214463  # of 32 bits, as is LOG10_E_HIGH
LOG2_E_LOW = 1.6751713164886512e-10
LOG10_E_HIGH = 0.4342944818781689
LOG10_E_LOW = 2.5082946711645275e-11
LOG10_2_HIGH = 0.30102999566361177  # of 40 bits
LOG10_2_LOW = 3.694239077158931e-13
SPLITTER = 8589934593.0  # 2**33 + 1: leaves 20 bits
TWO_TO_MINUS_64 = 5.421010862427522e-20
TWO_TO_54 = 18014398509481984.0
NAN = libm.fmod(1.0, 0.0)
INFINITY = libm.ldexp(1.0, 1024)


def beyond(x: float) -> float:
    """1 where the significand of a positive normal number is from √2 on, else 0."""
    return floating.exponent(floating.significand(x) * SQRT2)


def doublings(x: float) -> float:
    """k with x = 2**k m and m between √½ and √2, for positive normal numbers."""
    return floating.exponent(x) + beyond(x)


def excess(x: float) -> float:
    """That m, less 1, exactly."""
    return floating.significand(x) * (1.0 - 0.5 * beyond(x)) - 1.0


def series(s: float) -> float:
    """log(1 + f) less f - f²/2 + s f²/2, over s, where s = f / (2 + f)."""
    z = s * s
    z2 = z * z
    z4 = z2 * z2
    first = 0.6666666666666665 + z * 0.40000000000011354
    second = 0.28571428567804663 + z * 0.22222222805834363
    third = 0.1818176482312656 + z * 0.15387504326396217
    fourth = 0.13241837908752702 + z * 0.13319108836003507
    return z * ((first + z2 * second) + z4 * (third + z2 * fourth))


def rest(k: float, f: float, lost: float) -> float:
    """k ln 2 + log(1 + f) + lost, less k LN2_HIGH."""
    half_square = 0.5 * f * f
    s = f / (2.0 + f)
    curved = s * (half_square + series(s))
    return f - (half_square - (curved + (k * LN2_LOW + lost)))


def joined(k: float, f: float, lost: float) -> float:
    """k ln 2 + log(1 + f) + lost; what rounding takes from the two largest terms is given back."""
    whole = k * LN2_HIGH
    base = whole + f
    lost_of_base = (whole - base) + f
    s = f / (2.0 + f)
    half_square = 0.5 * f * f
    curved = s * (half_square + series(s))
    return base + (lost_of_base - (half_square - (curved + (k * LN2_LOW + lost))))


def made_normal(x: float) -> float:
    """x, or 2**54 x where x is subnormal, or some number where x has no logarithm."""
    normal = x * TWO_TO_54 if x < LEAST_NORMAL else x
    return normal if normal > LEAST_NORMAL else LEAST_NORMAL


def defined(x: float, out: float) -> float:
    """A logarithm of x, which is `out` where x is positive and finite."""
    from_zero = -INFINITY if x == 0 else out if x < INFINITY else x
    return NAN if x < 0 else from_zero


def log(x: float) -> float:
    """The natural logarithm."""
    normal = made_normal(x)
    k = doublings(normal) - (54.0 if x < LEAST_NORMAL else 0.0)
    out = k * LN2_HIGH + rest(k, excess(normal), 0.0)
    return defined(x, out)


def log_error(x: float, out: float) -> float:
    """log(x) - out, where `out` is the rounded logarithm of a positive normal number.

    What is subtracted is near enough for the difference to be exact.
    """
    k = doublings(x)
    f = excess(x)
    whole = k * LN2_HIGH
    base = whole + f
    lost_of_base = (whole - base) + f
    square = f * f
    lost_of_half = 0.5 * rounding.product_error(f, f, square)
    curved = f / (2.0 + f) * (0.5 * square + series(f / (2.0 + f)))
    left = (base - out) - 0.5 * square
    return left + (curved + (k * LN2_LOW + (lost_of_base - lost_of_half)))


def log1p(x: float) -> float:
    """log(1 + x), with every digit near 0."""
    inside = x if x > -1 else 0.0
    total = 1.0 + inside
    larger = inside if inside > 1.0 else 1.0
    smaller = 1.0 if inside > 1.0 else inside
    lost = (larger - total) + smaller
    k = doublings(total)
    out = k * LN2_HIGH + rest(k, excess(total), lost / total)
    near = x if libm.fabs(x) < 5e-17 else out
    return defined(1.0 + x, near)


def leading(f: float) -> float:
    """The first 20 bits of log(1 + f), about."""
    scaled = SPLITTER * (f - 0.5 * f * f)
    return scaled - (scaled - (f - 0.5 * f * f))


def following(f: float, high: float) -> float:
    """log(1 + f) - high."""
    half_square = 0.5 * f * f
    s = f / (2.0 + f)
    return ((f - high) - half_square) + s * (half_square + series(s))


def log2(x: float) -> float:
    """The logarithm by 2, exact for its powers."""
    normal = made_normal(x)
    k = doublings(normal) - (54.0 if x < LEAST_NORMAL else 0.0)
    f = excess(normal)
    high = leading(f)
    low = following(f, high)
    larger = high * LOG2_E_HIGH
    smaller = (low + high) * LOG2_E_LOW + low * LOG2_E_HIGH
    total = k + larger
    out = total + (((k - total) + larger) + smaller)
    return defined(x, out)


def log10(x: float) -> float:
    """The logarithm by 10, exact for its powers."""
    normal = made_normal(x)
    k = doublings(normal) - (54.0 if x < LEAST_NORMAL else 0.0)
    f = excess(normal)
    high = leading(f)
    low = following(f, high)
    whole = k * LOG10_2_HIGH
    larger = high * LOG10_E_HIGH
    smaller = k * LOG10_2_LOW + ((low + high) * LOG10_E_LOW + low * LOG10_E_HIGH)
    total = whole + larger
    out = total + (((whole - total) + larger) + smaller)
    return defined(x, out)


def softplus(x: float) -> float:
    """log(1 + e**x): the larger of x and 0, and log(1 + e**-abs(x))."""
    below = -libm.fabs(x)
    inside = -746.0 if below < -746.0 else below
    n = exponential.doublings(inside)
    r = exponential.remainder(inside, n)
    curved = exponential.curved(r)
    lost_of_r = exponential.lost_of_remainder(inside, n, r)
    lost_of_power = exponential.lost_of_power(r, curved, lost_of_r)
    scale = floating.power_of_two(n + 64.0)
    small = (1.0 + (r + curved)) * scale * TWO_TO_MINUS_64
    total = 1.0 + small
    lost = ((1.0 - total) + small) + lost_of_power * scale * TWO_TO_MINUS_64
    k = doublings(total)
    whole = k * LN2_HIGH
    above = x if x > 0 else 0.0
    base = above + whole
    part = base - whole
    lost_of_base = (whole - (base - part)) + (above - part)
    # What was lost is divided by the total, of which two digits are enough.
    over = total - 1.0
    lost_of_log = lost - lost * over * (0.9142 - 0.4142 * over)
    out = base + (rest(k, excess(total), lost_of_log) + lost_of_base)
    return x if x > 40.0 else out
