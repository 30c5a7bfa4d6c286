"""Large graphs: what is folded, what is hidden and counted, what one asks to see inside."""

import random
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograd_core import dot, draw
from autograd_core.drawing.folding.flows import inputs_of, slopes_into
from autograd_core.drawing.folding.fold import fold_sums
from autograd_core.drawing.folding.numbering import consumers_of, number_graph
from autograd_core.drawing.folding.parameter_paths import neuron_and_layer
from autograd_core.graph.traversal import topological
from autograd_core.graph.value import Value
from nn import MLP
from tests.drawing.pictures import chained, footer, hidden, labels, mlp
from tests.drawing.svg_reading import SVG, elements, read
from tests.tiers import for_both_tiers


@pytest.mark.parametrize("style", ["dot", "chain"])
def test_sums_of_products_are_folded_however_they_are_written(style: str) -> None:
    model, out = mlp()
    x = [Value(0.5, name="x0"), Value(-0.5, name="x1")]
    root = out if style == "dot" else chained(model, x)
    drawing = draw(root, fold="sums")
    titles = [label.rsplit(" ", 1)[0] for label in labels(drawing)]
    hidden = [f"{raised}{lowered}" for raised in "¹²" for lowered in "₁₂₃₄"]
    assert sorted(titles) == sorted(
        ["x0", "x1"]
        + [f"z{place} = Σwx+b" for place in hidden]
        + [f"a{place} = tanh" for place in hidden]
        + ["out = Σwx+b" if root is out else "z³₁ = Σwx+b"]
    )
    total = len(topological(root))
    assert footer(drawing) == f"19 boxes for {total} values (sums of products folded)"
    for path in ("layers.0", "layers.1", "layers.2"):
        assert f"label={path}" in drawing.source or f'label="{path}"' in drawing.source


@pytest.mark.parametrize("rankdir", ["LR", "RL", "TB", "BT"])
@pytest.mark.parametrize("fold", ["sums", "neurons"])
@pytest.mark.parametrize(("inputs", "sizes"), [(2, [3, 2, 1]), (3, [8, 8, 2]), (4, [16, 16, 3])])
def test_inputs_and_neurons_stand_in_their_order(
    inputs: int, sizes: list[int], fold: str, rankdir: str
) -> None:
    model = MLP(inputs, sizes, activation="tanh", seed=1)
    x = [Value(0.1 * i, name=f"x{i}") for i in range(inputs)]
    layers, layer = [x], x
    for made in model.layers:
        layer = made(layer)
        layer = layer if isinstance(layer, list) else [layer]
        layers.append(layer)
    root = dot(layer, [1.0] * len(layer))
    place = {value: f"v{number}" for number, value in enumerate(number_graph(root).values)}
    picture = read(draw(root, fold=fold, rankdir=rankdir))
    boxes = elements(picture, "node")
    frames = elements(picture, "cluster")
    assert len(frames) == len(sizes)  # every layer keeps its frame
    across = "y" if rankdir in ("LR", "RL") else "x"
    for row in layers:
        sums = [value.parents[0] if value.op == "tanh" else value for value in row]
        for values in (row, sums) if fold == "sums" else (row,):
            texts = [boxes[place[value]].find(f".//{SVG}text") for value in values]
            places = [float(str(text.get(across))) for text in texts if text is not None]
            assert len(places) == len(values)
            assert places == sorted(places)


def test_an_edge_into_a_sum_is_its_weight() -> None:
    model = MLP(2, [3], activation="linear", seed=1)
    for constant in (False, True):
        x = [Value(2.0, name="x0"), Value(-3.0, name="x1")]
        inputs = [v.detach() for v in x] if constant else x
        outputs = model(inputs)
        for neuron, out in zip(model.layers[0].neurons, outputs, strict=True):
            graph = number_graph(out)
            slopes = slopes_into(fold_sums(graph), graph.root)
            found = {graph.values[source]: slope for source, slope in slopes.items()}
            assert found == dict(zip(inputs, [w.data for w in neuron.w], strict=True))


def test_an_edge_into_a_chain_of_sums_is_the_derivative() -> None:
    a, b, c = Value(2.0, name="a"), Value(3.0, name="b"), Value(5.0, name="c")
    out = a * 4.0 + b * c + b + (c + c * 0.5)
    out.backward()
    graph = number_graph(out)
    slopes = slopes_into(fold_sums(graph), graph.root)
    names = {graph.values[source].name: slope for source, slope in slopes.items()}
    assert names == {"a": a.grad, "b": b.grad, "c": c.grad}


names = st.sampled_from([None, "x", "w.0.neurons.1.weights.2", "layers.0.bias", "h"])
steps = st.lists(
    st.tuples(st.sampled_from("+*dts"), st.integers(0, 99), st.integers(0, 99), names),
    max_size=30,
)


def built(recipe: list[tuple[str, int, int, str | None]]) -> Value:
    values = [Value(0.5, name="x"), Value(-1.5), Value(2.0, name="layers.0.neurons.0.weights.1")]
    for kind, i, j, name in recipe:
        x, y = values[i % len(values)], values[j % len(values)]
        made: dict[str, Any] = {
            "+": lambda x=x, y=y: x + y,
            "*": lambda x=x, y=y: x * y,
            "d": lambda x=x, y=y: dot([x, y], [y, x], x),
            "t": lambda x=x: x.tanh(),
            "s": lambda name=name: Value(1.0, name=name),
        }
        values.append(made[kind]())
    return values[-1]


@settings(deadline=None, max_examples=200)
@given(steps, st.sampled_from([None, "sums", "neurons", "layers", False]), st.integers(1, 12))
def test_every_value_is_shown_folded_or_counted_once(
    recipe: list[tuple[str, int, int, str | None]], fold: str | bool | None, limit: int
) -> None:
    root = built(recipe)
    total = len(topological(root))
    drawing = draw(root, fold=fold, limit=limit)
    shown = re.match(r"showing ([\d,]+) of ([\d,]+) value", footer(drawing))
    if shown:
        assert int(shown[2]) == total
        assert int(shown[1]) + sum(hidden(drawing)) == total
    else:
        assert hidden(drawing) == []
    boxes = [line for line in map(str, drawing.body) if re.match(r"\t+v\d+ \[", line)]
    assert 1 <= len(boxes) <= limit


@settings(deadline=None, max_examples=200)
@given(steps, st.booleans())
def test_folding_loses_no_path(
    recipe: list[tuple[str, int, int, str | None]], activations: bool
) -> None:
    """Chain rule over the folded edges gives every box the gradient the engine gives it."""
    root = built(recipe)
    graph = number_graph(root)
    folding = fold_sums(graph, with_activations=activations)
    if root.constant:
        return
    root.zero_grad()
    root.backward()
    inputs = inputs_of(folding, {})
    gradient = dict.fromkeys(folding.boxes(), 0.0)
    gradient[graph.root] = 1.0
    for box in reversed(folding.boxes()):
        slopes = slopes_into(folding, box)
        assert set(slopes) == set(inputs[box])
        for source, slope in slopes.items():
            gradient[source] += gradient[box] * slope
    for box, found in gradient.items():
        assert found == pytest.approx(graph.values[box].grad, rel=1e-9, abs=1e-12)


def test_neurons_and_layers_are_folded_further() -> None:
    _, out = mlp()
    neurons, layers = draw(out, fold="neurons"), draw(out, fold="layers")
    assert footer(neurons) == "11 boxes for 56 values (neurons folded)"
    assert sum("= tanh(Σwx+b)" in label for label in labels(neurons)) == 8
    assert footer(layers) == "5 boxes for 56 values (layers folded)"
    assert labels(layers)[2:4] == [
        "layers.0 tanh(Σwx+b) 12 parameters 20 values",
        "layers.1 tanh(Σwx+b) 20 parameters 28 values",
    ]
    assert labels(layers)[4].startswith("layers.2 Σwx+b 5 parameters 6 values")


def test_samples_of_a_batch_share_the_boxes_of_their_layers() -> None:
    model, _ = mlp((4, 1))
    loss = sum(((model([0.1 * i, 0.2]) - 1.0) ** 2 for i in range(20)), Value(0.0))
    loss = loss + 0.01 * sum((p * p for p in model.parameters()), Value(0.0))
    loss.name = "loss"
    drawing = draw(loss, fold="layers")
    titles = [label.split()[0] for label in labels(drawing)]
    assert sorted(titles) == ["inputs", "layers.0", "layers.1", "loss"]
    parameters = [re.search(r"(\d+) parameters", label) for label in labels(drawing)]
    assert [int(found[1]) for found in parameters if found] == [12, 5]
    values = [re.search(r"(\d+) values", label) for label in labels(drawing)]
    assert sum(int(found[1]) for found in values if found) == len(topological(loss))


@pytest.mark.parametrize(
    ("expand", "inside"),
    [
        ("layers.1", 4),
        (["layers.0", "layers.1"], 8),
        ("layers.1.neurons.2", 4 - 1),  # that one shows its parts
    ],
)
def test_what_one_asks_to_see_is_expanded(expand: str | list[str], inside: int) -> None:
    _, out = mlp()
    drawing = draw(out, fold="layers", expand=expand)
    assert sum("= tanh(Σwx+b)" in label for label in labels(drawing)) == inside
    if expand == "layers.1.neurons.2":
        assert any(label.startswith("layers.1.neurons.2.bias") for label in labels(drawing))


def test_a_value_is_expanded_and_so_is_the_computation_after_the_layers() -> None:
    model, out = mlp()
    weight = model.layers[0].neurons[1].w[0]
    assert any(
        label.startswith("layers.0.neurons.1.weights.0")
        for label in labels(draw(out, expand=weight))
    )
    loss = sum(((model([0.1 * i, 0.2]) - 1.0) ** 2 for i in range(9)), Value(0.0))
    loss.name = "loss"
    closed, opened = draw(loss, fold="layers"), draw(loss, fold="layers", expand="loss")
    assert opened.nodes > closed.nodes + 9


def test_the_way_to_fold_is_chosen_by_size() -> None:
    _, small = mlp((2, 1))
    _, middle = mlp((16, 16, 1))
    assert footer(draw(small)) == ""
    assert footer(draw(middle)).endswith("(sums of products folded)")
    assert footer(draw(middle, limit=40)).endswith("(neurons folded)")
    assert footer(draw(middle, limit=10)).endswith("(layers folded)")
    assert footer(draw(middle, fold=False)).startswith("showing 200 of ")


@for_both_tiers
def test_a_graph_of_hundreds_of_thousands_of_values_is_drawn_small() -> None:
    model = MLP(2, [16, 16, 1], seed=0)
    numbers = random.Random(0)
    loss = Value(0.0)
    for _ in range(60):
        x = [Value(numbers.random()) for _ in range(2)]
        loss = loss + (chained(model, x) - 1.0) ** 2
    deep = loss
    for _ in range(200_000):
        deep = deep * 1.0
    assert draw(loss).nodes <= 10
    assert draw(deep).nodes <= 10
    assert draw(deep, fold=False).nodes <= 200 * 2 + 2


@pytest.mark.parametrize(
    ("names", "found"),
    [
        ((), None),
        (("x.0",), None),
        (("weights.0", "weights.1", "bias"), None),
        (("neurons.3.weights.0", "neurons.3.bias"), ("neurons.3", "layer")),
        (("a.neurons.3.weights.0", "a.neurons.3.weights.1"), ("a.neurons.3", "a")),
        (("l.weight.3.0", "l.weight.3.1", "l.bias.3"), ("l", "l")),
        (("layers.0.weight.3.0", "layers.0.weight.3.1", "layers.0.bias.3"), ("layers.0",) * 2),
        (("layers.0.neurons.0.bias", "layers.1.neurons.0.bias"), None),
    ],
)
def test_where_a_sum_stands_is_read_from_its_parameters_names(
    names: tuple[str, ...], found: tuple[str, str] | None
) -> None:
    assert neuron_and_layer(names) == found


def test_the_slopes_of_a_wide_sum_are_read_once() -> None:
    """Each edge looked through all operands: 50,000 terms took minutes."""
    terms = [Value(float(place)) for place in range(50_000)]
    weights = [Value(float(place % 7)).detach() for place in range(50_000)]
    graph = number_graph(dot(weights, terms, Value(0.0)))
    folding = fold_sums(graph, with_activations=False)
    slopes = slopes_into(folding, graph.root)
    place = {node: position for position, node in enumerate(graph.values)}
    assert all(
        slopes[place[term]] == weight.data for term, weight in zip(terms, weights, strict=True)
    )


def test_a_value_of_many_consumers_has_each_once() -> None:
    """Its consumers grew by one at a time, each time anew."""
    count = 200_000
    consumers = consumers_of([(), *([(0, 0)] * count)])
    assert consumers[0] == tuple(range(1, count + 1))
    assert consumers[1:] == [()] * count
