"""Heston: prices of calls by an integral over the characteristic function, in real arithmetic.

The form is Lewis's (2001), with the branch of the logarithm that stays continuous (Albrecher et
al. 2007). The integral is a sum over 32 nodes of Gauss and Legendre, so that a price is some
thousands of operations: a model of the kind that scalar engines are used for. Complex numbers are
pairs, for JAX as for us.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np

import autograd_core
from tests.benchmarks.programs.calibration.quotes import calibration

__all__ = ["WORK"]

NODES = 32
MIDDLE = 8.0  # half of the nodes lie below


class Pair(NamedTuple):
    """A complex number of any scalars."""

    real: Any
    imaginary: Any

    def plus(self, other: Pair) -> Pair:
        """The sum."""
        return Pair(self.real + other.real, self.imaginary + other.imaginary)

    def minus(self, other: Pair) -> Pair:
        """The difference."""
        return Pair(self.real - other.real, self.imaginary - other.imaginary)

    def times(self, other: Pair) -> Pair:
        """The product."""
        return Pair(
            self.real * other.real - self.imaginary * other.imaginary,
            self.real * other.imaginary + self.imaginary * other.real,
        )

    def scaled(self, factor: Any) -> Pair:
        """The product with a real number."""
        return Pair(self.real * factor, self.imaginary * factor)

    def over(self, other: Pair) -> Pair:
        """The quotient."""
        size = other.real * other.real + other.imaginary * other.imaginary
        return self.times(Pair(other.real, -other.imaginary)).scaled(1.0 / size)


ONE = Pair(1.0, 0.0)


def exponential(m: Any, z: Pair) -> Pair:
    """e to that power."""
    size = m.exp(z.real)
    return Pair(size * m.cos(z.imaginary), size * m.sin(z.imaginary))


def logarithm(m: Any, z: Pair) -> Pair:
    """The principal one."""
    square = z.real * z.real + z.imaginary * z.imaginary
    return Pair(0.5 * m.log(square), angle(m, z))


def root(m: Any, z: Pair) -> Pair:
    """The square root with a positive real part."""
    size = m.sqrt(z.real * z.real + z.imaginary * z.imaginary)
    real = m.sqrt(0.5 * (size + z.real))
    return Pair(real, 0.5 * z.imaginary / real)


def angle(m: Any, z: Pair) -> Any:
    """From the positive real axis."""
    return (m.atan2 if hasattr(m, "atan2") else m.arctan2)(z.imaginary, z.real)


def price(
    m: Any, v0: Any, kappa: Any, theta: Any, sigma: Any, rho: Any, strike: Any, time: Any
) -> Any:
    """Of a call on a forward of 1, without interest; JAX takes all nodes at once, as an axis."""

    def term(u: Any, weight: Any) -> Any:
        # Of w = u - i/2: i w = ½ + i u and w² + i w = u² + ¼.
        xi = Pair(kappa - 0.5 * sigma * rho, -u * sigma * rho)
        d = root(m, xi.times(xi).plus(Pair(sigma * sigma * (u * u + 0.25), 0.0)))
        less, more = xi.minus(d), xi.plus(d)
        g = less.over(more)
        decay = exponential(m, d.scaled(-time))
        below = ONE.minus(g.times(decay))
        rate = 1.0 / (sigma * sigma)
        logs = logarithm(m, below.over(ONE.minus(g)))
        c = less.scaled(time).minus(logs.scaled(2.0)).scaled(kappa * theta * rate)
        by_variance = less.times(ONE.minus(decay)).over(below).scaled(rate)
        exponent = c.plus(by_variance.scaled(v0))
        turned = exponent.plus(Pair(0.0, -u * m.log(strike)))
        wave = m.exp(turned.real) * m.cos(turned.imaginary)
        return wave * weight / (u * u + 0.25)

    nodes, weights = np.polynomial.legendre.leggauss(NODES)
    places, sizes = (
        MIDDLE * (1.0 + nodes) / (1.0 - nodes),
        2.0 * MIDDLE * weights / (1.0 - nodes) ** 2,
    )
    if m is autograd_core:
        total = sum(map(term, places.tolist(), sizes.tolist()))
    else:
        total = term(m.array(places)[:, None], m.array(sizes)[:, None]).sum(axis=0)
    return 1.0 - m.sqrt(strike) * total / math.pi


WORK = calibration("Heston", price, (0.04, 1.5, 0.05, 0.4, -0.6), (0.06, 1.0, 0.04, 0.5, -0.4), 1.0)
