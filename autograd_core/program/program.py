"""Program: a recorded function, to be called, differentiated, looked at and exported.

It holds the flat code as it was recorded, the leaves it captured, and the forms of its arguments
and of its result (`signature.recorded`); how it is called is `called`'s, how it is shown
`described`'s. Here are the programs that are made of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy

from autograd_core.errors import ProgramError
from autograd_core.given import flag, got
from autograd_core.program.adjoint import derived
from autograd_core.program.backends.choice import checked
from autograd_core.program.called import Called, Summed
from autograd_core.program.code.flat import Code
from autograd_core.program.passes.pipeline import Passes, tidied
from autograd_core.program.saving import portable
from autograd_core.program.signature.arguments import Form, Holder
from autograd_core.program.signature.recorded import NONE, Recorded
from autograd_core.program.signature.wanted import Wrt

__all__ = ["Program", "Summed"]

MOST_THREADS = 1024


class Program(Called):
    """A scalar function as flat code. Made by `record` and `record_graph`.

    Called with arguments like the examples, by place or by name, it gives the function's result;
    with further axes in front of them, that of each sample. `captured` are the leaves that
    it reads anew at each call.

    >>> from autograd_core import record
    >>> program = record(lambda x, y: x * y + x.sin(), 0.0, 0.0)
    >>> program(0.0, 2.0)
    0.0
    >>> values, (dx, dy) = program.value_and_grad([0.0, 0.0], [2.0, 3.0])
    >>> values.tolist(), dx.tolist(), dy.tolist()
    ([0.0, 0.0], [3.0, 4.0], [0.0, 0.0])
    """

    def using(self, backend: str | None = None, threads: int | None = None) -> Program:
        """The same program run by another back end, or by so many threads.

        Raises BackendError for a back end unknown or not installed, and ValueError for fewer than
        one thread or more than 1,024.
        """
        whole = isinstance(threads, int | numpy.integer) and not isinstance(threads, bool)
        if threads is not None and (not whole or not 1 <= threads <= MOST_THREADS):
            raise ValueError(
                f"threads must be a whole number of at least 1 and at most {MOST_THREADS:,}, "
                f"{got(threads)}: more than the processor has cores gain nothing"
            )
        program = Program(
            self,
            self.backend if backend is None else checked(backend),
            self.threads if threads is None else int(threads),
        )
        if backend not in (None, "auto"):
            program._runner("value")  # a back end that is not there says so now
        elif backend is None:
            program._runners = self._runners
        return program

    # Programs from this one.

    def gradient(self, wrt: Wrt = "inputs", value: bool = False) -> Program:
        """The gradient as a program; with `value`, the pair of value and gradient.

        `wrt` is as in `value_and_grad`.

        Raises TypeError for a program whose result is more than one number.

        >>> from autograd_core import record
        >>> cube = record(lambda x: x**3, 0.0)
        >>> cube.gradient()(2.0), cube.gradient().gradient()(2.0)
        (12.0, 12.0)
        """
        self._scalar("gradient()")
        by = self._wanted(wrt)
        code, _ = self._code_for("gradient" if flag(value, "value") else "slope", by)
        if value:
            return self._derived(code, Holder(tuple, (0, 1), (self.result, by.form)), value)
        return self._derived(code, by.form)

    def pull_back(self, wrt: Wrt = "inputs") -> Program:
        """The adjoint: takes a cotangent like the result besides, gives result and pullback.

        `wrt` is as in `value_and_grad`.
        """
        by = self._wanted(wrt)
        code = derived.pull_back_of(self.code, by.values)
        form = Holder(tuple, (0, 1), (self.result, by.form))
        return self._derived(code, form, False, [self.result], ["cotangent"])

    def tangent(self, wrt: Wrt = "inputs") -> Program:
        """Forward mode: takes a direction for each argument besides, gives result and derivative.

        With `wrt`, as in `value_and_grad`, it takes one for what that says, for each of a tuple or
        a list one argument; all else stands still.

        >>> from autograd_core import record
        >>> record(lambda x, y: x * y, 0.0, 0.0).tangent()(2.0, 3.0, 1.0, 0.0)
        (6.0, 3.0)
        """
        by = self._wanted(wrt)
        code = derived.tangent_of(self.code, by.values)
        form = Holder(tuple, (0, 1), (self.result, self.result))
        directions = [f"direction of {name}" for name, _ in by.parts]
        return self._derived(code, form, False, [part for _, part in by.parts], directions)

    def hvp(self, wrt: Wrt = "inputs") -> Program:
        """Gradient and Hessian times a direction: takes a direction for each argument besides.

        With `wrt`, both are with respect to what it says alone, and so are the directions.

        >>> from autograd_core import record
        >>> record(lambda x: x[0] ** 2 * x[1], [0.0, 0.0]).hvp()([2.0, 3.0], [1.0, 0.0])
        (array([12.,  4.]), array([6., 4.]))
        """
        return self.gradient(wrt).tangent(wrt)

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
        *parts, parameters, replaced = self.parts
        more = (parameters, replaced) if replaced else (parameters,) if parameters != NONE else ()
        return _restored, (*parts, self.backend, self.threads, *more)

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
        about = (self.captured, arguments, names, result, auxiliary)
        recorded = Recorded(code, *about, self.parameters, self.replaced)
        return Program(recorded, self.backend, self.threads)


def _restored(*pickled: Any) -> Program:
    """The program that a pickle holds, if nothing in it is damaged."""
    parts, (backend, threads, *more) = pickled[:6], pickled[6:]
    recorded = Recorded(*parts, *more)
    portable.check_fit(recorded)
    if type(threads) is not int or not 1 <= threads <= MOST_THREADS:
        raise ProgramError(f"a program runs on one thread or more, not on {threads!r:.60}")
    return Program(recorded, checked(backend), threads)
