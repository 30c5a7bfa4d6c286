"""The short functions that exported arrays call, as their source, the same in every library.

Primitives that are more than an expression stand here, in the forms of `forward` where they keep
digits: compensated squares, scaled radii, the exponential that does not overflow. `np.` is the name
of the library. A file gets those that it uses.
"""

from __future__ import annotations

__all__ = ["FUNCTIONS"]

FUNCTIONS = '''\
def strong_product(x, y):
    """x * y, but 0 where one of them is 0, even if the other is infinite or NaN."""
    left = np.where((y == 0) & ~np.isfinite(x), 0.0, x)
    return left * np.where((x == 0) & ~np.isfinite(y), 0.0, y)


def strong_dots(c, p):
    """c @ p.T of strong products."""
    if np.isfinite(c).all() and np.isfinite(p).all():
        return c @ p.T
    return strong_product(c[..., None, :], p).sum(-1)


def mod(x, y):
    """The remainder with the sign of y."""
    remainder = np.fmod(x, y)
    return np.where((remainder != 0) & ((remainder < 0) != (y < 0)), remainder + y, remainder)


def floordiv(x, y):
    """The quotient rounded down."""
    remainder = np.fmod(x, y)
    quotient = (x - remainder) / y
    below = (remainder != 0) & ((remainder < 0) != (y < 0))
    return np.where(y == 0, x / y, np.round(np.where(below, quotient - 1.0, quotient)))


def cbrt(x):
    """The real cube root."""
    root = np.copysign(np.abs(x) ** (1 / 3), x)
    ordinary = (root != 0) & np.isfinite(root)
    safe = np.where(ordinary, root, 1.0)
    return np.where(ordinary, safe - (safe - x / safe / safe) / 3.0, root)


def hypot(x, y):
    """The square root of x * x + y * y, without overflow inside."""
    larger = scale(x, y)
    infinite = np.isinf(x) | np.isinf(y)
    return np.where(infinite, np.inf, larger * radius(x / larger, y / larger))


def scale(x, y):
    """The larger of two magnitudes; 1 at the origin."""
    larger = np.maximum(np.abs(x), np.abs(y))
    return np.where(larger == 0, 1.0, larger)


def radius(x, y):
    """The square root of x * x + y * y, with a slope of 0 at the origin."""
    total = x * x + y * y
    return np.where(total == 0, 0.0, np.sqrt(np.where(total == 0, 1.0, total)))


def square_error(x):
    """x * x less its rounded value, where abs(x) < 40."""
    square = rounded(x * x)
    high = single(x)
    low = x - high
    return (high * high - square) + 2.0 * high * low + low * low


def gaussian(x):
    """exp(-x * x), made up for the rounding of the square."""
    near = np.where(np.abs(x) < 40.0, x, 0.0)
    out = np.exp(-(x * x))
    return out - out * square_error(near)


def normal_pdf(x):
    """exp(-x * x / 2) / sqrt(2 pi), made up for the rounding of the square."""
    near = np.where(np.abs(x) < 40.0, x, 0.0)
    out = 0.3989422804014327 * np.exp(-0.5 * (x * x))
    return out - 0.5 * out * square_error(near)


def normal_cdf(x):
    """erfc(-x / sqrt(2)) / 2, made up for the rounding of the argument."""
    near = np.where(np.abs(x) < 40.0, x, 0.0)
    argument = -0.7071067811865476 * x
    at = rounded(-0.7071067811865476 * near)
    high, root_high = single(near), 0.7071067690849304
    low, root_low = near - high, 1.2101617152815436e-08
    error = ((-root_high * high - at) - root_high * low - root_low * high) - root_low * low
    slope = 1.1283791670955126 * np.exp(-at * at)
    return 0.5 * (erfc(argument) - slope * (error + 4.833646656726457e-17 * near))


def sigmoid(x):
    """1 / (1 + exp(-x)), by the exponential that does not overflow."""
    power = np.exp(-np.abs(x))
    return np.where(x >= 0, 1.0, power) / (1.0 + power)


def sigmoid_rate(x):
    """The slope of the sigmoid, by the exponential that does not overflow."""
    power = np.exp(-np.abs(x))
    total = 1.0 + power
    return power / total / total


def exp_times(x, factor):
    """factor * exp(x), by the exponential's root, which stays in the range."""
    half = np.exp(0.5 * x)
    return np.where(x < -1418.0, 0.0, half * factor * half)


def sigmoid_rate_times(x, factor):
    """factor * sigmoid_rate(x), likewise."""
    near = np.where(np.abs(x) > 1360.0, 0.0, np.abs(x))
    half = np.exp(-0.5 * near)
    total = 1.0 + half * half
    return np.where(np.abs(x) > 1360.0, 0.0, half * factor * half / total / total)


def gaussian_times(x, factor):
    """factor * exp(-x * x), likewise."""
    near = np.where(np.abs(x) > 37.65, 0.0, x)
    half = 2.5066282746310002 * normal_pdf(near)
    return np.where(np.abs(x) > 37.65, 0.0, half * factor * half)


def normal_pdf_times(x, factor):
    """factor * exp(-x * x / 2) / sqrt(2 pi), likewise."""
    near = np.where(np.abs(x) > 53.2, 0.0, x)
    half = gaussian(0.5 * near)
    return np.where(np.abs(x) > 53.2, 0.0, half * factor * (0.3989422804014327 * half))


def softplus(x):
    """log(1 + exp(x))."""
    return np.logaddexp(x, np.zeros_like(x))


def sinc(x):
    """sin(x) / x, by its series near 0."""
    square = np.where(x * x < 1.0, x * x, 0.0)
    series = 1.0 - square / 342.0
    series = 1.0 - square * series / 272.0
    series = 1.0 - square * series / 210.0
    series = 1.0 - square * series / 156.0
    series = 1.0 - square * series / 110.0
    series = 1.0 - square * series / 72.0
    series = 1.0 - square * series / 42.0
    series = 1.0 - square * series / 20.0
    series = 1.0 - square * series / 6.0
    far = np.where(x * x < 1.0, 1.0, x)
    return np.where(x * x < 1.0, series, np.sin(far) / far)


def elu(x, alpha):
    """x, or alpha (exp(x) - 1) below 0."""
    return np.where(x > 0, x, alpha * np.expm1(np.where(x > 0, 0.0, x)))


def at_least(x, bound):
    """The larger of the two, with no slope at the bound."""
    return np.where((x > bound) | (x != x), x, bound)


def at_most(x, bound):
    """The smaller of the two, with no slope at the bound."""
    return np.where((x < bound) | (x != x), x, bound)


def share(x, y):
    """exp(x) / (exp(x) + exp(y)), made up for the rounding of x - y."""
    difference = x - y
    part = difference - x
    lost = (x - (difference - part)) + (-y - part)
    out = sigmoid(difference)
    return out + out * sigmoid(-difference) * np.where(np.isfinite(lost), lost, 0.0)


def share_rate(x, y):
    """The slope of that."""
    return share(x, y) * share(y, x)
'''
