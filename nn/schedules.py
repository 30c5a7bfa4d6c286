"""Schedules: the learning rate as a function of the number of steps taken so far.

A schedule is called with the number k of the step to come, from 0, and gives its learning rate;
what follows is written so. Only `ReduceOnPlateau` has a memory: it is told the loss.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from numbers import Real
from typing import Any, Literal

from autograd_core import Value
from nn.options import check_takes, flag, got, real, whole

__all__ = [
    "Constant",
    "CosineWarmRestarts",
    "Exponential",
    "InverseTime",
    "OneCycle",
    "ReduceOnPlateau",
    "Schedule",
    "StepDecay",
    "Triangular",
    "WarmUp",
]

Schedule = Callable[[int], float]
"""From the number of the step, counted from 0, to its learning rate."""


@dataclass(frozen=True)
class Constant:
    """The same rate always."""

    rate: float

    def __post_init__(self) -> None:
        _positive(rate=self.rate)

    def __call__(self, step: int) -> float:
        _counted(step)
        return self.rate


@dataclass(frozen=True)
class InverseTime:
    """initial / (k + 1): the rates add up to infinity, their squares do not (Robbins-Monro 1951).

    >>> [InverseTime(1.0)(k) for k in range(4)]
    [1.0, 0.5, 0.3333333333333333, 0.25]
    """

    initial: float = 1.0

    def __post_init__(self) -> None:
        _positive(initial=self.initial)

    def __call__(self, step: int) -> float:
        step = _counted(step)
        return self.initial / (step + 1)


@dataclass(frozen=True)
class StepDecay:
    """Times `factor` every so many steps. (torch: StepLR)"""

    initial: float
    every: int
    factor: float = 0.1

    def __post_init__(self) -> None:
        _positive(initial=self.initial, factor=self.factor)
        _counts(every=self.every)

    def __call__(self, step: int) -> float:
        step = _counted(step)
        return self.initial * _power(self.factor, step // self.every)


@dataclass(frozen=True)
class Exponential:
    """initial · factorᵏ. (torch: ExponentialLR)"""

    initial: float
    factor: float

    def __post_init__(self) -> None:
        _positive(initial=self.initial, factor=self.factor)

    def __call__(self, step: int) -> float:
        step = _counted(step)
        return self.initial * _power(self.factor, step)


@dataclass(frozen=True)
class CosineWarmRestarts:
    """Half a cosine from `initial` down to `lowest`, then anew (Loshchilov & Hutter 2017).

    Each cycle is `growth` times as long as the one before. (torch: CosineAnnealingWarmRestarts)
    """

    initial: float
    cycle: int
    growth: int = 1
    lowest: float = 0.0

    def __post_init__(self) -> None:
        _positive(initial=self.initial)
        _counts(cycle=self.cycle, growth=self.growth)
        real(self.lowest, "lowest", least=0, most=self.initial)

    def __call__(self, step: int) -> float:
        step = _counted(step)
        length = self.cycle
        if self.growth == 1:
            step %= length
        while step >= length:
            step -= length
            length *= self.growth
        return _cosine(self.initial, self.lowest, step / length)


@dataclass(frozen=True)
class Triangular:
    """Up from `lowest` to `highest` in `half` steps and down again, over and over (Smith 2015).

    With `halving`, every triangle is half as high as the last. (torch: CyclicLR, "triangular2")
    """

    lowest: float
    highest: float
    half: int
    halving: bool = False

    def __post_init__(self) -> None:
        _positive(highest=self.highest)
        _counts(half=self.half)
        real(self.lowest, "lowest", least=0, most=self.highest)
        flag(self.halving, "halving")

    def __call__(self, step: int) -> float:
        step = _counted(step)
        cycle, within = divmod(step, 2 * self.half)
        height = 1 - abs(within / self.half - 1)
        scale = 0.5**cycle if self.halving else 1.0
        return self.lowest + (self.highest - self.lowest) * height * scale


@dataclass(frozen=True)
class OneCycle:
    """Up to `highest` and far down, once over all steps, both along a cosine (Smith & Topin 2018).

    It starts at highest / start_divisor and ends at that / end_divisor. (torch: OneCycleLR)
    """

    highest: float
    steps: int
    rising: float = 0.3
    start_divisor: float = 25.0
    end_divisor: float = 1e4

    def __post_init__(self) -> None:
        _positive(
            highest=self.highest,
            start_divisor=self.start_divisor,
            end_divisor=self.end_divisor,
        )
        _counts(steps=self.steps)
        real(self.rising, "rising")
        if not 0 < self.rising < 1 or self.rising * self.steps <= 1:
            raise ValueError(
                f"rising is the share of the steps on which the rate rises, between 0 and 1 and of "
                f"more than one step, got {self.rising!r} of {self.steps}"
            )

    def __call__(self, step: int) -> float:
        step = _counted(step)
        start = self.highest / self.start_divisor
        top = self.rising * self.steps - 1
        if step <= top:
            return _cosine(start, self.highest, step / top)
        share = min(1.0, (step - top) / (self.steps - 1 - top))
        return _cosine(self.highest, start / self.end_divisor, share)


@dataclass(frozen=True)
class WarmUp:
    """Another schedule whose rates grow linearly from a share of themselves over the first steps.

    The schedule itself starts after them. (torch: LinearLR)

    >>> [WarmUp(Constant(1.0), steps=4, start=0.5)(k) for k in range(6)]
    [0.5, 0.625, 0.75, 0.875, 1.0, 1.0]
    """

    schedule: Schedule
    steps: int
    start: float = 1 / 3

    def __post_init__(self) -> None:
        _counts(steps=self.steps)
        real(self.start, "start", least=0, most=1)
        checked_schedule(self.schedule, "WarmUp")

    def __call__(self, step: int) -> float:
        step = _counted(step)
        rate = real(self.schedule(max(step - self.steps, 0)), "what the schedule gives", least=0)
        if step >= self.steps:
            return rate
        return rate * (self.start + (1 - self.start) * step / self.steps)


@dataclass
class ReduceOnPlateau:
    """Times `factor` after more than `patience` losses in a row that were no better than the best.

    Better is lower by the share `threshold`. Training tells it each epoch's loss with `observe`.
    (torch: ReduceLROnPlateau)

    >>> schedule = ReduceOnPlateau(1.0, factor=0.5, patience=1)
    >>> for loss in (3.0, 2.0, 2.0, 2.0):
    ...     schedule.observe(loss)
    >>> schedule(4)
    0.5
    """

    initial: float
    factor: float = 0.1
    patience: int = 10
    threshold: float = 1e-4
    cooldown: int = 0
    lowest: float = 0.0
    rate: float = field(init=False)
    best: float = field(init=False, default=math.inf)
    bad_epochs: int = field(init=False, default=0)
    cooling: int = field(init=False, default=0)

    def __post_init__(self) -> None:
        _positive(initial=self.initial)
        real(self.factor, "factor", above=0, below=1)
        whole(self.patience, "patience", least=0)
        whole(self.cooldown, "cooldown", least=0)
        real(self.threshold, "threshold", least=0)
        real(self.lowest, "lowest", least=0, most=self.initial)
        self.rate = self.initial

    def __call__(self, step: int) -> float:
        _counted(step)
        return self.rate

    def observe(self, loss: float) -> None:
        """Take note of a loss, and lower the rate if it has been no better for too long."""
        if not isinstance(loss, Real | Value):
            raise TypeError(f"a loss must be a number, {got(loss)}")
        if loss < self.best * (1 - math.copysign(self.threshold, self.best)):
            self.best = loss
            self.bad_epochs = 0
        else:
            self.bad_epochs += 1
        if self.cooling > 0:
            self.cooling -= 1
            self.bad_epochs = 0
        if self.bad_epochs > self.patience:
            self.rate = max(self.rate * self.factor, self.lowest)
            self.cooling = self.cooldown
            self.bad_epochs = 0


ScheduleEvery = Literal["step", "epoch"]
"""Whether a schedule counts optimizer steps or epochs."""


def checked_schedule(schedule: Any, asked: str) -> Schedule:
    """Something to call with the number of a step; `asked` is who does.

    Raises TypeError for anything else.
    """
    if not callable(schedule):
        raise TypeError(
            "the schedule must be a function of the number of the step, as Constant(0.1) is, "
            f"{got(schedule)}"
        )
    check_takes(schedule, asked, "the number of a step", what="the schedule")
    return schedule  # type: ignore[no-any-return]


def _cosine(start: float, end: float, share: float) -> float:
    return end + (start - end) * (1 + math.cos(math.pi * share)) / 2


def _power(factor: float, exponent: int) -> float:
    """The factor so many times, infinite where that is beyond a double."""
    try:
        return math.pow(factor, exponent)
    except OverflowError:
        return math.inf


def _counted(step: Any) -> Any:
    """The number of a step; TypeError or ValueError for what counts none."""
    return step if type(step) is int and step >= 0 else real(step, "step", least=0)


def _positive(**options: float) -> None:
    for name, number in options.items():
        real(number, name, above=0)


def _counts(**options: int) -> None:
    for name, number in options.items():
        whole(number, name)
