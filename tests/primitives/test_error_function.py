"""The tail of erfc, which knows what its argument lost and multiplies before it rounds."""

from __future__ import annotations

import random

import pytest

from autograd_core.primitives import error_function
from tests.primitives.accuracy import distance, unit
from tests.primitives.high_precision import exact, mp


def test_the_tail_uses_what_was_lost():
    source = random.Random(0)
    for _ in range(3000):
        x = source.uniform(0.65, 26.5)
        lost = x * 2.0**-54 * source.uniform(-1, 1)
        truth = mp.erfc(exact(x) + exact(lost))
        assert distance(error_function.tail(x, lost, 1.0), truth) <= 1.1 * unit(truth)


@pytest.mark.parametrize("times", [1.0, -20.0])
def test_the_tail_has_all_digits_also_where_it_is_subnormal(times):
    source = random.Random(1)
    for _ in range(500):
        x = source.uniform(26.0, 27.4)
        truth = exact(times) * mp.erfc(x)
        assert distance(error_function.tail(x, 0.0, times), truth) <= 2 * unit(truth)
