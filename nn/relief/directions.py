"""Directions in the space of the parameters that are worth a look: random ones, those of a path."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nn.models.module import Module
from nn.options import checked_model, numbers_of
from nn.randomness import Seed, generator

__all__ = ["path_directions", "random_directions"]

Array = NDArray[np.float64]


def random_directions(model: Module, *, seed: Seed = 0) -> Array:
    """Two random directions for a model, each neuron's part as long as the neuron's own weights.

    Without that scaling a ReLU network looks flat or steep as its layers happen to be scaled.
    """
    rng = generator(seed)
    state = checked_model(model, "random_directions()").state_dict()
    numbers = np.array(list(state.values()))
    groups: dict[str, list[int]] = {}
    for place, name in enumerate(state):
        groups.setdefault(_neuron(name), []).append(place)
    rows = np.empty((2, len(numbers)))
    for row in rows:
        for places in groups.values():
            drawn = np.array([rng.gauss(0.0, 1.0) for _ in places])
            row[places] = drawn * (np.linalg.norm(numbers[places]) / np.linalg.norm(drawn))
    return rows


def path_directions(path: ArrayLike) -> Array:
    """The two directions in which a path goes farthest from its end: its principal components.

    Random directions hardly see a path in many dimensions; these show most of it (Li et al. 2018).

    Raises ValueError for a path of fewer than three points or of fewer than two parameters.

    >>> path_directions([[3.0, 0.0, 1.0], [1.0, 0.5, 1.0], [0.0, 0.0, 1.0]]).shape
    (2, 3)
    """
    points = numbers_of(path, "path", 2)
    if points.shape[0] < 3 or points.shape[1] < 2:
        raise ValueError(
            f"a path needs three points of two parameters or more, "
            f"got an array of shape {points.shape}"
        )
    components: Array = np.linalg.svd(points - points[-1], full_matrices=False)[2][:2]
    return components


def _neuron(name: str) -> str:
    """The part of a parameter's name that says which neuron it belongs to."""
    return f".{name}".partition(".weights.")[0].removesuffix(".bias")
