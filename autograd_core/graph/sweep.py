"""The reverse sweep: cotangents flow from a root to everything it was computed from.

It works on any nodes with the fields of `Node` and knows no mathematics: a cotangent times a local
gradient goes to the parent, and what arrives there is added up. Nothing recurses, so a graph may be
ten million nodes deep. A factor of zero wins over one that is not finite: a zero cotangent and a
zero local gradient alike contribute nothing, so what `where` or `relu` put aside leaks no NaN.

The rule of a sweep (the root first, operands in order, the rule of zeros) stands in four more
places, each of which does with it what the others cannot: `derivatives.differentiation` computes in
Values and forwards, `program.adjoint.reverse` and `program.adjoint.tangent` write instructions, and
`drawing.animation.sweep_steps` says every step. The product of the rule is `strong_product`.

A sweep goes backwards through the order that `marks` finds, and n-ary nodes are swept as the chain
they stand for, from the last operand to the first: equal programs have equal bits.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from types import FunctionType
from typing import Any

from autograd_core.graph import marks, memory
from autograd_core.graph.nodes import slabs

__all__ = [
    "backward",
    "cotangents_at",
    "own_step",
    "zero",
]

# A flag of nodes, as in `nodes.node`.
CONSTANT = 1


def _propagate(
    order: Any, base: int, cotangents: Any, seed: float, commit: bool, check: Any
) -> None:
    """Fill `cotangents`, one a node of the order; write them to the nodes too if `commit`."""
    position = slabs.size(order) - 1
    cotangents[position] = seed
    while position >= 0:
        cotangent = cotangents[position]
        node = slabs.visit(order, position)
        position -= 1
        if commit:
            if node._kind == 0:
                node._grad += cotangent
            else:
                node._grad = cotangent
        if check is not None:
            check(slabs.shown(node), cotangent)
        if cotangent == 0:
            continue
        finite = cotangent - cotangent == 0  # only what is not finite makes a NaN of a zero
        if slabs.many(node):
            index = slabs.count(node)
            while index > 0:
                index -= 1
                parent = slabs.operand(node, index)
                local = slabs.local(node, index)
                if not parent._flags & CONSTANT and (finite or local != 0):
                    cotangents[parent._mark - base] += cotangent * local
            continue
        parent = node._parent0
        if slabs.present(parent):
            if not parent._flags & CONSTANT and (finite or node._local0 != 0):
                cotangents[parent._mark - base] += cotangent * node._local0
            parent = node._parent1
            if (
                slabs.present(parent)
                and not parent._flags & CONSTANT
                and (finite or node._local1 != 0)
            ):
                cotangents[parent._mark - base] += cotangent * node._local1


def own_step(node: Any) -> None:
    """Add what the node's own `_grad` gives each of its parents to theirs: one step, by hand."""
    marks.in_turn(_own_step, node)


def backward(root: Any, seed: float, check: Any = None) -> None:
    """Sweep from the root; leaves accumulate into `_grad`, other nodes hold this sweep's cotangent.

    `check`, if given, is called with every node and its cotangent and may raise. Gradients are all
    old or all new: compiled code cannot be interrupted while it writes them, and in plain Python
    they are written by one call into C, which an interrupt waits for.
    """
    marks.in_turn(_backward, root, seed, check)


def cotangents_at(root: Any, seed: float, inputs: Sequence[Any], check: Any = None) -> list[float]:
    """The cotangents that reach the inputs from the root, without touching any `_grad`."""
    found: list[float] = marks.in_turn(_cotangents_at, root, seed, inputs, check)
    return found


def zero(root: Any) -> None:
    """Set the `_grad` of the root and of everything it was computed from to zero."""
    marks.in_turn(_zero, root)


def _backward(root: Any, seed: float, check: Any) -> None:
    order = slabs.new_row()
    try:
        base = marks.put_in_order(root, order)
        count = slabs.size(order)
        cotangents = memory.doubles(count)
        try:
            if _INTERRUPTIBLE:
                _propagate(order, base, cotangents, seed, False, check)
                for index in range(count):
                    node = slabs.at(order, index)
                    if node._kind == 0:
                        cotangents[index] += node._grad
                _write(root, slabs.listed(order), memory.listed(cotangents, count))
            else:
                if check is not None:
                    _propagate(order, base, cotangents, seed, False, check)
                    for index in range(count):
                        cotangents[index] = 0.0
                _propagate(order, base, cotangents, seed, True, None)
        finally:
            memory.release(cotangents)
    finally:
        slabs.drop(order)


def _cotangents_at(root: Any, seed: float, inputs: Sequence[Any], check: Any) -> list[float]:
    order = slabs.new_row()
    try:
        base = marks.put_in_order(root, order)
        cotangents = memory.doubles(slabs.size(order))
        try:
            _propagate(order, base, cotangents, seed, False, check)
            found = []
            for node in inputs:
                place = slabs.borrowed(node)._mark - base
                found.append(cotangents[place] if place >= 0 else 0.0)
            return found
        finally:
            memory.release(cotangents)
    finally:
        slabs.drop(order)


def _own_step(node: Any) -> None:
    cotangent = node._grad
    for parent, local in zip(node.parents, node.local_gradients, strict=True):
        if cotangent != 0 and local != 0 and not parent._flags & CONSTANT:
            parent._grad += cotangent * local


def _zero(root: Any) -> None:
    order = slabs.new_row()
    try:
        marks.put_in_order(root, order)
        if _INTERRUPTIBLE:
            _write(root, slabs.listed(order), [0.0] * slabs.size(order))
        else:
            for index in range(slabs.size(order)):
                slabs.at(order, index)._grad = 0.0
    finally:
        slabs.drop(order)


def _write(root: Any, nodes: list[Any], grads: list[float]) -> None:
    """Set the `_grad` of plain nodes in one call into C."""
    deque(map(type(root)._grad.__set__, nodes, grads), maxlen=0)


_INTERRUPTIBLE = isinstance(backward, FunctionType)  # plain Python: between any two lines
