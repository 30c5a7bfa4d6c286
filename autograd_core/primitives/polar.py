"""The radius of a point (x, y), and how its radius and angle change: to within 2.5 units each.

With r and θ of the point: x / r, the slope of the radius, and x / r², that of the angle, have
slopes of their own, y² / r³ and -x y / r³, cos 2θ / r² and sin 2θ / r². All are homogeneous, so
that a point is first brought to a radius from 1 to 3 by a power of two, which is exact, and the
result is given that power back. What stands above the line is lifted besides, by 2**512 or two
factors by 2**500 each: far from the subnormals no digit is lost, however flat the angle. What
rounding took from squares and roots is given back (`rounding`). The angle is in `inverses`.
"""

from __future__ import annotations

from autograd_core.primitives import libm, rounding

SQRT_HALF = 0.7071067811865476
NAN = libm.fmod(1.0, 0.0)
INFINITY = libm.ldexp(1.0, 1024)


def hypot(x: float, y: float) -> float:
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
    return libm.ldexp(root + rounding.radius_error(x, y, total, root), exponent)


def extent(x: float, y: float) -> float:
    """The larger of two magnitudes; NaN if either is."""
    x, y = libm.fabs(x), libm.fabs(y)
    return x if x >= y or x != x else y


def limit(size: float, far: float) -> float:
    """A slope where there is no direction, by the extent: 0 at the origin, `far` at infinity."""
    return 0.0 if size == 0 else far if size == INFINITY else NAN


def cosine(x: float, y: float) -> float:
    """x / √(x² + y²), the cosine of the angle of (x, y); 0 at the origin."""
    size = extent(x, y)
    if not 0 < size < INFINITY:
        far = libm.copysign(1.0 if libm.fabs(y) < INFINITY else SQRT_HALF, x)
        return limit(size, 0.0 if libm.fabs(x) < INFINITY else far)
    exponent = libm.ilogb(size)
    numerator = libm.ldexp(x, 512 - exponent)
    x, y = libm.ldexp(x, -exponent), libm.ldexp(y, -exponent)
    total = x * x + y * y
    root = libm.sqrt(total)
    out = rounding.mended_quotient(numerator, root, rounding.radius_error(x, y, total, root))
    return libm.ldexp(out, -512)


def over_cube(x: float, y: float, other: float) -> float:
    """y times the other over the cube of the radius."""
    size = extent(x, y)
    if not 0 < size < INFINITY:
        return limit(size, 0.0)
    exponent = libm.ilogb(size)
    other, numerator = libm.ldexp(other, 500 - exponent), libm.ldexp(y, 500 - exponent)
    x, y = libm.ldexp(x, -exponent), libm.ldexp(y, -exponent)
    total = x * x + y * y
    root = libm.sqrt(total)
    error = rounding.squares_error(x, y, total)
    ratio = rounding.mended_quotient(other, root, rounding.root_error(total, root, error))
    return libm.ldexp(ratio * rounding.mended_quotient(numerator, total, error), -1000 - exponent)


def angle_rate(y: float, x: float) -> float:
    """x / (x² + y²), the rate at which the angle of (x, y) turns with y; 0 at the origin."""
    size = extent(x, y)
    if not 0 < size < INFINITY:
        return limit(size, libm.copysign(0.0, x))
    exponent = libm.ilogb(size)
    numerator = libm.ldexp(x, 512 - exponent)
    x, y = libm.ldexp(x, -exponent), libm.ldexp(y, -exponent)
    total = x * x + y * y
    out = rounding.mended_quotient(numerator, total, rounding.squares_error(x, y, total))
    return libm.ldexp(out, -512 - exponent)


def double_cosine(y: float, x: float) -> float:
    """(x² - y²) / (x² + y²)², cos 2θ / r² of the angle and radius of (x, y); 0 at the origin."""
    size = extent(x, y)
    if not 0 < size < INFINITY:
        return limit(size, 0.0)
    exponent = libm.ilogb(size)
    x, y = libm.ldexp(x, -exponent), libm.ldexp(y, -exponent)
    total = x * x + y * y
    error = rounding.squares_error(x, y, total)
    out = rounding.mended_quotient(rounding.difference_of_squares(x, y), total, error)
    return libm.ldexp(rounding.mended_quotient(out, total, error), -exponent - exponent)


def double_sine(y: float, x: float) -> float:
    """2 x y / (x² + y²)², sin 2θ / r² of the same; 0 at the origin."""
    size = extent(x, y)
    if not 0 < size < INFINITY:
        return limit(size, 0.0)
    exponent = libm.ilogb(size)
    along, aside = libm.ldexp(x, 500 - exponent), libm.ldexp(y, 500 - exponent)
    x, y = libm.ldexp(x, -exponent), libm.ldexp(y, -exponent)
    total = x * x + y * y
    error = rounding.squares_error(x, y, total)
    along = rounding.mended_quotient(along, total, error)
    aside = rounding.mended_quotient(aside, total, error)
    return libm.ldexp(2.0 * along * aside, -1000 - exponent - exponent)
