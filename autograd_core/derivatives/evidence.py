"""What the numbers of a function say of a slope that is claimed for it: right, wrong or nothing.

A numerical derivative (`differences`) is taken at its word only where the function is smooth down
to the shortest steps that its own rounding lets see: where differences approach the derivative as
they do on a smooth function, and those to the left those to the right. A kink, a step, an end of
the domain or a wave shorter than the step shows there. Where of no step that can be said, a slope
is wrong only if it lies far from what both sides have. Nothing here knows a graph.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from dataclasses import dataclass

from autograd_core.derivatives.differences import Estimate, nearer_estimates, numerical_derivative
from autograd_core.derivatives.neighborhood import (
    HOLLOW,
    NO_DIGIT,
    NO_NUMBERS,
    Neighborhood,
    size_of,
)

__all__ = ["Verdict", "judged"]

NARROW = 512.0
"""How many doubles there are in the least step that may say of a slope that it is wrong."""


@dataclass(frozen=True)
class Verdict:
    """Whether a claimed slope is right (None: cannot decide), and by what numbers."""

    right: bool | None
    estimate: Estimate
    tolerance: float
    reason: str = ""
    """Why it cannot be decided."""


def judged(
    function: Callable[[float], float],
    x: float,
    claimed: float,
    relative: float,
    absolute: float = 0.0,
    step: float | None = None,
) -> Verdict:
    """Whether `claimed` is the derivative of a function of one number at x, as far as it shows.

    Right is what differs from the numerical derivative by no more than `relative` of it, `absolute`
    and twice its estimated error.

    >>> judged(math.exp, 0.0, 1.0, 1e-9).right, judged(math.exp, 0.0, 1.001, 1e-9).right
    (True, False)
    >>> judged(abs, 0.0, 0.0, 1e-9).reason
    'its slopes are -1.0 to the left and 1.0 to the right'
    """
    usual = numerical_derivative(function, x, step)
    if not math.isfinite(x):
        return Verdict(None, usual, math.inf, NO_NUMBERS)
    near = Neighborhood(function, x, usual)
    reason = ""
    for estimate in itertools.chain([usual], () if step else nearer_estimates(function, x)):
        doubt = near.doubt(estimate, claimed)
        if not doubt:
            verdict = _compared(near, estimate, claimed, relative, absolute)
            if verdict.right or estimate.step >= NARROW * near.unit:
                return verdict
            doubt = "it is steady among the nearest doubles only"
        reason = reason or doubt
    tolerance = relative * abs(usual.derivative) + absolute + 2 * usual.error
    if near.sides_exclude(claimed) and not near.steps(claimed):
        return Verdict(False, usual, tolerance)
    return Verdict(None, usual, tolerance, reason)


def _compared(
    near: Neighborhood, estimate: Estimate, claimed: float, relative: float, absolute: float
) -> Verdict:
    """What an estimate that can be trusted says; before it says "wrong", a second one is asked."""
    slope = estimate.derivative
    error = max(estimate.error, near.grain(slope) / estimate.step)
    tolerance = relative * abs(slope) + absolute + 2 * error
    apart = abs(claimed - slope)
    if apart <= tolerance:  # a NaN is not, as it should be
        known = 2 * error <= HOLLOW * max(near.reach, size_of(slope, claimed))
        return Verdict(known or None, estimate, tolerance, NO_DIGIT)
    second = numerical_derivative(near.function, near.x, 3 * estimate.step)
    if abs(second.derivative - slope) <= apart:
        error = max(error, abs(second.derivative - slope))
    reason = NO_DIGIT if apart <= tolerance + 2 * error else near.coarse(estimate, claimed)
    return Verdict(None if reason else False, estimate, tolerance, reason)
