"""Closures and functions as what a search asks: losses and derivatives at points, mostly replayed.

A closure takes nothing and computes a loss from parameters as they are; a function takes a list of
Values. Recorded once, either can be asked at flat arrays, and at many together. What they read
besides, they read when recorded; what cannot be is a `RecordingError` of one line.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograd_core import (
    Program,
    RecordingError,
    Value,
    hessian,
    hvp,
    no_grad,
    record,
    record_closure,
    value_and_grad,
)
from nn.options import one_number
from nn.training.eager import check_reached
from nn.training.history import Tier
from nn.training.recordable import recordable
from nn.training.recording import UNLIKE, same, slow_by_numpy

__all__ = ["CalledFunction", "ReplayedClosure", "ReplayedFunction", "assign", "loss_at"]

Array = NDArray[np.float64]
Closure = Callable[[], Value]
Function = Callable[[Sequence[Any]], Any]


class ReplayedClosure:
    """A closure's loss and gradient at points that are given as flat arrays.

    Raises RecordingError, in one line, for a closure that cannot be replayed.
    """

    def __init__(self, closure: Closure, parameters: Sequence[Value]) -> None:
        self._closure = closure
        self._parameters = list(parameters)
        with recordable():
            self._loss, again = (record_closure(closure, self._parameters) for _ in range(2))
            if self._loss.code != again.code:
                raise RecordingError(
                    "the closure does not compute the same when it is called again"
                )
        self._both: Any = None

    def values(self, points: Array) -> Array:
        """The loss at each point, one row each."""
        found: Array = self._loss(points)
        return found

    def check(self, points: Array, values: Sequence[float]) -> None:
        """Raises RecordingError if these are not, to the last bit, what the closure gives there."""
        with recordable():
            called = [loss_at(self._closure, self._parameters, point) for point in points]
        if not same(values, called):
            raise RecordingError(UNLIKE)

    def value(self, values: Array) -> float:
        """The loss at one point."""
        return float(self._loss(values))

    def value_and_gradient(self, values: Array) -> tuple[float, Array]:
        """The loss at one point, and its gradient.

        Raises RecordingError if they are not, to the last bit, what the closure gives, or if NumPy
        would be slower than it; the parameters must be at this point the first time.
        """
        first = self._both is None
        if first:
            with recordable():
                program = record(self._closure, parameters=self._parameters)
                self._both = program.stepper(len(self._parameters))
            if slow_by_numpy(self._both.backend, 1):
                raise RecordingError("NumPy replays a closure more slowly than it is called")
        _, sums = self._both.run([], values, 1, 1.0)
        if first:
            for parameter in self._parameters:
                parameter.grad = 0.0
            with recordable():
                loss = self._closure()
                check_reached(loss, self._parameters)
                loss.backward()
            if not same(sums, [loss.data, *(parameter.grad for parameter in self._parameters)]):
                raise RecordingError(UNLIKE)
        return float(sums[0]), sums[1:]


class ReplayedFunction:
    """A function of a list of Values and its derivatives at points given as arrays, replayed.

    Raises RecordingError, in one line, for a function that cannot be.
    """

    tier: Tier = "replayed"

    def __init__(self, function: Function, start: Array) -> None:
        example = start.tolist()
        with recordable():
            self._program, again = (record(function, example) for _ in range(2))
            if self._program.code != again.code:
                raise RecordingError("the function does not compute the same when called again")
            if slow_by_numpy(self._program.answered_by("gradient"), 1):
                raise RecordingError("NumPy replays a function more slowly than it is called")
            value, gradient = value_and_grad(function)(example)
            replayed, by_replay = self._program.value_and_grad(start)
            if not same([replayed, *by_replay], [value, *gradient]):
                raise RecordingError(UNLIKE)
        self._second: Program | None = None

    def value(self, x: Array) -> float:
        """The function's value."""
        return float(self._program(x))

    def value_and_gradient(self, x: Array) -> tuple[float, Array]:
        """The value and the gradient."""
        value, gradient = self._program.value_and_grad(x)
        return value, gradient

    def product(self, x: Array, direction: Array) -> Array:
        """The Hessian times a direction, or times each row of several."""
        if self._second is None:
            self._second = self._program.hvp()
        _, product = self._second(x, direction)
        return np.asarray(product)

    def hessian(self, x: Array) -> Array:
        """The whole Hessian."""
        return self.product(x, np.eye(len(x)))


class CalledFunction:
    """The same by calls of the function."""

    tier: Tier = "eager"

    def __init__(self, function: Function) -> None:
        self._function = function
        self._both = value_and_grad(function)
        self._hessian = hessian(function)

    def value(self, x: Array) -> float:
        """The function's value."""
        with no_grad():
            return one_number(self._function([Value(number) for number in x.tolist()]))

    def value_and_gradient(self, x: Array) -> tuple[float, Array]:
        """The value and the gradient."""
        value, gradient = self._both(x.tolist())
        return value, np.array(gradient)

    def product(self, x: Array, direction: Array) -> Array:
        """The Hessian times a direction."""
        return np.array(hvp(self._function, (x.tolist(),), (direction.tolist(),))[0])

    def hessian(self, x: Array) -> Array:
        """The whole Hessian."""
        return np.array(self._hessian(x.tolist()))


def loss_at(closure: Closure, parameters: Sequence[Value], point: Array) -> float:
    """The loss that a closure computes, without a graph; the parameters stay where it was asked."""
    assign(parameters, point)
    with no_grad():
        return one_number(closure())


def assign(parameters: Sequence[Value], numbers: Array) -> None:
    """Give parameters these numbers."""
    for parameter, number in zip(parameters, numbers.tolist(), strict=True):
        parameter.data = number
