"""A contestant in a process of its own: a fresh heap, its own imports, nobody else's garbage.

`Worker` is the side that asks. The other side, `python -m tests.benchmarks.worker NAME`, answers
each line on standard input with a step, as one line of JSON.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tests.benchmarks.contestants import CONTESTANTS
from tests.benchmarks.demo_step import Step

__all__ = ["Worker"]

ROOT = Path(__file__).parents[2]


class Worker:
    """A contestant that steps when asked to."""

    def __init__(self, name: str) -> None:
        environment = dict(os.environ)
        environment.pop("AUTOGRAD_CORE_PLAIN", None)
        if CONTESTANTS[name].plain:
            environment["AUTOGRAD_CORE_PLAIN"] = "1"
        self.name = name
        self._process = subprocess.Popen(
            [sys.executable, "-m", __name__, name],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env=environment,
        )
        self.absent: str | None = self._answer()["absent"]
        """The module it lacks, if it cannot run for that reason."""

    def step(self) -> Step:
        """One step, timed by the worker."""
        assert self._process.stdin is not None
        self._process.stdin.write("step\n")
        self._process.stdin.flush()
        return Step(**self._answer())

    def _answer(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(
                f"the benchmark of {self.name} ended early; its own words stand above"
            )
        answer: dict[str, Any] = json.loads(line)
        return answer

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait()


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
    _serve(sys.argv[1])
