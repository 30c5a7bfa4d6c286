"""Higher derivatives of random graphs against differences of values at 200 digits.

The oracle knows no derivative at all, only the primitives' values in mpmath. A graph's own
conditioning is measured with it: every intermediate number is moved by a few units in the last
place at random, and what that does to the derivative is what rounding may do to the engine's.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from autograd_core import grad, jvp
from tests.primitives.high_precision import exact, mp
from tests.primitives.references import REFERENCES
from tests.soak.computing import graphs
from tests.soak.computing.graphs import Graph
from tests.soak.computing.sweeps import of_graphs
from tests.soak.search import Trial, in_turn

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
    """`trials` graphs of each order."""
    return in_turn(
        of_graphs(
            WHAT.format(order), small, lambda graph, n=order: measured(graph, n), seed, trials
        )
        for order in STENCILS
    )


def small(source: random.Random) -> Graph:
    return graphs.tame(source, most=12, between=(1e-9, 40.0))


def measured(graph: Graph, order: int) -> float | None:
    """How far the derivative along a direction is off, in any mode; None where there is none."""
    if graphs.at_a_convention(graph):
        return None
    direction = [1.0 - 0.25 * place for place in range(len(graph.leaves))]

    try:
        with mp.workdps(DIGITS):
            truths = [differences(graph, direction, n) for n in range(1, order + 1)]
            if not close(truths[-1], differences(graph, direction, order, 2 * STEP)):
                return None
            moved = [
                differences(graph, direction, order, STEP, random.Random(move))
                for move in range(MOVES)
            ]
    except (ArithmeticError, ValueError, TypeError):  # outside of a domain on the way
        return None
    truth = truths[-1]
    spread = max(abs(one - truth) for one in moved)
    if not spread <= UNDECIDED * abs(truth) + NOISE:
        return None
    allowed = SPREADS * spread + NOISE * max(1, *map(abs, truths))
    found = list(modes(along(graph, direction), order))
    if any(abs(exact(one) - truth) > allowed for one in found):
        allowed += NEIGHBORS * scatter(graph, direction, order)
    return max(float(abs(exact(one) - truth) / allowed) for one in found)


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
            truth = differences(beside, direction, order)
        errors.append([exact(one) - truth for one in modes(along(beside, direction), order)])
    return max(max(each) - min(each) for each in zip(*errors, strict=True))


def along(graph: Graph, direction: Sequence[float]) -> Function:
    """The graph as a function of one number, how far its leaves have gone in a direction."""

    def line(t: Any) -> Any:
        return graph.function(*(x + t * d for x, d in zip(graph.leaves, direction, strict=True)))

    return line


def differences(
    graph: Graph,
    direction: Sequence[float],
    order: int,
    step: Any = STEP,
    source: random.Random | None = None,
) -> Any:
    """A derivative by central differences; with a source, of the graph with its numbers moved."""
    factors = [
        1 + exact(source.uniform(-MOVED, MOVED) if source else 0.0)
        for _ in range(len(graph.point) + len(graph.expression.steps))
    ]
    total = sum(
        exact(weight) * value(graph, direction, count * step, factors)
        for count, weight in STENCILS[order]
    )
    return total / step**order


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
