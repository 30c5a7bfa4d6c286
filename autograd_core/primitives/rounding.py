"""What rounding took from a product, a sum of squares or a square root, to be given back.

Without fused multiply-add, which would tie the bits to a processor: `product_error` is Dekker's
exact error of a product (Numer. Math. 18, 1971). The functions are ordinary Python on floats;
`rounding.pxd` beside this file gives them C types for the compiler.
"""

from __future__ import annotations

from autograd_core.primitives import ieee

SPLITTER = 134217729.0  # 2**27 + 1: splits a double into two halves of 26 bits


def product_error(x: float, y: float, product: float) -> float:
    """x · y - product, exactly, for products that neither over- nor underflow."""
    scaled = SPLITTER * x
    x_high = scaled - (scaled - x)
    x_low = x - x_high
    scaled = SPLITTER * y
    y_high = scaled - (scaled - y)
    y_low = y - y_high
    return ((x_high * y_high - product) + x_high * y_low + x_low * y_high) + x_low * y_low


def radius_error(x: float, y: float, total: float, root: float) -> float:
    """√(x² + y²) - root, where `total` is the rounded sum of the squares and `root` its root."""
    return root_error(total, root, squares_error(x, y, total))


def root_error(total: float, root: float, error: float) -> float:
    """√(total + error) - root, where `root` is the rounded root of `total`."""
    squared = root * root
    return ((total - squared) - product_error(root, root, squared) + error) / (2.0 * root)


def mended_quotient(numerator: float, divisor: float, error: float) -> float:
    """numerator / (divisor + error), where `error` is what the divisor was rounded by."""
    out = numerator / divisor
    rounded = out * divisor
    remainder = (numerator - rounded) - product_error(out, divisor, rounded)
    return out + (remainder - out * error) / divisor


def squares_error(x: float, y: float, total: float) -> float:
    """x² + y² - total, where `total` is the rounded sum."""
    larger, smaller = x * x, y * y
    error = product_error(x, x, larger) + product_error(y, y, smaller)
    if larger < smaller:
        larger, smaller = smaller, larger
    return (smaller - (total - larger)) + error


def difference_of_squares(x: float, y: float) -> float:
    """x² - y², to half a unit of the result."""
    first, second = x * x, y * y
    difference = first - second
    part = first - difference
    lost = (first - (difference + part)) - (second - part)
    return difference + (lost + (product_error(x, x, first) - product_error(y, y, second)))


ieee.guard(globals())
