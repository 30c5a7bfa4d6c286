"""Which of the native interpreter's operations computes each row, and how it takes its operands."""

from __future__ import annotations

import functools

import numpy

from autograd_core import primitives
from autograd_core.program.code.flat import Integers

__all__ = ["BINARY", "CALLED", "LISTED", "SPECIAL", "UNARY", "forms", "known"]

SAME = {"at_least": "maximum", "at_most": "minimum"}  # rows that another row computes

UNARY, BINARY, LISTED, CALLED = range(4)

SPECIAL = (
    *("load", "store", "reduce", "outers", "dots", "dots_relu", "strong_dots", "gate"),
    *("loop", "running", "give"),
)
"""The operations that compute no row of the table by its name."""
LOAD, STORE, REDUCE, OUTERS, DOTS, DOTS_RELU, STRONG_DOTS, GATED, LOOP, RUNNING, GIVE = range(
    len(SPECIAL)
)


def known(name: str, operations: dict[str, int]) -> bool:
    """Whether the interpreter computes the row of that name."""
    return SAME.get(name, name) in operations


def forms(operations: dict[str, int]) -> tuple[Integers, Integers]:
    """By kind: how an operation takes its operands, and its number; -1 for a row that has none.

    `operations` are the interpreter's, by name; those after `call` are functions.
    """
    return _forms(tuple(operations.items()), len(primitives.ROWS))


@functools.cache
def _forms(named: tuple[tuple[str, int], ...], rows: int) -> tuple[Integers, Integers]:
    """The same, found once until another row is declared: every translation begins with it."""
    operations = dict(named)
    taken = numpy.zeros(rows, dtype=numpy.int32)
    numbers = numpy.full(rows, -1, dtype=numpy.int32)
    for kind, row in enumerate(primitives.ROWS):
        if row is None or not known(row.name, operations):
            continue
        numbers[kind] = operations[SAME.get(row.name, row.name)]
        if numbers[kind] >= operations["call"]:
            taken[kind] = CALLED
        else:
            taken[kind] = {1: UNARY, 2: BINARY}.get(row.arity or 0, LISTED)
    return taken, numbers
