"""Optimizers, number for number against PyTorch's over 100 steps; the formulas' first steps."""

import json
import math
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from autograd_core import Value, sin
from nn import MLP, optim

REFERENCES = json.loads((Path(__file__).parent / "references" / "torch.json").read_text())


def objective(p):
    """The function of references/make_torch_references.py."""
    valley = sum((i + 1) / 2 * (pi - i / 3) ** 2 for i, pi in enumerate(p))
    return valley + sum(sin(a * b) for a, b in pairwise(p))


OPTIMIZERS = {
    "SGD": lambda p: optim.SGD(p, 0.01),
    "SGD momentum": lambda p: optim.SGD(p, 0.01, momentum=0.9),
    "SGD nesterov": lambda p: optim.SGD(p, 0.01, momentum=0.9, nesterov=True),
    "SGD decay": lambda p: optim.SGD(p, 0.01, momentum=0.5, weight_decay=0.1),
    "Adagrad": lambda p: optim.Adagrad(p, 0.1),
    "Adagrad decay": lambda p: optim.Adagrad(p, 0.1, 0.01, weight_decay=0.1),
    "RMSprop": lambda p: optim.RMSprop(p, 0.002),
    "RMSprop momentum": lambda p: optim.RMSprop(p, 0.001, 0.9, momentum=0.5, weight_decay=0.1),
    "Adam": lambda p: optim.Adam(p, 0.1),
    "Adam decay": lambda p: optim.Adam(p, 0.1, (0.8, 0.99), weight_decay=0.1, epsilon=1e-6),
    "AdamW": lambda p: optim.AdamW(p, 0.1),
    "AdamW decay": lambda p: optim.AdamW(p, 0.1, weight_decay=0.3),
}


def test_every_case_of_the_references_is_compared():
    assert OPTIMIZERS.keys() == REFERENCES["optimizers"].keys()


@pytest.mark.parametrize("case", OPTIMIZERS)
def test_a_hundred_steps_are_pytorchs(case):
    parameters = [Value(number) for number in REFERENCES["start"]]
    optimizer = OPTIMIZERS[case](parameters)
    kept = REFERENCES["optimizers"][case]
    for step in range(1, 101):
        optimizer.step(lambda: objective(parameters))
        if str(step) in kept:
            now = [p.data for p in parameters]
            assert now == pytest.approx(kept[str(step)], rel=1e-11, abs=1e-12)


def test_a_step_with_a_closure_is_zero_grad_backward_and_step():
    by_hand, by_closure = Value(3.0), Value(3.0)
    first, second = optim.SGD([by_hand], 0.1), optim.SGD([by_closure], 0.1)
    for _ in range(3):
        first.zero_grad()
        (by_hand * by_hand).backward()
        assert first.step() is None
        assert second.step(lambda: by_closure * by_closure).op == "mul"
    assert by_hand.data == by_closure.data
    assert first.steps == second.steps == 3


def test_the_rate_may_be_set_between_steps():
    x = Value(1.0)
    sgd = optim.SGD([x], 0.0)
    sgd.step(lambda: x * 1.0)
    assert x.data == 1.0
    sgd.learning_rate = 0.5
    for rate, error in ((math.nan, ValueError), (-1.0, ValueError), ("fast", TypeError)):
        with pytest.raises(error, match=r"learning_rate must be .*, got "):
            sgd.learning_rate = rate
    sgd.step(lambda: x * 1.0)
    assert x.data == 0.5


X = Value(1.0)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: optim.SGD([], 0.1), ValueError, "no parameters"),
        (lambda: optim.SGD([1.0], 0.1), TypeError, "takes Values, .* got 1.0 of type float"),
        (lambda: optim.SGD(MLP(2, [1]), 0.1), TypeError, "list of Values, .* got MLP"),
        (lambda: optim.SGD([X * 2], 0.1), ValueError, "the result of mul: only leaves"),
        (lambda: optim.SGD([X.detach()], 0.1), ValueError, "a constant: only leaves"),
        (lambda: optim.SGD([X, X], 0.1), ValueError, "given twice"),
        (lambda: optim.SGD([X], -0.1), ValueError, "learning_rate must be .* at least 0, got -0.1"),
        (lambda: optim.SGD([X], float("nan")), ValueError, "learning_rate must be .* got nan"),
        (lambda: optim.SGD([X], 0.1, nesterov=True), ValueError, "give one above 0"),
        (lambda: optim.Adam([X], betas=(1.0, 0.9)), ValueError, r"betas\[0\] .* below 1, got 1.0"),
        (lambda: optim.Adam([X], betas=(0.9, 1.0)), ValueError, r"betas\[1\] .* below 1, got 1.0"),
        (lambda: optim.Adam([X], betas=0.9), TypeError, "betas must be a pair of numbers, .* 0.9"),
        (lambda: optim.AdamW([X], betas=(0.9,)), TypeError, "betas must be a pair"),
        (lambda: optim.RMSprop([X], smoothing=1.5), ValueError, "smoothing .* below 1, got 1.5"),
        (lambda: optim.AdamW([X], weight_decay=-1), ValueError, "weight_decay .* got -1"),
        (lambda: optim.Optimizer([X], 0.1).step(), NotImplementedError, "defines no update"),
    ],
)
def test_misuse_says_what_was_received(call, error, message):
    with pytest.raises(error, match=message):
        call()


@pytest.mark.parametrize("name", ["SGD", "Adam"])
def test_without_decay_an_infinite_parameter_stays_what_it_is(name):
    x = Value(math.inf)
    x.grad = 1.0
    getattr(optim, name)([x], learning_rate=0.1).step()
    assert x.data == math.inf


@pytest.mark.parametrize("count", [1, 3])
def test_an_update_of_ones_own_gives_a_number_for_each_parameter_or_changes_none(count):
    class Resized(optim.Optimizer):
        def update(self, values, gradient):
            return np.resize(values, count) + 1.0

    parameters = [Value(1.0), Value(2.0)]
    with pytest.raises(ValueError, match=rf"{count} numbers for 2 parameters: update\(\) must"):
        Resized(parameters, 0.1).step()
    assert [parameter.data for parameter in parameters] == [1.0, 2.0]
