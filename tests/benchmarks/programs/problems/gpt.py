"""A character GPT on scalars: a training step replayed, beside the same file in plain Python.

A step of ours is one of a thousand, timed together. What builds a graph for each name is timed on a
few names, one of every so many by length, and their mean stands for the thousand's. LLVM is left
out: eight programs of a hundred thousand operations take it a minute to compile.
"""

from __future__ import annotations

import gc
from collections.abc import Callable
from functools import partial
from time import perf_counter
from typing import Any

import numpy as np

from autograd_core import Program, Value, dot
from tests.benchmarks.character_gpt import CharacterGPT, Eager, Replayed, expressions, names, train
from tests.benchmarks.plain_value import PlainValue
from tests.benchmarks.programs.contest import Answer, Contestant, Found, Promise, Ready, Work
from tests.benchmarks.programs.ours import BACKENDS, recorded

__all__ = ["WORK"]


def sample_of(documents: list[list[int]], count: int) -> list[list[int]]:
    """So many of the documents, short and long ones as often as there are."""
    middles = (np.arange(count) + 0.5) * (len(documents) / count)
    ordered = sorted(documents, key=len)
    return [ordered[int(place)] for place in middles]


def _answer(way: Eager | Replayed) -> Answer:
    loss, gradient = way.gradient(names(1)[0])
    return [[loss], gradient.tolist()]


def eager(
    number: Callable[[float], Any], dot: Callable[..., Any], collected: bool, size: int
) -> Ready:
    """A graph for each name."""
    few = sample_of(names(size), min(size, 12))

    def step() -> float:
        way = Eager(CharacterGPT(number, dot))
        gc.collect()
        if not collected:
            gc.disable()
        start = perf_counter()
        train(way, few)
        gc.enable()
        return (perf_counter() - start) / len(few)

    return Ready(step, None, lambda: _answer(Eager(CharacterGPT(number, dot))))


def replayed(backend: str, size: int) -> Ready:
    """One program for each length."""
    documents = names(size)
    one_of_each = list({len(tokens): tokens for tokens in documents}.values())
    seconds = [0.0]

    def record(function: Callable[..., Any], example: Any) -> Program:
        return recorded(function, example, backend=backend)

    def started() -> Replayed:
        """Recorded and compiled, untrained."""
        way = Replayed(CharacterGPT(Value), record)
        start = perf_counter()
        for tokens in one_of_each:
            way.gradient(tokens)
        first = perf_counter()
        for tokens in one_of_each:
            way.gradient(tokens)
        seconds[0] = (first - start) - (perf_counter() - first)
        return way

    way = started()
    untrained = way.parameters.copy()

    def step() -> float:
        way.parameters = untrained.copy()
        start = perf_counter()
        train(way, documents)
        return (perf_counter() - start) / len(documents)

    def answer() -> Answer:
        way.parameters = untrained.copy()
        return _answer(way)

    return Ready(step, seconds[0], answer, {"programs": len(way.programs)})


def _promises(found: Found) -> list[Promise]:
    size = max(size for _, size in found)
    promises = []
    for name in ("plain", "plain_uncollected"):
        ours, theirs = found.get(("native", size)), found.get((name, size))
        what = f"character GPT: {WORK.contestants[name].label} / interpreter"
        if ours is None or theirs is None or not ours.seconds or not theirs.seconds:
            promises.append(Promise(what, "100x", "not measured", None))
            continue
        ratio = theirs.median / ours.median
        whole = size * theirs.median / ((ours.compiling or 0.0) + size * ours.median)
        shown = f"{ratio:.0f}x ({whole:.0f}x recording included)"
        promises.append(Promise(what, "100x", shown, ratio >= 100))
    return promises


WORK = Work(
    "a character GPT, one layer, width 16, 4 heads: a training step of a thousand",
    {
        **{
            name: Contestant(BACKENDS[name], partial(replayed, name))
            for name in ("native", "numpy")
        },
        "dot": Contestant("autograd_core eager, dot", partial(eager, Value, dot, True)),
        "eager": Contestant("autograd_core eager", partial(eager, Value, expressions, True)),
        "uncompiled": Contestant(
            "autograd_core uncompiled",
            partial(eager, Value, expressions, True),
            plain=True,
            in_quick=False,
        ),
        "plain": Contestant("plain Python", partial(eager, PlainValue, expressions, True)),
        "plain_uncollected": Contestant(
            "plain Python, collector off",
            partial(eager, PlainValue, expressions, False),
            in_quick=False,
        ),
    },
    "native",
    _promises,
    sizes=(1000,),
    quick_sizes=(4,),
    tolerance=1e-12,
    laps=3,
    enough=0.1,
)
