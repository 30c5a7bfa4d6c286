"""What else is done with eager graphs, each beside the same work on numbers, without derivatives.

The ratio says what the derivatives cost, on this machine and in this run; another version of the
package measured right before or after says whether it has become more.
"""

from __future__ import annotations

import copy
import math
import pickle
import random
from collections.abc import Callable, Iterable
from itertools import pairwise
from time import process_time
from typing import Any, NamedTuple

import numpy as np

from autograd_core import Value, grad, hessian, jvp, sin, topological
from nn import MLP, datasets, fit, losses, optim, predict
from tests.benchmarks.report import table

__all__ = ["Work", "eager_work_table", "works"]

Run = Callable[[], Any]


class Work(NamedTuple):
    """Something to time, and what there is to compute or to copy without derivatives."""

    name: str
    derivative: Run
    value: Run


def works() -> Iterable[Work]:
    """The works, made when they are asked for."""
    yield Work("grad of a sin(b) + a", *_small())
    rng = random.Random(0)
    point = [rng.uniform(-1.0, 1.0) for _ in range(20)]
    ahead = [1.0] * 20
    yield Work("hessian, 20 variables", lambda: hessian(_chain)(point), lambda: _chain(point))
    yield Work("jvp, 20 variables", lambda: jvp(_chain, (point,), (ahead,)), lambda: _chain(point))
    matrix = np.random.default_rng(0).normal(size=(20, 20))
    numbers = matrix.astype(object)
    yield Work(
        "object arrays, (X W)² of 20 x 20",
        lambda: grad(lambda W: ((matrix @ W) ** 2).sum())(matrix),
        lambda: ((numbers @ numbers) ** 2).sum(),
    )
    root = _chain([Value(x) for x in point * 20])
    data = [node.data for node in topological(root)]
    count = f"{len(data):,} nodes"
    yield Work(f"deepcopy, {count}", lambda: copy.deepcopy(root), lambda: copy.deepcopy(data))
    yield Work(f"pickle, {count}", lambda: _pickled(root), lambda: _pickled(data))
    yield Work("fit, an epoch of 100 samples", *_epoch())


def eager_work_table(rounds: int) -> str:
    """Each work at its best of so many rounds, in turn with the same on numbers."""
    rows = []
    for work in works():
        best = [math.inf, math.inf]
        for _ in range(rounds):
            for place, run in enumerate((work.derivative, work.value)):
                best[place] = min(best[place], _seconds(run))
        with_it, without = best
        ratio = f"{with_it / without:.3g}x"
        rows.append([work.name, f"{with_it * 1e6:,.4g}", f"{without * 1e6:,.4g}", ratio])
    return table(["", "us", "on numbers us", "ratio"], rows)


def _seconds(run: Run) -> float:
    """The processor's time of one run, of as many as take a few milliseconds."""
    count = 1
    while True:
        begun = process_time()
        for _ in range(count):
            run()
        spent = process_time() - begun
        if spent > 0.005:
            return spent / count
        count *= 4


def _small() -> tuple[Run, Run]:
    derivative = grad(lambda a, b: a * sin(b) + a, argnums=(0, 1))
    return lambda: derivative(2.0, 3.0), lambda: 2.0 * math.sin(3.0) + 2.0


def _chain(x: Any) -> Any:
    """Rosenbrock's function."""
    return sum((100.0 * (after - at * at) ** 2 + (1.0 - at) ** 2 for at, after in pairwise(x)), 0.0)


def _pickled(thing: Any) -> Any:
    return pickle.loads(pickle.dumps(thing))


def _epoch() -> tuple[Run, Run]:
    moons = datasets.moons(100, 0.1, seed=0)
    model = MLP(2, [8, 1], activation="tanh", seed=0)
    adam = optim.Adam(model.parameters(), 0.01)
    options: dict[str, Any] = {"loss": losses.binary_cross_entropy_with_logits, "optimizer": adam}
    options |= {"batch_size": 25, "tier": "eager", "progress": False}
    return (
        lambda: fit(model, moons.inputs, moons.targets, epochs=1, **options),
        lambda: predict(model, moons.inputs, options["loss"]),
    )
