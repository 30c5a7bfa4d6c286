"""The gradient of a heat equation's energy by where it began: ten steps over a row of cells.

Recorded cell by cell, as one writes it; the loops in it are found afterwards. JAX gets arrays.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from tests.benchmarks.programs.contest import (
    Answer,
    Contestant,
    Found,
    Promise,
    Ready,
    Work,
    at_least,
)
from tests.benchmarks.programs.ours import at_one_point
from tests.benchmarks.programs.tensors import jax_at_one_point, jax_double

__all__ = ["WORK"]

STEPS = 10


def energy(cells: Sequence[Any]) -> Any:
    """The sum of the squares after all steps, for any scalars."""
    u = list(cells)
    for _ in range(STEPS):
        inner = [u[k] + 0.1 * (u[k - 1] - 2 * u[k] + u[k + 1]) for k in range(1, len(u) - 1)]
        u = [u[0], *inner, u[-1]]
    return sum(x * x for x in u)


def point(size: int) -> Any:
    """Where it begins."""
    return np.random.default_rng(0).normal(size=size)


def _shown(value: Any, gradient: Any) -> Answer:
    return [[float(value)], np.asarray(gradient).ravel().tolist()]


def jax(size: int) -> Ready:
    """JAX on an array."""
    jax = jax_double()

    def function(u: Any) -> Any:
        for _ in range(STEPS):
            inner = u[1:-1] + 0.1 * (u[:-2] - 2 * u[1:-1] + u[2:])
            u = jax.numpy.concatenate([u[:1], inner, u[-1:]])
        return jax.numpy.sum(u * u)

    return jax_at_one_point(function, point(size), _shown)


def _promises(found: Found) -> list[Promise]:
    return [
        at_least(f"JAX / LLVM, heat equation of {size:,} cells", 1, found, "jax", size, "llvm")
        for size in sorted({size for _, size in found})
    ]


WORK = Work(
    "A heat equation of ten steps: value and gradient at one point",
    {
        **at_one_point(energy, point, _shown),
        "jax": Contestant("JAX jit, arrays", jax),
    },
    "native",
    _promises,
    sizes=(300, 3000),
    quick_sizes=(300,),
    tolerance=1e-12,
    laps=5,
)
