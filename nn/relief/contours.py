"""Contours: lines of equal height, paths over them, arrows of gradients."""

from __future__ import annotations

import importlib
import math
from collections.abc import Mapping
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nn.axes import COLORS
from nn.options import choice, whole

__all__ = ["Scale", "draw_arrows", "draw_contour", "draw_paths", "named_paths"]

Array = NDArray[np.float64]
Scale = Literal["linear", "log"]
MARKERS = "osD^vP<>"
MOST_LEVELS = 10_000
DECADES = 12  # below the highest, in a picture on a logarithmic scale


def named_paths(path: ArrayLike | Mapping[str, ArrayLike] | None) -> dict[str, ArrayLike]:
    """One path or several by their names; one alone has an empty name."""
    if path is None:
        return {}
    return dict(path) if isinstance(path, Mapping) else {"": path}


def draw_contour(
    axes: Any, x: Array, y: Array, height: Array, *, levels: int, scale: Scale, bar: str
) -> None:
    """Fill between lines of equal height; `bar` is what the color bar measures, if there is one.

    Raises ValueError for a scale that is unknown, or logarithmic where no height is above 0.
    """
    whole(levels, "levels", 2, MOST_LEVELS)
    options: dict[str, Any] = {"levels": levels, "cmap": "viridis"}
    if choice(scale, "scale", ("linear", "log")) == "log":
        height, low, high = _above_zero(height)
        options["levels"] = np.geomspace(low, high, levels)
        options["norm"] = importlib.import_module("matplotlib.colors").LogNorm(low, high)
    filled = axes.contourf(x, y, height, **options)
    axes.contour(x, y, height, filled.levels, colors="white", linewidths=0.4, alpha=0.6)
    if bar:
        ticks = (
            importlib.import_module("matplotlib.ticker").LogLocator() if scale == "log" else None
        )
        # As high as the axes, which colorbar's own are not where those keep an aspect.
        beside = axes.inset_axes((1.03, 0.0, 0.04, 1.0))
        axes.figure.colorbar(filled, cax=beside, label=bar, ticks=ticks)


def _above_zero(height: Array) -> tuple[Array, float, float]:
    """Heights for a logarithmic scale: what is at most 0, or far below the rest, at its low end."""
    positive = height[np.isfinite(height) & (height > 0)]
    if (height < 0).any() or positive.size == 0 or positive.min() == positive.max():
        raise ValueError(
            "scale='log' needs different heights of at least 0, got "
            f"{np.nanmin(height):g} to {np.nanmax(height):g}: subtract the minimum, or draw "
            "scale='linear'"
        )
    high = float(positive.max())
    low = max(float(positive.min()), high * 10.0**-DECADES)
    return np.maximum(height, low), low, high


def draw_paths(axes: Any, paths: Mapping[str, Array], *heights: Array) -> None:
    """Draw paths with their starts, one color and marker each, and a star at their ends.

    In three dimensions `heights` has those of each path's points.
    """
    effects = importlib.import_module("matplotlib.patheffects")
    around = [effects.withStroke(linewidth=3, foreground="white")]
    one = len(paths) == 1
    for place, (name, points) in enumerate(paths.items()):
        color = "#D55E00" if one else COLORS[place % len(COLORS)]
        marker = MARKERS[place % len(MARKERS)]
        places = [*points.T, heights[place]] if heights else [*points.T]
        line = {"color": color, "linewidth": 1.4, "path_effects": around, "label": name or None}
        apart = max(1, math.ceil(len(points) / 30))
        axes.plot(*places, marker=marker, markersize=3.5, markevery=apart, **line, zorder=9)
        first, last = ([part[end : end + 1 or None] for part in places] for end in (0, -1))
        axes.plot(
            *first, marker, color=color, markersize=8, markeredgewidth=1.8,
            markerfacecolor="white", zorder=10,
        )  # fmt: skip
        axes.plot(*last, "*", color=color, markersize=14, markeredgecolor="white", zorder=11)
    if any(paths):
        # Above, where it covers nothing.
        axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=3, frameon=False)


def draw_arrows(axes: Any, points: Array, arrows: Array, *, color: str, length: float) -> None:
    """Arrows from points; the longest is as long as `length`, the others in proportion."""
    sizes = np.hypot(*arrows.T)
    largest = float(sizes[np.isfinite(sizes)].max(initial=0.0))
    drawn = arrows * (length / largest) if largest > 0 else arrows
    axes.quiver(
        *points.T, *drawn.T, color=color, angles="xy", scale_units="xy", scale=1, width=0.006,
        edgecolor="white", linewidth=0.5, zorder=8,
    )  # fmt: skip
