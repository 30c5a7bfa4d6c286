"""Instructions instead of seconds: they tell on a busy machine what time cannot.

`python -m tests.benchmarks.instructions` counts, with valgrind's callgrind, what the processor is
asked to do in one warm demo step: forward, backward and freeing, a node. A phase is the difference
of two runs, one of which ends before it; Python's collector is off, and nothing is freed at the end
of a run but what the phase itself frees.
"""

from __future__ import annotations

import gc
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from itertools import pairwise
from typing import Any

from tests.benchmarks import demo_step
from tests.benchmarks.contestants import CONTESTANTS, forward_of_nn, graph_size
from tests.benchmarks.report import table

__all__ = ["count", "instructions_table"]

CALLGRIND = ("valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null")
PHASES = ("forward", "backward", "freeing")


def _expressions() -> Callable[[], Any]:
    from autograd_core import Value

    layers = demo_step.initial_layers(Value)
    return lambda: demo_step.loss(layers, Value, Value.relu)


def _limit() -> Callable[[], Any]:
    from tests.benchmarks.limit import limit_value

    number = limit_value()
    layers = demo_step.initial_layers(number)
    return lambda: demo_step.loss(layers, number, number.relu)


def _layers() -> Callable[[], Any]:
    return forward_of_nn()[0]


FORWARDS = {"engine": _expressions, "limit": _limit, "nn": _layers}


def _run(name: str, phases: int) -> None:
    """Two steps to warm up, then so many phases of a third."""
    forward = FORWARDS[name]()
    gc.collect()
    gc.disable()
    for _ in range(2):
        root = forward()
        root.backward()
        del root
    if phases > 0:
        root = forward()
    if phases > 1:
        root.backward()
    if phases > 2:
        del root
    os._exit(0)


def count(name: str) -> dict[str, int]:
    """The instructions of each phase; FileNotFoundError where there is no valgrind."""
    if shutil.which("valgrind") is None:
        raise FileNotFoundError("valgrind is not installed")
    totals = []
    for phases in range(len(PHASES) + 1):
        done = subprocess.run(
            [*CALLGRIND, sys.executable, "-m", "tests.benchmarks.instructions", name, str(phases)],
            env=os.environ | {"PYTHONHASHSEED": "0"},
            capture_output=True,
            text=True,
            check=True,
        )
        found = re.search(r"Collected : (\d+)", done.stderr)
        if found is None:
            raise RuntimeError(f"callgrind counted nothing: {done.stderr}")
        totals.append(int(found[1]))
    return dict(zip(PHASES, (after - before for before, after in pairwise(totals)), strict=True))


def instructions_table(nodes: int) -> str:
    """What each takes a node."""
    rows = []
    for name in FORWARDS:
        counted = [number / nodes for number in count(name).values()]
        shown = [f"{number:.0f}" for number in (*counted, sum(counted))]
        rows.append([CONTESTANTS[name].label, *shown])
    return table(["", *PHASES, "step"], rows)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        _run(sys.argv[1], int(sys.argv[2]))
    else:
        print(instructions_table(graph_size()))
