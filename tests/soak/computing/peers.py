"""Gradients of random graphs against JAX, which differentiates what is exported to it by itself.

JAX computes with functions of its own, so a graph says something only where its value is the same
to twelve digits; there a gradient must be the same to ten of the magnitude of its paths. It takes
long over each program, so graphs are exported together.
"""

from __future__ import annotations

import importlib.util
import itertools
import math
import random
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from autograd_core import grad, record
from tests.soak.computing import graphs
from tests.soak.computing.engines import joined
from tests.soak.computing.graphs import Graph
from tests.soak.computing.oracles import NOTHING
from tests.soak.computing.sweeps import Drawn, measurable
from tests.soak.search import Trial, in_turn

WHAT = "derivatives of order {} of random graphs against JAX, through the export"
SAME_VALUE, SAME_GRADIENT = 1e-12, 1e-10
TOGETHER = 20
"""How many graphs are exported at once."""


class Found(NamedTuple):
    """What an engine gives for a graph."""

    value: float
    slopes: list[float]


def search(seed: int, trials: int) -> Iterator[Trial]:
    """`trials` graphs of orders 1 and 2; none without JAX."""
    if importlib.util.find_spec("jax") is None:
        return
    import jax

    before = jax.config.jax_enable_x64
    jax.config.update("jax_enable_x64", True)
    try:
        yield from in_turn(of_order(order, seed, trials) for order in (1, 2))
    finally:
        jax.config.update("jax_enable_x64", before)


def of_order(order: int, seed: int, trials: int) -> Iterator[Trial]:
    """Graphs measured until there are so many of which it said something."""
    what, numbers = WHAT.format(order), itertools.count(seed * 1_000_000_007)

    def wrong(graph: Graph) -> bool:
        return not all(found <= 1 for _, found in measured([graph], order))

    while trials > 0:
        block = itertools.islice(numbers, min(trials, TOGETHER))
        drawn = {small(random.Random(number)): number for number in block}
        for graph, measure in measured([*drawn], order):
            trials -= 1
            problem = ""
            if not measure <= 1:
                least = graphs.shrunk(graph, wrong) if wrong(graph) else graph
                problem = f"{measure:.3g} of what may be: {least} (from seed {drawn[graph]})"
            yield Trial(what, measure, Drawn(drawn[graph], graph), problem)


def small(source: random.Random) -> Graph:
    return graphs.tame(source, most=10, between=(1e-9, 40.0))


def measured(drawn: Sequence[Graph], order: int) -> Iterator[tuple[Graph, float]]:
    """How far JAX's gradients are off, at order 2 those of our derivatives by the first leaves: of
    graphs of which that says something."""
    told = [one for one in drawn if not (graphs.at_a_convention(one) or one.nodes()[-1].constant)]
    if not told:
        return
    for graph, own, theirs in zip(told, *both(told, order), strict=True):
        if not abs(theirs.value - own.value) <= SAME_VALUE * abs(own.value):
            continue
        largest = max(map(abs, own.slopes))
        scales = magnitudes(graph) if order == 1 else [largest] * len(own.slopes)
        if scales is None:
            continue
        errors = [
            abs(one - other) / (SAME_GRADIENT * scale + SAME_GRADIENT)
            for one, other, scale in zip(theirs.slopes, own.slopes, scales, strict=True)
        ]
        yield graph, math.inf if any(map(math.isnan, errors)) else max(errors)


def both(drawn: Sequence[Graph], order: int) -> tuple[list[Found], list[Found]]:
    """What our program gives for graphs, or for their first slopes, and what JAX makes of it."""
    import jax

    widths = [len(graph.leaves) for graph in drawn]
    point = [number for graph in drawn for number in graph.leaves]
    functions = [graph.function if order == 1 else grad(graph.function) for graph in drawn]
    program = record(joined(functions, widths), *point, auxiliary=True)
    derivative = jax.value_and_grad(program.to_jax().function, tuple(range(len(point))), True)
    return taken_apart(program.value_and_grad(*point), widths), taken_apart(
        jax.jit(derivative)(*point), widths
    )


def taken_apart(found: Any, widths: Sequence[int]) -> list[Found]:
    (_, values), slopes = found
    rest = map(float, slopes if isinstance(slopes, tuple) else (slopes,))
    own = zip(map(float, values), widths, strict=True)
    return [Found(value, [*itertools.islice(rest, width)]) for value, width in own]


def magnitudes(graph: Graph) -> list[float] | None:
    """What the paths to each leaf come to, without their signs."""
    nodes = graph.nodes()
    reached = measurable(nodes[-1])
    if reached is None:
        return None
    leaves = nodes[graph.constants : graph.expression.arity]
    return [float(reached.get(leaf, NOTHING).magnitude) for leaf in leaves]
