"""A function around a number: what it is at the nearest doubles, and whether it is smooth there.

A kink, a step, an end of the domain or a wave shorter than the step shows where differences over
shorter steps do not approach the derivative as on a smooth function; rounding inside the function
shows as terraces, on which it is constant. This module says what there is and by which numbers;
what follows from it for a slope that is claimed is `evidence`'s.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable

from autograd_core.derivatives.differences import Estimate

__all__ = ["HOLLOW", "NO_DIGIT", "NO_NUMBERS", "Neighborhood", "size_of"]

HOLLOW = 1e-3
"""How large an error is, beside everything in sight, where nothing is known."""
SHORTER = 10.0
"""The ratio of the steps at which a function is looked at."""
ROUNDED = 2.0
"""How many units in the last place the difference of two values is taken to miss."""
REACH = 8
"""How many of the nearest doubles on either side are tried."""
FINE = 1e-7
"""How wide, beside the first step, a terrace may be that rounding inside the function makes."""
NORMAL = 2.0**-1022
"""The least double that has all its digits."""
NO_NUMBERS = "it has no number on both sides, or none that differences can tell apart"
NO_DIGIT = "its rounding leaves differences no digit"


def size_of(*numbers: float) -> float:
    """The largest magnitude of those that are finite; 0 of none."""
    return max(abs(number) for number in (0.0, *numbers) if math.isfinite(number))


def _whole(*numbers: float) -> bool:
    return all(number == math.floor(number) for number in numbers if math.isfinite(number))


class Neighborhood:
    """A function near x; `usual` is the estimate of its derivative that is tried first."""

    def __init__(self, function: Callable[[float], float], x: float, usual: Estimate) -> None:
        self.function, self.x, self.usual = function, x, usual
        self.unit = math.ulp(x)
        self.nearest = [x + k * self.unit for k in range(-REACH, REACH + 1)]
        self.values = [function(at) for at in self.nearest]
        self.here = self.values[REACH]
        self.rounding = ROUNDED * math.ulp(size_of(*self.values))
        rows = [
            zip(self.values, self.values[apart:], self.values[2 * apart :], strict=False)
            for apart in (1, 2, 3)
        ]
        bends = [(after - at) - (at - before) for row in rows for before, at, after in row]
        self.noise = size_of(*bends)
        """How far the function is from a straight line among the nearest doubles."""
        self.first = max(abs(x) / 50, 0.02)
        self.far = [function(x + side * self.first) for side in (1, -1)]
        self.reach = (size_of(*self.far, *self.values) or 1.0) / self.first
        """How steep a function of this size might be."""
        self.level = self._level()
        """How far on either side it is constant, by rounding or else."""
        self.terrace = self.level if self.level <= FINE * self.first else 0.0
        """The same, if it is no wider than what rounding makes."""

    def slopes(self, step: float) -> tuple[float, float, float]:
        """Those to the left and to the right over a step, and how far rounding may bend them."""
        low, high = self.x - step, self.x + step
        below, above = self.function(low), self.function(high)
        left, right = (self.here - below) / (self.x - low), (above - self.here) / (high - self.x)
        size = max(abs(below), abs(above), abs(self.here))
        rounding = ROUNDED * math.ulp(size) if math.isfinite(size) else math.inf
        return left, right, (max(rounding, self.rounding) + self.noise) / step

    def doubt(self, estimate: Estimate, claimed: float) -> str:
        """Why an estimate is not to be trusted; nothing if it is."""
        if not math.isfinite(estimate.error) or not math.isfinite(self.here):
            return NO_NUMBERS
        scale = self.scale(estimate, claimed)
        if not 2 * estimate.error <= scale / 8:
            return NO_DIGIT
        return self._unsteady(estimate, scale)

    def scale(self, estimate: Estimate, claimed: float) -> float:
        """How large the slopes are that are compared; if they drown, how large they might be."""
        known = size_of(estimate.derivative, claimed)
        drowned = not 2 * estimate.error <= known / 8
        passes = estimate is self.usual or claimed == estimate.derivative
        return 8 * HOLLOW * self.reach if drowned and passes else known

    def _unsteady(self, estimate: Estimate, scale: float) -> str:
        """What it does at shorter steps that no smooth function with this derivative does."""
        slope, step = estimate.derivative, estimate.step
        left, right, blur = self.slopes(step)
        off, bend = abs((left + right) / 2 - slope), abs(right - left)
        ratio = 1.0
        grain = self.grain(slope)
        while (step := step / SHORTER) >= self.unit:
            left, right, blur = self.slopes(step)
            blur += grain / step
            if blur > 0.4 * scale:
                break
            ratio /= SHORTER
            allowed = 2 * estimate.error + blur
            misses, apart = abs((left + right) / 2 - slope), abs(right - left)
            may_miss, may_part = 4 * off * ratio * ratio, 4 * bend * ratio
            if not (misses <= allowed + may_miss and apart <= 2 * allowed + may_part):
                allowed += self._bend(step) / step
            if not misses <= allowed + may_miss:
                return f"at shorter steps, as {step:.3g}, its slope is {(left + right) / 2!r}"
            if not apart <= 2 * allowed + may_part:
                return f"its slopes are {left!r} to the left and {right!r} to the right"
        return "" if ratio < 1 else "no shorter step says as much"

    def _level(self, sides: Callable[..., bool] = all) -> float:
        """How far on both sides, or on `any`, it is constant: as sin(x + 314) is around 0.

        There x + 314 has 46 bits behind the point, and the doubles around 0 have more.
        """
        step = self.first
        while (step := step / SHORTER) >= max(self.unit, self.first * 2.0**-60):
            # Half way too: far values alone may be equal by symmetry.
            ways = ((self.function(self.x + side * step / k) for k in (1, 2)) for side in (1, -1))
            if sides(one == self.here == half for one, half in ways):
                return step
        return 0.0

    def grain(self, slope: float) -> float:
        """How far rounding inside the function moves its values, if that is its slope."""
        return abs(slope) * 2 * SHORTER * self.terrace

    def rises(self, claimed: float) -> bool:
        """Whether it has about that slope on both sides, further out than it is constant.

        Whole numbers are a step function's and no rounding's.
        """
        if _whole(*self.values, *self.far):
            return False
        step = self.first
        while self.level and math.isfinite(claimed) and (step := step / 2) > 2 * self.level:
            left, right, blur = self.slopes(step)
            if max(abs(left - claimed), abs(right - claimed)) + blur <= abs(claimed) / 4:
                return True
        return False

    def rests(self, estimate: Estimate) -> bool:
        """Whether it is constant on a side, over a step in which the slope would show."""
        step = estimate.step
        while (step := step / SHORTER) >= self.unit:
            if abs(estimate.derivative) * step <= 8 * self.rounding:
                return False
            if self.here in (self.function(self.x - step), self.function(self.x + step)):
                return True
        return False

    def _bend(self, step: float) -> float:
        """How far rounding inside the function bends it, a step away on either side."""
        bends = []
        for side in (step, -step):
            values = [self.function(self.x + side * (1 + k / 64)) for k in range(2 * REACH)]
            rows = zip(values, values[1:], values[2:], strict=False)
            bends += [(after - at) - (at - before) for before, at, after in rows]
        return size_of(*bends)

    def sides_exclude(self, claimed: float) -> bool:
        """Whether both sides have slopes, at some short steps, far from what is claimed."""
        seen: list[tuple[float, float, float]] = []
        step = 16 * self.unit
        if 0 < abs(self.x) < step:
            return False  # a subnormal number of so few digits that what is nearer does not show
        while step <= self.first:
            seen.append(self.slopes(step))
            step *= SHORTER
        for place, (left, right, blur) in enumerate(seen[:-2]):
            size = max(abs(left), abs(right))
            if blur <= size / 16 and size:
                longer = seen[place + 1 : place + 3]
                changes = size_of(
                    *(a - left for a, _, _ in longer), *(b - right for _, b, _ in longer)
                )
                if not changes <= size / 8 + blur < math.inf:
                    return False  # steeper and steeper, as at a step, or nothing that stays
                low, high = min(left, right), max(left, right)
                if self.noise > 4 * (high - low) * self.unit + self.rounding:
                    return False
                gap = max(low - claimed, claimed - high)
                shorter = (
                    abs(slope - claimed) <= gap / 2
                    for left, right, blur in seen[:place]
                    for slope in (left, right)
                    if blur <= gap / 8
                )
                return not gap <= blur + size / 4 and not any(shorter)
        return False

    def steps(self, claimed: float) -> bool:
        """Whether it may be a step function whose steps are closer than the doubles are."""
        return claimed == 0 and self.here != 0 and _whole(*self.values)

    def coarse(self, estimate: Estimate, claimed: float) -> str:
        """Why another slope than the estimate's may hide between the doubles."""
        slope = estimate.derivative
        if not self.noise <= HOLLOW * size_of(*self.values):
            return "the doubles around it are too far apart for it"
        if slope == 0 and self.unit >= 1 and self.noise == 0:
            return "the doubles around it are whole numbers, and there it is constant"
        if 0 < size_of(*self.values) < NORMAL:
            return "its values are so small that doubles have lost digits of them"
        if self.steps(claimed):
            return "all its values around are whole numbers, as those of a step function"
        if slope == 0 and self.rises(claimed):
            return "it is constant among the nearest doubles only, by rounding inside it"
        edge = min(self._level(any), FINE * self.first)
        if abs(claimed - slope) * estimate.step <= abs(slope) * 2 * SHORTER * edge:
            return NO_DIGIT
        if claimed == 0 and self.rests(estimate):
            return "it is constant near by, as claimed, and only further out it is not"
        if self.noise <= 4 * self.rounding:
            return ""
        rows = zip(self.nearest, self.values, strict=True)
        for (at, value), (then, after) in itertools.pairwise(rows):
            change, width = after - value, then - at
            misses, slope_misses = abs(change - claimed * width), abs(change - slope * width)
            if misses <= self.rounding / 2 < slope_misses / 2:
                return f"from {at!r} to {then!r} it changes as claimed, elsewhere it jumps"
        return ""
