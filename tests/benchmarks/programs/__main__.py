"""Recorded programs beside their peers in the same run: `python -m tests.benchmarks.programs`.

Works are in `works`, each contestant in a process of its own (`worker`), lap by lap in turn; a lap
is as many steps as fit into a part of a second. All that compute the same must agree. The tables
and what is promised stand at the end of each work and of the run. No test reads a time.
"""

from __future__ import annotations

import argparse
import math
import platform
import sys
from contextlib import ExitStack

import autograd_core
from tests.benchmarks.programs import counting
from tests.benchmarks.programs.contest import Found, Promise, Work
from tests.benchmarks.programs.tables import promise_table, work_table
from tests.benchmarks.programs.worker import Worker
from tests.benchmarks.programs.works import WORKS


def relative(theirs: list[float], ours: list[float]) -> float:
    """How far two lists are apart, of the largest number; NaN if there is one."""
    apart = [abs(their - our) for their, our in zip(theirs, ours, strict=True)]
    return max(apart, key=lambda x: math.inf if math.isnan(x) else x) / max(map(abs, ours))


def check_agreement(work: Work, found: Found) -> None:
    """Stop unless all have found the same numbers, for each size."""
    for size in sorted({size for _, size in found}):
        answers = {
            name: result.answer
            for (name, own), result in found.items()
            if own == size and result.answer is not None
        }
        if work.tolerance is None or len(answers) < 2:
            continue
        first, expected = next(iter(answers.items()))
        for name, answer in answers.items():
            apart = max(map(relative, answer, expected))
            if not apart <= work.tolerance:
                sys.exit(
                    f"{work.contestants[name].label} and {work.contestants[first].label} disagree "
                    f"by {apart:.3g} of the largest number"
                )


def run(name: str, quick: bool) -> Found:
    """One work: its contestants, at all sizes."""
    work, found = WORKS[name], {}
    for size in work.quick_sizes if quick else work.sizes:
        with ExitStack() as stack:
            workers = [
                stack.enter_context(Worker(name, own, size))
                for own, contestant in work.contestants.items()
                if (contestant.largest is None or size <= contestant.largest)
                and (contestant.in_quick or not quick)
            ]
            for _ in range(1 if quick else work.laps):
                for worker in workers:
                    if worker.result.absent is None:
                        worker.lap(0.0 if quick else work.enough)
            found.update({(worker.result.name, size): worker.result for worker in workers})
    return found


def count(name: str, found: Found) -> None:
    """Put the instructions of a step beside the other figures of those that can be counted."""
    for (contestant, size), result in found.items():
        if result.absent is None and counting.is_counted(WORKS[name], contestant, size):
            result.instructions = counting.counted(name, contestant, size)


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks.programs",
        description="Time recorded programs beside their peers and print tables.",
    )
    parser.add_argument("--quick", action="store_true", help="each once, on small sizes")
    parser.add_argument(
        "--only",
        nargs="+",
        choices=WORKS,
        default=list(WORKS),
        metavar="NAME",
        help=f"these works of {', '.join(WORKS)}",
    )
    parser.add_argument(
        "--instructions",
        action="store_true",
        help="count what a step of this engine takes, too, where valgrind is installed",
    )
    options = parser.parse_args()
    reason = counting.missing() if options.instructions else None
    if reason is not None:
        print(reason)
    print(
        f"Python {platform.python_version()}, {platform.machine()}, {platform.system()}; "
        f"autograd_core {'compiled' if autograd_core.compiled else 'UNCOMPILED'}; "
        "float64, one core unless said"
    )
    promises: list[Promise] = []
    interrupted = False
    try:
        for name in options.only:
            work = WORKS[name]
            found = run(name, options.quick)
            if options.instructions and reason is None:
                count(name, found)
            print(f"\n{name}: {work.title}\n\n{work_table(work, found)}", flush=True)
            check_agreement(work, found)
            promises += work.promises(found)
    except KeyboardInterrupt:
        interrupted = True
        print(f"\ninterrupted in {name}")
    if options.quick:
        print("\nToo quick and too small to hold against what is promised.")
    elif promises:
        print(f"\n{promise_table(promises)}")
    if interrupted:
        sys.exit(130)


if __name__ == "__main__":
    main()
