"""What is moved on a page: a number in a range, by steps that are round in decimals."""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

__all__ = [
    "Slider",
    "arguments_of",
    "name_of",
    "own_ranges",
    "powers_of",
    "slider_of",
    "sliders_of",
]

STEPS = 100
"""Steps that a range has at least."""
BEGINS = 0.65
"""Which share of the range lies left of a start that is not told: in the middle slopes are 0."""


@dataclass(frozen=True)
class Slider:
    """A number, from `low` to `high` by `step`, `start` at first."""

    name: str
    low: float
    high: float
    step: float
    start: float
    power: bool = False
    """Whether these are exponents of ten, of which the number is the power."""


def sliders_of(names: Sequence[str], ranges: Mapping[str, Any]) -> list[Slider]:
    """One slider an argument; TypeError where arguments and ranges do not fit together."""
    missing = [name for name in names if name not in ranges]
    if missing or len(ranges) > len(names):
        unknown = [name for name in ranges if name not in names]
        shown = ", ".join(f"{name}=(-3, 3)" for name in missing or names)
        raise TypeError(
            f"the function takes {', '.join(names) or 'nothing'}; ranges were given for "
            f"{', '.join(ranges) or 'nothing'}"
            + (f", of which {', '.join(unknown)} is no argument" if unknown else "")
            + f": give each argument its range, as in explore(f, {shown})"
        )
    return [slider_of(name, ranges[name]) for name in names]


def slider_of(name: str, given: Any) -> Slider:
    """The slider of a range `(low, high)` or `(low, high, start)`.

    Raises TypeError for what is no range, ValueError for one that is empty or not finite.

    >>> slider_of("x", (-3, 3))
    Slider(name='x', low=-3.0, high=3.0, step=0.05, start=0.9, power=False)
    """
    try:
        numbers = [float(number) for number in given]
    except (TypeError, ValueError, OverflowError):
        numbers = []
    if len(numbers) not in (2, 3):
        raise TypeError(
            f"{name}={given!r} is no range; give (low, high), or (low, high, start): "
            f"{name}=(-3, 3), {name}=(-3, 3, 0.5)"
        )
    low, high = numbers[:2]
    if not all(map(math.isfinite, [*numbers, high - low])) or not low < high:
        raise ValueError(f"{name}={given!r} is no range of finite numbers, the lower one first")
    step = _round_below((high - low) / STEPS)
    if len(numbers) == 3:
        start = numbers[2]
        if not low <= start <= high:
            raise ValueError(f"{name} starts at {start!r}, which is not from {low!r} to {high!r}")
    else:
        count = round(BEGINS * (high - low) / step)
        start = float(f"{low + count * step:.12g}")
    return Slider(name, low, high, step, start)


def powers_of(name: str, given: Any) -> Slider:
    """The slider of a range of positive numbers whose steps are factors.

    Raises what `slider_of` does, and ValueError for a number that is not positive.

    >>> powers_of("η", (0.01, 1, 0.1))
    Slider(name='η', low=-2.0, high=0.0, step=0.02, start=-1.0, power=True)
    """
    told = slider_of(name, given)
    if told.low <= 0:
        raise ValueError(f"{name}={given!r} is no range of positive numbers")
    has_start = len(tuple(given)) == 3
    ends = [math.log10(told.low), math.log10(told.high)]
    start = [math.log10(told.start)] if has_start else []
    slider = slider_of(name, [float(f"{number:.12g}") for number in [*ends, *start]])
    return replace(slider, power=True)


def name_of(function: Callable[..., Any]) -> str:
    """What a function is called on a page."""
    name = getattr(function, "__name__", None) or getattr(function, "name", "f")
    return name if isinstance(name, str) and name.isidentifier() else "f"


def own_ranges(function: Any) -> dict[str, Any]:
    """The ranges that a function of two inputs says itself, with its start, as `nn.problems` do."""
    said: list[Any] = [getattr(function, part, None) for part in ("x", "y", "start")]
    if not all(isinstance(part, tuple) and len(part) == 2 for part in said):
        return {}
    x, y, start = said
    names = arguments_of(function, {})
    if len(names) != 2:
        return {}
    return {names[0]: (*x, start[0]), names[1]: (*y, start[1])}


def _round_below(step: float) -> float:
    """The largest of 1, 2, 5 times a power of ten that is not above a step."""
    power = math.floor(math.log10(step))
    digit = max(digit for digit in (1, 2, 5) if float(f"{digit}e{power}") <= step * (1 + 1e-9))
    return float(f"{digit}e{power}")


def arguments_of(function: Callable[..., Any], ranges: Mapping[str, Any]) -> list[str]:
    """The names of a function's arguments; of one that does not say, those of the ranges."""
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        return list(ranges)
    if any(parameter.kind is inspect.Parameter.VAR_POSITIONAL for parameter in parameters):
        return list(ranges)
    asked = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    return [
        parameter.name
        for parameter in parameters
        if parameter.kind in asked
        and (parameter.default is parameter.empty or parameter.name in ranges)
    ]
