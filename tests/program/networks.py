"""Regular programs, as networks are: arbitrary stacks of layers, written on scalars."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import Any

import numpy
from hypothesis import strategies as st

import autograd_core as ag
import nn
from autograd_core import Program, Value, record
from autograd_core.program.code.flat import Code
from tests.program.codes import gradient, recorded, tidied

Scalars = list[Any]
Layer = Callable[[Scalars], Scalars]


def one_by_one(code: Code, inputs: Sequence[float], captured: Sequence[float]) -> list[float]:
    """The outputs for one sample, instruction after instruction."""
    values = [*inputs, *captured]
    constants = code.constants.tolist()

    def number(operand: int) -> float:
        return constants[-1 - operand] if operand < 0 else values[operand]

    for _, row, operands in code:
        values.append(row.forward(*map(number, operands)))
    return [number(output) for output in code.outputs.tolist()]


def weights(source: random.Random, rows: int, columns: int) -> list[Scalars]:
    return [[Value(source.gauss(0, 0.8)) for _ in range(columns)] for _ in range(rows)]


def dense(source: random.Random, size: int, bias: bool) -> Layer:
    """A matrix times a vector, each neuron's weights before its bias."""
    matrix = weights(source, size, 9)

    def layer(x: Scalars) -> Scalars:
        starts = [row[-1] if bias else 0.0 for row in matrix]
        return [ag.dot(row, x, start) for row, start in zip(rows(x), starts, strict=True)]

    def rows(x: Scalars) -> list[Scalars]:
        return [row[: len(x)] for row in matrix]

    return layer


def written_out(source: random.Random, size: int) -> Layer:
    """A matrix times a vector as expressions, the input on the left."""
    matrix = weights(source, size, 8)
    return lambda x: [sum(a * w for a, w in zip(x, row, strict=False)) for row in matrix]


def in_halves(source: random.Random, size: int) -> Layer:
    """One matrix times both halves of a vector, as of two positions."""
    matrix = weights(source, size, 8)

    def layer(x: Scalars) -> Scalars:
        half = max(1, len(x) // 2)
        return [ag.dot(row[:half], x[k : k + half]) for k in (0, len(x) - half) for row in matrix]

    return layer


def attention(x: Scalars) -> Scalars:
    """Every element a mean of those before it, by shares."""
    found = []
    for last in range(1, len(x) + 1):
        powers = [(x[last - 1] * y).tanh().exp() for y in x[:last]]
        total = sum(powers)
        found.append(ag.dot([power / total for power in powers], x[:last]))
    return found


SIMPLE: dict[str, Layer] = {
    "tanh": lambda x: [a.tanh() for a in x],
    "relu": lambda x: [a.relu() for a in x],
    "square": lambda x: [a.square() * 0.5 for a in x],
    "reversed": lambda x: x[::-1],
    "residual": lambda x: [a + a.tanh() for a in x],
    "outer": lambda x: [(a * b).tanh() for a in x[:3] for b in x],
    "products": lambda x: [a.tanh() * b.tanh() for a in x[:2] for b in x],
    "scaled": lambda x: [a * ag.sum(x).tanh() for a in x],
    "normalized": lambda x: [a / (1.0 + ag.dot(x, x)) for a in x],
    "neighbors": lambda x: [a - 0.5 * b for a, b in zip(x, x[1:] + x[:1], strict=True)],
    "chain": lambda x: [sum(x), *x[:3]],
    "maximum": lambda x: [a.maximum(b) for a, b in zip(x, x[::-1], strict=True)],
    "attention": attention,
}


def perceptron_loss() -> Callable[..., Any]:
    """The loss of a small perceptron of three inputs, every parameter off zero."""
    network = nn.MLP(3, [9, 6, 2])
    source = random.Random(3)
    for parameter in network.parameters():
        parameter.data = source.gauss(0.0, 0.7)

    def loss(*numbers: Any) -> Any:
        first, second = network(list(numbers))
        return (first.tanh() - second * 0.5) ** 2

    return loss


def perceptron_gradient() -> tuple[Code, Any]:
    """The program of its gradient by the inputs and all parameters, and their numbers."""
    code, captured = recorded(perceptron_loss(), *[0.5] * 3)
    return tidied(gradient(code)), numpy.array([leaf.data for leaf in captured])


@st.composite
def networks(draw: st.DrawFn) -> Program:
    """A program of a list of inputs whose value is one number."""
    source = random.Random(draw(st.integers(0, 10_000)))
    inputs = draw(st.integers(1, 4))
    layers: list[Layer] = []
    for _ in range(draw(st.integers(1, 5))):
        name = draw(st.sampled_from(["dense", "written out", "in halves", *SIMPLE]))
        size = draw(st.integers(1, 6))
        if name == "dense":
            layers.append(dense(source, size, draw(st.booleans())))
        elif name == "written out":
            layers.append(written_out(source, size))
        elif name == "in halves":
            layers.append(in_halves(source, size))
        else:
            layers.append(SIMPLE[name])

    def function(x: Scalars) -> Any:
        for layer in layers:
            x = layer(list(x))[:8]
        return ag.sum([a.tanh() for a in x])

    return record(function, [0.5] * inputs)


def points_for(program: Program, count: int = 5) -> Any:
    """Inputs for so many samples, some of them zero."""
    rng = numpy.random.default_rng(len(program.code))
    points = rng.normal(size=(count, program.arguments[0].size))
    points[rng.random(points.shape) < 0.1] = 0.0
    return points


def captured_of(program: Program) -> Any:
    """What the captured leaves hold."""
    return numpy.array([leaf.data for leaf in program.captured])


def branching_program() -> Program:
    """One of two layers' outputs by the sign of the first of three inputs.

    The first 60 of what is captured are the layer for negative ones.
    """
    source = random.Random(4)
    negative, positive = (weights(source, 12, 5) for _ in range(2))

    def branch(x: Scalars, matrix: list[Scalars]) -> Any:
        wide = [ag.dot(row[:3], x, row[3]).tanh() for row in matrix]
        mixed = [ag.dot(row[:4], wide[k : k + 4]).tanh() for k, row in enumerate(matrix[:8])]
        return ag.dot([row[4] for row in matrix[:8]], mixed)

    def function(x: Scalars) -> Any:
        return ag.where(x[0] > 0, branch(x, positive), branch(x, negative))

    return record(function, [0.5] * 3, parameters=[w for row in negative for w in row])
