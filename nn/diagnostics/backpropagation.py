"""The backpropagation table: z, a and δ of every layer at one sample, as the textbooks write them.

    zˡ = Wˡ aˡ⁻¹ + bˡ      aˡ = φ(zˡ)      δˡ = ∂C/∂zˡ      ∂C/∂Wˡ = δˡ (aˡ⁻¹)ᵀ      ∂C/∂bˡ = δˡ

Nothing is computed by these formulas here: the numbers are read from the engine's graph after
`backward()`, and so can be held against them, which `deviations()` does. How the table looks is
`backpropagation_forms`'.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograd_core import Value, gradients
from nn.diagnostics import layers_of
from nn.diagnostics.backpropagation_forms import as_html, as_latex
from nn.models.layers import Layer
from nn.models.module import Module
from nn.options import got, listed, real
from nn.training.objectives import Loss, Objective, objective
from nn.training.restoring import held

__all__ = ["BackpropagationTable", "LayerRow", "backpropagation_table"]

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class LayerRow:
    """One layer at one sample."""

    name: str
    activation: str
    z: Array
    """The weighted sums."""
    a: Array
    """The outputs."""
    delta: Array
    """∂C/∂z."""
    output_gradient: Array
    """∂C/∂a."""
    weight_gradient: Array
    """∂C/∂W, one row a neuron."""
    bias_gradient: Array
    """∂C/∂b; of no numbers where the layer has no biases."""
    weights: Array
    """W, one row a neuron."""
    slopes: Array
    """∂a/∂z, one row an output: Diag(φ'(z)) where the activation takes one sum at a time."""

    @property
    def v(self) -> Array:
        """V = Wᵀ (∂a/∂z)ᵀ, which takes ∂C/∂a of this layer to that of the layer before it."""
        product: Array = self.weights.T @ self.slopes.T
        return product


@dataclass(frozen=True, eq=False)
class BackpropagationTable:
    """The layers from the first to the last; as text, a table."""

    inputs: Array
    cost: float
    layers: list[LayerRow]

    def __str__(self) -> str:
        names = [f"{row.name} {row.activation}" for row in self.layers]
        width = max(map(len, ["inputs", *names]))
        titles = ("z", "a", "∂C/∂a", "δ = ∂C/∂z")
        lines = [f"{'layer':<{width}} unit" + "".join(f"{title:>13}" for title in titles)]
        for unit, number in enumerate(self.inputs, 1):
            name = "inputs" if unit == 1 else ""
            lines.append(f"{name:<{width}} {unit:>4}{'':>13}{number:>13.6g}")
        for name, row in zip(names, self.layers, strict=True):
            columns = zip(row.z, row.a, row.output_gradient, row.delta, strict=True)
            for unit, numbers in enumerate(columns, 1):
                shown = "".join(f"{number:>13.6g}" for number in numbers)
                lines.append(f"{name if unit == 1 else '':<{width}} {unit:>4}{shown}")
        lines.append(f"C = {self.cost:.6g}")
        return "\n".join(lines)

    __repr__ = __str__  # at a prompt the table shows itself

    def _repr_html_(self) -> str:
        return as_html(self.inputs, self.cost, self.layers)

    @property
    def latex(self) -> str:
        """The vectors and matrices of every layer, as an aligned block for LaTeX (amsmath)."""
        return as_latex(self.inputs, self.cost, self.layers)

    def deviations(self) -> dict[str, float]:
        """How far the numbers of the graph are from the four equations, at most, for each of them.

            BP1  δᴸ = (∂aᴸ/∂zᴸ)ᵀ ∂C/∂aᴸ            BP2  δˡ = (∂aˡ/∂zˡ)ᵀ (Wˡ⁺¹)ᵀ δˡ⁺¹
            BP3  ∂C/∂bˡ = δˡ                        BP4  ∂C/∂Wˡ = δˡ (aˡ⁻¹)ᵀ

        >>> from nn import MLP
        >>> model = MLP(2, [3, 1], activation="tanh", seed=0)
        >>> table = backpropagation_table(model, [0.5, -1.0], 1.0, "squared_error")
        >>> {name: size < 1e-15 for name, size in table.deviations().items()}
        {'BP1': True, 'BP2': True, 'BP3': True, 'BP4': True}
        """
        rows = self.layers
        signals = [self.inputs, *(row.a for row in rows)]
        following = pairwise(rows)
        gaps = {
            "BP1": [rows[-1].slopes.T @ rows[-1].output_gradient - rows[-1].delta],
            "BP2": [row.slopes.T @ (to.weights.T @ to.delta) - row.delta for row, to in following],
            "BP3": [row.bias_gradient - row.delta for row in rows if row.bias_gradient.size],
            "BP4": [
                row.weight_gradient - np.outer(row.delta, signal)
                for row, signal in zip(rows, signals, strict=False)
            ],
        }
        return {
            name: max((float(np.abs(gap).max()) for gap in found), default=0.0)
            for name, found in gaps.items()
        }


def backpropagation_table(
    model: Module, sample: Sequence[float] | Array, target: Any, loss: str | Loss | Objective
) -> BackpropagationTable:
    """What a forward and a backward pass over one sample leave in each layer.

    `loss` is a name or a function of the output and the target. The gradients that the parameters
    hold are left as they are.

    Raises TypeError for a model of anything but `Layer`s.

    >>> from nn import Layer
    >>> layer = Layer.of([[0.5, -0.5]], activation="sigmoid")
    >>> table = backpropagation_table(layer, [1.0, 1.0], 1.0, "squared_error")
    >>> print(table)
    layer         unit            z            a        ∂C/∂a    δ = ∂C/∂z
    inputs           1                         1
                     2                         1
    layer sigmoid    1            0          0.5           -1        -0.25
    C = 0.25
    """
    layers = layers_of(model)
    for name, layer in layers.items():
        if not isinstance(layer, Layer):
            raise TypeError(
                f"a backpropagation table is made of Layers, and {name} is a "
                f"{type(layer).__name__}; give its activation to the layer before it"
            )
    parameters = model.parameters()
    give_back = held(parameters, "grad")
    try:
        for parameter in parameters:
            parameter.grad = 0.0
        numbers = listed(sample, "sample", "a list of numbers")
        return _table(layers, [real(one, "sample") for one in numbers], target, objective(loss))
    finally:
        give_back()


def _table(
    layers: dict[str, Any], sample: list[float], target: Any, chosen: Objective
) -> BackpropagationTable:
    signal: Any = sample
    passed: list[tuple[list[Value], list[Value]]] = []
    for layer in layers.values():
        sums = [neuron.weighted_sum(signal) for neuron in layer.neurons]
        # A copy by one node, so that a linear layer's output has a gradient of its own.
        outputs = [output * 1.0 for output in layer.activate(sums)]
        passed.append((sums, outputs))
        signal = outputs
    cost = chosen.loss(signal[0] if len(signal) == 1 else signal, target)
    if not isinstance(cost, Value):
        raise TypeError(f"the loss must return a Value, {got(cost)}")
    cost.backward()
    rows = []
    for (name, layer), (sums, outputs) in zip(layers.items(), passed, strict=True):
        rows.append(
            LayerRow(
                name,
                layer.activation.name,
                np.array([z.data for z in sums]),
                np.array([a.data for a in outputs]),
                np.array([z.grad for z in sums]),
                np.array([a.grad for a in outputs]),
                np.array([[w.grad for w in neuron.weights] for neuron in layer.neurons]),
                np.array([n.bias.grad for n in layer.neurons if n.bias is not None]),
                np.array([[w.data for w in neuron.weights] for neuron in layer.neurons]),
                np.array([gradients(output, sums) for output in outputs]),
            )
        )
    return BackpropagationTable(np.array(sample), cost.data, rows)
