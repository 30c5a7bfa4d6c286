"""The peers' side of a multilayer perceptron: parameters as arrays, and JAX and PyTorch set up.

A layer is a weight matrix, one row a neuron, and biases. Where parameters come as one flat list, it
is in this engine's order: each neuron's weights and then its bias.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from time import perf_counter
from types import ModuleType
from typing import Any

import numpy as np

from tests.benchmarks.programs.contest import Answer, Ready, timed

__all__ = ["Layers", "flat", "jax_at_one_point", "jax_double", "layers_of", "torch_alone"]

Array = np.ndarray[Any, np.dtype[np.float64]]
Layers = list[tuple[Any, Any]]
"""Weights and biases, from the inputs on."""


def layers_of(parameters: Sequence[float], sizes: Sequence[int]) -> list[tuple[Array, Array]]:
    """Arrays of a flat list of parameters."""
    layers, first = [], 0
    for inputs, outputs in pairwise(sizes):
        last = first + outputs * (inputs + 1)
        rows = np.array(parameters[first:last]).reshape(outputs, inputs + 1)
        layers.append((rows[:, :-1].copy(), rows[:, -1].copy()))
        first = last
    return layers


def flat(layers: Iterable[tuple[Any, Any]]) -> list[float]:
    """The flat list of arrays, of whatever library."""
    pairs = [(np.asarray(weights), np.asarray(biases)) for weights, biases in layers]
    rows = [np.column_stack(pair).ravel() for pair in pairs]
    return np.concatenate(rows).tolist()  # type: ignore[no-any-return]


def jax_double() -> ModuleType:
    """JAX in float64, on this thread alone: its hand-over to another costs it half a step.

    Its matrices too, which it otherwise multiplies on all cores. It asks for that once, when it
    first computes something.
    """
    os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
    import jax

    jax.config.update("jax_enable_x64", True)
    jax.config.update("jax_cpu_enable_async_dispatch", False)
    return jax  # type: ignore[no-any-return]


def jax_at_one_point(
    function: Callable[[Any], Any], point: Any, shown: Callable[[Any, Any], Answer]
) -> Ready:
    """A function of an array, compiled: its value and gradient at a point."""
    jax = jax_double()
    x = jax.numpy.array(point)
    start = perf_counter()
    both = jax.jit(jax.value_and_grad(function)).lower(x).compile()
    compiling = perf_counter() - start

    def work() -> Any:
        return jax.block_until_ready(both(x))

    return Ready(lambda: timed(work), compiling, lambda: shown(*work()))


def torch_alone() -> ModuleType:
    """PyTorch on one thread."""
    import torch

    torch.set_num_threads(1)
    torch.set_num_interop_threads(1)
    return torch  # type: ignore[no-any-return]
