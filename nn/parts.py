"""Parts: rows in random order, and which of them to hold out so that every class keeps its share.

Rows and classes are numbers here, read from targets where those are classes; what they stand for is
`data`'s.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograd_core import shuffled as in_random_order
from nn.randomness import Generator

__all__ = ["classes_of", "parted", "shuffled"]


def shuffled(items: Sequence[int], rng: Generator) -> list[int]:
    """The items in random order: each order is as likely."""
    return in_random_order(items, rng.random)


def classes_of(targets: list[Any]) -> NDArray[Any] | None:
    """The class of each target, be it a whole number or a row with a single 1; else None."""
    try:
        aims = np.asarray(targets, dtype=np.float64)
    except (TypeError, ValueError):
        return None  # whatever these are, the loss will say
    if aims.ndim == 1 and (aims == np.floor(aims)).all():
        return aims
    if aims.ndim == 2 and ((aims == 1).sum(axis=1) == 1).all() and aims.sum() == len(aims):
        places: NDArray[Any] = aims.argmax(axis=1)
        return places
    return None


def parted(
    count: int, classes: NDArray[Any] | None, share: float, rng: Generator
) -> tuple[list[int], list[int]]:
    """The numbers below `count` in two parts, the share of each class in the second."""
    groups = [list(range(count))]
    if classes is not None:
        _, kinds, sizes = np.unique(classes, return_inverse=True, return_counts=True)
        order = np.argsort(kinds, kind="stable")
        groups = [rows.tolist() for rows in np.split(order, np.cumsum(sizes)[:-1])]
    groups = [shuffled(group, rng) for group in groups]
    numbers = _held_of_each(list(map(len, groups)), share, rng)
    train = [row for rows, held in zip(groups, numbers, strict=True) for row in rows[held:]]
    test = [row for rows, held in zip(groups, numbers, strict=True) for row in rows[:held]]
    return train, test


def _held_of_each(sizes: list[int], share: float, rng: Generator) -> list[int]:
    """How many to hold out of groups so large, by largest remainders, ties by lot.

    They add up to the share of all, and leave one of each group.
    """
    left = round(sum(sizes) * share)
    if left > sum(sizes) - len(sizes):
        raise ValueError(
            f"{left} of {sum(sizes)} samples cannot be held out and each of the {len(sizes)} "
            f"classes still keep one to train on: at most {sum(sizes) - len(sizes)} can; hold out "
            "a smaller share, or join classes"
        )
    numbers = [min(int(size * share), size - 1) for size in sizes]
    left -= sum(numbers)
    order = shuffled(range(len(sizes)), rng) if left else []
    order.sort(key=lambda place: numbers[place] - sizes[place] * share)
    while left:
        for place in order:
            if left and numbers[place] < sizes[place] - 1:
                numbers[place] += 1
                left -= 1
    return numbers
