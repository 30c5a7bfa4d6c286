"""Powers and the cube root, to within 0.8 units in the last place on every platform.

The logarithm and the exponential of a power are taken in two doubles each, so every power that a
double holds exactly, as the squares and cubes of small whole numbers and their roots, is exact.
Special operands are C99's (annex F). As in `exponential` nothing is looked up and nothing fused;
of ordinary operands a function is assignments and one expression (`straight`), all other powers are
asked number by number.
"""

from __future__ import annotations

from autograd_core.primitives import exponential, floating, libm, logarithm, rounding

THIRD = 0.3333333333333333
THIRD_ERROR = 1.850371707708594e-17
FIFTH = 0.2
FIFTH_ERROR = -1.1102230246251566e-17
LN2_HIGH = 0.6931471805598903  # of 42 bits: its product with a whole number of 11 is exact
LN2_LOW = 5.497923018708371e-14
LEAST_NORMAL = 2.2250738585072014e-308
LARGEST = 1.7976931348623157e308
TWO_TO_51 = 2251799813685248.0
TWO_TO_53 = 9007199254740992.0
TWO_TO_54 = 18014398509481984.0
TWO_TO_65 = 36893488147419103232.0
TO_WHOLE = 6755399441055744.0  # 3 * 2**51: what is added to it is rounded to a whole number
SPLITTER = 68719476737.0  # 2**36 + 1: leaves 17 bits, whose cube is exact
CBRT_2 = 1.2599210498948732
CBRT_4 = 1.5874010519681996
NAN = libm.fmod(1.0, 0.0)
INFINITY = libm.ldexp(1.0, 1024)


def power_of_normal(x: float, more: float, y: float) -> float:
    """(2**more x)**y, where x is positive, finite and normal, and y is finite and below 2**66."""
    k = logarithm.doublings(x) + more
    f = logarithm.excess(x)
    # log(1 + f) is 2 s (1 + z/3 + z²/5 + z³ …), where s is f / (2 + f) and z its square.
    below = 2.0 + f
    s = f / below
    product = s * below
    left = (f - product) - rounding.product_error(s, below, product)
    lost_of_s = (left - s * ((2.0 - below) + f)) / below
    z = s * s
    lost_of_z = rounding.product_error(s, s, z) + 2.0 * (s * lost_of_s)
    z2 = z * z
    lost_of_z2 = rounding.product_error(z, z, z2) + 2.0 * (z * lost_of_z)
    first = 0.1428571428571426 + z * 0.11111111111126441
    second = 0.09090909087224489 + z * 0.07692308166655651
    third = 0.06666630516844908 + z * 0.05884034920105803
    fourth = 0.05216322305540752 + z * 0.054734087305890786
    higher = (z * z2) * ((first + z2 * second) + (z2 * z2) * (third + z2 * fourth))
    by_third = z * THIRD
    lost_of_third = rounding.product_error(z, THIRD, by_third) + (
        lost_of_z * THIRD + z * THIRD_ERROR
    )
    by_fifth = z2 * FIFTH
    lost_of_fifth = rounding.product_error(z2, FIFTH, by_fifth) + (
        lost_of_z2 * FIFTH + z2 * FIFTH_ERROR
    )
    bend = by_third + by_fifth
    lost_of_bend = ((by_third - bend) + by_fifth) + (lost_of_third + lost_of_fifth + higher)
    doubled = 2.0 * s
    curve = doubled * bend
    lost_of_curve = rounding.product_error(doubled, bend, curve) + (
        doubled * lost_of_bend + 2.0 * lost_of_s * bend
    )
    # k ln 2 + 2 s + curve
    whole = k * LN2_HIGH
    start = whole + doubled
    lost_of_start = (whole - start) + doubled
    high = start + curve
    low = ((start - high) + curve) + (
        lost_of_start + ((k * LN2_LOW + 2.0 * lost_of_s) + lost_of_curve)
    )
    logarithm_of_x = high + low
    rest = (high - logarithm_of_x) + low
    exponent = logarithm_of_x * y
    lost = rounding.product_error(logarithm_of_x, y, exponent) + rest * y
    return exponential.exp_of_two(exponent, lost)


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
    scaled = SPLITTER * rough
    root = scaled - (scaled - rough)
    cube = (root * root) * root
    r = (target - cube) / cube
    part = r * (THIRD - r * (0.1111111111111111 - r * 0.06172839506172839))
    scale = floating.power_of_two(thirds - (18.0 if inside < LEAST_NORMAL else 0.0))
    out = (root + root * part) * scale
    finite = x if size == INFINITY else -out if x < 0 else out
    return finite if size > 0 else x
