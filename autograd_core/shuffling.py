"""Shuffling: a random order of items, by whatever draws numbers.

It is compiled, for a training shuffles its samples in every epoch, and that took as long as a
fourth of a small network's steps.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

__all__ = ["shuffled"]


def shuffled(items: Iterable[int], random: Callable[[], float]) -> list[int]:
    """The items in random order: each order is as likely (Fisher and Yates).

    `random` draws from 0 to below 1; raises ValueError if it does not.

    >>> shuffled(range(4), lambda: 0.5)
    [0, 3, 1, 2]
    """
    order = list(items)
    for last in range(len(order) - 1, 0, -1):
        draw = random()
        if not 0.0 <= draw < 1.0:
            raise ValueError(f"random() must be from 0 to below 1, got {draw!r}")
        other = int(draw * (last + 1))
        order[last], order[other] = order[other], order[last]
    return order
