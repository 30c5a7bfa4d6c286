"""Metrics: what a trained model is judged by. Plain numbers in, plain numbers out; no gradients."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nn.options import by_rows, got, shown, whole

__all__ = ["METRICS", "accuracy", "confusion_matrix", "mean_squared_error", "r_squared"]


def accuracy(predictions: ArrayLike, targets: ArrayLike) -> float:
    """The share of predicted classes that are right; of several labels a sample, of all labels.

    Targets that are rows of shares, one-hot ones say, stand for their largest.

    Raises ValueError for different shapes, nothing at all, or predictions that are no classes, as
    outputs and probabilities are; TypeError for text beside numbers.

    >>> accuracy([0, 1, 1, 0], [0, 1, 0, 0])
    0.75
    >>> accuracy([2, 0], [[0, 0, 1], [0, 1, 0]])
    0.5
    """
    predicted, true = _classes(predictions, targets)
    if (predicted.dtype.kind in "US") != (true.dtype.kind in "US"):
        raise TypeError(
            f"classes are compared as they are, and text is no number: got {predicted.ravel()[:3]} "
            f"and {true.ravel()[:3]}, of types {predicted.dtype} and {true.dtype}"
        )
    outputs = predicted.dtype.kind == "f" and np.isfinite(predicted).all()
    if outputs and not _whole(predicted).any() and _whole(true).all():
        raise ValueError(
            f"predictions are classes, got {predicted.ravel()[:3].tolist()}: of a model's outputs "
            "take what nn.predict() gives, or the place of the largest"
        )
    return float(np.mean(predicted == true))


def confusion_matrix(
    predictions: ArrayLike, targets: ArrayLike, classes: int | None = None
) -> NDArray[np.int64]:
    """How often class i (the row) was taken for class j (the column); of rows as `accuracy`.

    Raises ValueError for different shapes, nothing at all, or what is no class index.

    >>> confusion_matrix([0, 1, 1], [0, 1, 0]).tolist()
    [[1, 1], [0, 1]]
    """
    predicted, true = _classes(predictions, targets)
    count = None if classes is None else whole(classes, "classes")
    for indices in (predicted, true):
        usable = indices.dtype.kind in "biu" and indices.min() >= 0
        if not usable or (count is not None and indices.max() >= count):
            last = "n - 1" if count is None else count - 1
            raise ValueError(f"classes are ints from 0 to {last}, got {indices.tolist()!r}")
    if count is None:
        count = int(max(predicted.max(), true.max())) + 1
    matrix = np.zeros((count, count), dtype=np.int64)
    places = (true.ravel().astype(np.intp), predicted.ravel().astype(np.intp))
    np.add.at(matrix, places, 1)
    return matrix


def mean_squared_error(predictions: ArrayLike, targets: ArrayLike) -> float:
    """The mean of (ŷ - y)². Raises ValueError for different shapes or nothing at all.

    >>> mean_squared_error([1.0, 3.0], [0.0, 1.0])
    2.5
    """
    predicted, true = _same_shape(*_numbers(predictions, targets))
    with np.errstate(over="ignore", invalid="ignore"):  # inf, or NaN, is then right
        return float(np.mean((predicted - true) ** 2))


def r_squared(predictions: ArrayLike, targets: ArrayLike) -> float:
    """1 - Σ(ŷ - y)² / Σ(ȳ - y)²: 1 is perfect, 0 no better than the mean of the targets.

    Of targets that are all the same it is 1 if they are met and -inf otherwise.

    Raises ValueError for different shapes or nothing at all.

    >>> r_squared([1.0, 2.0, 3.0], [1.0, 2.0, 3.0]), r_squared([2.0, 2.0, 2.0], [1.0, 2.0, 3.0])
    (1.0, 0.0)
    """
    predicted, true = _same_shape(*_numbers(predictions, targets))
    if (true == true.flat[0]).all():  # whose mean may be off by a rounding error
        if np.isnan(predicted).any():
            return np.nan
        return 1.0 if (predicted == true).all() else -np.inf
    # By a power of two, which rounds nothing, so that no square is too large or too small.
    size = -np.frexp(np.abs(true).max())[1]
    with np.errstate(over="ignore", invalid="ignore"):
        true = np.ldexp(true, size)
        spread = np.sum((true.mean() - true) ** 2)
        residual = np.sum((np.ldexp(predicted, size) - true) ** 2)
        return float(1 - residual / spread)


METRICS = {
    "accuracy": accuracy,
    "mean_squared_error": mean_squared_error,
    "r_squared": r_squared,
}
"""The metrics that are one number, by name."""


def _numbers(*given: ArrayLike) -> list[NDArray[np.float64]]:
    """As doubles, in which small integers do not wrap around and truth values are 0 and 1."""
    arrays = [_array(numbers) for numbers in given]
    if any(map(np.iscomplexobj, arrays)):
        raise TypeError(f"a metric takes real numbers, {got(given[0])} and {shown(given[1])}")
    try:
        return [array.astype(np.float64) for array in arrays]
    except (TypeError, ValueError) as error:
        raise TypeError(
            f"a metric takes numbers, {got(given[0])} and {shown(given[1])}: {error}"
        ) from None


def _array(given: Any) -> NDArray[Any]:
    try:
        return np.asarray(by_rows(list(given) if isinstance(given, Iterator) else given))
    except ValueError as error:  # rows of different lengths, or what a data frame may not hold
        raise ValueError(f"a metric cannot read its numbers, {got(given)}: {error}") from None


def _classes(predictions: ArrayLike, targets: ArrayLike) -> tuple[NDArray[Any], NDArray[Any]]:
    predicted, true = (_narrowed(_array(given)) for given in (predictions, targets))
    of_shares = true.ndim == predicted.ndim + 1 and true.shape[-1] > 1 and true.dtype.kind in "biuf"
    if of_shares and predicted.dtype.kind in "biu":
        true = true.argmax(axis=-1)
    return _same_shape(predicted, true)


def _narrowed(given: NDArray[Any]) -> NDArray[Any]:
    """An array of Python's ints as one of NumPy's, if one holds them."""
    if given.dtype == object and all(isinstance(item, int | np.integer) for item in given.flat):
        return np.array(given.tolist()).reshape(given.shape)
    if given.dtype == object and any(item is None for item in given.flat):
        raise TypeError("a metric compares classes, got None among them: leave those samples out")
    return given


def _whole(given: NDArray[Any]) -> NDArray[np.bool_]:
    """Where whole numbers stand; nowhere among what is no array of numbers."""
    if given.dtype.kind not in "biuf":
        return np.zeros(given.shape, dtype=bool)
    return np.asarray(given == np.rint(given))


def _same_shape(predicted: NDArray[Any], true: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    if predicted.shape != true.shape or predicted.size == 0:
        raise ValueError(
            f"a metric compares as many predictions as targets, got shapes "
            f"{predicted.shape} and {true.shape}"
        )
    return predicted, true
