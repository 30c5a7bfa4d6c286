"""Loss landscapes: the loss over a plane of parameters, as a surface and with the way of a descent.

The plane is spanned by two parameters, or by two random directions scaled like the parameters, so
that equal distances mean equal changes (Li et al. 2018). Drawing needs matplotlib.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from autograd_core import LivePage, RecordingError, Value
from nn.axes import axes_for
from nn.options import (
    checked_closure,
    checked_function,
    flag,
    got,
    in_order,
    numbers_of,
    span,
    whole,
)
from nn.relief.contours import Scale, draw_contour, draw_paths, named_paths
from nn.relief.directions import path_directions, random_directions
from nn.relief.gradients import gradient_arrows, tangent_plane
from nn.relief.surfaces import draw_surface, heights_on
from nn.relief.turnable import turnable_page
from nn.training.callbacks import Callback
from nn.training.closures import Closure, ReplayedClosure, loss_at
from nn.training.history import Tier
from nn.training.report import Training
from nn.training.restoring import held

__all__ = [
    "Landscape",
    "Path",
    "gradient_arrows",
    "over_directions",
    "over_function",
    "over_parameters",
    "path_directions",
    "random_directions",
    "tangent_plane",
]

Array = NDArray[np.float64]
Range = tuple[float, float]
WORTH_RECORDING = 256  # points
PROBES = 16  # points at which a replay is held against a call
MOST_POINTS = 10_000  # a side of a grid
NUMBERS = 2**22  # at most so many in an array of points


@dataclass(frozen=True, eq=False)
class Landscape:
    """The loss on a grid: `loss[i, j]` at (x[j], y[i])."""

    x: Array
    y: Array
    loss: Array
    origin: Array
    """The parameters where x and y are 0."""
    directions: Array
    """The two directions of x and y in the space of the parameters: one row each."""
    labels: tuple[str, str] = ("x", "y")
    height: str = "loss"
    """What the loss is called in pictures."""
    tier: Tier = "eager"
    """Whether the loss was replayed, or computed by calls."""
    reason: str = ""
    """Why it was not replayed, in a line."""

    def project(self, path: ArrayLike) -> Array:
        """The coordinates x and y of points in the space of the parameters, one row each.

        A point off the plane goes to the nearest one on it.
        """
        points = numbers_of(path, "path", 2)
        if points.shape[1] != len(self.origin):
            raise ValueError(
                f"path must be rows of {len(self.origin)} numbers, as many as this landscape has "
                f"parameters, got an array of shape {points.shape}"
            )
        offsets = points - self.origin
        return np.asarray(np.linalg.lstsq(self.directions.T, offsets.T, rcond=None)[0].T, float)

    def contour(
        self,
        path: ArrayLike | Mapping[str, ArrayLike] | None = None,
        axes: Any = None,
        *,
        levels: int = 25,
        scale: Scale = "linear",
        equal: bool = False,
        color_bar: bool = True,
    ) -> Any:
        """Draw lines of equal loss, and paths of optimizers over them. Returns the axes.

        `path` holds parameters, one row a step, such as `Descent.path` or `Path.points`, or several
        such by their names; a ring is where each begins, a star where it ends. `scale="log"` spaces
        the levels by their logarithms, `equal` makes one unit as long on both axes, where right
        angles are seen as such.

        Raises ValueError for an unknown scale, and a logarithmic one of negative losses.
        """
        axes = axes_for(axes)
        bar = self.height if flag(color_bar, "color_bar") else ""
        draw_contour(axes, self.x, self.y, self.loss, levels=levels, scale=scale, bar=bar)
        draw_paths(axes, {name: self.project(way) for name, way in named_paths(path).items()})
        if flag(equal, "equal"):
            axes.set_aspect("equal")
        axes.set_xlim(self.x[0], self.x[-1])
        axes.set_ylim(self.y[0], self.y[-1])
        return self._labeled(axes)

    def surface(
        self, path: ArrayLike | Mapping[str, ArrayLike] | None = None, axes: Any = None
    ) -> Any:
        """Draw the loss as a surface in three dimensions, and paths on it. Returns the axes."""
        axes = axes_for(axes, "3d")
        draw_surface(axes, self.x, self.y, self.loss)
        ways = {name: self.project(way) for name, way in named_paths(path).items()}
        draw_paths(axes, ways, *map(self._heights, ways.values()))
        axes.set_zlabel(self.height)
        return self._labeled(axes)

    def turnable(self, path: ArrayLike | Mapping[str, ArrayLike] | None = None) -> LivePage:
        """A page with the surface, and paths on it, that one turns with the pointer or arrow keys.

        It shows itself in a notebook, needs no network, and `.save("surface.html")` writes it.
        """
        ways = {name: self.project(way) for name, way in named_paths(path).items()}
        placed = {
            name: np.column_stack([points, self._heights(points)]) for name, points in ways.items()
        }
        return turnable_page(self.x, self.y, self.loss, placed, (*self.labels, self.height))

    def _heights(self, points: Array) -> Array:
        return heights_on(self.x, self.y, self.loss, points)

    def _labeled(self, axes: Any) -> Any:
        axes.set_xlabel(self.labels[0])
        axes.set_ylabel(self.labels[1])
        return axes


def over_function(
    function: Callable[[Any, Any], Any], x: Range, y: Range, *, points: int = 101
) -> Landscape:
    """A function of two numbers on a grid; it may compute with Values or with numbers.

    >>> saddle = over_function(lambda x, y: x * x - y * y, (-1.0, 1.0), (-1.0, 1.0), points=3)
    >>> saddle.loss.tolist()
    [[0.0, -1.0, 0.0], [1.0, 0.0, 1.0], [0.0, -1.0, 0.0]]
    """
    checked_function(function, "over_function()", "x", "y")
    first, second = Value(0.0), Value(0.0)
    axes = _ticks(x, points), _ticks(y, points)
    labels = ("x", "y")
    seen = _seen(
        lambda: function(first, second), [first, second], np.zeros(2), np.eye(2), axes, labels
    )
    return replace(seen, height="f(x, y)")


def over_parameters(
    closure: Closure,
    first: Value,
    second: Value,
    x: Range,
    y: Range,
    *,
    points: int = 41,
) -> Landscape:
    """The loss over two parameters, which take the numbers of the ranges; the others stay.

    `closure()` computes the loss from the parameters; they are left as they were.

    Raises ValueError for fewer than 2 points or an empty range.

    >>> a, b = Value(1.0, name="a"), Value(2.0, name="b")
    >>> seen = over_parameters(lambda: a * a + b, a, b, (-1.0, 1.0), (0.0, 1.0), points=3)
    >>> seen.loss.tolist(), a.data
    ([[1.0, 0.0, 1.0], [1.5, 0.5, 1.5], [2.0, 1.0, 2.0]], 1.0)
    """
    checked_closure(closure, "over_parameters()")
    for one in (first, second):
        if not isinstance(one, Value):
            raise TypeError(f"over_parameters() takes two parameters, Values, {got(one)}")
    if first is second:
        raise ValueError(f"over_parameters() takes two parameters, got one twice: {first!r}")
    labels = (first.name or "first parameter", second.name or "second parameter")
    axes = _ticks(x, points), _ticks(y, points)
    return _seen(closure, [first, second], np.zeros(2), np.eye(2), axes, labels)


def over_directions(
    closure: Closure,
    parameters: Sequence[Value],
    directions: ArrayLike,
    x: Range = (-1.0, 1.0),
    y: Range = (-1.0, 1.0),
    *,
    points: int = 41,
) -> Landscape:
    """The loss at parameters + x · directions[0] + y · directions[1].

    Raises ValueError unless there are two directions of as many numbers as there are parameters.
    """
    checked_closure(closure, "over_directions()")
    parameters = in_order(parameters, "the parameters")
    for one in parameters:
        if not isinstance(one, Value):
            raise TypeError(f"over_directions() takes parameters, Values, {got(one)}")
    spanned = numbers_of(directions, "directions", 2)
    if spanned.shape != (2, len(parameters)):
        raise ValueError(
            f"directions must be two rows of {len(parameters)} numbers, one a parameter, "
            f"got an array of shape {spanned.shape}"
        )
    origin = np.array([parameter.data for parameter in parameters])
    axes = _ticks(x, points), _ticks(y, points)
    return _seen(closure, parameters, origin, spanned, axes, ("direction 1", "direction 2"))


def _ticks(limits: Range, points: int) -> Array:
    low, high = span(limits, "a range")
    return np.linspace(low, high, whole(points, "points", 2, MOST_POINTS))


def _seen(
    closure: Closure,
    parameters: Sequence[Value],
    origin: Array,
    directions: Array,
    axes: tuple[Array, Array],
    labels: tuple[str, str],
) -> Landscape:
    give_back = held(parameters, "data")
    x, y = axes
    along = origin + x[:, None] * directions[0]
    try:
        loss, tier, reason = _losses(closure, parameters, along, y[:, None] * directions[1])
    finally:
        give_back()
    return Landscape(x, y, loss, origin, directions, labels, tier=tier, reason=reason)


def _losses(
    closure: Closure, parameters: Sequence[Value], along: Array, up: Array
) -> tuple[Array, Tier, str]:
    """The loss at every sum of a row of `along` and one of `up`, and the tier that computed it."""
    reason = f"{len(along) * len(up)} points are too few to record the loss for"
    if len(along) * len(up) >= WORTH_RECORDING:
        try:
            return _replayed(ReplayedClosure(closure, parameters), along, up), "replayed", ""
        except RecordingError as error:
            reason = str(error)
    loss = [[loss_at(closure, parameters, point) for point in along + row] for row in up]
    return np.array(loss), "eager", reason


def _replayed(replayed: ReplayedClosure, along: Array, up: Array) -> Array:
    at_once = max(1, NUMBERS // along.size)
    rows = []
    for first in range(0, len(up), at_once):
        points = along + up[first : first + at_once, None]
        values = replayed.values(points.reshape(-1, along.shape[1]))
        rows.append(values.reshape(len(points), len(along)))
    loss = np.concatenate(rows)
    places = np.linspace(0, loss.size - 1, PROBES).astype(np.intp)
    i, j = np.unravel_index(places, loss.shape)
    replayed.check(along[j] + up[i], loss[i, j].tolist())
    return loss


class Path(Callback):
    """A callback that keeps the parameters at the start and after each step of a training."""

    def __init__(self, parameters: Sequence[Value] | None = None) -> None:
        self._parameters = None if parameters is None else in_order(parameters, "the parameters")
        for one in self._parameters or ():
            if not isinstance(one, Value):
                raise TypeError(f"a Path keeps parameters, Values, {got(one)}")
        self._points: list[list[float]] = []

    @property
    def points(self) -> Array:
        """The parameters, one row each time; those of the model if none were given."""
        return np.array(self._points)

    def on_start(self, training: Training) -> None:
        """Keep where it starts."""
        if self._parameters is None:
            self._parameters = training.model.parameters()
        self._keep()

    def on_step(self, training: Training) -> None:
        """Keep where the step led, if it was one: a line search that is done takes none."""
        self._keep(training.optimizer.done)

    def _keep(self, done: bool = False) -> None:
        point = [parameter.data for parameter in self._parameters or ()]
        if not done or point != self._points[-1]:
            self._points.append(point)
