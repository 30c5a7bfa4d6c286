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
    inside = np.where(known, 1.0, x)
    faint = ~np.isfinite(factor) & (inside > 0) & np.isfinite(inside) & np.isfinite(y)
    signed = np.where(faint, np.where(factor > 0, 1.0, -1.0), factor)
    out = power_less(inside, y, by, signed)
    beyond = np.where(out > 0, np.inf, -np.inf)
    return np.where(known, limit, np.where(faint & (out != 0), beyond, out))


def power_less(x, y, by, factor):
    """x**(y - by) * factor, made up for the rounding of y - by."""
    exponent = y - by
    out = power_times(x, exponent, factor)
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
