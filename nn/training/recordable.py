"""What keeps something from being recorded, found out and said in one line.

While a model is recorded and tried, any exception but a lack of memory becomes a `RecordingError`
that tells where in the user's code it came from, and random numbers, which a program would repeat,
are not drawn: who draws them is refused, and generators are put back to where they were.
"""

from __future__ import annotations

import pickle
import random
import traceback
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

import autograd_core
import nn
from autograd_core import RecordingError
from nn.models.module import Module
from nn.models.places import attributes

__all__ = ["recordable"]

OTHERS_CODE = [Path(file).parent for file in (autograd_core.__file__, nn.__file__, random.__file__)]


class recordable:
    """While a model is recorded and tried: complaints in one line, and no random numbers drawn.

    Not made of a generator: from Python 3.12 on its frames and the error would hold one another.
    """

    def __init__(self, model: Module | None = None) -> None:
        self._generators = _generators(model)
        self._before = [get() for get, _ in self._generators]

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: Any, error: BaseException | None, frames: Any) -> None:
        drawn = False
        for (get, put), state in zip(self._generators, self._before, strict=True):
            if get() != state:
                drawn = True
                put(state)
        # A want of memory says nothing of the model, nor does an interrupt. Whatever else it is:
        # called on numbers, as the eager tier does, the model may well raise it too, and then
        # where it should.
        if isinstance(error, MemoryError) or not isinstance(error, Exception | None):
            return
        if drawn:
            raise RecordingError("it draws random numbers, as Dropout does in training")
        if error is not None:
            told = "" if isinstance(error, RecordingError) else f"{type(error).__name__}: "
            raise RecordingError(told + _one_line(error)) from error


def _generators(model: Module | None) -> list[tuple[Callable[[], Any], Callable[[Any], None]]]:
    """How to get and to set the state of every generator that the model may draw from.

    States can be compared and do not change: those that are no tuples of ints are pickled.
    """
    found = [_pickled(np.random.get_state, np.random.set_state)]
    for module in [] if model is None else model.modules():
        for attribute in attributes(module).values():
            if isinstance(attribute, random.Random):
                found.append(_pickled(attribute.getstate, attribute.setstate))
            elif isinstance(attribute, np.random.RandomState):
                found.append(_pickled(attribute.get_state, attribute.set_state))
            elif isinstance(attribute, np.random.Generator):
                bits = attribute.bit_generator
                found.append(
                    _pickled(partial(getattr, bits, "state"), partial(setattr, bits, "state"))
                )
    return [(random.getstate, random.setstate), *found]


def _pickled(
    get: Callable[[], Any], put: Callable[[Any], None]
) -> tuple[Callable[[], bytes], Callable[[bytes], None]]:
    return lambda: pickle.dumps(get()), lambda state: put(pickle.loads(state))


def _one_line(error: Exception) -> str:
    """What an error says first, and where in the user's own code it came from."""
    said = str(error).split("\n")[0]
    if isinstance(error, RecordingError):
        said = said.split(": ")[0]
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        path = Path(frame.filename)
        if path.exists() and not any(folder in path.resolve().parents for folder in OTHERS_CODE):
            return f"{said}, at {path.name}, line {frame.lineno}"
    return said
