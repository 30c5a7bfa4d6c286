"""Objectives: a loss by name, together with what a model trained on it is taken to predict.

A logit is not yet a class: what to make of a model's output depends on the loss it was trained on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from autograd_core import Value, no_grad
from nn import losses
from nn.data import Samples
from nn.module import Module

__all__ = ["OBJECTIVES", "Objective", "evaluation", "numbers", "objective", "predict"]

Loss = Callable[[Any, Any], Value]
"""From the outputs of several samples and their targets to one Value."""


@dataclass(frozen=True)
class Objective:
    """A loss, and how an output is read."""

    name: str
    loss: Loss
    decide: Callable[[Any], Any]
    """From one sample's output, in numbers, to what it predicts."""
    classifies: bool = False


def _as_is(output: Any) -> Any:
    return output


def _largest(output: Any) -> int:
    if not isinstance(output, list):
        raise TypeError(
            f"this loss takes one logit a class, and the model gives a single number, {output!r}: "
            "build its last layer with as many neurons as there are classes"
        )
    return max(range(len(output)), key=output.__getitem__)


def _above(bound: float, yes: int = 1, no: int = 0) -> Callable[[Any], Any]:
    def decide(output: Any) -> Any:
        if isinstance(output, list):
            return [decide(number) for number in output]
        return yes if output > bound else no

    return decide


OBJECTIVES: dict[str, Objective] = {
    row.name: row
    for row in (
        Objective("squared_error", losses.squared_error, _as_is),
        Objective("absolute_error", losses.absolute_error, _as_is),
        Objective("huber", losses.huber, _as_is),
        Objective("hinge", losses.hinge, _above(0.0, 1, -1), True),
        Objective("binary_cross_entropy", losses.binary_cross_entropy, _above(0.5), True),
        Objective(
            "binary_cross_entropy_with_logits",
            losses.binary_cross_entropy_with_logits,
            _above(0.0),
            True,
        ),
        Objective("cross_entropy", losses.cross_entropy, _largest, True),
        Objective("negative_log_likelihood", losses.negative_log_likelihood, _largest, True),
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
    if isinstance(given, str):
        if given not in OBJECTIVES:
            raise ValueError(
                f"unknown loss {given!r}; there are {', '.join(OBJECTIVES)}, "
                "or give a function of outputs and targets"
            )
        return OBJECTIVES[given]
    if not callable(given):
        raise TypeError(
            f"a loss is a name or a function, got {given!r} of type {type(given).__name__}"
        )
    original = given.func if isinstance(given, partial) else given
    for row in OBJECTIVES.values():
        if row.loss is original:
            return replace(row, loss=given)
    return Objective(getattr(given, "__name__", type(given).__name__), given, _as_is)


def numbers(output: Any) -> Any:
    """A model's output with numbers in place of Values."""
    if isinstance(output, list | tuple):
        return [numbers(item) for item in output]
    return float(output)


@contextmanager
def evaluation(model: Module) -> Iterator[None]:
    """While it lasts the model is in evaluation and no graph is built."""
    modes = [(module, module.training) for module in model.modules()]
    model.eval()
    try:
        with no_grad():
            yield
    finally:
        for module, training in modes:
            module.training = training


def predict(model: Module, samples: Samples, loss: str | Loss | Objective) -> list[Any]:
    """What the model predicts for each sample: a class index, a label, or a number.

    >>> from nn import Layer
    >>> predict(Layer.of([[1.0], [-1.0]]), [[0.5], [-0.5]], "cross_entropy")
    [0, 1]
    """
    decide = objective(loss).decide
    with evaluation(model):
        return [decide(numbers(model(sample))) for sample in samples]
