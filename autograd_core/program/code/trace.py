"""From a graph of nodes to a flat program.

The instructions stand in the order of the graph, parents before children; leaves that are no inputs
are captured, in the order in which they are met; wrapped numbers become constants. Nothing recurses
and the graph is left as it was. `trace.pxd` beside this file gives the compiler its types.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from types import FunctionType
from typing import Any

from autograd_core import primitives
from autograd_core.graph import marks
from autograd_core.graph.nodes import node as fields
from autograd_core.graph.nodes import slabs
from autograd_core.graph.value import Value
from autograd_core.program.code import writer
from autograd_core.program.code.flat import Code, Floats
from autograd_core.program.code.writer import CodeWriter

__all__ = [
    "add_to_gradients",
    "read_data",
    "trace",
    "write_data",
    "write_gradients",
]

CONSTANT, NUMBER = fields.CONSTANT, fields.NUMBER
LEAF = primitives.LEAF
# What a mark is for the value of number 0, above the mark of a node merely met. Constants have
# negative numbers, and so marks below; those are only read, once everything has been met.
ZERO = 1


def trace(outputs: Sequence[Value], inputs: Sequence[Value]) -> tuple[Code, list[Value]]:
    """The program that computes the outputs from the inputs, and the leaves that it captures.

    An input may be any node: what lies behind it is not recorded. Inputs that nothing depends on
    keep their number.
    """
    return marks.in_turn(_trace, list(outputs), list(inputs))


def _trace(outputs: list[Value], inputs: list[Value]) -> tuple[Code, list[Value]]:
    base = marks.reserve()
    captured: list[Value] = []
    order: list[Value] = []
    try:
        for number, node in enumerate(inputs):
            node._mark = base + ZERO + number
        _put_in_order(outputs, base, captured, order)
        leaves = len(inputs) + len(captured)
        for number, node in enumerate(captured):
            node._mark = base + ZERO + len(inputs) + number
        written = writer.CodeWriter(len(inputs), len(captured), len(order))
        _write(order, base + ZERO, leaves, written)
        numbers = [_number(node, base + ZERO) for node in outputs]
        return written.finish(numbers), captured
    finally:
        values = len(inputs) + len(captured) + len(order)
        marks.give_back(base, base + ZERO + values)


def _put_in_order(
    outputs: list[Value], base: int, captured: list[Value], order: list[Value]
) -> None:
    """List every node the outputs were computed from, parents first: the captured, and others."""
    stack = []
    resume = []
    for output in outputs:
        if output._mark >= base:
            continue
        node = output
        node._mark = base
        index = 0
        while True:
            count = _count(node)
            descend = False
            while index < count:
                parent = _parent(node, index)
                index += 1
                if parent._mark < base:
                    parent._mark = base
                    stack.append(node)
                    resume.append(index)
                    node = parent
                    index = 0
                    descend = True
                    break
            if descend:
                continue
            if node._kind == LEAF and not node._flags & CONSTANT:
                captured.append(node)
            else:
                order.append(node)
            if not stack:
                break
            node = stack.pop()
            index = resume.pop()


def _count(node: Value) -> int:
    if slabs.has_many(node):
        return len(slabs.operands(node))
    if node._flags & NUMBER:
        fields.unfold(node)
    if node._parent0 is None:
        return 0
    return 1 if node._parent1 is None else 2


def _parent(node: Any, index: int) -> Value:
    if slabs.has_many(node):
        return slabs.operands(node)[index]
    return node._parent0 if index == 0 else node._parent1


def _number(node: Any, zero: int) -> int:
    return node._mark - zero


def _write(order: list[Any], zero: int, leaves: int, written: CodeWriter) -> None:
    for node in order:
        if node._kind == LEAF:
            node._mark = zero + written.constant(node._data)
        elif slabs.has_many(node):
            operands = slabs.operands(node)
            for parent in operands:
                written.list_operand(_number(parent, zero))
            node._mark = zero + written.emit_listed(node._kind, len(operands))
        elif node._parent1 is not None:
            node._mark = zero + written.emit(
                node._kind, _number(node._parent0, zero), _number(node._parent1, zero)
            )
        else:
            node._mark = zero + written.emit(node._kind, _number(node._parent0, zero), 0)


def read_data(nodes: list[Value], numbers: Floats) -> None:
    """Write the data of a list of leaves into an array of as many numbers."""
    for index in range(len(nodes)):
        node = nodes[index]
        numbers[index] = node._data


def write_data(nodes: list[Value], numbers: Floats) -> None:
    """Give a list of leaves the numbers of an array as their data: all of them, or none."""
    if _INTERRUPTIBLE:
        _write_at_once("_data", nodes, [float(number) for number in numbers])
        return
    for index in range(len(nodes)):
        node = nodes[index]
        node._data = float(numbers[index])


def write_gradients(nodes: list[Value], numbers: Floats) -> None:
    """Give a list of leaves the numbers of an array as their gradients: all of them, or none."""
    if _INTERRUPTIBLE:
        _write_at_once("_grad", nodes, [float(number) for number in numbers])
        return
    for index in range(len(nodes)):
        node = nodes[index]
        node._grad = float(numbers[index])


def add_to_gradients(nodes: list[Value], numbers: Floats) -> None:
    """Add an array of numbers to the gradients of as many leaves; one thread at a time."""
    marks.in_turn(_add_to_gradients, nodes, numbers)


def _add_to_gradients(nodes: list[Value], numbers: Floats) -> None:
    if _INTERRUPTIBLE:
        added = [node._grad + float(number) for node, number in zip(nodes, numbers, strict=True)]
        _write_at_once("_grad", nodes, added)
        return
    for index in range(len(nodes)):
        node = nodes[index]
        node._grad += float(numbers[index])


def _write_at_once(field: str, nodes: list[Value], numbers: list[float]) -> None:
    """Set a field of plain nodes in one call into C, which an interrupt waits for."""
    deque(map(getattr(Value, field).__set__, nodes, numbers), maxlen=0)


_INTERRUPTIBLE = isinstance(add_to_gradients, FunctionType)  # plain Python: between any two lines
