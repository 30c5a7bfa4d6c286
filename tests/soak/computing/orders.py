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
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
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
CLEAR = 0.25
"""Of what rounding may do, how much asks for no more moves."""
NOISE = 1e-15
"""How far it may be off beside the largest derivative, of whatever order."""
UNDECIDED, FLAT = 1e-3, 1e-13
"""Where moving does more than this, relatively and beside nothing, nothing is said."""
NEAR = (0, 1, -1, 2, -2)
"""How many steps away from where a derivative is taken a graph's numbers are known."""
WIDER = (*NEAR, 4, -4)
"""The same for steps twice as long as well."""
# The n-th derivative at 0 is half the sum of these weights times the values at so many steps.
STENCILS: dict[int, tuple[tuple[int, int], ...]] = {
    1: ((1, 1), (-1, -1)),
    2: ((1, 2), (0, -4), (-1, 2)),
    3: ((2, 1), (1, -2), (-1, 2), (-2, -1)),
}

WHAT = f"derivatives of order {{}} of random graphs against values at {DIGITS} digits"

Function = Callable[[Any], Any]
Curve = Mapping[int, Any]
"""A number of a graph, by how many steps away."""


def search(seed: int, trials: int) -> Iterator[Trial]:
    """`trials` graphs, each of every order."""
    return of_graphs(small, measured, seed, trials)


def small(source: random.Random) -> Graph:
    return graphs.tame(source, most=12, between=(1e-9, 40.0))


def measured(graph: Graph, orders: Collection[int] = tuple(STENCILS)) -> dict[str, float]:
    """How far derivatives along a direction are off, in any mode; nothing where there are none.

    What is clearly right by its numbers' rounding alone is told by that, for moving them would
    take as long again as everything else and only allow it more.
    """
    if graphs.at_a_convention(graph):
        return {}
    direction = directed(graph)
    errors: dict[int, Any] = {}
    found: dict[str, float] = {}
    with mp.workdps(DIGITS):
        for known in decided(graph, direction, max(orders)):
            found, largest = {}, 1.0
            for order, (truth, spread) in known.items():
                largest = max(largest, abs(truth))
                if order in orders and spread <= UNDECIDED * abs(truth) + FLAT:
                    if order not in errors:
                        errors[order] = error(along(graph, direction), order, truth)
                    allowed = SPREADS * spread + NOISE * largest
                    found[WHAT.format(order)] = float(errors[order] / allowed)
            if all(measure <= CLEAR for measure in found.values()):
                break
    return found


def error(function: Function, order: int, truth: Any) -> Any:
    """How far the worst of all modes is off."""
    errors = [abs(exact(one) - truth) for one in modes(function, order)]
    return math.inf if any(map(mp.isnan, errors)) else max(errors)


def decided(
    graph: Graph, direction: Sequence[float], most: int
) -> Iterator[dict[int, tuple[Any, Any]]]:
    """By order the derivative where it is smooth, and how far rounding may take it: as it takes the
    engine's numbers, and then as far or farther, as moving them does."""
    try:
        path = curve(graph, direction, counts=WIDER)
        known = {order: (difference(path, order), 0) for order in range(1, most + 1)}
        for order, (truth, _) in list(known.items()):
            if not close(truth, difference(path, order, apart=2)):
                del known[order]
        for move in (None, *range(MOVES)):
            other = rounded(graph, direction) if move is None else moved(graph, direction, move)
            for order, (truth, spread) in known.items():
                known[order] = truth, max(abs(difference(other, order) - truth), spread)
            yield known
    except (ArithmeticError, ValueError, TypeError):  # outside of a domain on the way
        yield {}


def along(graph: Graph, direction: Sequence[float]) -> Function:
    """The graph as a function of one number, how far its leaves have gone in a direction."""

    def line(t: Any) -> Any:
        return graph.function(*(x + t * d for x, d in zip(graph.leaves, direction, strict=True)))

    return line


def computed(name: str, operands: Sequence[Curve], place: int = 0) -> dict[int, Any]:
    """What a primitive makes of its operands."""
    value = REFERENCES[name].value
    return {at: mp.mpf(value(*(operand[at] for operand in operands))) for at in operands[0]}


def curve(
    graph: Graph,
    direction: Sequence[float],
    step: Callable[[str, Sequence[Curve], int], Curve] = computed,
    counts: Sequence[int] = NEAR,
) -> Curve:
    """The graph's value along the direction in mpmath; `step` says what comes to which place."""
    moves = [0.0] * graph.constants + list(direction)
    starts = zip(map(exact, graph.point), map(exact, moves), strict=True)
    numbers: list[Curve] = [{at: x + at * (STEP * d) for at in counts} for x, d in starts]
    for name, places in graph.expression.steps:
        numbers.append(step(name, [numbers[place] for place in places], len(numbers)))
    return numbers[-1]


def moved(graph: Graph, direction: Sequence[float], seed: int) -> Curve:
    """The graph's value, all its numbers and the terms of all their derivatives moved a little."""
    source = random.Random(seed)

    def factor() -> Any:
        return 1 + exact(source.uniform(-MOVED, MOVED))

    def bent(number: Curve) -> Curve:
        start, up, down, above, below = (number[at] for at in NEAR)
        # The terms of its Taylor series, at one step.
        first = factor() * (up - down) / 2
        second = factor() * (up + down - 2 * start) / 2
        third = factor() * (above - below - 2 * (up - down)) / 12
        odd, even = first + third, start + second
        odder, evener = 2 * first + 8 * third, start + 4 * second
        values = start, even + odd, even - odd, evener + odder, evener - odder
        return dict(zip(NEAR, values, strict=True))

    def step(name: str, operands: Sequence[Curve], place: int) -> Curve:
        # Where what it reads went on straight, and what their bends add: in each order terms of
        # either may cancel, by themselves and each other.
        operands = [bent(operand) for operand in operands]
        straight = terms(name, [line(operand) for operand in operands])
        bends = [
            {at: term[at] - first[at] for at in NEAR}
            for term, first in zip(terms(name, operands), straight, strict=True)
        ]
        parts, moving = [bent(part) for part in (*straight, *bends)], factor()
        return {at: moving * sum(part[at] for part in parts) for at in NEAR}

    return curve(graph, direction, step)


def line(number: Curve) -> Curve:
    """The number as it would go on straight."""
    slope = (number[1] - number[-1]) / 2
    return {at: number[0] + at * slope for at in NEAR}


def terms(name: str, operands: Sequence[Curve]) -> list[Curve]:
    """Of two operands how a value changes with either alone, and with both besides."""
    value = computed(name, operands)
    if len(operands) != 2:
        return [value]
    x, y = operands
    by_x = computed(name, [x, dict.fromkeys(NEAR, y[0])])
    by_y = computed(name, [dict.fromkeys(NEAR, x[0]), y])
    return [by_x, by_y, {at: value[at] - by_x[at] - by_y[at] for at in NEAR}]


def rounded(graph: Graph, direction: Sequence[float]) -> Curve:
    """The graph's value where its numbers are the engine's own."""
    own = [node.data for node in graph.nodes()]

    def step(name: str, operands: Sequence[Curve], place: int) -> Curve:
        value = computed(name, operands)
        lost = value[0] - exact(own[place])
        return {at: number - lost for at, number in value.items()}

    return curve(graph, direction, step)


def difference(at: Curve, order: int, apart: int = 1) -> Any:
    """A derivative by central differences of values so many steps apart."""
    total = sum(weight * at[count * apart] for count, weight in STENCILS[order])
    return total / (2 * (apart * STEP) ** order)


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
