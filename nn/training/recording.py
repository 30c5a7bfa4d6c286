"""Recording: a model and its loss on one sample as a program, and samples as arrays; or why not.

What is recorded is replayed instead of called, so it must be one function of the sample, the target
and the parameters. Branches on numbers are refused by the engine; what else would make a program
lie is looked for here: random draws, a model that changes as it is called, and a loss whose value
on some samples is not, to the last bit, what a call gives. Whatever stands in the way becomes a
`RecordingError` of one line. What is done with the programs is others' business.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

import autograd_core
from autograd_core import Program, RecordingError, Value, detect_anomaly, no_grad, record, where
from nn.data import Pair, Samples
from nn.models.module import Module
from nn.training.callbacks import of_this_package
from nn.training.objectives import Objective
from nn.training.recordable import recordable

__all__ = [
    "Recorded",
    "Table",
    "recorded_loss",
    "recorded_outputs",
    "same",
    "slow_by_numpy",
]

Array = NDArray[np.float64]
Aims = Callable[[Any, Any], Any]
"""From one output and what stands for its target in a program to the loss."""

PROBES = 64  # samples on which a program is held against the model
MORE_PROBES = 512
SEARCHED = 10_000  # targets among which different ones, or wrong losses, are looked for
NUMPY_GAINS = 512  # samples from which NumPy replays faster than compiled code calls a model
CHOICES = 16  # at most so many different targets are recorded one by one
UNLIKE = "a replay of the model is not, to the last bit, what a call gives"


@dataclass(frozen=True)
class Table:
    """Samples or targets as rows of one array."""

    rows: Array
    raw: NDArray[Any]
    """As NumPy read them: whole numbers still are."""
    first: Any
    """The first sample, whose structure all of them have."""

    @classmethod
    def of(cls, samples: Samples, what: str) -> Table:
        """Raises RecordingError for what is not numbers in one shape."""
        try:
            raw = np.asarray(samples)
        except ValueError:
            raw = np.empty((), dtype=object)
        if raw.dtype.kind not in "biuf":
            raise RecordingError(f"{what} are not numbers in one shape")
        rows = raw.reshape(len(raw), math.prod(raw.shape[1:]))
        return cls(np.ascontiguousarray(rows, dtype=np.float64), raw, samples[0])

    def filled(self, numbers: Sequence[Any]) -> Any:
        """A sample of these numbers."""
        return _filled(self.first, iter(numbers))


def _filled(like: Any, numbers: Iterator[Any]) -> Any:
    if isinstance(like, np.ndarray):
        filled = np.empty(like.size, dtype=object)
        filled[:] = [next(numbers) for _ in range(like.size)]
        return filled.reshape(like.shape)
    if isinstance(like, list | tuple):
        items = [_filled(item, numbers) for item in like]
        return items if isinstance(like, list) else getattr(type(like), "_make", tuple)(items)
    return next(numbers)


@dataclass(frozen=True)
class Recorded:
    """A model, with its loss if it was recorded with one, as a program of one sample."""

    program: Program
    """From a sample and a target to the loss, and along with it the loss again and the output."""
    inputs: Table
    targets: Table
    output: Any
    """The structure of the output, with the places of its numbers among what comes along."""

    def output_of(self, row: Sequence[float]) -> Any:
        """The output in what came along for one sample, as the model gives it."""
        return _valued(self.output, row)

    def outputs(self, along: Array) -> Any:
        """The outputs in what came along, a row a sample: an array if their structure is one's."""
        return _columns(self.output, along)


def _columns(structure: Any, along: Array) -> Any:
    try:
        return along[:, np.array(structure, dtype=np.intp)]
    except ValueError:
        parts = [_columns(part, along) for part in structure]
        return [[_plain(number) for number in row] for row in zip(*parts, strict=True)]


def _valued(structure: Any, row: Sequence[float]) -> Any:
    if isinstance(structure, int):
        return Value(row[structure])
    return [_valued(part, row) for part in structure]


def _plain(number: Any) -> Any:
    return number.tolist() if hasattr(number, "tolist") else number


def recorded_loss(
    model: Module, objective: Objective, samples: Pair, parameters: Sequence[Value]
) -> Recorded:
    """The model, in the mode that it is in, with its loss; parameters first among the captured.

    A loss of one's own that cannot be recorded for any target is for each target, if they are few.

    Raises RecordingError, in one line, for a model, a loss or samples that cannot be recorded.
    """
    if detect_anomaly.is_on():
        raise RecordingError("detect_anomaly() is on, and a replay has no operations to look at")
    inputs, targets = Table.of(samples[0], "the samples"), Table.of(samples[1], "the targets")

    def taken(aims: Aims, stood_for: Table) -> Recorded:
        with recordable(model):
            found = _recorded(model, aims, inputs, stood_for, parameters)
            if objective.accepts is not None:
                count = len(found.output) if isinstance(found.output, list) else 1
                if not objective.accepts(targets.raw, count):
                    raise RecordingError(f"{objective.name} takes other targets than some of these")
            _probe(found, model, objective, samples)
        return found

    try:
        return taken(lambda output, aim: objective.loss([output], [targets.filled(aim)]), targets)
    except RecordingError:
        values = {(type(aim), aim): aim for aim in samples[1]} if targets.raw.ndim == 1 else {}
        if objective.accepts is not None or not 0 < len(values) <= CHOICES:
            raise
    places = {key: place for place, key in enumerate(values)}
    chosen = [float(places[type(aim), aim]) for aim in samples[1]]

    def one_by_one(output: Any, aim: Any) -> Any:
        *others, last = values.values()
        loss = objective.loss([output], [last])
        for place in reversed(range(len(others))):
            loss = where(aim[0] <= place, objective.loss([output], [others[place]]), loss)
        return loss

    return taken(one_by_one, Table.of(chosen, "the targets"))


def _recorded(
    model: Module, aims: Aims, inputs: Table, targets: Table, parameters: Sequence[Value]
) -> Recorded:
    structures: list[Any] = []

    def one(sample: Any, target: Any) -> Any:
        output = model(inputs.filled(sample))
        loss = aims(output, target)
        along = [loss]
        structures.append(_listed(output, along))
        return loss, along

    examples = inputs.rows[0].tolist(), targets.rows[0].tolist()
    program, again = (
        record(one, *examples, auxiliary=True, parameters=parameters) for _ in range(2)
    )
    known = len(parameters)
    if program.code != again.code or not same(
        *([leaf.data for leaf in each.captured[known:]] for each in (program, again))
    ):
        raise RecordingError("the model is not the same when it is called again")
    return Recorded(program, inputs, targets, structures[0])


def _listed(output: Any, found: list[Any]) -> Any:
    """The structure of an output with places for its numbers, which go to the end of a list."""
    if isinstance(output, list | tuple):
        return [_listed(item, found) for item in output]
    if not isinstance(output, Value | int | float):
        raise RecordingError(f"the model gives a {type(output).__name__}, which is no number")
    found.append(output)
    return len(found) - 1


def _probe(found: Recorded, model: Module, objective: Objective, samples: Pair) -> None:
    """Hold the program against the model: on some samples, and on every target if they are few.

    What is recorded is no key of a dictionary of numbers, and looking it up cannot be refused, so
    classes and losses that are not of this package are tried more often.
    """
    rows = found.targets.rows
    numbers = rows[:, 0] if rows.shape[1] == 1 else rows[:SEARCHED]
    _, first = np.unique(numbers, axis=0, return_index=True)
    own = all(map(of_this_package, model.modules()))
    spread = _spread(len(rows), PROBES if own else MORE_PROBES)
    places = np.unique(np.concatenate([first[:PROBES], spread]))
    _, along = found.program(found.inputs.rows[places], rows[places])
    aims = samples[1]
    with no_grad():
        for place, replayed in zip(places.tolist(), along[:, 0].tolist(), strict=True):
            called = objective.loss([model(samples[0][place])], [aims[place]])
            if not same(replayed, float(called)):
                raise RecordingError(UNLIKE)
        if objective.accepts is None:
            places = _spread(len(rows), SEARCHED)
            _, along = found.program(found.inputs.rows[places], rows[places])
            for place, row in zip(places.tolist(), along.tolist(), strict=True):
                if not same(row[0], float(objective.loss([found.output_of(row)], [aims[place]]))):
                    raise RecordingError(UNLIKE)


def _spread(count: int, most: int) -> NDArray[np.intp]:
    """Places below a count, at most so many, from the first to the last."""
    return np.linspace(0, count - 1, min(count, most)).astype(np.intp)


def recorded_outputs(model: Module, samples: Samples) -> Recorded:
    """The model alone, in the mode that it is in: its program has no loss and takes no target.

    Raises RecordingError as `recorded_loss` does.
    """
    inputs = Table.of(samples, "the samples")
    structures: list[Any] = []

    def one(sample: Any) -> list[Any]:
        found: list[Any] = []
        structures.append(_listed(model(inputs.filled(sample)), found))
        return found

    with recordable(model):
        program = record(one, inputs.rows[0].tolist())
        found = Recorded(program, inputs, inputs, structures[0])
        places = _spread(len(samples), PROBES)
        with no_grad():
            for place, row in zip(places, program(inputs.rows[places]), strict=True):
                called: list[Any] = []
                _listed(model(samples[place]), called)
                if not same(row, [float(number) for number in called]):
                    raise RecordingError(UNLIKE)
    return found


def same(left: Any, right: Any) -> bool:
    """Whether two rows of numbers are the same, of which any NaN equals any NaN."""
    return np.array_equal(np.asarray(left), np.asarray(right), equal_nan=True)


def slow_by_numpy(backend: str, count: int) -> bool:
    """Whether a replay is NumPy's, and for so many samples slower than the eager tier."""
    return autograd_core.compiled and backend == "numpy" and count < NUMPY_GAINS
