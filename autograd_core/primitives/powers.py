"""Powers and the cube root on every platform: a power's rounding is as good as the best, with an
error of at most 0.501 units in the last place, and a cube root is within 0.6.

The logarithm and the exponential of a power are taken in two doubles each, so every power that a
double holds exactly, as the squares and cubes of small whole numbers and their roots, is exact.
Special operands are C99's (annex F). As in `exponential` nothing is looked up and nothing fused;
of ordinary operands a function is assignments and one expression (`straight`), all other powers are
asked number by number.
"""

from __future__ import annotations

from autograd_core.primitives import exponential, floating, libm, logarithm

THIRD = 0.3333333333333333
THIRD_ERROR = 1.850371707708594e-17
FIFTH = 0.2
FIFTH_PART = 0.19999999925494194
FIFTH_REST = 7.450580707946131e-10
LN2_HIGH = 0.6931471805598903  # of 42 bits: its product with a whole number of 11 is exact
LN2_LOW = 5.497923018708371e-14
LEAST_NORMAL = 2.2250738585072014e-308
LARGEST = 1.7976931348623157e308
TWO_TO_51 = 2251799813685248.0
TWO_TO_53 = 9007199254740992.0
TWO_TO_54 = 18014398509481984.0
TWO_TO_65 = 36893488147419103232.0
TO_WHOLE = 6755399441055744.0  # 3 * 2**51: what is added to it is rounded to a whole number
# 3 * 2**(51 - bits): what is added to them is rounded to so many binary places.
TO_25_BITS = 201326592.0
TO_27_BITS = 50331648.0
TO_31_BITS = 3145728.0
TO_32_BITS = 1572864.0
SPLITTER = 134217729.0  # 2**27 + 1: leaves 26 bits
CUBE_SPLITTER = 68719476737.0  # 2**36 + 1: leaves 17 bits, whose cube is exact
CBRT_2 = 1.2599210498948732
CBRT_4 = 1.5874010519681996
NAN = libm.fmod(1.0, 0.0)
INFINITY = libm.ldexp(1.0, 1024)


def power_of_normal(x: float, more: float, y: float) -> float:
    """(2**more x)**y, where x is positive, finite and normal, and y is finite and below 2**66."""
    k = logarithm.doublings(x) + more
    f = logarithm.excess(x)
    # log(1 + f) is 2 s (1 + z g), where s is f / (2 + f), z its square and g 1/3 + z/5 + z²/7 …
    # What ends in _part has 26 bits, so that its products are exact; the rest is carried beside it.
    below = 2.0 + f
    below_part = (below + TO_25_BITS) - TO_25_BITS
    inverse = 1.0 / below
    s = f * inverse
    scaled_s = SPLITTER * s
    s_part = scaled_s - (scaled_s - s)
    s_rest = ((f - s_part * below_part) - s_part * ((2.0 - below_part) + f)) * inverse
    z_high = s_part * s_part
    z_low = (s + s_part) * s_rest
    z_part = (z_high + TO_31_BITS) - TO_31_BITS
    z_rest = (z_high - z_part) + z_low
    z = z_high + z_low
    z2 = z * z
    first = 0.1428571428571426 + z * 0.11111111111126441
    second = 0.09090909087224489 + z * 0.07692308166655651
    third = 0.06666630516844908 + z * 0.05884034920105803
    fourth = 0.05216322305540752 + z * 0.054734087305890786
    higher = z2 * ((first + z2 * second) + (z2 * z2) * (third + z2 * fourth))
    by_fifth = z_part * FIFTH_PART
    g_part = ((THIRD + by_fifth) + TO_27_BITS) - TO_27_BITS
    g_rest = ((THIRD - g_part) + by_fifth) + (
        ((z_part * FIFTH_REST + z_rest * FIFTH) + higher) + THIRD_ERROR
    )
    bend_high = z_part * g_part
    bend_low = z_part * g_rest + z_rest * (g_part + g_rest)
    bend = bend_high + bend_low
    bend_part = (bend + TO_32_BITS) - TO_32_BITS
    bend_rest = (bend_high - bend_part) + bend_low
    doubled = 2.0 * s_part
    curve = doubled * bend_part
    lost_of_curve = doubled * bend_rest + 2.0 * (s_rest * bend)
    # k ln 2 + 2 s + curve
    whole = k * LN2_HIGH
    start = whole + doubled
    lost_of_start = (whole - start) + doubled
    high = start + curve
    low = ((start - high) + curve) + (
        lost_of_start + ((k * LN2_LOW + lost_of_curve) + 2.0 * s_rest)
    )
    scaled_high = SPLITTER * high
    high_part = scaled_high - (scaled_high - high)
    scaled_y = SPLITTER * y
    y_part = scaled_y - (scaled_y - y)
    lost = high_part * (y - y_part) + ((high - high_part) + low) * y
    return exponential.exp_of_two(high_part * y_part, lost)


def far_power(x: float, y: float) -> float:
    """x**y where one of them is no number, 0, infinite, tiny or huge."""
    if y == 0 or x == 1:
        return 1.0
    if x != x or y != y:
        return NAN
    size = libm.fabs(x)
    odd = 0.0
    if libm.fabs(y) < TWO_TO_53 and 2.0 * libm.floor(0.5 * y) != y and libm.floor(y) == y:
        odd = 1.0
    sign = libm.copysign(1.0, x) if odd > 0 else 1.0
    if size == 1:
        return 1.0 if libm.fabs(y) == INFINITY else sign
    if size == 0 or size == INFINITY or libm.fabs(y) == INFINITY:
        return sign * (INFINITY if (size > 1) == (y > 0) else 0.0)
    if x < 0 and libm.floor(y) != y:
        return NAN
    bounded = libm.copysign(TWO_TO_65, y) if libm.fabs(y) > TWO_TO_65 else y
    if size < LEAST_NORMAL:
        return sign * power_of_normal(size * TWO_TO_54, -54.0, bounded)
    return sign * power_of_normal(size, 0.0, bounded)


def power(x: float, y: float) -> float:
    """x**y."""
    size = libm.fabs(x)
    height = libm.fabs(y)
    if size < LEAST_NORMAL or size > LARGEST or height > TWO_TO_51 or x != x or y != y:
        return far_power(x, y)
    out = power_of_normal(size, 0.0, y)
    half = 0.5 * y
    even = (half + TO_WHOLE) - TO_WHOLE
    whole = (y + TO_WHOLE) - TO_WHOLE
    signed = out if even == half else -out
    return out if x > 0 else signed if whole == y else NAN


def cbrt(x: float) -> float:
    """The cube root: a polynomial's of 17 bits, and the series of what is left."""
    size = libm.fabs(x)
    inside = size if size > 0 else 1.0
    normal = inside * TWO_TO_54 if inside < LEAST_NORMAL else inside
    k = floating.exponent(normal)
    thirds = ((k - 1.0) * THIRD + TO_WHOLE) - TO_WHOLE
    left = k - 3.0 * thirds
    m = floating.significand(normal)
    target = m if left == 0 else 2.0 * m if left == 1 else 4.0 * m
    factor = 1.0 if left == 0 else CBRT_2 if left == 1 else CBRT_4
    square = m * m
    start = (0.5069831723256416 + m * 0.7181427026041505) - square * (
        (0.3005993258988789 - m * 0.08608553722229294) + square * 0.010602880535074776
    )
    rough = start * factor
    scaled = CUBE_SPLITTER * rough
    root = scaled - (scaled - rough)
    cube = (root * root) * root
    r = (target - cube) / cube
    part = r * (THIRD - r * (0.1111111111111111 - r * 0.06172839506172839))
    scale = floating.power_of_two(thirds - (18.0 if inside < LEAST_NORMAL else 0.0))
    out = (root + root * part) * scale
    finite = x if size == INFINITY else -out if x < 0 else out
    return finite if size > 0 else x
