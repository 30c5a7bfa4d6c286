"""What calibrations have in common: quotes for strikes and times, and the mean of squared errors.

A model is one function of its parameters, a strike and a time, written once for any scalars with
the words of a module of functions, which is this engine's or JAX's.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from time import perf_counter
from typing import Any

import numpy as np

import autograd_core
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
from tests.benchmarks.programs.ours import BACKENDS, load, recorded
from tests.benchmarks.programs.tensors import jax_double

__all__ = ["Model", "calibration"]

Model = Callable[..., Any]
"""Takes a module of functions, the parameters by position, a strike and a time."""


def _quotes(model: Model, truth: Sequence[float], size: int) -> tuple[Any, Any, Any]:
    """Strikes, times, and what the model says at the true parameters."""
    rng = np.random.default_rng(0)
    strikes = np.exp(rng.uniform(-0.4, 0.4, size))
    times = rng.uniform(0.1, 3.0, size)
    said = [float(model(autograd_core, *truth, K, T)) for K, T in zip(strikes, times, strict=True)]
    return strikes, times, np.array(said)


def _ours(
    model: Model, truth: Sequence[float], start: Sequence[float], backend: str, size: int
) -> Ready:
    strikes, times, said = _quotes(model, truth, size)
    names = tuple(range(len(start)))

    def error(*given: Any) -> Any:
        *parameters, strike, time, quote = given
        return (model(autograd_core, *parameters, strike, time) - quote) ** 2

    load(backend)
    begun = perf_counter()
    program = recorded(error, *start, 1.1, 1.0, 0.2, backend=backend)

    def work() -> Any:
        return program.value_and_grad(*start, strikes, times, said, wrt=names, mean=0)

    work()
    first = perf_counter() - begun

    def answer() -> Answer:
        value, slopes = work()
        return [[float(value)], [float(slope) for slope in slopes]]

    facts = {"instructions": float(len(program.code))}
    return Ready(lambda: timed(work), max(0.0, first - timed(work)), answer, facts)


def _jax(model: Model, truth: Sequence[float], start: Sequence[float], size: int) -> Ready:
    arrays = _quotes(model, truth, size)
    jax = jax_double()
    jnp = jax.numpy
    strikes, times, said = map(jnp.array, arrays)
    parameters = jnp.array(start)

    def error(parameters: Any, strikes: Any, times: Any, said: Any) -> Any:
        return ((model(jnp, *parameters, strikes, times) - said) ** 2).mean()

    begun = perf_counter()
    both = jax.jit(jax.value_and_grad(error)).lower(parameters, strikes, times, said).compile()
    compiling = perf_counter() - begun

    def work() -> Any:
        return jax.block_until_ready(both(parameters, strikes, times, said))

    def answer() -> Answer:
        value, slopes = work()
        return [[float(value)], np.asarray(slopes).tolist()]

    return Ready(lambda: timed(work), compiling, answer)


def calibration(
    title: str, model: Model, truth: Sequence[float], start: Sequence[float], promised: float
) -> Work:
    """The work of one model: error and slopes at parameters that are not the true ones."""

    def promises(found: Found) -> list[Promise]:
        return [
            at_least(f"JAX / {BACKENDS[own]}, {title}", promised, found, "jax", size, own)
            for size in sorted({size for _, size in found})
            for own in ("llvm", "native")
        ]

    return Work(
        f"{title}: the mean squared error over the quotes, and its slopes by the parameters",
        {
            **{
                backend: Contestant(BACKENDS[backend], partial(_ours, model, truth, start, backend))
                for backend in ("native", "llvm")
            },
            "jax": Contestant("JAX jit, arrays", partial(_jax, model, truth, start)),
        },
        "native",
        promises,
        sizes=(1000,),
        quick_sizes=(50,),
        tolerance=1e-8,
        laps=5,
    )
