"""What a training leaves behind: one record an epoch, and curves of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import cycle
from typing import Any, Literal

from nn.axes import COLORS, axes_for
from nn.options import choice

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

    def plot(
        self,
        axes: Any = None,
        *,
        scale: Literal["linear", "log"] = "linear",
        by: Literal["epoch", "step"] = "epoch",
    ) -> Any:
        """Draw the losses over the epochs, and the metrics on an axis of their own at the right.

        `scale="log"` spaces losses by their logarithms, on which what falls at a steady rate is a
        straight line. `by="step"` counts steps instead of epochs: two trainings on batches of
        different sizes took as long where they met as many samples, not as many steps.

        Returns the axes. Raises ValueError for no epochs, an unknown scale or count, or a loss that
        has no logarithm, and ImportError if matplotlib is not installed.

        >>> history = History([Epoch(1, 4, 0.1, 1.0, {}), Epoch(2, 8, 0.1, 0.1, {})])
        >>> axes = history.plot(scale="log", by="step")
        >>> axes.get_yscale(), axes.lines[0].get_xdata().tolist()
        ('log', [4, 8])
        """
        if not self.epochs:
            raise ValueError("there are no curves to draw: the history has no epochs")
        choice(by, "by", ("epoch", "step"))
        curves = self.curves()
        losses = {name: curves.pop(name) for name in _LOSSES if name in curves}
        _check_scale(scale, losses)
        places = [epoch.number if by == "epoch" else epoch.steps for epoch in self.epochs]
        axes = axes_for(axes)
        right: Any = axes.twinx() if curves else None
        colors = iter(cycle(COLORS))
        lines = []
        for on, drawn in ((axes, losses), (right, curves)):
            for name, curve in drawn.items():
                style = "--" if name.startswith("validation") else "-"
                style += "o" if len(places) == 1 else ""
                lines += on.plot(places, curve, style, color=next(colors), label=name)
        axes.set_xlabel(by)
        axes.set_ylabel("loss")
        axes.set_yscale(scale)
        if right is not None:
            right.set_ylabel("metric")
        (axes if right is None else right).legend(handles=lines, loc="center right")
        return axes

    def __repr__(self) -> str:
        if not self.epochs:
            return f"History(no epochs, {self.stopped})"
        last = self.epochs[-1]
        return f"History({len(self)} epochs, loss {last.loss:.4g}, {self.stopped})"


_LOSSES = ("loss", "validation loss")


def _check_scale(scale: str, losses: dict[str, list[float]]) -> None:
    choice(scale, "scale", ("linear", "log"))
    lowest = min(map(min, losses.values()))
    if scale == "log" and lowest <= 0:
        raise ValueError(
            f"scale='log' needs losses above 0, and one is {lowest!r}: draw scale='linear'"
        )
