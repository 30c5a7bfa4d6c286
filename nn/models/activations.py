"""Activations: what a neuron or a layer does with its weighted sum, by name or as a function.

The derivatives are the engine's. Here stand the names, the two functions that need a whole layer
(softmax and its logarithm), and which initializer suits each: an activation that cuts half of its
input away wants weights larger than one that is the identity near 0.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import reduce
from numbers import Real
from typing import Any

import autograd_core
from autograd_core import PRIMITIVES, Value, exp, logaddexp
from nn.options import by_name, check_takes, got, listed

__all__ = ["ACTIVATIONS", "Activation", "activation", "log_softmax", "log_sum_exp", "softmax"]


_NUMBER = (Value, Real)  # once: every sample of a loss asks for it


def log_sum_exp(logits: Sequence[Any]) -> Any:
    """log Σ exp(zᵢ), which neither overflows nor loses a small term's gradient, its softmax.

    Raises ValueError for no logits.

    >>> log_sum_exp([Value(1000.0), Value(1000.0)]).data
    1000.6931471805599
    """
    logits = listed(logits, "logits", "a list of numbers or Values")
    if not logits:
        raise ValueError("log_sum_exp of no logits: give at least one")
    for logit in logits:
        if not isinstance(logit, _NUMBER):
            raise TypeError(f"logits must be numbers or Values, {got(logit)}")
    return reduce(logaddexp, logits)


def log_softmax(logits: Sequence[Any]) -> list[Any]:
    """log of the softmax, finite also where the softmax itself is rounded to 0.

    >>> [z.data for z in log_softmax([Value(1000.0), Value(0.0)])]
    [0.0, -1000.0]
    """
    total = log_sum_exp(logits)
    return [logit - total for logit in logits]


def softmax(logits: Sequence[Any]) -> list[Any]:
    """exp(zᵢ) / Σ exp(zⱼ): positive numbers that add up to 1.

    >>> [p.data for p in softmax([Value(0.0), Value(0.0)])]
    [0.5, 0.5]
    """
    return list(map(exp, log_softmax(logits)))


@dataclass(frozen=True)
class Activation:
    """One activation and what goes with it."""

    name: str
    function: Callable[[Any], Any] | None
    """From the weighted sum to the output; None where it is the sum itself."""
    initializer: str = "xavier_uniform"
    """The name of the initializer that keeps signals of one size through such layers."""
    takes_layer: bool = False
    """Whether the function takes the list of a layer's sums, as softmax does, not one sum."""

    def __repr__(self) -> str:
        return self.name


# The methods, not the module functions of the same names: a training step calls them thousands of
# times, and what a neuron gives them is always a Value.
ACTIVATIONS: dict[str, Activation] = {
    row.name: row
    for row in (
        Activation("linear", None, "lecun_normal"),
        Activation("relu", Value.relu, "he_normal"),
        Activation("leaky_relu", Value.leaky_relu, "he_normal"),
        Activation("elu", Value.elu, "he_normal"),
        Activation("silu", Value.silu, "he_normal"),
        Activation("gelu", Value.gelu, "he_normal"),
        Activation("softplus", Value.softplus, "he_normal"),
        Activation("sigmoid", Value.sigmoid),
        Activation("tanh", Value.tanh),
        Activation("atan", Value.atan),
        Activation("erf", Value.erf),
        Activation("sin", Value.sin),
        Activation("gaussian", Value.gaussian),
        Activation("softmax", softmax, takes_layer=True),
        Activation("log_softmax", log_softmax, takes_layer=True),
    )
}
"""The usual activations, with the initializers that suit them."""


def activation(given: str | Callable[[Any], Any] | Activation) -> Activation:
    """The activation that a name or a function stands for.

    Names are those of `ACTIVATIONS` and of all the engine's primitives of one operand. A function
    takes the weighted sum, a Value, and returns a Value.

    Raises ValueError for an unknown name, TypeError for what is neither name nor function.

    >>> activation("tanh"), activation(lambda z: z * z.sigmoid())
    (tanh, <lambda>)
    """
    if isinstance(given, Activation):
        return given
    if isinstance(given, str) and given not in ACTIVATIONS:
        primitive = PRIMITIVES.get(given)
        if primitive is not None and primitive.arity == 1 and hasattr(Value, given):
            return Activation(given, getattr(Value, given))
    instead = " and the other primitives of one operand, or give a function from Value to Value"
    found = by_name(given, "activation", ACTIVATIONS, instead)
    if isinstance(found, Activation):
        return found
    for row in ACTIVATIONS.values():
        if row.function is found or row.name == _name_in_door(found):
            return row
    check_takes(found, "a neuron", "its weighted sum", what="the activation")
    return Activation(getattr(found, "__name__", type(found).__name__), found)


def _name_in_door(function: Callable[..., Any]) -> str | None:
    """The name of one of the engine's own functions, such as `autograd_core.tanh`."""
    name = getattr(function, "__name__", "")
    return name if getattr(autograd_core, name, None) is function else None
