"""Gradient descent with a line search, which tries several steps before it takes one.

What it tries is computed without a graph. The exact search is SciPy's, the extra `optimize`.
"""

from __future__ import annotations

import importlib
import math
from collections.abc import Callable, Iterable
from typing import Any, Literal

import numpy as np

from autograd_core import Value, no_grad
from nn.optim import Array, Closure, Evaluation, Optimizer
from nn.options import choice, loss_of, real

__all__ = ["GradientDescent", "LineSearch", "scipy_optimize"]

LineSearch = Literal["exact", "backtracking"]

DOUBLINGS = 100  # of a step, while the loss still falls: from 1 to 10^30
HALVINGS = 60  # of a step, until the loss falls: from 1 to below a rounding error


class GradientDescent(Optimizer):
    """p ← p - t ∇E with the t that a line search finds along the negative gradient.

    `exact` goes to the minimum on the line that SciPy's scalar minimizer finds, `backtracking`
    halves t until the loss falls by a share of what the slope promises: E(p - t g) <= E - c t ‖g‖²
    (Armijo 1966). It stops, `converged`, where ‖∇E‖ <= tolerance, and `stalled` where no step along
    the gradient lowers the loss any more, which is where rounding ends descent.

    Raises ValueError for options out of range, ImportError if `exact` lacks SciPy.

    >>> x, y = Value(3.0), Value(-1.0)
    >>> descent = GradientDescent([x, y], "backtracking")
    >>> while not descent.done:
    ...     loss = descent.step(lambda: x * x + 4 * y * y)
    >>> descent.converged, loss.data < 1e-12
    (True, True)
    """

    def __init__(
        self,
        parameters: Iterable[Value],
        line_search: LineSearch = "exact",
        *,
        tolerance: float = 1e-6,
        first_step: float = 1.0,
        shrinking: float = 0.5,
        decrease: float = 1e-4,
    ) -> None:
        super().__init__(parameters, real(first_step, "first_step", above=0))
        self.line_search = choice(line_search, "line_search", ("exact", "backtracking"))
        self.tolerance = real(tolerance, "tolerance", least=0)
        self.shrinking = real(shrinking, "shrinking", above=0, below=1)
        self.decrease = real(decrease, "decrease", least=0, below=1)
        self.gradient: Array | None = None
        self.gradient_norm = math.inf
        self.converged = False
        self.stalled = False
        if line_search == "exact":
            _exact_search()

    @property
    def done(self) -> bool:
        """Whether descent has converged or stalled."""
        return self.converged or self.stalled

    def step(self, closure: Closure | None = None) -> Value:
        """Compute the loss and its gradient, and go to where the line search says.

        Returns the loss before the step. Raises TypeError without a closure.
        """
        if closure is None:
            raise TypeError("a line search computes the loss several times: give step() a closure")
        start = self.gather()
        trial = _Trial(self, closure)
        try:
            _, values = self.step_from(start, trial)
        except BaseException:  # an interrupt too: no parameter stays at a trial
            self.assign(start)
            raise
        self.assign(values)
        return trial.loss

    def step_from(self, values: Array, evaluation: Evaluation) -> tuple[float, Array]:
        """The loss at some values of the parameters, and where the line search says to go."""
        loss, gradient = evaluation.value_and_gradient(values)
        self.gradient = gradient
        self.gradient_norm = float(np.linalg.norm(gradient))
        if self.gradient_norm <= self.tolerance:
            self.converged = True
            return loss, values

        def along(t: float) -> float:
            tried = evaluation.value(values - t * gradient)
            return tried if math.isfinite(tried) else math.inf

        search = self._exact if self.line_search == "exact" else self._backtracking
        t = search(along, loss)
        self.stalled = t == 0
        self.steps += 1
        return loss, values - t * gradient

    def _exact(self, along: Callable[[float], float], here: float) -> float:
        """The minimum between 0 and the first doubled step that goes up again."""
        t, tried = self._first_lower(along, here, slope=0.0)
        if t == 0:
            return t
        low = 0.0
        for _ in range(DOUBLINGS):
            farther = along(2 * t)
            if farther >= tried:
                break
            low, t, tried = t, 2 * t, farther
        found = _exact_search().minimize_scalar(
            along, bounds=(low, 2 * t), method="bounded", options={"xatol": 1e-12 * t}
        )
        return min((tried, t), (float(found.fun), float(found.x)))[1]

    def _backtracking(self, along: Callable[[float], float], here: float) -> float:
        """The first halved step that lowers the loss enough."""
        return self._first_lower(along, here, self.decrease * self.gradient_norm**2)[0]

    def _first_lower(
        self, along: Callable[[float], float], here: float, slope: float
    ) -> tuple[float, float]:
        """The first step, and its loss, that is lower by t · slope; 0 if there is none."""
        t = self.learning_rate
        for _ in range(HALVINGS):
            tried = along(t)
            if tried < here and tried <= here - t * slope:
                return t, tried
            t *= self.shrinking
        return 0.0, here


class _Trial:
    """A closure as a function of the parameters, which it leaves where it was asked last."""

    def __init__(self, optimizer: Optimizer, closure: Closure) -> None:
        self._optimizer = optimizer
        self._closure = closure
        self.loss: Value

    def value_and_gradient(self, values: Array) -> tuple[float, Array]:
        """The loss where the parameters are, which is at these values."""
        self._optimizer.zero_grad()
        self.loss = loss_of(self._closure)
        self.loss.backward()
        gradient = np.array([parameter.grad for parameter in self._optimizer.parameters])
        return self.loss.data, gradient

    def value(self, values: Array) -> float:
        """The loss at these values."""
        self._optimizer.assign(values)
        with no_grad():
            return float(self._closure())


def scipy_optimize(wanted: str, instead: str = "") -> Any:
    """SciPy's searches, or an ImportError that says how to get them, or what does without."""
    try:
        return importlib.import_module("scipy.optimize")
    except ImportError as error:
        raise ImportError(
            f"{wanted} is SciPy's, which is not installed: "
            f"pip install 'autograd_core[optimize]'{instead}"
        ) from error


def _exact_search() -> Any:
    return scipy_optimize("an exact search", "; line_search='backtracking' does without")
