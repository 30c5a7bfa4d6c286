"""Marks on nodes, and the order of a sweep, which they find: whose turn it is to write them.

The order is depth first, parents from left to right, each node after all that it was computed from.
It depends on the graph alone, never on addresses. A node's mark is its place in the last order that
met it, counted on from all orders before; what is below the present order's first mark is
unvisited. Two threads' orders must not interleave: in plain Python the second would overwrite marks
that the first still counts on. `traversal` lists nodes in the same order and needs no turn.

`marks.pxd` beside this file gives the compiler its types.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from autograd_core.forking import in_forked_child
from autograd_core.graph.nodes import slabs

__all__ = ["give_back", "in_turn", "put_in_order", "reserve"]

# A flag of nodes, as in `nodes.node`.
CONSTANT = 1

RESERVED = 2**36  # more marks than any order needs

_next_mark = 1
_turn = threading.RLock()


def _renew_turn() -> None:
    global _turn
    _turn = threading.RLock()


in_forked_child(_renew_turn)


def in_turn(work: Callable[..., Any], *arguments: Any) -> Any:
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


def reserve() -> int:
    """The first of many marks that nobody else will use; asked for in turn."""
    global _next_mark
    base = _next_mark
    _next_mark = base + RESERVED
    return base


def give_back(base: int, unused: int) -> None:
    """Of the marks reserved from `base` on, all from `unused` on; so they never run out.

    What is freed in between may sweep, and reserve others: then these are lost.
    """
    global _next_mark
    if _next_mark == base + RESERVED:
        _next_mark = unused


def put_in_order(root: Any, order: Any) -> int:
    """Fill a row with every node the root was computed from, parents first, without constants.

    The first mark of the order; each node's mark is its place counted on from there.
    """
    base = reserve()
    stack = slabs.new_row()
    resume = slabs.new_row()  # for each n-ary node on the stack, the parent to go on with
    mark = base
    index = 0
    node = slabs.borrowed(root)
    try:
        while True:
            if slabs.many(node):
                count = slabs.count(node)
                descend = False
                while index < count:
                    parent = slabs.operand(node, index)
                    index += 1
                    if parent._mark < base and not parent._flags & CONSTANT:
                        if parent._kind == 0:
                            parent._mark = mark
                            mark += 1
                            slabs.put(order, parent)
                        else:
                            slabs.put(stack, node)
                            slabs.put_place(resume, index)
                            node = parent
                            index = 0
                            descend = True
                            break
                if descend:
                    continue
            else:
                parent = node._parent0
                if slabs.present(parent):
                    if parent._mark < base and not parent._flags & CONSTANT:
                        if parent._kind == 0:
                            parent._mark = mark
                            mark += 1
                            slabs.put(order, parent)
                        else:
                            slabs.put(stack, node)
                            node = parent
                            continue
                    parent = node._parent1
                    if (
                        slabs.present(parent)
                        and parent._mark < base
                        and not parent._flags & CONSTANT
                    ):
                        if parent._kind == 0:
                            parent._mark = mark
                            mark += 1
                            slabs.put(order, parent)
                        else:
                            slabs.put(stack, node)
                            node = parent
                            index = 0  # what came behind the first may have left another
                            continue
            node._mark = mark
            mark += 1
            slabs.put(order, node)
            if slabs.size(stack) == 0:
                return base
            node = slabs.pop(stack)
            if slabs.many(node):
                index = slabs.pop_place(resume)
    finally:
        # Also after an interrupt, which may leave one node with a mark that is not listed yet.
        give_back(base, base + slabs.size(order) + 1)
        slabs.drop(stack)
        slabs.drop(resume)
