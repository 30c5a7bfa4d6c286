"""Dot products whose own factors stand at equal distances among what is captured: a loop's stuff.

A neuron's weights do, as its layer holds them; so do the weights that one input has in all neurons.
"""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

import numpy

from autograd_core.primitives import kind_of
from autograd_core.program.analysis.operands import spans
from autograd_core.program.analysis.shared_factors import DotProducts, dot_products
from autograd_core.program.code.flat import Code

__all__ = ["SHORTEST", "Run", "Runs", "find_runs"]

DOT = kind_of("dot")
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
    dots = dot_products(code)
    for side in (1, 0):
        found.update(_found(code, dots, side))
    return found


def _found(code: Code, dots: DotProducts, side: int) -> Runs:
    long = dots.stops - dots.starts >= SHORTEST
    if side == 0:  # of a strong product the first factor decides, and is shared
        long &= dots.kinds == DOT
    places = dots.places[long]
    if not len(places):
        return {}
    terms = (dots.stops - dots.starts)[long].astype(numpy.int64)
    begins = numpy.cumsum(terms) - terms
    within = numpy.arange(terms.sum()) - numpy.repeat(begins, terms)
    own = (dots.first, dots.second)[side]
    factors = own[spans(dots.starts[long], terms)].astype(numpy.int64)
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
