"""This engine's back ends as contestants: a program by one of them, or the reason why not."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from time import perf_counter
from typing import Any

from autograd_core import Program, record
from autograd_core.errors import BackendError
from tests.benchmarks.programs.contest import Absent, Answer, Contestant, Ready, timed

__all__ = ["BACKENDS", "at_one_point", "load", "recorded"]

BACKENDS = {
    "native": "autograd_core, interpreter",
    "llvm": "autograd_core, LLVM",
    "numpy": "autograd_core, NumPy",
}
"""By name, with their labels."""

ONE_SAMPLE: dict[str, int | None] = {"native": None, "llvm": 10**5, "numpy": 10**4}
"""The largest problem each is given where there is one sample and so nothing to share a cost."""


def recorded(
    function: Callable[..., Any], *examples: Any, backend: str = "auto", threads: int = 1
) -> Program:
    """The program of a function, by one back end. Raises Absent if that is not installed."""
    try:
        return record(function, *examples).using(backend, threads)
    except BackendError as error:
        raise Absent(str(error)) from error


def load(backend: str) -> None:
    """Have a back end imported, as peers are before what they prepare is timed. Raises Absent."""
    recorded(lambda x: x + 1.5, 0.0, backend=backend)(0.0)


def at_one_point(
    function: Callable[..., Any],
    point: Callable[[int], Any],
    shown: Callable[[Any, Any], Answer],
) -> dict[str, Contestant]:
    """Our back ends' contestants: a function's value and gradient at a point of so many numbers."""

    def ready(size: int, backend: str) -> Ready:
        start = perf_counter()
        program = recorded(function, [0.0] * size, backend=backend)
        x = point(size)

        def work() -> Any:
            return program.value_and_grad(x)

        work()
        first = perf_counter() - start
        return Ready(lambda: timed(work), max(0.0, first - timed(work)), lambda: shown(*work()))

    return {
        backend: Contestant(BACKENDS[backend], partial(ready, backend=backend), largest=largest)
        for backend, largest in ONE_SAMPLE.items()
    }
