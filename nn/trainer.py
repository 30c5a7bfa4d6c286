"""Training: `fit` goes over the samples in batches, epoch after epoch, and says how it is going.

Batch, stochastic and mini-batch descent are this one loop with three sizes of batches. Equal seeds
and equal models give equal bits. What is computed in a step is the losses' and the optimizers'.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from tqdm import tqdm

from autograd_core import TrainingError, Value
from nn.data import Pair, Samples, batches, divided
from nn.history import Epoch, History
from nn.metrics import METRICS
from nn.module import Module
from nn.objectives import Loss, Objective, evaluation, numbers, objective
from nn.optim import Adam, Optimizer
from nn.options import whole
from nn.randomness import Seed, generator
from nn.schedules import Schedule, ScheduleEvery

__all__ = ["Callback", "Training", "fit"]

Metric = str | Callable[[Any, Any], float]
OnEpoch = Callable[["Training"], bool | None]
"""A callback that is a plain function, called after each epoch."""


class Callback:
    """What is told how training goes: subclass it and define what is wanted.

    Training ends when `on_step` or `on_epoch` returns True.
    """

    def on_start(self, training: Training) -> None:
        """Called once before the first step."""

    def on_step(self, training: Training) -> bool | None:
        """Called after each step; the gradients are still those of the step."""

    def on_epoch(self, training: Training) -> bool | None:
        """Called after each epoch, when `training.history` has its record."""


class _Function(Callback):
    """A plain function, called after each epoch."""

    def __init__(self, function: OnEpoch) -> None:
        self.function = function

    def on_epoch(self, training: Training) -> bool | None:
        return self.function(training)


def fit(
    model: Module,
    inputs: Samples,
    targets: Samples,
    *,
    loss: str | Loss | Objective = "squared_error",
    optimizer: Optimizer | None = None,
    schedule: Schedule | None = None,
    schedule_every: ScheduleEvery = "step",
    epochs: int = 10,
    batch_size: int | None = 32,
    validation: float | Pair | None = None,
    metrics: Sequence[Metric] = (),
    penalty: Callable[[], Value] | None = None,
    patience: int | None = None,
    callbacks: Iterable[Callback | OnEpoch] = (),
    seed: Seed = 0,
    progress: bool = True,
) -> History:
    """Train a model on samples and targets; the model's parameters are changed.

    `loss` is a name (see `OBJECTIVES`) or a function of outputs and targets, `optimizer` by default
    Adam. `batch_size` None is batch descent, 1 stochastic. `validation` is a share to hold out or a
    pair of samples and targets; with `patience`, training stops when that many epochs in a row were
    no better than the best, and keeps the best parameters. So does Ctrl-C, which ends training and
    returns. `penalty` computes a Value that is added to each batch's loss, such as
    `lambda: l2(model.parameters(), 1e-4)`. A progress bar goes to standard error.

    Raises TrainingError as soon as a loss is NaN or infinite, naming the step and the batch, and
    ValueError for samples or options that do not fit.

    >>> from nn import MLP, datasets
    >>> data = datasets.xor()
    >>> model = MLP(2, [4, 1], activation="tanh", seed=1)
    >>> history = fit(model, data.inputs, data.targets, loss="binary_cross_entropy_with_logits",
    ...               optimizer=Adam(model.parameters(), 0.1), epochs=100, progress=False)
    >>> history.stopped, history[-1].loss < 0.05
    ('finished', True)
    """
    if not isinstance(model, Module):
        raise TypeError(f"fit trains a Module, got {model!r} of type {type(model).__name__}")
    training = Training(
        model=model,
        objective=objective(loss),
        optimizer=Adam(model.parameters()) if optimizer is None else optimizer,
        schedule=schedule,
        schedule_every=schedule_every,
        metrics={_metric_name(metric): _metric(metric) for metric in metrics},
        penalty=penalty,
        callbacks=list(callbacks),
    )
    known, held = divided(inputs, targets, validation, seed=seed)
    whole(epochs, "epochs")
    if patience is not None:
        whole(patience, "patience")
    training.run(known, held, epochs, batch_size, patience, seed, progress)
    return training.history


class Training:
    """A training under way: what callbacks see."""

    def __init__(
        self,
        model: Module,
        objective: Objective,
        optimizer: Optimizer,
        schedule: Schedule | None,
        schedule_every: ScheduleEvery,
        metrics: dict[str, Callable[[Any, Any], float]],
        penalty: Callable[[], Value] | None,
        callbacks: list[Callback | OnEpoch],
    ) -> None:
        if not isinstance(optimizer, Optimizer):
            raise TypeError(
                f"the optimizer must be one of nn.optim, as in Adam(model.parameters(), 0.01), "
                f"got {optimizer!r} of type {type(optimizer).__name__}"
            )
        for what, given in [("the schedule", schedule), *(("a callback", c) for c in callbacks)]:
            if given is not None and not callable(given) and not isinstance(given, Callback):
                raise TypeError(
                    f"{what} must be a function, got {given!r} of type {type(given).__name__}"
                )
        if schedule_every not in ("step", "epoch"):
            raise ValueError(f"schedule_every must be 'step' or 'epoch', got {schedule_every!r}")
        self.model = model
        self.objective = objective
        self.optimizer = optimizer
        self.history = History()
        self.epoch = 0
        """The number of epochs begun."""
        self.step = 0
        """The number of steps taken."""
        self.loss = math.nan
        """The last step's loss."""
        self.batch: list[int] = []
        """The last step's samples, by their numbers."""
        self._schedule = schedule
        self._schedule_every = schedule_every
        self._metrics = metrics
        self._penalty = penalty
        self._callbacks = [c if isinstance(c, Callback) else _Function(c) for c in callbacks]
        self._best_parameters = optimizer.gather()
        self._best_loss = math.inf
        self._epochs_since_best = 0

    def run(
        self,
        known: Pair,
        held: Pair | None,
        epochs: int,
        batch_size: int | None,
        patience: int | None,
        seed: Seed,
        progress: bool,
    ) -> None:
        """Train for so many epochs, or until something ends it earlier."""
        rng = generator(seed)
        per_epoch = len(list(batches(len(known[0]), batch_size, seed=0)))
        modes = [(module, module.training) for module in self.model.modules()]
        bar = tqdm(total=epochs * per_epoch, unit="batch", file=sys.stderr, disable=not progress)
        try:
            for callback in self._callbacks:
                callback.on_start(self)
            for _ in range(epochs):
                if self._run_epoch(known, held, batches(len(known[0]), batch_size, seed=rng), bar):
                    break
                if patience is not None and self._epochs_since_best >= patience:
                    self.history.stopped = "early"
                    break
        except KeyboardInterrupt:
            self.history.stopped = "interrupted"
        finally:
            bar.close()
            for module, was_training in modes:
                module.training = was_training
        if self.history.stopped == "interrupted" or patience is not None:
            self.optimizer.assign(self._best_parameters)

    def _run_epoch(
        self, known: Pair, held: Pair | None, served: Iterator[list[int]], bar: Any
    ) -> bool:
        """One pass over the samples; whether training is over."""
        self.epoch += 1
        self.model.train()
        added, decided, seen, over = 0.0, [], [], False
        for batch in served:
            predictions = self._take_step(known, batch)
            added += self.loss * len(batch)
            decided += predictions
            seen += [known[1][index] for index in batch]
            bar.set_postfix(
                epoch=self.epoch,
                loss=f"{self.loss:.4g}",
                learning_rate=f"{self.optimizer.learning_rate:.3g}",
                refresh=False,
            )
            bar.update()
            if self._ended("on_step"):
                self.history.stopped, over = "callback", True
            elif self.optimizer.done:
                self.history.stopped, over = "converged", True
            if over:
                break
        self._record(added / len(seen), decided, seen, held, bar)
        if self._ended("on_epoch"):
            self.history.stopped, over = "callback", True
        return over

    def _ended(self, event: str) -> bool:
        """Tell every callback; whether any of them ends training."""
        answers = [getattr(callback, event)(self) for callback in self._callbacks]
        return any(answers)

    def _take_step(self, known: Pair, batch: list[int]) -> list[Any]:
        """One step of the optimizer; what the model predicted before it."""
        samples = [known[0][index] for index in batch]
        aims = [known[1][index] for index in batch]
        predictions: list[Any] = []

        def closure() -> Value:
            given = [self.model(sample) for sample in samples]
            loss = self.objective.loss(given, aims)
            if self._penalty is not None:
                loss = loss + self._penalty()
            if not predictions:  # a line search calls again, and may try what is infinite
                if not math.isfinite(loss.data):
                    self._refuse(loss.data, batch)
                predictions.extend(self.objective.decide(numbers(output)) for output in given)
            return loss

        self.batch = batch
        if self._schedule is not None:
            count = self.step if self._schedule_every == "step" else self.epoch - 1
            self.optimizer.learning_rate = self._schedule(count)
        loss: Any = self.optimizer.step(closure)
        self.loss = loss.data
        self.step += 1
        return predictions

    def _refuse(self, loss: float, batch: list[int]) -> None:
        shown = ", ".join(map(str, batch[:10])) + (", ..." if len(batch) > 10 else "")
        raise TrainingError(
            f"the loss is {loss} at step {self.step + 1} (epoch {self.epoch}), on the samples "
            f"{shown}: lower the learning rate ({self.optimizer.learning_rate:g}), look at those "
            "samples, or train under detect_anomaly() to see which operation it was"
        )

    def _record(
        self, loss: float, decided: list[Any], seen: list[Any], held: Pair | None, bar: Any
    ) -> None:
        """Add the epoch to the history, and see whether it is the best."""
        scores = {name: metric(decided, seen) for name, metric in self._metrics.items()}
        validation_loss, validation_scores = None, {}
        if held is not None:
            with evaluation(self.model):
                given = [self.model(sample) for sample in held[0]]
                validation_loss = self.objective.loss(given, held[1]).data
            read = [self.objective.decide(numbers(output)) for output in given]
            validation_scores = {name: m(read, held[1]) for name, m in self._metrics.items()}
        epoch = Epoch(
            self.epoch,
            self.step,
            self.optimizer.learning_rate,
            loss,
            scores,
            validation_loss,
            validation_scores,
        )
        self.history.epochs.append(epoch)
        judged = loss if validation_loss is None else validation_loss
        if judged < self._best_loss:
            self._best_loss, self._epochs_since_best = judged, 0
            self._best_parameters = self.optimizer.gather()
            self.history.best = epoch
        else:
            self._epochs_since_best += 1
        observe = getattr(self._schedule, "observe", None)
        if observe is not None:
            observe(judged)
        shown = {f"validation {name}": score for name, score in validation_scores.items()} or scores
        bar.set_description(
            ", ".join(f"{name} {score:.4g}" for name, score in shown.items()), False
        )


def _metric(metric: Metric) -> Callable[[Any, Any], float]:
    if not isinstance(metric, str):
        return metric
    if metric not in METRICS:
        raise ValueError(f"unknown metric {metric!r}; there are {', '.join(METRICS)}")
    return METRICS[metric]


def _metric_name(metric: Metric) -> str:
    return metric if isinstance(metric, str) else getattr(metric, "__name__", "metric")
