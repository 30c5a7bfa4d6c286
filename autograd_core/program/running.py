"""What a program is run by: for every question that calls ask, the code that answers it.

The code of a question (the value, the value and a gradient, their sums over samples) is written and
translated when it is first asked, and kept. What is asked with respect to is kept with it. How
arguments come in and results go out is no part of it: `called` has that.
"""

from __future__ import annotations

import importlib
from collections.abc import Hashable
from typing import Any

import numpy

from autograd_core.given import choice
from autograd_core.program.adjoint import derived
from autograd_core.program.backends.choice import Backend, Runner, direct_call
from autograd_core.program.code.flat import Code, Floats
from autograd_core.program.code.trace import read_data
from autograd_core.program.described import Described
from autograd_core.program.passes.pipeline import tidied
from autograd_core.program.passes.tidying import pruned
from autograd_core.program.signature.arguments import (
    Form,
    Holder,
    Numbers,
    bind,
    numbers_of,
    rows_of,
)
from autograd_core.program.signature.recorded import NONE, Recorded
from autograd_core.program.signature.wanted import Wanted, Wrt, told, wanted
from autograd_core.program.stepper import Stepper

__all__ = ["IN_ROWS", "Running"]

IN_ROWS = " in rows"


class Running(Described):
    """A recording with what runs it."""

    def __init__(self, recorded: Recorded, backend: Backend = "auto", threads: int = 1) -> None:
        super().__init__(recorded)
        self.backend: Backend = backend
        self.threads = threads
        self._runners: dict[Hashable, Runner] = {}
        self._asked: dict[Hashable, Wanted] = {}
        self._captured = list(self.captured)

    def _wanted(self, wrt: Wrt) -> Wanted:
        """What is meant by `wrt`."""
        said = told(wrt)
        found = None if said is None else self._asked.get(said)
        if found is None:
            found = wanted(self, wrt)
            if said is not None and not found.by_name:
                self._asked[said] = found
        return found

    def _runner(self, question: str, by: Wanted | None = None) -> Runner:
        """What answers "value", "gradient" (the value too), "slope" (not so) or a sum of these.

        That is "total", of the value, and "summed", of the gradient too; "in rows" behind them is
        the same of each sample.
        """
        what = question, None if by is None else by.key, self.backend
        runner = self._runners.get(what)
        if runner is None:
            asked = question.removesuffix(IN_ROWS)
            runner = self._made(asked, by, sums=asked == question)
            self._runners[what] = runner
        return runner

    def answered_by(self, question: str = "value") -> str:
        """The name of the back end that answers "value", or "gradient" by the inputs, now."""
        if choice(question, "question", ("value", "gradient")) == "value":
            return self._runner(question).kernel.name
        self._scalar("answered_by()")
        return self._runner(question, self._wanted("inputs")).kernel.name

    def stepper(self, parameters: int | None = None) -> Stepper:
        """The summed gradient by the first so many captured leaves, prepared for a training loop.

        Without a number, by all of them. Raises TypeError for a program of several results, and
        ValueError for another number of leaves than there are.
        """
        self._scalar("stepper()")
        count = len(self.captured) if parameters is None else parameters
        if count not in range(len(self.captured) + 1):
            raise ValueError(
                f"parameters is a number from 0 to the {len(self.captured)} captured leaves, got "
                f"{parameters!r}"
            )
        code, summed = self._code_for("summed", self._wanted("captured"))
        dropped = len(self.captured) - count
        code.outputs = code.outputs[: len(code.outputs) - dropped]
        forms = rows_of(self.arguments)
        return Stepper(
            code, summed - dropped, self._captured, count, self.backend, self.threads, forms
        )

    def _made(self, question: str, by: Wanted | None, sums: bool) -> Runner:
        """Its runner, with the outputs that are summed if `sums`, else with all in rows."""
        values = None if by is None else tuple(by.values)
        asked = question, self.result.size, self._parts()[0].size, values
        kept = _kept_code() if self.backend == "llvm" else None
        found = kept.found(self.code, asked) if kept else None
        if found is None:
            code, summed = self._code_for(question, by)
            found = *tidied(code), summed
            if kept:
                kept.keep(self.code, asked, *found)
        code, passes, summed = found
        return Runner(code, summed if sums else 0, self.backend, passes)

    def _code_for(self, question: str, by: Wanted | None = None) -> tuple[Code, int]:
        """The code of a question, and how many of its outputs are summed over the samples."""
        own = self.result.size
        if question == "total":
            first = self._parts()[0].size
            return self.code.giving(numpy.roll(self.code.outputs, -first)), first
        if by is None:
            return self.code, 0
        if question == "summed":
            code = derived.seeded_gradient_of(self.code, by.values)
            outputs = code.outputs.tolist()
            first, rest, gradient = outputs[0], outputs[1:own], outputs[own:]
            code.outputs = numpy.array([*rest, first, *gradient], dtype=numpy.int32)
            return code, 1 + len(gradient)
        code = derived.gradient_of(self.code, by.values)
        if question == "slope":
            code.outputs = code.outputs[own:]
            code = pruned(code)
        return code, 0

    def _prepared(self, runner: Runner, result: Form) -> Any:
        return direct_call(runner, self.arguments, self._captured, result)

    def _numbers(self, given: Any = None) -> Floats:
        """What the captured leaves hold, or what was given for them, or for the parameters."""
        numbers, form = numpy.empty(len(self._captured)), self.parameters
        if given is None:
            read_data(self._captured, numbers)
            return numbers
        own = form.shape if isinstance(form, Numbers) else None
        named = isinstance(form, Holder) and form.kind is dict
        flat = isinstance(given, numpy.ndarray) or (named and isinstance(given, list | tuple))
        if own is not None or form == NONE or flat:
            found = numbers_of(given, "parameters")
            if found.shape == numbers.shape:
                return numpy.ascontiguousarray(found)
            if form == NONE or (own is not None and found.shape != own):
                more = "" if own is None else f", or of the shape {own} of the recording's own"
                raise ValueError(
                    f"parameters must be one number for each of the {len(numbers)} captured "
                    f"leaves{more}, got the shape {found.shape}"
                )
        bound = bind([form], ["parameters"], [given])
        if bound.loop:
            raise ValueError(
                f"parameters must be one number for each of the recording's, got axes {bound.loop} "
                "of samples in front of their own"
            )
        read_data(self._captured, numbers)
        numbers[: form.size] = numpy.concatenate([block[0] for block in bound.blocks])
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


def _kept_code() -> Any:
    return importlib.import_module("autograd_core.program.backends.llvm.kept_code")
