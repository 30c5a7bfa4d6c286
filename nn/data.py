"""Datasets: samples with their targets, split, standardized, and served in batches.

Whatever is random takes a seed and is the same for the same seed. Files are `tables`' business.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nn.options import real, whole
from nn.randomness import Generator, Seed, generator

__all__ = ["Dataset", "Pair", "Samples", "Standardizer", "batches", "divided", "one_hot", "split"]

Samples = Sequence[Any] | NDArray[Any]
"""One entry a sample: a sequence of numbers, or the rows of an array."""

Pair = tuple[Samples, Samples]
"""Samples and their targets."""


@dataclass(frozen=True, eq=False)
class Dataset:
    """Samples and targets: one row of `inputs` and one entry of `targets` a sample.

    Targets are class indices where `classes` names the classes, else numbers.

    Raises ValueError if there are not as many targets as samples, or not a number a feature.
    """

    inputs: NDArray[np.float64]
    targets: NDArray[Any]
    features: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    target: str = "target"

    def __post_init__(self) -> None:
        if self.inputs.ndim != 2 or len(self.inputs) != len(self.targets):
            raise ValueError(
                f"a dataset needs a table of inputs and a target for each row, got inputs of shape "
                f"{self.inputs.shape} and targets of shape {self.targets.shape}"
            )
        if self.features and len(self.features) != self.inputs.shape[1]:
            raise ValueError(
                f"{len(self.features)} names for {self.inputs.shape[1]} features: "
                f"{', '.join(self.features)}"
            )

    def __len__(self) -> int:
        return len(self.inputs)

    def __repr__(self) -> str:
        kind = f"{len(self.classes)} classes" if self.classes else "regression"
        return f"Dataset({len(self)} samples, {self.inputs.shape[1]} features, {kind})"

    def take(self, rows: Sequence[int]) -> Dataset:
        """The samples at these places, in this order."""
        chosen = np.asarray(rows, dtype=np.intp)
        return replace(self, inputs=self.inputs[chosen], targets=self.targets[chosen])


def split(data: Dataset, held_out: float = 0.25, *, seed: Seed = 0) -> tuple[Dataset, Dataset]:
    """A part to train on and a part held out, shuffled; of every class the same share is held out.

    Raises ValueError unless 0 < held_out < 1 and both parts get a sample.

    >>> from nn.datasets import iris
    >>> train, test = split(iris(), 0.2)
    >>> train, test
    (Dataset(120 samples, 4 features, 3 classes), Dataset(30 samples, 4 features, 3 classes))
    """
    real(held_out, "held_out", above=0, below=1)
    rng = generator(seed)
    train: list[int] = []
    test: list[int] = []
    for group in _groups(data):
        rows = shuffled(group, rng)
        count = round(len(rows) * held_out)
        test += rows[:count]
        train += rows[count:]
    if not train or not test:
        raise ValueError(
            f"{len(data)} samples with {held_out!r} of them held out leave one part empty"
        )
    return data.take(shuffled(train, rng)), data.take(shuffled(test, rng))


def _groups(data: Dataset) -> list[list[int]]:
    if not data.classes:
        return [list(range(len(data)))]
    return [np.flatnonzero(data.targets == index).tolist() for index in range(len(data.classes))]


def shuffled(items: Sequence[int], rng: Generator) -> list[int]:
    """The items in random order: each order is as likely (Fisher and Yates)."""
    order = list(items)
    for last in range(len(order) - 1, 0, -1):
        other = int(rng.random() * (last + 1))
        order[last], order[other] = order[other], order[last]
    return order


def batches(count: int, size: int | None, *, seed: Seed | Generator = 0) -> Iterator[list[int]]:
    """The numbers below `count` in random order, `size` at a time: one epoch.

    Size None is batch descent (one batch of all), 1 stochastic descent; the last batch may be
    smaller.

    Raises ValueError for a size below 1.

    >>> [len(batch) for batch in batches(10, 4)]
    [4, 4, 2]
    """
    step = max(count, 1) if size is None else whole(size, "the batch size")
    order = shuffled(range(count), generator(seed))
    return (order[first : first + step] for first in range(0, count, step))


def divided(
    inputs: Any, targets: Any, validation: float | Pair | None, *, seed: Seed
) -> tuple[Pair, Pair | None]:
    """The samples to train on and those to validate with, as lists of plain numbers.

    `validation` is the share to hold out, or a pair of samples and targets, or None for none.

    Raises ValueError if there are not as many targets as samples, or one part would be empty.
    """
    known = _paired(inputs, targets, "")
    if validation is None:
        return known, None
    if isinstance(validation, tuple):
        return known, _paired(*validation, "validation ")
    real(validation, "validation", above=0, below=1)
    order = shuffled(range(len(known[0])), generator(seed))
    count = round(len(order) * validation)
    if not 0 < count < len(order):
        raise ValueError(
            f"validation is the share of the samples to hold out, and must leave some on either "
            f"side; got {validation!r} of {len(order)} samples"
        )
    return _taken(known, order[count:]), _taken(known, order[:count])


def _paired(inputs: Any, targets: Any, what: str) -> Pair:
    samples = inputs.tolist() if hasattr(inputs, "tolist") else list(inputs)
    aims = targets.tolist() if hasattr(targets, "tolist") else list(targets)
    if not samples or len(samples) != len(aims):
        raise ValueError(
            f"training needs {what}samples and a target for each, got {len(samples)} {what}samples "
            f"and {len(aims)} targets"
        )
    return samples, aims


def _taken(pair: Pair, rows: list[int]) -> Pair:
    return [pair[0][row] for row in rows], [pair[1][row] for row in rows]


@dataclass(frozen=True, eq=False)
class Standardizer:
    """Shift and scale of each feature: mean 0 and deviation 1 over the samples it was made from.

    A feature that never changes is only shifted.

    >>> standard = Standardizer.of([[1.0, 5.0], [3.0, 5.0]])
    >>> standard([[1.0, 5.0], [5.0, 6.0]]).tolist()
    [[-1.0, 0.0], [3.0, 1.0]]
    """

    mean: NDArray[np.float64]
    deviation: NDArray[np.float64]

    @classmethod
    def of(cls, samples: ArrayLike) -> Standardizer:
        """The one that standardizes these samples.

        Raises ValueError for a feature that is not finite or whose spread is beyond a double.
        """
        table = np.asarray(samples, dtype=np.float64)
        with np.errstate(over="ignore", invalid="ignore"):
            deviation = table.std(axis=0)
        if not np.isfinite(deviation).all():
            place = int(np.flatnonzero(~np.isfinite(deviation))[0])
            raise ValueError(
                f"feature {place} cannot be standardized: its numbers are not finite or lie too "
                f"far apart, from {table[:, place].min()} to {table[:, place].max()}"
            )
        return cls(table.mean(axis=0), np.where(deviation > 0, deviation, 1.0))

    def __call__(self, samples: ArrayLike) -> NDArray[np.float64]:
        return (np.asarray(samples, dtype=np.float64) - self.mean) / self.deviation

    def inverse(self, samples: ArrayLike) -> NDArray[np.float64]:
        """The samples that were standardized to these."""
        return np.asarray(samples, dtype=np.float64) * self.deviation + self.mean


def one_hot(indices: ArrayLike, classes: int) -> NDArray[np.float64]:
    """A row a sample, 1 in the column of its class and 0 elsewhere.

    Raises ValueError for an index that is no class.

    >>> one_hot([2, 0], 3).tolist()
    [[0.0, 0.0, 1.0], [1.0, 0.0, 0.0]]
    """
    chosen = np.asarray(indices)
    if chosen.size and (
        chosen.dtype.kind not in "iu" or chosen.min() < 0 or chosen.max() >= classes
    ):
        raise ValueError(f"one_hot takes class indices from 0 to {classes - 1}, got {indices!r}")
    return np.eye(classes)[chosen.astype(np.intp)]
