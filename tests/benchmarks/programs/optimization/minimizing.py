"""SciPy's L-BFGS-B on ten test functions, from the start to the minimum, recording included.

With gradients of ours (`nn.descent.minimize`), of JAX, and by SciPy's own finite differences of the
same functions on floats. The functions are those of Moré, Garbow and Hillstrom (1981), and a few
others that everybody uses, written once for any scalars.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from nn.descent import minimize
from nn.descent.line_search import scipy_optimize
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
from tests.benchmarks.programs.tensors import jax_double

__all__ = ["WORK"]

Point = Sequence[Any]
METHOD = "L-BFGS-B"


def rosenbrock(x: Point) -> Any:
    """Of any number of variables."""
    return sum(100 * (x[k + 1] - x[k] ** 2) ** 2 + (1 - x[k]) ** 2 for k in range(len(x) - 1))


def beale(x: Point) -> Any:
    """Flat but for steep walls."""
    y = x[1]
    return sum((c - x[0] * (1 - y**k)) ** 2 for k, c in ((1, 1.5), (2, 2.25), (3, 2.625)))


def himmelblau(x: Point) -> Any:
    """Four minima."""
    return (x[0] ** 2 + x[1] - 11) ** 2 + (x[0] + x[1] ** 2 - 7) ** 2


def booth(x: Point) -> Any:
    """A quadratic."""
    return (x[0] + 2 * x[1] - 7) ** 2 + (2 * x[0] + x[1] - 5) ** 2


def powell(x: Point) -> Any:
    """Singular at its minimum."""
    a, b, c, d = x
    return (a + 10 * b) ** 2 + 5 * (c - d) ** 2 + (b - 2 * c) ** 4 + 10 * (a - d) ** 4


def wood(x: Point) -> Any:
    """Four variables, a false valley."""
    a, b, c, d = x
    first = 100 * (b - a**2) ** 2 + (1 - a) ** 2 + 90 * (d - c**2) ** 2 + (1 - c) ** 2
    return first + 10.1 * ((b - 1) ** 2 + (d - 1) ** 2) + 19.8 * (b - 1) * (d - 1)


def styblinski_tang(x: Point) -> Any:
    """Many minima."""
    return sum(0.5 * (each**4 - 16 * each**2 + 5 * each) for each in x)


def dixon_price(x: Point) -> Any:
    """A chain of squares."""
    chain = sum((k + 1) * (2 * x[k] ** 2 - x[k - 1]) ** 2 for k in range(1, len(x)))
    return (x[0] - 1) ** 2 + chain


def trid(x: Point) -> Any:
    """Neighbors depend on one another."""
    return sum((each - 1) ** 2 for each in x) - sum(x[k] * x[k - 1] for k in range(1, len(x)))


def zakharov(x: Point) -> Any:
    """A plate that bends."""
    weighted = sum(0.5 * (k + 1) * each for k, each in enumerate(x))
    return sum(each**2 for each in x) + weighted**2 + weighted**4


FUNCTIONS: list[tuple[Callable[[Point], Any], list[float], float]] = [
    (rosenbrock, [-1.2, 1.0] * 5, 0.0),
    (beale, [1.0, 1.0], 0.0),
    (himmelblau, [0.0, 0.0], 0.0),
    (booth, [0.0, 0.0], 0.0),
    (powell, [3.0, -1.0, 0.0, 1.0], 0.0),
    (wood, [-3.0, -1.0, -3.0, -1.0], 0.0),
    (styblinski_tang, [-1.0] * 8, -39.16616570377142 * 8),
    (dixon_price, [1.0] * 8, 0.0),
    (trid, [0.0] * 8, -8 * 12 * 7 / 6),
    (zakharov, [0.5] * 8, 0.0),
]
"""Each with its start and its least value."""


def _lowest(found: Sequence[Any]) -> Answer:
    """How many of the minima are reached; how exactly is the method's affair."""
    near = [
        abs(one.fun - least) <= 1e-3 * max(1.0, abs(least))
        for one, (_, _, least) in zip(found, FUNCTIONS, strict=True)
    ]
    return [[float(sum(near))]]


def _ready(work: Callable[[], list[Any]]) -> Ready:
    found = work()
    facts = {"evaluations": float(sum(one.nfev for one in found))}
    return Ready(lambda: timed(work), None, lambda: _lowest(found), facts)


def ours(size: int) -> Ready:
    """Recorded anew each time, as one who has a function and a start does."""
    return _ready(lambda: [minimize(f, start, METHOD) for f, start, _ in FUNCTIONS])


def differences(size: int) -> Ready:
    """SciPy alone."""
    optimize = scipy_optimize("minimize")
    return _ready(
        lambda: [
            optimize.minimize(lambda x, f=f: f(x.tolist()), start, method=METHOD)
            for f, start, _ in FUNCTIONS
        ]
    )


def jax(size: int) -> Ready:
    """JAX's gradient, compiled beforehand: its compiling alone would take seconds."""
    optimize, jax = scipy_optimize("minimize"), jax_double()
    compiled = [(jax.jit(jax.value_and_grad(f)), np.array(start)) for f, start, _ in FUNCTIONS]

    def of(both: Any) -> Callable[[Any], tuple[float, Any]]:
        def numbers(x: Any) -> tuple[float, Any]:
            value, gradient = both(x)
            return float(value), np.asarray(gradient)

        return numbers

    def work() -> list[Any]:
        return [
            optimize.minimize(of(both), start, method=METHOD, jac=True) for both, start in compiled
        ]

    compiling = timed(work)
    ready = _ready(work)
    ready.compiling = max(0.0, compiling - timed(work))
    return ready


def _promises(found: Found) -> list[Promise]:
    what = "ten test functions: JAX, compiling included / ours"
    own, theirs = found.get(("ours", 0)), found.get(("jax", 0))
    whole = Promise(what, "10x", "not measured", None)
    if own and theirs and own.seconds and theirs.seconds and theirs.compiling:
        ratio = (theirs.compiling + theirs.median) / own.median
        whole = Promise(what, "10x", f"{ratio:.3g}x", ratio >= 10)
    what = "ten test functions: finite differences / ours"
    return [whole, at_least(what, 1, found, "differences", 0, "ours")]


WORK = Work(
    f"SciPy's {METHOD} on ten test functions, end to end",
    {
        "ours": Contestant("autograd_core, recorded each time", ours),
        "jax": Contestant("JAX jit, compiled beforehand", jax),
        "differences": Contestant("SciPy's finite differences", differences),
    },
    "ours",
    _promises,
    tolerance=1e-12,
    laps=5,
)
