"""The functions of exported arrays that are of a point's direction and distance, as their source.

At the origin they are 0, and no square in them overflows. They stand on `array_functions`.
"""

from __future__ import annotations

__all__ = ["POLAR"]

POLAR = '''\
def cosine(x, y):
    """x / hypot(x, y); 0 at the origin."""
    far = np.isinf(x) | np.isinf(y)
    unknown = np.isnan(x) | np.isnan(y)
    x, y = np.where(far, beyond(x), x), np.where(far, beyond(y), y)
    larger = scale(x, y)
    length = radius(x / larger, y / larger)
    return np.where(unknown, np.nan, x / larger / np.where(length == 0, 1.0, length))


def beyond(x):
    """What is left of x where one coordinate is infinite: 1 or -1 if it is x, else 0."""
    return np.where(np.isinf(x), np.sign(x), 0.0)


def bend(x, y):
    """y * y / hypot(x, y)**3; 0 at the origin."""
    return strong_product(cosine(y, x), angle_rate(x, y))


def twist(x, y):
    """x * y / hypot(x, y)**3; 0 at the origin."""
    larger = np.abs(x) > np.abs(y)
    x, y = np.where(larger, x, y), np.where(larger, y, x)
    return strong_product(cosine(x, y), angle_rate(x, y))


def angle_rate(y, x):
    """x / (x * x + y * y); 0 at the origin."""
    far = np.isinf(x) | np.isinf(y)
    unknown = np.isnan(x) | np.isnan(y)
    x, y = np.where(far, 0.0, x), np.where(far, 1.0, y)
    larger = scale(x, y)
    x, y = x / larger, y / larger
    total = x * x + y * y
    return np.where(unknown, np.nan, x / np.where(total == 0, 1.0, total) / larger)


def double_cosine(y, x):
    """(x * x - y * y) / (x * x + y * y)**2; 0 at the origin."""
    total, difference = y + x, x - y
    near = np.isfinite(total) & np.isfinite(difference)
    turns = 4.0 * strong_product(angle_rate(total, difference), angle_rate(difference, total))
    return np.where(near, turns, 0.0 * angle_rate(y, x))


def double_sine(y, x):
    """2 * x * y / (x * x + y * y)**2; 0 at the origin."""
    return 2.0 * strong_product(angle_rate(y, x), angle_rate(x, y))
'''
