"""The replayed tier: steps of training on programs and flat arrays instead of Values.

The loss of one sample is recorded once, and its gradient summed over each batch. The parameters
stay in a flat array, as the optimizer's memory does; the Values get their numbers when somebody may
look. Steps between which nothing is to be asked are taken in one compiled call. The first batch of
each size is computed by the eager tier too, and its numbers are taken: so what is wrong with a loss
is said as ever, and one that is no mean or sum over samples is found out.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import partial
from itertools import chain, takewhile
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograd_core import RecordingError, no_grad, record
from nn.optim import Optimizer
from nn.training.eager import EagerSteps
from nn.training.recordable import recordable
from nn.training.recording import recorded_loss, same, slow_by_numpy

__all__ = ["ReplayedSteps", "check_flat"]

Array = NDArray[np.float64]

FLAT = ("step", "gather", "assign", "zero_grad")  # what step_from() stands for
ROUNDING = 2.0**-40  # of a sum over a batch: the share of the largest term, for each term


class ReplayedSteps:
    """The steps of one training by the replayed tier, with `EagerSteps`' methods.

    Raises RecordingError, in one line, for a training that cannot be replayed.
    """

    name = "replayed"

    def __init__(self, eager: EagerSteps, keep_outputs: bool) -> None:
        self._eager = eager
        trained = eager.trained
        self._parts = (trained.model, trained.objective, trained.optimizer, trained.penalty)
        self._model, self._objective, self._optimizer, _ = self._parts
        check_flat(self._optimizer)
        parameters = self._parameters = list(self._optimizer.parameters)
        self._recorded = recorded_loss(self._model, self._objective, eager.known, parameters)
        self._stepper = self._recorded.program.stepper(len(parameters))
        self._penalty = None
        if trained.penalty is not None:
            with recordable(self._model):
                programs = [record(trained.penalty, parameters=parameters) for _ in range(2)]
                if programs[0].code != programs[1].code:
                    raise RecordingError("the penalty is not the same when it is called again")
                self._penalty = programs[0].stepper(len(parameters))
        self._mean = _is_mean(self._objective)
        self._checked: set[int] = set()
        self._values = self._stepper.read()
        self._gradient = np.zeros(len(parameters))
        self._stale = False
        self._keep_outputs = keep_outputs
        self._outputs: list[Array] = []
        self._rows = self._recorded.inputs.rows, self._recorded.targets.rows
        self._batch: Sequence[int] = []
        self._blocks: Sequence[Array] = self._rows
        self._shuffled = self._in_runs = False

    def unwise(self, batch_size: int) -> str | None:
        """Why batches of that size had better be left to the eager tier, if they had."""
        slow = slow_by_numpy(self._stepper.backend, batch_size)
        return f"NumPy replays batches of {batch_size} more slowly than that" if slow else None

    def begin(self, served: Sequence[Sequence[int]]) -> None:
        """Get ready for an epoch's batches: all samples in order, or several batches of some."""
        self._shuffled = len(served) > 1
        self._in_runs = self._shuffled and _is_formulated(self._optimizer)

    def step(self, batch: Sequence[int]) -> float:
        """Take one step of the optimizer; the loss before it."""
        self._batch = batch
        self._blocks = [rows[batch] for rows in self._rows] if self._shuffled else self._rows
        loss, self._values = self._optimizer.step_from(self._values, self)
        self._stale = True
        return loss

    def run(
        self,
        batches: Sequence[Sequence[int]],
        rate: Callable[[int], float] | None,
        losses: list[float],
    ) -> None:
        """Take steps as long as nothing is to be asked in between, each at the rate of its place.

        The loss before each step goes to the end of `losses`. It may be none, for many reasons, of
        which `step` asks.
        """
        if not self._in_runs:
            return
        optimizer = self._optimizer
        sizes = [len(batch) for batch in takewhile(self._is_known, batches)]
        if not sizes:
            return
        order = np.fromiter(chain.from_iterable(batches[: len(sizes)]), np.int64, sum(sizes))
        taken, updates = optimizer.steps, []
        try:
            for place in range(len(sizes)):
                optimizer.steps += 1
                if rate is not None:
                    optimizer.learning_rate = rate(place)
                updates.append(optimizer.formulated())
            gradient, along = self._stepper.descend(
                *self._rows,
                order,
                sizes,
                self._values,
                updates,
                losses,
                mean=self._mean is not False,
                penalty=self._penalty,
            )
        finally:
            done = len(losses)
            optimizer.steps = taken + done
            if rate is not None and done:
                optimizer.learning_rate = rate(done - 1)
            self._stale = self._stale or done > 0
        self._in_runs = done > 0
        if losses:
            self._batch, self._gradient = batches[len(losses) - 1], gradient
            if self._keep_outputs:
                self._outputs.append(along)

    def _is_known(self, batch: Sequence[int]) -> bool:
        return len(batch) in self._checked

    def value_and_gradient(self, values: Array) -> tuple[float, Array]:
        """The loss of the batch, and its gradient by the parameters."""
        if len(self._batch) not in self._checked:
            return self._check(values)
        along, loss, gradient = self._replayed(values)
        if not math.isfinite(loss):
            self._gradient = np.zeros_like(values)
            self._eager.trained.refuse(loss, self._batch)
        if self._keep_outputs:
            self._outputs.append(along)
        self._gradient = gradient
        return loss, gradient

    def value(self, values: Array) -> float:
        """The loss of the batch alone."""
        return self._replayed(values)[1]

    def predictions(self) -> list[Any]:
        """What the model predicted in the steps since this was asked last, each before its step."""
        if not self._outputs:
            return []
        outputs = self._recorded.outputs(np.concatenate(self._outputs))
        self._outputs = []
        return self._objective.decided(outputs)

    def parameters(self) -> Array:
        """A copy of the parameters' numbers."""
        return self._values.copy()

    def look(self) -> None:
        """Give the parameters' Values their numbers, and their gradients those of the last step."""
        if self._stale:
            self._stepper.write(self._values, self._gradient)
            self._stale = False

    def changed(self, by_others: bool) -> str | None:
        """Read what somebody may have changed; why this tier cannot go on, if it cannot.

        By others than this package the model itself may have been changed.
        """
        self._values = self._stepper.read()
        self._stepper.refresh()
        if not by_others:
            return None
        now = self._eager.trained
        parts = (now.model, now.objective, now.optimizer, now.penalty)
        if parts != self._parts or now.optimizer.parameters != self._parameters:
            return "a callback replaced a part of the training"
        place = self._batch[0]
        known, objective = self._eager.known, self._objective
        row = slice(place, place + 1)
        blocks = [self._recorded.inputs.rows[row], self._recorded.targets.rows[row]]
        along, _ = self._stepper.run(blocks, self._values, 1, 1.0)
        replayed = [along[0, 0]]
        with no_grad():
            called = [objective.loss([self._model(known[0][place])], [known[1][place]])]
            if self._penalty is not None and now.penalty is not None:
                replayed.append(self._penalty.run([], self._values, 1, 1.0)[1][0])
                called.append(now.penalty())
        unchanged = same(replayed, [float(loss) for loss in called])
        return None if unchanged else "a callback changed what is trained"

    def _replayed(self, values: Array) -> tuple[Array, float, Array]:
        """What came along for each sample, the loss of the batch, and its gradient."""
        count = len(self._batch)
        seed = 1.0 if self._mean is False else 1.0 / count
        along, sums = self._stepper.run(self._blocks, values, count, seed)
        loss, gradient = float(sums[0]), sums[1:]
        if self._mean is not False:
            loss /= count
        if self._penalty is not None:
            _, added = self._penalty.run([], values, 1, 1.0)
            loss += float(added[0])
            gradient = gradient + added[1:]
        return along, loss, gradient

    def _check(self, values: Array) -> tuple[float, Array]:
        """The eager tier's loss and gradient, if a replay's are the same but for rounding."""
        self._stepper.write(values, self._gradient)
        count = len(self._batch)
        # The sum with signs that alternate shows how large the terms are of a sum that is small.
        signs = np.where(np.arange(count) % 2, -1.0, 1.0)[:, None] / count
        _, signed = self._stepper.run(self._blocks, values, count, signs)
        loss, gradient = self._eager.evaluate(self._batch)
        means = [self._mean] if self._mean is not None else [True, False] if count > 1 else [None]
        fitting = []
        for mean in means:
            self._mean = mean
            along, replayed, by_replay = self._replayed(values)
            share = ROUNDING * count * (count if mean is False else 1)
            size = share * np.abs(along[:, 0]).max()
            sizes = share * max(_largest(signed[1:]), _largest(gradient))
            if math.isclose(replayed, loss, rel_tol=share, abs_tol=size) and np.allclose(
                by_replay, gradient, rtol=share, atol=sizes, equal_nan=True
            ):
                fitting.append(mean)
        if not fitting:
            raise RecordingError(
                "the loss of a batch is neither the mean nor the sum of its samples' losses"
            )
        if self._keep_outputs:
            self._outputs.append(along)
        # Where both fit, all is zero, and a later batch will tell.
        self._mean = fitting[0] if len(fitting) == 1 else None
        if self._mean is not None or count == 1:
            self._checked.add(count)
        self._gradient = gradient
        return loss, gradient


def check_flat(optimizer: Optimizer) -> None:
    """See that an optimizer's step_from() does what its step() does.

    Raises RecordingError where a step() of its own stands in the way.
    """
    kinds = type(optimizer).__mro__

    def depth(name: str) -> int:
        return next(place for place, kind in enumerate(kinds) if name in vars(kind))

    for name in FLAT:
        if depth(name) < depth("step_from"):
            raise RecordingError(f"{kinds[0].__name__} has a {name}() of its own, no step_from()")


def _is_formulated(optimizer: Optimizer) -> bool:
    """Whether a step is the loss and its gradient once, and then a formula of the engine."""
    return type(optimizer).done is Optimizer.done and all(
        getattr(getattr(optimizer, name), "__func__", None) is getattr(Optimizer, name)
        for name in ("step_from", "update")
    )


def _is_mean(objective: Any) -> bool | None:
    """Whether a batch's loss is the mean over its samples, or their sum; None if unknown."""
    if objective.accepts is None:
        return None
    loss = objective.loss
    options = loss.keywords if isinstance(loss, partial) else {}
    return bool(options.get("reduction", "mean") == "mean")


def _largest(numbers: Array) -> float:
    """The largest finite magnitude; 0 if there is none."""
    return float(np.abs(numbers[np.isfinite(numbers)]).max(initial=0.0))
