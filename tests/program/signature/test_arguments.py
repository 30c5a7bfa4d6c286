"""Arguments: batches, broadcasting, and what is refused."""

from __future__ import annotations

from fractions import Fraction

import numpy
import pytest

from autograd_core import Value, record

POINT = record(lambda p, q: p[0] * q + p[1], [0.0, 0.0], 0.0)


def test_the_axes_of_samples_broadcast():
    points = numpy.arange(12.0).reshape(3, 2, 2)
    scales = numpy.array([1.0, 10.0])
    expected = points[..., 0] * scales + points[..., 1]
    assert POINT(points, scales).tolist() == expected.tolist()
    assert POINT(points, 2.0).shape == (3, 2)
    assert POINT([1.0, 2.0], numpy.ones((4, 1))).shape == (4, 1)
    assert POINT(numpy.ones((5, 1, 2)), numpy.ones(3)).shape == (5, 3)


def test_a_call_without_axes_of_samples_gives_a_float():
    result = POINT([2.0, 1.0], 3.0)
    assert type(result) is float
    assert result == 7.0


def test_an_empty_batch_gives_an_empty_result():
    assert POINT(numpy.empty((0, 2)), 1.0).shape == (0,)
    values, (dp, dq) = POINT.value_and_grad(numpy.empty((0, 2)), numpy.empty(0))
    assert (values.shape, dp.shape, dq.shape) == ((0,), (0, 2), (0,))


@pytest.mark.parametrize(
    "points",
    [
        numpy.arange(8.0).reshape(4, 2)[::2],
        numpy.arange(8.0).reshape(2, 4).T,
        numpy.asfortranarray(numpy.arange(8.0).reshape(4, 2)),
        numpy.arange(8).reshape(4, 2),
        numpy.arange(8, dtype=numpy.float32).reshape(4, 2),
        numpy.array([[True, False], [False, True]]),
        numpy.arange(8.0).reshape(4, 2)[::-1],
        [[1, 2], [3, 4]],
        numpy.array([[1.0, numpy.float32(2.5)], [numpy.int64(3), numpy.bool_(True)]], dtype=object),
    ],
    ids=[
        "strided",
        "transposed",
        "Fortran",
        "int",
        "float32",
        "bool",
        "reversed",
        "lists",
        "objects",
    ],
)
def test_any_layout_and_real_type_is_taken(points):
    if isinstance(points, numpy.ndarray):
        points = points[:, :2]
    plain = [POINT([float(p) for p in point], 0.5) for point in numpy.asarray(points)]
    assert POINT(points, 0.5).tolist() == plain


def test_arguments_are_not_written_to_and_may_be_read_only_or_one_array():
    points = numpy.arange(6.0).reshape(3, 2)
    points.flags.writeable = False
    before = points.copy()
    POINT.value_and_grad(points, points[:, 0])
    assert (points == before).all()


def test_nan_is_kept():
    assert numpy.isnan(POINT([[numpy.nan, 1.0]], 1.0)).all()


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        (([0.0, 0.0],), TypeError, r"takes 2 arguments \(p, q\), got 1"),
        (([0.0, 0.0, 0.0], 1.0), ValueError, r"p has the shape \(3,\).*\(\.\.\., 2\)"),
        ((1.0, 1.0), ValueError, r"p has the shape \(\)"),
        ((numpy.ones((4, 2)), numpy.ones(3)), ValueError, "do not broadcast"),
        (([1j, 0.0], 1.0), TypeError, r"p must hold real numbers, got 1j of .* at p\[0\]"),
        (([None, 0.0], 1.0), TypeError, r"got None of type NoneType at p\[0\]"),
        (([[1.0, 2.0], [3.0]], 1.0), ValueError, "no regular array"),
        (([Fraction(1, 2), 0.0], 1.0), TypeError, r"got Fraction\(1, 2\) .*float\(\)"),
        ((numpy.ma.array([1.0, 2.0], mask=[0, 1]), 1.0), ValueError, r"hides 1 of .*\.filled"),
        (("ab", 1.0), TypeError, "p must hold real numbers"),
        (([0.0, 0.0], Value(1.0)), TypeError, r"got Value\(1.0.* of type Value; .*\.data"),
        (([0.0, Value(1.0)], 1.0), TypeError, r"at p\[1\]; .*the function that was recorded"),
        (({"p": 1.0}, 1.0), TypeError, "got {'p': 1.0} of type dict$"),
    ],
    ids=[
        "count",
        "long",
        "scalar",
        "axes",
        "complex",
        "None",
        "ragged",
        "other",
        "masked",
        "text",
        "Value",
        "Values",
        "dictionary",
    ],
)
def test_what_does_not_fit_is_refused_with_what_does(arguments, error, message):
    with pytest.raises(error, match=message):
        POINT(*arguments)


def test_holders_take_what_they_were_recorded_with():
    program = record(lambda d, t: d["a"] * t[0] + t[1], {"a": 0.0}, (0.0, 0.0))
    assert program({"a": [1.0, 2.0]}, (3.0, 4.0)).tolist() == [7.0, 10.0]
    with pytest.raises(TypeError, match=r"d must be a dictionary with the keys \['a'\]"):
        program({"b": 1.0}, (3.0, 4.0))
    with pytest.raises(TypeError, match="t must be a tuple of 2"):
        program({"a": 1.0}, (3.0,))
    with pytest.raises(TypeError, match=r"t\[1\] must hold real numbers"):
        program({"a": 1.0}, (3.0, 1j))


def test_gradients_have_the_forms_of_the_arguments():
    program = record(lambda d, t: d["a"] * t[0][1] + t[1], {"a": 0.0}, ([0.0, 0.0], 0.0))
    _, (d, t) = program.value_and_grad({"a": [2.0, 3.0]}, ([5.0, 7.0], 1.0))
    assert d["a"].tolist() == [7.0, 7.0]
    assert t[0].tolist() == [[0.0, 2.0], [0.0, 3.0]]
    assert t[1].tolist() == [1.0, 1.0]
