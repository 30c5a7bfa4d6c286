"""A function's gradients in its picture: arrows on a contour, the plane that touches a surface."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from autograd_core import grad
from nn.axes import axes_for
from nn.options import checked_function, flag, numbers_of, real
from nn.relief.contours import draw_arrows
from nn.relief.surfaces import draw_tangent_plane

__all__ = ["gradient_arrows", "tangent_plane"]

Array = NDArray[np.float64]


def gradient_arrows(
    function: Callable[[Any, Any], Any],
    at: ArrayLike,
    axes: Any,
    *,
    downhill: bool = False,
    length: float = 1.0,
) -> Any:
    """Draw arrows of a function's gradient at points, or against it. Returns the axes.

    The longest is as long as `length` on the axes, the others in proportion. They stand at right
    angles to the lines of equal height where the axes are equal.

    Raises ValueError for points that are not rows of two numbers.

    >>> from nn.landscape import over_function
    >>> field = over_function(lambda x, y: x * x + y * y, (-2.0, 2.0), (-2.0, 2.0), points=5)
    >>> axes = gradient_arrows(lambda x, y: x * x + y * y, [[1.0, 0.0]], field.contour())
    """
    checked_function(function, "gradient_arrows()", "x", "y")
    real(length, "length")
    flag(downhill, "downhill")
    points = _rows_of_two(at, "at")
    slopes = _gradients_at(function, points.tolist())
    axes = axes_for(axes)
    draw_arrows(axes, points, -slopes if downhill else slopes, color="#D55E00", length=length)
    return axes


def tangent_plane(
    function: Callable[[Any, Any], Any],
    at: Sequence[float],
    axes: Any,
    *,
    size: float = 0.5,
    arrow: float = 1.0,
) -> Any:
    """Draw the plane that touches a surface at a point, with the gradient's arrow in it.

    `axes` are those of `Landscape.surface`; the plane reaches `size` to each side, and the arrow
    `arrow` across the plane of x and y. Returns the axes.

    >>> from nn.landscape import over_function
    >>> def bowl(x, y): return x * x + y * y
    >>> axes = over_function(bowl, (-2.0, 2.0), (-2.0, 2.0), points=5).surface()
    >>> axes = tangent_plane(bowl, (1.0, 1.0), axes)
    """
    checked_function(function, "tangent_plane()", "x", "y")
    real(size, "size", above=0)
    real(arrow, "arrow")
    point = _rows_of_two([at], "at")[0]
    (slopes,) = _gradients_at(function, [point.tolist()])
    value = float(function(*point.tolist()))
    axes = axes_for(axes, "3d")
    draw_tangent_plane(axes, point, value, slopes, size=size, arrow=arrow)
    return axes


def _rows_of_two(points: ArrayLike, name: str) -> Array:
    rows: Array = numbers_of(points, name, 2)
    if rows.shape[1] != 2:
        raise ValueError(
            f"{name} must be points of two numbers, got an array of shape {rows.shape}"
        )
    return rows


def _gradients_at(function: Callable[[Any, Any], Any], points: Sequence[Sequence[float]]) -> Array:
    """The gradient of a function of two numbers at points, one row each."""
    slopes = grad(function, argnums=(0, 1))
    return np.array([slopes(float(x), float(y)) for x, y in points])
