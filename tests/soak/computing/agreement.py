"""One computation, whatever runs it: the same bits, at any numbers, of orders 1 and 2.

Graphs computed by this process's eager engine are computed again by everything that `engines`
knows: first each primitive alone at all tuples of special values, then random graphs, which begin
at special values as well, many of them at once. Besides, back ends are called in all the ways of
`calls`, with a graph at a time.
"""

from __future__ import annotations

import itertools
import random
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from autograd_core import PRIMITIVES
from autograd_core.primitives import BUILT_IN, kind_of
from tests.program.replayed import same_bits
from tests.soak.computing import engines, graphs
from tests.soak.computing.calls import CALLS
from tests.soak.computing.engines import Engine, Task, eager
from tests.soak.computing.graphs import SPECIAL, Graph
from tests.soak.search import Trial, in_turn

POINTS = 12
"""How many points a random graph is computed at."""
TOGETHER = 20, 1, 100
"""How many graphs are computed at once, in turn."""


def tasks(seed: int, trials: int) -> Iterator[Task]:
    """Every primitive at special values, then random graphs; fewer of either if `trials` is small.

    The same whoever draws them.
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


def problems(chosen: Sequence[Task], expected: Sequence[Any], engine: Engine) -> Iterator[str]:
    """For each graph, where an engine differs from what is expected; empty if nowhere."""
    for task, rows, found in zip(chosen, expected, engine(chosen), strict=True):
        yield "" if same_bits(found, rows) else smallest(task, chosen, engine)


def smallest(task: Task, chosen: Sequence[Task], engine: Engine) -> str:
    """The least with which an engine differs: a graph, or if that takes others, a few."""

    def differs(graph: Graph) -> bool:
        return differ([(graph, [graph.leaves])], engine)

    graph, points = task
    for point in points:
        one = Graph(graph.expression, (*graph.point[: graph.constants], *point), graph.constants)
        if differs(one):
            small = graphs.shrunk(one, differs)
            own = small, [small.leaves]
            return f"{small}: {engine([own])[0].tolist()}, eagerly {eager(own).tolist()}"
    fewer: Sequence[Task] | None = chosen
    while fewer:
        chosen, half = fewer, len(fewer) // 2
        parts = [chosen[:half], chosen[half:]] if half else []
        fewer = next((part for part in parts if differ(part, engine)), None)
    return "only together: " + " and ".join(f"{graph} at {points}" for graph, points in chosen)


def differ(chosen: Sequence[Task], engine: Engine) -> bool:
    """Whether an engine differs from the eager one in any of these graphs."""
    return not all(map(same_bits, engine(chosen), map(eager, chosen)))


def by_engine(what: str, engine: Engine, seed: int, trials: int) -> Iterator[Trial]:
    """All graphs by one engine, in blocks."""
    drawn, sizes = tasks(seed, trials), itertools.cycle(TOGETHER)
    while chosen := list(itertools.islice(drawn, next(sizes))):
        for told in problems(chosen, [*map(eager, chosen)], engine):
            yield Trial(f"{what}, bit by bit", problem=told)


def called(names: Sequence[str], seed: int, trials: int) -> Iterator[Trial]:
    """Graph after graph, called in all ways by all back ends."""
    for task in tasks(seed, trials):
        rows = eager(task)
        for name, (what, check) in itertools.product(names, CALLS.items()):
            told = check(*task, rows, name)
            told = f"by {name}: {told}" if told else ""
            yield Trial(f"{what} by every back end, bit by bit", problem=told)


def search(seed: int, trials: int) -> Iterator[Trial]:
    """About `trials` graphs, by everything that there is."""
    with tempfile.TemporaryDirectory() as folder, engines.other_tier() as other:
        found = {"the other tier's eager engine": other} if other else {}
        replays = engines.backends() | engines.exports(Path(folder))
        found |= {f"replays by {name}": engine for name, engine in replays.items()}
        ways = [by_engine(what, engine, seed, trials) for what, engine in found.items()]
        yield from in_turn([*ways, called([*engines.backends()], seed, trials)])
