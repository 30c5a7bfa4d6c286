"""Calls of a program: what it gives for arguments, alone, with gradients, or summed over samples.

Arguments are bound, and what `running` has for the question runs them. After its first call a
function is also prepared to be called directly (`backends.direct_call`), where nothing has to be
looked up: that is tried first.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any, Literal

import numpy

from autograd_core.given import choice
from autograd_core.graph.numbers import element, real
from autograd_core.graph.value import Value
from autograd_core.program.backends.choice import Backend
from autograd_core.program.code.flat import Floats
from autograd_core.program.code.trace import add_to_gradients
from autograd_core.program.over_axes import OverAxes
from autograd_core.program.signature.arguments import (
    Bound,
    Holder,
    Numbers,
    bind,
    put_together,
)
from autograd_core.program.signature.by_name import in_places
from autograd_core.program.signature.recorded import NONE, Recorded
from autograd_core.program.signature.sample_axes import Axes
from autograd_core.program.signature.wanted import Wanted, Wrt, told

__all__ = ["Called", "Summed"]


@dataclass(frozen=True)
class Summed:
    """What `Program.summed_gradient` gives."""

    value: float
    """The sum of the outputs over the samples."""
    gradient: Any
    """The sum of the gradients, times the seed: of one number a captured leaf, or as `wrt` says."""
    auxiliary: Any
    """What came along, for each sample; None if nothing did."""


class Called(OverAxes):
    """A recording that is called, with arguments by place or by the recorded function's names.

    An argument that is called as an option of a call is (`sum`, say) is given by its place.
    """

    def __init__(self, recorded: Recorded, backend: Backend = "auto", threads: int = 1) -> None:
        super().__init__(recorded, backend, threads)
        self._direct_gradients: dict[Hashable, Any] = {}
        flat = self.parameters in (NONE, Numbers((len(self.captured),)))
        self._trained = "captured" if flat else "parameters"

    # Replay.

    def __call__(
        self, /, *arguments: Any, sum: Axes = None, mean: Axes = None, **named: Any
    ) -> Any:
        """The result for each sample; with `sum` or `mean`, added up over these axes of samples.

        Raises TypeError and ValueError for arguments that do not fit the recording, and for axes
        that are none of the call's.

        >>> from autograd_core import record
        >>> times = record(lambda x, y: x * y, 0.0, 0.0)
        >>> times([[1.0], [10.0]], [1.0, 2.0, 3.0], mean=1)
        array([ 2., 20.])
        """
        if named:
            arguments = in_places(self.names, arguments, named)
        if sum is not None or mean is not None:
            return self._over_axes("total", None, arguments, sum, mean)[0]
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

    def value_and_grad(
        self,
        /,
        *arguments: Any,
        wrt: Wrt = "inputs",
        sum: Axes = None,
        mean: Axes = None,
        **named: Any,
    ) -> tuple[Any, Any]:
        """The result and its gradient for each sample, with respect to what `wrt` says.

        That is the place of an argument or its name, a part of one as listings write it ("x[0]"), a
        captured leaf or its name, a Value that was an input of a recorded graph, the words
        "inputs", "captured", "both" and "parameters", or a tuple, list or dictionary of these, in
        which the gradients then come back: by an argument in its form, by a leaf as a number, by
        leaves in a list or all that are captured as one array, by the recording's parameters in
        their structure, by all inputs as by the argument, or as a tuple if there are several.
        Nothing else is computed. An argument that is called like one of
        the words is asked for by its place.

        `sum` and `mean` are axes of samples, an int or a tuple of them, negative ones from the end:
        the value and the gradient of every sample are added up over these, in the order in which
        `summed_gradient` adds, and the other axes stay. By an argument that is the same along these
        axes, that is the gradient of the sum or the mean. What comes along is not added up. The
        order, at most 32 stripes of samples with eight running sums in each, is a promise to the
        bit; it is not pairwise, so that the roundings show in some hundred units in the last place
        over 10⁶ samples and some thousand over 10⁷. NumPy's sum of what comes back without `sum`
        and `mean` has fewer.

        Raises TypeError for a program whose result is more than one number; TypeError and
        ValueError for a `wrt` that says nothing, or not one thing that the program has.

        >>> from autograd_core import record
        >>> area = record(lambda width, height: width * height, 0.0, 0.0)
        >>> area.value_and_grad(2.0, 3.0, wrt="height")
        (6.0, 2.0)
        >>> area.value_and_grad(2.0, 3.0, wrt={"by width": 0})
        (6.0, {'by width': 3.0})
        >>> area.value_and_grad([[2.0], [5.0]], [1.0, 2.0, 3.0], wrt=0, mean=1)
        (array([ 4., 10.]), array([2., 2.]))
        """
        if named:
            arguments = in_places(self.names, arguments, named)
        if sum is not None or mean is not None:
            by = self._wanted(wrt)
            total, gradient, kept = self._over_axes("summed", by, arguments, sum, mean)
            return total, put_together(by.form, gradient, kept)
        # told() says the same of a str: a call of it would be a twentieth of a small program's
        direct = self._direct_gradients.get(wrt if type(wrt) is str else told(wrt))
        if direct is not None:
            both: tuple[Any, Any] | None = direct.values(arguments, self.threads, self.backend)
            if both is not None:
                return both
        self._scalar("value_and_grad()")
        by = self._wanted(wrt)
        bound = bind(self.arguments, self.names, arguments)
        runner = self._runner("gradient", by)
        found, _ = runner.run(bound.blocks, self._numbers(), bound.count, self.threads)
        said = None if by.by_name else told(wrt)
        if said is not None and said not in self._direct_gradients:
            pair = Holder(tuple, (0, 1), (self.result, by.form))
            self._direct_gradients[said] = self._prepared(runner, pair)
        own = self.result.size
        values = put_together(self.result, found[:, :own], bound.loop)
        return values, put_together(by.form, found[:, own:], bound.loop)

    def grad(
        self,
        /,
        *arguments: Any,
        wrt: Wrt = "inputs",
        sum: Axes = None,
        mean: Axes = None,
        **named: Any,
    ) -> Any:
        """The gradient alone for each sample, as `value_and_grad` gives it, for less.

        >>> from autograd_core import record
        >>> record(lambda x, y: x * y.exp(), 0.0, 0.0).grad(2.0, [0.0, 1.0], wrt=("x", "y"))
        (array([1.        , 2.71828183]), array([2.        , 5.43656366]))
        """
        if named:
            arguments = in_places(self.names, arguments, named)
        if sum is not None or mean is not None:
            return self.value_and_grad(*arguments, wrt=wrt, sum=sum, mean=mean)[1]
        said = told(wrt)
        direct = self._direct.get(("slope", said))
        if direct is not None:
            result = direct.values(arguments, self.threads, self.backend)
            if result is not None:
                return result
        self._scalar("grad()")
        by = self._wanted(wrt)
        bound = bind(self.arguments, self.names, arguments)
        runner = self._runner("slope", by)
        found, _ = runner.run(bound.blocks, self._numbers(), bound.count, self.threads)
        if said is not None and not by.by_name and direct is None:
            self._direct["slope", said] = self._prepared(runner, by.form)
        return put_together(by.form, found, bound.loop)

    def backward(
        self,
        /,
        *arguments: Any,
        reduce: Literal["mean", "sum"] = "mean",
        wrt: Wrt = "captured",
        **named: Any,
    ) -> float:
        """Add the gradient of the samples' mean (or sum) to the captured leaves; returns that mean.

        With `wrt`, captured leaves or names of them, to these alone.

        Raises TypeError for a program whose result is more than one number, and ValueError for no
        samples to take a mean of.
        """
        choice(reduce, "reduce", ("mean", "sum"))
        if named:
            arguments = in_places(self.names, arguments, named)
        direct = self._direct.get("summed") if told(wrt) == "captured" else None
        if direct is not None:
            result: float | None = direct.backward(
                arguments, self.threads, self.backend, reduce == "mean"
            )
            if result is not None:
                return result
        self._scalar("backward()")
        by = self._wanted(wrt)
        bound = bind(self.arguments, self.names, arguments)
        if reduce == "mean" and bound.count == 0:
            raise ValueError("there is no mean of no samples: give at least one, or reduce='sum'")
        leaves = self._leaves(by)
        seed = 1.0 / bound.count if reduce == "mean" else 1.0
        _, sums = self._run_summed(bound, self._numbers(), seed, by)
        add_to_gradients(leaves, sums[1:])
        return float(sums[0]) / bound.count if reduce == "mean" else float(sums[0])

    def summed_gradient(
        self,
        /,
        *arguments: Any,
        parameters: Any = None,
        seed: float = 1.0,
        wrt: Wrt = None,
        **named: Any,
    ) -> Summed:
        """The sums over the samples of the value and of its gradient by what is captured.

        Of a program recorded with `parameters` that is the gradient by these, in their structure,
        and `parameters` are numbers in that structure to use in place of their own; or one for each
        of the captured leaves, in their order. In what order is added, and how it rounds, is told
        in `value_and_grad`. `seed` is the cotangent of each sample's value, and
        `wrt` as in `value_and_grad`. No leaf is touched: for training on flat arrays.
        """
        if named:
            arguments = in_places(self.names, arguments, named)
        if wrt is None:
            wrt = self._trained
        if type(seed) is not float:
            seed = real(element(seed), "seed")
        plain = told(wrt) == "captured"
        direct = self._direct.get("summed") if plain and not self.auxiliary else None
        if direct is not None:
            result = direct.summed(arguments, self.threads, self.backend, parameters, seed)
            if result is not None:
                value, gradient = result
                return Summed(value, gradient, None)
        self._scalar("summed_gradient()")
        by = self._wanted(wrt)
        bound = bind(self.arguments, self.names, arguments)
        found, sums = self._run_summed(bound, self._numbers(parameters), seed, by)
        auxiliary = None
        if self.auxiliary:
            auxiliary = put_together(self._parts()[1], found, bound.loop)
        return Summed(float(sums[0]), put_together(by.form, sums[None, 1:], ()), auxiliary)

    def _run_summed(
        self, bound: Bound, numbers: Floats, seed: float, by: Wanted
    ) -> tuple[Floats, Floats]:
        """What comes along for each sample, and the sums: the value, then the gradient."""
        seeds = numpy.array([[seed]], dtype=numpy.float64)
        runner = self._runner("summed", by)
        results = runner.run([*bound.blocks, seeds], numbers, bound.count, self.threads)
        if by.key == "captured" and "summed" not in self._direct:
            self._direct["summed"] = self._prepared(runner, self._parts()[1])
        return results

    def _leaves(self, by: Wanted) -> list[Value]:
        """The captured leaves that are meant, and nothing else is."""
        inputs = self.code.inputs
        if not by.values:
            raise ValueError(
                "backward() adds to the gradients of captured leaves, and this program has "
                "captured none: ask value_and_grad() or summed_gradient() for its gradient"
            )
        if any(value < inputs for value in by.values):
            raise ValueError(
                "backward() adds to the gradients of captured leaves, and arguments are none: give "
                "leaves or their names as wrt, or use summed_gradient(), which gives the gradient"
            )
        return [self._captured[value - inputs] for value in by.values]
