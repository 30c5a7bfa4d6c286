"""Program: a recorded function, to be called, differentiated, looked at and exported.

It holds the flat code as it was recorded, the leaves it captured, and the forms of its arguments
and of its result. What it computes with is made when it is first needed and kept: the passes' code
and a back end's translation of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy

from autograd_core.errors import ProgramError
from autograd_core.program.adjoint import derived
from autograd_core.program.adjoint.derived import With
from autograd_core.program.backends.choice import Backend, Runner, checked
from autograd_core.program.code.flat import Code, Floats
from autograd_core.program.code.trace import add_to_gradients, read_data
from autograd_core.program.described import Described
from autograd_core.program.passes.pipeline import Passes, tidied
from autograd_core.program.passes.tidying import pruned
from autograd_core.program.saving import portable
from autograd_core.program.signature.arguments import (
    Bound,
    Form,
    Holder,
    Numbers,
    bind,
    numbers_of,
    put_together,
)
from autograd_core.program.signature.recorded import Recorded
from autograd_core.program.stepper import Stepper

__all__ = ["Program", "Summed"]


@dataclass(frozen=True)
class Summed:
    """What `Program.summed_gradient` gives."""

    value: float
    """The sum of the outputs over the samples."""
    gradient: Floats
    """The sum of the gradients, one number a captured leaf, times the seed."""
    auxiliary: Any
    """What came along, for each sample; None if nothing did."""


class Program(Described):
    """A scalar function as flat code. Made by `record` and `record_graph`.

    Called with arguments like the examples it gives the function's result; with further axes in
    front of them, that of each sample. `captured` are the leaves that it reads anew at each call.

    >>> from autograd_core import record
    >>> program = record(lambda x, y: x * y + x.sin(), 0.0, 0.0)
    >>> program(0.0, 2.0)
    0.0
    >>> values, (dx, dy) = program.value_and_grad([0.0, 0.0], [2.0, 3.0])
    >>> values.tolist(), dx.tolist(), dy.tolist()
    ([0.0, 0.0], [3.0, 4.0], [0.0, 0.0])
    """

    def __init__(self, recorded: Recorded, backend: Backend = "auto", threads: int = 1) -> None:
        super().__init__(recorded)
        self.backend: Backend = backend
        self.threads = threads
        self._runners: dict[Any, Runner] = {}
        self._captured = list(self.captured)

    def using(self, backend: str | None = None, threads: int | None = None) -> Program:
        """The same program run by another back end, or by so many threads.

        Raises BackendError for a back end unknown or not installed, and ValueError for fewer than
        one thread.
        """
        if threads is not None and (not isinstance(threads, int) or threads < 1):
            raise ValueError(f"threads must be a whole number of at least 1, got {threads!r}")
        program = Program(
            self,
            self.backend if backend is None else checked(backend),
            self.threads if threads is None else threads,
        )
        if backend not in (None, "auto"):
            program._runner("value")  # a back end that is not there says so now
        elif backend is None:
            program._runners = self._runners
        return program

    # Replay.

    def __call__(self, *arguments: Any) -> Any:
        """The result for each sample.

        Raises TypeError and ValueError for arguments that do not fit the recording.
        """
        bound = bind(self.arguments, self.names, arguments)
        values, _ = self._runner("value").run(
            bound.blocks, self._numbers(), bound.count, self.threads
        )
        return put_together(self.result, values, bound.loop)

    def value_and_grad(self, *arguments: Any, wrt: With = "inputs") -> tuple[Any, Any]:
        """The result and its gradient for each sample.

        The gradient by the inputs has the form of the argument, or is a tuple of them if there are
        several; by what is captured it is one array; for both, the pair of the two.

        Raises TypeError for a program whose result is more than one number.
        """
        self._scalar("value_and_grad()")
        bound = bind(self.arguments, self.names, arguments)
        found, _ = self._runner(("gradient", wrt)).run(
            bound.blocks, self._numbers(), bound.count, self.threads
        )
        own = self.result.size
        values = put_together(self.result, found[:, :own], bound.loop)
        return values, put_together(self._gradient_form(wrt), found[:, own:], bound.loop)

    def backward(self, *arguments: Any, reduce: Literal["mean", "sum"] = "mean") -> float:
        """Add the gradient of the samples' mean (or sum) to the captured leaves; returns that mean.

        Raises TypeError for a program whose result is more than one number, and ValueError for no
        samples to take a mean of.
        """
        if reduce not in ("mean", "sum"):
            raise ValueError(f"reduce must be 'mean' or 'sum', got {reduce!r}")
        self._scalar("backward()")
        bound = bind(self.arguments, self.names, arguments)
        if reduce == "mean" and bound.count == 0:
            raise ValueError("there is no mean of no samples: give at least one, or reduce='sum'")
        seed = 1.0 / bound.count if reduce == "mean" else 1.0
        _, sums = self._run_summed(bound, self._numbers(), seed)
        add_to_gradients(self._captured, sums[1:])
        return float(sums[0]) / bound.count if reduce == "mean" else float(sums[0])

    def summed_gradient(self, *arguments: Any, parameters: Any = None, seed: float = 1.0) -> Summed:
        """The sums over the samples of the value and of its gradient by what is captured.

        `parameters` are numbers to use in place of the captured leaves' own, in their order; `seed`
        is the cotangent of each sample's value. No leaf is touched: for training on flat arrays.
        """
        self._scalar("summed_gradient()")
        bound = bind(self.arguments, self.names, arguments)
        found, sums = self._run_summed(bound, self._numbers(parameters), seed)
        auxiliary = None
        if self.auxiliary:
            auxiliary = put_together(self._parts()[1], found, bound.loop)
        return Summed(float(sums[0]), sums[1:], auxiliary)

    def stepper(self, parameters: int | None = None) -> Stepper:
        """The summed gradient by the first so many captured leaves, prepared for a training loop.

        Without a number, by all of them. Raises TypeError for a program of several results.
        """
        self._scalar("stepper()")
        count = len(self.captured) if parameters is None else parameters
        code, summed = self._code_for("summed")
        dropped = len(self.captured) - count
        code.outputs = code.outputs[: len(code.outputs) - dropped]
        return Stepper(code, summed - dropped, self._captured, count, self.backend, self.threads)

    # Programs from this one.

    def gradient(self, wrt: With = "inputs", value: bool = False) -> Program:
        """The gradient as a program; with `value`, the pair of value and gradient.

        Raises TypeError for a program whose result is more than one number.

        >>> from autograd_core import record
        >>> cube = record(lambda x: x**3, 0.0)
        >>> cube.gradient()(2.0), cube.gradient().gradient()(2.0)
        (12.0, 12.0)
        """
        self._scalar("gradient()")
        code = derived.gradient_of(self.code, wrt)
        form = self._gradient_form(wrt)
        if value:
            return self._derived(code, Holder(tuple, (0, 1), (self.result, form)), value)
        code.outputs = code.outputs[self.result.size :]
        return self._derived(pruned(code), form)

    def pull_back(self, wrt: With = "inputs") -> Program:
        """The adjoint: takes a cotangent like the result besides, gives result and pullback."""
        code = derived.pull_back_of(self.code, wrt)
        form = Holder(tuple, (0, 1), (self.result, self._gradient_form(wrt)))
        return self._derived(code, form, False, [self.result], ["cotangent"])

    def tangent(self) -> Program:
        """Forward mode: takes a direction for each argument besides, gives result and derivative.

        >>> from autograd_core import record
        >>> record(lambda x, y: x * y, 0.0, 0.0).tangent()(2.0, 3.0, 1.0, 0.0)
        (6.0, 3.0)
        """
        code = derived.tangent_of(self.code)
        form = Holder(tuple, (0, 1), (self.result, self.result))
        directions = [f"direction of {name}" for name in self.names]
        return self._derived(code, form, False, self.arguments, directions)

    def hvp(self) -> Program:
        """Gradient and Hessian times a direction: takes a direction for each argument besides.

        >>> from autograd_core import record
        >>> record(lambda x: x[0] ** 2 * x[1], [0.0, 0.0]).hvp()([2.0, 3.0], [1.0, 0.0])
        (array([12.,  4.]), array([6., 4.]))
        """
        return self.gradient().tangent()

    @property
    def passes(self) -> Passes:
        """What each pass saved in the code that a call runs."""
        return self._runner("value").passes

    # Looking at it.

    def tidied(self) -> Program:
        """The program that a call runs, after the passes, to be listed, counted and drawn.

        It gives the same bits; its derivatives may differ in the last one from those of the
        recording, for what is computed once there collects its cotangents in another order.

        >>> from autograd_core import record
        >>> print(record(lambda x: x * x + x * x, 0.0).tidied())
        inputs    1: x = %0
        %1 = mul x, x
        %2 = add %1, %1
        return %2
        """
        code, _ = tidied(self.code)
        return self._derived(code, self.result, self.auxiliary)

    def __reduce__(self) -> tuple[Any, ...]:
        return _restored, (*self.parts, self.backend, self.threads)

    # Inside.

    def _derived(
        self,
        code: Code,
        result: Form,
        auxiliary: bool = False,
        more: Sequence[Form] = (),
        names: Sequence[str] = (),
    ) -> Program:
        arguments, names = [*self.arguments, *more], [*self.names, *names]
        recorded = Recorded(code, self.captured, arguments, names, result, auxiliary)
        return Program(recorded, self.backend, self.threads)

    def _runner(self, what: Any) -> Runner:
        runner = self._runners.get((what, self.backend))
        if runner is None:
            code, summed = self._code_for(what)
            runner = self._runners[what, self.backend] = Runner(code, summed, self.backend)
        return runner

    def _code_for(self, what: Any) -> tuple[Code, int]:
        if what == "value":
            return self.code, 0
        if what == "summed":
            code = derived.seeded_gradient_of(self.code, "captured")
            outputs = code.outputs.tolist()
            own = self.result.size
            first, rest, gradient = outputs[0], outputs[1:own], outputs[own:]
            code.outputs = numpy.array([*rest, first, *gradient], dtype=numpy.int32)
            return code, 1 + len(gradient)
        _, wrt = what
        return derived.gradient_of(self.code, wrt), 0

    def _run_summed(self, bound: Bound, numbers: Floats, seed: float) -> tuple[Floats, Floats]:
        """What comes along for each sample, and the sums: the value, then the gradient."""
        seeds = numpy.array([[seed]], dtype=numpy.float64)
        runner = self._runner("summed")
        return runner.run([*bound.blocks, seeds], numbers, bound.count, self.threads)

    def _numbers(self, given: Any = None) -> Floats:
        """What the captured leaves hold, or what was given for it."""
        if given is not None:
            numbers = numbers_of(given, "parameters")
            if numbers.shape != (len(self._captured),):
                raise ValueError(
                    f"parameters must be one number for each of the {len(self._captured)} "
                    f"captured leaves, got the shape {numbers.shape}"
                )
            return numpy.ascontiguousarray(numbers)
        numbers = numpy.empty(len(self._captured))
        read_data(self._captured, numbers)
        return numbers

    def _parts(self) -> tuple[Form, Form]:
        """The form of what is differentiated and of what comes along."""
        if not self.auxiliary:
            return self.result, Holder(tuple, (), ())
        assert isinstance(self.result, Holder)  # a pair: `record` has seen to it
        first, second = self.result.children
        return first, second

    def _scalar(self, asked: str) -> None:
        form, _ = self._parts()
        if form != Numbers(()):
            raise TypeError(
                f"{asked} differentiates a program of one result, but this one gives {form.size} "
                "numbers: record the one you mean (auxiliary=True lets others come along), or use "
                "pull_back(), which takes a cotangent for each"
            )

    def _gradient_form(self, wrt: With) -> Form:
        inputs = (
            self.arguments[0]
            if len(self.arguments) == 1
            else Holder(tuple, tuple(range(len(self.arguments))), self.arguments)
        )
        captured = Numbers((len(self.captured),))
        if wrt == "inputs":
            return inputs
        if wrt == "captured":
            return captured
        return Holder(tuple, (0, 1), (inputs, captured))


def _restored(*pickled: Any) -> Program:
    """The program that a pickle holds, if nothing in it is damaged."""
    *parts, backend, threads = pickled
    recorded = Recorded(*parts)
    portable.check_fit(recorded)
    if type(threads) is not int or threads < 1:
        raise ProgramError(f"a program runs on one thread or more, not on {threads!r:.60}")
    return Program(recorded, checked(backend), threads)
