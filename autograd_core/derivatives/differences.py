"""Numerical derivatives of functions of one number, and how far to trust them.

The derivative is Ridders' (Advances in Engineering Software 4, 1982): central differences at
shrinking steps, extrapolated to step zero, with the error estimated from the extrapolation itself.
On smooth functions it is good to about eleven digits. Nothing here knows a graph.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from autograd_core.given import checked_function, got
from autograd_core.given import real as finite_real
from autograd_core.graph.numbers import real

__all__ = ["Estimate", "nearer_estimates", "numerical_derivative"]

SHRINK = 1.4
"""The ratio of successive steps: Ridders' choice."""
STEPS = 16
EPSILON, SMALLEST = 2.0**-52, 2.0**-1074
GOOD = 1e-11
"""How small an error, beside the derivative, asks for no other steps."""
TELLING = 0.1
"""How small it is where the derivative is known to be there at all."""


@dataclass(frozen=True)
class Estimate:
    """A numerical derivative, the step it settled at, and its estimated error."""

    derivative: float
    step: float
    error: float


def numerical_derivative(
    function: Callable[[float], float], x: float, step: float | None = None
) -> Estimate:
    """The derivative of a function of one number at x, by extrapolated central differences.

    The first step is `step`, or a fiftieth of |x| but at least 0.02; later ones are shorter. Of
    several starts (the first step, and steps a hundredth and a ten-thousandth of it, for functions
    that bend quickly) the one of the relatively smallest error is taken. Where that is not good to
    eleven digits, shorter ones are tried, down to the spacing of the doubles at x: near the end of
    a domain, at tiny x and at huge ones.

    >>> import math
    >>> estimate = numerical_derivative(math.exp, 1.0)
    >>> abs(estimate.derivative - math.e) < 1e-11 * math.e
    True
    """
    checked_function(function, "numerical_derivative()", "x")
    x = real(x, "x")
    if step is not None:
        step = finite_real(step, "step", above=0)
    first = step or max(abs(x) / 50, 0.02)
    estimates = [_ridders(function, x, first / 100**power) for power in range(3)]
    flat = not any(estimate.derivative for estimate in estimates)  # as where a relu is off
    for start in [] if flat else _shorter(x, first):
        if _relative_error(_best(estimates)) <= GOOD:
            break
        estimates.append(_ridders(function, x, start))
    return _best(estimates)


def nearer_estimates(function: Callable[[float], float], x: float) -> Iterator[Estimate]:
    """What ever shorter steps say, for a function that has its kinks or its steps close to x."""
    for first in (max(abs(x) / 50, 0.02), abs(x) / 50):
        for power in range(1, 9):
            if first / 100**power >= 64 * math.ulp(x):
                yield _ridders(function, x, first / 100**power)


def _shorter(x: float, first: float) -> list[float]:
    """More first steps, for where the usual ones are too long: in proportion to x, then others."""
    own = abs(x) / 50
    starts = [own / 100**power for power in range(3)] if 0 < own < first else []
    starts += [first / 10**power for power in range(5, 15)]
    return [start for start in starts if start >= 64 * math.ulp(x)]


def _best(estimates: Sequence[Estimate]) -> Estimate:
    """The one that is relatively best if any says more than its error, else the surest of nothing.

    A step across a pole or over many periods has a small error and a small derivative. The next
    best has to agree within the errors of both; if not, the function is noisier than its numbers
    are rounded, and the error is what they differ by.
    """
    first_two = sorted(estimates, key=_relative_error)[:2]
    if _relative_error(first_two[0]) >= TELLING:
        return min(estimates, key=lambda estimate: _finite_or_infinite(estimate.error))
    best, second = first_two[0], first_two[-1]
    apart = abs(best.derivative - second.derivative)
    if _relative_error(second) < TELLING and apart > best.error + second.error:
        return replace(best, error=apart)
    return best


def _relative_error(estimate: Estimate) -> float:
    return _finite_or_infinite(estimate.error / abs(estimate.derivative or math.nan))


def _finite_or_infinite(error: float) -> float:
    return error if math.isfinite(error) else math.inf


def _number(result: Any) -> float:
    if not hasattr(result, "__float__"):
        raise TypeError(
            f"numerical_derivative() takes a function that gives a number, {got(result)}"
        )
    return float(result)


def _ridders(function: Callable[[float], float], x: float, step: float) -> Estimate:
    best = Estimate(math.nan, step, math.inf)
    column: list[float] = []
    steps: list[float] = []
    for _ in range(STEPS):
        low = x - ((x + step) - x)
        high = x + (x - low)  # as far from x as low is: what x + step rounds to is asked for
        if high == low or (steps and not high - low < 2 * steps[-1]):
            break
        above, below = _number(function(high)), _number(function(low))
        difference = (above - below) / (high - low)
        size = abs(above) + abs(below)
        noise = max(EPSILON * size, SMALLEST) / (high - low)
        steps.append((high - low) / 2)
        previous, column = column, [difference]
        for place, older in enumerate(previous):
            factor = (steps[-2 - place] / steps[-1]) ** 2
            column.append(column[-1] + (column[-1] - older) / (factor - 1))
            error = max(abs(column[-1] - column[-2]), abs(column[-1] - older)) + noise
            if error <= best.error:
                best = Estimate(column[-1], step, error)
        # Further steps only add rounding error once the highest order is clearly worse.
        worse = previous and abs(column[-1] - previous[-1]) >= 2 * best.error
        if worse and math.isfinite(best.error):
            break
        step /= SHRINK
    return best
