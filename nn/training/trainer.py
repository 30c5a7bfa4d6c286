"""fit: a model trained on samples in one call. It checks what it is given; `loop` trains.

Batch, stochastic and mini-batch descent are one loop with three sizes of batches. Equal seeds and
equal models give equal bits.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from autograd_core import Value
from nn.data import Pair, Samples, divided
from nn.metrics import METRICS
from nn.models.module import Module
from nn.optim import Adam, Optimizer
from nn.options import (
    by_name,
    checked_closure,
    checked_function,
    choice,
    flag,
    got,
    in_order,
    turns,
    whole,
)
from nn.randomness import Seed, generator
from nn.schedules import Schedule, ScheduleEvery, checked_schedule
from nn.training.callbacks import Callback, OnEpoch, as_callback
from nn.training.history import History, TierAsked
from nn.training.loop import Loop
from nn.training.objectives import Loss, Objective, objective
from nn.training.report import Training

__all__ = ["fit"]

Metric = str | Callable[[Any, Any], float]


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
    tier: TierAsked = "auto",
) -> History:
    """Train a model on samples and targets; the model's parameters are changed.

    Samples and targets are lists, rows of an array or of a data frame, of numbers all.

    `loss` is a name (see `OBJECTIVES`) or a function of outputs and targets, `optimizer` by default
    Adam. `batch_size` None is batch descent, 1 stochastic. `validation` is a share to hold out or a
    pair of samples and targets; with `patience`, training stops when that many epochs in a row were
    no better than the best, and keeps the best parameters: those after the epoch of the lowest
    validation loss. Where nothing is held out, they are those at which the lowest loss was measured
    if an epoch is one batch, and those after the epoch of the lowest mean if it is several. Ctrl-C,
    too, ends training, keeps the best parameters and returns. `penalty` computes a Value that is
    added to each batch's loss, such as `lambda: l2(model.parameters(), 1e-4)`. A progress bar goes
    to standard error.

    The loss of one sample is recorded and replayed, many times as fast and the same but for the
    order in which a batch is added up, unless it cannot be: a model that branches on its numbers or
    draws random ones, as Dropout does, is called on every sample, in the eager tier. The history
    tells which it was and why. What else model, loss and penalty read, they read once. `tier` asks
    for the eager tier, or insists on the replayed one.

    Raises TrainingError as soon as a loss is NaN or infinite, naming the step and the batch, or a
    validation loss is NaN, naming the sample; ValueError for samples or options that do not fit,
    and RecordingError if `tier` is "replayed" and the training cannot be.

    >>> from nn import MLP, datasets
    >>> data = datasets.xor()
    >>> model = MLP(2, [4, 1], activation="tanh", seed=1)
    >>> history = fit(model, data.inputs, data.targets, loss="binary_cross_entropy_with_logits",
    ...               optimizer=Adam(model.parameters(), 0.1), epochs=100, progress=False)
    >>> history.stopped, history[-1].loss < 0.05
    ('finished', True)
    """
    if not isinstance(model, Module):
        raise TypeError(f"fit trains a Module, {got(model)}")
    choice(tier, "tier", ("auto", "replayed", "eager"))
    if optimizer is not None and not isinstance(optimizer, Optimizer):
        raise TypeError(
            f"the optimizer must be one of nn.optim, as in Adam(model.parameters(), 0.01), "
            f"{got(optimizer)}"
        )
    told = [as_callback(each) for each in in_order(callbacks, "the callbacks")]
    if schedule is not None:
        checked_schedule(schedule, "fit")
    if penalty is not None:
        checked_closure(penalty, "fit", "the penalty")
    choice(schedule_every, "schedule_every", ("step", "epoch"))
    training = Training(
        model=model,
        objective=objective(loss),
        optimizer=Adam(model.parameters()) if optimizer is None else optimizer,
        penalty=penalty,
    )
    own = set(model.parameters())
    if own and own.isdisjoint(training.optimizer.parameters):
        raise ValueError(
            "the optimizer holds none of the model's parameters, and would train another model: "
            "make it of this very one's, as in Adam(model.parameters(), 0.01)"
        )
    loop = Loop(
        training,
        schedule=schedule,
        schedule_every=schedule_every,
        metrics=_named(metrics),
        callbacks=told,
    )
    known, held = divided(
        inputs, targets, validation, classify=training.objective.classifies, seed=seed
    )
    turns(epochs, "epochs")
    flag(progress, "progress")
    if patience is not None:
        whole(patience, "patience")
    rng = generator(seed)
    loop.run(known, held, epochs, batch_size, patience, rng, progress, tier)
    return training.history


def _named(metrics: Sequence[Metric]) -> dict[str, Callable[[Any, Any], float]]:
    found: dict[str, Callable[[Any, Any], float]] = {}
    for metric in in_order([metrics] if isinstance(metrics, str) else metrics, "the metrics"):
        function = by_name(
            metric, "metric", METRICS, ", or give a function of predictions, targets"
        )
        checked_function(function, "a metric", "predictions", "targets")
        name = metric if isinstance(metric, str) else getattr(metric, "__name__", "metric")
        if found.setdefault(name, function) is not function:
            raise ValueError(f"two metrics are named {name!r}: give each a name of its own")
    return found
