"""Layers of neurons, and the multilayer perceptron that puts them in a row.

A layer takes one sample, a sequence of numbers or Values, and gives a list of Values, or the Value
itself where it has one neuron, as micrograd does; a layer of one neuron may stand anywhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Self

from autograd_core import Value, dots
from nn.init import Initializer, rows_of
from nn.models.activations import activation as activation_of
from nn.models.inputs import inputs_of
from nn.models.module import Module
from nn.models.neuron import (
    ActivationLike,
    Neuron,
    choose,
    holds_nothing,
    of_neurons,
    own_attributes,
)
from nn.options import got, listed
from nn.randomness import Generator, Seed, generator

__all__ = ["MLP", "Layer"]


class Layer(Module):
    """Neurons side by side, all with the same inputs.

    Takes what `Neuron` takes. Its output is a list, or one Value if it has one neuron.

    >>> layer = Layer.of([[1, 2, -1, -2], [3, 4, -3, 4]], biases=[5, 6])
    >>> [y.data for y in layer([1.0, 2.0, 3.0, 4.0])]
    [-1.0, 24.0]
    """

    def __init__(
        self,
        nin: int,
        nout: int,
        nonlin: bool = True,
        *,
        activation: ActivationLike | None = None,
        initializer: str | Initializer | None = None,
        bias: bool = True,
        seed: Seed | Generator = None,
    ) -> None:
        chosen, draw = choose(nonlin, activation, initializer)
        rows = rows_of(draw, nin, nout, generator(seed))
        per_neuron = _LINEAR if chosen.takes_layer else chosen
        self.activation = chosen
        self.neurons = [
            Neuron(nin, activation=per_neuron, initializer=_given(row), bias=bias) for row in rows
        ]
        self.name_parameters()

    @classmethod
    def of(
        cls,
        weights: Iterable[Iterable[float]],
        biases: Iterable[float] | None = None,
        activation: ActivationLike = "linear",
        *,
        bias: bool = True,
    ) -> Self:
        """A layer of given weights, one row a neuron, and biases: 0 unless they are given.

        Raises ValueError for rows of different lengths, another number of biases than rows, or
        biases along with `bias=False`, which makes a layer without.
        """
        rows = [_numbers(row, "a row of weights") for row in listed(weights, "weights", "rows")]
        offsets = [0.0] * len(rows) if biases is None else _numbers(biases, "biases")
        if len(offsets) != len(rows) or len({len(row) for row in rows}) != 1:
            raise ValueError(
                f"a layer needs rows of one length and a bias for each, got rows of "
                f"{[len(row) for row in rows]} weights and {len(offsets)} biases"
            )
        if biases is not None and not bias:
            raise ValueError(f"bias=False and biases={offsets} contradict each other: give one")
        layer = cls(
            len(rows[0]),
            len(rows),
            activation=activation,
            initializer=lambda nin, nout, rng: rows,
            bias=bias,
        )
        for neuron, offset in zip(layer.neurons, offsets, strict=True):
            if neuron.bias is not None:
                neuron.bias.data = offset
        return layer

    def __call__(self, x: Any) -> Any:
        inputs = inputs_of(x, len(self.neurons[0].weights), self)
        outputs = self._together(inputs) or [neuron.fire(inputs) for neuron in self.neurons]
        if self.activation.takes_layer:
            outputs = self.activate(outputs)
        return outputs[0] if len(outputs) == 1 else outputs

    def _together(self, inputs: list[Any]) -> list[Value] | None:
        """What the neurons fire, in one go; None where one of them has ways of its own."""
        function = self.neurons[0].activation.function
        rows, starts = [], []
        for neuron in self.neurons:
            usual = type(neuron) is Neuron and neuron.activation.function is function
            if not usual or neuron.bias is None or "fire" in neuron.__dict__:
                return None
            row = neuron.weights
            if type(row) is not list or len(row) != len(inputs):
                return None
            rows.append(row)
            starts.append(neuron.bias)
        sums = dots(rows, inputs, starts)
        return sums if function is None else [function(one) for one in sums]

    def activate(self, weighted_sums: list[Value]) -> list[Value]:
        """The outputs for the weighted sums of all neurons."""
        whole = self.activation.function
        if whole is not None and self.activation.takes_layer:
            return whole(weighted_sums)  # type: ignore[no-any-return]
        functions = [neuron.activation.function for neuron in self.neurons]
        both = zip(functions, weighted_sums, strict=True)
        return [z if function is None else function(z) for function, z in both]

    def parameters(self) -> list[Value]:
        """Those of the first neuron, of the second, and so on."""
        return _of_layers([self]) or super().parameters()

    def describe(self) -> str:
        """The numbers of inputs and outputs, the activation, and whether biases are missing."""
        without = ", no biases" if all(neuron.bias is None for neuron in self.neurons) else ""
        return f"{len(self.neurons[0].weights)} -> {len(self.neurons)}, {self.activation}{without}"

    def children(self) -> Iterable[tuple[str, Module]]:
        """None: the neurons of a layer are alike, and there may be hundreds."""
        return ()


class MLP(Module):
    """A multilayer perceptron: fully connected layers in a row.

    `MLP(nin, nouts)` is micrograd's: ReLU in every layer but the last, which is linear, and weights
    uniform in [-1, 1]. Once `activation` is named, the weights are drawn as suits it, unless
    `initializer` says how. `output_activation` is the last layer's. `bias=False` makes all layers
    without biases, as W a alone.

    >>> model = MLP(2, [16, 16, 1], seed=0)
    >>> model
    MLP(2-16-16-1, 337 parameters)
      layers.0: Layer(2 -> 16, relu, 48 parameters)
      layers.1: Layer(16 -> 16, relu, 272 parameters)
      layers.2: Layer(16 -> 1, linear, 17 parameters)
    """

    def __init__(
        self,
        nin: int,
        nouts: Sequence[int],
        *,
        activation: ActivationLike | None = None,
        output_activation: ActivationLike = "linear",
        initializer: str | Initializer | None = None,
        bias: bool = True,
        seed: Seed | Generator = None,
    ) -> None:
        if not isinstance(nouts, Sequence) or isinstance(nouts, str | bytes):
            raise TypeError(f"nouts must be a list of sizes, as in MLP(2, [16, 1]), {got(nouts)}")
        if not nouts:
            raise ValueError("MLP needs at least one layer: give the sizes, as in MLP(2, [16, 1])")
        rng = generator(seed)
        as_drawn = "uniform" if activation is None and initializer is None else initializer
        hidden = "relu" if activation is None else activation_of(activation)
        sizes = [nin, *nouts]
        self.layers = [
            Layer(
                sizes[index],
                sizes[index + 1],
                activation=output_activation if index == len(nouts) - 1 else hidden,
                initializer=as_drawn,
                bias=bias,
                seed=rng,
            )
            for index in range(len(nouts))
        ]
        self.name_parameters()

    def __call__(self, x: Any) -> Any:
        for layer in self.layers:
            x = layer(x)
        return x

    def parameters(self) -> list[Value]:
        """Those of the first layer, of the second, and so on."""
        own = own_attributes(self, MLP, ["layers"])
        found = _of_layers(own["layers"]) if own is not None else None
        return found or super().parameters()

    def describe(self) -> str:
        """The sizes, from the inputs to the outputs."""
        sizes = [len(self.layers[0].neurons[0].weights), *(len(lay.neurons) for lay in self.layers)]
        return "-".join(map(str, sizes))


def _numbers(given: Any, name: str) -> list[float]:
    return [Value(number).data for number in listed(given, name, "a list of numbers")]


_LINEAR = activation_of("linear")


def _of_layers(layers: Any) -> list[Value] | None:
    """The parameters of layers in a row; None where only the walk through all attributes tells."""
    rows = []
    for layer in layers if type(layers) is list else [None]:
        own = own_attributes(layer, Layer, ["activation", "neurons"])
        if own is None or not holds_nothing(own["activation"]):
            return None
        rows.append(own["neurons"])
    return of_neurons(rows)


def _given(row: list[float]) -> Initializer:
    return lambda nin, nout, rng: [row]
