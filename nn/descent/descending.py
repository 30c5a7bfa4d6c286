"""The way of a descent: where an optimizer comes through, step by step, and what the loss is there.

Any optimizer and any schedule; the loss is a closure, called once a step or replayed.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from autograd_core import RecordingError, Value
from nn.descent.line_search import GradientDescent, LineSearch
from nn.optim import Array, Closure, Optimizer
from nn.options import checked_closure, choice, got, turns
from nn.schedules import Schedule, checked_schedule
from nn.training.closures import ReplayedClosure, loss_at
from nn.training.eager import check_reached
from nn.training.history import Tier, TierAsked
from nn.training.replaying import check_flat

__all__ = ["Descent", "descend", "gradient_descent"]


@dataclass(frozen=True, eq=False)
class Descent:
    """The way a descent took."""

    path: NDArray[np.float64]
    """The parameters before each step and after the last: one row each."""
    losses: list[float]
    """The loss in each row of the path but the last."""
    loss: float
    """The loss in the last row."""
    gradient_norm: float
    """That of the last gradient computed."""
    converged: bool
    """Whether it is within the tolerance; of optimizers that have none, never."""
    tier: Tier = "eager"
    """Whether the closure was replayed or called."""
    reason: str = ""
    """Why it was not replayed, in a line."""


def descend(
    closure: Closure,
    optimizer: Optimizer,
    steps: int,
    *,
    schedule: Schedule | None = None,
    tier: TierAsked = "eager",
) -> Descent:
    """Let an optimizer take so many steps on the loss that a closure computes, and keep its path.

    The parameters start where they are and end at the last point. A schedule gives the learning
    rate of step k, counted from 0. Descent ends earlier where the optimizer is done, as a line
    search may be, or where the loss is no finite number: there the path ends, too.

    The closure is called once a step, and so may take another sample each time; with `tier="auto"`
    it is recorded, if it can be, and replayed, many times as fast: then it must compute the same
    at every call.

    Raises TypeError and ValueError for arguments that do not fit, and RecordingError if `tier` is
    "replayed" and the closure cannot be.

    >>> from nn.optim import SGD
    >>> x, y = Value(4.0), Value(1.0)
    >>> way = descend(lambda: x * x / 2 + 2 * y * y, SGD([x, y], 0.25), 2)
    >>> way.path.tolist()
    [[4.0, 1.0], [3.0, 0.0], [2.25, 0.0]]
    >>> way.losses, way.loss
    ([10.0, 4.5], 2.53125)
    """
    if not isinstance(optimizer, Optimizer):
        raise TypeError(
            f"the optimizer must be one of nn.optim or nn.descent, as in SGD([x, y], 0.1), "
            f"{got(optimizer)}"
        )
    checked_closure(closure, "descend()")
    if schedule is not None:
        checked_schedule(schedule, "descend()")
    choice(tier, "tier", ("auto", "replayed", "eager"))
    turns(steps, "steps")
    reason = "the eager tier was asked for"
    if tier != "eager":
        try:
            return _descended(_Replayed(optimizer, closure), optimizer, steps, schedule)
        except RecordingError as error:
            if tier == "replayed":
                raise
            reason = str(error)
    return _descended(_Called(optimizer, closure), optimizer, steps, schedule, reason)


def gradient_descent(
    closure: Closure,
    parameters: Iterable[Value],
    line_search: LineSearch = "exact",
    *,
    tolerance: float = 1e-6,
    max_steps: int = 1000,
    **options: float,
) -> Descent:
    """Descend from where the parameters are until ‖∇E‖ <= tolerance; the parameters end there.

    The closure is recorded and replayed if it can be; the descent tells. The options are
    `GradientDescent`'s.

    >>> x = Value(3.0)
    >>> way = gradient_descent(lambda: (x - 1) ** 2, [x], "backtracking")
    >>> way.converged, x.data
    (True, 1.0)
    """
    turns(max_steps, "max_steps")
    descent = GradientDescent(parameters, line_search, tolerance=tolerance, **options)
    return descend(closure, descent, max_steps, tier="auto")


class _Steps(Protocol):
    """One step after another from points given as flat arrays, which they may overwrite."""

    tier: Tier
    gradient: Array
    """That at the point where the last step began; of no numbers before the first."""

    def step(self, values: Array) -> tuple[float, Array]: ...
    def loss(self, values: Array) -> float: ...


class _Called:
    tier: Tier = "eager"

    def __init__(self, optimizer: Optimizer, closure: Closure) -> None:
        self.gradient = np.empty(0)
        self._optimizer = optimizer
        self._closure = closure

    def step(self, values: Array) -> tuple[float, Array]:
        """The loss at these values, where the parameters are, and the next values."""
        loss = self._optimizer.step(self._closure)
        if not isinstance(loss, Value):
            raise TypeError(
                f"{type(self._optimizer).__name__}.step() must return the loss that the closure "
                f"computed, got {loss!r}"
            )
        if not len(self.gradient):
            check_reached(loss, self._optimizer.parameters)
        self.gradient = np.array([parameter.grad for parameter in self._optimizer.parameters])
        return loss.data, self._optimizer.gather()

    def loss(self, values: Array) -> float:
        """The loss at these values."""
        return loss_at(self._closure, self._optimizer.parameters, values)


class _Replayed:
    """Raises RecordingError for a closure or an optimizer that cannot be replayed."""

    tier: Tier = "replayed"

    def __init__(self, optimizer: Optimizer, closure: Closure) -> None:
        check_flat(optimizer)
        self.gradient = np.empty(0)
        self._optimizer = optimizer
        self._closure = ReplayedClosure(closure, optimizer.parameters)
        self.value = self.loss = self._closure.value

    def step(self, values: Array) -> tuple[float, Array]:
        """The loss at these values, and the next ones."""
        return self._optimizer.step_from(values, self)

    def value_and_gradient(self, values: Array) -> tuple[float, Array]:
        """The loss and the gradient, which is kept."""
        loss, self.gradient = self._closure.value_and_gradient(values)
        return loss, self.gradient


def _descended(
    asked: _Steps,
    optimizer: Optimizer,
    steps: int,
    schedule: Schedule | None,
    reason: str = "",
) -> Descent:
    """The points of a descent and their losses; the parameters end at the last point."""
    path = [optimizer.gather()]
    losses: list[float] = []
    observe = getattr(schedule, "observe", lambda loss: None)
    try:
        while len(losses) < steps:
            if schedule is not None:
                optimizer.learning_rate = schedule(len(losses))
            loss, values = asked.step(path[-1].copy())
            if optimizer.done or not math.isfinite(loss):  # it goes no farther
                break
            observe(loss)
            losses.append(loss)
            path.append(values)
        else:
            loss = asked.loss(path[-1].copy())
    finally:
        optimizer.assign(path[-1])
        for parameter, slope in zip(optimizer.parameters, asked.gradient.tolist(), strict=False):
            parameter.grad = slope
    converged = bool(getattr(optimizer, "converged", False))
    norm = float(np.linalg.norm(asked.gradient))
    return Descent(np.array(path), losses, loss, norm, converged, asked.tier, reason)
