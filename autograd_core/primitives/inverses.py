"""The inverse circular and hyperbolic functions, to within 0.9 units in the last place everywhere.

Near 0 they are near-minimax polynomials (Remez); elsewhere an angle is a multiple of π/4 and an
angle near 0, and an inverse hyperbolic function a logarithm. What rounding takes from quotients and
roots is given back. As in `exponential` nothing is looked up and nothing fused, and every function
is assignments and one expression (`straight`), but `far_angle`, which is asked number by number.
"""

from __future__ import annotations

from autograd_core.primitives import libm, logarithm, rounding

PI = 3.141592653589793
PI_ERROR = 1.2246467991473532e-16  # π less the double nearest to it, and so on
HALF_PI = 1.5707963267948966
HALF_PI_ERROR = 6.123233995736766e-17
QUARTER_PI = 0.7853981633974483
QUARTER_PI_ERROR = 3.061616997868383e-17
TAN_EIGHTH = 0.41421356237309503  # of π/8
TWO_TO_60 = 1152921504606846976.0
TWO_TO_30 = 1073741824.0
HUGE = 1e150
TINY = 1e-150
NAN = libm.fmod(1.0, 0.0)
INFINITY = libm.ldexp(1.0, 1024)


def lost_of_quotient(above: float, below: float, out: float, lost: float) -> float:
    """(above + lost) / below - out, where `out` is the rounded quotient of the first two."""
    product = out * below
    return (((above - product) - rounding.product_error(out, below, product)) + lost) / below


def lost_of_root(x: float, root: float, lost: float) -> float:
    """√(x + lost) - root, where `root` is the rounded root of x."""
    square = root * root
    missing = ((x - square) - rounding.product_error(root, root, square)) + lost
    return missing / (2.0 * (root if root > 0 else 1.0))


# Angles.
def arc_series(z: float) -> float:
    """(atan(u) / u - 1) / u² of z = u², where abs(u) <= tan π/8."""
    z2 = z * z
    z4 = z2 * z2
    first = -0.33333333333333326 + z * 0.19999999999997095
    second = -0.142857142853163 + z * 0.11111111083732315
    third = -0.09090907985117412 + z * 0.0769227917836891
    fourth = -0.06666174262296086 + z * 0.05876511512250735
    fifth = -0.05215143997374623 + z * 0.044903910052111445
    sixth = -0.03317039977823598 + z * 0.01488863739437044
    series = (first + z2 * second) + z4 * (third + z2 * fourth)
    return series + (z4 * z4) * (fifth + z2 * sixth)


def arc(larger: float, smaller: float, base: float, base_lost: float, sign: float) -> float:
    """base + base_lost + sign atan(smaller / larger), of positive numbers; the sign is ±1."""
    close = TAN_EIGHTH * larger
    difference = smaller - larger
    total = larger + smaller
    lost_of_difference = smaller - (difference + larger)
    lost_of_total = (larger - total) + smaller
    above = difference if smaller > close else smaller
    below = total if smaller > close else larger
    u = above / below
    lost_of_parts = lost_of_difference - u * lost_of_total if smaller > close else 0.0
    lost_of_u = lost_of_quotient(above, below, u, lost_of_parts)
    eighth = sign * QUARTER_PI if smaller > close else 0.0
    start = base + eighth
    lost_of_eighth = sign * QUARTER_PI_ERROR if smaller > close else 0.0
    lost_of_start = ((base - start) + eighth) + (base_lost + lost_of_eighth)
    part = sign * u
    out = start + part
    lost = (start - out) + part
    z = u * u
    return out + (lost + (lost_of_start + sign * (lost_of_u + (u * z) * arc_series(z))))


def atan(x: float) -> float:
    size = libm.fabs(x)
    inside = TWO_TO_60 if size > TWO_TO_60 else size
    larger = inside if inside > 1.0 else 1.0
    smaller = 1.0 if inside > 1.0 else inside
    base = HALF_PI if inside > 1.0 else 0.0
    base_lost = HALF_PI_ERROR if inside > 1.0 else 0.0
    out = arc(larger, smaller, base, base_lost, -1.0 if inside > 1.0 else 1.0)
    return x if x == 0 else -out if x < 0 else out if size == size else x


def far_angle(y: float, x: float) -> float:
    """atan2 where one of them is 0, is no number or is far from 1; any multiple has that angle."""
    if y != y or x != x:
        return NAN
    width = libm.fabs(x)
    height = libm.fabs(y)
    if width == INFINITY or height == INFINITY:
        width = 1.0 if width == INFINITY else 0.0
        height = 1.0 if height == INFINITY else 0.0
    side = libm.copysign(1.0, x)
    larger = width if width > height else height
    smaller = height if width > height else width
    if smaller < larger * 1e-30 or larger == 0:
        flat = PI if side < 0 else smaller / larger if larger > 0 else 0.0
        return libm.copysign(flat if width >= height else HALF_PI, y)
    exponent = libm.ilogb(larger)
    larger = libm.ldexp(larger, -exponent)
    smaller = libm.ldexp(smaller, -exponent)
    return libm.copysign(angle(larger, smaller, 1.0 if height > width else 0.0, x), y)


def angle(larger: float, smaller: float, steep: float, x: float) -> float:
    """The angle of a point from its larger and its smaller size; steep is 1 where y is larger."""
    flat = PI if x < 0 else 0.0
    lost_of_flat = PI_ERROR if x < 0 else 0.0
    base = HALF_PI if steep > 0 else flat
    base_lost = HALF_PI_ERROR if steep > 0 else lost_of_flat
    turn = 1.0 - 2.0 * steep
    return arc(larger, smaller, base, base_lost, -turn if x < 0 else turn)


def atan2(y: float, x: float) -> float:
    """The angle of the point (x, y), from -π to π."""
    width = libm.fabs(x)
    height = libm.fabs(y)
    if width > HUGE or width < TINY or height > HUGE or height < TINY or x != x or y != y:
        return far_angle(y, x)
    larger = height if height > width else width
    smaller = width if height > width else height
    out = angle(larger, smaller, 1.0 if height > width else 0.0, x)
    return -out if y < 0 else out


def sine_series(z: float) -> float:
    """(asin(u) / u - 1) / u² of z = u², where abs(u) <= ½."""
    z2 = z * z
    z4 = z2 * z2
    first = 0.1666666666666666 + z * 0.07500000000002403
    second = 0.044642857139737833 + z * 0.03038194464650614
    third = 0.022372151413484 + z * 0.017352951579256946
    fourth = 0.01396175566422674 + z * 0.011587393898578161
    fifth = 0.009470514419864571 + z * 0.010082530317715792
    sixth = 0.00041593823991333825 + z * 0.025455098462637733
    last = -0.02701500913750148 + z * 0.0341715510607374
    series = (first + z2 * second) + z4 * (third + z2 * fourth)
    return series + (z4 * z4) * ((fifth + z2 * sixth) + z4 * last)


def asin(x: float) -> float:
    """Odd; beyond ½ it is π/2 - 2 asin √((1 - x) / 2)."""
    size = libm.fabs(x)
    part = 0.5 - 0.5 * size
    root = libm.sqrt(part)
    z = part if size > 0.5 else x * x
    u = root if size > 0.5 else size
    bend = (u * z) * sine_series(z)
    doubled = 2.0 * root
    total = HALF_PI - doubled
    lost = (HALF_PI - total) - doubled
    missing = 2.0 * (lost_of_root(part, root, 0.0) + bend)
    far = total + (lost + (HALF_PI_ERROR - missing))
    out = far if size > 0.5 else size + bend
    return x if x == 0 else -out if x < 0 else out


def acos(x: float) -> float:
    """π/2 - asin(x); beyond ½ it is 2 asin √((1 - x) / 2)."""
    size = libm.fabs(x)
    part = 0.5 - 0.5 * size
    root = libm.sqrt(part)
    z = part if size > 0.5 else x * x
    bend = ((root if size > 0.5 else x) * z) * sine_series(z)
    base = PI if x < -0.5 else 0.0
    base = base if size > 0.5 else HALF_PI
    base_error = PI_ERROR if x < -0.5 else 0.0
    base_error = base_error if size > 0.5 else HALF_PI_ERROR
    doubled = 2.0 * root if x < 0 else -2.0 * root
    taken = doubled if size > 0.5 else x
    total = base - taken
    lost = (base - total) - taken
    missing = 2.0 * (lost_of_root(part, root, 0.0) + bend)
    signed = missing if x < 0 else -missing
    return total + (lost + (base_error - (signed if size > 0.5 else bend)))


# Logarithms.
def asinh(x: float) -> float:
    """Odd; log(x + √(x² + 1)) but near 0, where it is a polynomial."""
    size = libm.fabs(x)
    inside = TWO_TO_30 if size > TWO_TO_30 else size
    z = inside * inside
    square = z + 1.0
    lost_of_square = (z - square) + 1.0 if z > 1.0 else (1.0 - square) + z
    root = libm.sqrt(square)
    lost = lost_of_root(square, root, lost_of_square + rounding.product_error(inside, inside, z))
    total = root + inside
    lost_of_total = ((root - total) + inside) + lost
    base = size if size > TWO_TO_30 else total
    lost_of_base = 0.0 if size > TWO_TO_30 else lost_of_total
    k = logarithm.doublings(base) + (1.0 if size > TWO_TO_30 else 0.0)
    large = logarithm.joined(k, logarithm.excess(base), lost_of_base / base)
    z2 = z * z
    z4 = z2 * z2
    first = -0.16666666666666663 + z * 0.07499999999998827
    second = -0.04464285714155642 + z * 0.03038194437168599
    third = -0.022372156684938378 + z * 0.01735271313261181
    fourth = -0.013964101663174584 + z * 0.011544288931401333
    fifth = -0.009707563877093022 + z * 0.008112925733193686
    sixth = -0.006303940368344286 + z * 0.003894941901653243
    near = (first + z2 * second) + z4 * (third + z2 * fourth)
    series = near + (z4 * z4) * ((fifth + z2 * sixth) - z4 * 0.0013456821258115387)
    small = size + (size * z) * series
    out = small if size < 0.5 else large if size < INFINITY else size
    return x if x == 0 else -out if x < 0 else out


def acosh(x: float) -> float:
    """log(x + √(x² - 1))."""
    inside = TWO_TO_30 if x > TWO_TO_30 else x if x > 1.0 else 1.0
    less = inside - 1.0
    more = inside + 1.0
    square = less * more
    lost_of_square = rounding.product_error(less, more, square) + less * ((inside - more) + 1.0)
    root = libm.sqrt(square)
    lost_of_part = lost_of_root(square, root, lost_of_square)
    part = root + less
    lost = ((root - part) + less) + lost_of_part
    total = 1.0 + part
    lost_of_total = ((part - total) + 1.0 if part > 1.0 else (1.0 - total) + part) + lost
    base = x if x > TWO_TO_30 else total
    lost_of_base = 0.0 if x > TWO_TO_30 else lost_of_total
    k = logarithm.doublings(base) + (1.0 if x > TWO_TO_30 else 0.0)
    out = logarithm.joined(k, logarithm.excess(base), lost_of_base / base)
    return NAN if x < 1.0 else out if x < INFINITY else x


def atanh(x: float) -> float:
    """Odd; ½ log((1 + x) / (1 - x)) but near 0, where it is a polynomial."""
    size = libm.fabs(x)
    inside = size if size < 1.0 else 0.0
    above = 1.0 + inside
    below = 1.0 - inside
    quotient = above / below
    lost = lost_of_quotient(above, below, quotient, (1.0 - above) + inside)
    k = logarithm.doublings(quotient)
    large = 0.5 * logarithm.joined(k, logarithm.excess(quotient), lost / quotient)
    z = size * size
    z2 = z * z
    z4 = z2 * z2
    first = 0.3333333333333328 + z * 0.20000000000018653
    second = 0.14285714283364062 + z * 0.11111111260243096
    third = 0.09090903500877935 + z * 0.07692442792293602
    fourth = 0.0666444911269865 + z * 0.05907840050274542
    fifth = 0.05054952202429429 + z * 0.05972262881032571
    sixth = -0.005886704287024789 + z * 0.17619314694961408
    last = -0.19778627755130726 + z * 0.24211483510449666
    near = (first + z2 * second) + z4 * (third + z2 * fourth)
    series = near + (z4 * z4) * ((fifth + z2 * sixth) + z4 * last)
    small = size + (size * z) * series
    defined = small if size < 0.5 else large if size < 1.0 else INFINITY
    out = NAN if size > 1.0 else defined
    return x if x == 0 or x != x else -out if x < 0 else out
