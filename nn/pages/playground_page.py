"""`playground`: a small network trained in the page, by the engine's own derivatives."""

from __future__ import annotations

import html
import math
from collections.abc import Callable, Mapping, Sequence
from importlib.resources import files
from itertools import pairwise
from typing import Any

from autograd_core import LivePage, record
from nn import datasets, losses
from nn.data import Dataset
from nn.models.activations import Activation, activation
from nn.models.layers import MLP, Layer
from nn.models.neuron import ActivationLike, Neuron
from nn.options import choice, got, real, whole
from nn.randomness import generator

__all__ = ["playground"]

Hidden = Sequence[tuple[int, ActivationLike]]
"""The hidden layers: for each its number of neurons and its activation."""

LOSSES = {
    "binary_cross_entropy_with_logits": (0, 1),
    "hinge": (-1, 1),
    "squared_error": (-1, 1),
}
"""The losses of two classes, and the targets that stand for them."""
MOST = 1000
"""Parameters of a network."""
CHOICE = ("tanh", "relu", "sigmoid", "linear")
"""The activations that the page offers beside those that it is given."""
USUAL: Hidden = ((4, "tanh"), (4, "tanh"))
HEIGHT = 1000  # pixels, in a notebook

BODY = """\
<style>
.layer { display: flex; flex-wrap: wrap; gap: 8px; align-items: center; min-height: 44px; }
.layer span { min-width: 4em; }
</style>
<h1>$title</h1>
<div class="columns">
<div id="sliders">
<div id="layers" role="group" aria-label="Hidden layers"></div>
</div>
<div id="plot"></div>
<div id="said-and-hint"><div id="buttons" role="group" aria-label="Training"></div>
<div id="said" class="said" role="status"></div></div>
</div>
<div class="pair">
<section><h2>Each neuron, as it answers over the plane</h2>
<div class="graph-box" tabindex="0" aria-label="Network"><canvas id="network"></canvas></div>
</section>
<section><h2>The loss, by epochs</h2>
<div id="losses"></div></section>
</div>"""


def playground(
    network: MLP | Hidden | None = None,
    data: Dataset | Mapping[str, Dataset] | None = None,
    *,
    loss: str = "binary_cross_entropy_with_logits",
    learning_rate: float = 0.1,
    noise: float = 0.0,
    theme: str = "auto",
) -> LivePage:
    """A page that trains a network, epoch by epoch, while one looks at it.

    It shows the boundary between the two classes, every neuron's answer over the plane, the weights
    as widths (dashed where negative), and the losses on two thirds of the samples, which train, and
    on the others, which do not. The reader plays, pauses and steps, adds and removes layers, and
    chooses each one's neurons and activation, the data, the learning rate, the batch and the noise.
    What trains is stochastic gradient descent by the gradient programs of the activations and of
    the loss, each sum in the order in which the engine adds it up. One file without a network:
    `.save("playground.html")`.

    Args:
        network: the hidden layers as one list, such as `[(4, "tanh"), (3, "relu")]`, before an
            output of one logit; their weights are drawn with the variance that suits the
            activation. Or an MLP of two inputs and one output, which gives its own weights too.
        data: samples of two features in two classes, or several sets by their names; moons,
            circles, spirals, blobs and xor unless given.
        loss: "binary_cross_entropy_with_logits", "hinge" or "squared_error", with one logit.
        learning_rate: the one that training begins with.
        noise: how far, at first, samples are moved at random, in their own units.
        theme: "auto" follows the reader's settings, "light" and "dark" do not.

    Raises ValueError for a network, data or a loss that are not of this kind, TypeError for what is
    no MLP, list of layers or Dataset.

    >>> from nn import MLP, datasets
    >>> playground([(4, "tanh"), (3, "relu")], datasets.moons(90))
    <LivePage: A network in training; .save('page.html') writes it>
    >>> playground(MLP(2, [3, 1], activation="tanh", seed=0), datasets.moons(90), noise=0.1)
    <LivePage: A network in training; .save('page.html') writes it>
    """
    choice(loss, "loss", LOSSES)
    real(learning_rate, "learning_rate", above=0)
    real(noise, "noise", least=0)
    layers = _layers(USUAL if network is None else network)
    rows = {row.name: row for row in [*(row for _, row in layers), *map(activation, CHOICE)]}
    names = list(rows)
    title = "A network in training"
    told = {
        "layers": [[width, names.index(row.name)] for width, row in layers],
        "start": _weights(network) if isinstance(network, MLP) else None,
        "activations": [[name, row.initializer] for name, row in rows.items()],
        "most": MOST,
        "data": [_samples(name, one, LOSSES[loss]) for name, one in _sets(data).items()],
        "logits": loss == "binary_cross_entropy_with_logits",
        "rate": math.log10(learning_rate),
        "noise": noise,
    }
    scripts = [files("nn.pages").joinpath(name) for name in ("network.js", "playground.js")]
    return LivePage.composed(
        BODY.replace("$title", html.escape(title)),
        "\n".join(script.read_text(encoding="utf-8") for script in scripts),
        [_of_loss(getattr(losses, loss)), *map(_of_activation, rows.values())],
        told,
        title=title,
        theme=theme,
        height=HEIGHT,
    )


def _layers(network: Any) -> list[tuple[int, Activation]]:
    """The numbers of neurons and the activations of all layers, the output's too."""
    if isinstance(network, MLP):
        _check(network)
        layers = [(len(layer.neurons), layer.activation) for layer in network.layers]
        inputs = len(network.layers[0].neurons[0].weights)
    else:
        layers, inputs = [*_hidden(network), (1, activation("linear"))], 2
    widths = [inputs, *(width for width, _ in layers)]
    count = sum((before + 1) * width for before, width in pairwise(widths))
    if inputs != 2 or widths[-1] != 1:
        raise ValueError(
            f"playground() trains networks of two inputs and one output; {network!r} has {inputs} "
            f"and {widths[-1]}"
        )
    if any(row.takes_layer for _, row in layers):
        raise ValueError(
            f"{network!r} has an activation of a whole layer; take one of single neurons"
        )
    if count > MOST:
        raise ValueError(f"{network!r} has {count:,} parameters; {MOST:,} are the most here")
    return layers


def _hidden(given: Any) -> list[tuple[int, Activation]]:
    pairs = isinstance(given, Sequence) and all(
        isinstance(layer, Sequence) and not isinstance(layer, str) and len(layer) == 2
        for layer in given
    )
    if not pairs:
        raise TypeError(
            "playground() takes an MLP, or its hidden layers as a list of their neurons and "
            f"activations, such as [(4, 'tanh')]; {got(given)}"
        )
    return [(whole(width, "a layer's neurons"), activation(name)) for width, name in given]


def _check(model: MLP) -> None:
    """Raise ValueError where a model is more than its layers in a row."""
    neurons = [(layer, neuron) for layer in model.layers for neuron in layer.neurons]
    plain = (
        type(model) is MLP
        and all(type(layer) is Layer for layer in model.layers)
        and all(
            type(neuron) is Neuron
            and "fire" not in neuron.__dict__
            and (neuron.activation.function is layer.activation.function)
            for layer, neuron in neurons
            if not layer.activation.takes_layer
        )
        and len(model.parameters())
        == sum(len(neuron.weights) + (neuron.bias is not None) for _, neuron in neurons)
    )
    if not plain:
        raise ValueError(
            f"playground() trains MLPs as they are made by MLP(2, [..., 1]); {model!r} has layers, "
            "neurons or shared parameters of its own"
        )


def _weights(model: MLP) -> list[list[list[float | None]]]:
    """For each layer a row a neuron: its bias, None where it has none, then its weights."""
    return [
        [
            [
                None if neuron.bias is None else neuron.bias.data,
                *(weight.data for weight in neuron.weights),
            ]
            for neuron in layer.neurons
        ]
        for layer in model.layers
    ]


def _of_activation(row: Activation) -> dict[str, str]:
    """What a neuron answers to its weighted sum, and how a gradient passes back through it."""
    function: Callable[[Any], Any] = row.function or (lambda z: z)
    back = record(lambda z, g: g * function(z), 0.5, 1.0)
    return {
        "answer": record(lambda z: 1.0 * function(z), 0.5).to_javascript("answer").script,
        "back": back.gradient("z").to_javascript("back").script,
    }


def _of_loss(loss: Callable[..., Any]) -> dict[str, str]:
    program = record(lambda out, y: loss([out], [y]), 0.0, 0.0)
    return {
        "value": program.to_javascript("value").script,
        "back": program.gradient("out").to_javascript("back").script,
    }


def _sets(given: Any) -> dict[str, Dataset]:
    """Sets of samples by their names."""
    named = _data() if given is None else {"": given} if isinstance(given, Dataset) else given
    if not isinstance(named, Mapping):
        raise TypeError(f"playground() takes a Dataset, or several by their names; {got(given)}")
    for name, one in named.items():
        if not isinstance(one, Dataset):
            raise TypeError(
                f"playground() takes a Dataset, or several by their names; {got(one)} for {name!r}"
            )
    if not named:
        raise ValueError("playground() needs at least one Dataset")
    return dict(named)


def _data() -> dict[str, Dataset]:
    return {
        "moons": datasets.moons(150, 0.1),
        "circles": datasets.circles(150, 0.08),
        "xor": datasets.xor(150, 0.15),
        "spirals": datasets.spirals(150, 0.02, 1.0),
        "blobs": datasets.blobs(150, ((-1.0, -1.0), (1.0, 1.0)), 0.5),
    }


def _samples(name: str, data: Dataset, targets: tuple[int, int]) -> dict[str, Any]:
    """The points, a target and a direction to blur it in for each, and the names of the classes."""
    kinds = sorted(set(data.targets.tolist()))
    if data.inputs.shape[1] != 2 or len(kinds) != 2:
        raise ValueError(
            f"playground() takes samples of two features in two classes; got {data!r}"
            f"{f' for {name!r}' if name else ''}"
        )
    source = generator(0)
    return {
        "name": name,
        "points": data.inputs.tolist(),
        "targets": [targets[kinds.index(target)] for target in data.targets.tolist()],
        "blur": [[source.gauss(0, 1), source.gauss(0, 1)] for _ in range(len(data))],
        "features": list(data.features or ("x", "y")),
        "classes": [str(kind) for kind in (data.classes or kinds)],
    }
