"""Rules that plain Python runs, guarded so that they answer as IEEE 754 does and never raise.

Python's floats raise on division by zero where the standard has an answer. Compiled rules do not
pass here: the compiler divides as the processor does. The guard evaluates a rule that raised once
more on NumPy's float64, whose arithmetic is the standard's.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from types import FunctionType
from typing import Any

__all__ = ["guard"]


def guard(namespace: dict[str, Any]) -> None:
    """Guard every function that a module's namespace defines; compiled functions are left alone."""
    for name, value in list(namespace.items()):
        if isinstance(value, FunctionType) and value.__module__ == namespace["__name__"]:
            namespace[name] = _guarded(value)


def _guarded(rule: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(rule)
    def evaluate(*operands: Any) -> Any:
        try:
            return rule(*operands)
        except ZeroDivisionError:
            import numpy  # only now: most programs never divide by zero

            if not all(isinstance(operand, float) for operand in operands):
                raise
            with numpy.errstate(all="ignore"):
                return float(rule(*map(numpy.float64, operands)))

    return evaluate
