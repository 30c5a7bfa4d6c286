"""`playground`: small networks trained in the page, by their own gradient programs."""

from __future__ import annotations

import html
import math
from collections.abc import Mapping
from importlib.resources import files
from typing import Any

from autograd_core import LivePage, Program, record
from nn import datasets, losses
from nn.data import Dataset
from nn.models.layers import MLP
from nn.options import real
from nn.randomness import generator

__all__ = ["playground"]

LOSSES = {
    "binary_cross_entropy_with_logits": (0, 1),
    "hinge": (-1, 1),
    "squared_error": (-1, 1),
}
"""The losses of two classes, and the targets that stand for them."""
MOST = 1000
"""Parameters of a network."""
HEIGHT = 1120  # pixels, in a notebook

BODY = """\
<h1>$title</h1>
<div class="columns">
<div id="sliders"></div>
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
    models: MLP | Mapping[str, MLP] | None = None,
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
    on the others, which do not. The reader plays, pauses and steps, and chooses the data, the
    network, the learning rate, the batch and the noise. What trains is the model's own gradient
    program, by stochastic gradient descent. One file without a network: `.save("playground.html")`.

    Args:
        models: an MLP of two inputs and one output, or several by their names; a choice of layers
            and activations unless given.
        data: samples of two features in two classes, or several sets by their names; moons,
            circles, spirals, blobs and xor unless given.
        loss: "binary_cross_entropy_with_logits", "hinge" or "squared_error", with one logit.
        learning_rate: the one that training begins with.
        noise: how far, at first, samples are moved at random, in their own units.
        theme: "auto" follows the reader's settings, "light" and "dark" do not.

    Raises ValueError for models, data or a loss that are not of this kind, TypeError for what is no
    MLP or Dataset.

    >>> from nn import MLP, datasets
    >>> playground(MLP(2, [3, 1], activation="tanh", seed=0), datasets.moons(90))
    <LivePage: A network in training; .save('page.html') writes it>
    """
    if loss not in LOSSES:
        raise ValueError(f"loss={loss!r} is unknown here; expected one of {', '.join(LOSSES)}")
    real(learning_rate, "learning_rate", above=0)
    real(noise, "noise", least=0)
    named_models = _by_names(models if models is not None else _models(), MLP)
    named_data = _by_names(data if data is not None else _data(), Dataset)
    views = [_view(name, model, loss) for name, model in named_models.items()]
    title = "A network in training"
    told = {
        "models": [seen for seen, _ in views],
        "data": [_samples(name, one, LOSSES[loss]) for name, one in named_data.items()],
        "logits": loss == "binary_cross_entropy_with_logits",
        "rate": math.log10(learning_rate),
        "noise": noise,
    }
    script = files("nn.pages").joinpath("playground.js").read_text(encoding="utf-8")
    return LivePage.composed(
        BODY.replace("$title", html.escape(title)),
        script,
        [functions for _, functions in views],
        told,
        title=title,
        theme=theme,
        height=HEIGHT,
    )


def _by_names(given: Any, kind: type) -> dict[str, Any]:
    article = "an" if kind is MLP else "a"
    named = dict(given) if isinstance(given, Mapping) else {"": given}
    for name, one in named.items():
        if not isinstance(one, kind):
            raise TypeError(
                f"playground() takes {article} {kind.__name__}, or several by their names; got "
                f"{one!r:.80} of type {type(one).__name__}{f' for {name!r}' if name else ''}"
            )
    if not named:
        raise ValueError(f"playground() needs at least one {kind.__name__}")
    return named


def _models() -> dict[str, MLP]:
    """Networks to choose from."""
    layers = {"4 and 4 neurons": [4, 4], "3 neurons": [3], "6 neurons": [6], "no hidden layer": []}
    found = {}
    for words, hidden in layers.items():
        for name in ("tanh", "relu", "sigmoid") if hidden else ("linear",):
            title = f"{words}, {name}" if hidden else words
            found[title] = MLP(2, [*hidden, 1], activation=name, seed=1)
    return found


def _data() -> dict[str, Dataset]:
    return {
        "moons": datasets.moons(150, 0.1),
        "circles": datasets.circles(150, 0.08),
        "xor": datasets.xor(150, 0.15),
        "spirals": datasets.spirals(150, 0.02, 1.0),
        "blobs": datasets.blobs(150, ((-1.0, -1.0), (1.0, 1.0)), 0.5),
    }


def _view(name: str, model: MLP, loss: str) -> tuple[dict[str, Any], dict[str, str]]:
    """What a page shows of a model, and the programs that compute it."""
    widths = [len(layer.neurons) for layer in model.layers]
    inputs = len(model.layers[0].neurons[0].weights)
    parameters = model.parameters()
    if inputs != 2 or widths[-1] != 1:
        raise ValueError(
            f"playground() trains networks of two inputs and one output; {model!r} has {inputs} "
            f"and {widths[-1]}"
        )
    if any(layer.activation.takes_layer for layer in model.layers):
        raise ValueError(
            f"{model!r} has an activation of a whole layer; take one of single neurons"
        )
    if len(parameters) > MOST:
        raise ValueError(
            f"{model!r} has {len(parameters):,} parameters; {MOST:,} are the most here"
        )
    of_the_loss = getattr(losses, loss)
    sample = record(lambda x, y: of_the_loss([model(x)], [y]), [0.0, 0.0], 0.0)

    def answers(x: Any) -> list[Any]:
        found = []
        for layer in model.layers:
            x = layer(x)
            found += x if isinstance(x, list) else [x]
        return found

    neurons = record(answers, [0.0, 0.0])
    place = {leaf: index for index, leaf in enumerate(parameters)}
    seen = {
        "name": name,
        "widths": widths,
        "start": [leaf.data for leaf in parameters],
        "orders": [_order(program, place) for program in (sample, neurons)],
        "edges": [
            [[place[weight] for weight in neuron.weights] for neuron in layer.neurons]
            for layer in model.layers
        ],
    }
    functions = {
        "slopes": sample.gradient("captured", value=True).to_javascript("slopes").script,
        "value": sample.to_javascript("value").script,
        "neurons": neurons.to_javascript("neurons").script,
    }
    return seen, functions


def _order(program: Program, place: Mapping[Any, int]) -> list[int]:
    """For each number that a program captured, which parameter it is."""
    return [place[leaf] for leaf in program.captured]


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
