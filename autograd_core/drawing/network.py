"""A model's neurons as circles, joined by edges as wide as their weights.

The circles have the indices of textbooks, and so have the edges where they are few. Neurons are
found by the names of their parameters; a model of anything else has no such picture.
"""

from itertools import pairwise
from typing import NamedTuple

from autograd_core.drawing.boxes import strength
from autograd_core.drawing.digraph import Drawing
from autograd_core.drawing.labels import escape_label, escape_tooltip
from autograd_core.drawing.looks import CLASSIC, Attributes
from autograd_core.drawing.model import Model, titles_of_layers
from autograd_core.drawing.statements import Plan
from autograd_core.graph.value import Value
from autograd_core.notation import parameter_places, symbol_of

__all__ = ["add_network"]

MOST_NAMED = 12
"""Of more edges the weights are not named."""
LEGEND = "edges: weights, orange above 0, blue and dashed below, wide where large"


class Neuron(NamedTuple):
    """A neuron's parameters, by their names too."""

    weights: list[tuple[str, Value]]
    bias: tuple[str, Value] | None


def add_network(drawing: Drawing, model: Model, plan: Plan, limit: int | None) -> None:
    """Add a circle for every input and neuron, a frame a layer, and an edge for every weight.

    Raises ValueError for a model that is not layers of neurons, one after another, or has more than
    `limit` of them.
    """
    layers = _layers(model)
    inputs = max(len(neuron.weights) for neuron in layers[0])
    circles = inputs + sum(map(len, layers))
    if limit is not None and circles > limit:
        raise ValueError(
            f"the model has {circles:,} inputs and neurons, more than limit={limit:,}; draw(model) "
            "shows a box a layer"
        )
    named = sum(len(neuron.weights) for layer in layers for neuron in layer) <= MOST_NAMED
    biases = [abs(n.bias[1].data) for layer in layers for n in layer if n.bias is not None]
    weights = [abs(value.data) for layer in layers for n in layer for _, value in n.weights]
    scales = max(weights, default=0.0) or 1.0, max(biases, default=0.0)
    titles = ["inputs", *titles_of_layers(model)]
    sizes = [inputs, *map(len, layers)]
    for place, size in enumerate(sizes):
        title = titles[place] if len(titles) == len(sizes) else f"layer {place}"
        with drawing.subgraph(name=f"cluster_{place}") as frame:
            # An empty line is room for the names of edges that come from above.
            label = escape_label(title) + (r"\n\n" if named else "")
            frame.attr("graph", label=label, **plan.style.cluster(plan.theme))
            for unit in range(size):
                neuron = layers[place - 1][unit] if place else None
                frame.node(f"n{place}_{unit}", **_circle(place, unit, neuron, scales[1], plan))
            with frame.subgraph() as beside:
                beside.attr("graph", rank="same")
                turned = range(size)[::-1] if plan.rankdir in ("LR", "RL") else range(size)
                for one, following in pairwise(turned):
                    beside.edge(f"n{place}_{one}", f"n{place}_{following}", style="invis")
    for place, layer in enumerate(layers, 1):
        for unit, neuron in enumerate(layer):
            for source, (name, weight) in enumerate(neuron.weights):
                text = symbol_of("w", place - 1, unit, source)
                edge = strength(weight.data, scales[0], plan)
                edge["tooltip"] = escape_tooltip(f"{name}\n{text} = {weight.data!r}")
                if named:  # above the upper edges, below the lower ones
                    angle = "-18" if 2 * source < len(neuron.weights) else "18"
                    edge |= {"headlabel": escape_label(text), "labelangle": angle}
                    edge["labeldistance"] = "3.4"
                drawing.edge(f"n{place - 1}_{source}", f"n{place}_{unit}", **edge)
    drawing.graph_attr.update(
        splines="line",
        ranksep="1.6" if named else "1.1",
        nodesep="0.8" if named else "0.22",
        remincross="false",
        **plan.style.footer(plan.theme),
    )
    if plan.style is not CLASSIC:
        drawing.graph_attr["label"] = escape_label(LEGEND + ("; circles: biases" if biases else ""))


def _circle(place: int, unit: int, neuron: Neuron | None, largest: float, plan: Plan) -> Attributes:
    """An input, or a neuron filled by its bias."""
    symbol = (
        symbol_of("a", place - 1, unit) if place else symbol_of("x", 0, unit).replace("¹", "", 1)
    )
    attributes = {
        "label": escape_label(symbol), "shape": "circle", "fixedsize": "true", "width": "0.5",
        "height": "0.5", "margin": "0",
    }  # fmt: skip
    bias = neuron.bias if neuron is not None else None
    said = f"{bias[0]} = {bias[1].data!r}" if bias else "no bias" if place else "an input"
    attributes["tooltip"] = escape_tooltip(f"{symbol}\n{said}")
    if plan.style is CLASSIC:
        return attributes
    number = bias[1].data if bias else 0.0
    fill, border = plan.theme.fill(number, max(largest, abs(number)))
    return attributes | {"style": "filled", "fillcolor": fill, "color": border}


def _layers(model: Model) -> list[list[Neuron]]:
    """The neurons, layer by layer; ValueError where they do not feed one another in a row."""
    named = {value: name for name, value in model.named_parameters()}
    places = parameter_places(named)
    odd = next((name for value, name in named.items() if value not in places), None)
    if odd is not None or not places:
        raise ValueError(
            f"fold='neurons' draws layers of neurons, and {odd or 'nothing'} is not the weight or "
            "the bias of one; draw(model) shows a box a layer"
        )
    layers: list[list[Neuron]] = []
    for value, (layer, neuron, weight) in sorted(places.items(), key=_by_place):
        while len(layers) <= layer:
            layers.append([])
        while len(layers[layer]) <= neuron:
            layers[layer].append(Neuron([], None))
        if weight is None:
            layers[layer][neuron] = layers[layer][neuron]._replace(bias=(named[value], value))
        else:
            layers[layer][neuron].weights.append((named[value], value))
    for before, after in pairwise(layers):
        taken = {len(neuron.weights) for neuron in after}
        if taken != {len(before)}:
            raise ValueError(
                f"fold='neurons' draws layers that feed one another, and one of {len(before)} "
                f"neurons stands before one that takes {max(taken)} numbers"
            )
    return layers


def _by_place(item: tuple[Value, tuple[int, int, int | None]]) -> tuple[int, int, int]:
    layer, neuron, weight = item[1]
    return (layer, neuron, -1 if weight is None else weight)
