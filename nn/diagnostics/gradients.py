"""Diagnostics: how large gradients and activations are, layer by layer.

Gradients that vanish or explode on the way back, units that saturate and ReLUs that never fire are
seen here, once or while training. Single samples, written out as the textbooks do, are
`backpropagation`'s.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograd_core import grad
from nn.axes import COLORS, axes_for
from nn.data import Samples
from nn.models.layers import Layer
from nn.models.module import Module
from nn.models.sequential import Elementwise
from nn.options import by_rows, got, in_order, listed, whole
from nn.training.callbacks import Callback
from nn.training.objectives import in_evaluation, numbers
from nn.training.report import Training

__all__ = ["LayerStatistics", "Watch", "activation_statistics", "gradient_norms", "layers_of"]

FLAT = 0.01  # a slope below which a unit passes hardly any gradient on


@dataclass(frozen=True)
class LayerStatistics:
    """The outputs of a layer's units over some samples."""

    mean: float
    deviation: float
    zero: float
    """The share of outputs that are 0."""
    flat: float
    """The share at which the activation's slope is below 0.01: saturated, or a ReLU that is off."""
    dead: float
    """The share of units that are flat at every sample: they learn nothing."""


def layers_of(model: Module) -> dict[str, Module]:
    """The modules that a model puts in a row, by name; a layer by itself is its own.

    Models in models are gone into. Raises TypeError for a model that keeps no list `layers`.
    """
    if isinstance(model, Layer):
        return {"layer": model}
    steps = getattr(model, "layers", None)
    if not isinstance(steps, list | tuple):
        raise TypeError(
            "layers are looked at one by one in models that keep them in a list `layers`, as MLP "
            f"and Sequential do, {got(model)}"
        )
    found: dict[str, Module] = {}
    for place, step in enumerate(steps):
        inside = layers_of(step) if isinstance(getattr(step, "layers", None), list) else {"": step}
        for name, layer in inside.items():
            found[f"layers.{place}.{name}".removesuffix(".")] = layer
    return found


def gradient_norms(model: Module) -> dict[str, float]:
    """The norm of the gradient of each layer's parameters, as `backward()` left it.

    Norms that shrink toward the first layer are gradients that vanish, growing ones explode.

    >>> from nn import MLP
    >>> model = MLP(2, [3, 1], activation="tanh", seed=0)
    >>> model([1.0, 2.0]).backward()
    >>> list(gradient_norms(model))
    ['layers.0', 'layers.1']
    """
    norms = {}
    for name, layer in layers_of(model).items():
        parameters = dict(layer.named_parameters()) if isinstance(layer, Module) else {}
        if parameters:
            norms[name] = math.hypot(*(parameter.grad for parameter in parameters.values()))
    return norms


def activation_statistics(model: Module, samples: Samples) -> dict[str, LayerStatistics]:
    """What each layer gives for the samples, in evaluation: mean, spread, flat and dead units.

    Raises ValueError for no samples.

    >>> layer = Layer.of([[1.0], [-1.0]], [0.0, -9.0], activation="relu")
    >>> activation_statistics(layer, [[1.0], [2.0]])["layer"].dead
    0.5
    """
    rows: list[Any] = [
        listed(sample, "a sample", "numbers") for sample in in_order(by_rows(samples), "samples")
    ]
    if not rows:
        raise ValueError("activations of no samples: give at least one")

    def found() -> dict[str, LayerStatistics]:
        inputs, statistics = rows, {}
        for name, layer in layers_of(model).items():
            flat = np.array([_slopes(layer, row) for row in inputs]) < FLAT
            inputs = [_row(layer(row)) for row in inputs]
            outputs = np.array(inputs)
            statistics[name] = LayerStatistics(
                float(outputs.mean()),
                float(outputs.std()),
                float((outputs == 0).mean()),
                float(flat.mean()),
                float(flat.all(axis=0).mean()),
            )
        return statistics

    return in_evaluation(model, found)


def _row(output: Any) -> list[float]:
    listed: list[float] = numbers(output if isinstance(output, list) else [output])
    return listed


def _slopes(layer: Any, row: list[float]) -> list[float]:
    """|∂a/∂z| of each unit at a sample; 1 where the layer applies no activation by itself."""
    units: list[tuple[Callable[[Any], Any] | None, float]] = [(None, 0.0)]
    if isinstance(layer, Layer):
        units = [(n.activation.function, n.weighted_sum(row).data) for n in layer.neurons]
    elif isinstance(layer, Elementwise) and not layer.activation.takes_layer:
        units = [(layer.activation.function, z) for z in row]
    return [1.0 if function is None else abs(grad(function)(z)) for function, z in units]


class Watch(Callback):
    """A callback that keeps every few steps the gradient norms, and the activations of samples.

    >>> from nn import MLP, datasets, fit
    >>> data, watch = datasets.xor(), Watch(datasets.xor().inputs, every=5)
    >>> model = MLP(2, [4, 1], seed=0)
    >>> history = fit(model, data.inputs, data.targets, callbacks=[watch], progress=False)
    >>> watch.steps, len(watch.gradient_norms["layers.0"])
    ([5, 10], 2)
    """

    def __init__(self, samples: Samples | None = None, *, every: int = 1) -> None:
        whole(every, "every")
        if samples is not None:
            in_order(by_rows(samples), "samples")
        self.samples = samples
        self.every = every
        self.steps: list[int] = []
        self.gradient_norms: dict[str, list[float]] = {}
        self.activations: dict[str, list[LayerStatistics]] = {}

    def on_step(self, training: Training) -> None:
        """Look at the model, if it is time."""
        if training.step % self.every:
            return
        self.steps.append(training.step)
        for name, norm in gradient_norms(training.model).items():
            self.gradient_norms.setdefault(name, []).append(norm)
        if self.samples is not None:
            for name, seen in activation_statistics(training.model, self.samples).items():
                self.activations.setdefault(name, []).append(seen)

    def plot(self, axes: Any = None) -> Any:
        """Draw each layer's gradient norm over the steps, on a logarithmic scale.

        Returns the axes. Raises ValueError if nothing was seen.
        """
        if not self.steps:
            raise ValueError("there is nothing to draw: no step was watched")
        axes = axes_for(axes)
        for place, (name, norms) in enumerate(self.gradient_norms.items()):
            axes.plot(self.steps, norms, color=COLORS[place % len(COLORS)], label=name)
        axes.set_yscale("log")
        axes.set_xlabel("step")
        axes.set_ylabel("norm of the gradient")
        axes.legend()
        return axes
