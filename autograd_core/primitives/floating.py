"""The parts of a floating-point number: exact steps that C takes on bits and Python by its `math`.

What the elementary functions of our own are made of besides arithmetic. Where the package is
compiled, `floating.pxd` beside this file has them in C, which the translation copies; back ends
that compute in vectors have words of their own for them. Outside of what is promised here the
result is some number, and nothing is raised.
"""

from __future__ import annotations

import math

__all__ = ["exponent", "power_of_two", "significand"]


def power_of_two(k: float) -> float:
    """2**k, for whole numbers from -1022 to 1023.

    >>> power_of_two(-3.0)
    0.125
    """
    return math.ldexp(1.0, int(k)) if -1023 < k < 1024 else 0.0


def exponent(x: float) -> float:
    """The whole number k with 2**k <= x < 2**(k + 1), for positive normal numbers.

    >>> exponent(12.0)
    3.0
    """
    return math.frexp(x)[1] - 1.0


def significand(x: float) -> float:
    """x / 2**exponent(x), from 1 to 2.

    >>> significand(12.0)
    1.5
    """
    return 2.0 * math.frexp(x)[0]
