"""Options of networks: what a user gives for them is checked once, here.

The checks of numbers, flags and functions are the engine's own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, MappingView, Set
from numbers import Real
from typing import Any, TypeVar

from autograd_core import (
    Value,
    check_takes,
    checked_function,
    checked_limit,
    choice,
    file_path,
    flag,
    got,
    listed,
    not_entered,
    real,
    shown,
    too_deep,
    whole,
)

__all__ = [
    "MOST_TURNS",
    "by_name",
    "by_rows",
    "check_takes",
    "checked_closure",
    "checked_function",
    "checked_limit",
    "checked_model",
    "choice",
    "file_path",
    "flag",
    "got",
    "in_order",
    "is_unordered",
    "listed",
    "loss_of",
    "numbers_of",
    "one_number",
    "real",
    "shown",
    "span",
    "too_deep",
    "turns",
    "whole",
]

MOST_TURNS = 10**9  # which take hours, if they do next to nothing

Each = TypeVar("Each")


def is_unordered(things: Any) -> bool:
    """Whether these are a set, whose order changes from run to run; a dictionary's keys are not.

    >>> is_unordered({1}), is_unordered({1: 2}.keys())
    (True, False)
    """
    return isinstance(things, Set) and not isinstance(things, MappingView)


def in_order(things: Iterable[Each], name: str) -> list[Each]:
    """What is given, in its order, which the bits of sums over it depend on.

    Raises TypeError for a set, for a model in place of its parameters, and for one thing.

    >>> in_order((1, 2), "numbers")
    [1, 2]
    """
    if is_unordered(things):
        raise TypeError(f"{name} must have an order, {got(things)}: give a list")
    if callable(getattr(things, "parameters", None)) and not isinstance(things, Iterable):
        raise TypeError(
            f"{name} must be listed, got one {type(things).__name__}: give its .parameters()"
        )
    if not isinstance(things, Iterable):
        raise TypeError(f"{name} must be a list, {got(things)}")
    return list(things)


def turns(number: Any, name: str, least: int = 1) -> int:
    """How many times something is done, which has to end.

    Raises TypeError and ValueError as `whole` does.

    >>> turns(50, "epochs")
    50
    """
    return whole(number, name, least, MOST_TURNS)


def span(limits: Any, name: str) -> tuple[float, float]:
    """The ends of a range, the lower one first.

    Raises TypeError for what is no pair of numbers, ValueError for an empty or infinite range.

    >>> span((-3, 3), "x")
    (-3.0, 3.0)
    """
    ends = listed(limits, name, "a pair (low, high)")
    told = [real(end, f"an end of {name}") for end in ends]
    if len(told) != 2 or not told[0] < told[1]:
        raise ValueError(f"{name} must be a pair (low, high) with low < high, {got(limits)}")
    return told[0], told[1]


def numbers_of(given: Any, name: str, axes: int | None = None) -> Any:
    """Numbers as an array of so many axes, or of any.

    Raises TypeError for what are none, ValueError for another number of axes.
    """
    import numpy  # a model is made without it

    rows = by_rows(given)
    try:
        array = numpy.asarray(rows)
        # NumPy would take None for NaN, and of complex numbers the real part.
        missing = array.dtype == object and any(number is None for number in array.flat)
        amiss = missing or array.dtype.kind in "cSU"
        if not amiss:
            array = array.astype(numpy.float64, copy=False)
    except (TypeError, ValueError, OverflowError) as error:
        raise TypeError(f"{name} must hold numbers, {got(given)}: {error}") from None
    if amiss:
        raise TypeError(f"{name} must hold real numbers, {got(given)}")
    if axes is not None and array.ndim != axes:
        kind = {1: "a list of numbers", 2: "rows of numbers"}[axes]
        raise ValueError(f"{name} must be {kind}, {got(given)} with the shape {array.shape}")
    return array


def checked_model(model: Any, asked: str) -> Any:
    """A model; `asked` is who takes it.

    Raises TypeError for anything else.
    """
    if not callable(getattr(model, "modules", None)):
        raise TypeError(f"{asked} takes a model, such as MLP(2, [16, 1]), {got(model)}")
    return model


def checked_closure(closure: Any, asked: str, what: str = "the closure") -> Callable[[], Any]:
    """A function that takes nothing and computes a loss; `asked` is who calls it.

    Raises TypeError for anything else.
    """
    if not callable(closure):
        raise TypeError(
            f"{what} must be a function that takes nothing and computes a loss, {got(closure)}"
        )
    check_takes(closure, asked, what=what)
    return closure  # type: ignore[no-any-return]


def loss_of(closure: Callable[[], Any]) -> Value:
    """What a closure returns, which an optimizer goes backward from.

    Raises TypeError for what is no Value, and for what cannot be called with nothing.
    """
    try:
        loss = closure()
    except TypeError as error:
        if not_entered(error):
            checked_closure(closure, "a step")
        raise
    if not isinstance(loss, Value):
        raise TypeError(
            f"a closure must return its loss, a Value, {got(loss)}: compute it from the "
            "parameters, not from their .data"
        )
    return loss


def one_number(result: Any) -> float:
    """The number that a function of one's own gave: a Value's too, and an array's without axes.

    Raises TypeError for anything else.
    """
    if not isinstance(result, Value | Real) and getattr(result, "shape", None) != ():
        raise TypeError(f"the function must give one number, {got(result)}")
    return float(result)


def by_rows(samples: Any) -> Any:
    """The rows of a data frame, of pandas' or another's, as lists; all else as it is.

    Raises ValueError for a column that holds anything but numbers, and names it, and for a masked
    array that hides some, and TypeError for a set or a dictionary.
    """
    if isinstance(samples, Mapping) or is_unordered(samples):
        raise TypeError(
            f"samples and targets must have an order, got a {type(samples).__name__}: "
            "give lists or arrays"
        )
    if hasattr(samples, "filled") and samples.mask.any():  # of NumPy, which is not imported for it
        raise ValueError(
            f"a masked array hides {samples.mask.sum()} of its numbers, which would be "
            "computed with: leave out what is hidden, or give .filled(...)"
        )
    if hasattr(samples, "tolist") or not hasattr(samples, "to_numpy"):
        return samples
    table = samples.to_numpy()
    rows = table.tolist()
    if table.dtype.kind in "biuf":
        return rows
    columns = list(getattr(samples, "columns", range(table.shape[-1])))
    for place, row in enumerate(rows):
        for column, entry in zip(columns, row if table.ndim > 1 else [row], strict=False):
            if table.dtype.kind != "O" or not isinstance(entry, Real):
                raise ValueError(
                    f"column {column!r} of the data frame holds {entry!r} of type "
                    f"{type(entry).__name__} in row {place}: give numbers, or drop the column"
                )
    return rows


def by_name(given: Any, kind: str, known: Mapping[str, Any], instead: str) -> Any:
    """What a name stands for among those known, or the function that is given in its place.

    Raises ValueError for an unknown name, with the known ones and what there is instead, TypeError
    for what is neither name nor function.

    >>> by_name("least", "metric", {"least": min}, ""), by_name(max, "metric", {"least": min}, "")
    (<built-in function min>, <built-in function max>)
    """
    if isinstance(given, str):
        if given not in known:
            raise ValueError(
                f"unknown {kind} {shown(given)}; there are {', '.join(known)}{instead}"
            )
        return known[given]
    if not callable(given):
        article = "an" if kind[0] in "aeiou" else "a"
        raise TypeError(f"{article} {kind} is a name or a function, {got(given)}")
    return given
