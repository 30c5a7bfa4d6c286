"""The plane of two features as a grid, and what a model predicts at its points."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from nn.data import Dataset
from nn.models.module import Module
from nn.options import got, real, whole
from nn.training.objectives import Loss, Objective
from nn.training.prediction import predict, predict_probabilities

MOST_POINTS = 10_000  # a side

__all__ = ["By", "Plane", "Regions"]

Array = NDArray[np.float64]
By = Literal["class", "probability"]


@dataclass(frozen=True, eq=False)
class Regions:
    """What is predicted at the points of a plane: `classes[i, j]` at (x[j], y[i])."""

    classes: NDArray[np.intp]
    """The class by its number; -1 where what is predicted is no class."""
    probabilities: Array | None = None
    """Those of all classes, along the last axis; None if classes alone were asked for."""


class Plane:
    """A grid around the samples of a data set.

    Raises ValueError unless the data have two features and classes.
    """

    def __init__(self, data: Dataset, points: int, margin: float) -> None:
        if not isinstance(data, Dataset):
            raise TypeError(f"a decision boundary is drawn of a Dataset, {got(data)}")
        if data.inputs.shape[1] != 2 or not data.classes:
            raise ValueError(
                f"a decision boundary is drawn of two features and of classes, got {data!r}; "
                "choose two columns"
            )
        whole(points, "points", 2, MOST_POINTS)
        real(margin, "margin", least=0)
        low, high = data.inputs.min(axis=0), data.inputs.max(axis=0)
        border = margin * np.where(high > low, high - low, 1.0)
        self.data = data
        self.x, self.y = (
            np.linspace(low[i] - border[i], high[i] + border[i], points) for i in (0, 1)
        )

    def regions(self, model: Module, loss: str | Loss | Objective, by: By) -> Regions:
        """What the model predicts, whose outputs are read as those of a model trained on the loss.

        Raises ValueError where `by` is unknown, where the loss gives no probabilities, and where
        there are not as many as there are classes.
        """
        grid = [[a, b] for b in self.y.tolist() for a in self.x.tolist()]
        shape, count = (len(self.y), len(self.x)), len(self.data.classes)
        if by == "probability":
            probabilities = predict_probabilities(model, grid, loss)
            if probabilities.shape[1] != count:
                raise ValueError(
                    f"the model tells {probabilities.shape[1]} classes apart, and the data have "
                    f"{count}: {', '.join(self.data.classes)}"
                )
            most = probabilities.argmax(axis=1)
            return Regions(most.reshape(shape), probabilities.reshape(*shape, count))
        if by != "class":
            raise ValueError(f"by must be 'class' or 'probability', got {by!r}")
        read = np.array(predict(model, grid, loss), dtype=np.float64)
        if read.ndim != 1:
            raise ValueError(
                "a decision boundary is that of one class a sample; the model gives "
                f"{read.shape[1]}"
            )
        signs = bool((np.abs(read) == 1).all()) and read.min() < 0  # as of `hinge`
        found = (read + 1) / 2 if signs else np.rint(read)
        found = np.where((found >= 0) & (found < count), found, -1)
        return Regions(found.astype(np.intp).reshape(shape))
