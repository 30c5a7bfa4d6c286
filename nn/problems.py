"""Problems to descend on: functions of two numbers, with what is known of their minima.

They are the classics that optimizers are compared on, and the four points of a course. Each says
where to draw it, where descents begin and what the lowest value is; `nn.descent` descends on them.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import reduce
from typing import Any

from autograd_core import Value, sigmoid
from nn.datasets import four_points as points_and_targets
from nn.landscape import Landscape, over_function
from nn.optim import Closure
from nn.options import checked_function, got, listed, real, span

__all__ = [
    "PROBLEMS",
    "Problem",
    "beale",
    "four_points",
    "himmelblau",
    "ravine",
    "rosenbrock",
    "saddle",
]

Point = tuple[float, float]
Range = tuple[float, float]


@dataclass(frozen=True)
class Problem:
    """A function of two numbers or Values, and what is known of it.

    >>> rosenbrock(1.0, 1.0), rosenbrock.minima
    (0.0, ((1.0, 1.0),))
    """

    name: str
    function: Callable[[Any, Any], Any]
    x: Range
    """Where x is worth a picture."""
    y: Range
    start: Point
    """Where descents usually begin."""
    minima: tuple[Point, ...]
    """Where it takes its lowest value: none if it only comes near, or has no lowest value."""
    lowest: float
    """The lowest value, or what it comes as near to as one likes."""
    names: tuple[str, str] = ("x", "y")

    def __post_init__(self) -> None:
        if not isinstance(self.name, str):
            raise TypeError(f"a problem's name must be a str, {got(self.name)}")
        checked_function(self.function, "a problem", "x", "y")
        span(self.x, "x")
        span(self.y, "y")
        if not isinstance(self.lowest, float) or self.lowest != -math.inf:
            real(self.lowest, "lowest")
        for point in [self.start, *listed(self.minima, "minima", "points in a tuple")]:
            for number in listed(point, "a point", "a pair (x, y)"):
                real(number, "a point's coordinate")
        names = listed(self.names, "names", "a pair of names")
        if len(names) != 2 or not all(isinstance(name, str) for name in names):
            raise TypeError(f"names must be a pair of names, as ('x', 'y'), {got(self.names)}")

    def __call__(self, x: Any, y: Any) -> Any:
        return self.function(x, y)

    def begin(self, start: Point | None = None) -> tuple[Closure, list[Value]]:
        """The loss as a closure, and its two parameters by their names, where a descent begins.

        >>> from nn.descent import descend
        >>> from nn.optim import SGD
        >>> closure, parameters = ravine(10.0).begin()
        >>> descend(closure, SGD(parameters, 0.1), 50).path[-1].round(2).tolist()
        [0.05, 0.0]
        """
        x, y = (
            Value(real(number, name), name=name)
            for number, name in zip(start or self.start, self.names, strict=True)
        )
        return lambda: self.function(x, y), [x, y]

    def landscape(self, points: int = 201) -> Landscape:
        """The function over the ranges, whose pictures take the paths of descents."""
        seen = over_function(self.function, self.x, self.y, points=points)
        return replace(seen, labels=self.names)

    def __repr__(self) -> str:
        return f"<Problem {self.name}>"


def _rosenbrock(x: Any, y: Any) -> Any:
    return (1 - x) ** 2 + 100 * (y - x * x) ** 2


def _himmelblau(x: Any, y: Any) -> Any:
    return (x * x + y - 11) ** 2 + (x + y * y - 7) ** 2


def _beale(x: Any, y: Any) -> Any:
    return (
        (1.5 - x + x * y) ** 2 + (2.25 - x + x * y**2) ** 2 + (2.625 - x + x * y**3) ** 2
    )  # fmt: skip


def _saddle(x: Any, y: Any) -> Any:
    return x * x - y * y


_FOUR = points_and_targets()
_SAMPLES = list(zip(_FOUR.inputs.tolist(), _FOUR.targets.tolist(), strict=True))


def _error(w1: Any, w2: Any) -> Any:
    # Term by term: from Python 3.12 on sum() makes up for the rounding of floats, not of Values.
    errors = ((y - sigmoid(w1 * x1 + w2 * x2)) ** 2 for (x1, x2), y in _SAMPLES)
    return reduce(operator.add, errors)


rosenbrock = Problem(
    "Rosenbrock", _rosenbrock, (-2.0, 2.0), (-1.0, 3.0), (-1.2, 1.0), ((1.0, 1.0),), 0.0
)
"""(1 - x)² + 100 (y - x²)²: a curved valley, found at once and long to follow (1960)."""

himmelblau = Problem(
    "Himmelblau", _himmelblau, (-5.0, 5.0), (-5.0, 5.0), (0.0, 0.0),
    (
        (3.0, 2.0),
        (-2.805118086952745, 3.131312518250573),
        (-3.779310253377747, -3.2831859912861696),
        (3.5844283403304917, -1.8481265269644036),
    ), 0.0,
)  # fmt: skip
"""(x² + y - 11)² + (x + y² - 7)²: four minima as deep as one another (1972)."""

beale = Problem("Beale", _beale, (-4.5, 4.5), (-4.5, 4.5), (1.0, 1.5), ((3.0, 0.5),), 0.0)
"""(1.5 - x + xy)² + (2.25 - x + xy²)² + (2.625 - x + xy³)²: flat but for steep walls (1958)."""

saddle = Problem("saddle", _saddle, (-2.0, 2.0), (-2.0, 2.0), (1.5, 1e-3), (), float("-inf"))
"""x² - y²: flat at 0, where it is lowest along x, highest along y, and no minimum."""

four_points = Problem(
    "four points", _error, (-3.0, 3.0), (-3.0, 3.0), (1.0, 1.0), (), 0.0, ("w1", "w2")
)
"""Σ (y - σ(w₁x₁ + w₂x₂))² of `nn.datasets.four_points`: it nears 0 only as the weights grow."""


def ravine(condition: float = 20.0) -> Problem:
    """½ (x² + κ y²), whose Hessian has the eigenvalues 1 and κ, its condition.

    Gradient descent shrinks x and y by 1 - η and 1 - κη a step, so that it needs η < 2 / κ.

    Raises ValueError for a condition below 1.

    >>> ravine(4.0)(2.0, 1.0)
    4.0
    """
    steep = real(condition, "condition", least=1)

    def function(x: Any, y: Any) -> Any:
        return 0.5 * (x * x + steep * (y * y))

    return Problem(
        f"ravine, κ = {steep:g}",
        function,
        (-10.0, 10.0),
        (-3.0, 3.0),
        (9.0, 2.0),
        ((0.0, 0.0),),
        0.0,
    )


PROBLEMS: dict[str, Problem] = {
    problem.name: problem
    for problem in (rosenbrock, himmelblau, beale, ravine(), saddle, four_points)
}
"""Every one by its name, with a ravine of κ = 20."""
