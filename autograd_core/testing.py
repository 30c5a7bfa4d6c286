"""Hypothesis strategies for whoever property-tests code written on Values.

`numbers_for` draws operands from where a primitive is smooth, `expressions` draws functions of any
number of arguments as programs that can be printed and run, and `shared_graphs` draws graphs in
which nodes are used more than once, which is where sweeps go wrong.

Hypothesis is an extra: `pip install "autograd-core[test]"`. A property of your own reads

    @given(expressions(arity=2), st.floats(-2, 2), st.floats(-2, 2))
    def test_gradients(expression, x, y):
        gradcheck(expression, x, y)
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from hypothesis import strategies as st

from autograd_core.graph.nodes import making
from autograd_core.graph.value import Value
from autograd_core.primitives import PRIMITIVES, Primitive, kind_of

__all__ = ["Expression", "SharedGraph", "expressions", "numbers_for", "shared_graphs", "values_for"]

SMOOTH_EVERYWHERE = (
    "add", "sub", "mul", "neg", "square", "sin", "cos", "tanh", "atan", "asinh", "erf", "sigmoid",
    "softplus", "silu", "gelu", "gaussian", "normal_cdf", "logaddexp",
)  # fmt: skip
"""Primitives that are smooth at all numbers and do not grow fast."""

Step = tuple[str, tuple[int, ...]]


def numbers_for(row: Primitive | str, largest: float = 8.0) -> st.SearchStrategy[tuple[float, ...]]:
    """Operands for a row of the table: within its domain, off its ends and kinks, up to `largest`.

    Raises ValueError for a row that takes any number of operands.
    """
    row = PRIMITIVES[row] if isinstance(row, str) else row
    if row.arity is None:
        raise ValueError(f"{row.name} takes any number of operands; draw a list of numbers instead")
    avoided: list[tuple[float, ...]] = [() for _ in row.domain]
    avoided[0] += row.kinks
    avoided[-1] += row.poles
    return st.tuples(
        *(
            _inside(interval, points, largest)
            for interval, points in zip(row.domain, avoided, strict=True)
        )
    )


@lru_cache(maxsize=256)  # Hypothesis reads the source of each new filter's function
def _inside(
    interval: tuple[float, float], avoided: tuple[float, ...], largest: float
) -> st.SearchStrategy[float]:
    low, high = max(interval[0], -largest), min(interval[1], largest)
    margin = (high - low) / 256
    low = low + margin if low == interval[0] else low
    high = high - margin if high == interval[1] else high
    drawn = st.floats(low, high, allow_nan=False)
    if not avoided:
        return drawn
    return drawn.filter(lambda x: all(abs(x - point) > margin for point in avoided))


def values_for(row: Primitive | str, largest: float = 8.0) -> st.SearchStrategy[tuple[Value, ...]]:
    """The same as fresh Values."""
    return numbers_for(row, largest).map(lambda numbers: tuple(Value(x) for x in numbers))


@dataclass(frozen=True)
class Expression:
    """A function drawn at random: a list of steps, each a primitive of earlier results.

    The first `arity` results are the arguments, the last one is the result. It prints as a program.
    """

    arity: int
    steps: tuple[Step, ...]

    def __call__(self, *arguments: Any) -> Any:
        if len(arguments) != self.arity:
            raise TypeError(f"this expression takes {self.arity} arguments, got {len(arguments)}")
        return self.nodes(*arguments)[-1]

    def nodes(self, *arguments: Any) -> list[Value]:
        """Every intermediate result, the arguments first."""
        results = [x if type(x) is Value else making.constant_of(float(x)) for x in arguments]
        for name, places in self.steps:
            operands = tuple(results[place] for place in places)
            results.append(making.apply(kind_of(name), operands))
        return results

    def __repr__(self) -> str:
        names = [f"x{place}" for place in range(self.arity)]
        lines = [f"({', '.join(names)}):"]
        for number, (name, places) in enumerate(self.steps):
            names.append(f"t{number}")
            lines.append(f"t{number} = {name}({', '.join(names[place] for place in places)})")
        return " ".join([lines[0], "; ".join(lines[1:])])


@st.composite
def expressions(
    draw: st.DrawFn,
    arity: int = 1,
    max_size: int = 8,
    primitives: Sequence[str] = SMOOTH_EVERYWHERE,
) -> Expression:
    """Functions of `arity` numbers, of one to `max_size` steps, of primitives by name.

    Each step uses the result before it, so nothing of the program is idle, and any earlier one, so
    results are shared. The default primitives are smooth, so that `gradcheck` applies.
    """
    steps: list[Step] = []
    for number in range(draw(st.integers(1, max_size))):
        name = draw(st.sampled_from(list(primitives)))
        count = PRIMITIVES[name].arity or _some_operands(draw, PRIMITIVES[name])
        newest = arity + number - 1
        places = [draw(st.integers(0, newest)) for _ in range(count)]
        places[draw(st.integers(0, count - 1))] = newest
        steps.append((name, tuple(places)))
    return Expression(arity, tuple(steps))


def _some_operands(draw: st.DrawFn, row: Primitive) -> int:
    """How many operands for a variadic row: of `dot`, a start and then pairs."""
    first, repeated = row.repeats
    return first + repeated * draw(st.integers(0 if first else 1, 3))


@dataclass(frozen=True)
class SharedGraph:
    """A graph that was built: its leaves, every node in order, and the root."""

    leaves: tuple[Value, ...]
    nodes: tuple[Value, ...]
    root: Value
    expression: Expression


@st.composite
def shared_graphs(
    draw: st.DrawFn,
    max_leaves: int = 4,
    max_size: int = 12,
    primitives: Sequence[str] = SMOOTH_EVERYWHERE,
    largest: float = 2.0,
) -> SharedGraph:
    """Graphs of Values in which nodes are used more than once; every number in them is finite."""
    arity = draw(st.integers(1, max_leaves))
    numbers = st.floats(-largest, largest, allow_nan=False)
    expression = draw(expressions(arity, max_size, primitives))
    leaves = tuple(Value(draw(numbers), name=f"x{place}") for place in range(arity))
    nodes = expression.nodes(*leaves)
    if not all(math.isfinite(node.data) for node in nodes):
        leaves = tuple(Value(0.5, name=f"x{place}") for place in range(arity))
        nodes = expression.nodes(*leaves)
    return SharedGraph(leaves, tuple(nodes), nodes[-1], expression)
