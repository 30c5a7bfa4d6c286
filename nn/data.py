"""Datasets: samples with their targets, split, standardized, and served in batches.

Whatever is random takes a seed and is the same for the same seed. Files are `tables`' business.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nn.options import by_rows, got, in_order, listed, numbers_of, real, shown, whole
from nn.parts import classes_of, parted, shuffled
from nn.randomness import Generator, Seed, generator

__all__ = [
    "Dataset",
    "Pair",
    "Samples",
    "Standardizer",
    "batches",
    "divided",
    "one_hot",
    "split",
]

MOST_CLASSES, MOST_SAMPLES = 10**6, 10**8

Samples = Any
"""One entry a sample: a sequence of numbers, the rows of an array, or those of a data frame."""

Pair = tuple[Samples, Samples]
"""Samples and their targets."""


@dataclass(frozen=True, eq=False)
class Dataset:
    """Samples and targets: one row of `inputs` and one entry of `targets` a sample.

    Targets are class indices where `classes` names the classes, else numbers.

    Raises ValueError if there are not as many targets as samples, or not a number a feature.
    Lists and data frames become arrays; the columns of a frame name the features.
    """

    inputs: NDArray[np.float64]
    targets: NDArray[Any]
    features: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    target: str = "target"

    def __post_init__(self) -> None:
        if len(listed(self.features, "features", "names in a tuple")) == 0 and hasattr(
            self.inputs, "columns"
        ):
            object.__setattr__(self, "features", tuple(map(str, self.inputs.columns)))
        object.__setattr__(self, "inputs", numbers_of(self.inputs, "inputs", 2))
        if not isinstance(self.target, str):
            raise TypeError(f"target must be the name of what is predicted, {got(self.target)}")
        for name in ("features", "classes"):
            words = listed(getattr(self, name), name, "names in a tuple")
            if not all(isinstance(word, str) for word in words):
                raise TypeError(f"{name} must be names, {got(getattr(self, name))}")
        object.__setattr__(self, "targets", np.asarray(_one_each(self.targets)))
        ordered = self.inputs.ndim == 2 and self.targets.ndim > 0
        if not ordered or len(self.inputs) != len(self.targets):
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
        """The samples at these places, in this order. Raises TypeError for what are no places."""
        chosen = np.asarray(rows)
        if chosen.ndim != 1 or (chosen.size and chosen.dtype.kind not in "iu"):
            raise TypeError(
                f"rows must be the places of samples, whole numbers in a list, {got(rows)}; of "
                "True and False take numpy.flatnonzero()"
            )
        chosen = chosen.astype(np.intp)
        return replace(self, inputs=self.inputs[chosen], targets=self.targets[chosen])


def _one_each(targets: Samples) -> Any:
    """Targets by rows; of a data frame of a single column, its numbers."""
    rows = by_rows(targets)
    single = rows is not targets and all(isinstance(row, list) and len(row) == 1 for row in rows)
    return [row[0] for row in rows] if single else rows


def split(data: Dataset, held_out: float = 0.25, *, seed: Seed = 0) -> tuple[Dataset, Dataset]:
    """A part to train on and a part held out, shuffled; of every class the same share is held out.

    The share of all samples is met, that of a class within one sample; each class keeps a sample
    to train on.

    Raises ValueError unless 0 < held_out < 1, both parts get a sample, and each class keeps one,
    and TypeError for what is no Dataset.

    >>> from nn.datasets import iris
    >>> train, test = split(iris(), 0.2)
    >>> train, test
    (Dataset(120 samples, 4 features, 3 classes), Dataset(30 samples, 4 features, 3 classes))
    """
    if not isinstance(data, Dataset):
        raise TypeError(
            f"split takes a Dataset, {got(data)}: make one of samples and targets, as "
            "Dataset(inputs, targets)"
        )
    real(held_out, "held_out", above=0, below=1)
    if not 0 < round(len(data) * held_out) < len(data):
        raise ValueError(
            f"{len(data)} samples with {held_out!r} of them held out leave one part empty"
        )
    rng = generator(seed)
    train, test = parted(len(data), data.targets if data.classes else None, held_out, rng)
    return data.take(shuffled(train, rng)), data.take(shuffled(test, rng))


def batches(count: int, size: int | None, *, seed: Seed | Generator = 0) -> Iterator[list[int]]:
    """The numbers below `count` in random order, `size` at a time: one epoch.

    Size None is batch descent (one batch of all), 1 stochastic descent; the last batch may be
    smaller.

    Raises ValueError for a size below 1.

    >>> [len(batch) for batch in batches(10, 4)]
    [4, 4, 2]
    """
    whole(count, "count", 0, MOST_SAMPLES)
    step = max(count, 1) if size is None else whole(size, "the batch size")
    order = shuffled(range(count), generator(seed))
    return (order[first : first + step] for first in range(0, count, step))


def divided(
    inputs: Any, targets: Any, validation: float | Pair | None, *, classify: bool, seed: Seed
) -> tuple[Pair, Pair | None]:
    """The samples to train on and those to validate with, as lists of plain numbers.

    `validation` is the share to hold out, of targets that `classify` of each class, or a pair of
    samples and targets, or None for none.

    Raises ValueError if there are not as many targets as samples, one part would be empty, or a
    class would have no sample to train on.
    """
    known = _paired(inputs, targets, "")
    if validation is None:
        return known, None
    if isinstance(validation, tuple):
        if len(validation) != 2:
            raise ValueError(
                "validation is a pair of samples and targets, or the share to hold out; got a "
                f"tuple of {len(validation)}"
            )
        return known, _paired(*validation, "validation ")
    real(validation, "validation", above=0, below=1)
    count = len(known[0])
    if not 0 < round(count * validation) < count:
        raise ValueError(
            f"validation is the share of the samples to hold out, and must leave some on either "
            f"side; got {validation!r} of {count} samples"
        )
    classes = classes_of(known[1]) if classify else None
    train, held = parted(count, classes, validation, generator(seed))
    return _taken(known, train), _taken(known, held)


def _paired(inputs: Any, targets: Any, what: str) -> Pair:
    samples, aims = _listed(by_rows(inputs)), _listed(_one_each(targets))
    if not samples or len(samples) != len(aims):
        raise ValueError(
            f"training needs {what}samples and a target for each, got {len(samples)} {what}samples "
            f"and {len(aims)} targets"
        )
    return samples, aims


def _listed(samples: Any) -> list[Any]:
    return in_order(samples.tolist() if hasattr(samples, "tolist") else samples, "samples")


def _taken(pair: Pair, rows: list[int]) -> Pair:
    return [pair[0][row] for row in rows], [pair[1][row] for row in rows]


@dataclass(frozen=True, eq=False)
class Standardizer:
    """Shift and scale of each feature: mean 0 and deviation 1 over the samples it was made from.

    A feature that never changes, but for rounding errors, is only shifted.

    Raises ValueError for means and deviations that are not as many, or no numbers above 0.

    >>> standard = Standardizer.of([[1.0, 5.0], [3.0, 5.0]])
    >>> standard([[1.0, 5.0], [5.0, 6.0]]).tolist()
    [[-1.0, 0.0], [3.0, 1.0]]
    """

    mean: NDArray[np.float64]
    deviation: NDArray[np.float64]

    def __post_init__(self) -> None:
        for name in ("mean", "deviation"):
            object.__setattr__(self, name, numbers_of(getattr(self, name), name))
        usable = np.isfinite(self.mean).all() and np.isfinite(self.deviation).all()
        fitting = self.mean.shape == self.deviation.shape and self.mean.ndim < 2
        if not fitting or not usable or not np.all(self.deviation > 0):
            raise ValueError(
                "a Standardizer needs a mean and a deviation above 0 for each feature, got "
                f"{shown(self.mean)} and {shown(self.deviation)}"
            )

    @classmethod
    def of(cls, samples: ArrayLike) -> Standardizer:
        """The one that standardizes these samples.

        Raises ValueError for no samples, or a feature that is not finite or whose spread is beyond
        a double.
        """
        table = _table(samples)
        if table.size == 0:
            raise ValueError("there are no samples to standardize by: give at least one")
        with np.errstate(over="ignore", invalid="ignore"):
            spread = np.atleast_1d(table.max(axis=0) - table.min(axis=0))
        if not np.isfinite(spread).all():
            place = int(np.flatnonzero(~np.isfinite(spread))[0])
            feature = table.reshape(len(table), -1)[:, place]
            raise ValueError(
                f"feature {place} cannot be standardized: its numbers are not finite or lie too "
                f"far apart, from {feature.min()} to {feature.max()}"
            )
        # By a power of two, which rounds nothing, so that no square is too large or too small.
        size = np.frexp(np.abs(table).max(axis=0))[1]
        unit = np.ldexp(table, -size)
        mean = unit.mean(axis=0)
        deviation = (unit - mean).std(axis=0)  # about 0, so that the mean's rounding counts little
        # scikit-learn's bound on what rounding may leave of the variance of equal numbers.
        rounding = len(table) * np.finfo(np.float64).eps
        changes = deviation**2 > rounding * deviation**2 + (rounding * mean) ** 2
        return cls(np.ldexp(mean, size), np.where(changes, np.ldexp(deviation, size), 1.0))

    def __call__(self, samples: ArrayLike) -> NDArray[np.float64]:
        return (self._fitting(samples) - self.mean) / self.deviation

    def inverse(self, samples: ArrayLike) -> NDArray[np.float64]:
        """The samples that were standardized to these."""
        return self._fitting(samples) * self.deviation + self.mean

    def _fitting(self, samples: ArrayLike) -> NDArray[np.float64]:
        table = _table(samples)
        if np.ndim(self.mean) and table.shape[-1:] != np.shape(self.mean):
            raise ValueError(
                f"this Standardizer was made of {len(self.mean)} features, got samples of shape "
                f"{table.shape}"
            )
        return table


def _table(samples: Any) -> NDArray[np.float64]:
    table: NDArray[np.float64] = numbers_of(samples, "samples")
    if table.ndim == 0:
        raise ValueError(f"samples must be rows of numbers, {got(samples)}")
    return table


def one_hot(indices: ArrayLike, classes: int) -> NDArray[np.float64]:
    """A row a sample, 1 in the column of its class and 0 elsewhere.

    Raises ValueError for an index that is no class.

    >>> one_hot([2, 0], 3).tolist()
    [[0.0, 0.0, 1.0], [1.0, 0.0, 0.0]]
    """
    count = whole(classes, "classes", most=MOST_CLASSES)
    chosen = np.asarray(by_rows(indices))
    if chosen.size and (
        chosen.dtype.kind not in "biu" or chosen.min() < 0 or chosen.max() >= count
    ):
        raise ValueError(f"one_hot takes class indices from 0 to {count - 1}, {got(indices)}")
    rows = np.zeros((*chosen.shape, count))
    np.put_along_axis(rows, chosen.astype(np.intp)[..., None], 1.0, axis=-1)
    return rows
