"""What tests of programs share: the eager engine's answer, and equality to the bit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy

from autograd_core import Value

Array = Any


def same_bits(first: Any, second: Any) -> bool:
    """Equal to the bit, signs of zeros included; any NaN equals any NaN."""
    one, other = (numpy.asarray(array, dtype=float) for array in (first, second))
    if one.shape != other.shape:
        return False
    both_nan = numpy.isnan(one) & numpy.isnan(other)
    return bool((both_nan | (one.view(numpy.int64) == other.view(numpy.int64))).all())


def eagerly(function: Callable[..., Any], points: Sequence[Sequence[float]]) -> tuple[Array, Array]:
    """The value and the gradient at every point, by Values and `backward()`."""
    values, gradients = [], []
    for point in points:
        operands = [Value(number) for number in point]
        out = function(*operands)
        if isinstance(out, Value) and not out.constant:
            out.backward()
        values.append(float(out))
        gradients.append([operand.grad for operand in operands])
    return numpy.array(values), numpy.array(gradients)
