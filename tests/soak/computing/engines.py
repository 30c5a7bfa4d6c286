"""What computes graphs: the eager engines of both tiers, replays by back ends, exported programs.

Each takes graphs with points and gives for every graph an array, of which a row is what it has
found at one point: the value, the gradient, the first slope, and the gradient of that.
"""

from __future__ import annotations

import ctypes
import importlib.util
import itertools
import os
import pickle
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy

import autograd_core
from autograd_core import Program, Value, grad, gradients, record
from autograd_core import sum as sum_of
from tests.program.exports.compiling import COMPILER, compiled
from tests.program.exports.running_javascript import NODE, run_node
from tests.soak.computing.calls import flat
from tests.soak.computing.graphs import Graph

OPTIMIZED = 100
"""Of programs of more inputs a compiler takes four times as long with -O2 as with -O1."""

Task = tuple[Graph, list[tuple[float, ...]]]
Engine = Callable[[Sequence[Task]], list[Any]]
Run = Callable[[Program, Any], Any]
"""A program's results and its gradient by inputs, given in columns: in columns again."""


def eager(task: Task) -> Any:
    """What this process's eager engine gives for one graph."""
    graph, points = task
    rows = []
    for point in points:
        leaves = [Value(number) for number in point]
        root = graph.function(*leaves)
        if root.constant:
            rows.append([root.data] + [0.0] * (2 * len(point) + 1))
            continue
        root.backward()
        first = [leaf.grad for leaf in leaves]
        slope = gradients(root, leaves, create_graph=True)[0]
        for leaf in leaves:
            leaf.grad = 0.0
        if not slope.constant:
            slope.backward()
        rows.append([root.data, *first, slope.data, *(leaf.grad for leaf in leaves)])
    return numpy.array(rows)


@contextmanager
def other_tier() -> Iterator[Engine | None]:
    """The eager engine of the other tier in a process of its own; None where there is but one."""
    environment = {name: text for name, text in os.environ.items() if "AUTOGRAD" not in name}
    environment["PYTHONPATH"] = os.pathsep.join(filter(None, sys.path))
    if autograd_core.compiled:
        environment["AUTOGRAD_CORE_PLAIN"] = "1"
    command, pipe = [sys.executable, "-m", __name__], subprocess.PIPE
    with subprocess.Popen(command, env=environment, stdin=pipe, stdout=pipe) as process:
        asked, told = process.stdin, process.stdout
        assert asked is not None
        assert told is not None

        def engine(tasks: Sequence[Task]) -> list[Any]:
            pickle.dump(tasks, asked)
            asked.flush()
            return pickle.load(told)  # type: ignore[no-any-return]

        yield engine if pickle.load(told) != autograd_core.compiled else None


def answer(asked: Any, told: Any) -> None:
    """Say which tier this is, then compute what comes in until no more does."""
    pickle.dump(autograd_core.compiled, told)
    told.flush()
    while asked.peek(1):
        pickle.dump([eager(task) for task in pickle.load(asked)], told)
        told.flush()


def together(run: Run) -> Engine:
    """Graphs as one program, which takes little longer than one of them: of the sum of all, beside
    which each comes along; and of the sum of their first slopes."""

    def engine(tasks: Sequence[Task]) -> list[Any]:
        widths = [len(graph.leaves) for graph, _ in tasks]
        count = max(len(points) for _, points in tasks)
        arrays = [numpy.array(points, dtype=float) for _, points in tasks]
        repeated = [numpy.resize(array, (count, array.shape[1])) for array in arrays]
        columns = list(numpy.concatenate(repeated, axis=1).T)
        found: list[list[Any]] = [[] for _ in tasks]
        for functions in (
            [graph.function for graph, _ in tasks],
            [grad(graph.function) for graph, _ in tasks],
        ):
            program = record(joined(functions, widths), *[0.5] * sum(widths), auxiliary=True)
            _, *rest = run(program, columns)
            values, slopes = rest[: len(tasks)], iter(rest[len(tasks) :])
            for own, value, width in zip(found, values, widths, strict=True):
                own += [value, *itertools.islice(slopes, width)]
        both = zip(found, tasks, strict=True)
        return [numpy.stack(own, axis=1)[: len(points)] for own, (_, points) in both]

    return engine


def joined(functions: Sequence[Callable[..., Any]], widths: Sequence[int]) -> Callable[..., Any]:
    """The sum of functions of leaves of their own, and the results of each."""

    def function(*leaves: Any) -> Any:
        own = iter(leaves)
        results = [f(*itertools.islice(own, n)) for f, n in zip(functions, widths, strict=True)]
        return sum_of(results), tuple(results)

    return function


def by_backend(name: str) -> Run:
    def run(program: Program, columns: Any) -> Any:
        found = flat(program.using(name).value_and_grad(*columns))
        return [numpy.broadcast_to(part, len(columns[0])) for part in found]

    return run


def by_llvm(program: Program, columns: Any) -> Any:
    """Every point in a call of its own, of two samples, since one alone has other code: a call in
    which a zero meets what is not finite is another back end's as a whole."""
    program = program.using("llvm")
    twice = numpy.repeat(numpy.array(columns), 2, axis=1)
    pairs = [
        flat(program.value_and_grad(*twice[:, place : place + 2]))
        for place in range(0, twice.shape[1], 2)
    ]
    return numpy.array([[numpy.broadcast_to(part, 2)[1] for part in pair] for pair in pairs]).T


def in_c(folder: Path) -> Run:
    def run(program: Program, columns: Any) -> Any:
        both = program.gradient(value=True)
        level = "-O2" if len(columns) < OPTIMIZED else "-O1"
        library = compiled(folder, both.to_c("f"), level)
        inputs = numpy.array(columns).T.copy()
        outputs = numpy.zeros((len(inputs), both.result.size))
        arrays = inputs, numpy.zeros(1), outputs, numpy.zeros(100_000)
        places = [ctypes.c_void_p(array.ctypes.data) for array in arrays]
        library.f_batch(ctypes.c_long(len(inputs)), *places)
        return outputs.T

    return run


def in_javascript(folder: Path) -> Run:
    def run(program: Program, columns: Any) -> Any:
        exported = program.gradient(value=True).to_javascript("f")
        (found,) = run_node(folder, [exported], [numpy.array(columns).T.tolist()])
        return numpy.array([flat(each) for each in found]).T

    return run


def apart(engine: Engine) -> Engine:
    """One graph at a time."""
    return lambda tasks: [rows for task in tasks for rows in engine([task])]


def backends() -> dict[str, Engine]:
    """The back ends that are installed here: one of these that fails is wrong, and not left out."""
    found = {"numpy": together(by_backend("numpy"))}
    if autograd_core.compiled:  # LLVM alone calls functions that are
        found["native"] = together(by_backend("native"))
        if importlib.util.find_spec("llvmlite") is not None:
            found["llvm"] = apart(together(by_llvm))
    return found


def exports(folder: Path) -> dict[str, Engine]:
    """What runs exported programs here."""
    found = {}
    if COMPILER is not None:
        found["exported C"] = together(in_c(folder))
    if NODE is not None:
        found["exported JavaScript"] = together(in_javascript(folder))
    return found


if __name__ == "__main__":
    answer(sys.stdin.buffer, sys.stdout.buffer)
