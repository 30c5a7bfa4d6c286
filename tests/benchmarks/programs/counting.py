"""Instructions of a step beside its seconds: they tell what other work on the machine hides.

`counted` runs a contestant of this engine once more, under valgrind's callgrind, and counts a few
warm steps and nothing else: valgrind is told where they begin and end by `marks.c`. What valgrind
does not know (AVX-512 among others) the processor does not seem to have there, so back ends that
choose by that choose AVX2. Setting back is counted too, where a step has to. Not counted are peers,
whose libraries take minutes there, or stop.
"""

from __future__ import annotations

import ctypes
import functools
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.benchmarks.conversation import ROOT
from tests.benchmarks.programs.contest import Contestant, Work
from tests.benchmarks.programs.worker import environment_for
from tests.benchmarks.programs.works import WORKS

__all__ = ["counted", "is_counted", "missing"]

CALLGRIND = (
    "valgrind",
    "--tool=callgrind",
    "--callgrind-out-file=/dev/null",
    "--instr-atstart=no",
)
WARM, COUNTED = 2, 3  # steps
LARGEST = 10_000
"""The largest size that is counted: a larger one takes minutes and says the same."""


@functools.cache
def missing() -> str | None:
    """What is not there to count with, and what brings it."""
    for command in ("valgrind", "gcc"):
        if shutil.which(command) is None:
            return f"instructions are not counted: apt-get install {command}"
    return None


def is_counted(work: Work, name: str, size: int) -> bool:
    """Whether a contestant is this engine's, compiled and on one core, at a size not too large."""
    contestant: Contestant = work.contestants[name]
    own = contestant.label.startswith(("autograd_core", "nn."))
    return own and not contestant.plain and contestant.threads == 1 and size <= LARGEST


def counted(work: str, name: str, size: int) -> float:
    """The instructions of what a step's seconds are of."""
    with tempfile.TemporaryDirectory() as folder:
        marks = Path(folder) / "marks.so"
        source = Path(__file__).with_name("marks.c")
        subprocess.run(["gcc", "-shared", "-fPIC", "-o", marks, source], check=True)
        done = subprocess.run(
            [*CALLGRIND, sys.executable, "-m", __name__, work, name, str(size), str(marks)],
            cwd=ROOT,
            env=environment_for(WORKS[work].contestants[name]) | {"PYTHONHASHSEED": "0"},
            capture_output=True,
            text=True,
            check=False,
        )
    found = re.search(r"Collected : (\d+)", done.stderr)
    if done.returncode or found is None:
        raise RuntimeError(f"callgrind did not count {work}, {name}: {done.stderr[-2000:]}")
    return int(found[1]) / (COUNTED * int(done.stdout.split()[-1]))


def _serve(work: str, name: str, size: int, marks: str) -> None:
    ready = WORKS[work].contestants[name].prepare(size)
    counting = ctypes.CDLL(marks)
    if ready.counted is not None:
        ready.counted(counting.begin, counting.end, COUNTED)
    else:
        for _ in range(WARM):
            ready.step()
        counting.begin()
        for _ in range(COUNTED):
            ready.step()
        counting.end()
    print(ready.repeats)


if __name__ == "__main__":
    _serve(sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4])
