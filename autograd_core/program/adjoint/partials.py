"""The partials of the rows as little programs, to be written into larger ones.

A rule is called once on Values that are being recorded; what it leaves is kept for every
instruction of that row. So an adjoint has the formulas of `rules`, and of a user's own primitives,
without a line of its own about any of them.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Any

from autograd_core.graph.nodes.making import constant_of, recording_leaf
from autograd_core.graph.value import Value
from autograd_core.primitives import ROWS, Primitive, kind_of
from autograd_core.program.code.trace import trace

__all__ = ["Template", "template_of"]

EXAMPLE = 0.5  # inside the domain of nearly every row; nothing depends on it


class Template:
    """What computes a row's partials: the operands are values 0, 1, …, the row's own value next."""

    __slots__ = ("constants", "results", "steps")

    def __init__(self, constants: list[float], steps: list[Any], results: list[int]) -> None:
        self.constants = constants
        self.steps = steps
        """(kind, whether the operands are listed, their numbers); step k assigns the value
        operands + 1 + k."""
        self.results = results
        """The number of each partial; constants are negative, as in `Code`."""


@functools.cache
def template_of(kind: int, count: int, place: int) -> Template:
    """Of a row with so many operands, the partial at one place; of a row of lists, all of them."""
    row = ROWS[kind]
    assert row is not None
    operands = [recording_leaf(EXAMPLE) for _ in range(count)]
    out = recording_leaf(EXAMPLE)
    partials = [_node(given, row) for given in _partials(row, operands, out, place)]
    code, captured = trace(partials, [*operands, out])
    if captured:
        raise TypeError(
            f"a partial of {row.name} depends on {captured[0]!r}, which is neither an operand nor "
            "a number: let it be an operand of the primitive"
        )
    steps = [(kind_of(step), step.arity not in (1, 2), list(of)) for _, step, of in code]
    return Template(code.constants.tolist(), steps, code.outputs.tolist())


def _partials(row: Primitive, operands: Sequence[Value], out: Value, place: int) -> Sequence[Any]:
    if row.arity is None:
        return row.partials_at(operands, out)
    return [row.partials[place](*operands, out)]


def _node(given: Any, row: Primitive) -> Value:
    if type(given) is Value:
        return given
    try:
        return constant_of(float(given))
    except TypeError as error:
        raise TypeError(
            f"a partial of {row.name} is {given!r} of type {type(given).__name__}; it must be a "
            "number or a Value"
        ) from error
