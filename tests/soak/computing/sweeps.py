"""Gradients of random graphs, to the rounding: all paths, forward mode, complex steps, integers.

Every graph is one of its own seed, which stands in front of what is reported; a failure is shown as
the smallest graph that still fails.
"""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Callable, Iterator
from functools import partial
from typing import NamedTuple

from autograd_core import PRIMITIVES, Value, gradients, jvp, topological
from tests.primitives.high_precision import exact
from tests.soak.computing import graphs
from tests.soak.computing.graphs import PUBLIC, Graph
from tests.soak.computing.oracles import (
    ANALYTIC,
    LEAST,
    NOTHING,
    Paths,
    complex_step,
    independent_sweep,
)
from tests.soak.search import Trial, in_turn

TOO_LARGE = 1e200
"""Magnitudes of paths beyond which doubles overflow on the way."""
POLYNOMIAL = ["add", "sub", "mul", "neg", "square", "sum", "dot"]
LARGEST_WHOLE = 2**53

BY_PATHS = "gradients of random graphs against all paths at 60 digits"
FORWARD = "forward mode against the same"
BY_STEPS = "gradients against complex steps at 60 digits"
BY_INTEGERS = "gradients of integer polynomials against big integers"

Measures = Callable[[Graph], dict[str, float]]
"""How near the limit a graph comes in each row of the table; nothing where that says nothing."""


class Drawn(NamedTuple):
    """A graph and the seed that it was drawn from."""

    seed: int
    graph: Graph

    def __str__(self) -> str:
        return f"seed {self.seed}: {self.graph}"


def search(seed: int, trials: int) -> Iterator[Trial]:
    """Every kind of check in turn, `trials` graphs each; a tenth of that for complex steps, each of
    which takes as long as several of the others."""
    return in_turn(
        [
            of_graphs(graphs.tame, against_paths, seed, trials),
            of_graphs(analytic, against_complex_steps, seed, -(-trials // 10)),
            of_graphs(polynomial, against_integers, seed, trials),
        ]
    )


def of_graphs(
    draw: Callable[[random.Random], Graph], measures: Measures, seed: int, trials: int
) -> Iterator[Trial]:
    """Graphs measured until there are so many of which it said something."""
    done = 0
    for number in itertools.count(seed * 1_000_000_007):
        if done == trials:
            return
        graph = draw(random.Random(number))
        found = measures(graph)
        done += bool(found)
        for what, measure in found.items():
            problem = ""
            if not measure <= 1:
                small = graphs.shrunk(graph, partial(fails, measures, what))
                worst = measures(small)[what]
                problem = f"{worst:.3g} of the bound: {small} (from seed {number})"
            yield Trial(what, measure, Drawn(number, graph), problem)


def fails(measures: Measures, what: str, graph: Graph) -> bool:
    return not measures(graph).get(what, 0.0) <= 1


def measurable(root: Value) -> dict[Value, Paths] | None:
    """What reaches every node; None where there is no derivative, or doubles overflow.

    What is drawn does not, but what is made smaller may on the way.
    """
    if root.constant or not all(math.isfinite(node.data) for node in topological(root)):
        return None
    reached = independent_sweep(root)
    return reached if all(paths.magnitude < TOO_LARGE for paths in reached.values()) else None


def against_paths(graph: Graph) -> dict[str, float]:
    """How many of the bound the gradients are off at worst, swept, as graphs, and forward."""
    nodes = graph.nodes()
    reached = measurable(nodes[-1])
    if reached is None:
        return {}
    leaves = nodes[graph.constants : graph.expression.arity]
    nodes[-1].backward()
    errors = [ratio(node.grad, reached.get(node, NOTHING)) for node in nodes if not node.constant]
    slopes = gradients(nodes[-1], leaves, create_graph=True)
    for leaf, slope in zip(leaves, slopes, strict=True):
        errors.append(ratio(slope.data, reached.get(leaf, NOTHING)))
    direction = directed(graph)
    _, tangent = jvp(graph.function, graph.leaves, direction)
    expected = joined([reached.get(leaf, NOTHING) for leaf in leaves], direction)
    # Forward the products are others, each of which may be subnormal, and what it feeds large.
    lost = sum(LEAST * len(node.parents) * paths.magnitude for node, paths in reached.items())
    expected = expected._replace(bound=expected.bound + lost)
    return {BY_PATHS: max(errors), FORWARD: ratio(float(tangent), expected)}


def ratio(found: float, paths: Paths) -> float:
    """How many of the bound a gradient is off; infinitely many if it is no number."""
    error = abs(exact(found) - paths.gradient)
    return math.inf if math.isnan(found) else float(error / (paths.bound + LEAST))


def directed(graph: Graph) -> list[float]:
    """A direction in the graph's leaves."""
    return [1.0 - 0.25 * place for place in range(len(graph.leaves))]


def joined(paths: list[Paths], direction: list[float]) -> Paths:
    """What reaches the leaves, along a direction; in another order it may be off twice so far."""
    return Paths(
        sum(exact(w) * path.gradient for w, path in zip(direction, paths, strict=True)),
        sum(abs(w) * path.magnitude for w, path in zip(direction, paths, strict=True)),
        sum(2 * abs(w) * path.bound for w, path in zip(direction, paths, strict=True)),
    )


def against_complex_steps(graph: Graph) -> dict[str, float]:
    """How far the sweep is from the derivative that values at complex numbers give."""
    if graphs.at_a_convention(graph):
        return {}
    nodes = graph.nodes()
    root, leaves = nodes[-1], nodes[graph.constants : graph.expression.arity]
    direction = directed(graph)
    reached = measurable(root)
    if reached is None:
        return {}
    truth = complex_step(root, dict(zip(leaves, direction, strict=True)))
    if truth is None:
        return {}
    root.backward()
    found = sum(
        exact(number) * exact(leaf.grad) for number, leaf in zip(direction, leaves, strict=True)
    )
    allowed = joined([reached.get(leaf, NOTHING) for leaf in leaves], direction)
    return {BY_STEPS: float(abs(found - truth) / (allowed.bound + LEAST))}


def against_integers(graph: Graph) -> dict[str, float]:
    """0 if the gradients are the very whole numbers that big integers give."""
    numbers = [int(number) for number in graph.point]
    if numbers != list(graph.point):
        return {}  # made smaller, to what is no whole number
    sizes = []
    for name, places in graph.expression.steps:
        operands = [numbers[place] for place in places]
        numbers.append(whole_value(name, operands))
        sizes += whole_terms(name, operands)
    cotangents = [0] * len(numbers)
    cotangents[-1] = 1
    sizes += numbers
    reach = [0] * len(numbers)  # of a cotangent's terms, in whatever order they are added
    for number in range(len(numbers) - 1, graph.expression.arity - 1, -1):
        name, places = graph.expression.steps[number - graph.expression.arity]
        slopes = whole_slopes(name, [numbers[place] for place in places])
        for place, slope in zip(places, slopes, strict=True):
            cotangents[place] += cotangents[number] * slope
            reach[place] += abs(cotangents[number] * slope)
    sizes += reach
    if max(map(abs, sizes)) >= LARGEST_WHOLE:
        return {}
    nodes = graph.nodes()
    if nodes[-1].constant:
        return {}
    nodes[-1].backward()
    found = [node.grad for node in nodes[graph.constants : graph.expression.arity]]
    expected = cotangents[graph.constants : graph.expression.arity]
    return {BY_INTEGERS: 0.0 if (nodes[-1].data, found) == (numbers[-1], expected) else 2.0}


def whole_value(name: str, x: list[int]) -> int:
    match name:
        case "add" | "sum":
            return sum(x)
        case "sub":
            return x[0] - x[1]
        case "mul":
            return x[0] * x[1]
        case "neg":
            return -x[0]
        case "square":
            return x[0] ** 2
    return x[0] + sum(w * v for w, v in zip(x[1::2], x[2::2], strict=True))  # dot


def whole_terms(name: str, x: list[int]) -> list[int]:
    """What a double must hold on the way to a sum: its terms, and what they come to so far."""
    terms = x if name == "sum" else []
    if name == "dot":
        terms = [x[0], *(w * v for w, v in zip(x[1::2], x[2::2], strict=True))]
    return [*terms, *itertools.accumulate(terms)]


def whole_slopes(name: str, x: list[int]) -> list[int]:
    match name:
        case "add" | "sum":
            return [1] * len(x)
        case "sub":
            return [1, -1]
        case "mul":
            return [x[1], x[0]]
        case "neg":
            return [-1]
        case "square":
            return [2 * x[0]]
    return [1, *(x[1 + (place ^ 1)] for place in range(len(x) - 1))]  # dot


def polynomial(source: random.Random) -> Graph:
    """Sums and products of small whole numbers."""
    drawn = graphs.tame(source, POLYNOMIAL, most=20)
    point = tuple(float(source.randint(-3, 3)) for _ in drawn.point)
    return Graph(drawn.expression, point, drawn.constants)


def analytic(source: random.Random) -> Graph:
    """Of primitives that take complex numbers, where mpmath has them at a bearable price."""
    return graphs.tame(source, [name for name in PUBLIC if name in ANALYTIC], between=(1e-9, 40.0))


assert set(ANALYTIC) <= set(PRIMITIVES)
