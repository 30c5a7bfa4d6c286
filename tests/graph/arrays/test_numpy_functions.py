"""NumPy's functions of whole arrays of Values: what they find by number, and what they refuse."""

import numpy
import pytest

from autograd_core import RecordingError, Value, grad, record
from autograd_core.graph.arrays.value_array import ValueArray


def held(*numbers: float) -> ValueArray:
    return numpy.array([Value(number) for number in numbers], dtype=object).view(ValueArray)


SETS = [numpy.union1d, numpy.setdiff1d, numpy.setxor1d, numpy.intersect1d]
FIRST, SECOND = [3.0, 1.0, 2.0, 1.0], [2.0, 5.0, 3.0, 2.0]


@pytest.mark.parametrize("function", SETS)
@pytest.mark.parametrize("both", [True, False], ids=["of two arrays", "of an array and a list"])
def test_sets_hold_the_first_of_equal_numbers(function, both):
    first, second = held(*FIRST), held(*SECOND) if both else SECOND
    found = function(first, second)
    assert [float(one) for one in found] == function(FIRST, SECOND).tolist()
    of_first = [one for one in found if any(one is given for given in first)]
    assert len(of_first) == sum(float(one) in FIRST for one in found)


def test_a_set_in_a_function_has_its_derivative():
    def squares_of_what_is_in_both(x):
        return (numpy.intersect1d(x, [2.0, 3.0]) ** 2).sum()

    assert grad(squares_of_what_is_in_both)(numpy.array([1.0, 2.0, 3.0])).tolist() == [0, 4, 6]


def test_an_intersection_says_where_it_found_them():
    found, *places = numpy.intersect1d(held(*FIRST), held(*SECOND), return_indices=True)
    assert [float(one) for one in found] == [2.0, 3.0]
    expected = numpy.intersect1d(FIRST, SECOND, return_indices=True)[1:]
    assert [place.tolist() for place in places] == [place.tolist() for place in expected]


@pytest.mark.parametrize("assume_unique", [False, True])
def test_a_difference_keeps_what_it_may_assume(assume_unique):
    found = numpy.setdiff1d(held(3.0, 1.0, 2.0), [2.0], assume_unique=assume_unique)
    assert [float(one) for one in found] == ([3.0, 1.0] if assume_unique else [1.0, 3.0])


def test_the_rank_of_a_matrix_is_that_of_its_numbers():
    assert numpy.linalg.matrix_rank(held(1, 2, 2, 4).reshape(2, 2)) == 1
    assert numpy.linalg.matrix_rank(held(0, 0)) == 0


@pytest.mark.parametrize("name", ["logical_and", "logical_or", "logical_xor"])
@pytest.mark.parametrize("other", [[1.0, 0.0, 0.0, numpy.nan], 1.0])
def test_logic_answers_in_bools(name, other):
    function, numbers = getattr(numpy, name), [0.0, 2.0, -0.0, 3.0]
    for found in (function(held(*numbers), other), function(other, held(*numbers))):
        assert found.dtype == bool
        assert found.tolist() == function(numbers, other).tolist()
    assert numpy.logical_not(held(*numbers)).tolist() == [True, False, True, False]
    assert bool(numpy.logical_and.reduce(held(*numbers))) is False


def test_logic_asks_nothing_that_is_being_recorded():
    with pytest.raises(RecordingError, match="where"):
        record(lambda x: numpy.logical_and(x > 0, x < 1).sum(), numpy.array([0.5, 2.0]))


@pytest.mark.parametrize(
    "function",
    [
        numpy.gradient,
        numpy.i0,
        numpy.sort_complex,
        lambda x: numpy.linalg.qr(x.reshape(2, 2)),
    ],
    ids=["gradient", "i0", "sort_complex", "qr"],
)
def test_what_numpy_would_make_floats_of_unasked_is_refused(function):
    with pytest.raises(TypeError, match=r"whose derivative it would lose \(it converts"):
        function(held(1.0, 2.0, 4.0, 8.0))


def test_floats_that_are_asked_for_lose_nothing():
    x = held(1.0, 2.0)
    assert numpy.zeros_like(x, dtype=float).tolist() == [0.0, 0.0]
    assert numpy.full_like(x, 3.0, dtype=float).tolist() == [3.0, 3.0]
