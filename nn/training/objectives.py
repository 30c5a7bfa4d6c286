"""Objectives: a loss by name, together with what a model trained on it is taken to predict.

A logit is not yet a class: what to make of a model's output depends on the loss it was trained on.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from autograd_core import Value, no_grad
from nn import losses
from nn.models.module import Module
from nn.options import by_name, checked_function, checked_model
from nn.training.restoring import held

__all__ = ["OBJECTIVES", "Objective", "in_evaluation", "numbers", "objective"]

Found = TypeVar("Found")
Loss = Callable[[Any, Any], Value]
"""From the outputs of several samples and their targets to one Value."""
OfArrays = Callable[[NDArray[np.float64]], NDArray[np.float64]]


@dataclass(frozen=True)
class Objective:
    """A loss, and how an output is read."""

    name: str
    loss: Loss
    decide: Callable[[Any], Any]
    """From one sample's output, in numbers, to what it predicts."""
    classifies: bool = False
    decide_all: Callable[[NDArray[np.float64]], NDArray[Any]] | None = None
    """The same for an array of outputs, one entry or row a sample."""
    accepts: Callable[[NDArray[Any], int], bool] | None = None
    """Of a loss of `nn.losses`: whether it takes such targets of models with so many outputs."""
    probabilities: OfArrays | None = None
    """From an array of outputs to the probability of each class, one row a sample."""

    def decided(self, outputs: NDArray[np.float64] | list[Any]) -> list[Any]:
        """What the outputs of many samples predict: of an array, or of a list of structures."""
        if isinstance(outputs, list):
            return list(map(self.decide, outputs))
        if self.decide_all is None:
            return list(map(self.decide, outputs.tolist()))
        predicted: list[Any] = self.decide_all(outputs).tolist()
        return predicted


def _as_is(output: Any) -> Any:
    return output


def _largest(output: Any) -> int:
    if not isinstance(output, list):
        raise TypeError(
            f"this loss takes one logit a class, and the model gives a single number, {output!r}: "
            "build its last layer with as many neurons as there are classes"
        )
    # As NumPy's argmax, which takes NaN for the largest.
    return max(range(len(output)), key=lambda place: (math.isnan(output[place]), output[place]))


def _above(bound: float, yes: int = 1, no: int = 0) -> Callable[[Any], Any]:
    def decide(output: Any) -> Any:
        if isinstance(output, list):
            return [decide(number) for number in output]
        return yes if output > bound else no

    return decide


def _all_above(bound: float, yes: int = 1, no: int = 0) -> Callable[[Any], Any]:
    return lambda outputs: np.where(outputs > bound, yes, no)


def _is_class(targets: NDArray[Any], outputs: int) -> bool:
    whole = targets.ndim == 1 and targets.dtype.kind in "biu"
    return whole and bool(((targets >= 0) & (targets < outputs)).all())


def _is_class_or_row(targets: NDArray[Any], outputs: int) -> bool:
    return targets.shape[1:] == (outputs,) or _is_class(targets, outputs)


def _is_sign(targets: NDArray[Any], outputs: int) -> bool:
    return bool((abs(targets) == 1).all())


def _is_share(targets: NDArray[Any], outputs: int) -> bool:
    return bool(((targets >= 0) & (targets <= 1)).all())


def _of_two(logits: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.exp(-np.logaddexp(0.0, np.stack([logits, -logits], axis=-1)))


def _of_several(logits: NDArray[np.float64]) -> NDArray[np.float64]:
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    shares: NDArray[np.float64] = powers / powers.sum(axis=1, keepdims=True)
    return shares


def _regression(name: str, loss: Loss) -> Objective:
    return Objective(name, loss, _as_is, False, _as_is, lambda targets, outputs: True)


def _two_classes(name: str, loss: Loss, bound: float, probabilities: OfArrays) -> Objective:
    decide, decide_all = _above(bound), _all_above(bound)
    return Objective(name, loss, decide, True, decide_all, _is_share, probabilities)


def _classes(
    name: str,
    loss: Loss,
    accepts: Callable[[NDArray[Any], int], bool],
    probabilities: OfArrays,
) -> Objective:
    return Objective(
        name, loss, _largest, True, lambda outputs: outputs.argmax(axis=1), accepts, probabilities
    )


OBJECTIVES: dict[str, Objective] = {
    row.name: row
    for row in (
        _regression("squared_error", losses.squared_error),
        _regression("absolute_error", losses.absolute_error),
        _regression("huber", losses.huber),
        Objective(
            "hinge", losses.hinge, _above(0.0, 1, -1), True, _all_above(0.0, 1, -1), _is_sign
        ),
        _two_classes(
            "binary_cross_entropy",
            losses.binary_cross_entropy,
            0.5,
            lambda shares: np.stack([1 - shares, shares], axis=-1),
        ),
        _two_classes(
            "binary_cross_entropy_with_logits",
            losses.binary_cross_entropy_with_logits,
            0.0,
            _of_two,
        ),
        _classes("cross_entropy", losses.cross_entropy, _is_class_or_row, _of_several),
        _classes("negative_log_likelihood", losses.negative_log_likelihood, _is_class, np.exp),
    )
}
"""Every loss that has a name."""


def objective(given: str | Loss | Objective) -> Objective:
    """The objective that a name, one of `nn.losses`, or any other function stands for.

    One of `nn.losses` may come with options, as `partial(huber, delta=2.0)`. A function of one's
    own predicts its outputs as they are.

    Raises ValueError for an unknown name, TypeError for what is neither name nor function.
    """
    if isinstance(given, Objective):
        return given
    found = by_name(given, "loss", OBJECTIVES, ", or give a function of outputs and targets")
    if isinstance(found, Objective):
        return found
    checked_function(found, "a loss", "outputs", "targets")
    original = found.func if isinstance(found, partial) else found
    for row in OBJECTIVES.values():
        if row.loss is original:
            return replace(row, loss=found)
    return Objective(getattr(found, "__name__", type(found).__name__), found, _as_is)


def numbers(output: Any) -> Any:
    """A model's output with numbers in place of Values."""
    if isinstance(output, list | tuple):
        return [numbers(item) for item in output]
    return float(output)


def in_evaluation(model: Module, work: Callable[[], Found]) -> Found:
    """What the work gives while the model is in evaluation and no graph is built."""
    give_back = held(checked_model(model, "this").modules(), "training")
    try:
        model.eval()
        with no_grad():
            return work()
    finally:
        give_back()
