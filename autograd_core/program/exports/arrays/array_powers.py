"""The functions of exported arrays that are slopes of powers, as their source.

They are scaled where the power alone leaves the range, made up for the rounding of the exponent,
and have the limits at a base of 0.
"""

from __future__ import annotations

__all__ = ["POWERS"]

POWERS = '''\
def power_rate(x, y):
    """y * x**(y - 1); 0 where y is."""
    return np.where(y == 0, 0.0, power_less(x, y, 1.0, y))


def power_bend(x, y):
    """y * (y - 1) * x**(y - 2); 0 where y is 0 or 1."""
    return np.where((y == 0) | (y == 1), 0.0, power_less(x, y, 2.0, y * (y - 1.0)))


def power_third(x, y):
    """y * (y - 1) * (y - 2) * x**(y - 3); 0 where y is 0, 1 or 2."""
    flat = (y == 0) | (y == 1) | (y == 2)
    return np.where(flat, 0.0, power_less(x, y, 3.0, y * (y - 1.0) * (y - 2.0)))


def power_mixed(x, y):
    """x**(y - 1) * (1 + y * log(x)); at x = 0 the limit unless y is 1."""
    known = x == 0
    infinite = np.where(y > 0, -np.inf, np.inf)
    inside = np.where(known, 1.0, x)
    return with_logarithm(x, y, 1.0, 1.0 + y * np.log(inside), infinite)


def power_twice(x, y):
    """x**(y - 2) * (2 * y - 1 + y * (y - 1) * log(x)); at x = 0 the limit unless y is 2."""
    infinite = np.where((y > 0) & (y <= 1), np.inf, -np.inf)
    change = y * ((y - 1.0) * np.log(np.where(x == 0, 1.0, x)))
    return with_logarithm(x, y, 2.0, 2.0 * y - 1.0 + change, infinite)


def with_logarithm(x, y, by, factor, infinite):
    """x**(y - by) * factor; at x = 0 the limit unless y is `by`."""
    known = (x == 0) & (y == y)
    limit = np.where(y > by, 0.0, np.where(y == by, 2.0 * by - 1.0, infinite))
    return np.where(known, limit, power_less(np.where(known, 1.0, x), y, by, factor))


def power_less(x, y, by, factor):
    """x**(y - by) * factor, made up for the rounding of y - by; the power is told first of a factor
    that finite operands make infinite, being 0, infinite or 1 too."""
    exponent = y - by
    told = (x > 0) | (factor == factor)  # not of a logarithm's NaN
    faint = told & ~np.isfinite(factor) & np.isfinite(x) & np.isfinite(y)
    signed = np.where(faint, np.where(factor > 0, 1.0, -1.0), factor)
    reached = power_times(x, exponent, signed)
    beyond = np.where(reached > 0, np.inf, -np.inf)
    out = np.where(faint & (reached != 0), beyond, reached)
    part = exponent - y
    lost = (y - (exponent - part)) + (-by - part)
    inside = (x > 0) & np.isfinite(x) & np.isfinite(lost) & np.isfinite(out)
    mended = out + out * (np.where(inside, lost, 0.0) * np.log(np.where(inside, x, 1.0)))
    return np.where(inside, mended, out)


def power_log(x, y):
    """x**y * log(x), the slope of a power in its exponent; 0 at x = 0 unless y < 0."""
    nothing = (x == 0) & (y >= 0)
    return np.where(nothing, 0.0, power_times(x, y, np.log(np.where(nothing, 1.0, x))))


def power_log_square(x, y):
    """x**y * log(x)**2; 0 at x = 0 unless y < 0."""
    nothing = (x == 0) & (y >= 0)
    return np.where(nothing, 0.0, power_times(x, y, np.log(np.where(nothing, 1.0, x)) ** 2))


def power_times(x, y, factor):
    """x**y * factor, where the power alone may leave the range of numbers."""
    power = np.pow(x, y)
    size = np.abs(power)
    ordinary = ((size > 1e-290) & (size < 1e290)) | (size != size)
    root = np.pow(np.where(ordinary, 1.0, np.abs(x)), 0.5 * y)
    signed = np.where(power < 0, -root, root)
    return np.where(ordinary, power * factor, signed * factor * root)
'''
