"""Prints digests of seeded work, a line each: `python -m tests.reproducible`.

Graphs, replays and trainings of functions that the package computes itself, so that the same lines
come from every process, platform, tier, back end and number of threads.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterable, Iterator

import numpy

import autograd_core
from autograd_core import BackendError, Program, Value, record
from nn import MLP, fit
from nn.optim import SGD

OURS = ("add", "sub", "mul", "div", "square", "tanh", "sigmoid", "relu", "maximum", "sqrt", "abs")
"""What is rounded alike everywhere: arithmetic, and the exponential and what is made of it."""


def digest(numbers: Iterable[float]) -> str:
    # The sign and the payload of a NaN are the processor's and mean nothing.
    text = " ".join("nan" if x != x else x.hex() for x in map(float, numbers))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def swept() -> list[float]:
    """The gradients of a graph in which most nodes are used twice."""
    source = random.Random(1)
    leaves = [Value(source.uniform(-2, 2)) for _ in range(20)]
    nodes = list(leaves)
    for _ in range(2000):
        name = source.choice(OURS)
        row = autograd_core.PRIMITIVES[name]
        operands = [source.choice(nodes[-30:]) for _ in range(row.arity or 0)]
        nodes.append(getattr(autograd_core, name)(*operands))
    autograd_core.sum(node.tanh() for node in nodes).backward()
    return [leaf.grad for leaf in leaves]


def replayed(backend: str, threads: int) -> list[float]:
    """The summed gradient of a network over several thousand samples."""
    model = MLP(2, [8, 8, 1], activation="tanh", seed=0)
    program: Program = record(lambda x, y: (model(x) - y) ** 2, [0.0, 0.0], 0.0)
    X = numpy.arange(20_000).reshape(-1, 2) % 17 / 8.0 - 1.0
    loss = program.using(backend, threads=threads).backward(X, X[:, 0] * X[:, 1])
    return [loss, *(parameter.grad for parameter in model.parameters())]


def trained(tier: str) -> list[float]:
    """The parameters of a network after some epochs."""
    inputs = numpy.arange(120).reshape(-1, 2) % 11 / 5.0 - 1.0
    model = MLP(2, [6, 1], activation="tanh", seed=0)
    fit(
        model,
        inputs,
        inputs[:, 0] * inputs[:, 1],
        optimizer=SGD(model.parameters(), 0.05, momentum=0.5),
        epochs=3,
        batch_size=16,
        seed=0,
        tier=tier,
        progress=False,
    )
    return [parameter.data for parameter in model.parameters()]


def lines() -> Iterator[str]:
    yield f"swept {digest(swept())}"
    for backend in ("native", "llvm", "numpy"):
        for threads in (1, 2, 3):
            try:
                yield f"replayed {digest(replayed(backend, threads))}"
            except BackendError:  # it is not here
                continue
    for tier in ("eager", "replayed"):
        yield f"trained {digest(trained(tier))}"


if __name__ == "__main__":
    for line in lines():
        print(line)
