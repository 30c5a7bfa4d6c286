"""Higher derivatives of random graphs against differences of values at 200 digits.

The oracle knows no derivative at all, only the primitives' values in mpmath. A graph's own
conditioning is measured with it: every intermediate number is moved by a few units in the last
place at random, and what that does to the derivative is what rounding may do to the engine's.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Collection, Iterator, Sequence
from functools import cache
from typing import Any

from autograd_core import grad, jvp
from tests.primitives.high_precision import exact, mp
from tests.primitives.references import REFERENCES
from tests.soak.computing import graphs
from tests.soak.computing.graphs import Graph
from tests.soak.computing.sweeps import directed, of_graphs
from tests.soak.search import Trial

DIGITS, STEP = 200, mp.mpf(10) ** -30
MOVES = 3
"""How often the numbers are moved."""
MOVED = 2.0**-50
"""By how much, relatively."""
SPREADS = 30
"""How many times what moving does a derivative may be off, for its formulas round as well."""
NOISE = 1e-13
"""How far it may be off beside the largest derivative, of whatever order."""
SCATTERED, NEIGHBORS = 8, 4
"""At how many neighboring points the engine is asked where it is off, and how many times their
scatter it may be."""
UNDECIDED = 1e-3
"""Where moving does more than this, nothing is said."""
# The n-th derivative at 0 is the sum of these weights times the values at so many steps.
STENCILS: dict[int, tuple[tuple[int, float], ...]] = {
    1: ((1, 0.5), (-1, -0.5)),
    2: ((1, 1), (0, -2), (-1, 1)),
    3: ((2, 0.5), (1, -1), (-1, 1), (-2, -0.5)),
}

WHAT = f"derivatives of order {{}} of random graphs against values at {DIGITS} digits"

Function = Callable[[Any], Any]


def search(seed: int, trials: int) -> Iterator[Trial]:
    """`trials` graphs, each of every order."""
    return of_graphs(small, measured, seed, trials)


def small(source: random.Random) -> Graph:
    return graphs.tame(source, most=12, between=(1e-9, 40.0))


def measured(graph: Graph, orders: Collection[int] = tuple(STENCILS)) -> dict[str, float]:
    """How far derivatives along a direction are off, in any mode; nothing where there are none."""
    if graphs.at_a_convention(graph):
        return {}
    direction = directed(graph)
    still = values(graph, direction)
    moved = [values(graph, direction, random.Random(move)) for move in range(MOVES)]
    found: dict[str, float] = {}
    largest = 1.0
    for order in range(1, max(orders) + 1):
        try:
            with mp.workdps(DIGITS):
                truth = difference(still, order)
                largest = max(largest, abs(truth))
                if order not in orders or not close(truth, difference(still, order, apart=2)):
                    continue
                spread = max(abs(difference(one, order) - truth) for one in moved)
        except (ArithmeticError, ValueError, TypeError):  # outside of a domain on the way
            return found
        if spread <= UNDECIDED * abs(truth) + NOISE:
            allowed = SPREADS * spread + NOISE * largest
            found[WHAT.format(order)] = off(graph, direction, order, truth, allowed)
    return found


def off(graph: Graph, direction: Sequence[float], order: int, truth: Any, allowed: Any) -> float:
    """How many of what is allowed the engine is off, in the worst mode."""
    found = list(modes(along(graph, direction), order))
    if any(map(math.isnan, found)):
        return math.inf
    worst = max(abs(exact(one) - truth) for one in found)
    if worst > allowed:
        allowed += NEIGHBORS * scatter(graph, direction, order)
    return float(worst / allowed)


def scatter(graph: Graph, direction: Sequence[float], order: int) -> Any:
    """How far the engine's error differs between the graph's point and neighboring doubles.

    That is what its formulas lose where their terms cancel; a wrong rule is as wrong beside.
    """
    errors = []
    for turn in range(SCATTERED):
        source = random.Random(turn)
        point = tuple(x + source.randint(-9, 9) * math.ulp(x) for x in graph.point)
        beside = Graph(graph.expression, point, graph.constants)
        with mp.workdps(DIGITS):
            truth = difference(values(beside, direction), order)
        errors.append([exact(one) - truth for one in modes(along(beside, direction), order)])
    return max(max(each) - min(each) for each in zip(*errors, strict=True))


def along(graph: Graph, direction: Sequence[float]) -> Function:
    """The graph as a function of one number, how far its leaves have gone in a direction."""

    def line(t: Any) -> Any:
        return graph.function(*(x + t * d for x, d in zip(graph.leaves, direction, strict=True)))

    return line


def values(
    graph: Graph, direction: Sequence[float], source: random.Random | None = None
) -> Callable[[int], Any]:
    """The graph's values so many steps away, each computed once; with a source, of the graph with
    its numbers moved."""
    factors = [
        1 + exact(source.uniform(-MOVED, MOVED) if source else 0.0)
        for _ in range(len(graph.point) + len(graph.expression.steps))
    ]
    return cache(lambda count: value(graph, direction, count * STEP, factors))


def difference(at: Callable[[int], Any], order: int, apart: int = 1) -> Any:
    """A derivative by central differences of values so many steps apart."""
    total = sum(exact(weight) * at(count * apart) for count, weight in STENCILS[order])
    return total / (apart * STEP) ** order


def value(graph: Graph, direction: Sequence[float], t: Any, factors: Sequence[Any]) -> Any:
    """The graph's value in mpmath, `t` times the direction away; factors move its numbers."""
    moves = [0.0] * graph.constants + list(direction)
    numbers = [exact(x) + t * exact(d) for x, d in zip(graph.point, moves, strict=True)]
    for name, places in graph.expression.steps:
        out = REFERENCES[name].value(*(numbers[place] for place in places))
        numbers.append(mp.mpf(out) * factors[len(numbers)])
    return numbers[-1]


def close(one: Any, other: Any) -> bool:
    """Whether differences of two steps agree, as where a function is smooth."""
    return bool(abs(one - other) <= mp.mpf(10) ** -20 * (1 + abs(one)))


def modes(function: Function, order: int) -> Iterator[float]:
    """The derivative at 0: in reverse mode alone, in forward mode alone, forward over reverse."""

    def forward(inner: Function) -> Function:
        return lambda t: jvp(inner, (t,), (1.0,))[1]

    for chosen in ([grad] * order, [forward] * order, [grad, *[forward] * (order - 1)]):
        derivative = function
        for mode in chosen:
            derivative = mode(derivative)
        yield float(derivative(0.0))
