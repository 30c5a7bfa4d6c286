"""Powers and the cube root, to within 0.52 units in the last place on every platform.

Of a power the logarithm, its product with the exponent and the exponential's largest terms are had
in two doubles each, the larger cut so short that what is made of it is exact (`exp_of_two`). So a
power differs from the correctly rounded one at one in a thousand operands, and
every power that a double holds exactly is exact. Special operands are C99's (annex F). As in
`exponential` nothing is looked up and nothing fused; of ordinary operands a function is assignments
and one expression (`straight`), all other powers are asked number by number.
"""

from __future__ import annotations

from autograd_core.primitives import exponential, floating, libm, logarithm, rounding

THIRD = 0.3333333333333333
TWO_THIRDS = 0.6666666666666666
TWO_THIRDS_SHORT = 0.6666641235351562  # of 17 bits
TWO_THIRDS_REST = 2.5431315104166665e-06
LN2_HIGH = 0.6931471805601177  # of 40 bits: its product with a whole number of 12 is exact
LN2_LOW = -1.7239444525614704e-13
LEAST_NORMAL = 2.2250738585072014e-308
LARGEST = 1.7976931348623157e308
TWO_TO_51 = 2251799813685248.0
TWO_TO_53 = 9007199254740992.0
TWO_TO_54 = 18014398509481984.0
TWO_TO_65 = 36893488147419103232.0
TO_WHOLE = 6755399441055744.0  # 3 * 2**51: what is added to it is rounded to a whole number
TO_QUARTERS = 1688849860263936.0  # and so on: 3 * 2**49
TO_16_BITS = 103079215104.0
TO_25_BITS = 201326592.0
HALVES = 134217729.0  # 2**27 + 1: leaves 26 bits
SPLITTER = 68719476737.0  # 2**36 + 1: leaves 17 bits, whose cube is exact
CBRT_2 = 1.2599210498948732
CBRT_4 = 1.5874010519681996
NAN = libm.fmod(1.0, 0.0)
INFINITY = libm.ldexp(1.0, 1024)


def log_of_quarters(u: float) -> float:
    """log(1 + u) of u = 0, ¼, ½, ¾ and 1, to 40 bits: every step is exact, and 1 gives LN2_HIGH."""
    series = -0.46518143371577025 + u * (0.2165376985358307 - u * 0.054394963080994785)
    return u * (0.996185878821052 + u * series)


def rest_of_log_of_quarters(u: float) -> float:
    """What that lacks; 1 gives LN2_LOW."""
    series = 1.5388660573498019e-12 + u * (2.3672374540741235e-12 - u * 8.05232837785046e-12)
    return u * (3.973830421170387e-12 + u * series)


def power_of_normal(x: float, more: float, y: float, lost: float, factor: float) -> float:
    """(2**more x)**(y + lost) factor, where x is positive, finite and normal, and lost below y."""
    # x is 2**k m, and m a quarter and a little: log m is log quarter + 2 s + 2 s³/3 + ...
    k = floating.exponent(x) + more
    m = floating.significand(x)
    quarters = (m + TO_QUARTERS) - TO_QUARTERS
    above = m - quarters
    below = m + quarters
    inverse = 1.0 / below
    s = above * inverse
    scaled = HALVES * s
    s_high = scaled - (scaled - s)
    below_high = (below + TO_25_BITS) - TO_25_BITS
    below_low = m - (below_high - quarters)
    s_low = inverse * ((above - s_high * below_high) - s_high * below_low)
    s_short = (s + TO_16_BITS) - TO_16_BITS
    s_left = (s_high - s_short) + s_low
    cube = (s_short * s_short) * s_short
    leading_cube = TWO_THIRDS_SHORT * cube
    square = s * s
    fourth = square * square
    first = 0.4000000000000001 + square * 0.28571428571240415
    second = 0.22222222657051696 + square * 0.18181466602360183
    higher = (s * fourth) * ((first + fourth * second) + (fourth * fourth) * 0.15500541922291244)
    left_of_cube = s_left * (square + s_short * (s + s_short))
    rest = (TWO_THIRDS * left_of_cube + TWO_THIRDS_REST * cube) + higher
    u = quarters - 1.0
    whole = k * LN2_HIGH + log_of_quarters(u)
    rest_of_whole = k * LN2_LOW + rest_of_log_of_quarters(u)
    doubled = 2.0 * s_high
    start = whole + doubled
    high = start + leading_cube
    lost_of_high = ((whole - start) + doubled) + ((start - high) + leading_cube)
    low = (lost_of_high + (rest_of_whole + rest)) + 2.0 * s_low
    scaled_high = HALVES * high
    log_high = scaled_high - (scaled_high - high)
    log_low = (high - log_high) + low
    scaled_y = HALVES * y
    y_high = scaled_y - (scaled_y - y)
    y_low = (y - y_high) + lost
    return exponential.exp_of_two(y_high * log_high, y_low * log_high + y * log_low, factor)


def signed(x: float, y: float, out: float) -> float:
    """What abs(x)**y is to be multiplied by is, for a y below 2**51."""
    half = 0.5 * y
    even = (half + TO_WHOLE) - TO_WHOLE
    whole = (y + TO_WHOLE) - TO_WHOLE
    turned = out if even == half else -out
    return out if x > 0 else turned if whole == y else NAN


def odd(y: float) -> float:
    """1 of odd whole numbers, else 0; from 2**53 on all are even."""
    if libm.fabs(y) < TWO_TO_53 and 2.0 * libm.floor(0.5 * y) != y and libm.floor(y) == y:
        return 1.0
    return 0.0


def lost_of_less(y: float, by: float, less: float) -> float:
    """y - by - less, where `less` is the rounded difference; NaN where that is not finite."""
    part = less - y
    return (y - (less - part)) + (-by - part)


def power_less(x: float, y: float, by: float, factor: float) -> float:
    """x**(y - by) factor, where x is positive, finite and normal, and y below 2**51."""
    less = y - by
    return power_of_normal(x, 0.0, less, lost_of_less(y, by, less), factor)


def far_power_less(x: float, y: float, by: float, factor: float) -> float:
    """The same, where x is positive and finite but not 1, and y any number."""
    less = y - by
    lost = lost_of_less(y, by, less)
    bounded = libm.copysign(TWO_TO_65, less) if libm.fabs(less) > TWO_TO_65 else less
    if x < LEAST_NORMAL:
        return power_of_normal(x * TWO_TO_54, -54.0, bounded, lost, factor)
    return power_of_normal(x, 0.0, bounded, lost, factor)


def far_power(x: float, y: float) -> float:
    """x**y where one of them is no number, 0, infinite, tiny or huge."""
    if y == 0 or x == 1:
        return 1.0
    if x != x or y != y:
        return NAN
    size = libm.fabs(x)
    sign = libm.copysign(1.0, x) if odd(y) > 0 else 1.0
    if size == 1:
        return 1.0 if libm.fabs(y) == INFINITY else sign
    if size == 0 or size == INFINITY or libm.fabs(y) == INFINITY:
        return sign * (INFINITY if (size > 1) == (y > 0) else 0.0)
    if x < 0 and libm.floor(y) != y:
        return NAN
    return sign * far_power_less(size, y, 0.0, 1.0)


def power(x: float, y: float) -> float:
    """x**y."""
    size = libm.fabs(x)
    height = libm.fabs(y)
    if size < LEAST_NORMAL or size > LARGEST or height > TWO_TO_51 or x != x or y != y:
        return far_power(x, y)
    return signed(x, y, power_of_normal(size, 0.0, y, 0.0, 1.0))


def mended(out: float, factor: float, error: float) -> float:
    """What has the factor, given back what the factor was rounded by."""
    return out if out == 0 or libm.fabs(out) == INFINITY else out + out * (error / factor)


def far_slope(x: float, y: float, by: float, factor: float) -> float:
    """x**(y - by) factor there; a sign that rounding y - by would turn is y's."""
    size = libm.fabs(x)
    if size == 0 or size == INFINITY or libm.fabs(y) == INFINITY or x != x or y != y:
        return power(x, y - by) * factor
    if x < 0 and libm.floor(y) != y:
        return NAN
    turned = -factor if x < 0 and odd(y) != odd(by) else factor
    return turned if size == 1 else far_power_less(size, y, by, turned)


def far_power_rate(x: float, y: float) -> float:
    """y x**(y - 1) there."""
    if libm.fabs(y) < LEAST_NORMAL and 0 < x < INFINITY:
        return far_power_less(x, y, 1.0, y * TWO_TO_54) / TWO_TO_54
    return far_slope(x, y, 1.0, y)


def power_rate(x: float, y: float) -> float:
    """y x**(y - 1)."""
    size = libm.fabs(x)
    height = libm.fabs(y)
    if size < LEAST_NORMAL or size > LARGEST or x != x:
        return far_power_rate(x, y)
    if height < LEAST_NORMAL or height > TWO_TO_51 or y != y:
        return far_power_rate(x, y)
    return signed(x, y, power_less(size, y, 1.0, y if x > 0 else -y))


def far_power_bend(x: float, y: float, by: float, rest: float) -> float:
    """y rest x**(y - by) there: y - 1 for `by` 2, (y - 1) (y - 2) for 3."""
    if libm.fabs(y) < LEAST_NORMAL and 0 < x < INFINITY:  # x**y is 1, and y nothing beside 1
        once_more = x if by == 3 else 1.0
        out = rest * y * TWO_TO_54 / x / x / once_more
        return out / TWO_TO_54 if libm.fabs(out) < INFINITY else rest * y / x / x / once_more
    if libm.fabs(y * rest) == INFINITY:  # then the power is 0 or infinite too, or 1
        return far_slope(x, y, by, y) * (rest if rest < INFINITY else LARGEST)
    return far_slope(x, y, by, y * rest)


def bend_error(y: float, first: float, bend: float) -> float:
    """y (y - 1) - bend, where `first` is the rounded y - 1 and `bend` its product by y."""
    return rounding.product_error(y, first, bend) + y * lost_of_less(y, 1.0, first)


def power_bend(x: float, y: float) -> float:
    """y (y - 1) x**(y - 2)."""
    size = libm.fabs(x)
    height = libm.fabs(y)
    first = y - 1.0
    if size < LEAST_NORMAL or size > LARGEST or x != x:
        return far_power_bend(x, y, 2.0, first)
    if height < LEAST_NORMAL or height > TWO_TO_51 or y != y:
        return far_power_bend(x, y, 2.0, first)
    bend = y * first
    out = signed(x, y, power_less(size, y, 2.0, bend))
    return mended(out, bend, bend_error(y, first, bend))


def power_third(x: float, y: float) -> float:
    """y (y - 1) (y - 2) x**(y - 3)."""
    size = libm.fabs(x)
    height = libm.fabs(y)
    first = y - 1.0
    second = y - 2.0
    if size < LEAST_NORMAL or size > LARGEST or x != x:
        return far_power_bend(x, y, 3.0, first * second)
    if height < LEAST_NORMAL or height > TWO_TO_51 or y != y:
        return far_power_bend(x, y, 3.0, first * second)
    bend = y * first
    lost = bend_error(y, first, bend)
    factor = bend * second
    more = rounding.product_error(bend, second, factor) + bend * lost_of_less(y, 2.0, second)
    out = signed(x, y, power_less(size, y, 3.0, factor if x > 0 else -factor))
    return mended(out, factor, lost * second + more)


def far_power_log(x: float, y: float, factor: float) -> float:
    """x**y factor there, of log x or its square; 0 where x is and y is not below."""
    if x == 0 and y >= 0:
        return 0.0
    if x > 0 and x != 1 and x < INFINITY and libm.fabs(y) < INFINITY:
        return far_power_less(x, y, 0.0, factor)
    return power(x, y) * factor


def power_log(x: float, y: float) -> float:
    """x**y log x."""
    size = libm.fabs(x)
    rate = logarithm.log(x)
    if size < LEAST_NORMAL or size > LARGEST or libm.fabs(y) > TWO_TO_51 or x != x or y != y:
        return far_power_log(x, y, rate)
    return power_of_normal(size, 0.0, y, 0.0, rate)


def power_log_square(x: float, y: float) -> float:
    """x**y log²x."""
    size = libm.fabs(x)
    rate = logarithm.log(x)
    square = rate * rate
    if size < LEAST_NORMAL or size > LARGEST or libm.fabs(y) > TWO_TO_51 or x != x or y != y:
        return far_power_log(x, y, square)
    lost = rounding.product_error(rate, rate, square)
    more = 2.0 * rate * logarithm.log_error(size, rate)
    return mended(power_of_normal(size, 0.0, y, 0.0, square), square, lost + more)


def far_power_mixed(x: float, y: float, by: float, factor: float, infinite: float) -> float:
    """x**(y - by) factor there, the factor having a logarithm; at x = 0 the limit unless y is by,
    infinite below it."""
    if x == 0 and y == y:
        return 0.0 if y > by else 2.0 * by - 1.0 if y == by else infinite
    if x > 0 and x != 1 and x < INFINITY and libm.fabs(y) < INFINITY:
        if not libm.fabs(factor) < INFINITY:  # then the power is 0 or infinite too
            return far_power_less(x, y, by, libm.copysign(1.0, factor)) * LARGEST + 0.0
        return far_power_less(x, y, by, factor)
    return power(x, y - by) * factor


def power_mixed(x: float, y: float) -> float:
    """x**(y - 1) (1 + y log x)."""
    factor = 1.0 + y * logarithm.log(x)
    if x < LEAST_NORMAL or x > LARGEST or libm.fabs(y) > TWO_TO_51 or x != x or y != y:
        return far_power_mixed(x, y, 1.0, factor, -INFINITY if y > 0 else INFINITY)
    return power_less(x, y, 1.0, factor)


def power_twice(x: float, y: float) -> float:
    """x**(y - 2) (2 y - 1 + y (y - 1) log x)."""
    factor = (2.0 * y - 1.0) + y * ((y - 1.0) * logarithm.log(x))
    if x < LEAST_NORMAL or x > LARGEST or libm.fabs(y) > TWO_TO_51 or x != x or y != y:
        return far_power_mixed(x, y, 2.0, factor, INFINITY if y > 0 and y <= 1 else -INFINITY)
    return power_less(x, y, 2.0, factor)


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
