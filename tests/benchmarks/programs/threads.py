"""Two threads against one, on a million samples of the demo's loss: its gradient, summed."""

from __future__ import annotations

from functools import partial
from time import perf_counter
from typing import Any

import numpy as np

from autograd_core import Value
from tests.benchmarks import demo_step
from tests.benchmarks.programs.contest import Answer, Contestant, Found, Promise, Ready, Work, timed
from tests.benchmarks.programs.demo.demo_ours import sample_loss
from tests.benchmarks.programs.ours import BACKENDS, recorded

__all__ = ["WORK"]


def prepare(backend: str, threads: int, size: int) -> Ready:
    """The same program, so many threads."""
    rng = np.random.default_rng(0)
    points, labels = rng.normal(size=(size, 2)), rng.choice([-1.0, 1.0], size)
    start = perf_counter()
    loss = sample_loss(demo_step.initial_layers(Value))
    program = recorded(loss, [0.0, 0.0], 0.0, backend=backend, threads=threads)
    program.summed_gradient(points[:8], labels[:8])
    compiling = perf_counter() - start

    def work() -> Any:
        return program.summed_gradient(points, labels, seed=1 / size)

    def answer() -> Answer:
        found = work()
        return [[found.value / size], found.gradient.tolist()]

    return Ready(lambda: timed(work), compiling, answer)


def _promises(found: Found) -> list[Promise]:
    size = max(size for _, size in found)
    promises = []
    for backend in ("native", "llvm"):
        one, two = (found.get((f"{backend}_{threads}", size)) for threads in (1, 2))
        what = f"{BACKENDS[backend]}: one thread / two, {size:,} samples"
        if one is None or two is None or not one.seconds or not two.seconds:
            promises.append(Promise(what, "1.8x", "not measured", None))
            continue
        same = "bit-equal" if one.answer == two.answer else "NOT THE SAME BITS"
        ratio = one.median / two.median
        kept = ratio >= 1.8 and one.answer == two.answer
        promises.append(Promise(what, "1.8x", f"{ratio:.2f}x, {same}", kept))
    return promises


WORK = Work(
    "the gradient of the demo's loss over a million samples",
    {
        f"{backend}_{threads}": Contestant(
            f"{BACKENDS[backend]}, {threads} thread{'s' if threads > 1 else ''}",
            partial(prepare, backend, threads),
            threads=threads,
        )
        for backend in ("native", "llvm")
        for threads in (1, 2)
    },
    "native_1",
    _promises,
    sizes=(10**6,),
    quick_sizes=(10**4,),
    tolerance=1e-12,
    laps=5,
)
