"""What a training leaves behind: one record an epoch, and curves of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

__all__ = ["Epoch", "History", "Stopped", "Tier", "TierAsked"]

Stopped = Literal["finished", "early", "converged", "callback", "interrupted"]
Tier = Literal["replayed", "eager"]
TierAsked = Literal["auto", "replayed", "eager"]


@dataclass(frozen=True)
class Epoch:
    """What one pass over the training samples came to."""

    number: int
    """Counted from 1."""
    steps: int
    """Steps of the optimizer taken since the start."""
    learning_rate: float
    """That of the last step."""
    loss: float
    """The mean over the batches as they were met, each weighted by its size."""
    metrics: dict[str, float]
    """On the training samples as they were met."""
    validation_loss: float | None = None
    validation_metrics: dict[str, float] = field(default_factory=dict)


@dataclass
class History:
    """The epochs of a training, in order."""

    epochs: list[Epoch] = field(default_factory=list)
    stopped: Stopped = "finished"
    """Why it ended: all epochs done, early stopping, a flat gradient, a callback, or Ctrl-C."""
    best: Epoch | None = None
    """The epoch of the lowest validation loss, or training loss where nothing was held out."""
    tier: Tier = "eager"
    """Whether the steps were replays of a recorded program, or calls of the model to the end."""
    reason: str = ""
    """Why they were not replayed, in a line."""

    def __len__(self) -> int:
        return len(self.epochs)

    def __iter__(self) -> Iterator[Epoch]:
        return iter(self.epochs)

    def __getitem__(self, place: int) -> Epoch:
        return self.epochs[place]

    def curves(self) -> dict[str, list[float]]:
        """Each curve by name: `loss`, `validation loss`, every metric, and `validation` metrics."""
        if not self.epochs:
            return {}
        found = {"loss": [epoch.loss for epoch in self.epochs]}
        validated = [e.validation_loss for e in self.epochs if e.validation_loss is not None]
        if validated:
            found["validation loss"] = validated
        for name in self.epochs[0].metrics:
            found[name] = [epoch.metrics[name] for epoch in self.epochs]
        for name in self.epochs[0].validation_metrics:
            found[f"validation {name}"] = [e.validation_metrics[name] for e in self.epochs]
        return found

    def plot(self, axes: Any = None) -> Any:
        """Draw the losses over the epochs, and the metrics on an axis of their own at the right.

        Returns the axes. Raises ImportError if matplotlib is not installed.
        """
        from nn.plots import training_curves

        return training_curves(self, axes)

    def __repr__(self) -> str:
        if not self.epochs:
            return f"History(no epochs, {self.stopped})"
        last = self.epochs[-1]
        return f"History({len(self)} epochs, loss {last.loss:.4g}, {self.stopped})"
