"""Modules in a row, activations by themselves, dropout."""

import math

import numpy as np
import pytest

from autograd_core import RecordingError, Value, record
from nn import MLP, Dropout, Elementwise, Layer, Sequential, softmax


def test_a_row_of_modules_names_and_functions():
    model = Sequential(
        Layer.of([[1.0], [-1.0]]), "relu", Layer.of([[2.0, 3.0], [0.0, 0.0]]), softmax
    )
    assert [p.data for p in model(0.0)] == [0.5, 0.5]
    assert model.layers[2].neurons[0].weights[1].name == "layers.2.neurons.0.weights.1"


@pytest.mark.parametrize("x", [[-1.0, 2.0], (-1.0, 2.0), np.array([-1.0, 2.0])])
def test_an_elementwise_activation_takes_any_sequence(x):
    assert [y.data for y in Elementwise("relu")(x)] == [0.0, 2.0]


def test_an_elementwise_activation_of_one_number_is_one_value():
    assert Elementwise("relu")(Value(2.0)).data == 2.0
    assert Elementwise("softmax")(Value(2.0)).data == 1.0
    assert Elementwise("linear")(2.0) == 2.0


def test_dropout_drops_the_share_it_says_and_keeps_the_mean():
    x = [Value(1.0) for _ in range(20_000)]
    out = Dropout(0.25, seed=0)(x)
    assert {y.data for y in out} == {0.0, 1 / 0.75}
    assert np.mean([y.data for y in out]) == pytest.approx(1.0, abs=5 * np.sqrt(1 / 3 / 20_000))


def test_no_gradient_flows_to_what_was_dropped():
    x = [Value(1.0) for _ in range(10)]
    out = Dropout(0.5, seed=0)(x)
    for y in out:
        y.backward()
    assert [xi.grad for xi in x] == [y.data for y in out]


def test_an_infinite_output_that_is_dropped_counts_for_nothing():
    x = [Value(math.inf) for _ in range(10)]
    assert {y.data for y in Dropout(0.5, seed=0)(x)} == {0.0, math.inf}


def test_dropout_in_evaluation_is_the_identity():
    x = [Value(1.0)]
    assert Dropout(0.9).eval()(x) is x
    assert Dropout(0.0)(x) is x


def test_dropout_of_equal_seeds_drops_the_same():
    def dropped(seed):
        return [y.data for y in Dropout(0.5, seed=seed)([Value(1.0)] * 50)]

    assert dropped(1) == dropped(1) != dropped(2)


def test_dropout_of_one_output_is_one_output():
    assert Dropout(0.5, seed=0)(Value(1.0)).data in (0.0, 2.0)


def test_what_dropout_draws_is_not_recorded():
    model = Sequential(MLP(2, [8, 8], seed=0), Dropout(0.5, seed=0), Layer(8, 1, seed=0))
    refused = r"Dropout .* repeat them .* record the model after eval\(\)"
    with pytest.raises(RecordingError, match=refused):
        record(model, [0.0, 0.0])
    program = record(model.eval(), [0.0, 0.0])
    assert program([0.3, 0.4]) == model([0.3, 0.4]).data


@pytest.mark.parametrize("probability", [-0.1, 1.0, float("nan")])
def test_an_impossible_probability_is_refused(probability):
    with pytest.raises(ValueError, match=r"probability must be .* at least 0 and below 1, got"):
        Dropout(probability)


def test_what_is_no_step_is_refused():
    with pytest.raises(TypeError, match=r"step 1 of a Sequential .* got 3 of type int"):
        Sequential("relu", 3)
    with pytest.raises(ValueError, match="unknown activation 'rleu'"):
        Sequential("rleu")
