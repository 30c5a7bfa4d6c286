"""Prints the bits of a seeded run of everything that computes: `python -m tests.primitives.bits`.

Two builds of the package that print the same text compute the same. The first line says whether the
package is compiled, the others are numbers as `float.hex` writes them.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import autograd_core
from autograd_core import PRIMITIVES, Value, grad, gradients, jvp
from autograd_core.graph import functions
from autograd_core.graph.nodes.making import apply
from autograd_core.primitives import Primitive, kind_of
from tests.primitives.samples import samples

EXTREMES = [0.0, -0.0, 5e-324, -5e-324, 1e308, -1e308, float("inf"), float("-inf"), float("nan")]


def points_of(row: Primitive) -> list[tuple[float, ...]]:
    source = random.Random(row.name)
    points = samples(row, 120, seed=3)
    arity = row.arity or sum(row.repeats)
    return points + [tuple(source.choice(EXTREMES) for _ in range(arity)) for _ in range(20)]


def table() -> Iterator[str]:
    """Every row, by the row alone and by the Value's own method."""
    for row in list(PRIMITIVES.values()):
        for point in points_of(row):
            out = row.forward(*point)
            yield shown(row.name, out, *row.partials_at(point, out))
            if row.arity in (1, 2) and row.public:
                operands = [Value(number) for number in point]
                result = getattr(functions, row.name)(*operands)
                result.backward(0.75)
                yield shown(row.name, result.data, *(operand.grad for operand in operands))


def bends() -> Iterator[str]:
    """Derivatives of every public row to the third order, in reverse and in forward mode."""
    for row in [row for row in PRIMITIVES.values() if row.public and row.arity]:
        points = points_of(row)[::20]
        for places in itertools.combinations_with_replacement(range(row.arity), 3):
            reverse = forward = partial(applied, kind_of(row.name))
            for place in places:
                reverse, forward = grad(reverse, argnums=place), along(forward, place)
                for point in points:
                    yield shown(row.name, reverse(*point), forward(*point))


def along(function: Callable[..., Any], place: int) -> Callable[..., Any]:
    """The derivative by the operand at a place, in forward mode."""
    return lambda *x: jvp(function, x, [float(at == place) for at in range(len(x))])[1]


def applied(kind: int, *operands: Any) -> Value:
    return apply(kind, tuple(x if isinstance(x, Value) else Value(x) for x in operands))


def shared_graphs() -> Iterator[str]:
    """Random graphs of all rows in which most nodes are used twice: both kinds of gradients."""
    source = random.Random(20)
    rows = [row for row in PRIMITIVES.values() if row.public and row.arity in (1, 2)]
    for _ in range(60):
        nodes = leaves = [Value(source.uniform(-2, 2)) for _ in range(4)]
        for _ in range(40):
            row = source.choice(rows)
            operands = tuple(source.choice(nodes[-6:]) for _ in row.operands)
            nodes = [*nodes, apply(kind_of(row.name), operands)]
        root = functions.sum(nodes[4:]) * functions.dot(nodes[-4:], leaves, start=0.5)
        root.backward()
        yield shown("swept", root.data, *(node.grad for node in nodes))
        first = gradients(root, leaves, create_graph=True)
        second = [gradients(slope, leaves) for slope in first]
        yield shown("differentiated", *(slope.data for slope in first), *itertools.chain(*second))


def shown(name: str, *numbers: float) -> str:
    # The sign and the payload of a NaN are the processor's and mean nothing.
    return " ".join([name, *(float(number).hex() for number in numbers)])


if __name__ == "__main__":
    print("compiled" if autograd_core.compiled else "plain")
    for line in [*table(), *bends(), *shared_graphs()]:
        print(line)
