"""Modules in a row, and those that have no weights: an activation by itself, and dropout."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from autograd_core import RecordingError, Value, where
from nn.models.activations import Activation, activation
from nn.models.module import Module
from nn.options import check_takes, got, listed, real
from nn.randomness import Seed, generator

__all__ = ["Dropout", "Elementwise", "Sequential"]


class Sequential(Module):
    """Each module's output is the next one's input.

    Besides modules it takes names of activations, applied to every output, and functions, applied
    to the output as a whole.

    Raises TypeError for anything else.

    >>> from nn import Layer
    >>> model = Sequential(Layer.of([[2.0], [-2.0]]), "relu", Layer.of([[1.0, 1.0]]))
    >>> model(3.0).data, model(-3.0).data
    (6.0, 6.0)
    """

    def __init__(self, *steps: Module | str | Activation | Callable[[Any], Any]) -> None:
        for place, step in enumerate(steps):
            if (
                not isinstance(step, str)
                and not callable(step)
                and not isinstance(step, Activation)
            ):
                raise TypeError(
                    f"step {place} of a Sequential must be a module, the name of an activation "
                    f"or a function, {got(step)}"
                )
            if callable(step) and not isinstance(step, Module):
                check_takes(step, "a Sequential", "the output before it", what=f"step {place}")
        self.layers = [
            Elementwise(step) if isinstance(step, str | Activation) else step for step in steps
        ]
        self.name_parameters()

    def __call__(self, x: Any) -> Any:
        for layer in self.layers:
            x = layer(x)
        return x


class Elementwise(Module):
    """An activation applied to every output of the module before; softmax to all of them together.

    >>> [y.data for y in Elementwise("relu")([Value(-1.0), Value(2.0)])]
    [0.0, 2.0]
    """

    def __init__(self, function: str | Callable[[Any], Any] | Activation) -> None:
        self.activation = activation(function)

    def __call__(self, x: Any) -> Any:
        function = self.activation.function
        if function is None:
            return x
        items, single = _items(x)
        values = [item if isinstance(item, Value) else Value(item).detach() for item in items]
        outputs = function(values) if self.activation.takes_layer else list(map(function, values))
        return outputs[0] if single else outputs

    def describe(self) -> str:
        """The activation."""
        return self.activation.name


class Dropout(Module):
    """While training, each input is 0 with a probability, and the others grow to make up for it.

    In evaluation it does nothing. (Srivastava et al. 2014; the scaling is torch's.)

    Raises ValueError unless 0 <= probability < 1, and when called RecordingError where a function
    is recorded, as its program would drop the same ones for ever.

    >>> dropout = Dropout(0.5, seed=3)
    >>> [x if type(x) is float else x.data for x in dropout([1.0, 1.0, 1.0, 1.0])]
    [0.0, 2.0, 0.0, 2.0]
    >>> dropout.eval()([1.0, 1.0])
    [1.0, 1.0]
    """

    def __init__(self, probability: float = 0.5, *, seed: Seed = None) -> None:
        self.probability = real(probability, "probability", least=0, below=1)
        # None stays None: the module `random`, which it stands for, cannot be copied or pickled.
        self.rng = None if seed is None else generator(seed)

    def __call__(self, x: Any) -> Any:
        if not self.training or self.probability == 0:
            return x
        scale = 1 / (1 - self.probability)
        items, single = _items(x)
        _check_has_numbers(items)
        draw = generator(self.rng).random
        # What is dropped counts for nothing, also where it is infinite.
        kept = [
            where(0.0, item, 0.0) if draw() < self.probability else item * scale for item in items
        ]
        return kept[0] if single else kept

    def describe(self) -> str:
        """The probability."""
        return str(self.probability)


def _check_has_numbers(items: list[Any]) -> None:
    """Complain of Values that are being recorded, which have no numbers yet."""
    for item in items:
        if isinstance(item, Value):
            try:
                _ = item.data
            except RecordingError as error:
                raise RecordingError(
                    "it draws random numbers, as Dropout does in training: a program would repeat "
                    "them at every call; record the model after eval()"
                ) from error
            return


def _items(x: Any) -> tuple[list[Any], bool]:
    """The numbers of an output as a list, and whether it was a number by itself."""
    if isinstance(x, Value | int | float):
        return [x], True
    rows = x.tolist() if hasattr(x, "tolist") else x
    return listed(rows, "what an activation or Dropout takes", "a number or a list"), False
