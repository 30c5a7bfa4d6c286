"""The character GPT on names of one length: they are the samples of one program, a lane each.

A step is the gradient of the mean loss over all of them. Beside it the same program takes them one
after another, and a graph is built for each.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from time import perf_counter
from typing import Any

import numpy as np

from autograd_core import Value, dot
from tests.benchmarks.character_gpt import ALPHABET, NAMES, CharacterGPT, Eager
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

__all__ = ["WORK"]

LETTERS = 5


def documents(size: int) -> list[list[int]]:
    """So many names of that length, as tokens."""
    chosen = [name for name in NAMES if len(name) == LETTERS]
    return [
        [ALPHABET.index(letter) for letter in f".{chosen[place % len(chosen)]}."]
        for place in range(size)
    ]


def replayed(backend: str, abreast: bool, size: int) -> Ready:
    """One program for all, its samples abreast or one after another."""
    model = CharacterGPT(Value, dot)
    rows = np.eye(len(ALPHABET))[documents(size)]
    start = perf_counter()
    program = recorded(model.loss, rows[0], backend=backend)
    stepper, places = program.stepper(), {leaf: k for k, leaf in enumerate(program.captured)}
    numbers = np.array([leaf.data for leaf in program.captured])
    flat = rows.reshape(size, -1)
    parts = [flat] if abreast else [flat[place : place + 1] for place in range(size)]

    def work() -> Any:
        return sum(stepper.run([part], numbers, len(part), 1.0 / size)[1] for part in parts)

    work()
    first = perf_counter() - start

    def answer() -> Answer:
        sums = work()
        order = [1 + places[leaf] for leaf in model.parameters() if leaf in places]
        return [[float(sums[0]) / size], sums[order].tolist()]

    return Ready(lambda: timed(work), max(0.0, first - timed(work)), answer)


def eager(size: int) -> Ready:
    """A graph for each name, as on Values."""
    way, names = Eager(CharacterGPT(Value, dot)), documents(size)

    def work() -> tuple[float, Any]:
        found = [way.gradient(tokens) for tokens in names]
        return sum(loss for loss, _ in found) / size, sum(slopes for _, slopes in found) / size

    return Ready(lambda: timed(work))


def _promises(found: Found) -> list[Promise]:
    what = "character GPT, names of one length: one after another / abreast"
    return [
        at_least(f"{what}, {size:,} names", 1, found, "one_by_one", size)
        for size in sorted({size for _, size in found})
    ]


PREPARED: dict[str, tuple[str, Callable[[int], Ready]]] = {
    "native": (BACKENDS["native"], partial(replayed, "native", True)),
    "one_by_one": ("interpreter, one after another", partial(replayed, "native", False)),
    "numpy": (BACKENDS["numpy"], partial(replayed, "numpy", True)),
    "eager": ("autograd_core eager, dot", eager),
}

WORK = Work(
    f"a character GPT on names of {LETTERS} letters: the gradient of their mean loss",
    {name: Contestant(label, prepare) for name, (label, prepare) in PREPARED.items()},
    "native",
    _promises,
    sizes=(64,),
    quick_sizes=(8,),
    tolerance=1e-11,
    laps=3,
)
