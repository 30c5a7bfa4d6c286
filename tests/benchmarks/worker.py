"""A contestant in a process of its own: a fresh heap, its own imports, nobody else's garbage.

`Worker` is the side that asks. The other side, `python -m tests.benchmarks.worker NAME`, answers
each line on standard input with a step, as one line of JSON.
"""

from __future__ import annotations

import json
import os
import sys
from dataclasses import asdict

from tests.benchmarks.contestants import CONTESTANTS
from tests.benchmarks.conversation import Conversation, end_quietly
from tests.benchmarks.demo_step import Step

__all__ = ["Worker"]


class Worker(Conversation):
    """A contestant that steps when asked to."""

    def __init__(self, name: str) -> None:
        environment = dict(os.environ)
        environment.pop("AUTOGRAD_CORE_PLAIN", None)
        if CONTESTANTS[name].plain:
            environment["AUTOGRAD_CORE_PLAIN"] = "1"
        super().__init__(name, [sys.executable, "-m", __name__, name], environment)
        self.absent: str | None = self.answer()["absent"]
        """The module it lacks, if it cannot run for that reason."""

    def step(self) -> Step:
        """One step, timed by the worker."""
        return Step(**self.ask("step"))


def _serve(name: str) -> None:
    try:
        step = CONTESTANTS[name].prepare()
    except ModuleNotFoundError as error:
        if error.name in ("autograd_core", "nn"):
            raise
        print(json.dumps({"absent": error.name}), flush=True)
        return
    print(json.dumps({"absent": None}), flush=True)
    for _ in sys.stdin:
        print(json.dumps(asdict(step())), flush=True)


if __name__ == "__main__":
    end_quietly()
    _serve(sys.argv[1])
