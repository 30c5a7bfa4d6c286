"""How samples are gone through: the same for every back end and any number of threads.

Floating-point addition is not associative, so the order of a sum over the samples is a promise. A
stripe is a run of consecutive samples. Within it eight partial sums start from zero and sample s of
the stripe is added to partial sum s mod 8, in order; they are added as `folded` says, and the
stripes' sums in order. Threads share stripes or, where nothing is added up, more of them than there
are threads. A kernel goes through its share in pieces, short enough for Ctrl-C to be honored
between them, and looks each time whether the others have stopped.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import TypeAlias

import numpy

from autograd_core.program.backends.sharing import share
from autograd_core.program.code.flat import Floats

__all__ = [
    "GRAIN",
    "PARTIAL_SUMS",
    "SAMPLES",
    "Work",
    "folded",
    "group_sums",
    "pieces",
    "stripes",
    "sums_over",
]

PARTIAL_SUMS = 8
MOST = 32
SAMPLES = 1024  # where a stripe is worth a thread
GRAIN = 64  # stripes begin at multiples of it, whatever the lanes of a back end
SHARES = 4  # for each thread, lest the last one keeps the others waiting

Work: TypeAlias = Callable[[int, int, Floats, threading.Event], None]
"""Runs the samples from one to another, writes their sums into an array of zeros, and ends early
once the event is set."""


def stripes(count: int) -> list[tuple[int, int]]:
    """The stripes of so many samples, each as its first sample and the one after its last."""
    wanted = min(MOST, max(1, -(-count // SAMPLES)))
    return _grains(count, wanted)


def _grains(count: int, most: int) -> list[tuple[int, int]]:
    """The samples in at most so many pieces."""
    return list(pieces(0, count, max(1, -(-count // (most * GRAIN))) * GRAIN))


def pieces(start: int, stop: int, each: int) -> Iterator[tuple[int, int]]:
    """From start to stop, so many at a time.

    >>> list(pieces(0, 5, 2))
    [(0, 2), (2, 4), (4, 5)]
    """
    for first in range(start, stop, each):
        yield first, min(first + each, stop)


def sums_over(count: int, summed: int, threads: int, work: Work) -> Floats:
    """The sums over all samples, of so many numbers each, by so many threads.

    Raises what `work` raises, once every thread has ended.

    >>> def work(start, stop, sums, stopped):
    ...     sums += stop - start
    >>> sums_over(5000, 1, threads=2, work=work).tolist()
    [5000.0]
    """
    by_stripes = summed > 0 or threads == 1
    shares = stripes(count) if by_stripes else _grains(count, SHARES * threads)
    found = numpy.zeros((len(shares), summed))
    stopped = threading.Event()
    numbers = range(len(shares))
    share(
        lambda number: work(*shares[number], found[number], stopped),
        numbers,
        max(1, min(threads, len(shares))),
        stopped,
    )
    sums = numpy.zeros(summed)
    for row in found:
        sums += row
    return sums


def folded(partial_sums: Floats) -> Floats:
    """Eight partial sums, along the last axis, as one."""
    fours = partial_sums[..., :4] + partial_sums[..., 4:]
    twos = fours[..., :2] + fours[..., 2:]
    return numpy.asarray(twos[..., 0] + twos[..., 1])


def group_sums(rows: Floats) -> Floats:
    """The sums over groups of at most `SAMPLES` samples, of shape (groups, samples, numbers).

    >>> group_sums(numpy.ones((2, 5, 3))).tolist()
    [[5.0, 5.0, 5.0], [5.0, 5.0, 5.0]]
    """
    groups, samples, numbers = rows.shape
    partial_sums = numpy.zeros((groups, PARTIAL_SUMS, numbers))
    for first, last in pieces(0, samples, PARTIAL_SUMS):
        partial_sums[:, : last - first] += rows[:, first:last]
    return folded(partial_sums.transpose(0, 2, 1))
