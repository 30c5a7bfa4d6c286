"""Shuffling: every order is as likely, and the draws decide."""

from __future__ import annotations

import random
from collections import Counter
from itertools import permutations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd_core import shuffled


def test_each_order_comes_from_as_many_draws():
    grid = [(k + 0.5) / 12 for k in range(12)]
    orders = Counter(
        tuple(shuffled("abcd", iter(draws).__next__)) for draws in product(grid, repeat=3)
    )
    assert orders == dict.fromkeys(permutations("abcd"), 12**3 // 24)


@given(st.lists(st.integers()), st.integers())
def test_nothing_is_lost_and_a_seed_repeats(items, seed):
    found = shuffled(items, random.Random(seed).random)
    assert Counter(found) == Counter(items)
    assert found == shuffled(tuple(items), random.Random(seed).random)


def test_as_many_numbers_are_drawn_as_are_needed():
    left = iter([0.9, 0.1, 0.5])
    shuffled(range(3), left.__next__)
    assert list(left) == [0.5]


@pytest.mark.parametrize("draw", [1.0, -0.1, float("nan"), 1e300])
def test_what_is_no_draw_is_refused(draw):
    with pytest.raises(ValueError, match=r"from 0 to below 1, got "):
        shuffled(range(3), lambda: draw)


def test_an_error_of_the_generator_is_its_own():
    def broken():
        raise LookupError("no numbers left")

    with pytest.raises(LookupError, match="no numbers left"):
        shuffled(range(3), broken)
