"""Higher derivatives of random graphs against differences of values at 200 digits.

The oracle knows no derivative at all, only the primitives' values in mpmath. With them it measures
what rounding may do: every intermediate number is moved by a few units in the last place, and every
derivative of what a step reads, each by itself, for the chain rule adds their products, which may
cancel. Once more the numbers are those that the engine rounded to: where they stand on a jump or at
the edge of a domain, and the true ones beside it, the derivatives differ and nothing is said.
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
SPREADS = 4
"""How many times what moving does a derivative may be off."""
NOISE = 1e-15
"""How far it may be off beside the largest derivative, of whatever order."""
UNDECIDED, FLAT = 1e-3, 1e-13
"""Where moving does more than this, relatively and beside nothing, nothing is said."""
# The n-th derivative at 0 is the sum of these weights times the values at so many steps.
STENCILS: dict[int, tuple[tuple[int, float], ...]] = {
    1: ((1, 0.5), (-1, -0.5)),
    2: ((1, 1), (0, -2), (-1, 1)),
    3: ((2, 0.5), (1, -1), (-1, 1), (-2, -0.5)),
}

WHAT = f"derivatives of order {{}} of random graphs against values at {DIGITS} digits"

Function = Callable[[Any], Any]
Curve = Callable[[int], Any]
"""A number of a graph so many steps away."""


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
    found: dict[str, float] = {}
    largest = 1.0
    for order, (truth, spread) in decided(graph, direction, max(orders)).items():
        largest = max(largest, abs(truth))
        if order in orders and spread <= UNDECIDED * abs(truth) + FLAT:
            errors = [abs(exact(one) - truth) for one in modes(along(graph, direction), order)]
            worst = math.inf if any(map(mp.isnan, errors)) else max(errors)
            found[WHAT.format(order)] = float(worst / (SPREADS * spread + NOISE * largest))
    return found


def decided(graph: Graph, direction: Sequence[float], most: int) -> dict[int, tuple[Any, Any]]:
    """By order the derivative where it is smooth, and how far rounding may take it."""
    with mp.workdps(DIGITS):
        try:
            still = curve(graph, direction)
            truths = {order: difference(still, order) for order in range(1, most + 1)}
            for order in list(truths):
                if not close(truths[order], difference(still, order, apart=2)):
                    del truths[order]
            if not truths:
                return {}
            others = [moved(graph, direction, random.Random(move)) for move in range(MOVES)]
            others.append(rounded(graph, direction))
            return {
                order: (truth, max(abs(difference(one, order) - truth) for one in others))
                for order, truth in truths.items()
            }
        except (ArithmeticError, ValueError, TypeError):  # outside of a domain on the way
            return {}


def along(graph: Graph, direction: Sequence[float]) -> Function:
    """The graph as a function of one number, how far its leaves have gone in a direction."""

    def line(t: Any) -> Any:
        return graph.function(*(x + t * d for x, d in zip(graph.leaves, direction, strict=True)))

    return line


def computed(name: str, operands: Sequence[Curve], place: int = 0) -> Curve:
    """What a primitive makes of its operands."""
    value = REFERENCES[name].value
    return lambda count: mp.mpf(value(*(operand(count) for operand in operands)))


def curve(
    graph: Graph,
    direction: Sequence[float],
    step: Callable[[str, Sequence[Curve], int], Curve] = computed,
) -> Curve:
    """The graph's value along the direction in mpmath; `step` says what comes to which place."""
    moves = [0.0] * graph.constants + list(direction)
    starts = zip(map(exact, graph.point), map(exact, moves), strict=True)
    numbers: list[Curve] = [straight(x, STEP * d) for x, d in starts]
    for name, places in graph.expression.steps:
        numbers.append(cache(step(name, [numbers[place] for place in places], len(numbers))))
    return numbers[-1]


def straight(start: Any, step: Any) -> Curve:
    return lambda count: start + count * step


def moved(graph: Graph, direction: Sequence[float], source: random.Random) -> Curve:
    """The graph's value, all its numbers and the terms of all their derivatives moved a little."""

    def factor() -> Any:
        return 1 + exact(source.uniform(-MOVED, MOVED))

    def bent(number: Curve) -> Curve:
        terms = {  # of its Taylor series, at one step
            order: factor() * difference(number, order) * STEP**order / math.factorial(order)
            for order in STENCILS
        }
        start = number(0)
        return cache(lambda count: start + sum(t * count**order for order, t in terms.items()))

    def step(name: str, operands: Sequence[Curve], place: int) -> Curve:
        operands = [bent(operand) for operand in operands]
        value, moving = computed(name, operands), factor()
        if len(operands) != 2:
            return lambda count: moving * value(count)
        # How it changes with either operand alone and with both are terms that may cancel, in each
        # order by itself.
        x, y = operands
        by_x = computed(name, [x, straight(y(0), 0)])
        by_y = computed(name, [straight(x(0), 0), y])
        parts = [bent(by_x), bent(by_y), bent(lambda at: value(at) - by_x(at) - by_y(at))]
        return lambda count: moving * sum(part(count) for part in parts)

    return curve(graph, direction, step)


def rounded(graph: Graph, direction: Sequence[float]) -> Curve:
    """The graph's value where its numbers are the engine's own."""
    own = [node.data for node in graph.nodes()]

    def step(name: str, operands: Sequence[Curve], place: int) -> Curve:
        value = computed(name, operands)
        lost = value(0) - exact(own[place])
        return lambda count: value(count) - lost

    return curve(graph, direction, step)


def difference(at: Curve, order: int, apart: int = 1) -> Any:
    """A derivative by central differences of values so many steps apart."""
    total = sum(exact(weight) * at(count * apart) for count, weight in STENCILS[order])
    return total / (apart * STEP) ** order


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
