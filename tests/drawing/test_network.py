"""A model as circles: a circle an input and a neuron, an edge a weight, in their order."""

import re

import pytest

from autograd_core import Value, draw
from nn import MLP, Dropout, Layer, Neuron, Sequential
from tests.drawing.svg_reading import SVG, elements, read, texts


def edges_of(drawing):
    found = {}
    for line in drawing.body:
        match = re.match(r"\t+(n\d+_\d+) -> (n\d+_\d+) \[(.*)\]", str(line))
        if match and "invis" not in match[3]:
            found[match[1], match[2]] = match[3]
    return found


def test_every_weight_is_an_edge_as_wide_as_it_is_large():
    model = Layer.of([[2.0, -1.0], [0.5, 0.0]], [1.0, 0.0])
    drawing = draw(model, fold="neurons")
    edges = edges_of(drawing)
    assert set(edges) == {(f"n0_{i}", f"n1_{j}") for i in range(2) for j in range(2)}
    widths = {pair: re.search(r"penwidth=([\d.]+)", text) for pair, text in edges.items()}
    assert float(widths["n0_0", "n1_0"][1]) > float(widths["n0_1", "n1_0"][1])
    assert widths["n0_1", "n1_1"] is None  # a weight of 0
    assert "#B35806" in edges["n0_0", "n1_0"]
    assert "#2166AC" in edges["n0_1", "n1_0"]
    dashed = {pair for pair, text in edges.items() if "style=dashed" in text}
    assert dashed == {("n0_1", "n1_0")}  # seen without color too
    assert "w¹₂₁ = 0.5" in edges["n0_0", "n1_1"]


@pytest.mark.parametrize("rankdir", ["LR", "TB"])
@pytest.mark.parametrize(("inputs", "sizes"), [(2, [3, 2, 1]), (4, [5, 2]), (1, [12])])
def test_inputs_and_neurons_stand_in_their_order_with_their_indices(inputs, sizes, rankdir):
    model = MLP(inputs, sizes, seed=0)
    picture = read(draw(model, fold="neurons", rankdir=rankdir))
    circles = elements(picture, "node")
    assert len(circles) == inputs + sum(sizes)
    assert len(elements(picture, "cluster")) == len(sizes) + 1
    across = "cy" if rankdir == "LR" else "cx"
    for place, size in enumerate([inputs, *sizes]):
        row = [circles[f"n{place}_{unit}"] for unit in range(size)]
        at = [float(next(e for e in circle.iter() if e.get("cx")).get(across)) for circle in row]
        assert at == sorted(at)
        letter = "x₁" if place == 0 else f"a{'¹²³'[place - 1]}₁"
        assert texts(row[0]) == [letter]


def test_weights_are_named_where_they_are_few():
    assert "headlabel" in draw(MLP(2, [2, 2, 1], seed=0), fold="neurons").source
    assert "headlabel" not in draw(MLP(2, [4, 4, 1], seed=0), fold="neurons").source


def test_names_of_weights_have_room_under_the_title_of_a_layer():
    def room(picture):
        """From a title down to the middle of the topmost circle, in the last layer."""
        title = next(elements(picture, "cluster")["cluster_2"].iter(f"{SVG}text"))
        circle = next(elements(picture, "node")["n2_0"].iter(f"{SVG}ellipse"))
        return float(circle.get("cy")) - float(title.get("y"))

    few = read(draw(MLP(2, [3, 1], seed=0), fold="neurons"))
    many = read(draw(MLP(4, [5, 1], seed=0), fold="neurons"))
    assert room(few) > room(many) + 10


@pytest.mark.parametrize("bias", [True, False])
def test_biases_are_explained_and_titles_whole_with_and_without_them(bias):
    source = draw(MLP(2, [2, 1], activation="sigmoid", bias=bias, seed=0), fold="neurons").source
    assert ("circles: biases" in source) == bias
    assert (
        "Layer(2 -&gt; 2, sigmoid)" if bias else "Layer(2 -&gt; 2, sigmoid,\\nno biases)"
    ) in source


def test_layers_among_others_are_drawn():
    model = Sequential(Layer(2, 3, activation="tanh", seed=0), Dropout(), Layer(3, 1, seed=0))
    source = draw(model, fold="neurons", style="classic").source
    assert "Layer(2 -&gt; 3, tanh)" in source
    assert len(edges_of(draw(Sequential(Layer(3, 2, seed=0)), fold="neurons"))) == 6


def test_what_has_no_neurons_in_a_row_is_refused():
    class Line:
        def named_parameters(self):
            return [("slope", Value(3.0))]

    with pytest.raises(ValueError, match="slope is not the weight or the bias"):
        draw(Line(), fold="neurons")
    with pytest.raises(ValueError, match="one of 2 neurons stands before one that takes 3"):
        draw(Sequential(Layer(1, 2, seed=0), Layer(3, 1, seed=0)), fold="neurons")
    with pytest.raises(ValueError, match=r"more than limit=10; draw\(model\) shows"):
        draw(MLP(8, [8], seed=0), fold="neurons", limit=10)
    with pytest.raises(ValueError, match="fold='layers' or fold='neurons'"):
        draw(MLP(8, [8], seed=0), fold="sums")
    with pytest.raises(ValueError, match="is not the weight"):
        draw(Neuron(2, seed=0), fold="neurons")
