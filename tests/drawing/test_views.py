"""Parts of large graphs, and models drawn by their layers."""

import re
from typing import Any

import pytest

from autograd_core import draw
from autograd_core.drawing.folding.selection import select
from autograd_core.graph.value import Value
from nn import MLP, Layer, Module, Sequential
from tests.drawing.pictures import footer, hidden, labels, mlp


def test_a_chain_without_sums_is_cut_off_where_the_limit_is() -> None:
    value = Value(1.0, name="x")
    for _ in range(500):
        value = value.sin()
    drawing = draw(value)
    assert footer(drawing).startswith("showing 200 of 501 values")
    assert hidden(drawing) == [301]


def test_a_view_around_one_value() -> None:
    x = Value(1.0, name="x")
    chain = [x]
    for _ in range(20):
        chain.append(chain[-1].sin())
    chain[10].name = "middle"
    drawing = draw(chain[-1], focus="middle")
    assert footer(drawing) == "showing 5 of 21 values"
    assert sorted(hidden(drawing)) == [8, 8]
    assert drawing.source == draw(chain[-1], focus=chain[10], depth=2).source
    assert footer(draw(chain[-1], focus="middle", depth=0)) == "showing 1 of 21 values"
    assert footer(draw(chain[-1], depth=3)) == "showing 4 of 21 values"


def test_a_picture_of_more_edges_than_one_can_tell_apart_is_folded_further() -> None:
    model = MLP(2, [40, 40, 1], activation="tanh", seed=1)
    out = model([Value(0.5), Value(1.0)])
    assert draw(out, fold="neurons").nodes < 200
    assert footer(draw(out)).endswith("(layers folded)")


def test_a_view_in_a_folded_picture() -> None:
    model, out = mlp()
    drawing = draw(out, fold="neurons", focus=model.layers[1].neurons[0].b, depth=1)
    assert footer(drawing).startswith("showing ")
    assert drawing.nodes < 11


def test_equal_folded_graphs_have_equal_text() -> None:
    assert draw(mlp()[1], fold=True).source == draw(mlp()[1], fold=True).source


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"fold": "neuron"}, "fold='neuron' is unknown; expected one of sums, neurons, layers"),
        ({"limit": 0}, "limit must be a whole number from 1 up, or None, got 0"),
        ({"depth": -1}, "depth must be a whole number from 0 up, or None, got -1"),
        ({"focus": "nobody"}, "focus='nobody' is not in the graph of the value drawn"),
        ({"focus": Value(1.0)}, "is not in the graph of the value drawn"),
        ({"expand": "layers.7"}, "expand='layers.7' is not in this picture; there is layers.0"),
        ({"expand": "layers.0", "fold": False}, "needs a folded picture"),
    ],
)
def test_impossible_views_are_refused(arguments: dict[str, Any], message: str) -> None:
    _, out = mlp()
    with pytest.raises(ValueError, match=re.escape(message)):
        draw(out, **arguments)


def test_a_name_that_two_values_have_needs_the_value_itself() -> None:
    a, b = Value(1.0, name="a"), Value(2.0, name="a")
    with pytest.raises(ValueError, match="focus='a' names 2 values; pass the Value itself"):
        draw(a * b, focus="a")


def test_nodes_are_selected_nearest_first() -> None:
    inputs = [(), (0,), (0, 1), (2,), (3, 1)]
    selection = select(inputs, range(5), 4, limit=3)
    assert selection.kept == [1, 3, 4]
    assert selection.hidden == {3: 2}
    assert selection.into == [(3, 1), (3, 3)]
    assert selection.out_of == [(1, 3)]


class Two(Module):
    """A model whose parts are in no row."""

    def __init__(self) -> None:
        self.left = Layer(2, 3, seed=0)
        self.right = Sequential(Layer(2, 3, seed=0), "relu")
        self.scale = Value(-2.0)


def test_a_model_is_drawn_with_one_box_a_layer() -> None:
    model, _ = mlp()
    drawing = draw(model)
    assert [label.split(" rms")[0] for label in labels(drawing)] == [
        "layers.0 Layer(2 -&gt; 4, tanh) 12 parameters",
        "layers.1 Layer(4 -&gt; 4, tanh) 20 parameters",
        "layers.2 Layer(4 -&gt; 1, linear) 5 parameters",
    ]
    assert sum("->" in line and "label" not in line for line in drawing.body) == 2
    assert footer(drawing) == "MLP(2-4-4-1), 37 parameters"


def test_parts_of_parts_are_framed_and_only_rows_have_arrows() -> None:
    drawing = draw(Two(), show=[])
    assert labels(drawing) == [
        "left Layer(2 -&gt; 3, relu) 9 parameters",
        "right.layers.0 Layer(2 -&gt; 3, relu) 9 parameters",
        "right.layers.1 Elementwise(relu)",
        "scale 1 parameter",
    ]
    assert [line.strip() for line in drawing.body if " -> " in line] == ["m1 -> m2"]
    assert "right: Sequential" in drawing.source


def test_anything_that_names_its_parameters_is_a_model() -> None:
    class Line:
        def named_parameters(self) -> list[tuple[str, Value]]:
            return [("slope", Value(3.0)), ("offset", Value(4.0))]

    assert labels(draw(Line())) == ["Line 2 parameters rms 3.536 grad rms 0"]
    with pytest.raises(ValueError, match=r"are for the graph of a Value: call the model first"):
        draw(Line(), focus="slope")
