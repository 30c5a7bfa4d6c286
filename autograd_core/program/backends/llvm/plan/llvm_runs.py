"""Dot products whose own factors stand at equal distances among what is captured: a loop's stuff.

A neuron's weights do, as its layer holds them; so do the weights that one input has in all neurons.
"""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

import numpy

from autograd_core.primitives import kind_of
from autograd_core.program.code.flat import Code

__all__ = ["SHORTEST", "Run", "Runs", "find_runs"]

DOT, STRONG_DOT = kind_of("dot"), kind_of("strong_dot")
SHORTEST = 8  # terms in a loop


class Run(NamedTuple):
    """How many of a sum's own factors, from the first on, stand at equal distances."""

    side: int
    """Which factor of a product is the sum's own: 0 or 1."""
    stride: int
    terms: int


Runs: TypeAlias = dict[int, Run]
"""By the places of instructions."""


def find_runs(code: Code) -> Runs:
    """The runs of a program's dot products.

    >>> from autograd_core import Value, record
    >>> w = [Value(0.5) for _ in range(9)]
    >>> x = [0.0] * 9
    >>> program = record(lambda x: sum((a * b for a, b in zip(w, x)), 0.0), x)
    >>> find_runs(program.code)  # only the passes make a dot of this
    {}
    """
    found: Runs = {}
    for side in (1, 0):
        found.update(_found(code, side))
    return found


def _found(code: Code, side: int) -> Runs:
    kinds, firsts, counts = code.instructions.T.astype(numpy.int64)
    chosen = kinds == DOT
    if side == 1:  # of a strong product the first factor decides, and is shared
        chosen |= kinds == STRONG_DOT
    terms = counts // 2
    places = numpy.flatnonzero(chosen & (terms >= SHORTEST))
    if not len(places):
        return {}
    terms = terms[places]
    begins = numpy.cumsum(terms) - terms
    within = numpy.arange(terms.sum()) - numpy.repeat(begins, terms)
    starts = firsts[places] + (kinds[places] == DOT) + side
    factors = code.operands[numpy.repeat(starts, terms) + 2 * within].astype(numpy.int64)
    strides = factors[begins + 1] - factors[begins]
    expected = numpy.repeat(factors[begins], terms) + numpy.repeat(strides, terms) * within
    captured = (factors >= code.inputs) & (factors < code.leaves)
    fits = captured & (factors == expected)
    lengths = numpy.minimum.reduceat(numpy.where(fits, terms.max(), within), begins)
    lengths = numpy.minimum(lengths, terms)
    return {
        place: Run(side, stride, length)
        for place, stride, length in zip(
            places.tolist(), strides.tolist(), lengths.tolist(), strict=True
        )
        if length >= SHORTEST
    }
