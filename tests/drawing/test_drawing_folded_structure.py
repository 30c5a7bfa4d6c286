"""Folded pictures, parts and models read back from their SVG."""

import re
from collections import Counter
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from autograd_core.drawing import Drawing, draw
from autograd_core.drawing.folding.flows import inputs_of
from autograd_core.drawing.folding.fold import fold_sums
from autograd_core.drawing.folding.numbering import number_graph
from autograd_core.graph.traversal import topological
from autograd_core.graph.value import Value
from nn import MLP
from tests.drawing.pictures import mlp
from tests.drawing.svg_reading import (
    SVG,
    assert_labels_inside,
    box_of,
    edge_titles,
    elements,
    read,
    texts,
    tooltip,
    visible_edges,
)


def weighted() -> tuple[list[float], Value]:
    """A neuron with weights of both signs and many sizes."""
    weights = [-2.0, -0.5, -0.05, 0.0, 0.2, 0.7, 3.0]
    model = MLP(len(weights), [1], activation="linear")
    for parameter, weight in zip(model.layers[0].neurons[0].w, weights, strict=True):
        parameter.data = weight
    out = model([Value(1.0 + i, name=f"x{i}") for i in range(len(weights))])
    return weights, out


@pytest.mark.parametrize("style", ["modern", "classic"])
@pytest.mark.parametrize("rankdir", ["LR", "RL", "TB", "BT"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_box_and_edge_is_drawn_and_every_label_is_inside(
    style: str, rankdir: str, theme: str
) -> None:
    _, out = mlp()
    graph = number_graph(out)
    folding = fold_sums(graph)
    svg = read(draw(out, fold="sums", style=style, rankdir=rankdir, theme=theme))
    assert elements(svg, "node").keys() == {f"v{box}" for box in folding.boxes()}
    assert edge_titles(svg) == Counter(
        f"v{source}:{side}" if side else f"v{source}->v{box}"
        for box, sources in enumerate(inputs_of(folding, {}))
        for source in sources
        for side in [ports(rankdir, f"v{box}")]
    )
    assert_labels_inside(svg)


def ports(rankdir: str, target: str) -> str:
    """How Graphviz names an edge that leaves and enters at the middle of a side."""
    out, into = {"LR": "ew", "RL": "we", "TB": "sn", "BT": "ns"}[rankdir]
    return f"{out}->{target}:{into}"


@pytest.mark.parametrize("fold", ["sums", "neurons"])
def test_every_layers_boxes_stand_in_its_frame(fold: str) -> None:
    _, out = mlp()
    svg = read(draw(out, fold=fold))
    frames = {texts(group)[0]: box_of(group) for group in elements(svg, "cluster").values()}
    assert set(frames) == {"layers.0", "layers.1", "layers.2"}
    inside: Counter[str] = Counter()
    for group in elements(svg, "node").values():
        left, top, right, bottom = box_of(group)
        for path, (x0, y0, x1, y1) in frames.items():
            if x0 <= left and right <= x1 and y0 <= top and bottom <= y1:
                inside[path] += 1
    assert inside == {"layers.0": 8 if fold == "sums" else 4,
                      "layers.1": 8 if fold == "sums" else 4, "layers.2": 1}  # fmt: skip


def strokes(drawing: Drawing) -> dict[str, tuple[str, float, float]]:
    """Color, width and opacity of each edge."""
    found = {}
    for group in read(drawing).iter(f"{SVG}g"):
        path = group.find(f".//{SVG}path")
        if group.get("class") == "edge" and path is not None:
            source = str(group.findtext(f"{SVG}title")).partition(":")[0].partition("-")[0]
            width, opacity = (float(path.get(f"stroke-{k}") or 1) for k in ("width", "opacity"))
            found[source] = str(path.get("stroke")), width, opacity
    return found


def test_an_edges_color_is_its_weights_sign_and_its_strength_the_weights_size() -> None:
    weights, out = weighted()
    places = {value.name: place for place, value in enumerate(number_graph(out).values)}
    seen = strokes(draw(out, fold="sums"))
    edges = {weight: seen[f"v{places[f'x{i}']}"] for i, weight in enumerate(weights)}
    assert {color for weight, (color, _, _) in edges.items() if weight < 0} == {"#2166ac"}
    assert {color for weight, (color, _, _) in edges.items() if weight > 0} == {"#b35806"}
    assert edges[0.0][0] == "#8a8f98"
    by_size = [edges[weight] for weight in sorted(filter(None, weights), key=abs)]
    assert all(small[1] < large[1] and small[2] < large[2] for small, large in pairwise(by_size))


def test_a_folded_box_says_its_value_and_its_tooltip_the_rest() -> None:
    _, out = mlp()
    nodes = elements(read(draw(out, fold="sums")), "node")
    for title, group in nodes.items():
        value = number_graph(out).values[int(title[1:])]
        assert texts(group)[-1] == f"{value.data:.4g}"
        assert f"grad {value.grad!r}" in tooltip(group).splitlines()
    hidden = [tooltip(group).splitlines()[0] for group in nodes.values()]
    assert "layers.1.neurons.3" in hidden


NAMES = ['say "hi"', "{a|b}", "<b>", "a & b", "back\\slash \\N", "two\nlines", "שלום", "漢字"]


@pytest.mark.parametrize("name", NAMES, ids=ascii)
def test_any_name_is_inside_its_box_in_every_kind_of_picture(name: str) -> None:
    a = Value(2.0, name=name)
    total = a * 3.0 + a * Value(0.5, name="b") + a
    total.name = name
    for drawing in (draw(total, fold=True), draw(total, fold=False, limit=2)):
        svg = read(drawing)
        assert_labels_inside(svg)
        shown = [text for group in elements(svg, "node").values() for text in texts(group)]
        assert any(name.split("\n")[0][:12] in text for text in shown)


@settings(deadline=None, max_examples=60)
@given(
    st.lists(
        st.tuples(st.sampled_from("+*s"), st.integers(0, 99), st.integers(0, 99)), max_size=25
    ),
    st.integers(1, 8),
    st.booleans(),
    st.integers(0, 99),
)
@example(recipe=[("+", 0, 0), ("+", 0, 3)], limit=2, fold=False, focus=0)
@example(recipe=[("+", 0, 1)], limit=3, fold=True, focus=0)
def test_parts_of_random_graphs_are_drawn_whole(
    recipe: list[tuple[str, int, int]], limit: int, fold: bool, focus: int
) -> None:
    values = [Value(0.5, name="a"), Value(-1.5), Value(2.0)]
    for sign, i, j in recipe:
        x, y = values[i % len(values)], values[j % len(values)]
        values.append(x + y if sign == "+" else x * y if sign == "*" else x.sin())
    every = list(topological(values[-1]))
    around = every[-1 - focus % len(every)]
    drawing = draw(values[-1], fold=fold, limit=limit, focus=around)
    svg = read(drawing)
    assert len(elements(svg, "node")) == drawing.nodes
    assert edge_titles(svg) == visible_edges(drawing)
    stubs = [group for title, group in elements(svg, "node").items() if title.startswith("more")]
    footer = drawing.graph_attr.get("label", "")
    counted = re.match(r"showing ([\d,]+) of ([\d,]+)", footer)
    missing = int(counted[2]) - int(counted[1]) if counted else 0
    assert sum(int(texts(stub)[0].split()[0]) for stub in stubs) == missing
    assert_labels_inside(svg)


@pytest.mark.parametrize("style", ["modern", "classic"])
def test_a_models_labels_are_inside_their_boxes(style: str) -> None:
    model, _ = mlp((3, 1))
    svg = read(draw(model, style=style))
    assert [texts(group)[1] for group in elements(svg, "node").values()] == [
        "Layer(2 -> 3, tanh)",
        "Layer(3 -> 1, linear)",
    ]
    assert sum(edge_titles(svg).values()) == 1
    assert_labels_inside(svg)


def test_the_whole_picture_of_layers_is_read_back() -> None:
    model, _ = mlp((3, 1))
    loss: Any = sum(((model([0.1 * i, 1.0]) - 1.0) ** 2 for i in range(12)), Value(0.0))
    loss.name = "loss"
    svg = read(draw(loss, fold="layers"))
    nodes = {texts(group)[0]: title for title, group in elements(svg, "node").items()}
    assert set(nodes) == {"inputs", "layers.0", "layers.1", "loss"}
    row = [nodes[name] for name in ("inputs", "layers.0", "layers.1", "loss")]
    assert edge_titles(svg) == Counter(f"{a}->{b}" for a, b in pairwise(row))
    assert_labels_inside(svg)
