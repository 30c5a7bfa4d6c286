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

CONSTANT, NUMBER, FIRST = fields.CONSTANT, fields.NUMBER, fields.FIRST
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
    order = slabs.new_row()
    try:
        for number, node in enumerate(inputs):
            node._mark = base + ZERO + number
        _put_in_order(outputs, base, captured, order)
        for number, node in enumerate(captured):
            node._mark = base + ZERO + len(inputs) + number
        written = writer.CodeWriter(len(inputs), len(captured), slabs.size(order))
        _write(order, base + ZERO, written)
        numbers = [_number_of(node, base + ZERO) for node in outputs]
        return written.finish(numbers), captured
    finally:
        values = len(inputs) + len(captured) + slabs.size(order)
        marks.give_back(base, base + ZERO + values)
        slabs.drop(order)


def _put_in_order(outputs: list[Value], base: int, captured: list[Value], order: Any) -> None:
    """List every node the outputs were computed from, parents first: the captured, and others."""
    stack = slabs.new_row()
    resume = slabs.new_row()  # for each n-ary node on the stack, the parent to go on with
    try:
        for output in outputs:
            node = slabs.borrowed(output)
            if node._mark >= base:
                continue
            index = 0
            while True:
                many = slabs.many(node)
                count = slabs.count(node) if many else 2
                descend = False
                while index < count:
                    if many:
                        parent = slabs.operand(node, index)
                    else:
                        parent = node._parent1 if index else node._parent0
                        if not slabs.present(parent):
                            break
                    index += 1
                    if parent._mark < base:
                        if parent._kind == LEAF:
                            _list(parent, base, captured, order)
                            continue
                        slabs.put(stack, node)
                        if many:
                            slabs.put_place(resume, index)
                        node = parent
                        index = 0
                        descend = True
                        break
                if descend:
                    continue
                _list(node, base, captured, order)
                if slabs.size(stack) == 0:
                    break
                node = slabs.pop(stack)
                index = slabs.pop_place(resume) if slabs.many(node) else 0
    finally:
        slabs.drop(stack)
        slabs.drop(resume)


def _list(node: Any, base: int, captured: list[Value], order: Any) -> None:
    """A node whose parents have all been listed is next."""
    node._mark = base
    if node._kind == LEAF and not node._flags & CONSTANT:
        captured.append(slabs.shown(node))
    else:
        slabs.put(order, node)


def _number(node: Any, zero: int) -> int:
    return node._mark - zero


def _number_of(node: Any, zero: int) -> int:
    return node._mark - zero


def _write(order: Any, zero: int, written: CodeWriter) -> None:
    for place in range(slabs.size(order)):
        node = slabs.at(order, place)
        if node._kind == LEAF:
            node._mark = zero + written.constant(node._data)
            continue
        if slabs.many(node):
            count = slabs.count(node)
            for index in range(count):
                written.list_operand(_number(slabs.operand(node, index), zero))
            node._mark = zero + written.emit_listed(node._kind, count)
            continue
        first = _number(node._parent0, zero)
        second = 0
        if node._flags & NUMBER:
            second = written.constant(node._local1)
            if node._flags & FIRST:
                first, second = second, first
        elif slabs.present(node._parent1):
            second = _number(node._parent1, zero)
        node._mark = zero + written.emit(node._kind, first, second)


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
