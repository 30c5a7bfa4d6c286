"""Whether anything is left: objects that wait for the collector, memory that grows.

The collector is off, and whatever it finds in the end is wrong; so is memory that turns still add
to after a quarter as many. The native interpreter runs random and broken programs under
AddressSanitizer and UndefinedBehaviorSanitizer besides.
"""

from __future__ import annotations

import gc
import random
import resource
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from autograd_core import BackendError, Value, draw, explain, gradients, hessian, to_json
from autograd_core.program.backends.native import native_kernel
from nn import MLP, fit
from tests.program.acts import ACTS
from tests.program.backends.native.sanitized import compile_sanitized, fuzzed, libasan
from tests.soak.computing import graphs
from tests.soak.search import Trial

WARM = 5
"""Turns in which what is kept for good is made."""
BLOCKS = 0.1
"""Blocks of memory that a turn may leave on average."""
NOISE = 200
"""How many more or fewer there may be in all: Python keeps some names and empty objects."""
BYTES = 2000
"""Bytes that a turn may add to what is resident, where there are many turns."""
MANY = 1000


def swept() -> None:
    graph = graphs.tame(random.Random(7))
    nodes = graph.nodes()
    nodes[-1].backward()
    gradients(nodes[-1], nodes[graph.constants : graph.expression.arity], create_graph=True)


def trained() -> None:
    inputs, targets = [[0.0, 1.0], [1.0, 0.0], [1.0, 1.0]], [1.0, 0.0, 1.0]
    fit(MLP(2, [2, 1], seed=0), inputs, targets, epochs=2, progress=False, tier="eager")


def shown() -> None:
    x, y = Value(0.5, name="x"), Value(1.5, name="y")
    f = (x * y).sin() * x
    assert draw(f).source
    assert str(explain(f))
    assert to_json(f)


EAGER: dict[str, Callable[[], object]] = {
    "a graph": swept,
    "a Hessian": lambda: hessian(lambda p: p[0] ** 2 * p[1].sin())([2.0, 3.0]),
    "texts": shown,
    "a training": trained,
}


def search(seed: int, trials: int) -> Iterator[Trial]:
    """Every act, `trials` times."""
    for name, act in (EAGER | {f"program: {name}": act for name, act in ACTS.items()}).items():
        try:
            act()
        except BackendError:
            continue
        problem, blocks = left_by(act, trials, warm=max(WARM, trials // 4))
        what = "acts done again and again without the collector"
        yield Trial(what, blocks, name, f"{name}: {problem}" if problem else "")
    library = libasan()
    if trials >= MANY and native_kernel.available() and library is not None:
        with tempfile.TemporaryDirectory() as folder:
            compile_sanitized(Path(folder))
            for turn in range(trials // MANY):
                problem = ""
                try:
                    fuzzed(Path(folder), library, seed + 100_000 * turn, 60)
                except AssertionError as error:
                    problem = str(error)
                yield Trial("minutes of random programs under sanitizers", problem=problem)


def left_by(act: Callable[[], object], times: int, warm: int = WARM) -> tuple[str, float]:
    """What is wrong after an act so many times, and how many blocks each has left."""
    for _ in range(warm):
        act()
    gc.collect()
    gc.disable()
    gc.set_debug(gc.DEBUG_SAVEALL)
    try:
        before, resident = sys.getallocatedblocks(), peak()
        for _ in range(times):
            act()
        more = (peak() - resident) / times
        gc.collect()  # which empties Python's free lists as well
        blocks = max(0, sys.getallocatedblocks() - before - NOISE) / times
        found = {f"{type(one).__module__}.{type(one).__qualname__}" for one in gc.garbage}
    finally:
        gc.set_debug(0)
        gc.garbage.clear()
        gc.enable()
    if found:
        return f"the collector finds {sorted(found)}", blocks
    if blocks > BLOCKS:
        return f"{blocks:.3g} blocks of memory more a turn", blocks
    if times >= MANY and more > BYTES:
        return f"{more:.3g} bytes more a turn", blocks
    return "", blocks


def peak() -> int:
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
