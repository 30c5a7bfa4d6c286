"""What NumPy's functions of whole arrays make of Values.

Most of them are arithmetic, which `value_array` answers element by element, and are NumPy's own
here too. Some look for equal elements, by `==`, which of Values asks whether two are one: these are
asked of the numbers. A few stumble over objects, and are put right; and where NumPy computes on
floats alone, its error becomes one that says what to write. This module owns these; it does not
know the class of the arrays.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy

from autograd_core.graph import functions
from autograd_core.graph.nodes.making import constant_of
from autograd_core.graph.value import Value

__all__ = [
    "BY_NUMBERS",
    "OF_ARRAYS",
    "WRITES",
    "data_of",
    "is_lost",
    "no_place",
    "numbers_of",
    "refusal",
    "refused",
]


def data_of(x: Any) -> Any:
    """The number of a Value; anything else as it is."""
    return x.data if type(x) is Value else x


def numbers_of(x: Any) -> Any:
    """The numbers of Values, in an array, a list or alone; anything else as it is."""
    if isinstance(x, list | tuple):
        return list(map(numbers_of, x))
    if isinstance(x, numpy.ndarray) and x.dtype == object:
        return numpy.array([data_of(one) for one in x.flat], dtype=float).reshape(x.shape)
    return data_of(x)


def refusal(function: Any, error: Exception) -> Exception:
    """The error for a function that NumPy has for floats alone; others stay what they are."""
    cause = error.__cause__ or error
    about_objects = any(words in str(cause) for words in _ABOUT_OBJECTS)
    return refused(function, str(cause)) if about_objects else error


def refused(function: Any, cause: str) -> TypeError:
    """The error for a function that would lose derivatives."""
    home = getattr(function, "__module__", None) or "numpy"  # a universal function has none
    return TypeError(
        f"{home}.{function.__name__} takes floats, got Values, whose derivative it would lose "
        f"({cause}). Write it out in arithmetic and this package's functions, or declare it with "
        "@primitive and its partials; where no derivative is meant, give the .data of each. What "
        "recorded comparisons choose is numpy.where(condition, x, y)"
    )


def no_place(function: Any, place: Any) -> TypeError:
    """The error for an array of floats that Values would be written into."""
    return TypeError(
        f"numpy.{function.__name__} cannot write Values into an array of {place.dtype}, where "
        "their derivatives would be lost. Make a new array, as z = z + x does for z += x, or that "
        "one of objects: numpy.zeros(n, dtype=object)"
    )


def is_lost(function: Any, result: Any) -> bool:
    """Whether NumPy made floats of Values, where no derivative is: it converts some arrays unasked.

    Whole numbers and bools are places, counts and answers.
    """
    results = result if isinstance(result, tuple | list) else (result,)
    return function not in OF_FLOATS and any(
        isinstance(one, numpy.ndarray | numpy.generic) and one.dtype.kind in "fc" for one in results
    )


# What NumPy says of objects that it cannot compute with.
_ABOUT_OBJECTS = (
    "dtype('O')",
    "numpy.object_",
    "input types",
    "Value",
    "no callable",
    "boolean ndarray",
    "'float' object has no attribute",
    "non-numeric array",
    "same_kind",
    "output array is not acceptable",
)


def _sinc(numpys: Callable[..., Any], x: Any) -> Any:
    """sin(πx) / (πx), which NumPy finds to be 0 / 0 at 0."""
    return _SINC(math.pi * x)


_SINC = numpy.frompyfunc(functions.sinc, 1, 1)


def _part(numpys: Callable[..., Any], val: Any) -> Any:
    """The real or imaginary part, as of floats no array of one; before NumPy 2.5 it was one."""
    part = numpys(val)
    return part[()] if isinstance(part, numpy.ndarray) else part


def _made_finite(
    numpys: Callable[..., Any],
    x: Any,
    copy: bool = True,
    nan: Any = 0.0,
    posinf: Any = None,
    neginf: Any = None,
) -> Any:
    """What numpy.nan_to_num gives of floats; objects it leaves as they are."""
    most = numpy.finfo(float).max
    ends = (most if posinf is None else posinf, -most if neginf is None else neginf)

    def finite(element: Any) -> Any:
        number = data_of(element)
        if math.isfinite(number):
            return element
        return constant_of(float(nan if math.isnan(number) else ends[number < 0]))

    made = numpy.frompyfunc(finite, 1, 1)(x.view(numpy.ndarray))
    if copy:
        return numpy.asarray(made, dtype=object)[()]
    x[...] = made
    return x


def _spread(numpys: Callable[..., Any], a: Any, *others: Any, **keywords: Any) -> Any:
    """Of one Value as of an array of one: what is left without its mean has no dtype."""
    return numpys(numpy.atleast_1d(a), *others, **keywords)


def _quantile(numpys: Callable[..., Any], a: Any, q: Any, *others: Any, **keywords: Any) -> Any:
    """One quantile as the first of several: alone, NumPy asks the Value for a dtype."""
    if numpy.ndim(q) or "out" in keywords:
        return numpys(a, q, *others, **keywords)
    return numpys(a, [q], *others, **keywords)[0]


def _unique(
    numpys: Callable[..., Any],
    ar: Any,
    return_index: bool = False,
    return_inverse: bool = False,
    return_counts: bool = False,
    axis: Any = None,
    **keywords: Any,
) -> Any:
    """The first of each that has the same number."""
    asked = (return_inverse, return_counts, axis)
    _, index, *others = numpys(numbers_of(ar), True, *asked, **keywords)
    found = ar.ravel()[index] if axis is None else numpy.take(ar, index, axis)
    others = [index, *others] if return_index else others
    return (found, *others) if others else found


def _union(numpys: Callable[..., Any], ar1: Any, ar2: Any) -> Any:
    return numpy.unique(numpy.concatenate((numpy.ravel(ar1), numpy.ravel(ar2))))


def _difference(numpys: Callable[..., Any], ar1: Any, ar2: Any, assume_unique: bool = False) -> Any:
    first = numpy.ravel(ar1) if assume_unique else numpy.unique(ar1)
    return first[numpy.isin(first, ar2, invert=True)]


def _symmetric_difference(
    numpys: Callable[..., Any], ar1: Any, ar2: Any, assume_unique: bool = False
) -> Any:
    only = (_difference(numpys, *pair, assume_unique) for pair in ((ar1, ar2), (ar2, ar1)))
    return numpy.sort(numpy.concatenate(list(only)))


def _intersection(
    numpys: Callable[..., Any],
    ar1: Any,
    ar2: Any,
    assume_unique: bool = False,
    return_indices: bool = False,
) -> Any:
    """What is in both, of the first."""
    both = numpys(numbers_of(ar1), numbers_of(ar2), assume_unique, True)
    found = numpy.ravel(ar1)[both[1]]
    return (found, *both[1:]) if return_indices else found


def _average(
    numpys: Callable[..., Any],
    a: Any,
    axis: Any = None,
    weights: Any = None,
    returned: bool = False,
    **keywords: Any,
) -> Any:
    """With the sum of weights, of which NumPy asks a shape where it is a count."""
    average = numpys(a, axis, weights, False, **keywords)
    if not returned:
        return average
    of_ones: Any = numpy.average
    return average, of_ones(numpy.ones(a.shape), axis, weights, True, **keywords)[1]


def _norm(numpys: Callable[..., Any], x: Any, ord: Any = None, *others: Any, **axes: Any) -> Any:
    """Of order 0 it counts what is not zero, and is flat."""
    counts = isinstance(ord, int | float) and ord == 0
    return numpys(numbers_of(x) if counts else x, ord, *others, **axes)


def _select(numpys: Callable[..., Any], condlist: Any, choicelist: Any, default: Any = 0.0) -> Any:
    """The choices, the first before all others; recorded conditions have no truth to look for."""
    if not any(numpy.asarray(condition).dtype == object for condition in condlist):
        return numpys(condlist, choicelist, default)
    if len(condlist) != len(choicelist):
        raise ValueError(
            f"numpy.select takes as many choices as conditions, got {len(condlist)} conditions and "
            f"{len(choicelist)} choices"
        )
    chosen = default
    for condition, choice in zip(reversed(condlist), reversed(choicelist), strict=True):
        chosen = numpy.where(condition, choice, chosen)
    return chosen


BY_NUMBERS = {
    getattr(numpy, name) for name in ("isclose", "allclose", "array_equal", "array_equiv", "isin")
} | {numpy.linalg.matrix_rank}
"""Asked of the numbers alone: they answer in bools, and with a count."""

WRITES = {getattr(numpy, name) for name in ("copyto", "place", "put", "putmask", "put_along_axis")}
"""What writes into the first of its arguments."""

OF_FLOATS = {
    getattr(numpy, name) for name in ("zeros_like", "ones_like", "empty_like", "full_like")
}
"""Whose floats lose nothing: they are asked for by dtype."""

OF_ARRAYS: dict[Any, Callable[..., Any]] = {
    numpy.sinc: _sinc,
    numpy.real: _part,
    numpy.imag: _part,
    numpy.nan_to_num: _made_finite,
    numpy.unique: _unique,
    numpy.union1d: _union,
    numpy.setdiff1d: _difference,
    numpy.setxor1d: _symmetric_difference,
    numpy.intersect1d: _intersection,
    numpy.average: _average,
    numpy.select: _select,
    numpy.linalg.norm: _norm,
    numpy.std: _spread,
    numpy.var: _spread,
    numpy.quantile: _quantile,
    numpy.percentile: _quantile,
    numpy.nanquantile: _quantile,
    numpy.nanpercentile: _quantile,
}
"""What is put right: each takes NumPy's own function first, and then its arguments."""
