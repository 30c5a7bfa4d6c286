"""A textbook's symbols: which node gets which, for layers, neurons and sums written out."""

import nn
from autograd_core import Value, explain, sigmoid, topological
from autograd_core.notation import LatexNotation, in_layers, textbook_symbols


def symbols_of(root):
    return {symbol: node for node, symbol in textbook_symbols(topological(root)).items()}


def test_a_network_s_parameters_sums_and_outputs_are_named_by_their_place():
    model = nn.MLP(2, [3, 1], activation="tanh", output_activation="sigmoid", seed=0)
    found = symbols_of(model([0.5, -1.0]))
    hidden, output = model.layers
    assert found["w¹₃₂"] is hidden.neurons[2].weights[1]
    assert found["b²₁"] is output.neurons[0].bias
    assert found["w²₁₃"] is output.neurons[0].weights[2]
    sums = [neuron.weighted_sum([0.5, -1.0]).data for neuron in hidden.neurons]
    assert [found[f"z¹{lowered}"].data for lowered in "₁₂₃"] == sums
    assert found["a¹₂"].parents == (found["z¹₂"],)
    assert found["a²₁"].parents == (found["z²₁"],)


def test_layers_are_counted_as_they_stand_and_by_number():
    model = nn.MLP(1, [1] * 11, activation="tanh", seed=0)
    found = symbols_of(model([0.5]))
    for number, layer in enumerate(model.layers, 1):
        raised = str(number).translate(str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹"))
        assert found[f"w{raised}₁₁"] is layer.neurons[0].weights[0]


def test_indices_above_nine_are_kept_apart():
    layer = nn.Layer(12, 11, seed=0)
    found = symbols_of(sum(layer([1.0] * 12)))
    assert found["w¹₁₁,₁₂"] is layer.neurons[10].weights[11]
    assert found["w¹₂₃"] is layer.neurons[1].weights[2]
    assert LatexNotation(str).name("w¹₁₁,₁₂").text == "w^{1}_{11,12}"


def test_a_sum_written_out_is_one_sum_and_what_follows_is_none():
    w = [Value(float(k + 1), name=f"neurons.0.weights.{k}") for k in range(3)]
    b = Value(0.5, name="neurons.0.bias")
    x = [Value(float(k), name=f"x{k}") for k in range(3)]
    z = sum(wk * xk for wk, xk in zip(w, x, strict=True)) + b
    loss = (sigmoid(z) - 1.0) ** 2 + 0.1 * sum(wk * wk for wk in w)
    found = symbols_of(loss)
    assert found["z¹₁"] is z
    assert set(found) == {"w¹₁₁", "w¹₁₂", "w¹₁₃", "b¹₁", "z¹₁", "a¹₁"}


def test_a_linear_output_in_a_loss_stays_the_sum_it_is():
    layer = nn.Layer.of([[2.0, 3.0]])
    z = layer([1.0, 1.0])
    assert symbols_of(z + 7.0)["z¹₁"] is z
    assert symbols_of(z * Value(7.0, name="c"))["z¹₁"] is z


def test_a_name_of_ones_own_stays():
    layer = nn.Layer.of([[2.0]])
    z = layer([1.0]).named("logit")
    assert "z¹₁" not in symbols_of(z.exp())
    assert "∂logit/∂w¹₁₁" in str(explain(z.exp()))


def test_parameters_stand_layer_by_layer():
    model = nn.MLP(1, [2, 1], seed=0)
    x = Value(1.0, name="x")
    shuffled = [*model.parameters()[::-1], x]
    names = [node.name for node in in_layers(shuffled)]
    assert names == ["x", *(name for name, _ in sorted(model.named_parameters(), key=key_of))]


def key_of(named):
    name = named[0].split(".")
    return int(name[1]), int(name[3]), name[4] == "bias", name[-1]


def test_a_derivation_in_symbols_has_the_gradients_by_the_parameters_names():
    model = nn.MLP(1, [1], activation="sigmoid", output_activation="sigmoid", seed=0)
    out = model([2.0])
    derivation = explain(out, wrt="layers.0.neurons.0.weights.0")
    assert list(derivation.gradients) == ["layers.0.neurons.0.weights.0"]
    assert "σ(z¹₁) · (1 - σ(z¹₁))" in str(derivation)
    assert r"w^{1}_{11}" in derivation.latex
    assert "w¹₁₁" not in str(explain(out, symbols=False))
    assert "layers.0.neurons.0.bias" in str(explain(out, symbols=False))


def test_symbols_are_latex_that_needs_no_more_than_letters():
    names = {"w¹₁₂": "w^{1}_{12}", "δ²": r"\delta^{2}", "λ": r"\lambda", "z¹₁#2": r"z^{1}_{1}\#2"}
    assert {name: LatexNotation(str).name(name).text for name in names} == names


def test_of_several_samples_each_sum_has_a_name_of_its_own():
    layer = nn.Layer.of([[2.0]], activation="tanh")
    loss = layer([1.0]) + layer([3.0])
    text = str(explain(loss))
    assert "z¹₁#2 = b¹₁ + w¹₁₁ · 3" in text
    assert "f     = a¹₁ + a¹₁#2" in text
    assert explain(loss).latex.isascii()
