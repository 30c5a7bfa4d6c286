"""The formulas of optimizers' steps: a parameter's next number, from its gradient and its memory.

Each takes a parameter's number, its gradient, what is remembered of it, and then numbers that are
the same for all; it gives the next number and the next memory. It is assignments of + - * / and
`sqrt`, choices by the common numbers alone, and names that are returned: so the same text works on
arrays here, and a build makes of it a loop in C (`building/updates_in_c`). All in the order of
operations of PyTorch's optimizers.
"""

from __future__ import annotations

from typing import Any

from numpy import sqrt

__all__ = ["adagrad", "adam", "descent", "momentum", "nesterov", "rmsprop"]


def descent(value: Any, gradient: Any, rate: float, decay: float) -> Any:
    """Down the gradient."""
    gradient = gradient + decay * value if decay != 0.0 else gradient
    value = value - rate * gradient
    return (value,)


def momentum(
    value: Any,
    gradient: Any,
    velocity: Any,
    rate: float,
    decay: float,
    kept: float,
    begun: float,
) -> Any:
    """Along a velocity, at first the gradient."""
    gradient = gradient + decay * value if decay != 0.0 else gradient
    velocity = velocity * kept + gradient if begun != 0.0 else gradient
    value = value - rate * velocity
    return value, velocity


def nesterov(
    value: Any,
    gradient: Any,
    velocity: Any,
    rate: float,
    decay: float,
    kept: float,
    begun: float,
) -> Any:
    """Along the gradient as it is where the velocity leads."""
    gradient = gradient + decay * value if decay != 0.0 else gradient
    velocity = velocity * kept + gradient if begun != 0.0 else gradient
    value = value - rate * (gradient + kept * velocity)
    return value, velocity


def adagrad(
    value: Any, gradient: Any, squares: Any, rate: float, decay: float, epsilon: float
) -> Any:
    """By the root of all squares so far."""
    gradient = gradient + decay * value if decay != 0.0 else gradient
    squares = squares + gradient * gradient
    value = value - gradient / (sqrt(squares) + epsilon) * rate
    return value, squares


def rmsprop(
    value: Any,
    gradient: Any,
    mean_square: Any,
    velocity: Any,
    rate: float,
    decay: float,
    smoothing: float,
    kept: float,
    epsilon: float,
) -> Any:
    """By the root of the running mean square, along a velocity."""
    gradient = gradient + decay * value if decay != 0.0 else gradient
    mean_square = mean_square * smoothing + gradient * gradient * (1.0 - smoothing)
    velocity = velocity * kept + gradient / (sqrt(mean_square) + epsilon)
    value = value - velocity * rate
    return value, mean_square, velocity


def adam(
    value: Any,
    gradient: Any,
    mean: Any,
    mean_square: Any,
    rate: float,
    decay: float,
    shrunk: float,
    first: float,
    second: float,
    root: float,
    epsilon: float,
) -> Any:
    """By the running mean over the root of the running mean square, of a number shrunk first."""
    value = value * shrunk
    gradient = gradient + decay * value if decay != 0.0 else gradient
    mean = mean + (gradient - mean) * (1.0 - first)
    mean_square = mean_square * second + gradient * gradient * (1.0 - second)
    value = value - mean / (sqrt(mean_square) / root + epsilon) * rate
    return value, mean, mean_square
