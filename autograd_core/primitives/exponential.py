"""The exponential and what is made of it, to within 1.1 units in the last place on every platform.

e**x is 2**n e**r with a whole n and a small r, whose exponential is a polynomial. Nothing is looked
up in a table and nothing is fused, so whoever takes these steps, a number at a time or in lanes,
gets the same bits. Every function is assignments and one expression (`straight`), and takes any
float, infinities and NaN included. The polynomials are near-minimax (Remez).
"""

from __future__ import annotations

from autograd_core.primitives import floating, libm, rounding

TO_WHOLE = 6755399441055744.0  # 3 * 2**51: what is added to it is rounded to a whole number
MORE_THAN_HALF = 0.500001  # of whole numbers: what is rounded away from 0
LOG2_E = 1.4426950408889634
LN2_HIGH = 0.6931471805598903  # of 42 bits: its product with a whole number of 11 is exact
LN2_LOW = 5.497923018708371e-14
LN2 = 0.6931471805599453
LN2_ERROR = 2.3190468138462996e-17
SIXTH = 0.16666666666666666
SIXTH_SHORT = 0.1666717529296875  # of 14 bits
SIXTH_REST = -5.086263020833333e-06
TO_14_BITS = 412316860416.0  # 3 * 2**37: what is added to it is rounded to 14 binary places
TO_25_BITS = 201326592.0
BEYOND = 1418.0  # no factor brings e to that power back to the range
INFINITY = libm.ldexp(1.0, 1024)
TWO_TO_MINUS_64 = 5.421010862427522e-20


def within(x: float, low: float, high: float) -> float:
    """x, if it is between the bounds or no number, else the nearer of them."""
    below = high if x > high else x
    return low if below < low else below


def doublings(x: float) -> float:
    """The whole number nearest to x / ln 2."""
    return (x * LOG2_E + TO_WHOLE) - TO_WHOLE


def remainder(x: float, n: float) -> float:
    """x - n ln 2."""
    return (x - n * LN2_HIGH) - n * LN2_LOW


def lost_of_remainder(x: float, n: float, r: float) -> float:
    """What rounding took from r, the remainder."""
    return ((x - n * LN2_HIGH) - r) - n * LN2_LOW


def curved(r: float) -> float:
    """e**r - 1 - r, where abs(r) <= ln 2 / 2."""
    square = r * r
    fourth = square * square
    first = 0.16666666666666685 + r * 0.04166666666660285
    second = 0.008333333333313963 + r * 0.0013888888927241871
    third = 0.0001984126990483633 + r * 2.4801508129402922e-05
    fourth_pair = 2.7557226135851036e-06 + r * 2.7625403351833834e-07
    series = (first + square * second) + fourth * (
        (third + square * fourth_pair) + fourth * 2.5115081543109095e-08
    )
    return 0.5 * square + (square * r) * series


def lost_of_power(r: float, rest: float, lost: float) -> float:
    """What rounding took from 1 + (r + rest), if `lost` was taken from r."""
    grown = r + rest
    power = 1.0 + grown
    return ((1.0 - power) + grown) + (((r - grown) + rest) + lost)


def scaled(y: float, n: float) -> float:
    """y 2**n for y near 1, rounded once; 2**n need not be a normal number."""
    half = (0.5 * n + TO_WHOLE) - TO_WHOLE
    return y * floating.power_of_two(half) * floating.power_of_two(n - half)


def exp(x: float) -> float:
    """e**x."""
    inside = within(x, -746.0, 710.0)
    n = doublings(inside)
    r = remainder(inside, n)
    rest = curved(r)
    power = 1.0 + (r + rest)
    return scaled(power + lost_of_power(r, rest, lost_of_remainder(inside, n, r)), n)


def further_remainder(x: float, n: float, lost: float) -> float:
    """x + lost - n ln 2."""
    return (x - n * LN2_HIGH) - (n * LN2_LOW - lost)


def lost_of_further(x: float, n: float, lost: float, r: float) -> float:
    """What rounding took from r, that remainder."""
    return ((x - n * LN2_HIGH) - r) - (n * LN2_LOW - lost)


def from_fourth(r: float) -> float:
    """(e**r - 1 - r - r²/2 - r³/6) / r⁴, where abs(r) <= ln 2 / 2."""
    square = r * r
    first = 0.04166666666666641 + r * 0.008333333333327237
    second = 0.0013888888889052333 + r * 0.00019841269875129277
    third = 2.480158696423012e-05 + r * 2.755725326192073e-06
    fourth = 2.7557592607000195e-07 + r * 2.510636265323283e-08
    fourth_on = third + square * fourth + (square * square) * 2.08149098664164e-09
    return (first + square * second) + (square * square) * fourth_on


def exp_of_two(x: float, lost: float, times: float) -> float:
    """times e**(x + lost) for a small `lost`, rounded nearly always as if e's power were exact.

    What is cut short makes the largest terms exact; where the result is subnormal, it is rounded
    to that once.
    """
    n = doublings(x)
    r_high = x - n * LN2_HIGH
    r_low = lost - n * LN2_LOW
    r = r_high + r_low
    short = (r_high + TO_25_BITS) - TO_25_BITS
    left = (r_high - short) + r_low
    start = 1.0 + (short + 0.5 * (short * short))
    shorter = (r + TO_14_BITS) - TO_14_BITS
    cube = (shorter * shorter) * shorter
    square = r * r
    left_of_cube = ((short - shorter) + left) * (square + shorter * (r + shorter))
    rest_of_cube = SIXTH_REST * cube + SIXTH * left_of_cube
    higher = (square * square) * from_fourth(r)
    tail = rest_of_cube + (higher + left * (1.0 + 0.5 * (r + short)))
    out = start + (SIXTH_SHORT * cube + tail)
    half = (MORE_THAN_HALF * n + TO_WHOLE) - TO_WHOLE  # -1 of -1: `times` may be the largest
    result = (out * floating.power_of_two(half) * times) * floating.power_of_two(n - half)
    beyond = 0.0 * times if x < -BEYOND else result
    return INFINITY * times if x > BEYOND else beyond


def expm1(x: float) -> float:
    """e**x - 1, with every digit near 0: 2**n ((1 - 2**-n) + (e**r - 1))."""
    inside = within(x, -50.0, 710.0)
    n = doublings(inside)
    r = remainder(inside, n)
    rest = curved(r)
    grown = r + rest
    lost_of_grown = ((r - grown) + rest) + lost_of_remainder(inside, n, r)
    unit = floating.power_of_two(-n) if n < 1000.0 else 0.0
    start = 1.0 - unit
    lost_of_start = (1.0 - start) - unit if unit < 1.0 else (-unit - start) + 1.0
    total = start + grown
    larger = start if libm.fabs(start) > libm.fabs(grown) else grown
    smaller = grown if libm.fabs(start) > libm.fabs(grown) else start
    lost = ((larger - total) + smaller) + (lost_of_start + lost_of_grown)
    return x if libm.fabs(x) < 5e-17 else scaled(total + lost, n)


def sigmoid(x: float) -> float:
    """1 / (1 + e**-x) or e**x / (1 + e**x), the one that does not overflow."""
    below = -libm.fabs(x)
    inside = -746.0 if below < -746.0 else below
    n = doublings(inside)
    r = remainder(inside, n)
    rest = curved(r)
    power = 1.0 + (r + rest)
    scale = floating.power_of_two(n + 64.0)
    numerator = power * scale
    lost_of_numerator = lost_of_power(r, rest, lost_of_remainder(inside, n, r)) * scale
    small = numerator * TWO_TO_MINUS_64
    divisor = 1.0 + small
    lost_of_divisor = ((1.0 - divisor) + small) + lost_of_numerator * TWO_TO_MINUS_64
    top = numerator if x < 0 else 1.0
    above = top / divisor
    product = above * divisor
    left = (top - product) - rounding.product_error(above, divisor, product)
    missing = left + ((lost_of_numerator if x < 0 else 0.0) - above * lost_of_divisor)
    # What is missing is divided by the divisor, of which two digits are enough.
    out = above + missing * (1.0 - small * (0.9142 - 0.4142 * small))
    return out * TWO_TO_MINUS_64 if x < 0 else out


def over_square_of_one_more(power: float) -> float:
    """power / (1 + power)², for a power up to 1: the logistic function's slope, of e**-|x|.

    What rounding took from the divisor and from the quotient is given back.
    """
    more = 2.0 + power
    part = power * more
    divisor = 1.0 + part
    lost = rounding.product_error(power, more, part) + power * (power - (more - 2.0))
    return rounding.mended_quotient(power, divisor, (part - (divisor - 1.0)) + lost)


def tanh(x: float) -> float:
    """Odd; 1 - 2 / (e**2x + 1) but near 0, where it is a polynomial."""
    size = libm.fabs(x)
    doubled = 2.0 * (20.0 if size > 20.0 else size)
    n = doublings(doubled)
    r = remainder(doubled, n)
    rest = curved(r)
    scale = floating.power_of_two(n)
    total = (1.0 + (r + rest)) * scale
    divisor = total + 1.0
    lost_of_total = lost_of_power(r, rest, lost_of_remainder(doubled, n, r)) * scale
    lost = ((total - divisor) + 1.0) + lost_of_total
    taken = 2.0 / divisor
    large = 1.0 - (taken - 0.5 * (taken * taken) * lost)
    square = x * x
    fourth = square * square
    first = -0.333333333333333 + square * 0.13333333333326808
    second = -0.053968253963863747 + square * 0.021869488388673905
    third = -0.008863232645649585 + square * 0.003592092459129858
    fourth_pair = -0.0014555455019471324 + square * 0.000588455023666207
    fifth = -0.00023340746373469426 + square * 8.335235896487429e-05
    near = (first + fourth * second) + (fourth * fourth) * (
        (third + fourth * fourth_pair)
        + (fourth * fourth) * (fifth - fourth * 1.9516164286593946e-05)
    )
    small = x + (x * square) * near
    return x if x == 0 else small if size < 0.55 else -large if x < 0 else large


def exp2(x: float) -> float:
    """2**x, exact for whole numbers."""
    inside = within(x, -1080.0, 1025.0)
    n = (inside + TO_WHOLE) - TO_WHOLE
    part = inside - n
    r = part * LN2
    lost_of_r = rounding.product_error(part, LN2, r) + part * LN2_ERROR
    rest = curved(r)
    power = 1.0 + (r + rest)
    return scaled(power + lost_of_power(r, rest, lost_of_r + lost_of_r * r), n)


def half_of_both(x: float, sign: float) -> float:
    """(e**x + sign e**-x) / 2 for x >= 0, or for x >= ½ where the sign is -1."""
    inside = 711.0 if x > 711.0 else x
    n = doublings(inside)
    r = remainder(inside, n)
    rest = curved(r)
    power = 1.0 + (r + rest)
    other = sign * (floating.power_of_two(-2.0 * n) if n < 500.0 else 0.0) / power
    total = power + other
    # Where n is 0, both lose about the same, and it cancels.
    lost = lost_of_power(r, rest, lost_of_remainder(inside, n, r)) if n > 0 else 0.0
    return scaled(total + (((power - total) + other) + lost), n - 1.0)


def sinh(x: float) -> float:
    """(e**x - e**-x) / 2 but near 0, where it is a polynomial."""
    size = libm.fabs(x)
    large = half_of_both(size, -1.0)
    square = x * x
    fourth = square * square
    first = 0.16666666666666666 + square * 0.008333333333333333
    second = 0.0001984126984126984 + square * 2.7557319223985893e-06
    third = 2.505210838544172e-08 + square * 1.6059043836821613e-10
    near = (first + fourth * second) + (fourth * fourth) * (third + fourth * 7.647163731819816e-13)
    small = x + (x * square) * near
    return x if x == 0 else small if size < 0.5 else -large if x < 0 else large


def cosh(x: float) -> float:
    """(e**x + e**-x) / 2."""
    return half_of_both(libm.fabs(x), 1.0)
