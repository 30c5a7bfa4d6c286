"""Backpropagation as the textbooks write it, against what the engine's graph holds."""

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nn import MLP, Dropout, Layer, Sequential, backpropagation_table, losses

SLOPES = {
    "sigmoid": lambda z: np.exp(-np.abs(z)) / (1 + np.exp(-np.abs(z))) ** 2,
    "tanh": lambda z: 1 / np.cosh(z) ** 2,
    "relu": lambda z: (z > 0) * 1.0,
    "linear": lambda z: np.ones_like(z),
}


def half_squared_error(outputs, targets):
    return losses.squared_error(outputs, targets, "half_sum")


@settings(max_examples=60, deadline=None)
@given(
    sizes=st.lists(st.integers(1, 5), min_size=1, max_size=4),
    nin=st.integers(1, 4),
    hidden=st.sampled_from(sorted(SLOPES)),
    output=st.sampled_from(sorted(SLOPES)),
    seed=st.integers(0, 10_000),
)
def test_deltas_and_gradients_are_those_of_the_matrix_form(sizes, nin, hidden, output, seed):
    """δᴸ = (a - t) ∘ φ'(z), δˡ = (Wˡ⁺¹)ᵀ δˡ⁺¹ ∘ φ'(zˡ), ∂C/∂W = δ aᵀ, ∂C/∂b = δ."""
    rng = np.random.default_rng(seed)
    model = MLP(nin, sizes, activation=hidden, output_activation=output, seed=seed)
    for parameter in model.parameters():
        parameter.data = rng.normal()
    x, t = rng.normal(size=nin), rng.normal(size=sizes[-1])
    target = t.tolist() if len(t) > 1 else t.item()
    table = backpropagation_table(model, x, target, half_squared_error)

    weights = [np.array([[w.data for w in n.w] for n in layer.neurons]) for layer in model.layers]
    rows = table.layers
    signals = [x, *(row.a for row in rows)]
    terms = np.abs(rows[-1].a) + np.abs(t)
    delta = (rows[-1].a - t) * SLOPES[output](rows[-1].z)
    for place in reversed(range(len(rows))):
        row = rows[place]
        close = {"rtol": 1e-12, "atol": 1e-14 * (1 + terms.max())}
        np.testing.assert_allclose(row.delta, delta, **close)
        np.testing.assert_allclose(
            row.weight_gradient, np.outer(row.delta, signals[place]), rtol=4e-16
        )
        np.testing.assert_array_equal(row.bias_gradient, row.delta)
        if place:
            size = np.abs(weights[place]).T @ np.abs(row.delta)
            terms = np.append(terms, size)
            back = weights[place].T @ row.delta
            np.testing.assert_allclose(rows[place - 1].output_gradient, back, **close)
            delta = back * SLOPES[hidden](rows[place - 1].z)


@given(st.floats(-5, 5), st.floats(0, 1))
def test_the_output_delta_of_a_sigmoid_unit(z, t):
    """(y - t) y (1 - y) for E = ½ (y - t)²."""
    unit = Layer.of([[1.0]], activation="sigmoid")
    (row,) = backpropagation_table(unit, [z], t, half_squared_error).layers
    y = 1 / (1 + math.exp(-z))
    assert row.delta[0] == pytest.approx((y - t) * y * (1 - y), rel=1e-12, abs=1e-16)


def test_the_delta_of_softmax_with_cross_entropy_is_the_error():
    model = Layer.of([[1.0], [2.0], [-1.0]])
    (row,) = backpropagation_table(model, [0.7], 1, "cross_entropy").layers
    shares = np.exp(row.z) / np.exp(row.z).sum()
    np.testing.assert_allclose(row.delta, shares - [0, 1, 0], rtol=1e-14)


def sigmoid_chain(weight, depth=4):
    """One sigmoid unit after another: the gradient of C = a₄ with respect to each bias."""
    chain = Sequential(*(Layer.of([[weight]], activation="sigmoid") for _ in range(depth)))
    return backpropagation_table(chain, [0.5], 0.0, lambda a, t: a * 1.0).layers


def test_the_first_bias_of_a_chain_gets_the_product_of_slopes_and_weights():
    """∂C/∂b₁ = σ'(z₁) w₂ σ'(z₂) w₃ σ'(z₃) w₄ σ'(z₄), at most 0.25⁴: it vanishes."""
    rows = sigmoid_chain(1.0)
    product = math.prod(SLOPES["sigmoid"](row.z)[0] for row in rows)
    assert rows[0].bias_gradient[0] == pytest.approx(product, rel=1e-15)
    assert rows[0].bias_gradient[0] <= 0.25**4
    gradients = [row.bias_gradient[0] for row in rows]
    assert gradients == sorted(gradients)


def test_with_large_weights_the_same_chain_explodes():
    layers = [Layer.of([[100.0]], [-50.0], activation="sigmoid") for _ in range(4)]
    table = backpropagation_table(Sequential(*layers), [0.5], 0.0, lambda a, t: a * 1.0)
    gradients = [row.bias_gradient[0] for row in table.layers]
    assert gradients == pytest.approx([0.25 * 25.0**k for k in (3, 2, 1, 0)])


def test_the_parameters_keep_the_gradients_they_had():
    model = MLP(2, [3, 1], activation="tanh", seed=0)
    for parameter in model.parameters():
        parameter.grad = 7.0
    table = backpropagation_table(model, [1.0, 2.0], 0.0, "squared_error")
    assert all(parameter.grad == 7.0 for parameter in model.parameters())
    assert abs(table.layers[0].bias_gradient).max() < 7


def test_the_cost_and_the_signals_are_the_models():
    model = MLP(2, [3, 2], activation="tanh", output_activation="softmax", seed=0)
    table = backpropagation_table(model, [1.0, 2.0], [1.0, 0.0], "squared_error")
    outputs = model([1.0, 2.0])
    assert table.layers[-1].a.tolist() == [a.data for a in outputs]
    assert table.cost == losses.squared_error(outputs, [1.0, 0.0]).data


def test_as_text_it_is_a_table():
    model = MLP(2, [2, 1], initializer="zeros", seed=0)
    text = str(backpropagation_table(model, [1.0, -2.0], 1.0, "squared_error"))
    lines = text.splitlines()
    assert lines[0].split() == ["layer", "unit", "z", "a", "∂C/∂a", "δ", "=", "∂C/∂z"]
    assert lines[3].split()[:3] == ["layers.0", "relu", "1"]
    assert lines[4].split()[0] == "2"
    assert lines[5].split() == ["layers.1", "linear", "1", "0", "0", "-2", "-2"]
    assert len({len(line) for line in (lines[0], *lines[3:6])}) == 1
    assert lines[-1] == "C = 1"


def test_modules_that_are_no_layers_are_refused():
    with pytest.raises(TypeError, match=r"layers\.1 is a Dropout; give its activation to"):
        backpropagation_table(Sequential(Layer.of([[1.0]]), Dropout()), [1.0], 0.0, "squared_error")
    with pytest.raises(TypeError, match=r"keep them in a list `layers`.*got Neuron"):
        backpropagation_table(Layer.of([[1.0]]).neurons[0], [1.0], 0.0, "squared_error")


def test_the_four_equations_hold_and_are_seen_to_fail():
    model = MLP(3, [4, 3, 2], activation="tanh", output_activation="softmax", seed=1)
    table = backpropagation_table(model, [0.5, -1.0, 2.0], [0.0, 1.0], "squared_error")
    assert list(table.deviations()) == ["BP1", "BP2", "BP3", "BP4"]
    assert max(table.deviations().values()) < 1e-15
    for name, spoiled in [
        ("BP1", table.layers[-1].output_gradient),
        ("BP3", table.layers[0].bias_gradient),
        ("BP4", table.layers[1].weight_gradient),
    ]:
        spoiled.flat[0] += 0.5
        off = {key for key, size in table.deviations().items() if size > 0.1}
        spoiled.flat[0] -= 0.5
        assert off == {name}


def test_v_takes_the_gradient_by_one_layer_s_outputs_to_the_layer_before():
    model = MLP(2, [3, 3, 1], activation="sigmoid", output_activation="tanh", seed=2)
    rows = backpropagation_table(model, [0.5, -1.0], 1.0, "squared_error").layers
    for before, row in pairwise(rows):
        np.testing.assert_allclose(row.v @ row.output_gradient, before.output_gradient, rtol=1e-13)
        slopes = SLOPES["sigmoid" if row is rows[1] else "tanh"](row.z)
        np.testing.assert_allclose(row.v, row.weights.T @ np.diag(slopes), rtol=1e-13)


def test_as_html_and_as_latex_it_has_every_gradient():
    layer = Layer.of([[0.5, -0.5]], activation="sigmoid")
    model = Sequential(layer, Layer.of([[-3e-7]]))
    table = backpropagation_table(model, [1.0, 1.0], 1.0, half_squared_error)
    page = table._repr_html_()
    assert page.count("<tr>") == 1 + 2 + 2 + 1
    assert "<td>1: sigmoid</td><td>1</td><td>0</td><td>0.5</td><td>3e-07</td>" in page
    assert "V² = (W²)ᵀ Diag(φ′(z²)), so that ∂C/∂a¹ = V² ∂C/∂a²:" in page
    assert "<td>-3e-07</td></tr></table>" in page
    assert r"\frac{\partial C}{\partial W^{2}} &= \begin{pmatrix} -0.5 \end{pmatrix}" in table.latex
    assert r"V^{2} = \begin{pmatrix} -3 \cdot 10^{-7} \end{pmatrix}" in table.latex
    assert r"\delta^{1} = \frac{\partial C}{\partial b^{1}} =" in table.latex


def test_layers_without_biases_have_no_gradients_of_them():
    model = MLP(2, [3, 1], activation="tanh", bias=False, seed=0)
    table = backpropagation_table(model, [0.5, -1.0], 1.0, "squared_error")
    assert [row.bias_gradient.size for row in table.layers] == [0, 0]
    assert max(table.deviations().values()) < 1e-15
    assert "partial b" not in table.latex
    assert "∂C/∂b" not in table._repr_html_()
    biased = backpropagation_table(MLP(2, [3, 1], seed=0), [0.5, -1.0], 1.0, "squared_error")
    assert "partial b^{2}" in biased.latex
    assert "∂C/∂b" in biased._repr_html_()
