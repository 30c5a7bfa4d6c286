"""Callbacks: who is told how a training goes, and may end it or change something."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from nn.options import check_takes, got

if TYPE_CHECKING:
    from nn.training.report import Training

__all__ = ["Callback", "OnEpoch", "as_callback", "ends", "listens", "of_this_package"]

OnEpoch = Callable[["Training"], bool | None]
"""A callback that is a plain function, called after each epoch."""


class Callback:
    """What is told how training goes: subclass it and define what is wanted.

    Training ends when `on_step` or `on_epoch` returns True; what is neither True nor False nor
    None is refused.
    """

    def on_start(self, training: Training) -> None:
        """Called once before the first step."""

    def on_step(self, training: Training) -> bool | None:
        """Called after each step; the gradients are still those of the step."""

    def on_epoch(self, training: Training) -> bool | None:
        """Called after each epoch, when `training.history` has its record."""


EVENTS = ("on_start", "on_step", "on_epoch")


def as_callback(given: Any) -> Callback:
    """A callback, or a plain function as one.

    Raises TypeError for what is neither, and for what could not be called with the training.
    """
    if isinstance(given, type) and issubclass(given, Callback):
        raise TypeError(f"a callback is an object, got the class: give {given.__name__}(...)")
    if isinstance(given, Callback):
        for event in EVENTS:
            check_takes(getattr(given, event), "fit", "the training", what=f"{event} of a callback")
        return given
    if not callable(given):
        raise TypeError(f"a callback must be a function, {got(given)}")
    check_takes(given, "fit", "the training", what="a callback")
    return Function(given)


def ends(callback: Callback, event: str, training: Training) -> bool:
    """Tell a callback of an event; whether it ends the training.

    Raises TypeError for an answer that is neither yes nor no: it may be meant for neither.
    """
    answer = getattr(callback, event)(training)
    if answer is not None and not isinstance(answer, bool | np.bool_):
        raise TypeError(
            f"a callback returns True to end the training and False or None to go on, {got(answer)}"
        )
    return bool(answer)


class Function(Callback):
    """A plain function, called after each epoch."""

    def __init__(self, function: OnEpoch) -> None:
        self.function = function

    def on_epoch(self, training: Training) -> bool | None:
        """Call it."""
        return self.function(training)


def listens(callback: Callback, event: str) -> bool:
    """Whether a callback defines more than the base's empty method."""
    method = getattr(callback, event)
    return getattr(method, "__func__", None) is not getattr(Callback, event)


def of_this_package(thing: Any) -> bool:
    """Whether a callback, schedule or metric is one of `nn`, which change no model; or is None."""
    if isinstance(thing, Function):
        return False
    kind = thing if hasattr(thing, "__qualname__") else type(thing)
    return thing is None or kind.__module__.partition(".")[0] == "nn"
