"""Calls of a program: what it gives for arguments, alone, with gradients, or summed over samples.

Arguments are bound, and a back end runs them; what it runs, the passes' code translated, is made
when it is first asked for and kept. After its first call a function is also prepared to be called
directly (`backends.direct_call`), where nothing has to be looked up: that is tried first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy

from autograd_core.program.adjoint import derived
from autograd_core.program.adjoint.derived import With
from autograd_core.program.backends.choice import Backend, Runner, direct_call
from autograd_core.program.code.flat import Code, Floats
from autograd_core.program.code.trace import add_to_gradients, read_data
from autograd_core.program.described import Described
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

__all__ = ["Called", "Summed"]


@dataclass(frozen=True)
class Summed:
    """What `Program.summed_gradient` gives."""

    value: float
    """The sum of the outputs over the samples."""
    gradient: Floats
    """The sum of the gradients, one number a captured leaf, times the seed."""
    auxiliary: Any
    """What came along, for each sample; None if nothing did."""


class Called(Described):
    """A recording that is called. It owns what it is called with, and by whom it is run."""

    def __init__(self, recorded: Recorded, backend: Backend = "auto", threads: int = 1) -> None:
        super().__init__(recorded)
        self.backend: Backend = backend
        self.threads = threads
        self._runners: dict[Any, Runner] = {}
        self._captured = list(self.captured)
        self._direct: dict[str, Any] = {}
        self._direct_gradients: dict[With, Any] = {}

    # Replay.

    def __call__(self, *arguments: Any) -> Any:
        """The result for each sample.

        Raises TypeError and ValueError for arguments that do not fit the recording.
        """
        direct = self._direct.get("value")
        if direct is not None:
            result = direct.values(arguments, self.threads, self.backend)
            if result is not None:
                return result
        bound = bind(self.arguments, self.names, arguments)
        runner = self._runner("value")
        values, _ = runner.run(bound.blocks, self._numbers(), bound.count, self.threads)
        if "value" not in self._direct:
            self._direct["value"] = self._prepared(runner, self.result)
        return put_together(self.result, values, bound.loop)

    def value_and_grad(self, *arguments: Any, wrt: With = "inputs") -> tuple[Any, Any]:
        """The result and its gradient for each sample.

        The gradient by the inputs has the form of the argument, or is a tuple of them if there are
        several; by what is captured it is one array; for both, the pair of the two.

        Raises TypeError for a program whose result is more than one number.
        """
        direct = self._direct_gradients.get(wrt)
        if direct is not None:
            both: tuple[Any, Any] | None = direct.values(arguments, self.threads, self.backend)
            if both is not None:
                return both
        self._scalar("value_and_grad()")
        bound = bind(self.arguments, self.names, arguments)
        runner, form = self._runner(("gradient", wrt)), self._gradient_form(wrt)
        found, _ = runner.run(bound.blocks, self._numbers(), bound.count, self.threads)
        if wrt not in self._direct_gradients:
            pair = Holder(tuple, (0, 1), (self.result, form))
            self._direct_gradients[wrt] = self._prepared(runner, pair)
        own = self.result.size
        values = put_together(self.result, found[:, :own], bound.loop)
        return values, put_together(form, found[:, own:], bound.loop)

    def backward(self, *arguments: Any, reduce: Literal["mean", "sum"] = "mean") -> float:
        """Add the gradient of the samples' mean (or sum) to the captured leaves; returns that mean.

        Raises TypeError for a program whose result is more than one number, and ValueError for no
        samples to take a mean of.
        """
        if reduce not in ("mean", "sum"):
            raise ValueError(f"reduce must be 'mean' or 'sum', got {reduce!r}")
        direct = self._direct.get("summed")
        if direct is not None:
            result: float | None = direct.backward(
                arguments, self.threads, self.backend, reduce == "mean"
            )
            if result is not None:
                return result
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
        direct = self._direct.get("summed")
        if direct is not None and not self.auxiliary:
            result = direct.summed(arguments, self.threads, self.backend, parameters, seed)
            if result is not None:
                value, gradient = result
                return Summed(value, gradient, None)
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
        forms = _rows(self.arguments)
        return Stepper(
            code, summed - dropped, self._captured, count, self.backend, self.threads, forms
        )

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
        results = runner.run([*bound.blocks, seeds], numbers, bound.count, self.threads)
        if "summed" not in self._direct:
            self._direct["summed"] = self._prepared(runner, self._parts()[1])
        return results

    def _prepared(self, runner: Runner, result: Form) -> Any:
        return direct_call(runner, self.arguments, self._captured, result)

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


def _rows(forms: Sequence[Form]) -> list[Numbers]:
    """The rows that a sample is, one for each shape in the forms, as in the blocks of `bind`."""
    found: list[Numbers] = []
    for form in forms:
        if isinstance(form, Numbers):
            found.append(Numbers((form.size,)))
        else:
            found += _rows(form.children)
    return found
