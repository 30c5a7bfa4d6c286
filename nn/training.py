"""Training: the loop over epochs and batches, what is kept of it, and who is told.

Steps are taken by one of two tiers, `stepping` and `replaying`, and computed by the losses and the
optimizers. Here stand their order, the history, early stopping, callbacks, and what happens when
something ends it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any, NoReturn

from autograd_core import RecordingError, TrainingError, Value
from nn.callbacks import Callback, listens, of_this_package
from nn.data import Pair, Samples, batches
from nn.history import Epoch, History, Tier, TierAsked
from nn.module import Module
from nn.objectives import Objective
from nn.optim import Optimizer
from nn.prediction import Validation
from nn.progress import Progress
from nn.randomness import Generator
from nn.replaying import ReplayedSteps
from nn.schedules import Schedule, ScheduleEvery
from nn.stepping import EagerSteps

__all__ = ["Training"]

WORTH_RECORDING = 256  # samples gone through in all epochs together


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
        callbacks: Sequence[Callback],
    ) -> None:
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
        self.penalty = penalty
        self._callbacks = callbacks
        self._watching = {
            event: [callback for callback in callbacks if listens(callback, event)]
            for event in ("on_step", "on_epoch")
        }
        self._looked_at = not all(map(of_this_package, [schedule, *metrics.values()]))
        self._others = not all(map(of_this_package, callbacks))
        self._changed_by_others = False
        self._best_parameters = optimizer.gather()
        self._best_loss = math.inf
        self._epochs_since_best = 0

    @property
    def tier(self) -> Tier:
        """Whether steps are replays of a program or calls of the model."""
        return self.history.tier

    def run(
        self,
        known: Pair,
        held: Pair | None,
        epochs: int,
        batch_size: int | None,
        patience: int | None,
        rng: Generator,
        progress: bool,
        tier: TierAsked,
    ) -> None:
        """Train for so many epochs, or until something ends it earlier."""
        count = len(known[0])
        per_epoch = len(list(batches(count, batch_size, seed=0)))
        modes = [(module, module.training) for module in self.model.modules()]
        self._modules = [module for module, _ in modes]
        self._tier_asked = tier
        self._progress = Progress(epochs * per_epoch, progress)
        self._known = known
        self._eager = EagerSteps(self, known, self._refuse)
        self._steps: EagerSteps | ReplayedSteps = self._eager
        self._held = held
        self._validation = None
        if held is not None:
            worth = tier == "replayed" or epochs * len(held[0]) >= WORTH_RECORDING
            replay = worth and tier != "eager"
            self._validation = Validation(self.model, self.objective, held, replay)
        try:
            for callback in self._callbacks:
                callback.on_start(self)
            self.model.train()
            self._choose(min(count, batch_size or count), epochs * count)
            served = [list(range(count))]
            for _ in range(epochs):
                if per_epoch > 1:  # one batch of all is the same in any order
                    served = list(batches(count, batch_size, seed=rng))
                if self._run_epoch(served):
                    break
                if patience is not None and self._epochs_since_best >= patience:
                    self.history.stopped = "early"
                    break
        except KeyboardInterrupt:
            self.history.stopped = "interrupted"
        finally:
            self._progress.close()
            self._steps.look()
            for module, was_training in modes:
                module.training = was_training
        if self.history.stopped == "interrupted" or patience is not None:
            self.optimizer.assign(self._best_parameters)

    def _choose(self, batch_size: int, visits: int) -> None:
        """Replay the steps, if that can be done and does not cost more than it gains."""
        self.history.reason = "the eager tier was asked for"
        if self._tier_asked == "eager":
            return
        if self._tier_asked == "auto" and visits < WORTH_RECORDING:
            self.history.reason = f"{visits} samples in all are too few to record the model for"
            return
        try:
            steps = ReplayedSteps(self._eager, keep_outputs=bool(self._metrics))
        except RecordingError as error:
            self._fall_back(str(error))
            return
        unwise = steps.unwise(batch_size) if self._tier_asked == "auto" else None
        self.history.reason = unwise or ""
        if unwise is None:
            self.history.tier, self._steps = "replayed", steps

    def _fall_back(self, reason: str) -> None:
        """Go on by the eager tier, and say why."""
        if self._tier_asked == "replayed":
            raise RecordingError(f"the training cannot be replayed: {reason}")
        self._steps.look()
        self._steps = self._eager
        self.history.tier, self.history.reason = "eager", reason
        self._progress.say(f"training in the eager tier: {reason}")

    def _run_epoch(self, served: list[list[int]]) -> bool:
        """One pass over the samples; whether training is over."""
        self.epoch += 1
        if self._steps is self._eager:
            self.model.train()
        self._steps.begin(served)
        added, count, decided, over = 0.0, 0, [], False
        for batch in served:
            self.batch = batch
            self._set_rate()
            try:
                self.loss = self._steps.step(batch)
            except RecordingError as error:
                if self._steps is self._eager:
                    raise
                decided += self._steps.predictions()
                self._fall_back(str(error))
                self.loss = self._steps.step(batch)
            self.step += 1
            added += self.loss * len(batch)
            count += len(batch)
            self._progress.step(self.epoch, self.loss, self.optimizer.learning_rate)
            if self._ended("on_step"):
                self.history.stopped, over = "callback", True
            elif self.optimizer.done:
                self.history.stopped, over = "converged", True
            if over:
                break
        decided += self._steps.predictions()
        scores = {}
        if self._metrics:
            seen = [self._known[1][index] for batch in served for index in batch][:count]
            scores = self._scored(decided, seen)
        self._record(added / count, scores)
        if self._ended("on_epoch"):
            self.history.stopped, over = "callback", True
        return over

    def _set_rate(self) -> None:
        """Ask the schedule for the learning rate."""
        if self._schedule is not None:
            if self._looked_at:
                self._steps.look()
            count = self.step if self._schedule_every == "step" else self.epoch - 1
            self.optimizer.learning_rate = self._schedule(count)

    def _ended(self, event: str) -> bool:
        """Tell every callback that listens; whether any of them ends training."""
        watching = self._watching[event]
        if not watching:
            return False
        self._steps.look()
        answers = [getattr(callback, event)(self) for callback in watching]
        by_others = not all(map(of_this_package, watching))
        self._changed_by_others |= by_others
        if event == "on_epoch" and not all(module.training for module in self._modules):
            self.model.train()  # as the next epoch would
        reason = self._steps.changed(by_others)
        if reason is not None:
            self._fall_back(reason)
        return any(answers)

    def _refuse(self, loss: float, batch: Sequence[int]) -> NoReturn:
        shown = ", ".join(map(str, batch[:10])) + (", ..." if len(batch) > 10 else "")
        raise TrainingError(
            f"the loss is {loss} at step {self.step + 1} (epoch {self.epoch}), on the samples "
            f"{shown}: lower the learning rate ({self.optimizer.learning_rate:g}), look at those "
            "samples, or train under detect_anomaly() to see which operation it was"
        )

    def _scored(self, decided: list[Any], true: Samples) -> dict[str, float]:
        if self._looked_at:
            self._steps.look()
        return {name: metric(decided, true) for name, metric in self._metrics.items()}

    def _record(self, loss: float, scores: dict[str, float]) -> None:
        """Add the epoch to the history, and see whether it is the best."""
        validation_loss, validation_scores = None, {}
        if self._validation is not None and self._held is not None:
            self._steps.look()
            validation_loss, read = self._validation(self._changed_by_others)
            self._changed_by_others = False
            validation_scores = self._scored(read, self._held[1])
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
            self._best_parameters = self._steps.parameters()
            self.history.best = epoch
        else:
            self._epochs_since_best += 1
        observe = getattr(self._schedule, "observe", None)
        if observe is not None:
            observe(judged)
        if scores:
            held = {f"validation {name}": score for name, score in validation_scores.items()}
            self._progress.describe(held or scores)
