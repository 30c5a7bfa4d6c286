"""The eager tier: steps of training that call the model on every sample of a batch.

It takes any model, loss and optimizer, and says what is wrong with them; the replayed tier, which
stands on it, asks it for the first numbers and gives way to it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from numbers import Real
from typing import Any, NoReturn, Protocol

import numpy as np
from numpy.typing import NDArray

from autograd_core import Value, leaves
from nn.data import Pair
from nn.models.module import Module
from nn.optim import Optimizer
from nn.options import got
from nn.training.objectives import Objective, numbers

__all__ = ["EagerSteps", "Trained", "check_reached"]

Array = NDArray[np.float64]


class Trained(Protocol):
    """What is trained, on what, by what; callbacks may replace them."""

    model: Module
    objective: Objective
    optimizer: Optimizer
    penalty: Callable[[], Value] | None

    def refuse(self, loss: float, batch: Sequence[int]) -> NoReturn: ...


class EagerSteps:
    """The steps of one training by the eager tier."""

    name = "eager"

    def __init__(self, trained: Trained, known: Pair) -> None:
        self.trained = trained
        self.known = known
        self._predictions: list[Any] = []
        self._reached = False

    def begin(self, served: Sequence[Sequence[int]]) -> None:
        """Called before each epoch with its batches."""

    def run(
        self,
        batches: Sequence[Sequence[int]],
        rate: Callable[[int], float] | None,
        losses: list[float],
    ) -> None:
        """Called to take several steps at once, which this tier does not."""

    def step(self, batch: Sequence[int]) -> float:
        """Take one step of the optimizer; the loss before it."""
        predictions: list[Any] = []

        def closure() -> Value:
            return self._loss(batch, predictions)

        loss: Any = self.trained.optimizer.step(closure)
        self._predictions += predictions
        return float(loss.data)

    def evaluate(self, batch: Sequence[int]) -> tuple[float, Array]:
        """The loss of a batch and its gradient, at what the parameters hold."""
        self.trained.optimizer.zero_grad()
        loss = self._loss(batch, [])
        loss.backward()
        parameters = self.trained.optimizer.parameters
        return loss.data, np.array([parameter.grad for parameter in parameters])

    def predictions(self) -> list[Any]:
        """What the model predicted in the steps since this was asked last, each before its step."""
        predictions, self._predictions = self._predictions, []
        return predictions

    def parameters(self) -> Array:
        """A copy of the parameters' numbers."""
        return self.trained.optimizer.gather()

    def look(self) -> None:
        """Called before anybody may look at the parameters."""

    def changed(self, by_others: bool) -> str | None:
        """Called after somebody may have changed them; why this tier cannot go on, if it cannot."""
        return None

    def _loss(self, batch: Sequence[int], predictions: list[Any]) -> Value:
        model, objective, penalty = self.trained.model, self.trained.objective, self.trained.penalty
        given = [model(self.known[0][index]) for index in batch]
        loss = objective.loss(given, [self.known[1][index] for index in batch])
        _check_returned(loss, f"the loss {objective.name}", Value)
        if penalty is not None:
            added = penalty()
            _check_returned(added, "the penalty", Value, Real)
            loss = loss + added
        if not self._reached:
            check_reached(loss, self.trained.optimizer.parameters)
            self._reached = True
        if not predictions:  # a line search calls again, and may try what is infinite
            if not math.isfinite(loss.data):
                self.trained.refuse(loss.data, batch)
            predictions.extend(objective.decide(numbers(output)) for output in given)
        return loss


def _check_returned(returned: Any, what: str, *kinds: type) -> None:
    if not isinstance(returned, kinds):
        raise TypeError(
            f"{what} must return one Value, {got(returned)}: compute it from Values, not from "
            "their .data"
        )


def check_reached(loss: Any, parameters: Sequence[Value]) -> None:
    """See that there is something to descend by: what is computed by .data has no gradient.

    Raises ValueError for a loss that was computed from none of the parameters.
    """
    if not isinstance(loss, Value) or set(parameters).isdisjoint(leaves(loss)):
        raise ValueError(
            f"the loss, {loss!r:.60}, depends on none of the {len(parameters)} parameters, so "
            "there is no gradient: compute it with Values, not with .data or float() of them"
        )
