"""A contestant in a process of its own, on one core unless it asks for more.

`Worker` is the side that asks. The other side, `python -m tests.benchmarks.programs.worker WORK
NAME SIZE`, prepares, says what it compiled and found, and answers each line on standard input, a
number of seconds, with the steps it took in that time, as one line of JSON.
"""

from __future__ import annotations

import json
import os
import sys
from time import perf_counter
from typing import Any

from tests.benchmarks.conversation import Conversation, end_quietly
from tests.benchmarks.programs.contest import Absent, Contestant, Ready, Result
from tests.benchmarks.programs.works import WORKS

__all__ = ["Worker", "absence"]

POOLS = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "NUMEXPR_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
)
"""What the thread pools of others read."""
MOST_STEPS = 2000
"""In one lap."""
OWN = ("autograd_core", "nn", "tests")
"""Modules whose absence is a fault and not a circumstance."""


def environment_for(contestant: Contestant) -> dict[str, str]:
    """One core for everybody, this engine compiled or plain, and nobody's code of earlier runs."""
    environment = dict(os.environ)
    environment.pop("AUTOGRAD_CORE_PLAIN", None)
    if contestant.plain:
        environment["AUTOGRAD_CORE_PLAIN"] = "1"
    environment["AUTOGRAD_CORE_CACHE"] = "0"
    environment.update(dict.fromkeys(POOLS, str(contestant.threads)))
    if contestant.threads == 1:
        environment["XLA_FLAGS"] = (
            "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
        )
    return environment | dict(contestant.environment)


def absence(error: ImportError) -> str | None:
    """What is not installed, in the words of whoever missed it; None if it is a module of ours."""
    missed = error if isinstance(error, ModuleNotFoundError) else error.__cause__
    if not isinstance(missed, ModuleNotFoundError) or missed.name is None:
        return None
    if missed.name.split(".")[0] in OWN:
        return None
    return f"{missed.name} is not installed" if missed is error else str(error)


class Worker(Conversation):
    """A contestant that steps when asked to."""

    def __init__(self, work: str, name: str, size: int) -> None:
        super().__init__(
            f"{work}, {name}",
            [sys.executable, "-m", __name__, work, name, str(size)],
            environment_for(WORKS[work].contestants[name]),
        )
        self.result = Result(size, name, **self.answer())

    def lap(self, seconds: float) -> None:
        """Have it step for so long, at least once."""
        self.result.seconds += self.ask(str(seconds))


def _keep_to_one_core() -> None:
    """Where the system lets a process choose: what JAX's pools read is not all that they go by."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})


def _serve(work: str, name: str, size: int) -> None:
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what peers print is no answer

    def say(found: Any) -> None:
        print(json.dumps(found), file=answers, flush=True)

    contestant = WORKS[work].contestants[name]
    if contestant.threads == 1:
        _keep_to_one_core()
    try:
        ready = contestant.prepare(size)
    except ImportError as error:
        reason = absence(error)
        if reason is None:
            raise
        say({"absent": reason})
        return
    except Absent as reason:
        say({"absent": str(reason)})
        return
    answer = ready.answer and [[float(x) for x in part] for part in ready.answer()]
    say({"compiling": ready.compiling, "answer": answer, "facts": ready.facts})
    for line in sys.stdin:
        say(_steps(ready, float(line)))


def _steps(ready: Ready, enough: float) -> list[float]:
    steps: list[float] = []
    start = perf_counter()
    while not steps or (perf_counter() - start < enough and len(steps) < MOST_STEPS):
        steps.append(ready.step())
    return steps


if __name__ == "__main__":
    end_quietly()
    _serve(sys.argv[1], sys.argv[2], int(sys.argv[3]))
