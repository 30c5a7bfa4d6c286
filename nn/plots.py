"""Pictures of training: its curves, and where a model decides for which class.

They need matplotlib, the extra `plot`, which is imported when the first picture is drawn. Every
function draws on axes it is given, or on new ones, and returns them: `axes.figure.savefig(...)`
writes the picture.
"""

from __future__ import annotations

from typing import Any

from nn.axes import axes_for, new_axes
from nn.boundary.drawing import draw_boundary
from nn.boundary.plane import By, Plane
from nn.boundary.snapshots import BoundarySnapshots
from nn.data import Dataset
from nn.models.module import Module
from nn.options import got
from nn.training.history import History
from nn.training.objectives import Loss, Objective

__all__ = ["BoundarySnapshots", "decision_boundary", "new_axes", "training_curves"]


def training_curves(history: History, axes: Any = None) -> Any:
    """The losses over the epochs, the metrics on an axis of their own at the right.

    Raises as `History.plot` does, which it is.
    """
    if not isinstance(history, History):
        raise TypeError(f"training_curves() takes what fit() returns, a History, {got(history)}")
    return history.plot(axes)


def decision_boundary(
    model: Module,
    data: Dataset,
    loss: str | Loss | Objective,
    axes: Any = None,
    *,
    by: By = "class",
    points: int = 160,
    margin: float = 0.15,
) -> Any:
    """What the model predicts over the plane of two features, with the samples on it.

    `loss` is the one it was trained on, which says how to read its outputs. `by="class"` colors by
    what is predicted, `by="probability"` the fainter, the less probable that is; of two classes
    lines tell how probable the second is. Every class has a marker of its own.

    Raises ValueError unless the data have two features and classes, and where probabilities are
    asked for and the loss gives none.

    >>> from nn import Layer, datasets
    >>> model = Layer.of([[1.0, 1.0]], [-1.5])
    >>> loss = "binary_cross_entropy_with_logits"
    >>> axes = decision_boundary(model, datasets.xor(), loss, by="probability")
    >>> [line.get_marker() for line in axes.lines]
    ['o', 's']
    """
    plane = Plane(data, points, margin)
    axes = axes_for(axes)
    draw_boundary(axes, plane, plane.regions(model, loss, by))
    return axes
