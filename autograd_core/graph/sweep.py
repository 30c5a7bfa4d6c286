"""The reverse sweep: cotangents flow from a root to everything it was computed from.

It works on any nodes with the fields of `Value` and knows no mathematics: a cotangent times a local
gradient goes to the parent, and what arrives there is added up. Nothing recurses, so a graph may be
ten million nodes deep. A factor of zero wins over one that is not finite: a zero cotangent and a
zero local gradient alike contribute nothing, so what `where` or `relu` put aside leaks no NaN.

The rule of a sweep (the root first, operands in order, the rule of zeros) stands in four more
places, each of which does with it what the others cannot: `derivatives.differentiation` computes in
Values and forwards, `program.adjoint.reverse` and `program.adjoint.tangent` write instructions, and
`drawing.animation.sweep_steps` says every step. The product of the rule is `strong_product`.

The order is depth first, parents from left to right; a sweep goes through it backwards. It depends
on the graph alone, never on addresses, and n-ary nodes are swept as the chain they stand for, from
the last operand to the first: equal programs have equal bits.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Sequence
from types import FunctionType
from typing import Any

from autograd_core.forking import in_forked_child
from autograd_core.graph import memory

__all__ = [
    "backward",
    "cotangents_at",
    "give_back_marks",
    "in_turn",
    "own_step",
    "reserve_marks",
    "zero",
]

# A flag of nodes, as in `value`.
CONSTANT = 1

RESERVED = 2**36  # more marks than any order needs

_next_mark = 1
# A node's mark is its place in the last order that met it, counted on from all orders before; what
# is below the present order's first mark is unvisited. Two threads' orders must not interleave:
# in plain Python the second would overwrite marks that the first still counts on.
_turn = threading.RLock()


def _renew_turn() -> None:
    global _turn
    _turn = threading.RLock()


in_forked_child(_renew_turn)


def _order(root):
    """Every node the root was computed from, parents first, without constants."""
    base = reserve_marks()
    order = []
    try:
        _put_in_order(root, base, order)
        return order
    finally:
        # Also after an interrupt, which may leave one node with a mark that is not listed yet.
        give_back_marks(base, base + len(order) + 1)


def _put_in_order(root, base, order):
    stack = []
    resume = []  # for each n-ary node on the stack, the parent to go on with
    mark = base
    index = 0
    node = root
    while True:
        if node._parent0 is not None:
            if node._parent0._mark < base and not node._parent0._flags & CONSTANT:
                if node._parent0._kind == 0:
                    node._parent0._mark = mark
                    mark += 1
                    order.append(node._parent0)
                else:
                    stack.append(node)
                    node = node._parent0
                    index = 0
                    continue
            if (
                node._parent1 is not None
                and node._parent1._mark < base
                and not node._parent1._flags & CONSTANT
            ):
                if node._parent1._kind == 0:
                    node._parent1._mark = mark
                    mark += 1
                    order.append(node._parent1)
                else:
                    stack.append(node)
                    node = node._parent1
                    index = 0
                    continue
        elif node._parents is not None:
            parents = node._parents
            count = len(parents)
            descend = False
            while index < count:
                parent = parents[index]
                index += 1
                if parent._mark < base and not parent._flags & CONSTANT:
                    if parent._kind == 0:
                        parent._mark = mark
                        mark += 1
                        order.append(parent)
                    else:
                        stack.append(node)
                        resume.append(index)
                        node = parent
                        index = 0
                        descend = True
                        break
            if descend:
                continue
        node._mark = mark
        mark += 1
        order.append(node)
        if not stack:
            break
        node = stack.pop()
        if node._parents is not None:
            index = resume.pop()


def _propagate(order, cotangents, seed, commit, check):
    """Fill `cotangents`, one a node of the order; write them to the nodes too if `commit`."""
    position = len(order) - 1
    root = order[position]
    base = root._mark - position
    cotangents[position] = seed
    while position >= 0:
        cotangent = cotangents[position]
        node = order[position]
        position -= 1
        if commit:
            if node._kind == 0:
                node._grad += cotangent
            else:
                node._grad = cotangent
        if check is not None:
            check(node, cotangent)
        if cotangent == 0:
            continue
        finite = cotangent - cotangent == 0  # only what is not finite makes a NaN of a zero
        if node._parent0 is not None:
            if not node._parent0._flags & CONSTANT and (finite or node._local0 != 0):
                cotangents[node._parent0._mark - base] += cotangent * node._local0
            if (
                node._parent1 is not None
                and not node._parent1._flags & CONSTANT
                and (finite or node._local1 != 0)
            ):
                cotangents[node._parent1._mark - base] += cotangent * node._local1
        elif node._parents is not None:
            parents = node._parents
            index = len(parents)
            while index > 0:
                index -= 1
                parent = parents[index]
                if not parent._flags & CONSTANT and (finite or node._locals[index] != 0):
                    cotangents[parent._mark - base] += cotangent * node._locals[index]


def in_turn(work, *arguments):
    """Do the work while no other thread sweeps."""
    # `with _turn:` is not enough: an interrupt right after the lock was taken and before the block
    # begins would leave it locked for good. Here it is taken inside `try` and given back by the
    # first call in `finally`, which no interrupt precedes.
    turn = _turn  # the same at the end, also in a child that the work forks
    try:
        turn.acquire()
        return work(*arguments)
    finally:
        try:  # noqa: SIM105, what suppress() calls before could be interrupted
            turn.release()
        except RuntimeError:
            pass  # interrupted while it waited for its turn: there is nothing to give back


def own_step(node: Any) -> None:
    """Add what the node's own `_grad` gives each of its parents to theirs: one step, by hand."""
    in_turn(_own_step, node)


def reserve_marks() -> int:
    """The first of many marks that nobody else will use; asked for in turn."""
    global _next_mark
    base = _next_mark
    _next_mark = base + RESERVED
    return base


def give_back_marks(base: int, unused: int) -> None:
    """Of the marks reserved from `base` on, all from `unused` on; so they never run out.

    What is freed in between may sweep, and reserve others: then these are lost.
    """
    global _next_mark
    if _next_mark == base + RESERVED:
        _next_mark = unused


def backward(root: Any, seed: float, check: Any = None) -> None:
    """Sweep from the root; leaves accumulate into `_grad`, other nodes hold this sweep's cotangent.

    `check`, if given, is called with every node and its cotangent and may raise. Gradients are all
    old or all new: compiled code cannot be interrupted while it writes them, and in plain Python
    they are written by one call into C, which an interrupt waits for.
    """
    in_turn(_backward, root, seed, check)


def cotangents_at(root: Any, seed: float, inputs: Sequence[Any], check: Any = None) -> list[float]:
    """The cotangents that reach the inputs from the root, without touching any `_grad`."""
    return in_turn(_cotangents_at, root, seed, inputs, check)


def zero(root: Any) -> None:
    """Set the `_grad` of the root and of everything it was computed from to zero."""
    in_turn(_zero, root)


def _backward(root, seed, check):
    order = _order(root)
    count = len(order)
    cotangents = memory.doubles(count)
    try:
        if _INTERRUPTIBLE:
            _propagate(order, cotangents, seed, False, check)
            for index, node in enumerate(order):
                if node._kind == 0:
                    cotangents[index] += node._grad
            _write(root, order, memory.listed(cotangents, count))
        else:
            if check is not None:
                _propagate(order, cotangents, seed, False, check)
                for index in range(count):
                    cotangents[index] = 0.0
            _propagate(order, cotangents, seed, True, None)
    finally:
        memory.release(cotangents)


def _cotangents_at(root, seed, inputs, check):
    order = _order(root)
    count = len(order)
    base = root._mark - count + 1
    cotangents = memory.doubles(count)
    try:
        _propagate(order, cotangents, seed, False, check)
        found = []
        for node in inputs:
            place = node._mark - base
            found.append(cotangents[place] if place >= 0 else 0.0)
        return found
    finally:
        memory.release(cotangents)


def _own_step(node):
    cotangent = node._grad
    for parent, local in zip(node.parents, node.local_gradients, strict=True):
        if cotangent != 0 and local != 0 and not parent._flags & CONSTANT:
            parent._grad += cotangent * local


def _zero(root):
    order = _order(root)
    if _INTERRUPTIBLE:
        _write(root, order, [0.0] * len(order))
    else:
        for node in order:
            node._grad = 0.0


def _write(root, order, grads):
    """Set the `_grad` of plain nodes in one call into C."""
    deque(map(type(root)._grad.__set__, order, grads), maxlen=0)


_INTERRUPTIBLE = isinstance(backward, FunctionType)  # plain Python: between any two lines
