"""A learning rate found by trying: it grows from step to step until the loss does (Smith 2015).

One short training, by any optimizer, in which every step has a larger rate than the one before.
Where rates are too small the loss stays, where they are right it falls, then it explodes.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograd_core import TrainingError, Value
from nn.axes import COLORS, axes_for
from nn.data import Samples, batches
from nn.models.module import Module
from nn.optim import Adam, Optimizer
from nn.options import by_rows, checked_function, checked_model, got, real, turns
from nn.randomness import Seed
from nn.training.callbacks import Callback
from nn.training.objectives import Loss, Objective
from nn.training.report import Training
from nn.training.restoring import held
from nn.training.trainer import fit

__all__ = ["RateSearch", "find_rate"]

Array = NDArray[np.float64]
FIRST = 10  # steps whose mean the running mean starts from: single batches differ
EXPLODED = 3.0  # times what it began with, above the lowest


@dataclass(frozen=True, eq=False)
class RateSearch:
    """The losses that were met while the learning rate grew."""

    rates: Array
    """The learning rate of each step, each larger than the one before by the same factor."""
    losses: Array
    """The loss of the batch before each step."""
    smoothed: Array
    """The running mean of the losses, from that of the first ten on."""
    suggested: float
    """The rate at which half of the fall was done: one to begin with; NaN if there was no fall."""
    lowest: float
    """The rate at which it was lowest."""
    exploded: bool
    """Whether the loss exploded in the end; if not, larger rates may be tried."""

    def plot(self, axes: Any = None) -> Any:
        """Draw the losses over the rates, with the rate that is suggested. Returns the axes.

        Raises ImportError if matplotlib is not installed.
        """
        axes = axes_for(axes)
        axes.plot(self.rates, self.losses, ".", color=COLORS[4], label="loss of the batch")
        axes.plot(self.rates, self.smoothed, color=COLORS[0], linewidth=2, label="smoothed")
        if not math.isnan(self.suggested):
            said = f"suggested: {self.suggested:.2g}"
            axes.axvline(self.suggested, color=COLORS[5], linestyle="--", label=said)
        axes.set_xscale("log")
        low, high = float(self.smoothed.min()), float(self.smoothed[0])
        room = (high - low) or abs(high) or 1.0
        axes.set_ylim(low - 0.2 * room, high + 0.8 * room)
        axes.set_xlabel("learning rate")
        axes.set_ylabel("loss")
        axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=3, frameon=False)
        return axes

    def __repr__(self) -> str:
        return f"RateSearch({len(self.rates)} rates, suggested {self.suggested:.2g})"


def find_rate(
    model: Module,
    inputs: Samples,
    targets: Samples,
    *,
    loss: str | Loss | Objective = "squared_error",
    optimizer: Callable[[list[Value], float], Optimizer] = Adam,
    smallest: float = 1e-6,
    largest: float = 10.0,
    steps: int = 100,
    batch_size: int | None = 32,
    smoothing: float = 0.8,
    penalty: Callable[[], Value] | None = None,
    seed: Seed = 0,
) -> RateSearch:
    """Try learning rates from the smallest to the largest, one a step, and suggest one.

    `optimizer` makes one of the parameters and a rate, as the classes of `nn.optim` do. `smoothing`
    is the share of the old in the running mean of the losses: the smaller the batches, the larger
    it should be. The rest is `fit`'s. It ends where the loss explodes. The model's parameters are
    left as they were.

    Raises ValueError and TypeError for options that do not fit, TrainingError if the loss is NaN or
    infinite from the first step on.

    >>> from nn import MLP, datasets
    >>> data = datasets.moons(100)
    >>> model = MLP(2, [8, 1], activation="tanh", seed=0)
    >>> loss = "binary_cross_entropy_with_logits"
    >>> found = find_rate(model, data.inputs, data.targets, loss=loss)
    >>> 0.01 < found.suggested < 0.2 < found.lowest
    True
    """
    real(smallest, "smallest", above=0)
    real(largest, "largest", above=smallest)
    factor = (largest / smallest) ** (1 / (turns(steps, "steps", FIRST + 1) - 1))
    rows = by_rows(inputs)
    if not hasattr(rows, "__len__"):
        raise TypeError(f"inputs must be a list of samples, {got(inputs)}")
    count = len(rows)
    parameters = checked_model(model, "find_rate()").parameters()
    checked_function(optimizer, "find_rate(optimizer=)", "parameters", "a rate")
    trained = optimizer(parameters, smallest)
    if not isinstance(trained, Optimizer):
        raise TypeError(
            "optimizer must make one of nn.optim of parameters and a rate, as "
            f"lambda parameters, rate: SGD(parameters, rate, 0.9) does; got {trained!r}"
        )
    met = _Met(steps, real(smoothing, "smoothing", least=0, below=1))
    per_epoch = max(1, len(list(batches(count, batch_size, seed=0)))) if count else 1
    give_back = [held(parameters, attribute) for attribute in ("data", "grad")]
    try:
        fit(
            model,
            inputs,
            targets,
            loss=loss,
            optimizer=trained,
            schedule=lambda step: smallest * factor**step,
            epochs=math.ceil(steps / per_epoch),
            batch_size=batch_size,
            penalty=penalty,
            callbacks=[met],
            seed=seed,
            progress=False,
        )
    except TrainingError:
        if len(met.losses) < 3:
            raise
        met.exploded = True
    finally:
        for give in give_back:
            give()
    return _judged(smallest * factor ** np.arange(len(met.losses)), met)


class _Met(Callback):
    """The losses that are met, until they explode or are as many as were asked for."""

    def __init__(self, steps: int, smoothing: float) -> None:
        self.steps = steps
        self.smoothing = smoothing
        self.losses: list[float] = []
        self.smoothed: list[float] = []
        self.exploded = False

    def on_step(self, training: Training) -> bool:
        """Take down the loss before the step."""
        self.losses.append(training.loss)
        count = len(self.losses)
        if count <= FIRST:
            self.smoothed = [math.fsum(self.losses) / count] * count
        else:
            mean, share = self.smoothed[-1], self.smoothing
            self.smoothed.append(share * mean + (1 - share) * training.loss)
        rise = self.smoothed[-1] - min(self.smoothed)
        self.exploded = count > FIRST and rise > EXPLODED * abs(self.smoothed[0])
        return self.exploded or count == self.steps


def _judged(rates: Array, met: _Met) -> RateSearch:
    smoothed = np.array(met.smoothed)
    lowest = int(smoothed.argmin())
    halfway = (smoothed[0] + smoothed[lowest]) / 2
    fell = smoothed[lowest] < smoothed[0]
    suggested = float(rates[(smoothed <= halfway).argmax()]) if fell else math.nan
    losses = np.array(met.losses)
    return RateSearch(rates, losses, smoothed, suggested, float(rates[lowest]), met.exploded)
