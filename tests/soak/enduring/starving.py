"""Work in too little memory: one allocation that fails, whichever, and an address space that ends.

After each, everything is as before or as it should have become, and the next run is right. Where
memory is given back twice, or written to after that, the process may end, here or later: it is a
fault of ours, unless NumPy's or Python's own lack of care is known.
"""

from __future__ import annotations

import importlib
import math
import os
import random
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import autograd_core
from autograd_core import BackendError
from autograd_core.program.backends import choice
from tests.soak.enduring.works import Work, healthy, works
from tests.soak.processes import processor_time
from tests.soak.search import Trial

MEGABYTE = 2**20
NOT_OURS = {"pictures", "a replay by numpy", "a replay by llvm", "a replay in threads"}
"""What is not done in too little memory: Rust and LLVM end a process that lacks it, so does NumPy
where an operation has none for its buffers (it raises without the interpreter's lock), and Python's
own `Thread.start` waits for ever for a thread that had none to begin with."""
PATIENCE = 60
"""Seconds in which a process that does not hang uses the processor, however many others do."""
LONGEST = 120
"""Seconds of the processor after which a process goes round in circles."""
ALONE = {"a sweep", "derivatives of derivatives", "a replay by native", "a replayed sweep"}
"""What is done while any one allocation fails: where NumPy allocates, or Python's generators do,
they end the process now and then, with an access to memory that is not theirs."""


def refused() -> Iterator[Trial]:
    """Works of which the first allocation fails, then the second, and so on to the last."""
    try:
        hooks: Any = importlib.import_module("_testcapi")
    except ImportError:  # Python comes without its tests
        return
    if not autograd_core.compiled or sys.version_info >= (3, 12):
        return  # NumPy replays, or Python 3.13 does not bear it where it makes a function
    with tempfile.TemporaryDirectory() as folder:
        for name, made in works(Path(folder)):
            if name in ALONE:
                problem = first_problem(hooks, made())
                told = f"{name}: {problem}" if problem else ""
                yield Trial("works, each of whose allocations fails in turn", problem=told)


def first_problem(hooks: Any, work: Work) -> str:
    work.do()  # what is kept of a row is made
    problem, failed, place = work.wrong(), True, 0
    while failed and not problem:
        failed, problem = without(hooks, work, place)
        place += 1
    return f"allocation {place - 1}: {problem}" if problem else ""


def without(hooks: Any, work: Work, place: int) -> tuple[bool, str]:
    """Whether a work ended early for lack of one allocation, and what is wrong after it."""
    failed = True
    try:
        hooks.set_nomemory(place, place + 1)
        work.do()
        failed = False
    except MemoryError:
        pass
    except Exception as error:
        hooks.remove_mem_hooks()
        return True, f"it became {error!r}"
    finally:
        hooks.remove_mem_hooks()
    return failed, healthy() or work.wrong()


def exhausted(seed: int, trials: int) -> Iterator[Trial]:
    """Every work in a process whose address space ends a little above what it has."""
    if not sys.platform.startswith("linux"):
        return
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    for number in range(trials):
        command = [
            *(sys.executable, "-X", "faulthandler", "-m", __name__),
            str(seed * 1_000_003 + number),
        ]
        told = outcome(command, environment, PATIENCE)
        problem = f"seed {command[-1]}: {told}" if told else ""
        yield Trial("processes that run out of memory in the middle", problem=problem)


def outcome(command: list[str], environment: dict[str, str], patience: float) -> str:
    """What a process printed, if anything, or how it failed; where it hangs, if it does.

    One that waits for its turn at the processor takes long, too, but it has one now and then.
    """
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        hangs, used = "", 0.0
        while True:
            try:
                said, complained = process.communicate(timeout=patience)
                break
            except subprocess.TimeoutExpired:
                before, used = used, processor_time(process.pid)
                if used == before:
                    hangs = "it hangs, "
                    process.send_signal(signal.SIGABRT)  # at which faulthandler says where it is
    told = said.strip() or (complained[:2000] if process.returncode else "")
    return f"{hangs}status {process.returncode}: {told}" if told or process.returncode else ""


def exhaust(seed: int) -> None:
    """Print what is wrong after works in too little memory, one line each."""
    import resource

    resource.setrlimit(resource.RLIMIT_CPU, (LONGEST, LONGEST + 1))
    choice.UNASKED = math.inf  # LLVM would have its turn where the machine is slow, and end it all
    source = random.Random(seed)
    with tempfile.TemporaryDirectory() as folder:
        for name, made in works(Path(folder)):
            if name in NOT_OURS:
                continue
            try:
                work = made()
            except BackendError:
                continue
            for _ in range(20):
                pages = int(Path("/proc/self/statm").read_text().split()[0])
                size = pages * resource.getpagesize() + source.randrange(MEGABYTE)
                before = resource.getrlimit(resource.RLIMIT_AS)
                resource.setrlimit(resource.RLIMIT_AS, (size, before[1]))
                ballast = []
                try:
                    with suppress(MemoryError):
                        while True:
                            ballast.append(bytearray(source.randrange(1, 100_000)))
                    del ballast[source.randrange(len(ballast) + 1) :]
                    work.do()
                except MemoryError:
                    pass
                finally:
                    resource.setrlimit(resource.RLIMIT_AS, before)
                del ballast
                problem = healthy() or work.wrong()
                if problem:
                    print(f"{name}: {problem}")


if __name__ == "__main__":
    exhaust(int(sys.argv[1]))
