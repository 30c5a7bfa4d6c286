"""Products that are only added up over the samples: the gradients of a layer's weights.

Each is a cotangent times a factor, and nothing but the sum reads it. So a back end need not store
it, and may compute it when it likes, together with others that share its factors.
"""

from __future__ import annotations

from typing import Any

import numpy
from numpy.typing import NDArray

from autograd_core.primitives import kind_of
from autograd_core.program.code.flat import Code, Integers

__all__ = ["only_summed"]

STRONG_PRODUCT = kind_of("strong_product")


def only_summed(code: Code, summed: int, varies: NDArray[Any], uses: Integers) -> NDArray[Any]:
    """Which of the last `summed` outputs are products of two varying values, and read once.

    They are places among all outputs, ascending. `varies` is 1 for every value that depends on an
    input, and `uses` counts the operands and outputs that each is.

    >>> from autograd_core import Value, record
    >>> from autograd_core.program.adjoint.derived import seeded_gradient_of
    >>> from autograd_core.program.analysis.dependence import depths_and_variation
    >>> from autograd_core.program.analysis.uses import uses
    >>> w = Value(2.0)
    >>> code = seeded_gradient_of(record(lambda x: (w * x).exp(), 0.0).code, "captured")
    >>> only_summed(code, 1, depths_and_variation(code)[1], uses(code)).tolist()
    [1]
    """
    kept = len(code.outputs) - summed
    places = kept + numpy.flatnonzero(code.outputs[kept:] >= code.leaves)
    values = code.outputs.take(places).astype(numpy.intp)
    kinds, *factors = code.instructions.take(values - code.leaves, axis=0).T
    found = (kinds == STRONG_PRODUCT) & (uses.take(values) == 1)
    for factor in factors:  # of a row whose operands are listed it is none, and beyond all values
        found &= (factor >= 0) & (varies.take(factor, mode="clip") == 1)
    chosen: NDArray[Any] = places[found]
    return chosen
