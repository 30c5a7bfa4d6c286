"""Updates: a formula of a step, applied to all parameters and to what is remembered of them.

Where the package is compiled that is one loop in C; else NumPy runs the formula on whole arrays.
The numbers are the same to the bit. It knows no optimizer.
"""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy

from autograd_core import plain
from autograd_core.program.code.flat import Floats
from autograd_core.program.updates import update_formulas

__all__ = ["Update", "prepared"]


def _compiled() -> Any:
    if plain.asked():
        return None
    try:
        return importlib.import_module("autograd_core.program.updates.compiled_updates")
    except ModuleNotFoundError:
        return None


compiled_updates = _compiled()


class Update(NamedTuple):
    """One step: a formula of `update_formulas` by its name, its memory, and its common numbers.

    >>> down = Update("descent", (), (0.5, 0.0))
    >>> down.apply(numpy.array([1.0, 2.0]), numpy.array([1.0, -1.0])).tolist()
    [0.5, 2.5]
    """

    formula: str
    memory: tuple[Floats, ...]
    numbers: tuple[float, ...]

    def apply(self, values: Floats, gradient: Floats) -> Floats:
        """The parameters' next numbers, in the array of those before; the memory changes too."""
        arrays = values, gradient, *self.memory
        if compiled_updates is not None and all(map(_as_in_c, arrays)):
            compiled_updates.apply(self.formula, values, gradient, self.memory, self.numbers)
            return values
        with numpy.errstate(all="ignore"):  # as compiled: what overflows is infinite
            results = getattr(update_formulas, self.formula)(*arrays, *self.numbers)
        for array, result in zip((values, *self.memory), results, strict=True):
            array[:] = result
        return values


def prepared(updates: Sequence[Update], size: int) -> tuple[Any, Floats] | None:
    """Updates of so many parameters for compiled code: one formula, and numbers for each step.

    None where nothing is compiled, or they are not of one formula and memory.
    """
    first = updates[0]
    kinds = {(update.formula, *map(id, update.memory)) for update in updates}
    if compiled_updates is None or len(kinds) > 1 or not all(map(_as_in_c, first.memory)):
        return None
    numbers = numpy.array([update.numbers for update in updates])
    return compiled_updates.Prepared(first.formula, first.memory, size), numbers


def _as_in_c(array: Any) -> bool:
    return (
        type(array) is numpy.ndarray
        and array.dtype == numpy.float64
        and array.ndim == 1
        and array.flags.carray
    )
