"""Options: what a user gives is checked once, here, with one way to say what is wrong."""

from __future__ import annotations

import math
import operator
from collections.abc import Iterable, Mapping, MappingView, Set
from numbers import Real
from typing import Any, TypeVar

__all__ = ["by_name", "by_rows", "flag", "in_order", "is_unordered", "real", "whole"]

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
        raise TypeError(f"{name} must have an order, {_got(things)}: give a list")
    if callable(getattr(things, "parameters", None)) and not isinstance(things, Iterable):
        raise TypeError(
            f"{name} must be listed, got one {type(things).__name__}: give its .parameters()"
        )
    if not isinstance(things, Iterable):
        raise TypeError(f"{name} must be a list, {_got(things)}")
    return list(things)


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
            raise ValueError(f"unknown {kind} {given!r}; there are {', '.join(known)}{instead}")
        return known[given]
    if not callable(given):
        article = "an" if kind[0] in "aeiou" else "a"
        raise TypeError(f"{article} {kind} is a name or a function, {_got(given)}")
    return given


def flag(given: Any, name: str) -> bool:
    """True or False.

    Raises TypeError for anything else: a number in its place is a number for another argument.
    """
    if not isinstance(given, bool):
        raise TypeError(f"{name} must be True or False, {_got(given)}")
    return given


def whole(number: Any, name: str, least: int = 1) -> int:
    """A whole number of at least so many.

    Raises TypeError for what is no int, ValueError for one that is too small.

    >>> whole(3, "epochs")
    3
    """
    try:
        value = operator.index(number)
    except TypeError:
        raise TypeError(f"{name} must be an int, {_got(number)}") from None
    if value < least:
        raise ValueError(f"{name} must be at least {least}, got {number!r}")
    return value


def real(
    number: Any,
    name: str,
    *,
    least: float = -math.inf,
    above: float = -math.inf,
    most: float = math.inf,
    below: float = math.inf,
) -> float:
    """A finite number within bounds, of which `least` and `most` belong to the range.

    Raises TypeError for what is no number, ValueError for one that is out of range.

    >>> real(1, "learning_rate", above=0)
    1.0
    """
    if not isinstance(number, Real):
        raise TypeError(f"{name} must be a number, {_got(number)}")
    value = float(number)
    if math.isfinite(value) and least <= value <= most and above < value < below:
        return value
    bounds = [("at least", least), ("above", above), ("at most", most), ("below", below)]
    said = " and ".join(f"{words} {bound:g}" for words, bound in bounds if math.isfinite(bound))
    raise ValueError(f"{name} must be a finite number{said and ', '}{said}, got {number!r}")


def _got(thing: Any) -> str:
    return f"got {thing!r} of type {type(thing).__name__}"
