"""Dot products by the row: the same nodes as one by one, and what does not fit is refused."""

from __future__ import annotations

import pytest

from autograd_core import Value, detect_anomaly, dot, no_grad
from autograd_core.graph.sums import dots

ROWS = [[Value(0.1), Value(0.7)], [Value(-1.5), 2.0], [3, Value(1e308)]]
INPUTS = [Value(0.3), Value(10.0).detach()]
STARTS = [Value(1.0), 0.5, Value(2.0).detach()]


def parts(node):
    operands = [(parent.data, parent.constant) for parent in node.parents]
    return node.op, node.data, node.constant, node.local_gradients, operands


def test_rows_at_once_are_the_dot_products_one_by_one():
    expected = [dot(row, INPUTS, start) for row, start in zip(ROWS, STARTS, strict=True)]
    assert list(map(parts, dots(ROWS, INPUTS, STARTS))) == list(map(parts, expected))
    with no_grad():
        assert [node.constant for node in dots(ROWS, INPUTS, STARTS)] == [True] * 3
    with detect_anomaly(), pytest.raises(ArithmeticError, match=r"dot\(.*\) = inf"):
        dots([[Value(1e308)]], [10.0], [0.0])


@pytest.mark.parametrize(
    ("rows", "inputs", "starts"),
    [
        ([[1.0, 2.0], [1.0]], [1.0, 2.0], [0.0, 0.0]),
        ([[1.0]], [1.0], []),
        ([(1.0,)], [1.0], [0.0]),
    ],
)
def test_what_does_not_fit_is_refused(rows, inputs, starts):
    with pytest.raises(ValueError, match="give lists, as many starts as rows"):
        dots(rows, inputs, starts)
