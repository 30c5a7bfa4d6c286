"""Who runs the demo step: this engine in three ways, its peers, and the interpreter's floor.

Each is a function that sets up and returns `step()`. Peers are imported inside, so that one that
is not installed is merely absent. Gradients are set back before a step, outside its time, which is
the processor's: others may be at work on the machine.
"""

from __future__ import annotations

import gc
from collections.abc import Callable
from dataclasses import dataclass
from time import process_time
from typing import Any

from tests.benchmarks import demo_step
from tests.benchmarks.demo_step import Step

__all__ = ["CONTESTANTS", "OURS", "Contestant", "graph_size"]

StepFunction = Callable[[], Step]


def _stepper(
    forward: Callable[[], Any], parameters: list[Any], no_gradient: float | None = 0.0
) -> StepFunction:
    """A step on scalars that have `data`, `grad` and `backward()`."""

    def step() -> Step:
        for parameter in parameters:
            parameter.grad = no_gradient
        start = process_time()
        root = forward()
        built = process_time()
        root.backward()
        swept = process_time()
        loss = root.data
        del root
        freed = process_time()
        gradients = [float(parameter.grad) for parameter in parameters]
        return Step(built - start, swept - built, freed - swept, float(loss), gradients)

    return step


def engine() -> StepFunction:
    """This engine, expression by expression."""
    from autograd_core import Value

    layers = demo_step.initial_layers(Value)
    parameters = demo_step.parameters_of(layers)
    return _stepper(lambda: demo_step.loss(layers, Value, Value.relu), parameters)


def forward_of_nn() -> tuple[Callable[[], Any], list[Any]]:
    """The demo's loss through `nn.MLP`, where a neuron is one `dot` node, and its parameters."""
    from autograd_core import dot, sum
    from nn import MLP

    inputs, *outputs = demo_step.SIZES
    model = MLP(inputs, outputs, seed=0)
    parameters = model.parameters()
    initial = demo_step.parameters_of(demo_step.initial_layers())
    for parameter, data in zip(parameters, initial, strict=True):
        parameter.data = data

    def forward() -> Any:
        scores = [model(point) for point in demo_step.POINTS]
        margins = [
            (1 + -label * score).relu()
            for label, score in zip(demo_step.LABELS, scores, strict=True)
        ]
        return sum(margins) * (1.0 / len(margins)) + 1e-4 * dot(parameters, parameters)

    return forward, parameters


def layers_of_nn() -> StepFunction:
    """This engine through `nn.MLP`."""
    return _stepper(*forward_of_nn())


def limit() -> StepFunction:
    """A type written by hand in C for this step alone."""
    from tests.benchmarks.limit import limit_value

    number = limit_value()
    layers = demo_step.initial_layers(number)
    parameters = demo_step.parameters_of(layers)
    return _stepper(lambda: demo_step.loss(layers, number, number.relu), parameters)


def micrograd() -> StepFunction:
    """micrograd, as it comes."""
    from micrograd.engine import Value

    layers = demo_step.initial_layers(Value)
    parameters = demo_step.parameters_of(layers)
    return _stepper(lambda: demo_step.loss(layers, Value, Value.relu), parameters)


def micrograd_uncollected() -> StepFunction:
    """micrograd with Python's cycle collector off during a step; its garbage goes in between."""
    step = micrograd()

    def uncollected() -> Step:
        gc.collect()
        gc.disable()
        try:
            return step()
        finally:
            gc.enable()

    return uncollected


def xad() -> StepFunction:
    """XAD: a C++ tape under Python scalars."""
    from xad import math
    from xad.adj_1st import Real, Tape

    tape = Tape()
    tape.activate()

    def step() -> Step:
        layers = demo_step.initial_layers(Real)
        parameters = demo_step.parameters_of(layers)
        start = process_time()
        tape.registerInputs(parameters)
        tape.newRecording()
        root = demo_step.loss(layers, Real, lambda x: math.max(x, 0.0))
        built = process_time()
        tape.registerOutput(root)
        root.setDerivative(1.0)
        tape.computeAdjoints()
        swept = process_time()
        loss, gradients = root.getValue(), [p.getDerivative() for p in parameters]
        ready = process_time()
        del root
        tape.clearAll()
        freed = process_time()
        return Step(built - start, swept - built, freed - ready, loss, gradients)

    return step


def torch() -> StepFunction:
    """PyTorch on 0-dim tensors, one thread."""
    import torch

    torch.set_num_threads(1)

    def constant(x: float) -> Any:
        return torch.tensor(x, dtype=torch.float64)

    def parameter(x: float) -> Any:
        return torch.tensor(x, dtype=torch.float64, requires_grad=True)

    layers = demo_step.initial_layers(parameter)
    parameters = demo_step.parameters_of(layers)
    return _stepper(lambda: demo_step.loss(layers, constant, torch.relu), parameters, None)


def floats() -> StepFunction:
    """Python's own floats: no graph and no gradients, what the interpreter takes by itself."""
    layers = demo_step.initial_layers()

    def step() -> Step:
        start = process_time()
        loss = demo_step.loss(layers, lambda x: x, lambda x: x if x > 0 else 0.0)
        return Step(process_time() - start, 0.0, 0.0, loss, [])

    return step


@dataclass(frozen=True)
class Contestant:
    """One row of the table."""

    label: str
    prepare: Callable[[], StepFunction]
    plain: bool = False
    """Whether its process runs this engine uncompiled."""


CONTESTANTS = {
    "engine": Contestant("autograd_core", engine),
    "nn": Contestant("autograd_core, nn.MLP", layers_of_nn),
    "limit": Contestant("limit: a type in C for this step", limit),
    "plain": Contestant("autograd_core, uncompiled", engine, plain=True),
    "floats": Contestant("Python floats, no gradients", floats),
    "xad": Contestant("XAD", xad),
    "micrograd": Contestant("micrograd", micrograd),
    "micrograd_uncollected": Contestant("micrograd, collector off", micrograd_uncollected),
    "torch": Contestant("PyTorch, 0-dim tensors", torch),
}
OURS = "engine"


def graph_size() -> int:
    """How many nodes the demo step's graph has, numbers that were wrapped included."""
    from autograd_core import Value

    root = demo_step.loss(demo_step.initial_layers(Value), Value, Value.relu)
    seen = {root}
    waiting = [root]
    while waiting:
        for parent in waiting.pop().parents:
            if parent not in seen:
                seen.add(parent)
                waiting.append(parent)
    return len(seen)
