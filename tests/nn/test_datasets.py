"""Problems made up: where their points lie, how many there are, that the seed decides."""

import sys

import numpy as np
import pytest

from nn import datasets

GENERATORS = [datasets.moons, datasets.circles, datasets.spirals, datasets.blobs, datasets.xor]


@pytest.mark.parametrize("make", GENERATORS)
def test_equal_seeds_make_equal_data(make):
    first, same, other = (make(40, noise=0.1, seed=seed) for seed in (3, 3, 0))
    np.testing.assert_array_equal(first.inputs, same.inputs)
    assert not np.array_equal(first.inputs, other.inputs)
    assert len(first) == 40
    counts = np.bincount(first.targets)
    assert counts.max() - counts.min() <= 1


def test_circles_have_their_radii():
    data = datasets.circles(50, noise=0.0, inner=0.25)
    radius = np.hypot(*data.inputs.T)
    np.testing.assert_allclose(radius, np.where(data.targets == 0, 1.0, 0.25), rtol=1e-15)


def test_moons_are_two_half_circles():
    data = datasets.moons(60, noise=0.0)
    centers = np.array([[0.0, 0.0], [1.0, 0.5]])[data.targets]
    np.testing.assert_allclose(np.hypot(*(data.inputs - centers).T), 1.0, rtol=1e-14)
    assert np.all(np.where(data.targets == 0, data.inputs[:, 1] >= 0, data.inputs[:, 1] <= 0.5))


def test_spirals_wind_outward_in_arms():
    data = datasets.spirals(90, noise=0.0, turns=1.0, classes=3)
    x, y = data.inputs.T
    turn = np.arctan2(y, x) / (2 * np.pi) - np.hypot(x, y)
    np.testing.assert_allclose((turn * 3).round() % 3, data.targets)


def test_blobs_lie_about_their_centers():
    data = datasets.blobs(3000, centers=[(0.0, 5.0), (7.0, 1.0)], noise=0.5)
    for kind, center in enumerate([(0.0, 5.0), (7.0, 1.0)]):
        cloud = data.inputs[data.targets == kind]
        np.testing.assert_allclose(cloud.mean(axis=0), center, atol=0.07)
        np.testing.assert_allclose(cloud.std(axis=0), 0.5, atol=0.05)


def test_digits_and_tumors_come_from_scikit_learn():
    assert repr(datasets.digits()) == "Dataset(1797 samples, 64 features, 10 classes)"
    assert datasets.breast_cancer().classes == ("malignant", "benign")


def test_without_scikit_learn_the_error_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "sklearn.datasets", None)
    with pytest.raises(ImportError, match=r"pip install 'autograd_core\[datasets\]'"):
        datasets.digits()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: datasets.moons(1), "samples must be at least 2.*got 1"),
        (lambda: datasets.blobs(10, centers=[(0.0, 0.0)]), "centers must be two points"),
        (lambda: datasets.moons(10, noise=-1), "at least 0, got -1"),
        (lambda: datasets.circles(10, inner=1.0), "inner must be .* below 1, got 1.0"),
    ],
)
def test_misuse_says_what_was_received(call, message):
    with pytest.raises(ValueError, match=message):
        call()
