"""The loop over the epochs and batches of a training, what is kept of it, and who is told.

Steps are taken by one of two tiers, `eager` and `replaying`, and computed by the losses and the
optimizers, one by one where somebody is told of each, else many in one call. Here stand their
order, the history, early stopping, callbacks, and what happens when something ends it. The loop
knows the training, which knows no loop: all is freed as it ends.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import partial
from numbers import Real
from typing import Any

from autograd_core import RecordingError, Value
from nn.data import Pair, Samples, batches
from nn.options import got, real
from nn.randomness import Generator
from nn.schedules import Schedule, ScheduleEvery
from nn.training import restoring
from nn.training.callbacks import Callback, ends, listens, of_this_package
from nn.training.eager import EagerSteps
from nn.training.history import Epoch, TierAsked
from nn.training.prediction import Validation
from nn.training.progress import Progress
from nn.training.replaying import ReplayedSteps
from nn.training.report import Training

__all__ = ["Loop"]

WORTH_RECORDING = 256  # samples gone through in all epochs together
AT_ONCE = 256  # steps taken with nothing in between, at most


class Loop:
    """The loop of one training."""

    def __init__(
        self,
        training: Training,
        schedule: Schedule | None,
        schedule_every: ScheduleEvery,
        metrics: dict[str, Callable[[Any, Any], float]],
        callbacks: Sequence[Callback],
    ) -> None:
        self._training = training
        self._schedule = schedule
        self._schedule_every = schedule_every
        self._metrics = metrics
        self._callbacks = callbacks
        self._watching = {
            event: [callback for callback in callbacks if listens(callback, event)]
            for event in ("on_step", "on_epoch")
        }
        self._looked_at = not all(map(of_this_package, [schedule, *metrics.values()]))
        self._others = not all(map(of_this_package, callbacks))
        self._changed_by_others = False
        self._best_parameters = self._measured = training.optimizer.gather()
        self._best_loss = math.inf
        self._epochs_since_best = 0
        self._decided: list[Any] = []

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
        training, count = self._training, len(known[0])
        per_epoch = len(list(batches(count, batch_size, seed=0)))
        self._modules = list(training.model.modules())
        give_back_modes = restoring.held(self._modules, "training")
        self._tier_asked = tier
        self._progress = Progress(epochs * per_epoch, progress)
        self._known = known
        self._eager = EagerSteps(training, known)
        self._steps: EagerSteps | ReplayedSteps = self._eager
        self._held = held
        self._validation: Validation | None = None
        # One batch of all is measured where the epoch begins, several all along it.
        self._measured_before = held is None and per_epoch == 1
        if held is not None:
            worth = tier == "replayed" or epochs * len(held[0]) >= WORTH_RECORDING
            replay = worth and tier != "eager"
            self._validation = Validation(training.model, training.objective, held, replay)
        try:
            for callback in self._callbacks:
                callback.on_start(training)
            training.model.train()
            self._choose(min(count, batch_size or count), epochs * count)
            served = [list(range(count))]
            for _ in range(epochs):
                if per_epoch > 1:  # one batch of all is the same in any order
                    served = list(batches(count, batch_size, seed=rng))
                if self._run_epoch(served):
                    break
                if patience is not None and self._epochs_since_best >= patience:
                    training.history.stopped = "early"
                    break
        except KeyboardInterrupt:
            training.history.stopped = "interrupted"
        finally:
            give_back_modes()
            try:
                self._steps.look()
            finally:
                self._progress.close()
        if training.history.stopped == "interrupted" or patience is not None:
            training.optimizer.assign(self._best_parameters)

    def _choose(self, batch_size: int, visits: int) -> None:
        """Replay the steps, if that can be done and does not cost more than it gains."""
        history = self._training.history
        history.reason = "the eager tier was asked for"
        if self._tier_asked == "eager":
            return
        if self._tier_asked == "auto" and visits < WORTH_RECORDING:
            history.reason = f"{visits} samples in all are too few to record the model for"
            return
        try:
            steps = ReplayedSteps(self._eager, keep_outputs=bool(self._metrics))
        except RecordingError as error:
            self._fall_back(str(error))
            return
        unwise = steps.unwise(batch_size) if self._tier_asked == "auto" else None
        history.reason = unwise or ""
        if unwise is None:
            history.tier, self._steps = "replayed", steps

    def _fall_back(self, reason: str) -> None:
        """Go on by the eager tier, and say why."""
        if self._tier_asked == "replayed":
            raise RecordingError(f"the training cannot be replayed: {reason}")
        self._steps.look()
        self._steps = self._eager
        history = self._training.history
        history.tier, history.reason = "eager", reason
        self._progress.say(f"training in the eager tier: {reason}")

    def _run_epoch(self, served: list[list[int]]) -> bool:
        """One pass over the samples; whether training is over."""
        training = self._training
        training.epoch += 1
        if self._steps is self._eager:
            training.model.train()
        if self._measured_before:
            self._measured = self._steps.parameters()
        self._steps.begin(served)
        added, count, place, over = 0.0, 0, 0, False
        self._decided = []
        while place < len(served) and not over:
            ahead = served[place : place + AT_ONCE]
            losses = self._run(ahead) or [self._step(ahead[0])]
            for loss, batch in zip(losses, ahead, strict=False):
                added += loss * len(batch)
                count += len(batch)
            place += len(losses)
            rate = training.optimizer.learning_rate
            self._progress.step(training.epoch, training.loss, rate, len(losses))
            if self._ended("on_step"):
                training.history.stopped, over = "callback", True
            elif training.optimizer.done:
                training.history.stopped, over = "converged", True
        decided = self._decided + self._steps.predictions()
        scores = {}
        if self._metrics:
            seen = [self._known[1][index] for batch in served for index in batch][:count]
            scores = self._scored(decided, seen)
        self._record(added / count, scores)
        if self._ended("on_epoch"):
            training.history.stopped, over = "callback", True
        return over

    def _run(self, batches: list[list[int]]) -> list[float]:
        """Take steps with nothing in between, if nobody is to be asked; the losses before them."""
        losses: list[float] = []
        if self._watching["on_step"] or not of_this_package(self._schedule):
            return losses
        training = self._training
        schedule = self._schedule
        rate = None if schedule is None else partial(self._rate_of, schedule, training.step)
        try:
            self._steps.run(batches, rate, losses)
        finally:
            if losses:
                training.batch, training.loss = batches[len(losses) - 1], losses[-1]
                training.step += len(losses)
        return losses

    def _step(self, batch: list[int]) -> float:
        """Take one step; the loss before it."""
        training = self._training
        training.batch = batch
        if self._schedule is not None:
            if self._looked_at:
                self._steps.look()
            training.optimizer.learning_rate = self._rate_of(self._schedule, training.step)
        try:
            training.loss = self._steps.step(batch)
        except RecordingError as error:
            if self._steps is self._eager:
                raise
            self._decided += self._steps.predictions()
            self._fall_back(str(error))
            training.loss = self._steps.step(batch)
        training.step += 1
        return training.loss

    def _rate_of(self, schedule: Schedule, step: int, later: int = 0) -> float:
        """What a schedule says of a step, or of one that comes so many steps later."""
        every_step = self._schedule_every == "step"
        rate = schedule(step + later if every_step else self._training.epoch - 1)
        return real(rate, "what the schedule gives", least=0)

    def _ended(self, event: str) -> bool:
        """Tell every callback that listens; whether any of them ends training."""
        watching = self._watching[event]
        if not watching:
            return False
        self._steps.look()
        answers = [ends(callback, event, self._training) for callback in watching]
        by_others = not all(map(of_this_package, watching))
        self._changed_by_others |= by_others
        if event == "on_epoch" and not all(module.training for module in self._modules):
            self._training.model.train()  # as the next epoch would
        reason = self._steps.changed(by_others)
        if reason is not None:
            self._fall_back(reason)
        return any(answers)

    def _scored(self, decided: list[Any], true: Samples) -> dict[str, float]:
        if self._looked_at:
            self._steps.look()
        scores = {name: metric(decided, true) for name, metric in self._metrics.items()}
        for name, score in scores.items():
            if not isinstance(score, Real | Value):
                raise TypeError(f"the metric {name} must return a number, {got(score)}")
        return scores

    def _record(self, loss: float, scores: dict[str, float]) -> None:
        """Add the epoch to the history, and see whether it is the best."""
        training = self._training
        validation_loss, validation_scores = None, {}
        if self._validation is not None and self._held is not None:
            self._steps.look()
            validation_loss, read = self._validation(self._changed_by_others)
            self._changed_by_others = False
            if math.isnan(validation_loss):
                self._validation.refuse(training.epoch)
            validation_scores = self._scored(read, self._held[1])
        epoch = Epoch(
            training.epoch,
            training.step,
            training.optimizer.learning_rate,
            loss,
            scores,
            validation_loss,
            validation_scores,
        )
        training.history.epochs.append(epoch)
        judged = loss if validation_loss is None else validation_loss
        if training.history.best is None or judged < self._best_loss:
            self._best_loss, self._epochs_since_best = judged, 0
            before = self._measured_before
            self._best_parameters = self._measured if before else self._steps.parameters()
            training.history.best = epoch
        else:
            self._epochs_since_best += 1
        observe = getattr(self._schedule, "observe", None)
        if observe is not None:
            observe(judged)
        if scores:
            held = {f"validation {name}": score for name, score in validation_scores.items()}
            self._progress.describe(held or scores)
