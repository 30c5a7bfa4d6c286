"""Everything that is done with programs, small: after each nothing may be left."""

from __future__ import annotations

import pickle
from contextlib import suppress

import numpy

import autograd_core as ag
import nn
from autograd_core import Program, Value, record, record_closure, record_graph, where
from autograd_core.program.backends.sharing import share

POINTS = numpy.linspace(-1.0, 1.0, 20)


def scalar():
    weight = Value(2.0, name="w")
    return record(lambda x: (weight * x).tanh() * x.exp() + where(x > 0, x.log(), 0.0), 0.5)


def network():
    model = nn.MLP(2, [4, 4, 1], seed=0)
    return record(lambda x, y: (1 - y * model(x)).relu(), [0.0, 0.0], 0.0)


def loop():
    def rosenbrock(x):
        return ag.sum([(x[i] - x[i + 1] ** 2) ** 2 + (1 - x[i]) ** 2 for i in range(99)])

    return record(rosenbrock, [0.5] * 100)


def both():
    return network().gradient("both", value=True)


def fails(number):
    raise ValueError(number)


def graph():
    x = Value(1.0)
    return record_graph(x * x.sin(), [x])


def closure():
    x = Value(1.0)
    return record_closure(lambda: x * x.sin(), [x])([[1.0], [2.0]])


def refused():
    with suppress(ag.RecordingError):
        record(lambda x: 1.0 if x > 0 else x, 0.0)


def failed_in_threads():
    with suppress(ValueError):
        share(fails, range(8), 2)


ACTS = {
    "one sample": lambda: scalar()(0.5),
    "many samples": lambda: scalar()(POINTS),
    "by NumPy": lambda: scalar().using("numpy")(POINTS),
    "by LLVM": lambda: scalar().using("llvm")(POINTS),
    "in threads": lambda: scalar().using("native", threads=2)(numpy.linspace(0, 1, 50_000)),
    "a loop": lambda: loop().value_and_grad([0.5] * 100),
    "backward": lambda: network().backward(numpy.zeros((5, 2)), numpy.ones(5)),
    "a sum": lambda: network().summed_gradient(numpy.zeros((5, 2)), numpy.ones(5)),
    "a stepper": lambda: network().stepper().read(),
    "third derivatives": lambda: scalar().gradient().gradient().gradient()(0.5),
    "a pullback": lambda: scalar().pull_back()(0.5, 1.0),
    "a tangent": lambda: scalar().hvp()(0.5, 1.0),
    "text": lambda: (str(network().tidied()), str(network().statistics()), str(network().passes)),
    "pictures": lambda: (network().draw().source, network().draw(fold=True).source),
    "JSON": lambda: Program.from_json(network().to_json()),
    "a pickle": lambda: pickle.loads(pickle.dumps(network())),
    "C": lambda: both().to_c("f"),
    "JavaScript": lambda: both().to_javascript().source,
    "NumPy": lambda: both().to_numpy().source,
    "JAX": lambda: both().to_jax().source,
    "PyTorch": lambda: both().to_torch().source,
    "a graph": graph,
    "a closure": closure,
    "a refusal": refused,
    "an error in threads": failed_in_threads,
}
