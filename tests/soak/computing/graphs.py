"""Random graphs: drawn from a seed, printed as programs, made smaller while they still fail.

A graph is an `Expression` of `autograd_core.testing` with the numbers it is computed at; the first
of these may be constants. `tame` graphs stay where an error relative to the numbers means
something; `wild` ones go wherever their primitives take them, special values included.
"""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from autograd_core import PRIMITIVES, Primitive, Value
from autograd_core.primitives import BUILT_IN, kind_of
from autograd_core.testing import Expression
from tests.primitives.samples import anywhere

PUBLIC = [name for name, row in PRIMITIVES.items() if row.public and kind_of(name) < BUILT_IN]
SPECIAL = (0.0, -0.0, 1.0, -1.0, math.inf, -math.inf, math.nan, 0.5, 2.0, -2.0, 5e-324, 1.8e308)
TAME = 1e-100, 1e100
"""What the numbers of a tame graph are between, if they are not 0."""
NEAR = 8
"""How far back a step mostly reaches for its operands."""

Step = tuple[str, tuple[int, ...]]


@dataclass(frozen=True)
class Graph:
    """An expression, what it is computed at, and how many of its arguments are constants."""

    expression: Expression
    point: tuple[float, ...]
    constants: int = 0

    @property
    def leaves(self) -> tuple[float, ...]:
        """The numbers that it is differentiated by."""
        return self.point[self.constants :]

    def function(self, *leaves: Any) -> Any:
        """The graph as a function of its leaves."""
        return self.expression(*self.point[: self.constants], *leaves)

    def nodes(self) -> list[Value]:
        """It as a graph of Values: arguments, then results; the last one is the root."""
        leaves = (Value(number) for number in self.leaves)
        return self.expression.nodes(*self.point[: self.constants], *leaves)

    def __str__(self) -> str:
        constants = f", the first {self.constants} constant" if self.constants else ""
        return f"{self.expression} at {self.point}{constants}"


def tame(
    source: random.Random,
    names: Sequence[str] = PUBLIC,
    fewest: int = 3,
    most: int = 60,
    between: tuple[float, float] = TAME,
) -> Graph:
    """A graph all of whose numbers are 0 or of ordinary magnitudes."""
    point, constants = arguments(source, lambda: source.uniform(-2, 2))
    numbers, steps = list(point), []
    for _ in range(source.randint(fewest, most)):
        for name in itertools.chain((source.choice(names) for _ in range(20)), ["sin"]):
            step = name, places(source, PRIMITIVES[name], len(numbers))
            out = computed(step, numbers)
            if out == 0 or between[0] < abs(out) < between[1]:
                break
        steps.append(step)
        numbers.append(out)
    return Graph(Expression(len(point), (*steps, summed(source, len(numbers)))), point, constants)


def summed(source: random.Random, known: int) -> Step:
    """A last step to which some results contribute that steps in between may have flattened."""
    return "sum", (known - 1, *(source.randrange(known) for _ in range(source.randint(1, 6))))


def wild(
    source: random.Random, names: Sequence[str] = PUBLIC, fewest: int = 3, most: int = 20
) -> Graph:
    """A graph of any numbers, special ones most of all."""
    point, constants = arguments(source, lambda: any_number(source))
    steps: list[Step] = []
    for number in range(source.randint(fewest, most)):
        name = source.choice(names)
        steps.append((name, places(source, PRIMITIVES[name], len(point) + number)))
    return Graph(Expression(len(point), tuple(steps)), point, constants)


def any_number(source: random.Random) -> float:
    return source.choice((source.choice(SPECIAL), source.uniform(-3, 3), anywhere(source)))


def arguments(source: random.Random, number: Callable[[], float]) -> tuple[tuple[float, ...], int]:
    """One to four numbers to differentiate by, behind up to two constants."""
    constants = source.choice((0, 0, 1, 2))
    return tuple(number() for _ in range(constants + source.randint(1, 4))), constants


def places(source: random.Random, row: Primitive, known: int) -> tuple[int, ...]:
    """Operands of a row: the newest value, and any others, mostly near, so that many are shared."""
    found = [
        known - 1 - source.randrange(min(known, NEAR if source.random() < 0.8 else known))
        for _ in range(width(source, row))
    ]
    found[source.randrange(len(found))] = known - 1
    return tuple(found)


def width(source: random.Random, row: Primitive) -> int:
    """How many operands a step of the row has."""
    if row.arity is not None:
        return row.arity
    first, repeated = row.repeats
    return first + repeated * source.randint(1, 3)


def computed(step: Step, numbers: Sequence[float]) -> float:
    name, operands = step
    return PRIMITIVES[name].forward(*(numbers[place] for place in operands))


def at_a_convention(graph: Graph) -> bool:
    """Whether a step may be where its row has a convention and not a derivative."""
    numbers = list(graph.point)
    for name, places in graph.expression.steps:
        operands = [numbers[place] for place in places]
        row = PRIMITIVES[name]
        ends = zip(operands, row.domain, strict=False)
        if row.convention and (
            0 in operands
            or len(set(operands)) < len(operands)
            or any(number in domain for number, domain in ends)
        ):
            return True
        numbers.append(computed((name, places), numbers))
    return False


def smaller(graph: Graph) -> Iterator[Graph]:
    """Graphs that are a little simpler: fewer steps first, then plainer numbers."""
    expression = graph.expression
    for count in range(1, len(expression.steps)):
        yield replace(graph, expression=Expression(expression.arity, expression.steps[:count]))
    for place, (_, operands) in enumerate(expression.steps[:-1]):
        for operand in dict.fromkeys(operands):
            yield replace(graph, expression=without(expression, place, operand))
    for place, number in enumerate(graph.point):
        for simpler in (1.0, 0.5, 2.0, float(f"{number:.1g}")):
            if repr(number) not in ("1.0", "0.5", "2.0", repr(simpler)):
                point = (*graph.point[:place], simpler, *graph.point[place + 1 :])
                yield replace(graph, point=point)


def without(expression: Expression, number: int, operand: int) -> Expression:
    """The expression less one step, in whose place one of its operands is read."""
    left_out = expression.arity + number

    def moved(place: int) -> int:
        place = operand if place == left_out else place
        return place - (place > left_out)

    steps = [*expression.steps[:number], *expression.steps[number + 1 :]]
    return Expression(
        expression.arity, tuple((name, tuple(map(moved, places))) for name, places in steps)
    )


def shrunk(graph: Graph, fails: Callable[[Graph], Any]) -> Graph:
    """The smallest graph to be found by small steps that still fails."""
    while True:
        for candidate in smaller(graph):
            if fails(candidate):
                graph = candidate
                break
        else:
            return graph
