"""What a call costs beside its arithmetic, and what the first call costs.

Rosenbrock's function of ten variables takes less time than making an array: value and gradient at
one point, and at a hundred. The first call is a recording and the gradient by it, from new each
time; its peers are JAX's and CasADi's, on arrays.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
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
from tests.benchmarks.programs.ours import BACKENDS, recorded
from tests.benchmarks.programs.problems.rosenbrock import point, rosenbrock
from tests.benchmarks.programs.tensors import jax_double

__all__ = ["CALLS", "FIRST"]

Array = np.ndarray[Any, np.dtype[np.float64]]

VARIABLES = 10
IN_A_ROW = 100  # calls: one alone is as short as a look at the clock


def points(samples: int) -> Array:
    """Where the gradient is taken: at one point, or at several."""
    numbers = np.random.default_rng(0).normal(size=(samples, VARIABLES))
    return numbers if samples > 1 else numbers[0]


def repeated(call: Callable[[], Any]) -> Callable[[], float]:
    """A step: the seconds of one call among many."""

    def calls() -> None:
        for _ in range(IN_A_ROW):
            call()

    return lambda: timed(calls) / IN_A_ROW


def _shown(value: Any, gradient: Any) -> Answer:
    return [np.asarray(value).ravel().tolist(), np.asarray(gradient).ravel().tolist()]


def ours(backend: str) -> Callable[[int], Ready]:
    """A recorded program, called."""

    def prepare(samples: int) -> Ready:
        program = recorded(rosenbrock, [0.0] * VARIABLES, backend=backend)
        x = points(samples)

        def call() -> Any:
            return program.value_and_grad(x)

        return Ready(repeated(call), None, lambda: _shown(*call()), repeats=IN_A_ROW)

    return prepare


def casadi(samples: int) -> Ready:
    """CasADi's interpreter, on memory that it was told of before: what it calls a buffer."""
    import casadi

    x = casadi.SX.sym("x", VARIABLES)
    value = casadi.sum1(100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2)
    both = casadi.Function("both", [x], [value, casadi.gradient(value, x)]).map(samples)
    buffer, call = both.buffer()
    given, values = points(samples), np.zeros(samples)
    gradients = np.zeros((samples, VARIABLES))
    buffer.set_arg(0, given.data.cast("B").cast("d"))
    buffer.set_res(0, values.data)
    buffer.set_res(1, gradients.data.cast("B").cast("d"))
    held = (buffer, given)  # by nobody else

    def answer() -> Answer:
        assert held
        call()
        return _shown(values, gradients)

    return Ready(repeated(call), None, answer, repeats=IN_A_ROW)


def _by_jax(jax: Any) -> Callable[[Any], Any]:
    def function(x: Any) -> Any:
        return jax.numpy.sum(100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2)

    return function


def jax(samples: int) -> Ready:
    """JAX, compiled, on arrays of its own."""
    jax = jax_double()
    both = jax.value_and_grad(_by_jax(jax))
    compiled = jax.jit(both if samples == 1 else jax.vmap(both))
    x = jax.numpy.array(points(samples))

    def call() -> Any:
        return jax.block_until_ready(compiled(x))

    return Ready(repeated(call), None, lambda: _shown(*call()), repeats=IN_A_ROW)


def first_of_ours(size: int) -> Ready:
    """A recording and its first value and gradient."""
    x = point(size)

    def work() -> Any:
        return recorded(rosenbrock, [0.0] * size).value_and_grad(x)

    facts = {"instructions": float(len(recorded(rosenbrock, [0.0] * size).code))}
    return Ready(lambda: timed(work), None, facts=facts)


def first_of_jax(size: int) -> Ready:
    """JAX's: a function that it has not met, traced, compiled and called."""
    jax = jax_double()
    x = jax.numpy.array(point(size))

    def work() -> Any:
        return jax.block_until_ready(jax.jit(jax.value_and_grad(_by_jax(jax)))(x))

    return Ready(lambda: timed(work))


def _calls_promised(found: Found) -> list[Promise]:
    return [
        at_least("JAX jit / interpreter, a call of one sample", 10, found, "jax", 1),
        at_least("JAX jit / LLVM, a call of one sample", 10, found, "jax", 1, "llvm"),
        at_least("CasADi's buffer / interpreter, a call of one sample", 1, found, "casadi", 1),
    ]


def _first_promised(found: Found) -> list[Promise]:
    results = [result for (name, _), result in sorted(found.items()) if name == "native"]
    rates = [
        (later.median - earlier.median)
        / (later.facts["instructions"] - earlier.facts["instructions"])
        for earlier, later in pairwise(sorted(results, key=lambda result: result.size))
        if earlier.seconds and later.seconds
    ]
    promises = [at_least("JAX / interpreter, a small first call", 10, found, "jax", VARIABLES)]
    if len(rates) > 1:
        spread = max(rates) / min(rates)
        what = "first call: dearest further instruction / cheapest"
        promises.append(Promise(what, "linear: 2x", f"{spread:.2f}x", 0 < spread <= 2))
    return promises


CALLS = Work(
    "A call: value and gradient of ten variables, at one point and at a hundred",
    {
        **{backend: Contestant(BACKENDS[backend], ours(backend)) for backend in BACKENDS},
        "casadi": Contestant("CasADi's interpreter, buffers", casadi),
        "jax": Contestant("JAX jit", jax),
    },
    "native",
    _calls_promised,
    sizes=(1, 100),
    quick_sizes=(1,),
    tolerance=1e-12,
)

FIRST = Work(
    "The first call: recording, value and gradient at one point, from new",
    {
        "native": Contestant("autograd_core", first_of_ours),
        "jax": Contestant("JAX jit, arrays", first_of_jax),
    },
    "native",
    _first_promised,
    sizes=(VARIABLES, 10**3, 10**4, 10**5, 3 * 10**5),
    quick_sizes=(VARIABLES, 10**3),
    laps=3,
)
