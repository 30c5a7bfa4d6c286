"""How samples are gone through: every one once, sums in one order, nothing left after an error."""

from __future__ import annotations

import itertools
import threading

import numpy
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograd_core.program.backends.samples import (
    GRAIN,
    PARTIAL_SUMS,
    folded,
    pieces,
    stripes,
    sums_over,
)


@given(st.integers(-5, 50), st.integers(-5, 50), st.integers(1, 60))
def test_pieces_follow_one_another_and_none_is_longer_than_asked(start, stop, each):
    found = list(pieces(start, stop, each))
    assert [k for first, last in found for k in range(first, last)] == list(range(start, stop))
    assert all(0 < last - first <= each for first, last in found)


@pytest.mark.parametrize("count", [0, 1, 63, 64, 1024, 1025, 5000, 200_000])
def test_stripes_hold_every_sample_once_and_begin_where_all_back_ends_can(count):
    found = stripes(count)
    assert [0, *(stop for _, stop in found)] == [*(start for start, _ in found), count]
    assert all(start % GRAIN == 0 for start, _ in found)
    assert len(found) <= 32
    assert (len(found) > 1) == (count > 1024)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 3000), st.integers(0, 2), st.integers(1, 3))
def test_every_sample_is_given_out_once_whoever_runs_it(count, summed, threads):
    seen = numpy.zeros(count, dtype=int)

    def work(start, stop, sums, stopped):
        seen[start:stop] += 1
        sums += stop - start

    assert sums_over(count, summed, threads, work).tolist() == [float(count)] * summed
    assert (seen == 1).all()


def test_stripes_are_added_in_order_whatever_the_number_of_threads():
    numbers = numpy.random.default_rng(0).standard_normal(5000) * 10.0 ** numpy.arange(
        -8, 8, 0.0032
    )

    def work(start, stop, sums, stopped):
        sums[0] = numpy.cumsum(numbers[start:stop])[-1]

    expected = 0.0
    for start, stop in stripes(len(numbers)):
        expected += numpy.cumsum(numbers[start:stop])[-1]
    found = {sums_over(len(numbers), 1, threads, work)[0] for threads in (1, 2, 5)}
    assert found == {expected}


def test_the_others_are_told_to_stop_when_one_raises():
    first, told = threading.Event(), threading.Event()
    turn = itertools.count()

    def work(start, stop, sums, stopped):
        if next(turn) == 0:
            first.set()
            told.wait(10)
            raise LookupError("enough")
        first.wait(10)
        told.set()
        assert stopped.wait(10)

    with pytest.raises(LookupError, match="enough"):
        sums_over(2048, 1, 2, work)


def test_eight_partial_sums_are_added_by_halves():
    parts = 10.0 ** numpy.arange(-PARTIAL_SUMS, 0) * [1, -3, 5, 7, -11, 13, 17, 19]
    a, b, c, d, e, f, g, h = parts.tolist()
    assert folded(parts) == ((a + e) + (c + g)) + ((b + f) + (d + h))
