"""Surfaces: a height in three dimensions, the plane that touches it, the gradient's arrow."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["draw_surface", "draw_tangent_plane", "heights_on"]

Array = NDArray[np.float64]


def draw_surface(axes: Any, x: Array, y: Array, height: Array) -> None:
    """The height as a surface, seen from where its lower parts are not hidden."""
    across, up = np.meshgrid(x, y)
    axes.plot_surface(across, up, height, cmap="viridis", alpha=0.75, linewidth=0, rcount=80,
                      ccount=80)  # fmt: skip
    axes.computed_zorder = False  # or the surface hides what lies on it


def heights_on(x: Array, y: Array, height: Array, points: Array) -> Array:
    """The height at points of the plane, between the points of the grid as on a twisted plate."""
    column, across = _place(x, points[:, 0])
    row, up = _place(y, points[:, 1])
    below = height[row, column] * (1 - across) + height[row, column + 1] * across
    above = height[row + 1, column] * (1 - across) + height[row + 1, column + 1] * across
    heights: Array = below * (1 - up) + above * up
    return heights


def _place(ticks: Array, positions: Array) -> tuple[NDArray[np.intp], Array]:
    """The tick before each position, and how far it is on the way to the next, from 0 to 1."""
    before = np.clip(np.searchsorted(ticks, positions, side="right") - 1, 0, len(ticks) - 2)
    share = (positions - ticks[before]) / (ticks[before + 1] - ticks[before])
    return before, np.clip(share, 0.0, 1.0)


def draw_tangent_plane(
    axes: Any, at: Array, value: float, gradient: Array, *, size: float, arrow: float
) -> None:
    """The plane that touches a surface at a point, and in it the arrow of the gradient."""
    offsets = np.array([-size, size])
    across, up = np.meshgrid(at[0] + offsets, at[1] + offsets)
    plane = value + gradient[0] * (across - at[0]) + gradient[1] * (up - at[1])
    axes.plot_surface(across, up, plane, color="#56B4E9", alpha=0.45, linewidth=0, zorder=5)
    axes.plot(*at[:, None], [value], "o", color="#000000", markersize=5, zorder=10)
    steepest = float(np.hypot(*gradient))
    if steepest > 0:
        along = gradient * (arrow / steepest)
        rise = float(gradient @ along)
        axes.quiver(*at, value, *along, rise, color="#D55E00", linewidth=2, zorder=11,
                    arrow_length_ratio=0.2)  # fmt: skip
