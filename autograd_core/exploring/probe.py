"""A function of numbers as the graph that it computes, and a program that gives all its numbers.

The function is recorded once. Its instructions, one after another on Values, are the graph to draw;
on recording Values, with every partial and every gradient as further outputs, they are the program.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from autograd_core.derivatives.differentiation import gradients
from autograd_core.drawing.folding.numbering import Numbered, number_graph
from autograd_core.given import checked_function
from autograd_core.graph.nodes.making import apply, constant_of
from autograd_core.graph.value import Value
from autograd_core.primitives import kind_of
from autograd_core.program import Program, record
from autograd_core.program.code.flat import Code
from autograd_core.program.signature.arguments import Numbers

__all__ = ["Probe", "probe_of", "recorded"]


@dataclass(frozen=True)
class Probe:
    """A graph at some point, and the program of its numbers at every point."""

    graph: Numbered
    numbers: Program
    """What it gives is a dictionary: "data" and "grad" of every value, and every "local" gradient,
    value by value and operand by operand."""


def recorded(function: Callable[..., Any], starts: Sequence[float]) -> Program:
    """The program of a function of numbers that gives one number.

    Raises TypeError where it gives something else, and what recording raises.
    """
    program = record(checked_function(function, "explore()"), *starts)
    if program.result != Numbers(()) or not len(program.code.outputs):
        raise TypeError(
            "explore() takes a function that gives one number, as in lambda x, y: x * y + 1; this "
            "one gives several"
        )
    return program


def probe_of(program: Program, starts: Sequence[float]) -> Probe:
    """The graph of a program of numbers, drawn where its arguments are `starts`."""
    code, captured = program.code, program.captured
    inputs = [Value(start, name=name) for start, name in zip(starts, program.names, strict=True)]
    held = [Value(leaf.data, name=leaf.name) for leaf in captured]
    values = _values(code, [*inputs, *held])
    output = int(code.outputs[0])
    root = values[output] if output >= 0 else constant_of(float(code.constants[~output]))
    if not root.constant:
        root.backward()
    graph = number_graph(root)
    place_of = {value: place for place, value in enumerate(values)}

    def numbers(*arguments: Value) -> dict[str, Any]:
        found = _values(code, [*arguments, *captured])
        wanted = [
            found[place_of[value]] if value in place_of else constant_of(value.data)
            for value in graph.values
        ]
        slopes: list[Any] = []
        for value, node in zip(graph.values, wanted, strict=True):
            if value.op:
                slopes += node.primitive.partials_at(node.parents, node)
        flows = not root.constant
        return {
            "data": wanted,
            "grad": gradients(wanted[-1], wanted, create_graph=True) if flows else [0.0],
            "local": slopes,
        }

    return Probe(graph, record(numbers, *starts))


def _values(code: Code, leaves: Sequence[Value]) -> list[Value]:
    """The instructions of a code, one after another, on leaves."""
    values = list(leaves)
    constants = code.constants.tolist()
    for _, row, operands in code:
        given = (
            values[operand] if operand >= 0 else constant_of(constants[~operand])
            for operand in operands
        )
        values.append(apply(kind_of(row), tuple(given)))
    return values
