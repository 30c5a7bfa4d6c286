"""The work: one full loss and gradient of micrograd's own demo.

An MLP 2-16-16-1 on 100 points of two moons, max-margin loss plus L2, float64, written expression
by expression, as one writes it on any scalar type. Nothing here knows whose scalars they are.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

__all__ = ["LABELS", "POINTS", "SIZES", "Step", "initial_layers", "loss", "parameters_of", "score"]

SIZES = (2, 16, 16, 1)

Neuron = tuple[list[Any], Any]
"""Weights and bias."""


@dataclass(frozen=True)
class Step:
    """What one step took, in seconds, and what it found."""

    forward: float
    backward: float
    freeing: float
    loss: float
    gradients: list[float]

    @property
    def total(self) -> float:
        """The whole step."""
        return self.forward + self.backward + self.freeing


def _moons(count: int, noise: float, source: random.Random) -> tuple[list[list[float]], list[int]]:
    points, labels = [], []
    for index in range(count):
        angle, side = math.pi * source.random(), index % 2
        x, y = math.cos(angle), math.sin(angle)
        if side:
            x, y = 1 - x, 0.5 - y
        points.append([x + source.gauss(0, noise), y + source.gauss(0, noise)])
        labels.append(2 * side - 1)
    return points, labels


POINTS, LABELS = _moons(100, 0.1, random.Random(1))


def initial_layers(number: Callable[[float], Any] = float) -> list[list[Neuron]]:
    """The layers before training: weights uniform in [-1, 1], biases 0, each made by `number`."""
    source = random.Random(1337)
    return [
        [
            ([number(source.uniform(-1, 1)) for _ in range(inputs)], number(0.0))
            for _ in range(outputs)
        ]
        for inputs, outputs in pairwise(SIZES)
    ]


def parameters_of(layers: list[list[Neuron]]) -> list[Any]:
    """The parameters in order: each neuron's weights, then its bias."""
    return [p for layer in layers for weights, bias in layer for p in (*weights, bias)]


def score(layers: list[list[Neuron]], point: list[Any], relu: Callable[[Any], Any]) -> Any:
    """The network's output for one point."""
    activations = point
    for layer in layers[:-1]:
        activations = [
            relu(sum((w * x for w, x in zip(weights, activations, strict=True)), bias))
            for weights, bias in layer
        ]
    ((weights, bias),) = layers[-1]
    return sum((w * x for w, x in zip(weights, activations, strict=True)), bias)


def loss(
    layers: list[list[Neuron]], number: Callable[[float], Any], relu: Callable[[Any], Any]
) -> Any:
    """The loss over all points, every multiplication and addition an expression of its own."""
    scores = [score(layers, [number(x) for x in point], relu) for point in POINTS]
    margins = [relu(1 + -label * s) for label, s in zip(LABELS, scores, strict=True)]
    data_loss = sum(margins) * (1.0 / len(margins))
    return data_loss + 1e-4 * sum(p * p for p in parameters_of(layers))
