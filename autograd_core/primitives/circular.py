"""The circular functions, to within 0.9 units in the last place on every platform, any operand.

The operand less the nearest multiple of π/2 is had in two doubles, and a near-minimax polynomial of
them is the sine or the cosine. Up to 2**20 π/2 that multiple is subtracted in parts (Cody and
Waite, Software Manual for the Elementary Functions, 1980); beyond, the quotient is had from the
digits of 2/π (Payne and Hanek, SIGNUM Newsletter 18, 1983), which is not straight and asked number
by number. As in `exponential` nothing is fused.
"""

from __future__ import annotations

from autograd_core.primitives import floating, libm, rounding

TO_WHOLE = 6755399441055744.0  # 3 * 2**51: what is added to it is rounded to a whole number
TWO_OVER_PI = 0.6366197723675814
FAR = 1647099.0  # 2**20 π/2: beyond it the parts of π/2 are too short
# π/2, the first three of 33 bits: their products with a whole number of 20 are exact.
HALF_PI_1 = 1.5707963267341256
HALF_PI_2 = 6.077100506303966e-11
HALF_PI_3 = 2.0222662487111665e-21
HALF_PI_4 = 8.4784276603689e-32
HALF_PI = 1.5707963267948966
HALF_PI_ERROR = 6.123233995736766e-17
NAN = libm.fmod(1.0, 0.0)
INFINITY = libm.ldexp(1.0, 1024)

# 2/π in digits of 24 bits.
# fmt: off
TWO_OVER_PI_DIGITS = (
    (10680707.0,), (7228996.0,), (1387004.0,), (2578385.0,), (16069853.0,), (12639074.0,),
    (9804092.0,), (4427841.0,), (16666979.0,), (11263675.0,), (12935607.0,), (2387514.0,),
    (4345298.0,), (14681673.0,), (3074569.0,), (13734428.0,), (16653803.0,), (1880361.0,),
    (10960616.0,), (8533493.0,), (3062596.0,), (8710556.0,), (7349940.0,), (6258241.0,),
    (3772886.0,), (3769171.0,), (3798172.0,), (8675211.0,), (12450088.0,), (3874808.0,),
    (9961438.0,), (366607.0,), (15675153.0,), (9132554.0,), (7151469.0,), (3571407.0,),
    (2607881.0,), (12013382.0,), (4155038.0,), (6285869.0,), (7677882.0,), (13102053.0,),
    (15825725.0,), (473591.0,), (9065106.0,), (15363067.0,), (6271263.0,), (9264392.0,),
    (5636912.0,), (4652155.0,), (7056368.0,), (13614112.0,), (10155062.0,), (1944035.0,),
)
# fmt: on


# The remainder of what is not far.
def quarters(x: float) -> float:
    """The whole number nearest to 2 x / π."""
    return (x * TWO_OVER_PI + TO_WHOLE) - TO_WHOLE


def remainder(x: float, k: float) -> float:
    """x - k π/2."""
    first = x - k * HALF_PI_1
    second = first - k * HALF_PI_2
    third = second - k * HALF_PI_3
    return third - later_parts(x, k)


def later_parts(x: float, k: float) -> float:
    """What the remainder's last step subtracts."""
    first = x - k * HALF_PI_1
    second = first - k * HALF_PI_2
    third = second - k * HALF_PI_3
    lost = ((first - second) - k * HALF_PI_2) + ((second - third) - k * HALF_PI_3)
    return k * HALF_PI_4 - lost


def lost_of_remainder(x: float, k: float, r: float) -> float:
    """What rounding took from r, the remainder."""
    first = x - k * HALF_PI_1
    second = first - k * HALF_PI_2
    third = second - k * HALF_PI_3
    return (third - r) - later_parts(x, k)


# The remainder of what is.
def far_part(x: float, part: float) -> float:
    """Of x / (π/2): the whole number nearest to it, less a multiple of 4, for part 0; the rest
    times π/2 for part 1, and what rounding took from that for part 2. x is positive.
    """
    exponent = floating.exponent(x)
    size = floating.significand(x)
    scaled = rounding.SPLITTER * size
    high = scaled - (scaled - size)
    low = size - high
    # Digits whose products are multiples of 4 whatever the last bit of x is are left out.
    skipped = libm.floor((exponent - 54.0) / 24.0)
    place = int(skipped if skipped > 0 else 0.0)
    stop = int(place + 10)
    total = 0.0
    lost = 0.0
    least = 0.0
    while place < stop:
        digit = TWO_OVER_PI_DIGITS[place][0]
        scale = floating.power_of_two(exponent - 24.0 * (place + 1))
        half = 0.0
        while half < 2.0:
            term = (high if half == 0 else low) * digit * scale
            term -= 4.0 * libm.rint(0.25 * term)
            before = total
            total = before + term
            back = total - before
            error = (before - (total - back)) + (term - back)
            before = lost
            lost = before + error
            back = lost - before
            least += (before - (lost - back)) + (error - back)
            half += 1.0
        place += 1
    whole = libm.rint(total)
    if part == 0:
        return whole - 4.0 * libm.floor(0.25 * whole)
    total -= whole
    rest = total + (lost + least)
    lost = ((total - rest) + lost) + least
    out = rest * HALF_PI
    if part == 1:
        return out
    return rounding.product_error(rest, HALF_PI, out) + (rest * HALF_PI_ERROR + lost * HALF_PI)


# The polynomials, where abs(r + lost) <= π/4.
def sine_bend(r: float, lost: float) -> float:
    """r - sin(r + lost)."""
    square = r * r
    fourth = square * square
    first = 0.008333333333333323 - square * 0.00019841269841255145
    second = 2.75573192142298e-06 - square * 2.5052104921588574e-08
    third = 1.6058367874073186e-10 - square * 7.578758576522311e-13
    series = (first + fourth * second) + (fourth * fourth) * third
    cube = square * r
    return (square * (0.5 * lost - cube * series) - lost) + cube * 0.16666666666666666


def cosine_bend(r: float, lost: float) -> float:
    """cos(r + lost) - (1 - r²/2), and what rounding took from 1 - r²/2."""
    square = r * r
    fourth = square * square
    first = 0.041666666666666664 - square * 0.0013888888888888874
    second = 2.4801587301571533e-05 - square * 2.75573192153914e-07
    third = 2.087675436947642e-09 - square * 1.1470293625955464e-11
    last = third + fourth * 4.738124661317967e-14
    series = fourth * ((first + fourth * second) + (fourth * fourth) * last)
    half = 0.5 * square
    start = 1.0 - half
    return ((1.0 - start) - half) + (series - r * lost)


def sine(r: float, lost: float) -> float:
    """sin(r + lost)."""
    return r - sine_bend(r, lost)


def cosine(r: float, lost: float) -> float:
    """cos(r + lost)."""
    return (1.0 - 0.5 * (r * r)) + cosine_bend(r, lost)


def turned(k: float, sine_there: float, cosine_there: float) -> float:
    """The sine k quarters of a turn on."""
    quadrant = k - 4.0 * ((0.25 * k + TO_WHOLE) - TO_WHOLE)
    even = sine_there if quadrant == 0 else -sine_there
    odd = cosine_there if quadrant > 0 else -cosine_there
    return odd if libm.fabs(quadrant) == 1 else even


def far_sin(x: float, further: float) -> float:
    """sin(abs(x) + further π/2)."""
    if not libm.fabs(x) < INFINITY:
        return NAN
    k = far_part(libm.fabs(x), 0.0)
    r = far_part(libm.fabs(x), 1.0)
    lost = far_part(libm.fabs(x), 2.0)
    return turned(k + further, sine(r, lost), cosine(r, lost))


def sin(x: float) -> float:
    if libm.fabs(x) > FAR:
        return libm.copysign(1.0, x) * far_sin(x, 0.0)
    k = quarters(x)
    r = remainder(x, k)
    lost = lost_of_remainder(x, k, r)
    return x if x == 0 else turned(k, sine(r, lost), cosine(r, lost))


def cos(x: float) -> float:
    if libm.fabs(x) > FAR:
        return far_sin(x, 1.0)
    k = quarters(x)
    r = remainder(x, k)
    lost = lost_of_remainder(x, k, r)
    return turned(k + 1.0, sine(r, lost), cosine(r, lost))


def quotient(k: float, r: float, lost: float) -> float:
    """tan(r + lost + k π/2): the sine over the cosine there, their rounding made up for."""
    bend = sine_bend(r, lost)
    sine_there = r - bend
    lost_of_sine = (r - sine_there) - bend
    start = 1.0 - 0.5 * (r * r)
    more = cosine_bend(r, lost)
    cosine_there = start + more
    lost_of_cosine = (start - cosine_there) + more
    half = 0.5 * k
    odd = half - ((half + TO_WHOLE) - TO_WHOLE)
    above = cosine_there if odd != 0 else sine_there
    lost_above = lost_of_cosine if odd != 0 else lost_of_sine
    below = -sine_there if odd != 0 else cosine_there
    lost_below = -lost_of_sine if odd != 0 else lost_of_cosine
    out = above / below
    product = out * below
    missing = (above - product) - rounding.product_error(out, below, product)
    return out + (missing + (lost_above - out * lost_below)) / below


def far_tan(x: float) -> float:
    if not libm.fabs(x) < INFINITY:
        return NAN
    size = libm.fabs(x)
    return quotient(far_part(size, 0.0), far_part(size, 1.0), far_part(size, 2.0))


def tan(x: float) -> float:
    if libm.fabs(x) > FAR:
        return libm.copysign(1.0, x) * far_tan(x)
    k = quarters(x)
    r = remainder(x, k)
    out = quotient(k, r, lost_of_remainder(x, k, r))
    return x if libm.fabs(x) < 1e-160 else out
