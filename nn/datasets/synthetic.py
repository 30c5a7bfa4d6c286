"""Problems made up to be looked at: a few lines of geometry each, the same for the same seed."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np

from nn.data import Dataset
from nn.options import got, listed, real, whole
from nn.parts import shuffled
from nn.randomness import Generator, Seed, generator

__all__ = ["blobs", "circles", "four_points", "moons", "spirals", "xor"]

Point = tuple[float, float]

MOST_SAMPLES = 10**7


def moons(samples: int = 100, noise: float = 0.1, *, seed: Seed = 0) -> Dataset:
    """Two half circles that reach into each other.

    Raises ValueError for fewer samples than classes or negative noise, as the others here do.

    >>> moons(50)
    Dataset(50 samples, 2 features, 2 classes)
    """

    def point(kind: int, share: float) -> Point:
        x, y = math.cos(math.pi * share), math.sin(math.pi * share)
        return (x, y) if kind == 0 else (1 - x, 0.5 - y)

    return _noisy(("upper", "lower"), point, samples, noise, seed)


def circles(
    samples: int = 100, noise: float = 0.1, inner: float = 0.5, *, seed: Seed = 0
) -> Dataset:
    """A circle of radius `inner` inside one of radius 1.

    Raises ValueError unless 0 < inner < 1.
    """
    real(inner, "inner", above=0, below=1)

    def point(kind: int, share: float) -> Point:
        radius, angle = (1.0, inner)[kind], 2 * math.pi * share
        return radius * math.cos(angle), radius * math.sin(angle)

    return _noisy(("outer", "inner"), point, samples, noise, seed)


def spirals(
    samples: int = 100, noise: float = 0.02, turns: float = 1.5, *, classes: int = 2, seed: Seed = 0
) -> Dataset:
    """Arms that wind around each other, one a class, from the center to radius 1."""

    turns, classes = real(turns, "turns"), whole(classes, "classes", 2, 1000)

    def point(kind: int, share: float) -> Point:
        angle = 2 * math.pi * (turns * share + kind / classes)
        return share * math.cos(angle), share * math.sin(angle)

    names = tuple(f"arm {index + 1}" for index in range(classes))
    return _noisy(names, point, samples, noise, seed)


def blobs(
    samples: int = 100,
    centers: Sequence[Point] = ((-1.0, -1.0), (1.0, 1.0), (1.0, -1.0)),
    noise: float = 0.3,
    *,
    seed: Seed = 0,
) -> Dataset:
    """A round cloud of points about each center, one a class."""
    pairs = "two points (x, y) or more"
    points = listed(centers, "centers", pairs)
    if len(points) < 2 or any(not hasattr(one, "__len__") or len(one) != 2 for one in points):
        raise ValueError(f"centers must be {pairs}, {got(centers)}")
    points = [(real(x, "a center's x"), real(y, "a center's y")) for x, y in points]
    names = tuple(f"blob {index + 1}" for index in range(len(points)))
    return _noisy(names, lambda kind, share: points[kind], samples, noise, seed)


def xor(samples: int = 4, noise: float = 0.0, *, seed: Seed = 0) -> Dataset:
    """The corners of a square, true where one coordinate is 1 and the other 0 (or near them).

    >>> xor().inputs.tolist(), xor().targets.tolist()
    ([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]], [0, 1, 1, 0])
    """
    rng = _checked(samples, noise, 2, seed)
    corners = [(index // 2 % 2, index % 2) for index in range(samples)]
    inputs = [[rng.gauss(x, noise) if noise else x for x in corner] for corner in corners]
    targets = [x ^ y for x, y in corners]
    return Dataset(np.array(inputs, dtype=np.float64), np.array(targets), ("x", "y"), ("0", "1"))


def four_points() -> Dataset:
    """Four points in the plane with targets 1, 1, 0, 0, for ŷ = σ(w₁x₁ + w₂x₂) and E = Σ(y - ŷ)².

    The classic exercise on descent: two weights, so that the error is a surface one can draw.

    >>> four_points().inputs.tolist()
    [[-3.0, -3.0], [-2.0, -2.0], [4.0, 4.0], [2.0, -5.0]]
    """
    points = np.array([[-3.0, -3.0], [-2.0, -2.0], [4.0, 4.0], [2.0, -5.0]])
    return Dataset(points, np.array([1, 1, 0, 0]), ("x1", "x2"), ("0", "1"))


def _noisy(
    classes: tuple[str, ...],
    point: Callable[[int, float], Point],
    samples: int,
    noise: float,
    seed: Seed,
) -> Dataset:
    """Points of each class at random shares of the way along its curve, blurred and shuffled."""
    rng = _checked(samples, noise, len(classes), seed)
    inputs, targets = [], []
    for index in range(samples):
        kind = index % len(classes)
        x, y = point(kind, rng.random())
        inputs.append([rng.gauss(x, noise), rng.gauss(y, noise)])
        targets.append(kind)
    data = Dataset(np.array(inputs), np.array(targets), ("x", "y"), classes)
    return data.take(shuffled(range(samples), rng))


def _checked(samples: int, noise: float, classes: int, seed: Seed) -> Generator:
    if whole(samples, "samples", 0, MOST_SAMPLES) < classes:
        raise ValueError(
            f"samples must be at least {classes}, one of each of the {classes} classes, "
            f"{got(samples)}"
        )
    real(noise, "noise", least=0)
    return generator(seed)
