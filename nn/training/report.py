"""Training: what a training under way is made of and has come to, which callbacks see.

They may end it or replace a part. The order of its steps is `loop`'s.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import NoReturn

from autograd_core import TrainingError, Value
from nn.models.module import Module
from nn.optim import Optimizer
from nn.training.history import History, Tier
from nn.training.objectives import Objective

__all__ = ["Training"]


class Training:
    """A training under way: what callbacks see."""

    def __init__(
        self,
        model: Module,
        objective: Objective,
        optimizer: Optimizer,
        penalty: Callable[[], Value] | None,
    ) -> None:
        self.model = model
        self.objective = objective
        self.optimizer = optimizer
        self.penalty = penalty
        self.history = History()
        self.epoch = 0
        """The number of epochs begun."""
        self.step = 0
        """The number of steps taken."""
        self.loss = math.nan
        """The last step's loss."""
        self.batch: list[int] = []
        """The last step's samples, by their numbers."""

    @property
    def tier(self) -> Tier:
        """Whether steps are replays of a program or calls of the model."""
        return self.history.tier

    def refuse(self, loss: float, batch: Sequence[int]) -> NoReturn:
        """Complain about a loss that is not finite."""
        shown = ", ".join(map(str, batch[:10])) + (", ..." if len(batch) > 10 else "")
        advice = (
            f"lower the learning rate ({self.optimizer.learning_rate:g}), look at those samples"
        )
        if not self.step:  # whose rate has changed nothing yet
            advice = (
                "look at those samples and at what the loss takes: logits or probabilities, say"
            )
        raise TrainingError(
            f"the loss is {loss} at step {self.step + 1} (epoch {self.epoch}), on the samples "
            f"{shown}: {advice}, or train under detect_anomaly() to see which operation it was"
        )
