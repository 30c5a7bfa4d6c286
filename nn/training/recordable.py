"""What keeps something from being recorded, found out and said in one line.

While a model is recorded and tried, any exception but a lack of memory becomes a `RecordingError`
that tells where in the user's code it came from, and random numbers, which a program would repeat,
are not drawn: who draws them is refused, and generators are put back to where they were.
"""

from __future__ import annotations

import pickle
import random
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
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


@contextmanager
def recordable(model: Module | None = None) -> Iterator[None]:
    """While a model is recorded and tried: complaints in one line, and no random numbers drawn."""
    generators = _generators(model)
    before = [get() for get, _ in generators]
    failure: Exception | None = None
    try:
        yield
    except MemoryError:
        raise  # which says nothing of the model
    except Exception as error:
        # Whatever it is: called on numbers, as the eager tier does, the model may well raise it
        # too, and then where it should.
        failure = error
    finally:
        drawn = [get() != state for (get, _), state in zip(generators, before, strict=True)]
        for (_, put), state, used in zip(generators, before, drawn, strict=True):
            if used:
                put(state)
    try:
        if any(drawn):
            raise RecordingError("it draws random numbers, as Dropout does in training")
        if failure is not None:
            kind = "" if isinstance(failure, RecordingError) else f"{type(failure).__name__}: "
            raise RecordingError(kind + _one_line(failure)) from failure
    finally:
        del failure  # whose traceback holds this frame, which would hold it


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
