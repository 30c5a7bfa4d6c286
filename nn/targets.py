"""What losses read: predictions and targets side by side, and classes known now or at replay.

Arrays, their scalars and data frames are read as Python's lists and numbers. Targets that are
arguments of a program that is being recorded stay as they are: nobody knows their numbers yet.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Sequence
from typing import Any

from autograd_core import Value, where
from nn.options import by_rows, got, too_deep

__all__ = [
    "as_values",
    "class_of",
    "is_recorded",
    "number_by_number",
    "of_class",
    "of_other_classes",
    "row_by_row",
]


def _plain(x: Any) -> Any:
    """Arrays, their scalars and data frames as Python's lists and numbers; all else as it is."""
    rows = by_rows(x) if hasattr(x, "to_numpy") else x
    return rows.tolist() if hasattr(rows, "tolist") else rows


def number_by_number(predictions: Any, targets: Any) -> list[tuple[Value, Any]]:
    """Number by number, of two structures of one shape."""
    try:
        return _paired(predictions, targets)
    except RecursionError:
        raise too_deep("predictions and targets") from None


def _paired(predictions: Any, targets: Any) -> list[tuple[Value, Any]]:
    p, t = _plain(predictions), _plain(targets)
    p_is_row, t_is_row = isinstance(p, list | tuple), isinstance(t, list | tuple)
    if not p_is_row and not t_is_row:
        if not isinstance(t, Value | int | float):
            raise TypeError(f"a target is a number, {got(t)}")
        return [(p if isinstance(p, Value) else Value(p), t)]
    if not (p_is_row and t_is_row) or len(p) != len(t):
        column = not p_is_row and len(t) == 1
        hint = "; of a column of targets take its numbers, as in targets.ravel()" if column else ""
        raise ValueError(
            f"predictions and targets must have one shape, got {_shape(p)} and {_shape(t)}{hint}"
        )
    return [pair for row, aim in zip(p, t, strict=True) for pair in _paired(row, aim)]


def row_by_row(rows: Any, targets: Any, loss: str) -> list[tuple[Sequence[Any], Any]]:
    """Row by row with its target; one row with its target is a batch of one."""
    rows, targets = _plain(rows), _plain(targets)
    if not isinstance(rows, list | tuple) or not rows:
        raise TypeError(f"{loss} takes a list of logits for each sample, got {_shape(rows)}")
    if not isinstance(rows[0], list | tuple):
        return [(as_values(rows), targets)]
    if not isinstance(targets, list | tuple) or len(targets) != len(rows):
        raise ValueError(
            f"{loss} of {len(rows)} samples needs as many targets, got {_shape(targets)}"
        )
    return [(as_values(row), _plain(target)) for row, target in zip(rows, targets, strict=True)]


def as_values(row: Sequence[Any]) -> list[Value]:
    """Numbers as Values, and Values as they are."""
    return [logit if isinstance(logit, Value) else Value(logit) for logit in row]


def is_recorded(target: Any) -> bool:
    """Whether a target is an argument of a program that is being recorded."""
    return isinstance(target, Value) and target.recorded


def of_class(row: Sequence[Any], target: Any) -> Any:
    """The entry of a class."""
    if not is_recorded(target):
        return row[target]
    chosen = row[-1]
    for index in reversed(range(len(row) - 1)):
        chosen = where(target <= index, row[index], chosen)
    return chosen


def of_other_classes(row: Sequence[Any], target: Any) -> list[Any]:
    """The logits but that of a class; of a class known at replay only, with -inf in its place."""
    if not is_recorded(target):
        return [*row[:target], *row[target + 1 :]]
    return [
        where(target <= index - 1, logit, where(target <= index, -math.inf, logit))
        for index, logit in enumerate(row)
    ]


def class_of(target: Any, count: int) -> Any:
    """Which of so many classes a target is. Raises TypeError and ValueError if it is none."""
    if is_recorded(target):
        return target
    try:
        index = operator.index(target)
    except TypeError:
        raise TypeError(
            f"a class is an int, {got(target)}: number the "
            "classes, as in sorted(set(names)).index(name)"
        ) from None
    if not 0 <= index < count:
        raise ValueError(f"the classes of {count} logits are 0 to {count - 1}, got {target!r}")
    return index


def _shape(x: Any) -> str:
    if isinstance(x, list | tuple):
        return f"{len(x)} x {_shape(x[0])}" if x else "an empty list"
    if isinstance(x, Value | int | float):
        return "a number"
    return f"{x!r} of type {type(x).__name__}"
