"""Which factors dot products share: against the definition, one after another."""

from __future__ import annotations

import unittest.mock

import numpy
from hypothesis import given
from hypothesis import strategies as st

import autograd_core as ag
from autograd_core import Value
from autograd_core.program.analysis import shared_factors as shared_factors_of
from autograd_core.program.analysis.shared_factors import (
    dot_products,
    equal_lists,
    shared_factors,
)
from tests.program.codes import codes, recorded

DOTS = ("dot", "strong_dot")


@given(codes(most=30))
def test_dot_products_are_those_of_the_code_factor_by_factor(code):
    dots = dot_products(code)
    expected = [
        (number - code.leaves, operands[row.name == "dot" :])
        for number, row, operands in code
        if row.name in DOTS
    ]
    assert dots.places.tolist() == [place for place, _ in expected]
    for (_, factors), start, stop in zip(expected, dots.starts, dots.stops, strict=True):
        assert dots.first[start:stop].tolist() == list(factors[::2])
        assert dots.second[start:stop].tolist() == list(factors[1::2])


@given(
    st.lists(st.tuples(st.lists(st.integers(-1, 1), max_size=3), st.integers(0, 1))),
    st.sampled_from([1, shared_factors_of.FEW]),
)
def test_a_list_is_equal_to_the_first_of_its_kind_with_the_same_numbers(lists, few):
    stops = numpy.cumsum([len(numbers) for numbers, _ in lists], dtype=numpy.int32)
    starts = stops - [len(numbers) for numbers, _ in lists]
    joined = numpy.array([number for numbers, _ in lists for number in numbers], dtype=numpy.int32)
    kinds = numpy.array([kind for _, kind in lists], dtype=numpy.int32)
    expected = [lists.index(one) for one in lists]
    with unittest.mock.patch.object(shared_factors_of, "FEW", few):
        assert equal_lists(joined, starts, stops, kinds).tolist() == expected


@given(codes(most=30))
def test_shared_factors_are_equal_numbers_for_equal_factors_of_one_row(code):
    found = shared_factors(code)
    own = {
        number - code.leaves: (row.name, tuple(operands[row.name == "dot" :]))
        for number, row, operands in code
        if row.name in DOTS
    }
    assert list(found) == list(own)
    for one, (row, factors) in own.items():
        for other, (other_row, others) in own.items():
            for side in (0, 1):
                alike = row == other_row and factors[side::2] == others[side::2]
                assert (found[one][side] == found[other][side]) == alike


def test_neurons_of_a_layer_share_their_inputs_however_the_products_are_written():
    w = [[Value(0.5), Value(0.25)] for _ in range(3)]

    def layer(x, y):
        return [ag.dot([x, y], row) for row in w]

    code, _ = recorded(layer, 1.0, 2.0)
    assert [first for first, _ in shared_factors(code).values()] == [0, 0, 0]
    assert [second for _, second in shared_factors(code).values()] == [0, 1, 2]
