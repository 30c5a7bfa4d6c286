"""SciPy's `minimize` on functions of Values: their derivatives are exact, and mostly replayed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from numbers import Real
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from autograd_core import RecordingError, Value
from nn.descent.line_search import scipy_optimize
from nn.options import checked_function, choice, got, numbers_of
from nn.training.closures import CalledFunction, ReplayedFunction
from nn.training.eager import check_reached

__all__ = ["minimize"]

# What SciPy's methods take besides the function.
NO_GRADIENT = {"nelder-mead", "powell", "cobyla", "cobyqa"}
HESSIAN_PRODUCTS = {"newton-cg", "trust-ncg", "trust-krylov", "trust-constr"}
WHOLE_HESSIAN = {"dogleg", "trust-exact"}
GRADIENT_ALONE = {"bfgs", "cg", "l-bfgs-b", "slsqp", "tnc"}
METHODS = sorted(NO_GRADIENT | GRADIENT_ALONE | HESSIAN_PRODUCTS | WHOLE_HESSIAN)


def minimize(
    function: Callable[[Sequence[Any]], Any],
    x0: ArrayLike,
    method: str = "BFGS",
    **keywords: Any,
) -> Any:
    """SciPy's `minimize` with exact gradients, and Hessian-vector products where it takes them.

    The function takes a list of Values and gives one; it is recorded and replayed if it can be.
    Everything else is SciPy's: the keywords, the methods, and the result, an `OptimizeResult` with
    `x`, `fun`, `success` and more, which also has `tier` and `reason`, as `Descent` does.

    Raises ImportError if SciPy is not installed, TypeError and ValueError for a start or keywords
    that do not fit, and for a function that has no gradient where a method needs one.

    >>> rosenbrock = lambda x: (1 - x[0]) ** 2 + 100 * (x[1] - x[0] ** 2) ** 2
    >>> minimize(rosenbrock, [-1.2, 1.0], "trust-exact").x.round(6).tolist()
    [1.0, 1.0]
    """
    optimize = scipy_optimize("minimize")
    try:
        start = numbers_of(x0, "x0", 1)
    except (TypeError, ValueError):
        start = np.empty(())
    if start.ndim != 1 or not start.size or not np.isfinite(start).all():
        raise ValueError(f"x0 must be a list of finite numbers, {got(x0)}")
    if not isinstance(method, str):
        raise TypeError(f"method must be the name of one of SciPy's, as 'BFGS', {got(method)}")
    name = choice(method.lower(), "method", METHODS)
    for word in sorted({"jac", "args"} & keywords.keys()):
        raise TypeError(
            f"{word} is not taken: the gradient is computed from the function, which takes a list "
            "of Values alone"
        )
    checked_function(function, "minimize()", "a list of Values")
    reason = ""
    asked: CalledFunction | ReplayedFunction
    try:
        asked = ReplayedFunction(function, start)
    except RecordingError as error:
        asked, reason = CalledFunction(function), str(error)
    if name in NO_GRADIENT:
        found = optimize.minimize(asked.value, start, method=method, **keywords)
    else:
        if name in HESSIAN_PRODUCTS:
            keywords = {"hessp": asked.product, **keywords}
        elif name in WHOLE_HESSIAN:
            keywords = {"hess": asked.hessian, **keywords}
        variables = [Value(number) for number in start.tolist()]
        result = function(variables)
        if isinstance(result, Value | Real):
            check_reached(result, variables)
        both = asked.value_and_gradient
        found = optimize.minimize(both, start, method=method, jac=True, **keywords)
    found.tier, found.reason = asked.tier, reason
    return found
