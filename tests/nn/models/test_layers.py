"""Neurons, layers and MLPs: what they compute, what they refuse, and that micrograd's code runs."""

import copy
import random
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.datasets import make_moons

from autograd_core import Value, gradients
from nn import MLP, Layer, Module, Neuron
from nn.models.activations import activation


def micrograd_weights(nin, nouts):
    """What micrograd's MLP draws: layer by layer, neuron by neuron, uniform in [-1, 1], bias 0."""
    sizes = [nin, *nouts]
    drawn = []
    for before, after in pairwise(sizes):
        for _ in range(after):
            drawn += [random.uniform(-1, 1) for _ in range(before)] + [0]
    return drawn


def test_the_module_random_draws_micrograds_weights_in_micrograds_order():
    random.seed(1337)
    expected = micrograd_weights(2, [16, 16, 1])
    random.seed(1337)
    assert [p.data for p in MLP(2, [16, 16, 1]).parameters()] == expected


@pytest.mark.parametrize("build", [lambda s: Neuron(3, seed=s), lambda s: Layer(3, 2, seed=s)])
def test_a_seed_fixes_the_weights_and_leaves_the_module_random_alone(build):
    before = random.getstate()
    first, second = build(5), build(5)
    assert random.getstate() == before
    assert first.state_dict() == second.state_dict() != build(6).state_dict()


def test_a_generator_is_drawn_on():
    rng = random.Random(1)
    assert MLP(2, [2], seed=rng).state_dict() != MLP(2, [2], seed=rng).state_dict()


def test_the_training_step_of_micrograds_demo():
    """The notebook's own lines; the numbers are those of a plain-float computation beside it."""
    random.seed(1)
    model = MLP(2, [4, 1])
    samples, labels = [[0.5, -1.0], [1.5, 2.0], [-0.3, 0.2]], [1, -1, 1]

    scores = list(map(model, [list(map(Value, row)) for row in samples]))
    losses = [(1 + -yi * scorei).relu() for yi, scorei in zip(labels, scores, strict=True)]
    data_loss = sum(losses) * (1.0 / len(losses))
    total_loss = data_loss + 1e-4 * sum(p * p for p in model.parameters())
    model.zero_grad()
    total_loss.backward()

    hidden, output = (
        np.array([[*[w.data for w in n.w], n.b.data] for n in layer.neurons])
        for layer in model.layers
    )
    x = np.array(samples)
    z = x @ hidden[:, :2].T + hidden[:, 2]
    score = np.maximum(z, 0) @ output[0, :4] + output[0, 4]
    margin = 1 - np.array(labels) * score
    loss = np.maximum(margin, 0).mean() + 1e-4 * ((hidden**2).sum() + (output**2).sum())
    delta = -np.array(labels) * (margin > 0) / 3
    d_output = np.append(np.maximum(z, 0).T @ delta, delta.sum()) + 2e-4 * output[0]
    d_z = np.outer(delta, output[0, :4]) * (z > 0)
    d_hidden = np.column_stack([d_z.T @ x, d_z.sum(axis=0)]) + 2e-4 * hidden
    assert total_loss.data == pytest.approx(loss, rel=1e-14)
    expected = [*d_hidden.ravel(), *d_output]
    assert [p.grad for p in model.parameters()] == pytest.approx(expected, rel=1e-12, abs=1e-15)


def test_a_module_written_for_micrograd_overrides_parameters_only():
    class Line(Module):
        def __init__(self):
            self.w = Value(2.0)

        def parameters(self):
            return [self.w]

    line = Line()
    (line.w * 3).backward()
    line.zero_grad()
    assert line.w.grad == 0.0


def test_a_matrix_times_a_vector_plus_a_bias_and_its_gradients():
    """W x + b = (-1, 24); of the sum of both outputs, dW is x in each row, dx the column sums."""
    layer = Layer.of([[1, 2, -1, -2], [3, 4, -3, 4]], biases=[5, 6])
    x = [Value(float(i)) for i in (1, 2, 3, 4)]
    first, second = layer(x)
    assert (first.data, second.data) == (-1.0, 24.0)
    (first + second).backward()
    for neuron in layer.neurons:
        assert [w.grad for w in neuron.weights] == [1.0, 2.0, 3.0, 4.0]
        assert neuron.bias.grad == 1.0
    assert [xi.grad for xi in x] == [4.0, 6.0, -4.0, 2.0]


class Doubled(Neuron):
    def fire(self, inputs):
        return super().fire(inputs) * 2.0


def a_neuron_of_another_class(layer):
    layer.neurons[1].__class__ = Doubled


def a_neuron_with_a_way_of_its_own(layer):
    layer.neurons[1].fire = lambda inputs: Neuron.fire(layer.neurons[1], inputs) - 1.0


def a_neuron_with_another_activation(layer):
    layer.neurons[1].activation = activation("sin")


def a_neuron_without_bias(layer):
    layer.neurons[1].bias = None


def weights_in_a_tuple(layer):
    layer.neurons[1].weights = tuple(layer.neurons[1].weights)


def nothing(layer):
    """All neurons alike: they fire together."""


@pytest.mark.parametrize(
    "change",
    [
        nothing,
        a_neuron_of_another_class,
        a_neuron_with_a_way_of_its_own,
        a_neuron_with_another_activation,
        a_neuron_without_bias,
        weights_in_a_tuple,
    ],
)
def test_a_layer_fires_as_its_neurons_do_one_by_one(change):
    layer = Layer(2, 3, activation="tanh", seed=1)
    change(layer)
    inputs = [Value(0.5), Value(-1.0)]
    together, alone = layer(inputs), [neuron.fire(inputs) for neuron in layer.neurons]
    assert [z.data for z in together] == [z.data for z in alone]
    for one, other in zip(together, alone, strict=True):
        x = [gradients(one, inputs), gradients(other, inputs)]
        assert x[0] == x[1]


@pytest.mark.parametrize("sizes", [[1, 1, 1], [3, 1, 3], [1, 4, 1], [1]])
def test_layers_of_one_neuron_stand_anywhere(sizes):
    out = MLP(2, sizes, seed=0)([0.3, 0.4])
    assert (len(out) if isinstance(out, list) else 1) == sizes[-1]


X = [0.25, -1.5]
SAMPLES = {
    "list": X,
    "tuple": tuple(X),
    "generator": (x for x in X),
    "Values": [Value(x) for x in X],
    "array": np.array(X),
    "object array": np.array([Value(x) for x in X], dtype=object),
    "NumPy scalars": list(np.array(X)),
    "number and Value": [X[0], Value(X[1])],
}


@pytest.mark.parametrize("kind", SAMPLES)
def test_a_sample_may_be_any_sequence_of_numbers_and_values(kind):
    model = MLP(2, [3, 1], seed=4)
    assert model(SAMPLES[kind]).data == model(X).data


def test_one_number_is_a_sample_for_one_input():
    model = MLP(1, [2, 1], seed=4)
    assert model(0.5).data == model([0.5]).data == model(Value(0.5)).data


def test_inputs_that_are_values_get_gradients():
    x = Value(2.0)
    Layer.of([[3.0]])([x]).backward()
    assert x.grad == 3.0


@settings(max_examples=30)
@given(st.lists(st.integers(1, 5), min_size=1, max_size=4), st.integers(1, 4), st.integers(0, 99))
def test_the_number_of_parameters_is_that_of_the_weights_and_biases(sizes, nin, seed):
    model = MLP(nin, sizes, seed=seed)
    both = zip([nin, *sizes], sizes, strict=False)
    assert len(model.parameters()) == sum(before * after + after for before, after in both)


def test_names_say_layer_neuron_and_weight():
    model = MLP(2, [4, 1], seed=0)
    assert model.layers[0].neurons[3].weights[1].name == "layers.0.neurons.3.weights.1"
    assert model.layers[1].neurons[0].bias.name == "layers.1.neurons.0.bias"


def test_the_activation_decides_how_weights_are_drawn_once_it_is_named():
    bare, named = MLP(50, [50], seed=0), MLP(50, [50], activation="tanh", seed=0)
    assert max(abs(p.data) for p in bare.parameters()) > 0.9
    assert max(abs(p.data) for p in named.layers[0].parameters()) < 0.6
    micrograd_way = MLP(50, [50], activation="tanh", initializer="uniform", seed=0)
    assert micrograd_way.state_dict() == bare.state_dict()


def test_the_output_activation_takes_the_whole_layer_where_it_must():
    probabilities = MLP(2, [4, 3], output_activation="softmax", seed=0)([1.0, 2.0])
    assert sum(p.data for p in probabilities) == pytest.approx(1.0, abs=1e-15)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: Neuron(0), ValueError, "nin must be at least 1, got 0"),
        (lambda: Layer(2, -1), ValueError, "nout must be at least 1, got -1"),
        (lambda: Neuron("2"), TypeError, "nin must be an int, got '2' of type str"),
        (lambda: Neuron(2.5), TypeError, "nin must be an int, got 2.5 of type float"),
        (lambda: MLP(2, []), ValueError, "at least one layer"),
        (lambda: MLP(2, [1], seed="x"), TypeError, "seed must be an int.* got 'x' of type str"),
        (lambda: Neuron(2, activation="rleu"), ValueError, "unknown activation 'rleu'; there are"),
        (lambda: Neuron(2, activation=3), TypeError, "a name or a function, got 3 of type int"),
        (lambda: Neuron(2, initializer="hee"), ValueError, "unknown initializer 'hee'; there are"),
        (lambda: Neuron(2, activation="softmax"), ValueError, "give it to a Layer"),
        (lambda: Neuron(2, False, activation="tanh"), ValueError, "contradict each other"),
        (lambda: Layer.of([[1.0], [1.0, 2.0]]), ValueError, r"rows of \[1, 2\] weights"),
        (lambda: Layer.of([[1.0]], [1.0, 2.0]), ValueError, "2 biases"),
        (lambda: Layer.of([]), ValueError, "rows of one length"),
        (lambda: Neuron(2, seed=0)([1.0]), ValueError, "takes 2 inputs, got 1;"),
        (lambda: MLP(2, [3], seed=0)([1, 2, 3]), ValueError, r"Layer\(2 -> 3.*got 3;"),
        (lambda: MLP(2, [3], seed=0)([]), ValueError, "takes 2 inputs, got 0"),
        (lambda: MLP(2, [3], seed=0)(np.ones((5, 2))), ValueError, r"\[model\(x\) for x in"),
        (lambda: MLP(2, [3], seed=0)(np.ones((2, 2))), TypeError, "got .* of type list"),
        (
            lambda: MLP(2, [3], seed=0)([[1, 2], [3, 4]]),
            TypeError,
            r"got \[1, 2\].*one sample at a",
        ),
        (
            lambda: MLP(1, [3], seed=0)([[1.0]]),
            TypeError,
            r"takes 1 number or .*one sample at a time",
        ),
        (lambda: MLP(1, [3], seed=0)([(1.0,), (2.0,)]), ValueError, "got 2 tuples: it takes one"),
        (lambda: Neuron(2)([np.ones(1), np.ones(1)]), TypeError, "of type ndarray: it takes one"),
        (lambda: MLP(2, [3], seed=0)("ab"), TypeError, "got 'ab' of type str"),
        (lambda: MLP(2, [3], seed=0)(["a", "b"]), TypeError, "got 'a' of type str"),
        (lambda: MLP(2, [3], seed=0)(None), TypeError, "got None of type NoneType"),
        (lambda: Module()(1.0), NotImplementedError, "Module defines no __call__"),
    ],
)
def test_misuse_says_what_was_received_and_what_was_expected(call, error, message):
    with pytest.raises(error, match=message):
        call()


def test_an_initializer_of_ones_own_is_held_to_the_shape():
    assert Layer(2, 1, initializer=lambda nin, nout, rng: [[1.0, 2.0]]).neurons[0].w[1].data == 2.0
    with pytest.raises(ValueError, match=r"1 rows of 2 weights, got 1 rows of \[1\]"):
        Layer(2, 1, initializer=lambda nin, nout, rng: [[1.0]])


def test_the_first_loss_of_micrograds_notebook_is_the_one_printed_there():
    """demo.ipynb of micrograd: 'step 0 loss 0.8958441028683222, accuracy 50.0%'."""
    inputs, labels = make_moons(n_samples=100, noise=0.1, random_state=np.random.RandomState(1337))
    random.seed(1337)
    model = MLP(2, [16, 16, 1])
    scores = [model(list(map(Value, row))) for row in inputs]
    losses = [(1 + -yi * scorei).relu() for yi, scorei in zip(labels * 2 - 1, scores, strict=True)]
    penalty = 1e-4 * sum(p * p for p in model.parameters())
    assert (sum(losses) * (1.0 / len(losses)) + penalty).data == 0.8958441028683222
    right = [(yi > 0) == (score.data > 0) for yi, score in zip(labels, scores, strict=True)]
    assert sum(right) == 50


@pytest.mark.parametrize("activation", ["tanh", "relu", "linear", "softmax"])
def test_without_biases_a_layer_is_its_matrix(activation):
    """The same weights with biases of 0 give the same numbers and gradients."""
    without = MLP(3, [4, 2], activation="tanh", output_activation=activation, bias=False, seed=0)
    with_zeros = MLP(3, [4, 2], activation="tanh", output_activation=activation, seed=0)
    assert all(neuron.bias is None for layer in without.layers for neuron in layer.neurons)
    assert len(without.parameters()) == 3 * 4 + 4 * 2
    assert without.parameters() == [p for _, p in without.named_parameters()]
    assert not [name for name in without.state_dict() if "bias" in name]
    weights = [p for name, p in with_zeros.named_parameters() if "bias" not in name]
    for model in (without, with_zeros):
        outputs = model([0.5, -1.0, 2.0])
        (outputs[0] * 2.0 + outputs[1]).backward()
    assert [p.data for p in without.parameters()] == [p.data for p in weights]
    assert [p.grad for p in without.parameters()] == [p.grad for p in weights]


def test_layers_without_biases_are_shown_copied_and_saved_as_such(tmp_path):
    model = MLP(2, [3, 1], bias=False, seed=0)
    assert "layers.0: Layer(2 -> 3, relu, no biases, 6 parameters)" in repr(model)
    assert repr(Layer(1, 1)) == "Layer(1 -> 1, relu, 2 parameters)"
    other = MLP(2, [3, 1], bias=False, seed=1)
    model.save(tmp_path / "model.json")
    other.load(tmp_path / "model.json")
    assert other.state_dict() == copy.deepcopy(model).state_dict() == model.state_dict()
    with pytest.raises(ValueError, match=r"lacks layers\.0\.neurons\.0\.bias"):
        MLP(2, [3, 1]).load(tmp_path / "model.json")


def test_a_layer_of_given_weights_may_have_no_biases():
    assert Layer.of([[1.0, 2.0]], bias=False)([3.0, 4.0]).data == 11.0
    with pytest.raises(ValueError, match=r"bias=False and biases=\[1\.0\] contradict each other"):
        Layer.of([[1.0, 2.0]], [1.0], bias=False)


@pytest.mark.parametrize("build", [lambda b: Neuron(1, bias=b), lambda b: MLP(1, [1], bias=b)])
@pytest.mark.parametrize("given", [0.5, 0, None, "no", Value(0.0)])
def test_a_bias_is_asked_for_by_true_or_false(build, given):
    with pytest.raises(TypeError, match="bias must be True or False, got"):
        build(given)
