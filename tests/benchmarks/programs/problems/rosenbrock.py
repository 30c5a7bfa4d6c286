"""Rosenbrock's function of a thousand to a million variables: one gradient at one point.

This engine records it as one writes it, term by term, on scalars; CasADi gets it on its vectors,
which come to the same instructions of its machine and are built ten times sooner; JAX as arrays.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from time import perf_counter
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
    timed,
)
from tests.benchmarks.programs.ours import at_one_point
from tests.benchmarks.programs.tensors import jax_at_one_point, jax_double

__all__ = ["WORK"]

Array = np.ndarray[Any, np.dtype[np.float64]]


def rosenbrock(x: Sequence[Any]) -> Any:
    """The sum over all neighbors, for any scalars."""
    terms = (100 * (x[i + 1] - x[i] ** 2) ** 2 + (1 - x[i]) ** 2 for i in range(len(x) - 1))
    return sum(terms)


def point(size: int) -> Array:
    """Where the gradient is taken."""
    return np.linspace(-1.0, 1.5, size)


def _shown(value: Any, gradient: Any) -> Answer:
    """The value, and the gradient's first and last hundred."""
    numbers = np.asarray(gradient).ravel()
    return [[float(value)], [*numbers[:100].tolist(), *numbers[-100:].tolist()]]


def casadi(size: int) -> Ready:
    """CasADi's interpreter."""
    import casadi

    start = perf_counter()
    x = casadi.SX.sym("x", size)
    value = casadi.sum1(100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2)
    both = casadi.Function("both", [x], [value, casadi.gradient(value, x)])
    compiling = perf_counter() - start
    buffer, call = both.buffer()
    given, value, gradient = point(size), np.zeros(1), np.zeros(size)
    buffer.set_arg(0, given.data)
    buffer.set_res(0, value.data)
    buffer.set_res(1, gradient.data)
    held = (buffer, given)  # by nobody else

    def answer() -> Answer:
        assert held
        call()
        return _shown(value[0], gradient)

    return Ready(lambda: timed(call), compiling, answer)


def jax(size: int) -> Ready:
    """JAX on an array."""
    jax = jax_double()

    def function(x: Any) -> Any:
        return jax.numpy.sum(100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2)

    return jax_at_one_point(function, point(size), _shown)


def _promises(found: Found) -> list[Promise]:
    sizes = sorted({size for _, size in found})
    promises = [
        at_least(f"CasADi / interpreter, Rosenbrock of {size:,}", 1, found, "casadi", size)
        for size in sizes
    ]
    points = [(size, found["native", size].median) for size in sizes if _ran(found, size)]
    if len(points) > 1:
        # Of all of a call, its own microseconds included, and of what a further variable costs.
        whole = [seconds / size for size, seconds in points]
        further = [
            (later - earlier) / (more - fewer)
            for (fewer, earlier), (more, later) in pairwise(points)
        ]
        for what, rates in (("variable", whole), ("further variable", further)):
            spread = max(rates) / min(rates)
            promises.append(
                Promise(
                    f"Rosenbrock: dearest {what} / cheapest",
                    "linear: 2x",
                    f"{spread:.2f}x",
                    0 < spread <= 2,
                )
            )
    return promises


def _ran(found: Found, size: int) -> bool:
    result = found.get(("native", size))
    return result is not None and bool(result.seconds)


WORK = Work(
    "Rosenbrock's function: value and gradient at one point",
    {
        **at_one_point(rosenbrock, point, _shown),
        "casadi": Contestant("CasADi's interpreter", casadi),
        "jax": Contestant("JAX jit, arrays", jax),
    },
    "native",
    _promises,
    sizes=(10**3, 10**4, 10**5, 10**6),
    quick_sizes=(10**3,),
    tolerance=1e-12,
    laps=5,
)
