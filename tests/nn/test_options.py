"""Options: what passes, and what every refusal says."""

import math

import numpy as np
import pytest

from nn import Dataset, Standardizer, metrics, one_hot
from nn.options import by_rows, in_order, real, whole


def test_numbers_of_any_kind_pass_as_pythons_own():
    assert real(np.float32(0.5), "x") == 0.5
    assert type(real(3, "x")) is float
    assert whole(np.int64(3), "x") == 3
    assert real(0.0, "x", least=0) == 0.0
    assert real(1.0, "x", most=1) == 1.0


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: in_order({1}, "the terms"), TypeError, "the terms must have an order, got {1}"),
        (lambda: whole(2.0, "n"), TypeError, "n must be an int, got 2.0 of type float"),
        (lambda: whole(0, "n"), ValueError, "n must be at least 1, got 0"),
        (lambda: real("1", "x"), TypeError, "x must be a number, got '1' of type str"),
        (lambda: real(math.nan, "x"), ValueError, "x must be a finite number, got nan"),
        (lambda: real(0, "x", above=0), ValueError, "a finite number, above 0, got 0"),
        (lambda: real(1, "x", least=0, below=1), ValueError, "at least 0 and below 1, got 1"),
        (lambda: real(2, "x", most=1), ValueError, "at most 1, got 2"),
    ],
)
def test_a_refusal_says_what_was_received_and_what_was_expected(call, error, message):
    with pytest.raises(error, match=message):
        call()


def test_what_a_masked_array_hides_is_not_computed_with():
    hidden = np.ma.array([[1.0], [999.0]], mask=[[False], [True]])
    for call in (
        by_rows,
        Standardizer.of,
        Standardizer.of([[1.0], [3.0]]),
        lambda table: Dataset(table, [0.0, 1.0]),
        lambda table: Dataset([[0.0], [1.0]], table[:, 0]),
        lambda table: metrics.mean_squared_error(table, [[1.0], [2.0]]),
        lambda table: one_hot(table[:, 0], 2),
    ):
        with pytest.raises(ValueError, match=r"a masked array hides 1 of .*\.filled"):
            call(hidden)
    assert Standardizer.of(np.ma.array([[1.0], [3.0]])).mean.tolist() == [2.0]
