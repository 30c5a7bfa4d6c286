"""What a model predicts over a plane of two features."""

import numpy as np
import pytest

from nn import MLP, Dataset, Layer, datasets, predict, predict_probabilities
from nn.boundary.plane import Plane

XOR = datasets.xor()


def points_of(plane):
    return [[x, y] for y in plane.y.tolist() for x in plane.x.tolist()]


def test_the_plane_reaches_beyond_the_samples():
    data = Dataset([[0.0, 5.0], [2.0, 5.0]], [0, 1], ("a", "b"), ("no", "yes"))
    plane = Plane(data, 3, 0.5)
    assert plane.x.tolist() == [-1.0, 1.0, 3.0]
    assert plane.y.tolist() == [4.5, 5.0, 5.5]  # a constant feature has a width of 1


@pytest.mark.parametrize("points", [5, 30])
def test_classes_and_probabilities_are_what_the_model_predicts(points):
    data, loss = datasets.blobs(30), "cross_entropy"
    model, plane = MLP(2, [4, 3], activation="tanh", seed=0), Plane(data, points, 0.1)
    by_class = plane.regions(model, loss, "class")
    by_probability = plane.regions(model, loss, "probability")
    assert by_class.classes.ravel().tolist() == predict(model, points_of(plane), loss)
    assert by_class.classes.tolist() == by_probability.classes.tolist()
    assert by_class.probabilities is None
    expected = predict_probabilities(model, points_of(plane), loss)
    assert by_probability.probabilities.reshape(-1, 3).tolist() == expected.tolist()


def test_signs_are_classes_and_other_numbers_the_nearest_or_none():
    plane = Plane(XOR, 3, 0.0)  # at 0, ½ and 1
    model = Layer.of([[4.0, 0.0]], [-2.0])
    assert plane.regions(model, "hinge", "class").classes[0].tolist() == [0, 0, 1]
    assert plane.regions(model, "squared_error", "class").classes[0].tolist() == [-1, 0, -1]


@pytest.mark.parametrize(
    ("outputs", "loss", "by", "message"),
    [
        (1, "hinge", "probability", "trained on hinge stand for no probabilities"),
        (3, "cross_entropy", "probability", "tells 3 classes apart, and the data have 2"),
        (2, "binary_cross_entropy", "class", "one class a sample; the model gives 2"),
        (1, "hinge", "sign", "by must be 'class' or 'probability', got 'sign'"),
    ],
)
def test_what_cannot_be_read_is_refused(outputs, loss, by, message):
    with pytest.raises(ValueError, match=message):
        Plane(XOR, 3, 0.1).regions(MLP(2, [outputs]), loss, by)


def test_a_plane_needs_two_features_classes_and_points():
    with pytest.raises(ValueError, match=r"two features and of classes, got Dataset.150 samples"):
        Plane(datasets.iris(), 3, 0.1)
    with pytest.raises(ValueError, match="points must be at least 2, got 1"):
        Plane(XOR, 1, 0.1)
    assert np.isfinite(Plane(XOR, 2, 0.1).x).all()
