"""Initializers: the numbers a layer's weights start from.

An initializer takes the numbers of inputs and outputs of a layer and a generator, and returns the
weights, one row a neuron, drawn neuron by neuron. Biases start at 0.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import wraps
from typing import Any

from nn.options import by_name, check_takes, got, listed, real, whole
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
MOST_WEIGHTS = 10**8


def sizes(nin: Any, nout: Any) -> tuple[int, int]:
    """How many inputs and outputs a layer has, held to what can be made."""
    inputs, outputs = whole(nin, "nin"), whole(nout, "nout")
    if inputs * outputs > MOST_WEIGHTS:
        raise ValueError(
            f"nin={inputs:,} and nout={outputs:,} ask for {inputs * outputs:,} weights; a layer of "
            f"Values, of a hundred bytes each, has at most {MOST_WEIGHTS:,}"
        )
    return inputs, outputs


def _held(draw: Initializer) -> Initializer:
    """The initializer, which refuses sizes and generators that are none."""

    @wraps(draw)
    def drawn(nin: int, nout: int, rng: Generator) -> Rows:
        if not hasattr(rng, "gauss"):
            raise TypeError(f"rng must be a generator, as random.Random(0) is, {got(rng)}")
        return draw(*sizes(nin, nout), rng)

    return drawn


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

    @_held
    def draw(nin: int, nout: int, rng: Generator) -> Rows:
        return [[rng.uniform(low, high) for _ in range(nin)] for _ in range(nout)]

    return draw


def normal(mean: float = 0.0, deviation: float = 1.0) -> Initializer:
    """Normal with a mean and a standard deviation.

    Raises ValueError for a negative or non-finite deviation.
    """
    real(mean, "mean")
    real(deviation, "deviation", least=0)

    @_held
    def draw(nin: int, nout: int, rng: Generator) -> Rows:
        return [[rng.gauss(mean, deviation) for _ in range(nin)] for _ in range(nout)]

    return draw


@_held
def zeros(nin: int, nout: int, rng: Generator) -> Rows:
    """All 0: then every neuron of a hidden layer learns the same, which a course shows once."""
    return [[0.0] * nin for _ in range(nout)]


# The variance that keeps a signal's size: forward it wants 1/nin, backward 1/nout.


@_held
def lecun_uniform(nin: int, nout: int, rng: Generator) -> Rows:
    """Variance 1/nin (LeCun et al. 1998), for linear layers."""
    return _spread(1.0 / nin)(nin, nout, rng)


@_held
def lecun_normal(nin: int, nout: int, rng: Generator) -> Rows:
    """Variance 1/nin (LeCun et al. 1998), for linear layers."""
    return normal(0.0, math.sqrt(1.0 / nin))(nin, nout, rng)


@_held
def xavier_uniform(nin: int, nout: int, rng: Generator) -> Rows:
    """Variance 2/(nin + nout) (Glorot & Bengio 2010), for tanh and sigmoid."""
    return _spread(2.0 / (nin + nout))(nin, nout, rng)


@_held
def xavier_normal(nin: int, nout: int, rng: Generator) -> Rows:
    """Variance 2/(nin + nout) (Glorot & Bengio 2010), for tanh and sigmoid."""
    return normal(0.0, math.sqrt(2.0 / (nin + nout)))(nin, nout, rng)


@_held
def he_uniform(nin: int, nout: int, rng: Generator) -> Rows:
    """Variance 2/nin (He et al. 2015), for ReLU, which cuts half of its input away."""
    return _spread(2.0 / nin)(nin, nout, rng)


@_held
def he_normal(nin: int, nout: int, rng: Generator) -> Rows:
    """Variance 2/nin (He et al. 2015), for ReLU, which cuts half of its input away."""
    return normal(0.0, math.sqrt(2.0 / nin))(nin, nout, rng)


@_held
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
    found: Initializer = by_name(given, "initializer", INITIALIZERS, instead)
    check_takes(found, "a layer", "nin", "nout", "generator", what="the initializer")
    return found


def rows_of(draw: Initializer, nin: int, nout: int, rng: Generator) -> Rows:
    """What an initializer draws, held to its shape.

    Raises TypeError or ValueError for sizes that are none, and ValueError for more weights than a
    hundred million and if a user's own one returns another number of rows or of weights.
    """
    nin, nout = sizes(nin, nout)
    drawn = listed(draw(nin, nout, rng), "what the initializer returns", "rows of weights")
    rows: Any = [listed(row, "a row of the initializer", "weights") for row in drawn]
    if len(rows) != nout or any(len(row) != nin for row in rows):
        raise ValueError(
            f"the initializer must give {nout} rows of {nin} weights, got {len(rows)} rows of "
            f"{sorted({len(row) for row in rows})}"
        )
    return rows  # type: ignore[no-any-return]
