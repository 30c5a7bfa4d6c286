"""Predictions: what a model gives for many samples, called or replayed, which is the same bits.

Nothing is trained here. The model is in evaluation meanwhile, and no graph is built.
"""

from __future__ import annotations

import math
from typing import Any, NoReturn

import numpy as np
from numpy.typing import NDArray

from autograd_core import RecordingError, TrainingError
from nn.data import Pair, Samples
from nn.models.module import Module
from nn.options import by_rows, checked_model, got
from nn.training.objectives import Loss, Objective, in_evaluation, numbers, objective
from nn.training.recording import Recorded, recorded_loss, recorded_outputs, same, slow_by_numpy

__all__ = ["Validation", "predict", "predict_probabilities"]

WORTH_RECORDING = 512  # samples, of which a few are computed in both ways
ROUNDING = 2.0**-40  # of a sum: the share that another order may make
NOTHING = np.empty(0)


def predict(model: Module, samples: Samples, loss: str | Loss | Objective) -> list[Any]:
    """What the model predicts for each sample: a class index, a label, or a number.

    Samples are as for `fit`. Many are predicted by a replay of the model, if it can be recorded.

    >>> from nn import Layer
    >>> predict(Layer.of([[1.0], [-1.0]]), [[0.5], [-0.5]], "cross_entropy")
    [0, 1]
    """
    chosen = objective(loss)
    return chosen.decided(_outputs(model, samples))


def predict_probabilities(
    model: Module, samples: Samples, loss: str | Loss | Objective
) -> NDArray[np.float64]:
    """How probable the model takes each class to be, one row a sample and one column a class.

    Otherwise as `predict`. Raises ValueError for a loss on which outputs stand for no
    probabilities, such as `hinge`, and for models of several labels.

    >>> from nn import Layer
    >>> model = Layer.of([[1.0], [-1.0]])
    >>> predict_probabilities(model, [[0.0], [1.0]], "cross_entropy").round(3).tolist()
    [[0.5, 0.5], [0.881, 0.119]]
    """
    chosen = objective(loss)
    if chosen.probabilities is None:
        raise ValueError(
            f"the outputs of a model trained on {chosen.name} stand for no probabilities; those on "
            "a cross-entropy do"
        )
    outputs = np.array(_outputs(model, samples), dtype=np.float64)
    found = chosen.probabilities(outputs)
    if found.ndim != 2:
        raise ValueError(
            f"probabilities of classes are those of one label a sample, and the model gives "
            f"{outputs.shape[1]} labels"
        )
    return found


def _outputs(model: Module, samples: Samples) -> Any:
    """What the model gives for each sample, in numbers: an array or a list of structures."""
    checked_model(model, "a prediction")
    samples = by_rows(samples)
    if not hasattr(samples, "__len__"):
        raise TypeError(f"samples must be a list of them, {got(samples)}")

    def given() -> Any:
        if len(samples) >= WORTH_RECORDING:
            try:
                found = recorded_outputs(model, samples)
            except RecordingError:
                pass  # called on each sample, the model gives the same, or says what is wrong
            else:
                return found.outputs(found.program(found.inputs.rows))
        return [numbers(model(sample)) for sample in samples]

    return in_evaluation(model, given)


class Validation:
    """The loss of a model on samples held out, and what it predicts for them, epoch after epoch."""

    def __init__(self, model: Module, chosen: Objective, held: Pair, replay: bool) -> None:
        self._model = model
        self._objective = chosen
        self._held = held
        self._to_record = replay
        self._replay: _Replay | None = None

    def __call__(self, changed_by_others: bool = False) -> tuple[float, list[Any]]:
        """The loss and the predictions; from the second time on by a replay, if that gave them too.

        Where others than the training may have changed the model, a sample is tried before.
        """
        if self._replay is not None and changed_by_others:
            first = [self._held[0][0]], [self._held[1][0]]
            if not same(self._replay(1)[0], self._called(first)[0]):
                self._replay = None
        if self._replay is not None:
            return self._replay()
        loss, read = self._called(self._held)
        if self._to_record:
            self._to_record = False
            self._replay = in_evaluation(self._model, lambda: self._fitting(loss, read))
        return loss, read

    def refuse(self, epoch: int) -> NoReturn:
        """Complain about a loss that is NaN after an epoch, and about the sample that makes it so.

        Raises TrainingError.
        """
        found = (
            f"; the held-out sample {sample!r} with the target {target!r} makes it so: "
            "look at it, or leave it out"
            for sample, target in zip(*self._held, strict=True)
            if math.isnan(self._called(([sample], [target]))[0])
        )
        raise TrainingError(f"the validation loss is nan after epoch {epoch}{next(found, '')}")

    def _called(self, held: Pair) -> tuple[float, list[Any]]:
        def called() -> tuple[list[Any], float]:
            given = [self._model(sample) for sample in held[0]]
            return given, self._objective.loss(given, held[1]).data

        given, loss = in_evaluation(self._model, called)
        return loss, [self._objective.decide(numbers(output)) for output in given]

    def _fitting(self, loss: float, read: list[Any]) -> _Replay | None:
        """A replay that gives this loss and these predictions."""
        try:
            recorded = recorded_loss(self._model, self._objective, self._held, ())
        except RecordingError:
            return None
        replay = _Replay(recorded, self._objective)
        if slow_by_numpy(replay.stepper.backend, len(self._held[0])):
            return None
        for replay.mean in (True, False):
            replayed, decided = replay()
            close = abs(replayed - loss) <= ROUNDING * abs(loss) or same(replayed, loss)
            if close and decided == read:
                return replay
        return None


class _Replay:
    """A model and its loss on samples held out, as a program without parameters to train."""

    def __init__(self, recorded: Recorded, chosen: Objective) -> None:
        self.stepper = recorded.program.stepper(0)
        self.mean = True
        self._recorded = recorded
        self._objective = chosen

    def __call__(self, count: int | None = None) -> tuple[float, list[Any]]:
        """The loss of the first so many samples, and what is predicted for them."""
        self.stepper.refresh()
        blocks = [self._recorded.inputs.rows[:count], self._recorded.targets.rows[:count]]
        along, _ = self.stepper.run(blocks, NOTHING, len(blocks[0]), 1.0)
        # One after another, as the losses of this package add them.
        total = float(np.add.accumulate(along[:, 0])[-1])
        loss = total / len(along) if self.mean else total
        return loss, self._objective.decided(self._recorded.outputs(along))
