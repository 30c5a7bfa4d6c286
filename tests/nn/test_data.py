"""Datasets: splitting, batches, standardizing, one-hot; the irises that ship."""

from itertools import chain

import mpmath
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


@given(
    st.lists(st.integers(1, 9), min_size=1, max_size=12), st.floats(0.05, 0.95), st.integers(0, 3)
)
def test_a_split_by_class_is_as_exact_as_it_can_be(sizes, share, seed):
    targets = np.repeat(np.arange(len(sizes)), sizes)
    data = Dataset(np.arange(len(targets))[:, None], targets, classes=tuple(map(str, sizes)))
    asked, most = round(len(targets) * share), len(targets) - len(sizes)
    if not 0 < asked <= most:
        with pytest.raises(ValueError, match=f"{most} can|leave one part empty"):
            split(data, share, seed=seed)
        return
    train, test = split(data, share, seed=seed)
    assert sorted([*train.inputs[:, 0], *test.inputs[:, 0]]) == list(range(len(targets)))
    assert len(test) == asked
    held = np.bincount(test.targets, minlength=len(sizes))
    known = np.bincount(train.targets, minlength=len(sizes))
    assert known.min() >= 1
    if all(size * (1 - share) >= 1 for size in sizes):
        assert abs(held - np.array(sizes) * share).max() < 1 + 1e-9


def test_splits_of_small_classes():
    ten = Dataset(np.ones((60, 1)), np.repeat(np.arange(10), 6), classes=tuple("abcdefghij"))
    assert len(split(ten, 0.25)[1]) == 15
    pairs = Dataset(np.ones((200, 1)), np.repeat(np.arange(100), 2), classes=("pair",) * 100)
    assert np.bincount(split(pairs, 0.25)[0].targets).tolist().count(1) == 50
    assert np.unique(split(pairs, 0.5)[0].targets).tolist() == list(range(100))
    with pytest.raises(
        ValueError, match=r"150 of 200 samples .* each of the 100 classes .* 100 can"
    ):
        split(pairs, 0.75)


def test_which_of_equal_classes_give_more_is_drawn_by_lot():
    two = Dataset(np.ones((6, 1)), np.repeat([0, 1], 3), classes=("a", "b"))
    fewer = {np.bincount(split(two, 0.5, seed=seed)[1].targets).argmin() for seed in range(20)}
    assert fewer == {0, 1}


def test_targets_that_are_no_class_are_not_lost():
    odd = Dataset(np.ones((8, 1)), np.array([0, 1, 7, 7] * 2), classes=("a", "b"))
    assert sum(map(len, split(odd, 0.25))) == 8


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


@pytest.mark.parametrize("number", [14.62, 0.1, -1e-300, 1e300, 5e-324, 0.0])
@pytest.mark.parametrize("count", [1, 3, 1000])
def test_a_constant_column_is_only_shifted(number, count):
    standard = Standardizer.of(np.full((count, 1), number))
    assert standard.deviation.tolist() == [1.0]
    assert standard([[number]])[0, 0] == pytest.approx(0.0, abs=1e-13 * abs(number))


@given(
    st.lists(st.sampled_from([14.62, 14.62 + 2e-15, 14.63, 0.3, 0.1 + 0.2]), min_size=2, max_size=9)
)
def test_scales_are_those_of_scikit_learn(column):
    sklearn = pytest.importorskip("sklearn.preprocessing")
    table = np.array(column)[:, None]
    expected = sklearn.StandardScaler().fit(table).scale_
    np.testing.assert_allclose(Standardizer.of(table).deviation, expected, rtol=1e-9)


@given(st.integers(-8, 12), st.lists(st.floats(-1, 1), min_size=2, max_size=9))
def test_means_and_deviations_are_those_of_fifty_digits(size, numbers):
    column = [10.0**size + number for number in numbers]
    with mpmath.workdps(50):
        exact = [mpmath.mpf(number) for number in column]
        mean = mpmath.fsum(exact) / len(exact)
        deviation = mpmath.sqrt(mpmath.fsum((x - mean) ** 2 for x in exact) / len(exact))
    standard = Standardizer.of(np.array(column)[:, None])
    assert standard.mean[0] == pytest.approx(float(mean), rel=1e-14)
    if standard.deviation[0] != 1.0:
        assert standard.deviation[0] == pytest.approx(float(deviation), rel=1e-14)


@pytest.mark.parametrize("size", [1e-300, 1e-200, 1e200, 8e307])
def test_large_and_small_numbers_are_standardized_as_others(size):
    standard = Standardizer.of([[size], [-size], [size], [-size]])
    assert standard([[size]]).tolist() == [[1.0]]


class Frame:
    """What this package asks of a data frame."""

    def __init__(self, **columns):
        self.columns = list(columns)
        self._columns = columns

    def to_numpy(self):
        columns = [np.array(column) for column in self._columns.values()]
        if len({column.dtype.kind for column in columns}) > 1:
            columns = [np.array([*column], dtype=object) for column in columns]
        return np.column_stack(columns)


def test_data_frames_are_taken_by_rows():
    frame, y = Frame(a=[1.0, 2.0, 4.0], b=[0, 1, 1]), Frame(y=[0, 1, 0])
    rows = [[1.0, 0.0], [2.0, 1.0], [4.0, 1.0]]
    assert Standardizer.of(frame)(frame).tolist() == Standardizer.of(rows)(rows).tolist()
    data = Dataset(frame, y)
    assert (data.inputs.tolist(), data.targets.tolist()) == (rows, [0, 1, 0])
    assert data.features == ("a", "b")
    assert data.take([2]).inputs.tolist() == [[4.0, 1.0]]


@pytest.mark.parametrize(
    ("column", "shown"),
    [
        (np.array(["x", "y"], object), "'x' of type str in row 0"),
        ([1.0, None], "None of type NoneType in row 1"),
        (np.array(["2020-01-01", "2021-01-01"], "M8[ns]"), "in row 0"),
    ],
)
def test_a_column_of_no_numbers_is_named(column, shown):
    for frame in (Frame(a=[1.0, 2.0], b=column), Frame(b=column)):
        with pytest.raises(ValueError, match=f"column 'b' of the data frame holds .*{shown}"):
            Standardizer.of(frame)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: Standardizer.of([]), "no samples to standardize by"),
        (lambda: Standardizer.of([[1.0, 2.0]])([[1.0]]), r"of 2 features, got .* shape \(1, 1\)"),
        (lambda: Standardizer(np.zeros(1), np.zeros(1)), r"a deviation above 0 .*\[0.\]. and"),
        (lambda: Standardizer(np.zeros(1), np.ones(2)), "a mean and a deviation"),
        (lambda: split(iris(), 0.0), "held_out must be .* above 0 and below 1, got 0.0"),
        (lambda: split(iris(), 1.5), "above 0 and below 1, got 1.5"),
        (lambda: split(numbered(2), 0.1), "2 samples with 0.1 of them held out leave one part"),
        (lambda: Standardizer.of([[0.0, 1e308], [0.0, -1e308]]), "feature 1 cannot .* 1e.308"),
        (lambda: Standardizer.of([[float("nan")], [0.0]]), "feature 0 cannot be standardized"),
        (lambda: batches(3, 0), "the batch size must be at least 1, got 0"),
        (lambda: one_hot([3], 3), r"from 0 to 2, got \[3\]"),
        (lambda: one_hot([-1], 3), r"from 0 to 2, got \[-1\]"),
        (lambda: one_hot([0.5], 3), r"class indices"),
        (lambda: one_hot([], 0), "classes must be at least 1, got 0"),
        (lambda: Dataset(np.ones((3, 2)), np.ones(2)), r"shape \(3, 2\) .* shape \(2,\)"),
        (lambda: Dataset(np.ones(3), np.ones(3)), r"inputs must be rows .* the shape \(3,\)"),
        (lambda: Dataset(np.ones((3, 2)), np.ones(3), ("a",)), "1 names for 2 features: a"),
    ],
)
def test_misuse_says_what_was_received(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_what_is_no_dataset_is_not_split():
    with pytest.raises(
        TypeError, match=r"split takes a Dataset, got \[\[1.0\].* of type list: .* Dataset\(inputs"
    ):
        split([[1.0], [2.0]], [0, 1])


def test_a_dataset_says_what_it_is():
    assert repr(iris()) == "Dataset(150 samples, 4 features, 3 classes)"
    assert repr(numbered(5)) == "Dataset(5 samples, 1 features, regression)"
