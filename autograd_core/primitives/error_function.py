"""The error function and the normal distribution, to within 1.1 units in the last place everywhere.

Near 0 erf is a polynomial; beyond, erfc(x) is e**-x² q / (1 + 2x) with a q that changes so little
that a polynomial of (x - 3) / (x + 3) gives it for all x (the form is Shepherd and Laframboise's,
Mathematics of Computation 36, 1981). Both polynomials are near-minimax (Remez). What rounding takes
from squares, worth up to 433 units, and from quotients is given back. As in `exponential` nothing
is looked up and nothing fused, and every function is assignments and one expression (`straight`).
"""

from __future__ import annotations

from autograd_core.primitives import exponential, libm, rounding

INVERSE_SQRT2 = 0.7071067811865476
INVERSE_SQRT2_ERROR = -4.833646656726457e-17  # 1/√2 less the double nearest to it
TWO_OVER_SQRT_PI = 1.1283791670955126
LOG_SQRT_TWO_PI = 0.9189385332046728
LOG_SQRT_TWO_PI_ERROR = -3.8782941580672414e-17
NEAR = 0.65
NEAR_OF_NORMAL = 0.9192  # √2 NEAR; the others are likewise
LAST = 27.4  # erfc is 0 from there on
LAST_OF_NORMAL = 39.0
LAST_TIMES_ANY = 37.65  # exp(-x²) is 1e-615
LAST_OF_NORMAL_TIMES_ANY = 53.2
Q_AT_3 = 1.2530080582697296
Q_AT_3_ERROR = 4.5276203702746546e-17


def erf_excess(z: float) -> float:
    """erf(x) / x - 1 of z = x², where abs(x) <= NEAR."""
    z2 = z * z
    z4 = z2 * z2
    first = 0.12837916709551256 - z * 0.3761263890318311
    second = 0.11283791670910727 - z * 0.026866170633236448
    third = 0.005223977463641814 - z * 0.0008548314381270509
    fourth = 0.00012054731276431873 - z * 1.4907891794977486e-05
    fifth = 1.6143662138082762e-06 - z * 1.3151331786368668e-07
    return (first + z2 * second) + z4 * ((third + z2 * fourth) + z4 * fifth)


def q_slope(t: float) -> float:
    """(q - Q_AT_3) / t, where t is (x - 3) / (x + 3)."""
    t2 = t * t
    t4 = t2 * t2
    t8 = t4 * t4
    first = -0.1356211061245812 - t * 0.04756229435345086
    second = 0.12964515870276352 - t * 0.11927366341530553
    third = 0.06830802734388193 - t * 0.02377051491863354
    fourth = 0.0025293918175117976 + t * 0.0018886903569858128
    fifth = -0.0007798322834668845 - t * 0.00010515975939972267
    sixth = 0.00012509939934355463 + t * 4.94914260034553e-06
    seventh = -2.010063819206557e-05 - t * 7.298866946974122e-07
    eighth = 3.4721963813726245e-06 + t * 3.522129023897428e-07
    ninth = -6.153685408472835e-07 - t * 1.3359519848608905e-07
    tenth = 9.922981449683131e-08 + t * 3.369896784057668e-08
    last = -1.0744193129221208e-08 - t * 4.195014811373536e-09
    low = (first + t2 * second) + t4 * (third + t2 * fourth)
    middle = (fifth + t2 * sixth) + t4 * (seventh + t2 * eighth)
    return low + t8 * (middle + t8 * ((ninth + t2 * tenth) + t4 * last))


def tail(x: float, lost: float, times: float) -> float:
    """times erfc(x + lost), rounded once also where it is subnormal; x is from NEAR to LAST."""
    t = (x - 3.0) / (x + 3.0)
    change = t * q_slope(t)
    q = Q_AT_3 + change
    lost_of_q = ((Q_AT_3 - q) + change) + Q_AT_3_ERROR
    square = x * x
    lost_of_square = rounding.product_error(x, x, square) + 2.0 * (x * lost)
    n = exponential.doublings(-square)
    r = exponential.further_remainder(-square, n, -lost_of_square)
    lost_of_r = exponential.lost_of_further(-square, n, -lost_of_square, r)
    rest = exponential.curved(r)
    grown = r + rest
    power = 1.0 + grown
    lost_of_power = ((1.0 - power) + grown) + (((r - grown) + rest) + (lost_of_r + lost_of_r * r))
    above = power * q
    lost_above = rounding.product_error(power, q, above) + (power * lost_of_q + lost_of_power * q)
    doubled = 2.0 * x
    below = doubled + 1.0
    lost_below = ((doubled - below) + 1.0) + 2.0 * lost
    out = above / below
    product = out * below
    left = (above - product) - rounding.product_error(out, below, product)
    lost_of_out = (left + (lost_above - out * lost_below)) / below
    return exponential.scaled(out * times + lost_of_out * times, n)


def erf(x: float) -> float:
    size = libm.fabs(x)
    inside = size if size > NEAR else NEAR
    far = 1.0 - tail(LAST if inside > LAST else inside, 0.0, 1.0)
    near = x + x * erf_excess(x * x)
    return x if x == 0 else near if size <= NEAR or x != x else -far if x < 0 else far


def erfc(x: float) -> float:
    """1 - erf(x)."""
    size = libm.fabs(x)
    inside = size if size > NEAR else NEAR
    far = tail(LAST if inside > LAST else inside, 0.0, 1.0)
    start = 1.0 - x
    near = start + (((1.0 - start) - x) - x * erf_excess(x * x))
    return near if size <= NEAR or x != x else 2.0 - far if x < 0 else far


def gaussian_times(x: float, times: float) -> float:
    """times exp(-x²), 0 where no factor brings it back to the range."""
    inside = 0.0 if libm.fabs(x) > LAST_TIMES_ANY else x
    square = inside * inside
    lost = -rounding.product_error(inside, inside, square)
    out = exponential.exp_of_two(-square, lost, times)
    return 0.0 if libm.fabs(x) > LAST_TIMES_ANY else out


def gaussian(x: float) -> float:
    """exp(-x²)."""
    return gaussian_times(x, 1.0)


def normal_pdf_times(x: float, times: float) -> float:
    """times exp(-x²/2) / √(2π), 0 where no factor brings it back to the range."""
    inside = 0.0 if libm.fabs(x) > LAST_OF_NORMAL_TIMES_ANY else x
    square = inside * inside
    half = -0.5 * square
    lost_of_half = -0.5 * rounding.product_error(inside, inside, square)
    exponent = half - LOG_SQRT_TWO_PI
    larger = half if half <= -LOG_SQRT_TWO_PI else -LOG_SQRT_TWO_PI
    smaller = -LOG_SQRT_TWO_PI if half <= -LOG_SQRT_TWO_PI else half
    lost = ((larger - exponent) + smaller) + (lost_of_half - LOG_SQRT_TWO_PI_ERROR)
    out = exponential.exp_of_two(exponent, lost, times)
    return 0.0 if libm.fabs(x) > LAST_OF_NORMAL_TIMES_ANY else out


def normal_pdf(x: float) -> float:
    """exp(-x²/2) / √(2π)."""
    return normal_pdf_times(x, 1.0)


def lost_argument(x: float, argument: float) -> float:
    """-x/√2 less the product that stands for it."""
    return rounding.product_error(-x, INVERSE_SQRT2, argument) - x * INVERSE_SQRT2_ERROR


def normal_tail(size: float, times: float) -> float:
    """times erfc(size/√2) for a size from NEAR √2 on, what is less is taken for that."""
    most = LAST_OF_NORMAL - 0.3 if size > LAST_OF_NORMAL - 0.3 else size
    inside = most if most > NEAR_OF_NORMAL else NEAR_OF_NORMAL
    argument = inside * INVERSE_SQRT2
    return tail(argument, lost_argument(-inside, argument), times)


def normal_cdf(x: float) -> float:
    """½ erfc(-x/√2), the rounding of the argument given back."""
    size = libm.fabs(x)
    far = normal_tail(size, 0.5)
    argument = x * INVERSE_SQRT2 if size < 1.0 else 0.0
    lost = -lost_argument(x, -argument) if size < 1.0 else 0.0
    z = argument * argument
    slope = 1.0 - z * (1.0 - z * (0.5 - z * 0.16666666666666666))
    start = 1.0 + argument
    lost_of_start = ((1.0 - start) + argument) + TWO_OVER_SQRT_PI * slope * lost
    near = 0.5 * (start + (lost_of_start + argument * erf_excess(z)))
    out = 1.0 - far if x > 0 else far
    return near if size < NEAR_OF_NORMAL else out if size == size else x


def gelu_tail(x: float) -> float:
    """x Φ(x) where x is below -1: Φ(x) may be subnormal where the product is not."""
    inside = -LAST_OF_NORMAL if x < -LAST_OF_NORMAL else x
    return normal_tail(-inside, 0.5 * inside)
