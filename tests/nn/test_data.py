"""Datasets: splitting, batches, standardizing, one-hot; the irises that ship."""

from itertools import chain

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn import Dataset, Standardizer, batches, one_hot, split
from nn.datasets import iris


def numbered(count, classes=()):
    return Dataset(np.arange(count)[:, None] * 1.0, np.arange(count) % 3, classes=classes)


def test_the_irises_are_fishers():
    data = iris()
    assert data.features == ("sepal_length", "sepal_width", "petal_length", "petal_width")
    assert np.bincount(data.targets).tolist() == [50, 50, 50]
    # Fisher 1936, table 1: the sums of each column; and the two rows that UCI's file has wrong.
    np.testing.assert_allclose(data.inputs.sum(axis=0), [876.5, 458.6, 563.7, 179.9])
    assert data.inputs[[34, 37]].tolist() == [[4.9, 3.1, 1.5, 0.2], [4.9, 3.6, 1.4, 0.1]]


@given(st.integers(4, 60), st.integers(0, 9))
def test_a_split_loses_and_repeats_nothing(count, seed):
    train, test = split(numbered(count), 0.3, seed=seed)
    both = [*train.inputs[:, 0], *test.inputs[:, 0]]
    assert sorted(both) == list(range(count))
    assert len(test) == round(0.3 * count)


def test_a_split_holds_out_the_same_share_of_each_class():
    train, test = split(iris(), 0.2)
    assert np.bincount(train.targets).tolist() == [40, 40, 40]
    assert np.bincount(test.targets).tolist() == [10, 10, 10]
    assert train.classes == iris().classes
    assert sorted(train.targets) != list(train.targets)


def test_the_seed_decides_the_split():
    def held(seed):
        return split(numbered(30), seed=seed)[1].targets.tolist()

    assert held(0) == held(0)
    assert held(0) != held(1)


@given(st.integers(0, 40), st.one_of(st.none(), st.integers(1, 50)), st.integers(0, 9))
def test_batches_hold_every_sample_once(count, size, seed):
    served = list(batches(count, size, seed=seed))
    assert sorted(chain(*served)) == list(range(count))
    assert all(len(batch) == size for batch in served[:-1])


def test_every_order_is_as_likely():
    drawn = [tuple(next(batches(3, None, seed=seed))) for seed in range(6000)]
    counts = np.unique(drawn, axis=0, return_counts=True)[1]
    assert len(counts) == 6
    assert ((counts - 1000) ** 2 / 1000).sum() < 20.5  # the 0.1 % point of chi squared, 5 degrees


def test_standardized_samples_have_mean_0_and_deviation_1():
    x = iris().inputs
    z = Standardizer.of(x)(x)
    np.testing.assert_allclose(z.mean(axis=0), 0, atol=1e-14)
    np.testing.assert_allclose(z.std(axis=0), 1, rtol=1e-14)
    np.testing.assert_allclose(Standardizer.of(x).inverse(z), x, rtol=1e-14)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: split(iris(), 0.0), "held_out must be .* above 0 and below 1, got 0.0"),
        (lambda: split(iris(), 1.5), "above 0 and below 1, got 1.5"),
        (lambda: split(numbered(2), 0.1), "2 samples with 0.1 of them held out leave one part"),
        (lambda: Standardizer.of([[0.0, 1e308], [0.0, -1e308]]), "feature 1 cannot .* 1e.308"),
        (lambda: Standardizer.of([[float("nan")], [0.0]]), "feature 0 cannot be standardized"),
        (lambda: batches(3, 0), "the batch size must be at least 1, got 0"),
        (lambda: one_hot([3], 3), r"from 0 to 2, got \[3\]"),
        (lambda: one_hot([-1], 3), r"from 0 to 2, got \[-1\]"),
        (lambda: one_hot([0.5], 3), r"class indices"),
        (lambda: Dataset(np.ones((3, 2)), np.ones(2)), r"shape \(3, 2\) .* shape \(2,\)"),
        (lambda: Dataset(np.ones(3), np.ones(3)), r"inputs of shape \(3,\)"),
        (lambda: Dataset(np.ones((3, 2)), np.ones(3), ("a",)), "1 names for 2 features: a"),
    ],
)
def test_misuse_says_what_was_received(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_a_dataset_says_what_it_is():
    assert repr(iris()) == "Dataset(150 samples, 4 features, 3 classes)"
    assert repr(numbered(5)) == "Dataset(5 samples, 1 features, regression)"
