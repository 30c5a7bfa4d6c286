"""Threads, forks, tasks and spawned processes: what each computes is what it computes alone.

Eight threads build graphs of their own, replay one program, and sweep graphs that share leaves, to
which every sweep adds whole; processes fork beside threads at work; tasks take turns in modes of
their own; spawned processes get graphs and programs as pickles.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import random
import signal
import threading
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from typing import Any

import numpy

from autograd_core import BackendError, Value, detect_anomaly, no_grad, record
from nn import MLP
from tests.program.replayed import same_bits
from tests.soak.computing import graphs
from tests.soak.computing.agreement import POINTS
from tests.soak.computing.engines import eager
from tests.soak.enduring.works import healthy
from tests.soak.search import Trial, in_turn

THREADS = 8


def together(works: Sequence[Callable[[], str]]) -> str:
    """What is wrong with works done in threads at once."""
    found: list[str] = []
    begin = threading.Barrier(len(works))

    def do(work: Callable[[], str]) -> None:
        begin.wait()
        try:
            found.append(work())
        except BaseException as error:  # of a thread, which would only be printed
            found.append(repr(error))

    threads = [threading.Thread(target=do, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return "; ".join(filter(None, found))


def own_graphs(source: random.Random) -> str:
    """Graphs of each thread's own, swept and differentiated twice."""
    drawn = [graphs.wild(source) for _ in range(THREADS)]
    tasks = [(graph, [graph.leaves] * POINTS) for graph in drawn]
    expected = [eager(task) for task in tasks]

    def work(number: int) -> str:
        alike = same_bits(eager(tasks[number]), expected[number])
        return "" if alike else str(drawn[number])

    return together([lambda number=number: work(number) for number in range(THREADS)])


def one_program(source: random.Random) -> str:
    """One program for all of them, at points of their own, by any back end."""
    model = MLP(3, [4, 1], activation="tanh", seed=source.randrange(100))
    program = record(lambda x: model(x) ** 2, [0.0] * 3)
    with suppress(BackendError):
        program = program.using(source.choice(["native", "llvm", "numpy"]), threads=1)
    points = numpy.random.default_rng(source.randrange(10**6)).normal(size=(THREADS, 50, 3))

    def replay(number: int) -> Any:
        values, (inputs, captured) = program.value_and_grad(points[number], wrt="both")
        return numpy.concatenate([values[:, None], inputs, captured], axis=1)

    expected = [replay(number) for number in range(THREADS)]

    def work(number: int) -> str:
        return "" if same_bits(replay(number), expected[number]) else f"thread {number}: {program}"

    return together([lambda number=number: work(number) for number in range(THREADS)])


def shared_leaves(source: random.Random) -> str:
    """Leaves that all sweep: whole numbers, whose sums have no order."""
    leaves = [Value(float(source.randint(1, 9))) for _ in range(20)]
    turns = 30

    def work(factor: int) -> str:
        for _ in range(turns):
            total = Value(0.0)
            for leaf in leaves:
                total = total + leaf * leaf * float(factor)
            total.backward()
        return ""

    problem = together([lambda factor=factor: work(factor) for factor in range(1, THREADS + 1)])
    factors = sum(range(1, THREADS + 1)) * turns
    expected = [2 * leaf.data * factors for leaf in leaves]
    return problem or ("" if [leaf.grad for leaf in leaves] == expected else "a sweep was lost")


def forks(source: random.Random) -> str:
    """A child that is forked at some moment of a thread's work, and does everything itself."""
    over = threading.Event()

    def work() -> None:
        while not over.is_set():
            own_work(source.randrange(3))

    thread = threading.Thread(target=work)
    thread.start()
    try:
        time.sleep(source.uniform(0, 0.01))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # forking beside threads
            child = os.fork()
        if child == 0:
            signal.alarm(60)  # that of a child that waits for ever
            os._exit(1 if healthy() or own_work(source.randrange(3)) else 0)
        status = os.waitpid(child, 0)[1]
    finally:
        over.set()
        thread.join()
    return f"the child ended with status {status}" if status else ""


def own_work(kind: int) -> str:
    if kind == 0:
        graph = graphs.tame(random.Random(3))
        graph.nodes()[-1].backward()
    elif kind == 1:
        record(lambda x: (x * 2.0).sin() * x, 1.0).gradient()([1.0] * 100)
    else:
        with no_grad(), detect_anomaly():
            Value(1.0).exp()
    return ""


def tasks_in_turn(source: random.Random) -> str:
    """Tasks of one thread, each in modes that the others must not see."""
    wrong: list[str] = []

    async def task(number: int) -> None:
        x = Value(float(number + 1))
        for _ in range(5):
            if number % 2:
                with no_grad():
                    await asyncio.sleep(0)
                    if not (x * x).constant:
                        wrong.append(f"task {number} lost its no_grad()")
            else:
                await asyncio.sleep(0)
                square = x * x
                if square.constant:
                    wrong.append(f"task {number} is in another's no_grad()")
                    continue
                await asyncio.sleep(source.random() / 1e4)
                x.grad = 0.0
                square.backward()
                if x.grad != 2 * x.data:
                    wrong.append(f"task {number} has the gradient {x.grad}")

    async def everything() -> None:
        await asyncio.gather(*(task(number) for number in range(THREADS)))

    asyncio.run(everything())
    return "; ".join(wrong)


def of_pickles(parts: tuple[Any, Any, Any]) -> list[float]:
    """What a spawned process makes of a graph and a program."""
    x, f, program = parts
    f.backward()
    return [x.grad, f.data, float(program(0.75))]


def spawned(source: random.Random) -> str:
    """A spawned process, which starts from nothing but pickles."""
    x = Value(source.uniform(-2, 2))
    f = (x * x).sin() * x.exp()
    parts = x, f, record(lambda v: v.sin() * v + x, 0.5)
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        found = pool.apply(of_pickles, (parts,))
    x.grad = 0.0
    expected = of_pickles(parts)
    return "" if found == expected else f"{found} there, {expected} here"


def search(seed: int, trials: int) -> Iterator[Trial]:
    """`trials` of each; a tenth where each takes a process that starts from nothing."""
    kinds = [
        ("graphs of their own in eight threads", own_graphs, trials),
        ("one program in eight threads", one_program, trials),
        ("leaves that eight threads share", shared_leaves, trials),
        ("tasks in modes of their own", tasks_in_turn, trials),
        ("forks beside a thread at work", forks, trials if hasattr(os, "fork") else 0),
        ("spawned processes", spawned, trials // 10),
    ]
    return in_turn(of_kind(*kind, seed) for kind in kinds)


def of_kind(
    what: str, work: Callable[[random.Random], str], count: int, seed: int
) -> Iterator[Trial]:
    for number in range(count):
        problem = work(random.Random(f"{seed} {number}"))
        yield Trial(what, problem=f"{number} of seed {seed}: {problem}" if problem else "")
