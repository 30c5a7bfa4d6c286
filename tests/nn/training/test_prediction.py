"""Predictions: the same by a replay as by calls, and by calls where there is no replay."""

import math

import numpy as np
import pytest

import nn
from nn import MLP, Layer, Module, Sequential, softmax
from nn.datasets import moons
from nn.training import prediction
from nn.training.prediction import Validation, predict, predict_probabilities
from tests.nn.training.trainings import CLASSES, NUMBERS, SIGNS, X, network

MANY = np.random.default_rng(1).normal(size=(prediction.WORTH_RECORDING, 2))


@pytest.mark.parametrize(
    ("loss", "outputs", "last"),
    [
        ("squared_error", 2, "linear"),
        ("hinge", 1, "linear"),
        ("binary_cross_entropy", 1, "sigmoid"),
        ("cross_entropy", 3, "linear"),
        (lambda outputs, targets: sum(outputs), 1, "linear"),
    ],
)
def test_many_samples_are_predicted_as_few_are(loss, outputs, last):
    model = network(outputs, last)
    by_calls = [predict(model, [row], loss)[0] for row in MANY.tolist()]
    assert predict(model, MANY, loss) == by_calls


def test_outputs_that_are_nan_are_read_alike_by_both_tiers():
    model = Sequential(lambda x: [x[0], x[1], x[0] * 0.5])
    rows = np.where(MANY > 1.0, math.nan, MANY)
    by_calls = [predict(model, [row], "cross_entropy")[0] for row in rows.tolist()]
    assert predict(model, rows, "cross_entropy") == by_calls


def test_a_model_is_called_once_for_many_samples_and_for_each_of_few():
    class Counted(Layer):
        calls = 0

        def __call__(self, x):
            Counted.calls += 1
            return super().__call__(x)

    model = Counted(2, 1, seed=0)
    predict(model, MANY[:100], "hinge")
    assert Counted.calls == 100
    predict(model, MANY, "hinge")
    assert Counted.calls < 200


def test_a_model_that_branches_is_called():
    model = Sequential(lambda x: x if x[0] > 0 else [-x[0], x[1]], MLP(2, [1], seed=0))
    assert predict(model, MANY, "squared_error") == [model(list(map(float, x))).data for x in MANY]


@pytest.mark.parametrize("samples", [{0.5, 1.0}, {(0.5, 1.0): 1}])
def test_samples_without_an_order_are_refused(samples):
    with pytest.raises(TypeError, match=r"must have an order, got a (set|dict): give lists"):
        predict(network(), samples, "hinge")


def test_a_sample_that_does_not_fit_is_refused_as_ever():
    with pytest.raises(ValueError, match="takes 2 inputs, got 1"):
        predict(network(), [*MANY.tolist(), [1.0]], "hinge")


class Frame:
    """What this package asks of a data frame; iterated, it gives the names of its columns."""

    columns = (0, 1)

    def __init__(self, rows):
        self._rows = rows

    def __iter__(self):
        return iter(self.columns)

    def __len__(self):
        return len(self._rows)

    def to_numpy(self):
        return self._rows


@pytest.mark.parametrize("count", [2, len(MANY)])
def test_a_data_frame_is_predicted_by_rows(count):
    rows = MANY[:count]
    assert predict(network(), Frame(rows), "hinge") == predict(network(), rows, "hinge")
    with pytest.raises((TypeError, ValueError), match="it takes one sample at a time"):
        network()(Frame(rows))


def test_data_frames_are_trained_on_as_arrays_are():
    by_frame, by_array = network(), network()
    frame, numbers = Frame(X), Frame(NUMBERS[:, None])
    options = {"validation": (frame, numbers), "epochs": 2, "progress": False}
    assert nn.fit(by_frame, frame, numbers, **options).curves() == (
        nn.fit(by_array, X, NUMBERS, **options | {"validation": (X, NUMBERS)}).curves()
    )
    assert by_frame.state_dict() == by_array.state_dict()
    statistics = nn.diagnostics.activation_statistics
    assert statistics(by_frame, frame) == statistics(by_array, X)


def test_pandas_frames_are_trained_on_and_predicted():
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame(X, columns=["a", "b"], index=range(7, 28))
    by_frame, by_array = network(), network()
    nn.fit(by_frame, frame, pandas.Series(NUMBERS), epochs=2, progress=False)
    nn.fit(by_array, X, NUMBERS, epochs=2, progress=False)
    assert predict(by_frame, frame, "huber") == predict(by_array, X, "huber")
    with pytest.raises(ValueError, match=r"column 'b' .* holds 'x' of type str in row 0"):
        predict(by_frame, frame.assign(b="x"), "huber")


def test_a_decision_boundary_is_the_same_by_calls(monkeypatch):
    data, model = moons(20), MLP(2, [4, 2], seed=0)

    def regions():
        axes = nn.plots.decision_boundary(model, data, "cross_entropy", points=30)
        return [path.vertices.tolist() for path in axes.collections[0].get_paths()]

    replayed = regions()
    monkeypatch.setattr(prediction, "WORTH_RECORDING", 10**9)
    assert regions() == replayed


@pytest.mark.parametrize(
    ("loss", "targets", "outputs"),
    [("squared_error", X, 2), ("hinge", SIGNS, 1), ("cross_entropy", CLASSES, 3)],
)
def test_a_validation_is_replayed_from_the_second_time_on(loss, targets, outputs):
    model = network(outputs)
    inputs, aims = np.tile(X, (30, 1)).tolist(), np.concatenate([targets] * 30).tolist()
    validation = Validation(model, nn.OBJECTIVES[loss], (inputs, aims), replay=True)
    called = Validation(model, nn.OBJECTIVES[loss], (inputs, aims), replay=False)
    for _ in range(3):
        value, read = validation()
        expected, expected_read = called()
        assert value == pytest.approx(expected, rel=1e-13)
        assert read == expected_read
        for parameter in model.parameters():
            parameter.data *= 0.9


def test_a_model_that_others_changed_is_tried_before_it_is_replayed():
    class Scaled(Module):
        def __init__(self):
            self.inner, self.scale = network(), 1.0

        def __call__(self, x):
            return self.inner(x) * self.scale

    model = Scaled()
    held = (np.tile(X, (30, 1)).tolist(), np.tile(NUMBERS, 30).tolist())
    validation = Validation(model, nn.OBJECTIVES["huber"], held, replay=True)
    validation()
    model.scale = 2.0
    called = Validation(model, nn.OBJECTIVES["huber"], held, replay=False)
    assert validation(changed_by_others=True) == called()


PROBABILITIES = {
    "cross_entropy": (
        lambda: MLP(2, [4, 3], activation="tanh", seed=0),
        lambda outputs: softmax(outputs),
    ),
    "negative_log_likelihood": (
        lambda: MLP(2, [4, 3], output_activation="log_softmax", seed=0),
        lambda outputs: [output.exp() for output in outputs],
    ),
    "binary_cross_entropy": (
        lambda: MLP(2, [4, 1], output_activation="sigmoid", seed=0),
        lambda output: [1 - output, output],
    ),
    "binary_cross_entropy_with_logits": (
        lambda: MLP(2, [4, 1], seed=0),
        lambda output: [(-output).sigmoid(), output.sigmoid()],
    ),
}  # fmt: skip


@pytest.mark.parametrize("count", [7, 600])
@pytest.mark.parametrize("loss", PROBABILITIES)
def test_probabilities_are_those_that_the_loss_takes_outputs_for(loss, count):
    build, expected = PROBABILITIES[loss]
    model, samples = build(), moons(count, seed=1).inputs * 3
    found = predict_probabilities(model, samples, loss)
    assert found.shape[0] == count
    for row, sample in zip(found[:7], samples[:7], strict=True):
        assert row == pytest.approx([float(p) for p in expected(model(sample))], rel=1e-12)
    assert found.sum(axis=1) == pytest.approx(np.ones(count))
    assert found.argmax(axis=1).tolist() == predict(model, samples, loss)


def test_probabilities_of_logits_neither_overflow_nor_vanish():
    model = Layer.of([[1.0], [-1.0]])
    assert predict_probabilities(model, [[400.0]], "cross_entropy").tolist() == [[1.0, 0.0]]
    two = predict_probabilities(
        Layer.of([[1.0]]), [[-700.0], [800.0]], "binary_cross_entropy_with_logits"
    )
    assert two.tolist() == [[1.0, pytest.approx(math.exp(-700.0), rel=1e-9)], [0.0, 1.0]]


def test_what_stands_for_no_probabilities_is_refused():
    model = Layer.of([[1.0], [2.0]])
    with pytest.raises(ValueError, match="trained on hinge stand for no probabilities"):
        predict_probabilities(model, [[1.0]], "hinge")
    with pytest.raises(ValueError, match="the model gives 2 labels"):
        predict_probabilities(model, [[1.0]], "binary_cross_entropy_with_logits")
