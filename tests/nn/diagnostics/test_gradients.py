"""Diagnostics: vanishing and exploding gradients, saturated units, dead ReLUs."""

import math
from itertools import pairwise

import pytest

from nn import MLP, Dropout, Layer, Module, Sequential, fit, optim
from nn.diagnostics import Watch, activation_statistics, gradient_norms


def deep(weight, depth=6):
    return Sequential(*(Layer.of([[weight]], activation="sigmoid") for _ in range(depth)))


def test_gradient_norms_are_those_of_each_layers_parameters():
    model = MLP(2, [3, 1], activation="tanh", seed=0)
    model([1.0, 2.0]).backward()
    norms = gradient_norms(model)
    for place, layer in enumerate(model.layers):
        own = math.sqrt(sum(p.grad**2 for p in layer.parameters()))
        assert norms[f"layers.{place}"] == pytest.approx(own)


def test_gradients_that_vanish_shrink_toward_the_first_layer():
    model = deep(1.0)
    model([0.5]).backward()
    norms = list(gradient_norms(model).values())
    assert all(before < 0.3 * after for before, after in pairwise(norms))


def test_modules_without_parameters_have_no_norm():
    model = Sequential(Layer.of([[1.0]]), "tanh", Dropout(0.0), Layer.of([[1.0]]))
    model([0.5]).backward()
    assert list(gradient_norms(model)) == ["layers.0", "layers.3"]


def test_a_relu_that_never_fires_is_dead():
    layer = Layer.of([[1.0], [1.0], [-1.0], [1.0]], [0.0, -9.0, 0.0, 9.0], activation="relu")
    seen = activation_statistics(layer, [[1.0], [-1.0]])["layer"]
    assert seen.dead == 0.25
    assert seen.zero == seen.flat == 0.5
    assert seen.mean == (1 + 0 + 0 + 10 + 0 + 0 + 1 + 8) / 8


def test_a_sigmoid_far_out_is_flat():
    layer = Layer.of([[100.0], [0.01]], activation="sigmoid")
    seen = activation_statistics(layer, [[1.0], [-1.0]])["layer"]
    assert (seen.flat, seen.dead, seen.zero) == (0.5, 0.5, 0.0)


def test_activations_by_themselves_and_dropout_are_seen_too():
    model = Sequential(Layer.of([[1.0], [-1.0]]), "relu", Dropout(0.5))
    seen = activation_statistics(model, [[1.0], [2.0]])
    assert seen["layers.0"].flat == 0.0
    assert seen["layers.1"].dead == 0.5
    assert seen["layers.2"].mean == seen["layers.1"].mean


def test_models_in_models_are_gone_into():
    model = Sequential(MLP(2, [3, 2], activation="tanh", seed=0), Dropout(0.5), Layer(2, 1, seed=0))
    seen = activation_statistics(model, [[1.0, 2.0]])
    assert list(seen) == ["layers.0.layers.0", "layers.0.layers.1", "layers.1", "layers.2"]


def test_looking_leaves_gradients_and_modes_alone():
    model = MLP(2, [3, 1], seed=0)
    model([1.0, 2.0]).backward()
    before = [p.grad for p in model.parameters()]
    activation_statistics(model, [[1.0, 2.0]])
    assert [p.grad for p in model.parameters()] == before
    assert model.training


def test_watching_a_training(tmp_path):
    model = deep(2.0, depth=3)
    watch = Watch([[0.5], [1.0]], every=2)
    fit(
        model,
        [[0.5]] * 5,
        [0.0] * 5,
        optimizer=optim.SGD(model.parameters(), 0.1),
        batch_size=1,
        epochs=1,
        callbacks=[watch],
        progress=False,
    )
    assert watch.steps == [2, 4]
    assert set(watch.gradient_norms) == set(watch.activations) == {f"layers.{i}" for i in range(3)}
    axes = watch.plot()
    assert [line.get_label() for line in axes.lines] == list(watch.gradient_norms)
    axes.figure.savefig(tmp_path / "norms.png")


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: activation_statistics(MLP(1, [1], seed=0), []), ValueError, "no samples"),
        (lambda: gradient_norms(Module()), TypeError, "got Module"),
        (lambda: Watch(every=0), ValueError, "at least 1, got 0"),
        (lambda: Watch().plot(), ValueError, "no step was watched"),
    ],
)
def test_misuse_says_what_was_received(call, error, message):
    with pytest.raises(error, match=message):
        call()
