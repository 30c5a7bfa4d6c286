"""One neuron: a `dot` node and its activation; code written for micrograd's `nn` runs on it.

Beside the class, what its layers share: the choice of activation and initializer, and the shortest
way to the parameters of neurons that are nothing but neurons.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from autograd_core import Value, distinct_leaves, dot
from nn.init import Initializer, initializer, rows_of
from nn.models.activations import ACTIVATIONS, Activation, activation
from nn.models.hidden import may_hide
from nn.models.inputs import inputs_of
from nn.models.module import Module
from nn.models.places import places
from nn.options import flag
from nn.randomness import Generator, Seed, generator

__all__ = ["ActivationLike", "Neuron", "choose", "holds_nothing", "of_neurons", "own_attributes"]

ActivationLike = str | Callable[[Any], Any] | Activation


class Neuron(Module):
    """One neuron: activation(w · x + b).

    Left alone it is micrograd's: ReLU (`nonlin=False`: linear), weights uniform in [-1, 1] from
    Python's `random`, bias 0. Once an activation is named, its weights are drawn as suits it.
    `bias=False` makes one without a bias: its attribute is None.

    Raises ValueError for fewer than one input or for an activation or initializer unknown.

    >>> neuron = Neuron(2, seed=1)
    >>> neuron.weights[0].data, neuron.weights[1].data = 2.0, -3.0
    >>> neuron([1.0, 0.5]).data
    0.5
    """

    def __init__(
        self,
        nin: int,
        nonlin: bool = True,
        *,
        activation: ActivationLike | None = None,
        initializer: str | Initializer | None = None,
        bias: bool = True,
        seed: Seed | Generator = None,
    ) -> None:
        chosen, draw = choose(nonlin, activation, initializer)
        if chosen.takes_layer:
            raise ValueError(f"{chosen} needs the sums of a whole layer: give it to a Layer")
        (row,) = rows_of(draw, nin, 1, generator(seed))
        self.weights = [Value(weight) for weight in row]
        self.bias = Value(0.0) if flag(bias, "bias") else None
        self.activation = chosen
        self.name_parameters()

    def __call__(self, x: Any) -> Value:
        return self.fire(inputs_of(x, len(self.weights), self))

    def fire(self, inputs: list[Any]) -> Value:
        """The output for a list that is known to hold as many inputs as there are weights."""
        bias = self.bias
        weighted_sum = (
            dot(self.weights, inputs) if bias is None else dot(self.weights, inputs, bias)
        )
        function = self.activation.function
        out: Value = weighted_sum if function is None else function(weighted_sum)
        return out

    def weighted_sum(self, x: Any) -> Value:
        """w · x + b, before the activation."""
        start = 0.0 if self.bias is None else self.bias
        total: Value = dot(self.weights, inputs_of(x, len(self.weights), self), start)
        return total

    def parameters(self) -> list[Value]:
        """The weights, then the bias if there is one."""
        return of_neurons([[self]]) or super().parameters()

    @property
    def nonlin(self) -> bool:
        """Whether the activation is anything but linear."""
        return self.activation.function is not None

    @property
    def w(self) -> list[Value]:
        """The weights, by micrograd's name."""
        return self.weights

    @property
    def b(self) -> Value | None:
        """The bias, by micrograd's name."""
        return self.bias

    def describe(self) -> str:
        """The number of inputs, the activation, and whether a bias is missing."""
        without = ", no bias" if self.bias is None else ""
        return f"{len(self.weights)}, {self.activation}{without}"


def of_neurons(rows: list[Any]) -> list[Value] | None:
    """The parameters of lists of neurons; None where only the walk through all attributes tells."""
    found: list[Value] = []
    looked_at = None
    for neurons in rows:
        for neuron in neurons if type(neurons) is list else [None]:
            own = own_attributes(neuron, Neuron, ["weights", "bias", "activation"])
            if own is None or type(own["weights"]) is not list:
                return None
            if own["activation"] is not looked_at:
                looked_at = own["activation"]
                if not holds_nothing(looked_at):
                    return None
            found += own["weights"]
            if own["bias"] is not None:
                found.append(own["bias"])
    return found if distinct_leaves(found) else None


def own_attributes(module: Any, kind: type[Module], names: list[str]) -> dict[str, Any] | None:
    """The attributes of a module; None if they are not the names of its class, in their order."""
    if type(module) is not kind:
        return None
    own = vars(module)
    usual = [*own] == names or [name for name in own if name != "training"] == names
    return own if usual else None


def holds_nothing(chosen: Any) -> bool:
    """Whether an activation has no parameters of its own, as one of a module has."""
    return type(chosen) is Activation and (
        ACTIVATIONS.get(chosen.name) is chosen or _is_bare(chosen.function)
    )


def _is_bare(function: Any) -> bool:
    """Whether a function holds nothing at all."""
    return not may_hide(function) and places("", function, isinstance(function, Module)) is None


def choose(
    nonlin: bool, named: ActivationLike | None, drawn: str | Initializer | None
) -> tuple[Activation, Initializer]:
    """The activation asked for and the initializer that goes with it."""
    flag(nonlin, "nonlin, beside which an activation is given by name,")
    if named is None:
        return activation("relu" if nonlin else "linear"), initializer(
            "uniform" if drawn is None else drawn
        )
    chosen = activation(named)
    if not nonlin and chosen.function is not None:
        raise ValueError(f"nonlin=False and activation={chosen} contradict each other: give one")
    return chosen, initializer(chosen.initializer if drawn is None else drawn)
