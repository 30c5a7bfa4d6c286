"""What the engine costs, beside its peers in the same run: `python -m tests.benchmarks`.

No test reads a time. Who runs is in `contestants`, each in a process of its own (`worker`), one
step each in turn; what they run is in `demo_step`; other eager work is in `eager_work`, cost
against size in `scaling`, the tables in `report`; `instructions` counts what a step
asks of the processor. This module goes through them and checks that all who compute the same agree.
"""

from __future__ import annotations

import argparse
import math
import platform
import shutil
import sys
import timeit
from contextlib import ExitStack
from time import process_time

import autograd_core
from autograd_core import Value
from tests.benchmarks.contestants import CONTESTANTS, OURS, graph_size
from tests.benchmarks.demo_step import Step
from tests.benchmarks.eager_work import eager_work_table
from tests.benchmarks.instructions import instructions_table
from tests.benchmarks.report import demo_table, promises, scaling_table
from tests.benchmarks.scaling import SHAPES, Cost, measure
from tests.benchmarks.worker import Worker

TOLERANCE = 1e-12
STEPS = 500
"""After as many a step should still take what it took at first."""
FAST = 0.1
"""Seconds a round; who is done sooner steps again, up to ten times."""


def check_agreement(found: dict[str, Step]) -> None:
    """Stop unless all have found the same loss and the same gradients."""
    expected = found[OURS]
    scale = max(map(abs, expected.gradients))
    for name, step in found.items():
        worst = max(
            (
                abs(theirs - ours) / scale
                for theirs, ours in zip(
                    step.gradients, expected.gradients, strict=bool(step.gradients)
                )
            ),
            default=0.0,
        )
        if not math.isclose(step.loss, expected.loss, rel_tol=TOLERANCE) or worst > TOLERANCE:
            sys.exit(
                f"{CONTESTANTS[name].label} disagrees: loss {step.loss!r} for {expected.loss!r}, "
                f"a gradient off by {worst:.3g} of the largest"
            )


def run_demo_step(rounds: int) -> dict[str, list[Step]]:
    """The steps of every contestant that is installed, in turn, after a round to warm up."""
    with ExitStack() as stack:
        workers = [stack.enter_context(Worker(name)) for name in CONTESTANTS]
        for worker in workers:
            if worker.absent:
                print(f"{CONTESTANTS[worker.name].label}: {worker.absent} is not installed")
        present = [worker for worker in workers if not worker.absent]
        check_agreement({worker.name: worker.step() for worker in present})
        measured: dict[str, list[Step]] = {worker.name: [] for worker in present}
        for lap in range(rounds + 1):
            for worker in present:
                steps: list[Step] = []
                spent = 0.0
                while not steps or (spent < FAST and len(steps) < 10):
                    steps.append(worker.step())
                    spent += steps[-1].total
                if lap > 0:  # before, the allocator still fetches pages
                    measured[worker.name] += steps
        return measured


def run_many(count: int) -> list[Step]:
    """So many steps of this engine, one after the other."""
    with Worker(OURS) as worker:
        return [worker.step() for _ in range(count)]


def cost_of_a_number() -> float:
    """How long `Value * 2.0` takes beside `Value * Value`, each at its best."""
    names = {"x": Value(1.5), "y": Value(2.5)}
    by_node, by_number = (
        min(timeit.repeat(text, globals=names, number=20_000, repeat=25, timer=process_time))
        for text in ("x * y", "x * 2.0")
    )
    return by_number / by_node


def run_scaling(largest: int) -> dict[str, list[Cost]]:
    """Every shape at every power of ten up to the largest."""
    sizes = [10**exponent for exponent in range(3, round(math.log10(largest)) + 1)]
    return {shape: [measure(shape, nodes) for nodes in sizes] for shape in SHAPES}


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks",
        description="Time the engine beside its peers and print tables.",
    )
    parser.add_argument(
        "--quick", action="store_true", help="each once, graphs of up to 10⁵ nodes only"
    )
    quick = parser.parse_args().quick
    if not autograd_core.compiled:
        sys.exit("autograd_core runs uncompiled here: install a C compiler and reinstall it")

    nodes = graph_size()
    print(f"Python {platform.python_version()}, {platform.machine()}, {platform.system()}")
    print(f"\nmicrograd's demo step, {nodes:,} nodes: medians\n")
    measured = run_demo_step(rounds=1 if quick else 9)
    print(demo_table(measured, nodes))
    if shutil.which("valgrind") is None:
        print("\ninstructions: valgrind is not installed")
    elif not quick:
        print("\ninstructions a node in a warm step, by valgrind's callgrind\n")
        print(instructions_table(nodes))
    print("\nother eager work: best\n")
    print(eager_work_table(1 if quick else 20))
    costs = run_scaling(10**5 if quick else 10**7)
    for shape, shape_costs in costs.items():
        print(f"\n{shape}: user time and memory a node\n")
        print(scaling_table(shape_costs))
    print()
    many = run_many(STEPS // 10 if quick else STEPS)
    node_bytes = sys.getsizeof(Value(1.0) * Value(2.0))
    print(promises(measured, many, cost_of_a_number(), node_bytes, costs))


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        print("\ninterrupted")
        sys.exit(130)
