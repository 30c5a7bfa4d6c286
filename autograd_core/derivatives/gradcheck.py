"""Analytical derivatives held against numerical ones, and against one another.

The numerical derivatives (`differences`) are good to about eleven digits on smooth functions,
enough to see a relative error of 1e-9 in a rule. They can only speak where the function is smooth
(`evidence` says where that is): at a kink no convention can be checked, so check beside it.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Sequence
from typing import Any

from autograd_core.derivatives import differentiation
from autograd_core.derivatives.evidence import Verdict, judged
from autograd_core.derivatives.functional import grad, jvp
from autograd_core.derivatives.structures import Structure, flatten
from autograd_core.errors import GradientMismatch, GradientUndecided
from autograd_core.given import checked_function, explain_call, real, whole
from autograd_core.graph.modes import no_grad
from autograd_core.graph.numbers import element
from autograd_core.graph.value import Value

__all__ = ["gradcheck"]

MOST_ORDER = 20  # each takes twice as long as the one before it


def gradcheck(
    function: Callable[..., Any],
    *inputs: Any,
    order: int = 1,
    relative_tolerance: float = 5e-10,
    absolute_tolerance: float = 0.0,
    step: float | None = None,
) -> bool:
    """Check the derivatives of a function of one result at the inputs; True, or GradientMismatch.

    Every number in the inputs (nested as you like) is checked at each order up to `order`: the
    gradient, then the gradient of each of its entries, and so on, against numerical derivatives.
    It also checks that forward mode agrees with reverse mode, that a second sweep gives the same
    bits, and that a seed of zero gives zero. The tolerance is relative to the derivative, plus
    `absolute_tolerance`, plus twice what the numerical derivative is estimated to miss.

    Raises GradientMismatch with the worst input, both numbers, the step and the tolerance, and
    GradientUndecided, which is one too, where the numerical derivative says too little to judge by.

    >>> from autograd_core import gradcheck, sin
    >>> gradcheck(lambda a, b: a * sin(b), 2.0, 3.0, order=2)
    True
    """
    checked_function(function, "gradcheck()")
    whole(order, "order", 1, MOST_ORDER)
    real(relative_tolerance, "relative_tolerance", least=0)
    real(absolute_tolerance, "absolute_tolerance", least=0)
    if not inputs:
        raise TypeError("gradcheck needs the inputs to check at: gradcheck(f, x, y, ...)")
    leaves, shape = flatten(list(inputs), "gradcheck's inputs")
    at = [leaf.data if type(leaf) is Value else leaf for leaf in leaves]
    checked = _Function(function, shape)
    _check_sweeps(checked, at)
    _check_modes(checked, at, relative_tolerance, absolute_tolerance)
    _check_order(checked, at, (), order, relative_tolerance, absolute_tolerance, step)
    return True


class _Function:
    """The user's function, of a flat list of numbers."""

    def __init__(self, function: Callable[..., Any], shape: Structure) -> None:
        self.function = function
        self.shape = shape
        self.name = getattr(function, "__name__", repr(function))

    def __call__(self, flat: Sequence[Any]) -> Any:
        # Values, also where numbers would do: the function may ask its operands for `.exp()`.
        nodes = [leaf if type(leaf) is Value else Value(leaf) for leaf in flat]
        given = self.shape.fill(nodes)
        try:
            return element(self.function(*given))
        except TypeError as error:
            explain_call(error, self.function, given)
            raise

    def derivative(self, path: Sequence[int]) -> Callable[[Sequence[Any]], Any]:
        """The function differentiated once for every input of the path."""
        derived: Callable[[Sequence[Any]], Any] = self
        for index in path:
            derived = _entry_of_gradient(derived, index)
        return derived


def _entry_of_gradient(
    function: Callable[[Sequence[Any]], Any], index: int
) -> Callable[[Sequence[Any]], Any]:
    gradient = grad(function)
    return lambda flat: gradient(list(flat))[index]


def _number(result: Any) -> float:
    return result.data if type(result) is Value else float(result)


def _check_order(
    checked: _Function,
    at: list[float],
    path: tuple[int, ...],
    order: int,
    relative: float,
    absolute: float,
    step: float | None,
) -> None:
    function = checked.derivative(path)
    analytical = grad(function)(at)
    failures = []
    for index, found in enumerate(analytical):
        along = functools.partial(_moved, function, at, index)
        verdict = judged(along, at[index], found, relative, absolute, step)
        if not verdict.right:
            failures.append((verdict, index, found))
    if failures:
        verdict, index, found = max(failures, key=_seriousness)
        estimate = verdict.estimate
        place = f"{_derivative_name(checked.name, (*path, index))} at {_shown(at)}"
        if verdict.right is None:
            raise GradientUndecided(
                f"{place}: cannot decide. Input {index} ({at[index]!r}) has the analytical "
                f"derivative {found!r}, and no numerical one that says anything (the best is "
                f"{estimate.derivative!r}, estimated error {estimate.error:.3g}). Of the function: "
                f"{verdict.reason}. Check beside this point"
            )
        raise GradientMismatch(
            f"{place}: input {index} ({at[index]!r}) has the analytical derivative {found!r}, but "
            f"the numerical one is {estimate.derivative!r} (step {estimate.step:.3g}, estimated "
            f"error {estimate.error:.3g}); they differ by {abs(found - estimate.derivative):.3g}, "
            f"tolerance {verdict.tolerance:.3g}; {len(failures)} of {len(at)} inputs fail"
        )
    if len(path) + 1 < order:
        for index in range(len(at)):
            _check_order(checked, at, (*path, index), order, relative, absolute, step)


def _moved(
    function: Callable[[Sequence[Any]], Any], at: Sequence[float], index: int, x: float
) -> float:
    moved = list(at)
    moved[index] = x
    with no_grad():
        return _number(function(moved))


def _seriousness(failure: tuple[Verdict, int, float]) -> tuple[bool, float]:
    """What is wrong before what is undecided, then by how many tolerances."""
    verdict, _, found = failure
    apart = abs(found - verdict.estimate.derivative)
    excess = apart / verdict.tolerance if verdict.tolerance else math.inf
    return verdict.right is False, math.inf if math.isnan(excess) else excess


def _check_modes(checked: _Function, at: list[float], relative: float, absolute: float) -> None:
    reverse = grad(checked)(at)
    scale = max(map(abs, reverse), default=0.0)
    for index, backward in enumerate(reverse):
        direction = [1.0 if place == index else 0.0 for place in range(len(at))]
        _, forward = jvp(checked, (at,), (direction,))
        if forward == backward or (math.isnan(forward) and math.isnan(backward)):
            continue  # at the end of the domain or outside; the comparison with numbers says so
        # The modes add the same products in another order, so entries that cancel may differ.
        if not abs(forward - backward) <= relative * scale + absolute:
            raise GradientMismatch(
                f"{_derivative_name(checked.name, (index,))} at {_shown(at)}: reverse mode gives "
                f"{backward!r}, forward mode {forward!r} for input {index} ({at[index]!r}); a "
                "partial depends on the way it is used"
            )


def _check_sweeps(checked: _Function, at: list[float]) -> None:
    nodes = [Value(x) for x in at]
    output = checked(nodes)
    if type(output) is not Value:
        return  # a number: it depends on no input
    first = differentiation.pull_back([output], [1.0], nodes, create_graph=False)
    second = differentiation.pull_back([output], [1.0], nodes, create_graph=False)
    if [x.hex() for x in first] != [x.hex() for x in second]:
        raise GradientMismatch(
            f"two sweeps of {checked.name} at {_shown(at)} differ: {first} and {second}"
        )
    if any(differentiation.pull_back([output], [0.0], nodes, create_graph=False)):
        raise GradientMismatch(
            f"a sweep of {checked.name} at {_shown(at)} from the seed 0 leaves gradients"
        )


def _derivative_name(name: str, path: Sequence[int]) -> str:
    if len(path) == 1:
        return f"∂{name}/∂{path[0]}"
    return f"∂{len(path)}{name}/" + "".join(f"∂{index}" for index in path)


def _shown(at: Sequence[float]) -> str:
    return repr(list(at)) if len(at) <= 8 else f"{list(at[:8])!r} and {len(at) - 8} more"
