"""`explore_neuron`: one neuron on a page, its weight, bias and input on sliders."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from autograd_core import LivePage, explore
from nn.models.activations import Activation, activation
from nn.options import listed

__all__ = ["explore_neuron"]

Range = tuple[float, ...]


def explore_neuron(
    activations: str | Sequence[str | Callable[[Any], Any] | Activation] = (
        "sigmoid",
        "tanh",
        "relu",
    ),
    *,
    w: Range = (-5, 5, 1),
    b: Range = (-5, 5, 0),
    x: Range = (-5, 5, 1),
    theme: str = "auto",
) -> LivePage:
    """A page with one neuron, φ(wx + b): its curve over x, its graph, and what flows back.

    The reader chooses among the activations, and moves w, b and x in their ranges, `(low, high)` or
    `(low, high, start)`. It is one file without a network: `.save("neuron.html")` writes it.

    Raises ValueError for an unknown activation, or for one that needs a whole layer.

    >>> explore_neuron(["tanh"])
    <LivePage: a(w, x, b) = tanh(w · x + b); .save('page.html') writes it>
    """
    one = isinstance(activations, str) or callable(activations)
    given = [activations] if one else listed(activations, "activations", "names or functions")
    neurons = {row.name: _neuron(row) for row in map(activation, given)}
    return explore(neurons, over="x", theme=theme, w=w, x=x, b=b)


def _neuron(row: Activation) -> Callable[..., Any]:
    if row.takes_layer:
        raise ValueError(f"{row.name} is of a whole layer; one neuron has no others beside it")

    def neuron(w: Any, x: Any, b: Any) -> Any:
        z = w * x + b
        return z if row.function is None else row.function(z)

    neuron.__name__ = "a"
    return neuron
