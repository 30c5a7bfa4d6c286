"""Inputs: one sample as the list of numbers or Values that a layer takes, or what is wrong with it.

Samples in batches are `predict`'s and `fit`'s: a layer computes one, and says so.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from autograd_core import Value
from nn.models.module import Module
from nn.options import by_rows, got

__all__ = ["inputs_of"]

_ONE_SAMPLE = (
    "it takes one sample at a time, as in [model(x) for x in samples]; nn.predict takes many"
)


def inputs_of(x: Any, count: int, module: Module) -> list[Any]:
    """One sample as a list of `count` numbers or Values, wrapped once for all neurons."""
    if isinstance(x, Value | int | float):
        x = [x]
    elif type(x) is not list:
        x = _listed(x, count, module)
    if len(x) != count:
        raise ValueError(_unfitting(x, count, module))
    if isinstance(x[0], int | float):
        # Not Values yet: a constant is made here once instead of in each neuron.
        made = [
            Value(number).detach() if isinstance(number, int | float) else number for number in x
        ]
        # A program would not take these for constants, but numbers it does.
        return made if not made[0].recorded else x
    if not isinstance(x[0], Value) and _is_row(x[0]):
        raise TypeError(
            f"{_named(module)} takes {count} number{'s' * (count != 1)} or Values, "
            f"{got(x[0])}: {_ONE_SAMPLE}"
        )
    return x  # type: ignore[no-any-return]


def _listed(x: Any, count: int, module: Module) -> list[Any]:
    if hasattr(x, "tolist"):
        x = x.tolist()  # NumPy's, whose elements become Python's floats
        return x if isinstance(x, list) else [x]
    if isinstance(x, str | bytes | dict | set | frozenset) or not isinstance(x, Iterable):
        raise TypeError(f"{_named(module)} takes a sequence of {count} numbers or Values, {got(x)}")
    return list(by_rows(x))


def _unfitting(x: list[Any], count: int, module: Module) -> str:
    takes = f"{_named(module)} takes {count} input{'s' * (count != 1)}"
    if len(x) > 0 and _is_row(x[0]):
        rows = f"{len(x)} {type(x[0]).__name__}{'s' * (len(x) != 1)}"
        return f"{takes}, got {rows}: {_ONE_SAMPLE}"
    return f"{takes}, got {len(x)}; give as many numbers as it was built for"


def _is_row(item: Any) -> bool:
    return isinstance(item, list | tuple) or getattr(item, "ndim", 0) > 0


def _named(module: Module) -> str:
    return f"{type(module).__name__}({module.describe()})"
