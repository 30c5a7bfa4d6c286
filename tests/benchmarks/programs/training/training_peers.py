"""Training by Adam in batches, by JAX and by PyTorch: one epoch is one step.

JAX's Adam is written out, and all of a training step is one compiled function that gets its state's
memory back; or, to see the most it can do, a whole epoch is. The samples lie on its side from the
start; nobody but `fit` shuffles within the time.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import groupby
from typing import Any

from tests.benchmarks.programs.contest import Answer, Ready, timed
from tests.benchmarks.programs.tensors import flat, jax_double, layers_of, torch_alone
from tests.benchmarks.programs.training.tasks import Task

__all__ = ["by_jax", "by_jax_scan", "by_torch"]

FIRST, SECOND, EPSILON = 0.9, 0.999, 1e-8
"""Adam's, everywhere."""


def _jax_step(task: Task) -> Callable[[Any, Any, Any], tuple[Any, Any]]:
    """A function of state, inputs and targets to the next state and the loss."""
    import jax
    import jax.numpy as jnp

    def loss(layers: Any, inputs: Any, targets: Any) -> Any:
        outputs = inputs
        for weights, biases in layers[:-1]:
            outputs = jax.nn.relu(outputs @ weights.T + biases)
        weights, biases = layers[-1]
        outputs = outputs @ weights.T + biases
        if task.loss == "hinge":
            mean = jnp.mean(jax.nn.relu(1 - targets * outputs[:, 0]))
        else:
            right = jnp.take_along_axis(jax.nn.log_softmax(outputs), targets[:, None], axis=1)
            mean = -jnp.mean(right)
        if task.decay:
            mean += task.decay * sum(jnp.sum(p * p) for layer in layers for p in layer)
        return mean

    def step(state: Any, inputs: Any, targets: Any) -> tuple[Any, Any]:
        layers, means, squares, count = state
        value, gradients = jax.value_and_grad(loss)(layers, inputs, targets)
        count = count + 1
        means = jax.tree.map(lambda m, g: FIRST * m + (1 - FIRST) * g, means, gradients)
        squares = jax.tree.map(lambda s, g: SECOND * s + (1 - SECOND) * g * g, squares, gradients)
        size = task.rate / (1 - FIRST**count)
        root = jnp.sqrt(1 - SECOND**count)

        def moved(p: Any, m: Any, s: Any) -> Any:
            return p - size * m / (jnp.sqrt(s) / root + EPSILON)

        return (jax.tree.map(moved, layers, means, squares), means, squares, count), value

    return step


def _jax_start(task: Task) -> Any:
    import jax
    import jax.numpy as jnp

    layers = jax.tree.map(jnp.array, layers_of(task.parameters, task.sizes))
    means, squares = (jax.tree.map(jnp.zeros_like, layers) for _ in range(2))
    return layers, means, squares, jnp.array(0.0)


def _jax_ready(task: Task, epoch: Callable[[Any], Any]) -> Ready:
    """What is ready once an epoch is a function of the state, which it eats."""
    import jax

    state = [_jax_start(task)]

    def work() -> None:
        state[0] = jax.block_until_ready(epoch(state[0]))

    def answer() -> Answer:
        return [flat(epoch(_jax_start(task))[0])]

    first = timed(work)
    return Ready(lambda: timed(work), max(0.0, first - timed(work)), answer)


def by_jax(task: Task) -> Ready:
    """A training step is one call, its loss is read as `fit` reads it."""
    jax = jax_double()
    step = jax.jit(_jax_step(task), donate_argnums=0)
    inputs, targets = jax.numpy.array(task.inputs), jax.numpy.array(task.targets)
    batches = [
        (inputs, targets)
        if task.batch is None
        else (inputs[jax.numpy.array(batch)], targets[jax.numpy.array(batch)])
        for batch in task.batches()
    ]

    def epoch(state: Any) -> Any:
        for given, aims in batches:
            state, loss = step(state, given, aims)
            if not math.isfinite(loss):
                raise FloatingPointError(f"JAX's loss is {loss}")
        return state

    return _jax_ready(task, epoch)


def by_jax_scan(task: Task) -> Ready:
    """All batches of one size are one call, so that nothing comes back in between."""
    jax = jax_double()
    step = _jax_step(task)

    def through(state: Any, given: Any, aims: Any) -> Any:
        return jax.lax.scan(lambda state, batch: step(state, *batch), state, (given, aims))

    run = jax.jit(through, donate_argnums=0)
    inputs, targets = jax.numpy.array(task.inputs), jax.numpy.array(task.targets)
    stacks = [jax.numpy.array(list(batches)) for _, batches in groupby(task.batches(), key=len)]
    served = [(inputs[stack], targets[stack]) for stack in stacks]

    def epoch(state: Any) -> Any:
        for given, aims in served:
            state, _ = run(state, given, aims)
        return state

    return _jax_ready(task, epoch)


def by_torch(task: Task) -> Ready:
    """PyTorch, its eager tensors and its own Adam."""
    torch = torch_alone()
    functional = torch.nn.functional
    inputs, targets = torch.tensor(task.inputs), torch.tensor(task.targets)
    batches = [
        (inputs, targets) if task.batch is None else (inputs[batch], targets[batch])
        for batch in task.batches()
    ]

    def start() -> tuple[list[Any], Any]:
        arrays = [
            torch.tensor(array, requires_grad=True)
            for layer in layers_of(task.parameters, task.sizes)
            for array in layer
        ]
        adam = torch.optim.Adam(arrays, task.rate, (FIRST, SECOND), EPSILON, fused=True)
        return arrays, adam

    def loss_of(arrays: list[Any], given: Any, aims: Any) -> Any:
        outputs = given
        for index in range(0, len(arrays) - 2, 2):
            outputs = torch.relu(functional.linear(outputs, arrays[index], arrays[index + 1]))
        outputs = functional.linear(outputs, arrays[-2], arrays[-1])
        if task.loss == "hinge":
            mean = torch.relu(1 - aims * outputs[:, 0]).mean()
        else:
            mean = functional.cross_entropy(outputs, aims)
        if task.decay:
            mean = mean + task.decay * sum((array * array).sum() for array in arrays)
        return mean

    def epoch(arrays: list[Any], adam: Any) -> None:
        for given, aims in batches:
            adam.zero_grad()
            loss = loss_of(arrays, given, aims)
            loss.backward()
            adam.step()
            if not math.isfinite(loss.item()):
                raise FloatingPointError(f"PyTorch's loss is {loss}")

    def answer() -> Answer:
        arrays, adam = start()
        epoch(arrays, adam)
        values = [array.detach() for array in arrays]
        return [flat(zip(values[::2], values[1::2], strict=True))]

    arrays, adam = start()
    epoch(arrays, adam)
    return Ready(lambda: timed(lambda: epoch(arrays, adam)), None, answer)
