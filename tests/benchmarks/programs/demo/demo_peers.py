"""The demo step: loss and gradient of all parameters of 2-16-16-1 on 100 points, L2 included.

What is computed is `demo_step`'s; the peers' formulations are here, this engine's in `demo_ours`.
Arrays go in and arrays come out of everybody, as each likes them; all must agree.
"""

from __future__ import annotations

from itertools import pairwise
from time import perf_counter
from typing import Any

import numpy as np

from tests.benchmarks import demo_step
from tests.benchmarks.contestants import micrograd as micrograd_stepper
from tests.benchmarks.demo_step import LABELS, POINTS, SIZES
from tests.benchmarks.programs.contest import Answer, Contestant, Ready, timed
from tests.benchmarks.programs.tensors import flat, jax_double, layers_of, torch_alone

__all__ = ["DECAY", "PEERS", "initial_parameters", "jax_loss", "torch_loss"]

DECAY = 1e-4


def initial_parameters() -> list[float]:
    """Those of `demo_step`, flat."""
    return demo_step.parameters_of(demo_step.initial_layers())


def jax_loss(layers: Any, points: Any, labels: Any) -> Any:
    """The loss on JAX's arrays."""
    import jax
    import jax.numpy as jnp

    activations = points
    for weights, biases in layers[:-1]:
        activations = jax.nn.relu(activations @ weights.T + biases)
    weights, biases = layers[-1]
    scores = (activations @ weights.T + biases)[:, 0]
    squares = sum(jnp.sum(array * array) for layer in layers for array in layer)
    return jnp.mean(jax.nn.relu(1 - labels * scores)) + DECAY * squares


def jax_jit(size: int) -> Ready:
    """`jit(value_and_grad(loss))` on tensors."""
    jax = jax_double()
    layers = jax.tree.map(jax.numpy.array, layers_of(initial_parameters(), SIZES))
    points, labels = jax.numpy.array(POINTS), jax.numpy.array(LABELS, dtype=float)
    start = perf_counter()
    both = jax.jit(jax.value_and_grad(jax_loss)).lower(layers, points, labels).compile()
    compiling = perf_counter() - start

    def work() -> Any:
        return jax.block_until_ready(both(layers, points, labels))

    def answer() -> Answer:
        loss, gradients = work()
        return [[loss], flat(gradients)]

    return Ready(lambda: timed(work), compiling, answer)


def torch_loss(layers: Any, points: Any, labels: Any) -> Any:
    """The loss on PyTorch's tensors."""
    import torch

    activations = points
    for weights, biases in layers[:-1]:
        activations = torch.relu(activations @ weights.T + biases)
    weights, biases = layers[-1]
    scores = (activations @ weights.T + biases)[:, 0]
    squares = sum((array * array).sum() for layer in layers for array in layer)
    return torch.relu(1 - labels * scores).mean() + DECAY * squares


def _torch(compiled: bool) -> Ready:
    torch = torch_alone()
    layers = [
        tuple(torch.tensor(array, requires_grad=True) for array in layer)
        for layer in layers_of(initial_parameters(), SIZES)
    ]
    arrays = [array for layer in layers for array in layer]
    points = torch.tensor(POINTS, dtype=torch.float64)
    labels = torch.tensor(LABELS, dtype=torch.float64)
    loss_of = torch.compile(torch_loss) if compiled else torch_loss

    def work() -> tuple[Any, Any]:
        loss = loss_of(layers, points, labels)
        return loss, torch.autograd.grad(loss, arrays)

    def answer() -> Answer:
        loss, gradients = work()
        return [[loss.item()], flat(pairwise_of(gradients))]

    compiling = timed(work) if compiled else None
    return Ready(lambda: timed(work), compiling, answer)


def pairwise_of(arrays: Any) -> list[tuple[Any, Any]]:
    """Weights and biases in turn, as layers."""
    return list(zip(arrays[::2], arrays[1::2], strict=True))


def torch_eager(size: int) -> Ready:
    """PyTorch on tensors, as it comes."""
    return _torch(compiled=False)


def torch_compiled(size: int) -> Ready:
    """PyTorch's compiler, which wants a C++ compiler."""
    return _torch(compiled=True)


def numpy_by_hand(size: int) -> Ready:
    """Backpropagation as one writes it on matrices."""
    layers = layers_of(initial_parameters(), SIZES)
    points, labels = np.array(POINTS), np.array(LABELS, dtype=float)

    def work() -> tuple[float, list[Any]]:
        inputs, activations = [], points
        for weights, biases in layers[:-1]:
            inputs.append(activations)
            activations = np.maximum(activations @ weights.T + biases, 0.0)
        inputs.append(activations)
        weights, biases = layers[-1]
        margins = np.maximum(1.0 - labels * (activations @ weights.T + biases)[:, 0], 0.0)
        loss = margins.mean()
        delta = (np.where(margins > 0, -labels, 0.0) / len(labels))[:, None]
        gradients = []
        for index in range(len(layers) - 1, -1, -1):
            weights, biases = layers[index]
            loss += DECAY * (np.vdot(weights, weights) + np.vdot(biases, biases))
            gradients.append(
                (delta.T @ inputs[index] + 2 * DECAY * weights, delta.sum(0) + 2 * DECAY * biases)
            )
            if index > 0:
                delta = (delta @ weights) * (inputs[index] > 0)
        return float(loss), gradients[::-1]

    def answer() -> Answer:
        loss, gradients = work()
        return [[loss], flat(gradients)]

    return Ready(lambda: timed(work), None, answer)


def casadi_map(size: int) -> Ready:
    """CasADi: one sample's expression, its gradient, both mapped over the points and summed."""
    import casadi

    start = perf_counter()
    parameters = casadi.SX.sym("p", len(initial_parameters()))
    point, label = casadi.SX.sym("x", SIZES[0]), casadi.SX.sym("y")
    activations, first = [point[index] for index in range(SIZES[0])], 0
    for inputs, outputs in pairwise(SIZES):
        rows = [first + row * (inputs + 1) for row in range(outputs)]
        sums = [
            sum(
                (parameters[row + k] * activations[k] for k in range(inputs)),
                parameters[row + inputs],
            )
            for row in rows
        ]
        first += outputs * (inputs + 1)
        activations = sums if outputs == SIZES[-1] else [casadi.fmax(z, 0) for z in sums]
    loss = casadi.fmax(1 - label * activations[0], 0)
    one = casadi.Function(
        "one", [parameters, point, label], [loss, casadi.gradient(loss, parameters)]
    )
    # The parameters are one for all points, the results are added up; L2 is nobody's sample.
    mapped = one.map("mapped", "serial", len(POINTS), [0], [0, 1])
    symbols = [
        casadi.MX.sym(*shape)
        for shape in (
            ("p", parameters.shape[0]),
            ("X", SIZES[0], len(POINTS)),
            ("y", 1, len(POINTS)),
        )
    ]
    added, gradient = mapped(*symbols)
    every = symbols[0]
    both = casadi.Function(
        "both",
        symbols,
        [
            added / len(POINTS) + DECAY * casadi.sumsqr(every),
            gradient / len(POINTS) + 2 * DECAY * every,
        ],
    )
    compiling = perf_counter() - start
    buffer, call = both.buffer()
    given = [np.array(initial_parameters()), np.array(POINTS), np.array(LABELS, dtype=float)]
    found = [np.zeros(1), np.zeros(len(given[0]))]
    held = (buffer, given)  # by nobody else
    for index, array in enumerate(given):
        buffer.set_arg(index, array.data)
    for index, array in enumerate(found):
        buffer.set_res(index, array.data)

    def answer() -> Answer:
        assert held
        call()
        return [array.tolist() for array in found]

    return Ready(lambda: timed(call), compiling, answer)


def micrograd(size: int) -> Ready:
    """micrograd, expression by expression."""
    stepper = micrograd_stepper()

    def answer() -> Answer:
        step = stepper()
        return [[step.loss], step.gradients]

    return Ready(lambda: stepper().total, None, answer)


PEERS = {
    "jax": Contestant("JAX jit", jax_jit),
    "torch": Contestant("PyTorch eager", torch_eager),
    "torch_compiled": Contestant("PyTorch compiled", torch_compiled, in_quick=False),
    "by_hand": Contestant("NumPy by hand", numpy_by_hand),
    "casadi": Contestant("CasADi map", casadi_map),
    "micrograd": Contestant("micrograd", micrograd),
}
