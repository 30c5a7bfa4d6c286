"""2-16-16-1 with tanh and with sigmoid: the gradient of the mean squared error of 1,000 samples.

What these cost is exponentials: ours have the same bits on every machine, JAX's need not.
"""

from __future__ import annotations

from functools import partial
from time import perf_counter
from typing import Any

import numpy as np

from autograd_core import Value
from nn import MLP
from tests.benchmarks.programs.contest import (
    Answer,
    Contestant,
    Found,
    Promise,
    Ready,
    Work,
    at_least,
    timed,
)
from tests.benchmarks.programs.ours import BACKENDS, recorded
from tests.benchmarks.programs.tensors import flat, jax_double, layers_of

__all__ = ["SIGMOID", "TANH"]

SIZES = (2, 16, 16, 1)
SHARE = {"tanh": 1 / 2.2, "sigmoid": 1 / 1.5}
"""Of JAX's speed, at least."""


def samples(size: int) -> tuple[Any, Any]:
    """Points of the plane, and the number each is to get."""
    points = np.random.default_rng(0).normal(size=(size, SIZES[0]))
    return points, np.sin(points[:, 0]) * points[:, 1]


def _model(activation: str) -> MLP:
    return MLP(SIZES[0], SIZES[1:], activation=activation, seed=0)


def ours(activation: str, backend: str, size: int) -> Ready:
    """One sample's error recorded, and replayed over all."""
    model, (points, targets) = _model(activation), samples(size)
    parameters: list[Value] = model.parameters()

    def error(point: Any, target: Any) -> Any:
        return (model(point) - target) ** 2

    start = perf_counter()
    program = recorded(error, [0.0] * SIZES[0], 0.0, backend=backend)

    def reset() -> None:
        for parameter in parameters:
            parameter.grad = 0.0

    def work() -> float:
        return program.backward(points, targets)

    work()
    first = perf_counter() - start

    def answer() -> Answer:
        reset()
        return [[work()], [parameter.grad for parameter in parameters]]

    return Ready(lambda: timed(work, reset), max(0.0, first - timed(work, reset)), answer)


def jax(activation: str, size: int) -> Ready:
    """JAX on arrays."""
    jax = jax_double()
    bend = {"tanh": jax.numpy.tanh, "sigmoid": jax.nn.sigmoid}[activation]
    numbers = [parameter.data for parameter in _model(activation).parameters()]
    layers = jax.tree.map(jax.numpy.array, layers_of(numbers, SIZES))
    points, targets = map(jax.numpy.array, samples(size))

    def loss(layers: Any, points: Any, targets: Any) -> Any:
        activations = points
        for weights, biases in layers[:-1]:
            activations = bend(activations @ weights.T + biases)
        weights, biases = layers[-1]
        return (((activations @ weights.T + biases)[:, 0] - targets) ** 2).mean()

    start = perf_counter()
    both = jax.jit(jax.value_and_grad(loss)).lower(layers, points, targets).compile()
    compiling = perf_counter() - start

    def work() -> Any:
        return jax.block_until_ready(both(layers, points, targets))

    def answer() -> Answer:
        value, gradients = work()
        return [[float(value)], flat(gradients)]

    return Ready(lambda: timed(work), compiling, answer)


def network(activation: str) -> Work:
    """The work of one activation."""

    def promises(found: Found) -> list[Promise]:
        return [
            at_least(
                f"JAX / {BACKENDS[own]}, {activation} network, {size:,} samples",
                SHARE[activation],
                found,
                "jax",
                size,
                own,
            )
            for size in sorted({size for _, size in found})
            for own in ("llvm", "native")
        ]

    return Work(
        f"a {'-'.join(map(str, SIZES))} network with {activation}: loss and gradient",
        {
            **{
                backend: Contestant(BACKENDS[backend], partial(ours, activation, backend))
                for backend in ("native", "llvm")
            },
            "jax": Contestant("JAX jit, arrays", partial(jax, activation)),
        },
        "native",
        promises,
        sizes=(1000,),
        quick_sizes=(100,),
        tolerance=1e-11,
    )


TANH, SIGMOID = network("tanh"), network("sigmoid")
