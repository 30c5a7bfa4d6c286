"""What repeats, by everything that makes loops of it: the same bits as step by step.

A turn of a few steps is drawn and taken many times, each time with inputs of its own and with what
the turn before has left; what comes of some or of all turns is added up. The back ends roll that up
in loops, of the value, of its gradient and of the derivative of that.
"""

from __future__ import annotations

import random
from collections.abc import Iterator

from autograd_core import PRIMITIVES
from autograd_core.testing import Expression
from tests.soak.computing import graphs
from tests.soak.computing.agreement import problems
from tests.soak.computing.calls import CALLS
from tests.soak.computing.engines import backends, eager
from tests.soak.computing.graphs import PUBLIC, Graph, Step
from tests.soak.search import Trial

TURNS = 33, 160
"""Fewer than the first are not rolled up."""
PLAIN = ["add", "sub", "mul", "neg", "sin", "tanh", "sigmoid", "square", "maximum", "where"]
"""Which most steps are, lest soon nothing but NaN is left."""
POINTS = 9


def repeated(source: random.Random) -> Graph:
    """A turn that was drawn, taken again and again."""
    turns, shared = source.randint(*TURNS), source.randint(1, 2)
    inputs = source.choice([0, 1, 1, 1, 2])
    names = [source.choice(PLAIN if source.random() < 0.7 else PUBLIC) for _ in range(4)]
    names = names[: source.randint(1, 4)]
    steps = [
        (name, operands(source, name, step, {"shared": shared, "input": inputs, "own": step}))
        for step, name in enumerate(names)
    ]
    for _ in range(source.choice([0, 1, 1, 2])):  # totals, of what the turn has come to
        place = source.randrange(len(steps))
        steps.append(
            (source.choice(["add", "add", "sub"]), [("before", len(steps)), ("own", place)])
        )
    arity = shared + turns * inputs + len(steps)  # the last stand for a turn before the first
    taken: list[Step] = []
    for turn in range(turns):
        start = {
            "shared": 0,
            "input": shared + turn * inputs,
            "before": arity + (turn - 1) * len(steps),
            "own": arity + turn * len(steps),
        }
        for name, wanted in steps:
            taken.append((name, tuple(start[kind] + place for kind, place in wanted)))
    last, apart = arity + len(taken) - 1, source.choice([len(taken), len(steps), 1])
    taken.append(("sum", tuple(range(last, arity - 1, -apart))))
    return Graph(Expression(arity, tuple(taken)), tuple(number(source) for _ in range(arity)))


def operands(
    source: random.Random, name: str, step: int, known: dict[str, int]
) -> list[tuple[str, int]]:
    """Where a step of every turn takes its operands from, one from what has just been computed."""
    kinds = [kind for kind, places in known.items() if places] + ["before"]
    found = []
    for _ in range(graphs.width(source, PRIMITIVES[name])):
        kind = source.choice(kinds)
        found.append((kind, source.randrange(known.get(kind, step + 1))))
    moving = ("own", step - 1) if step else ("input" if known["input"] else "before", 0)
    found[source.randrange(len(found))] = moving
    return found


def number(source: random.Random) -> float:
    return graphs.any_number(source) if source.random() < 0.01 else source.uniform(-1.5, 1.5)


def search(seed: int, trials: int) -> Iterator[Trial]:
    """`trials` graphs by every back end."""
    for trial in range(trials):
        source = random.Random(seed * 1_000_000_007 + trial)
        graph = repeated(source)
        others = [tuple(number(source) for _ in graph.leaves) for _ in range(POINTS - 1)]
        task = graph, [graph.leaves, *others]
        rows = eager(task)
        for name, engine in backends().items():
            (problem,) = problems([task], [rows], engine)
            for check in CALLS.values():
                problem = problem or check(*task, rows, name)
            yield Trial(f"loops by {name}, bit by bit", problem=problem)
