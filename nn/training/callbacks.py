"""Callbacks: who is told how a training goes, and may end it or change something."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nn.training.report import Training

__all__ = ["Callback", "Function", "OnEpoch", "listens", "of_this_package"]

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
