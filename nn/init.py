"""Initializers: the numbers a layer's weights start from.

An initializer takes the numbers of inputs and outputs of a layer and a generator, and returns the
weights, one row a neuron, drawn neuron by neuron. Biases start at 0.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from nn.options import by_name, real
from nn.randomness import Generator

__all__ = [
    "INITIALIZERS",
    "Initializer",
    "he_normal",
    "he_uniform",
    "initializer",
    "lecun_normal",
    "lecun_uniform",
    "normal",
    "orthogonal",
    "uniform",
    "xavier_normal",
    "xavier_uniform",
    "zeros",
]

Rows = list[list[float]]
Initializer = Callable[[int, int, Generator], Rows]
"""From the number of inputs, the number of outputs and a generator to the rows of weights."""


def uniform(low: float = -1.0, high: float = 1.0) -> Initializer:
    """Uniform in [low, high]; without arguments micrograd's.

    Raises ValueError unless low < high and both are finite.

    >>> import random
    >>> rows = uniform(-0.5, 0.5)(2, 3, random.Random(0))
    >>> len(rows), len(rows[0])
    (3, 2)
    """
    real(low, "low")
    real(high, "high", above=low)

    def draw(nin: int, nout: int, rng: Generator) -> Rows:
        return [[rng.uniform(low, high) for _ in range(nin)] for _ in range(nout)]

    return draw


def normal(mean: float = 0.0, deviation: float = 1.0) -> Initializer:
    """Normal with a mean and a standard deviation.

    Raises ValueError for a negative or non-finite deviation.
    """
    real(mean, "mean")
    real(deviation, "deviation", least=0)

    def draw(nin: int, nout: int, rng: Generator) -> Rows:
        return [[rng.gauss(mean, deviation) for _ in range(nin)] for _ in range(nout)]

    return draw


def zeros(nin: int, nout: int, rng: Generator) -> Rows:
    """All 0: then every neuron of a hidden layer learns the same, which a course shows once."""
    return [[0.0] * nin for _ in range(nout)]


# The variance that keeps a signal's size: forward it wants 1/nin, backward 1/nout.


def lecun_uniform(nin: int, nout: int, rng: Generator) -> Rows:
    """Variance 1/nin (LeCun et al. 1998), for linear layers."""
    return _spread(1.0 / nin)(nin, nout, rng)


def lecun_normal(nin: int, nout: int, rng: Generator) -> Rows:
    """Variance 1/nin (LeCun et al. 1998), for linear layers."""
    return normal(0.0, math.sqrt(1.0 / nin))(nin, nout, rng)


def xavier_uniform(nin: int, nout: int, rng: Generator) -> Rows:
    """Variance 2/(nin + nout) (Glorot & Bengio 2010), for tanh and sigmoid."""
    return _spread(2.0 / (nin + nout))(nin, nout, rng)


def xavier_normal(nin: int, nout: int, rng: Generator) -> Rows:
    """Variance 2/(nin + nout) (Glorot & Bengio 2010), for tanh and sigmoid."""
    return normal(0.0, math.sqrt(2.0 / (nin + nout)))(nin, nout, rng)


def he_uniform(nin: int, nout: int, rng: Generator) -> Rows:
    """Variance 2/nin (He et al. 2015), for ReLU, which cuts half of its input away."""
    return _spread(2.0 / nin)(nin, nout, rng)


def he_normal(nin: int, nout: int, rng: Generator) -> Rows:
    """Variance 2/nin (He et al. 2015), for ReLU, which cuts half of its input away."""
    return normal(0.0, math.sqrt(2.0 / nin))(nin, nout, rng)


def orthogonal(nin: int, nout: int, rng: Generator) -> Rows:
    """Orthonormal rows, or columns if there are fewer of them (Saxe et al. 2014).

    The Q of a QR decomposition of normal numbers, its signs those of R's diagonal, so that every
    orthogonal matrix is as likely as any other.
    """
    import numpy as np

    tall = np.array(normal()(min(nin, nout), max(nin, nout), rng))
    q, r = np.linalg.qr(tall)
    q = q * np.where(np.diag(r) < 0, -1.0, 1.0)
    rows: Rows = (q if nout >= nin else q.T).tolist()
    return rows


def _spread(variance: float) -> Initializer:
    bound = math.sqrt(3.0 * variance)
    return uniform(-bound, bound)


INITIALIZERS: dict[str, Initializer] = {
    "uniform": uniform(),
    "normal": normal(),
    "zeros": zeros,
    "lecun_uniform": lecun_uniform,
    "lecun_normal": lecun_normal,
    "xavier_uniform": xavier_uniform,
    "xavier_normal": xavier_normal,
    "he_uniform": he_uniform,
    "he_normal": he_normal,
    "orthogonal": orthogonal,
}
"""Every initializer that has a name; `uniform` is micrograd's, from -1 to 1."""


def initializer(given: str | Initializer) -> Initializer:
    """The initializer that a name or a function stands for.

    Raises ValueError for an unknown name, TypeError for what is neither name nor function.
    """
    instead = ", or give a function of (nin, nout, generator) that returns rows"
    return by_name(given, "initializer", INITIALIZERS, instead)  # type: ignore[no-any-return]


def rows_of(draw: Initializer, nin: int, nout: int, rng: Generator) -> Rows:
    """What an initializer draws, held to its shape.

    Raises ValueError if a user's own one returns another number of rows or of weights.
    """
    rows: Any = [list(row) for row in draw(nin, nout, rng)]
    if len(rows) != nout or any(len(row) != nin for row in rows):
        raise ValueError(
            f"the initializer must give {nout} rows of {nin} weights, got {len(rows)} rows of "
            f"{sorted({len(row) for row in rows})}"
        )
    return rows  # type: ignore[no-any-return]
