"""An Asian option's price and its sensitivities to five parameters, over many scenarios.

The payoff of one path of 252 steps is recorded as one writes it, and its mean over the scenarios
differentiated; JAX scans over the steps. What both take to record and compile, once imported,
stands beside it, and what a person would write is in `asian_by_hand`.
"""

from __future__ import annotations

from functools import partial
from time import perf_counter
from typing import Any

import numpy as np

from autograd_core import exp, maximum, sqrt
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
from tests.benchmarks.programs.problems.asian_by_hand import WIDTHS, by_hand
from tests.benchmarks.programs.tensors import jax_double

__all__ = ["WORK"]

STEPS = 252
MARKET = (100.0, 0.2, 0.05, 100.0, 1.0)
PARAMETERS = ("S0", "sigma", "r", "K", "T")
EXECUTION = 2.5
PREPARATION = 4.0


def payoff(S0: Any, sigma: Any, r: Any, K: Any, T: Any, normal: Any) -> Any:
    """Discounted, along one path."""
    step, S, total = T / len(normal), S0, 0.0
    for z in normal:
        S = S * exp((r - sigma**2 / 2) * step + sigma * sqrt(step) * z)
        total = total + S
    return exp(-r * T) * maximum(total / len(normal) - K, 0.0)


def scenarios(size: int) -> Any:
    """Steps that are normally distributed, a row a path."""
    return np.random.default_rng(0).normal(size=(size, STEPS))


def ours(backend: str, size: int) -> Ready:
    """This engine: recorded, and the mean over the scenarios differentiated."""
    paths = scenarios(size)
    load(backend)
    start = perf_counter()
    program = recorded(payoff, *MARKET, [0.0] * STEPS, backend=backend)

    def work() -> Any:
        return program.value_and_grad(*MARKET, paths, wrt=PARAMETERS, mean=0)

    work()
    first = perf_counter() - start

    def answer() -> Answer:
        price, slopes = work()
        return [[price], list(slopes)]

    return Ready(lambda: timed(work), max(0.0, first - timed(work)), answer)


def limit(width: str, size: int) -> Ready:
    """C in the same order of operations."""
    return by_hand(width, MARKET, scenarios(size))


def jax(size: int) -> Ready:
    """JAX: one path as a scan over its steps, `vmap` over the paths, `jit`."""
    jax = jax_double()
    jnp = jax.numpy
    market, paths = jnp.array(MARKET), jnp.array(scenarios(size))

    def path(market: Any, normal: Any) -> Any:
        S0, sigma, r, K, T = market
        step = T / STEPS

        def one(carried: Any, z: Any) -> Any:
            S, total = carried
            S = S * jnp.exp((r - sigma**2 / 2) * step + sigma * jnp.sqrt(step) * z)
            return (S, total + S), None

        (_, total), _ = jax.lax.scan(one, (S0, 0.0 * S0), normal)
        return jnp.exp(-r * T) * jnp.maximum(total / STEPS - K, 0.0)

    def mean(market: Any, paths: Any) -> Any:
        return jax.vmap(path, (None, 0))(market, paths).mean()

    start = perf_counter()
    both = jax.jit(jax.value_and_grad(mean)).lower(market, paths).compile()
    compiling = perf_counter() - start

    def work() -> Any:
        return jax.block_until_ready(both(market, paths))

    def answer() -> Answer:
        price, slopes = work()
        return [[float(price)], np.asarray(slopes).tolist()]

    return Ready(lambda: timed(work), compiling, answer)


def _promises(found: Found) -> list[Promise]:
    promises = []
    for size in sorted({size for _, size in found}):
        what = f"Asian option, {size:,} scenarios: JAX / {BACKENDS['llvm']}"  # both by one back end
        promises.append(at_least(what, EXECUTION, found, "jax", size, "llvm"))
        promises.append(_preparation(what, found.get(("jax", size)), found.get(("llvm", size))))
    return promises


def _preparation(what: str, theirs: Any, own: Any) -> Promise:
    what += ", to prepare"
    if not (own and theirs and own.compiling and theirs.compiling):
        return Promise(what, f"{PREPARATION:g}x", "not measured", None)
    ratio = theirs.compiling / own.compiling
    return Promise(what, f"{PREPARATION:g}x", f"{ratio:.3g}x", ratio >= PREPARATION)


WORK = Work(
    f"An Asian option of {STEPS} steps: the mean over the scenarios and its five sensitivities",
    {
        **{
            backend: Contestant(BACKENDS[backend], partial(ours, backend))
            for backend in ("native", "llvm")
        },
        "jax": Contestant("JAX jit, scan", jax),
        **{width: Contestant(row[0], partial(limit, width)) for width, row in WIDTHS.items()},
    },
    "native",
    _promises,
    sizes=(1000,),
    quick_sizes=(104,),
    tolerance=1e-11,
)
