"""Metrics against scikit-learn's definitions, worked out by hand."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn import metrics


def test_the_confusion_matrix_has_true_classes_as_rows():
    matrix = metrics.confusion_matrix([0, 2, 2, 1, 0], [0, 2, 1, 1, 2])
    assert matrix.tolist() == [[1, 0, 0], [0, 1, 1], [1, 0, 1]]
    assert metrics.confusion_matrix([0], [0], classes=3).shape == (3, 3)


def test_accuracy_is_the_share_on_the_diagonal():
    assert metrics.accuracy([0, 2, 2, 1, 0], [0, 2, 1, 1, 2]) == 0.6
    assert metrics.accuracy([[0, 1], [1, 1]], [[0, 1], [0, 0]]) == 0.5


def test_r_squared_compares_with_the_mean():
    assert metrics.r_squared([2.5, 0.0, 2.0, 8.0], [3.0, -0.5, 2.0, 7.0]) == pytest.approx(
        1 - 1.5 / 29.1875
    )
    assert metrics.r_squared([1.0, 1.0], [1.0, 1.0]) == 1.0
    assert metrics.r_squared([1.0, 2.0], [1.0, 1.0]) == -math.inf


@pytest.mark.parametrize("metric", [*metrics.METRICS.values(), metrics.confusion_matrix])
@pytest.mark.parametrize(("predictions", "targets"), [([1], [1, 2]), ([[1]], [1]), ([], [])])
def test_shapes_that_differ_are_refused(metric, predictions, targets):
    with pytest.raises(ValueError, match="as many predictions as targets, got shapes"):
        metric(predictions, targets)


def test_text_is_compared_with_text_alone():
    assert metrics.accuracy(["a", "b"], ["a", "c"]) == 0.5
    for targets in ([1, "a"], ["1", "2"]):
        with pytest.raises(TypeError, match="text is no number: got"):
            metrics.accuracy([1, 2], targets)


@pytest.mark.parametrize(
    ("predictions", "classes"),
    [([-1], None), ([0.5], None), ([3], 3), (["a"], None), ([math.nan], 2)],
)
def test_what_is_no_class_is_refused(predictions, classes):
    with pytest.raises(ValueError, match="classes are ints from 0 to"):
        metrics.confusion_matrix(predictions, [0], classes)


KINDS = ["u1", "i1", "u2", "i2", "u4", "i8", "u8", "f2", "f4", "?"]


@pytest.mark.parametrize("kind", KINDS)
@given(data=st.data())
def test_small_numbers_count_as_doubles(kind, data):
    def drawn():
        low, high = (0, 1) if kind == "?" else (0, 255) if kind[0] == "u" else (-128, 127)
        return data.draw(st.lists(st.integers(low, high), min_size=3, max_size=3))

    predicted, true = drawn(), drawn()
    small = np.array(predicted, kind), np.array(true, kind)
    doubles = [float(p) for p in predicted], [float(t) for t in true]
    for metric in metrics.METRICS.values():
        assert metric(*small) == metric(*doubles)
    mean = sum((p - t) ** 2 for p, t in zip(predicted, true, strict=True)) / 3
    assert metrics.mean_squared_error(*small) == pytest.approx(mean, rel=1e-15)


@pytest.mark.parametrize("metric", [*metrics.METRICS.values(), metrics.confusion_matrix])
def test_iterators_are_gone_through_and_sets_refused(metric):
    expected = metric([0, 1, 1], [0, 1, 2])
    assert np.array_equal(metric(iter([0, 1, 1]), map(int, "012")), expected)
    with pytest.raises(TypeError, match="must have an order, got a set"):
        metric({0, 1}, {0, 1})


def test_ints_in_an_array_of_objects_are_classes():
    given = np.array([1, True, np.int64(0)], dtype=object)
    assert metrics.confusion_matrix(given, [1, 0, 0]).tolist() == [[1, 1], [0, 1]]
    with pytest.raises(ValueError, match="classes are ints"):
        metrics.confusion_matrix(np.array([1, 0.5], dtype=object), [1, 0])


def test_truth_values_are_classes():
    assert metrics.confusion_matrix([True, False], [True, True]).tolist() == [[0, 0], [1, 1]]
    assert (
        metrics.confusion_matrix(np.array([200], "u1"), np.array([200], "u1")).shape == (201,) * 2
    )


def test_the_mean_of_equal_targets_leaves_no_rounding_error():
    same = [14.62] * 1000
    assert np.mean(same) != 14.62
    assert metrics.r_squared(same, same) == 1.0
    assert metrics.r_squared([14.0] * 1000, same) == -math.inf


@pytest.mark.parametrize("size", [1e-300, 1e-200, 1e200, 1e300])
def test_r_squared_does_not_depend_on_the_unit(size):
    by_unit = metrics.r_squared([2.5 * size, 0.0, 2.0 * size], [3.0 * size, -0.5 * size, 2 * size])
    assert by_unit == pytest.approx(metrics.r_squared([2.5, 0.0, 2.0], [3.0, -0.5, 2.0]))


def test_what_is_beyond_a_double_is_infinite_and_nan_stays():
    assert metrics.mean_squared_error([1e200], [-1e200]) == math.inf
    assert math.isnan(metrics.mean_squared_error([math.inf], [math.inf]))
    assert math.isnan(metrics.r_squared([1.0, 2.0], [math.nan, 1.0]))
    assert math.isnan(metrics.r_squared([1.0, math.nan], [1.0, 1.0]))
    assert metrics.r_squared([1.0, math.inf], [1.0, 1.0]) == -math.inf


@pytest.mark.parametrize(
    ("outputs", "targets"),
    [([0.1, 0.9], [0, 1]), ([[0.1, 0.9], [0.8, 0.2]], [[0, 1], [1, 0]]), ([-1.3], [True])],
)
def test_outputs_and_probabilities_are_no_classes(outputs, targets):
    with pytest.raises(ValueError, match=r"predictions are classes, got \[.* nn\.predict\(\)"):
        metrics.accuracy(outputs, targets)


def test_classes_may_be_any_numbers():
    assert metrics.accuracy([1.5, 2.0], [1.5, 2.5]) == 0.5
    assert metrics.accuracy([0.5], [1.5]) == 0.0
    assert metrics.accuracy([math.nan, 1.0], [0, 1]) == 0.5


def test_rows_of_shares_stand_for_their_largest():
    rows = [[1, 0, 0], [0, 0, 1], [0.1, 0.7, 0.2]]
    assert metrics.accuracy([0, 2, 0], rows) == pytest.approx(2 / 3)
    assert metrics.confusion_matrix([0, 2, 0], rows).tolist() == [[1, 0, 0], [1, 0, 0], [0, 0, 1]]
    with pytest.raises(ValueError, match="as many predictions as targets, got shapes"):
        metrics.accuracy([0.5, 2.0, 0.0], rows)  # no classes
