"""Metrics against scikit-learn's definitions, worked out by hand."""

import math

import pytest

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


@pytest.mark.parametrize(("predictions", "classes"), [([-1], None), ([0.5], None), ([3], 3)])
def test_what_is_no_class_is_refused(predictions, classes):
    with pytest.raises(ValueError, match="classes are ints from 0 to"):
        metrics.confusion_matrix(predictions, [0], classes)
