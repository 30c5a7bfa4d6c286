"""One computation, whatever runs it: the same bits, at any numbers, of orders 1 and 2.

Graphs computed by this process's eager engine are computed again by the eager engine of the other
tier (compiled or plain) in a process of its own, by every back end that a replay has here, by the C
that is exported, and by the JavaScript where it calls nothing that is the browser's own; by back
ends in all the ways of `calls`. First each primitive alone at all tuples of special values, then
random graphs, which begin at special values as well.
"""

from __future__ import annotations

import ctypes
import hashlib
import importlib.util
import itertools
import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy

import autograd_core
from autograd_core import PRIMITIVES, Program, Value, grad, gradients
from autograd_core.primitives import BUILT_IN, kind_of
from tests.program.exports.compiling import COMPILER, compiled
from tests.program.exports.running_javascript import NODE, run_node
from tests.program.replayed import same_bits
from tests.soak.computing import graphs
from tests.soak.computing.calls import CALLS, flat, recorded
from tests.soak.computing.graphs import SPECIAL, Graph
from tests.soak.search import Trial

POINTS = 12
"""How many points a random graph is computed at."""
TOGETHER = 20
"""How many graphs one file of C is written of."""

Task = tuple[Graph, list[tuple[float, ...]]]
Backend = Callable[[Program, Any], Any]


def tasks(seed: int, trials: int) -> Iterator[Task]:
    """Every primitive at special values, then random graphs; fewer of either if `trials` is small.

    Both processes draw the same.
    """
    source = random.Random(seed)
    # What users declare is known to one process only.
    names = [name for name in PRIMITIVES if kind_of(name) < BUILT_IN]
    names = names if trials // 4 >= len(names) else source.sample(names, trials // 4)
    for name in names:
        row = PRIMITIVES[name]
        count = row.arity or sum(row.repeats)
        points = list(itertools.product(SPECIAL, repeat=count))
        points = points if len(points) < 400 else source.sample(points, 400)
        expression = graphs.Expression(count, ((name, tuple(range(count))),))
        yield Graph(expression, points[0]), points
    for number in range(trials):
        own = random.Random(seed * 1_000_000_007 + number)
        graph = graphs.wild(own)
        width = len(graph.leaves)
        others = [tuple(graphs.any_number(own) for _ in range(width)) for _ in range(POINTS - 1)]
        yield graph, [graph.leaves, *others]


def eager(task: Task) -> Any:
    """At every point the value, the gradient, and the gradient of the first slope."""
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


def programs(graph: Graph) -> list[Program]:
    """The graph, and its derivative by its first leaf."""
    return [recorded(graph.function, graph), recorded(grad(graph.function), graph)]


def by_backend(name: str) -> Backend:
    def run(program: Program, columns: Any) -> Any:
        values, slopes = program.using(name).value_and_grad(*columns)
        slopes = slopes if isinstance(slopes, tuple) else (slopes,)
        width = len(columns[0])
        return numpy.stack([numpy.broadcast_to(part, width) for part in (values, *slopes)], axis=1)

    return run


def available() -> dict[str, Backend]:
    """The back ends that are installed here: one of these that fails is wrong, and not left out."""
    compiled = autograd_core.compiled  # LLVM alone calls functions that are
    installed = {
        "native": compiled,
        "llvm": compiled and importlib.util.find_spec("llvmlite") is not None,
        "numpy": True,
    }
    return {name: by_backend(name) for name, there in installed.items() if there}


def replayed(task: Task, run: Backend) -> Any:
    graph, points = task
    columns = list(numpy.array(points, dtype=float).T)
    return numpy.concatenate([run(program, columns) for program in programs(graph)], axis=1)


def in_c(chosen: Sequence[Task], folder: Path) -> list[Any]:
    """What the exported C of all these graphs gives, compiled as one file."""
    parts = [[p.gradient(value=True) for p in programs(graph)] for graph, _ in chosen]
    text = "".join(
        program.to_c(f"f{number}_{order}")
        for number, pair in enumerate(parts)
        for order, program in enumerate(pair)
    )
    library = compiled(folder, text)
    found = []
    for number, (_, points) in enumerate(chosen):
        inputs = numpy.array(points, dtype=float)
        rows = []
        for order in range(2):
            outputs = numpy.zeros((len(points), inputs.shape[1] + 1))
            nothing, work = numpy.zeros(1), numpy.zeros(100_000)
            arrays = [ctypes.c_void_p(a.ctypes.data) for a in (inputs, nothing, outputs, work)]
            library[f"f{number}_{order}_batch"](ctypes.c_long(len(points)), *arrays)
            rows.append(outputs)
        found.append(numpy.concatenate(rows, axis=1))
    return found


def in_javascript(chosen: Sequence[Task], folder: Path) -> list[Any]:
    """What the exported JavaScript of these graphs gives."""
    exports, calls = [], []
    for graph, points in chosen:
        exports += [p.gradient(value=True).to_javascript("f") for p in programs(graph)]
        calls += [[list(point) for point in points]] * 2
    rows = [[flat(row) for row in each] for each in run_node(folder, exports, calls)]
    both = zip(rows[::2], rows[1::2], strict=True)
    return [numpy.array([a + b for a, b in zip(*pair, strict=True)]) for pair in both]


def difference(task: Task, run: Backend) -> str:
    """Where a replay differs from the eager engine, on the smallest graph; empty if nowhere."""
    if same_bits(replayed(task, run), eager(task)):
        return ""

    def differs(graph: Graph) -> bool:
        points = [graph.leaves]
        return not same_bits(replayed((graph, points), run), eager((graph, points)))

    graph, points = task
    for point in points:
        one = Graph(graph.expression, (*graph.point[: graph.constants], *point), graph.constants)
        if differs(one):
            small = graphs.shrunk(one, differs)
            task = small, [small.leaves]
            return f"{small}: {replayed(task, run).tolist()}, eagerly {eager(task).tolist()}"
    return f"{graph} at {points}, only in a batch"


def digest(rows: Any) -> str:
    """The bits of some numbers; of NaN only that it is none."""
    plain = numpy.where(numpy.isnan(rows), numpy.nan, rows)
    return hashlib.sha256(plain.tobytes()).hexdigest()


def other_tier(seed: int, trials: int) -> Iterator[str]:
    """The digests that the other tier finds, in a process of its own; what it is, first."""
    environment = {name: text for name, text in os.environ.items() if "AUTOGRAD" not in name}
    environment["PYTHONPATH"] = os.pathsep.join(filter(None, sys.path))
    if autograd_core.compiled:
        environment["AUTOGRAD_CORE_PLAIN"] = "1"
    command = [sys.executable, "-m", "tests.soak.computing.agreement", str(seed), str(trials)]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            for line in process.stdout:
                yield line.strip()
        finally:
            process.kill()


def search(seed: int, trials: int) -> Iterator[Trial]:
    """About `trials` graphs, by everything that there is."""
    backends = available()
    others = other_tier(seed, trials)
    tier = next(others)
    drawn = tasks(seed, trials)
    with tempfile.TemporaryDirectory() as folder:
        while chosen := list(itertools.islice(drawn, TOGETHER)):
            expected = [eager(task) for task in chosen]
            for task, rows in zip(chosen, expected, strict=True):
                if tier != autograd_core.__name__ + str(autograd_core.compiled):
                    told = "" if next(others) == digest(rows) else f"{task[0]} at {task[1]}"
                    yield Trial("the other tier's eager engine, bit by bit", problem=told)
                for name, run in backends.items():
                    yield Trial(f"replays by {name}, bit by bit", problem=difference(task, run))
                    for what, check in CALLS.items():
                        told = check(*task, rows, name)
                        told = f"by {name}: {told}" if told else ""
                        yield Trial(f"{what} by every back end, bit by bit", problem=told)
            if COMPILER is not None:
                for task, rows, found in zip(
                    chosen, expected, in_c(chosen, Path(folder)), strict=True
                ):
                    told = "" if same_bits(found, rows) else f"{task[0]} at {task[1]}"
                    yield Trial("replays by exported C, bit by bit", problem=told)
            if NODE is not None:
                exported = in_javascript(chosen, Path(folder))
                for (graph, points), found, eagerly in zip(chosen, exported, expected, strict=True):
                    told = "" if same_bits(found, eagerly) else f"{graph} at {points}"
                    yield Trial("exported JavaScript, bit by bit", problem=told)


if __name__ == "__main__":
    print(autograd_core.__name__ + str(autograd_core.compiled), flush=True)
    for each in tasks(int(sys.argv[1]), int(sys.argv[2])):
        print(digest(eager(each)), flush=True)
