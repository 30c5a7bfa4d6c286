"""One neuron: its node, its weighted sum, its parameters and how it is shown."""

import pytest

from autograd_core import Value
from nn import Neuron


def test_a_neuron_is_one_node_and_its_activation():
    out = Neuron(20, seed=0)([0.1] * 20)
    assert out.op == "relu"
    assert out.parents[0].op == "dot"
    assert Neuron(20, nonlin=False, seed=0)([0.1] * 20).op == "dot"


def test_the_weighted_sum_is_what_comes_before_the_activation():
    neuron = Neuron(2, activation="tanh", seed=0)
    x = [Value(0.5), -1.0]
    assert neuron(x).data == neuron.weighted_sum(x).tanh().data
    by_hand = neuron.w[0].data * 0.5 - neuron.w[1].data + neuron.b.data
    assert neuron.weighted_sum(x).data == pytest.approx(by_hand, rel=1e-15)


def test_a_weight_of_ones_own_is_a_parameter_wherever_it_stands():
    neuron = Neuron(2, seed=0)
    assert neuron.parameters() == [*neuron.weights, neuron.bias]
    neuron.slope = Value(0.1)
    assert neuron.parameters()[-1] is neuron.slope
    neuron.weights = tuple(neuron.weights)
    assert set(map(id, neuron.parameters())) == {
        *map(id, neuron.weights),
        id(neuron.bias),
        id(neuron.slope),
    }


def test_an_activation_of_a_whole_layer_is_refused():
    with pytest.raises(ValueError, match="softmax needs the sums of a whole layer"):
        Neuron(2, activation="softmax")


def test_a_neuron_says_its_inputs_its_activation_and_whether_a_bias_is_missing():
    assert repr(Neuron(2, nonlin=False)) == "Neuron(2, linear, 3 parameters)"
    assert repr(Neuron(2, bias=False)) == "Neuron(2, relu, no bias, 2 parameters)"
