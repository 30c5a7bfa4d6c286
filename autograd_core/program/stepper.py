"""Stepper: what a training loop calls at each step, with nothing left to look up.

A call of a `Program` checks and binds its arguments anew each time and reads its leaves one by one.
A loop that has its samples as blocks of rows and its parameters as a flat array needs neither: this
is the program's summed gradient, prepared. It owns no arithmetic and checks nothing about samples.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy
from numpy.typing import NDArray

from autograd_core.graph.value import Value
from autograd_core.program.backends.choice import Backend, Runner, direct_call, summed_gradient
from autograd_core.program.code.flat import Code, Floats
from autograd_core.program.code.trace import read_data, write_data, write_gradients
from autograd_core.program.signature.arguments import Numbers
from autograd_core.program.updates.updating import Update, prepared

__all__ = ["Stepper"]


class Stepper:
    """The sums over samples of a program's value and of its gradient by its first captured leaves.

    Made by `Program.stepper`; `forms` are those of a sample in each block. The other captured
    leaves are read when it is made and at `refresh`.
    """

    def __init__(
        self,
        code: Code,
        summed: int,
        captured: Sequence[Value],
        parameters: int,
        backend: Backend,
        threads: int,
        forms: Sequence[Numbers] | None = None,
    ) -> None:
        self._parameters = list(captured[:parameters])
        self._others = list(captured[parameters:])
        self._runner = Runner(code, summed, backend)
        self._threads = threads
        self._forms = forms
        self._direct: Any = None
        self._summed: Any = None
        self._others_numbers = numpy.empty(len(self._others))
        self.refresh()

    @property
    def backend(self) -> str:
        """The name of the back end that runs it now."""
        return self._runner.kernel.name

    def run(
        self, blocks: Sequence[Floats], parameters: Floats, count: int, seed: float | Floats
    ) -> tuple[Floats, Floats]:
        """What comes along, a row a sample; and the sums of the value and of the gradient.

        `blocks` are contiguous rows, one block an argument; `seed` is the cotangent of each
        sample's value, or a column of them.
        """
        if self._others:
            parameters = numpy.concatenate([parameters, self._others_numbers])
        if self._direct is not None:
            found: tuple[Floats, Floats] | None = self._direct.step(
                tuple(blocks), self._threads, self._runner.backend, parameters, seed, count
            )
            if found is not None:
                return found
        elif self._forms is not None:
            leaves = [*self._parameters, *self._others]
            self._direct = direct_call(self._runner, self._forms, leaves, None)
            self._forms = None
        if not isinstance(seed, numpy.ndarray):
            seed = numpy.array([[seed]], dtype=numpy.float64)
        return self._runner.run([*blocks, seed], parameters, count, self._threads)

    def descend(
        self,
        inputs: Floats,
        targets: Floats,
        order: NDArray[numpy.int64],
        sizes: Sequence[int],
        parameters: Floats,
        updates: Sequence[Update],
        losses: list[float],
        *,
        mean: bool,
        penalty: Stepper | None = None,
        seconds: float = 0.05,
    ) -> tuple[Floats, Floats]:
        """Take steps on batches of such sizes, as long as nothing is to be asked in between.

        `order` has the rows of their samples, one batch after the other.
        The parameters change in place, and the loss of each step goes to the end of `losses`: fewer
        than sizes where the time is up, and where a step is to be taken with `run`, for one of many
        reasons. Returns the gradient of the last step, and what came along.
        """
        own = self._summing()
        other = None if penalty is None else penalty._summing()
        update = prepared(updates, len(parameters))
        if own is None or update is None:
            return numpy.zeros(len(parameters)), numpy.empty((0, 0))
        found: tuple[Floats, Floats] = own.descend(
            other, inputs, targets, order, sizes, parameters, *update, mean, seconds, losses
        )
        return found

    def _summing(self) -> Any:
        if self._summed is None:
            self._summed = summed_gradient(self._runner, self._others_numbers, self._threads)
        return self._summed

    def refresh(self) -> None:
        """Read anew the captured leaves that are no parameters."""
        if self._others:
            numbers = numpy.empty(len(self._others))
            read_data(self._others, numbers)
            self._others_numbers, self._summed = numbers, None

    def read(self) -> Floats:
        """The numbers that the parameters hold."""
        numbers = numpy.empty(len(self._parameters))
        read_data(self._parameters, numbers)
        return numbers

    def write(self, numbers: Floats, gradient: Floats) -> None:
        """Give the parameters these numbers and gradients."""
        write_data(self._parameters, numbers)
        write_gradients(self._parameters, gradient)
