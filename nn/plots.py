"""Pictures of training: its curves, and where a model decides for which class.

They need matplotlib, the extra `plot`, which is imported when the first picture is drawn. Every
function draws on axes it is given, or on new ones, and returns them: `axes.figure.savefig(...)`
writes the picture.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nn.axes import COLORS, new_axes
from nn.data import Dataset
from nn.models.module import Module
from nn.training.history import History
from nn.training.objectives import Loss, Objective
from nn.training.prediction import predict

__all__ = ["decision_boundary", "new_axes", "training_curves"]

Array = NDArray[np.float64]


def training_curves(history: History, axes: Any = None) -> Any:
    """The losses over the epochs, the metrics on an axis of their own at the right.

    Raises as `History.plot` does, which it is.
    """
    return history.plot(axes)


def decision_boundary(
    model: Module,
    data: Dataset,
    loss: str | Loss | Objective,
    axes: Any = None,
    *,
    points: int = 160,
    margin: float = 0.15,
) -> Any:
    """What the model predicts over the plane of two features, with the samples on it.

    `loss` is the one it was trained on, which says how to read its outputs.

    Raises ValueError unless the data have two features and classes.
    """
    if data.inputs.shape[1] != 2 or not data.classes:
        raise ValueError(
            f"a decision boundary is drawn of two features and of classes, got {data!r}; "
            "choose two columns"
        )
    axes = new_axes() if axes is None else axes
    low, high = data.inputs.min(axis=0), data.inputs.max(axis=0)
    border = margin * np.where(high > low, high - low, 1.0)
    x, y = (np.linspace(low[i] - border[i], high[i] + border[i], points) for i in (0, 1))
    grid = [[float(a), float(b)] for b in y for a in x]
    read = np.array(predict(model, grid, loss), dtype=np.float64).reshape(points, points)
    signs = bool((np.abs(read) == 1).all()) and read.min() < 0  # as of `hinge`
    regions = (read + 1) / 2 if signs else np.rint(read)
    count = len(data.classes)
    colors = [COLORS[index % len(COLORS)] for index in range(count)]
    axes.add_collection(_cells(x, y, regions, colors))
    for index, name in enumerate(data.classes):
        chosen = data.inputs[data.targets == index]
        axes.plot(*chosen.T, "o", color=colors[index], markeredgecolor="white", label=name)
    axes.set_xlim(x[0], x[-1])
    axes.set_ylim(y[0], y[-1])
    axes.set_xlabel(data.features[0] if data.features else "x")
    axes.set_ylabel(data.features[1] if data.features else "y")
    axes.legend()
    return axes


def _cells(x: Array, y: Array, classes: Array, colors: Sequence[str]) -> Any:
    """The cells about the points of a grid, in the color of the class that is predicted there.

    No lines are drawn between the numbers of classes, which would pass through those between.
    """
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
        shapes, facecolors=colors, edgecolors="none", alpha=0.25, antialiaseds=False, zorder=0
    )


def _borders(ticks: Array) -> tuple[Array, Array]:
    """Where the cell about each tick begins and ends."""
    middles = (ticks[1:] + ticks[:-1]) / 2
    return np.concatenate([ticks[:1], middles]), np.concatenate([middles, ticks[-1:]])


def _runs(chosen: NDArray[np.bool_]) -> Iterator[tuple[int, int]]:
    """The first and the last place of each run of True."""
    steps = np.diff(np.concatenate([[0], chosen.astype(np.int8), [0]]))
    return zip(np.flatnonzero(steps == 1), np.flatnonzero(steps == -1) - 1, strict=True)
