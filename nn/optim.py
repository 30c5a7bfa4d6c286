"""Optimizers: from the gradients that `backward()` left to better parameters.

Each says which of the engine's formulas of a step it takes, and by which numbers (`Update`), as
PyTorch's optimizer of the same name; `step()` gathers the parameters' numbers and gradients and
scatters what the formula gives, `step_from()` stays on flat arrays. What an optimizer remembers
changes in place: copy to keep it. What looks along a direction before it steps is `descent`'s.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from autograd_core import Update, Value
from nn.options import flag, got, in_order, loss_of, real

__all__ = ["SGD", "Adagrad", "Adam", "AdamW", "Evaluation", "Optimizer", "RMSprop"]

Array = NDArray[np.float64]
Closure = Callable[[], Value]
"""Computes the loss anew from the parameters as they are."""


class Evaluation(Protocol):
    """A loss as a function of the parameters in a flat array."""

    def value_and_gradient(self, values: Array) -> tuple[float, Array]: ...
    def value(self, values: Array) -> float: ...


class Optimizer:
    """The base: keeps the parameters, the learning rate and the number of steps taken.

    A subclass defines `update`, or for a formula of the engine's `formulated`. The learning rate
    may be set at any time.

    Raises TypeError or ValueError for parameters or a learning rate that are none.
    """

    def __init__(self, parameters: Iterable[Value], learning_rate: float) -> None:
        if not isinstance(parameters, Iterable):
            raise TypeError(
                "an optimizer takes a list of Values, such as model.parameters(), "
                f"{got(parameters)}"
            )
        self.parameters = in_order(parameters, "the parameters")
        for parameter in self.parameters:
            if not isinstance(parameter, Value):
                raise TypeError(
                    f"an optimizer takes Values, such as model.parameters(), {got(parameter)}"
                )
            if parameter.op or parameter.constant:
                what = "a constant" if parameter.constant else f"the result of {parameter.op}"
                raise ValueError(f"{parameter!r} is {what}: only leaves can be optimized")
        if not self.parameters:
            raise ValueError("there are no parameters to optimize")
        if len(set(self.parameters)) != len(self.parameters):
            raise ValueError("a parameter is given twice: each would be stepped twice")
        self.learning_rate = learning_rate
        self.steps = 0

    @property
    def learning_rate(self) -> float:
        """The rate of the steps to come.

        Raises TypeError or ValueError where it is set to what is none.
        """
        return self._learning_rate

    @learning_rate.setter
    def learning_rate(self, rate: float) -> None:
        self._learning_rate = real(rate, "learning_rate", least=0)

    @property
    def done(self) -> bool:
        """Whether there is nothing left to step for; only a line search can tell."""
        return False

    def zero_grad(self) -> None:
        """Set the gradient of every parameter to 0."""
        for parameter in self.parameters:
            parameter.grad = 0.0

    def step(self, closure: Closure | None = None) -> Value | None:
        """Change the parameters by their gradients.

        With a closure, first clear the gradients, compute the loss and go backward; returns it.
        """
        loss = None
        if closure is not None:
            self.zero_grad()
            loss = loss_of(closure)
            loss.backward()
        self.steps += 1
        gradient = np.array([parameter.grad for parameter in self.parameters])
        self.assign(self.update(self.gather(), gradient))
        return loss

    def step_from(self, values: Array, evaluation: Evaluation) -> tuple[float, Array]:
        """The loss at some values of the parameters, and their next ones.

        No parameter is touched; the array may be overwritten.
        """
        loss, gradient = evaluation.value_and_gradient(values)
        self.steps += 1
        return loss, self.update(values, gradient)

    def gather(self) -> Array:
        """The numbers of the parameters."""
        return np.array([parameter.data for parameter in self.parameters])

    def assign(self, numbers: Array) -> None:
        """Give the parameters these numbers.

        Raises ValueError unless there are as many, and changes none then.
        """
        given = numbers.tolist()
        if len(given) != len(self.parameters):
            raise ValueError(
                f"{len(given)} numbers for {len(self.parameters)} parameters: update() must give "
                "one for each, in their order"
            )
        for parameter, number in zip(self.parameters, given, strict=True):
            parameter.data = number

    def update(self, values: Array, gradient: Array) -> Array:
        """The parameters' next values; what a subclass is written for.

        The array of values may be overwritten and returned, the gradient may not.
        """
        return self.formulated().apply(values, gradient)

    def formulated(self) -> Update:
        """The formula of step number `steps`, with what it remembers and its numbers."""
        raise NotImplementedError(f"{type(self).__name__} defines no update")


class SGD(Optimizer):
    """v ← μ v + g, p ← p - η v: (stochastic) gradient descent with momentum and weight decay.

    `nesterov` steps by g + μ v, the gradient seen from where the momentum leads.

    Raises ValueError for options out of range, or for nesterov without momentum.

    >>> x = Value(3.0)
    >>> sgd = SGD([x], 0.25)
    >>> sgd.step(lambda: x * x).data, x.data
    (9.0, 1.5)
    """

    def __init__(
        self,
        parameters: Iterable[Value],
        learning_rate: float = 1e-3,
        momentum: float = 0.0,
        weight_decay: float = 0.0,
        *,
        nesterov: bool = False,
    ) -> None:
        super().__init__(parameters, learning_rate)
        self.momentum = real(momentum, "momentum", least=0)
        self.weight_decay = real(weight_decay, "weight_decay", least=0)
        self.nesterov = flag(nesterov, "nesterov")
        if nesterov and momentum == 0:
            raise ValueError("nesterov=True looks ahead along the momentum: give one above 0")
        self.velocity: Array | None = None

    def formulated(self) -> Update:
        """Gradient descent, along the velocity if there is momentum."""
        numbers = self.learning_rate, self.weight_decay
        if not self.momentum:
            return Update("descent", (), numbers)
        begun = self.velocity is not None
        if self.velocity is None:
            self.velocity = np.zeros(len(self.parameters))
        formula = "nesterov" if self.nesterov else "momentum"
        return Update(formula, (self.velocity,), (*numbers, self.momentum, float(begun)))


class Adagrad(Optimizer):
    """Each parameter's rate shrinks with the root of its summed squared gradients (Duchi 2011)."""

    def __init__(
        self,
        parameters: Iterable[Value],
        learning_rate: float = 1e-2,
        learning_rate_decay: float = 0.0,
        weight_decay: float = 0.0,
        epsilon: float = 1e-10,
    ) -> None:
        super().__init__(parameters, learning_rate)
        self.learning_rate_decay = real(learning_rate_decay, "learning_rate_decay", least=0)
        self.weight_decay = real(weight_decay, "weight_decay", least=0)
        self.epsilon = real(epsilon, "epsilon", least=0)
        self.squares = np.zeros(len(self.parameters))

    def formulated(self) -> Update:
        """Adagrad's, at the rate of this step."""
        rate = self.learning_rate / (1 + (self.steps - 1) * self.learning_rate_decay)
        return Update("adagrad", (self.squares,), (rate, self.weight_decay, self.epsilon))


class RMSprop(Optimizer):
    """The gradient over the root of its own running mean square (Hinton 2012)."""

    def __init__(
        self,
        parameters: Iterable[Value],
        learning_rate: float = 1e-2,
        smoothing: float = 0.99,
        momentum: float = 0.0,
        weight_decay: float = 0.0,
        epsilon: float = 1e-8,
    ) -> None:
        super().__init__(parameters, learning_rate)
        self.smoothing = real(smoothing, "smoothing", least=0, below=1)
        self.momentum = real(momentum, "momentum", least=0)
        self.weight_decay = real(weight_decay, "weight_decay", least=0)
        self.epsilon = real(epsilon, "epsilon", least=0)
        self.mean_square = np.zeros(len(self.parameters))
        self.velocity = np.zeros(len(self.parameters))

    def formulated(self) -> Update:
        """RMSprop's."""
        numbers = self.learning_rate, self.weight_decay, self.smoothing, self.momentum, self.epsilon
        return Update("rmsprop", (self.mean_square, self.velocity), numbers)


class Adam(Optimizer):
    """Running means of the gradient and of its square, both freed of their start (Kingma 2015).

    `weight_decay` adds to the gradient; `AdamW` shrinks the parameters themselves.

    >>> x = Value(3.0)
    >>> adam = Adam([x], 0.5)
    >>> loss = adam.step(lambda: x * x)
    >>> round(x.data, 6)
    2.5
    """

    def __init__(
        self,
        parameters: Iterable[Value],
        learning_rate: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        weight_decay: float = 0.0,
        epsilon: float = 1e-8,
    ) -> None:
        super().__init__(parameters, learning_rate)
        if not isinstance(betas, Sequence) or len(betas) != 2:
            raise TypeError(f"betas must be a pair of numbers, as (0.9, 0.999), got {betas!r}")
        self.betas = (
            real(betas[0], "betas[0]", least=0, below=1),
            real(betas[1], "betas[1]", least=0, below=1),
        )
        self.weight_decay = real(weight_decay, "weight_decay", least=0)
        self.epsilon = real(epsilon, "epsilon", least=0)
        self.mean = np.zeros(len(self.parameters))
        self.mean_square = np.zeros(len(self.parameters))

    def formulated(self) -> Update:
        """Adam's, with what the means lack of their weight at this step."""
        return self._formulated(1.0)

    def _formulated(self, shrunk: float) -> Update:
        first, second = self.betas
        rate = self.learning_rate / (1 - first**self.steps)
        root = math.sqrt(1 - second**self.steps)
        numbers = rate, self.weight_decay, shrunk, first, second, root, self.epsilon
        return Update("adam", (self.mean, self.mean_square), numbers)


class AdamW(Adam):
    """Adam with the weight decay apart from the gradient (Loshchilov & Hutter 2019)."""

    def __init__(
        self,
        parameters: Iterable[Value],
        learning_rate: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        weight_decay: float = 1e-2,
        epsilon: float = 1e-8,
    ) -> None:
        super().__init__(parameters, learning_rate, betas, 0.0, epsilon)
        self.shrinking = real(weight_decay, "weight_decay", least=0)

    def formulated(self) -> Update:
        """Adam's, once the parameters are smaller."""
        return self._formulated(1 - self.learning_rate * self.shrinking)
