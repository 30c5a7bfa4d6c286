"""Regions and samples on matplotlib's axes: a color and a marker a class.

By class each point of the grid has a cell of its color, and lines run where cells of two classes
meet; none is drawn between the numbers of classes, which would pass through those between. By
probability the color is the fainter, the less probable the class is; between two classes lines tell
how probable the second is.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nn.axes import COLORS
from nn.boundary.plane import Plane, Regions

__all__ = ["MARKERS", "colors_of", "draw_boundary", "strength"]

Array = NDArray[np.float64]

MARKERS = ("o", "s", "^", "D", "v", "P", "X", "*")
ALPHA = 0.25
FAINTEST, STRONGEST = 0.04, 0.5
LEVELS = (0.1, 0.5, 0.9)


def colors_of(classes: Sequence[str]) -> list[str]:
    """The color of each class."""
    return [COLORS[index % len(COLORS)] for index in range(len(classes))]


def draw_boundary(axes: Any, plane: Plane, regions: Regions) -> None:
    """Draw the regions, and the samples on them."""
    data = plane.data
    colors = colors_of(data.classes)
    if regions.probabilities is None:
        axes.add_collection(_cells(plane.x, plane.y, regions.classes, colors))
        axes.add_collection(_edges(plane.x, plane.y, regions.classes))
    else:
        _draw_probabilities(axes, plane, regions, colors)
    for index, name in enumerate(data.classes):
        chosen = data.inputs[data.targets == index]
        marker = MARKERS[index % len(MARKERS)]
        axes.plot(*chosen.T, marker, color=colors[index], markeredgecolor="white", label=name)
    axes.set_xlim(plane.x[0], plane.x[-1])
    axes.set_ylim(plane.y[0], plane.y[-1])
    axes.set_xlabel(data.features[0] if data.features else "x")
    axes.set_ylabel(data.features[1] if data.features else "y")
    # Beside the axes it covers neither samples nor a title.
    axes.legend(loc="upper left", bbox_to_anchor=(1.0, 1.0), frameon=False)


def strength(regions: Regions) -> Array:
    """How far the probability of the most probable class is from chance, 0, to certainty, 1."""
    if regions.probabilities is None:
        return np.ones(regions.classes.shape)
    chance = 1 / regions.probabilities.shape[-1]
    found: Array = (regions.probabilities.max(axis=-1) - chance) / (1 - chance)
    return found


def _draw_probabilities(axes: Any, plane: Plane, regions: Regions, colors: Sequence[str]) -> None:
    to_rgba = importlib.import_module("matplotlib.colors").to_rgba_array
    shades = to_rgba(colors)[regions.classes]
    shades[..., 3] = FAINTEST + (STRONGEST - FAINTEST) * strength(regions)
    left, right = _half_a_cell_more(plane.x)
    low, high = _half_a_cell_more(plane.y)
    axes.imshow(
        shades, extent=(left, right, low, high), origin="lower", aspect="auto",
        interpolation="nearest", zorder=0,
    )  # fmt: skip
    assert regions.probabilities is not None
    second = regions.probabilities[..., 1]
    levels = [level for level in LEVELS if second.min() < level < second.max()]
    if len(colors) == 2 and levels:
        lines = axes.contour(
            plane.x, plane.y, second, levels=levels, colors="black",
            linestyles=["-" if level == 0.5 else "--" for level in levels],
            linewidths=[1.5 if level == 0.5 else 0.8 for level in levels],
        )  # fmt: skip
        axes.clabel(lines, fmt="%g")
    if len(colors) > 2:
        axes.add_collection(_edges(plane.x, plane.y, regions.classes))


def _half_a_cell_more(ticks: Array) -> tuple[float, float]:
    half = (ticks[1] - ticks[0]) / 2
    return float(ticks[0] - half), float(ticks[-1] + half)


def _cells(x: Array, y: Array, classes: NDArray[np.intp], colors: Sequence[str]) -> Any:
    """The cells about the points of a grid, in the color of the class that is predicted there."""
    path = importlib.import_module("matplotlib.path").Path
    left, right = _borders(x)
    low, high = _borders(y)
    shapes = []
    for index in range(len(colors)):
        boxes = np.array(
            [
                (left[first], low[row], right[last], high[row])
                for row in range(len(y))
                for first, last in _runs(classes[row] == index)
            ]
        ).reshape(-1, 4)
        corners = boxes[:, [0, 1, 2, 1, 2, 3, 0, 3, 0, 1]].reshape(-1, 2)
        box = [path.MOVETO, path.LINETO, path.LINETO, path.LINETO, path.CLOSEPOLY]
        shapes.append(path(corners, np.tile(box, len(boxes))))
    collections = importlib.import_module("matplotlib.collections")
    return collections.PathCollection(
        shapes, facecolors=colors, edgecolors="none", alpha=ALPHA, antialiaseds=False, zorder=0
    )


def _edges(x: Array, y: Array, classes: NDArray[np.intp]) -> Any:
    """Lines where cells of different classes meet, to be seen without color."""
    left, right = _borders(x)
    low, high = _borders(y)
    beside = np.argwhere(classes[:, 1:] != classes[:, :-1]).tolist()
    above = np.argwhere(classes[1:] != classes[:-1]).tolist()
    lines = [[(right[k], low[row]), (right[k], high[row])] for row, k in beside]
    lines += [[(left[k], high[row]), (right[k], high[row])] for row, k in above]
    collections = importlib.import_module("matplotlib.collections")
    return collections.LineCollection(lines, colors="black", linewidths=0.8, zorder=1)


def _borders(ticks: Array) -> tuple[Array, Array]:
    """Where the cell about each tick begins and ends."""
    middles = (ticks[1:] + ticks[:-1]) / 2
    return np.concatenate([ticks[:1], middles]), np.concatenate([middles, ticks[-1:]])


def _runs(chosen: NDArray[np.bool_]) -> Iterator[tuple[int, int]]:
    """The first and the last place of each run of True."""
    steps = np.diff(np.concatenate([[0], chosen.astype(np.int8), [0]]))
    return zip(np.flatnonzero(steps == 1), np.flatnonzero(steps == -1) - 1, strict=True)
