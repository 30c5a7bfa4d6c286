"""Code written for micrograd, and for a scalar Value of lectures, runs with its import changed."""

import random

import micrograd.engine
import micrograd.nn
import pytest

import nn
from autograd_core import Value
from tests.graph.lecture import trace  # its drawing notebook has it too


def sanity(Value):
    """The expression of micrograd's own test."""
    x = Value(-4.0)
    z = 2 * x + 2 + x
    q = z.relu() + z * x
    h = (z * z).relu()
    y = h + q + q * x
    return [x], y


def more_operations(Value):
    """And its second one."""
    a = Value(-4.0)
    b = Value(2.0)
    c = a + b
    d = a * b + b**3
    c += c + 1
    c += 1 + c + (-a)
    d += d * 2 + (b + a).relu()
    d += 3 * d + (b - a).relu()
    e = c - d
    f = e**2
    g = f / 2.0
    g += 10.0 / f
    return [a, b], g


@pytest.mark.parametrize("program", [sanity, more_operations])
def test_its_own_examples_give_its_numbers(program):
    ours, theirs = program(Value), program(micrograd.engine.Value)
    for _, root in (ours, theirs):
        root.backward()
    assert ours[1].data == pytest.approx(theirs[1].data, rel=1e-15)
    expected = [leaf.grad for leaf in theirs[0]]
    assert [leaf.grad for leaf in ours[0]] == pytest.approx(expected, rel=1e-15)


def train(nn, Value, steps=4):
    """micrograd's demo, shortened: hinge loss with L2 on a few points, gradient descent."""
    random.seed(1337)
    model = nn.MLP(2, [4, 4, 1])
    points = [[0.5, -1.0], [-1.5, 0.25], [1.0, 1.0], [-0.5, -0.5], [0.1, 2.0]]
    labels = [1, -1, 1, -1, 1]
    for step in range(steps):
        inputs = [list(map(Value, point)) for point in points]
        scores = list(map(model, inputs))
        losses = [(1 + -label * score).relu() for label, score in zip(labels, scores, strict=True)]
        data_loss = sum(losses) * (1.0 / len(losses))
        loss = data_loss + 1e-4 * sum(p * p for p in model.parameters())
        model.zero_grad()
        loss.backward()
        for p in model.parameters():
            p.data -= (1.0 - 0.9 * step / 100) * p.grad
    return [loss.data, *(p.data for p in model.parameters()), *(p.grad for p in model.parameters())]


def test_a_training_run_gives_its_parameters():
    # micrograd divides and accumulates in another order; the numbers agree to rounding.
    theirs = train(micrograd.nn, micrograd.engine.Value)
    assert train(nn, Value) == pytest.approx(theirs, rel=1e-11, abs=1e-14)


def test_its_drawing_notebook_reads_the_graph():
    x, y = Value(1.0), Value(2.0)
    root = (x * y + x).relu()
    nodes, edges = trace(root)
    assert (len(nodes), len(edges)) == (5, 5)
    assert {node._op for node in nodes} == {"", "*", "+", "ReLU"}


def test_a_lecture_s_neuron_by_hand():
    x1, x2 = Value(2.0), Value(0.0)
    w1, w2 = Value(-3.0), Value(1.0)
    b = Value(6.8813735870195432)
    o = (x1 * w1 + x2 * w2 + b).tanh()
    o.backward()
    grads = [v.grad for v in (x1, w1, x2, w2)]
    assert grads == pytest.approx([-1.5, 1.0, 0.5, 0.0], rel=1e-12)
    e = (2 * Value(0.881373587019543)).exp()
    assert ((e - 1) / (e + 1)).data == pytest.approx(o.data, rel=1e-14)
    assert sum([x1, x2, w1], 0.5).data == -0.5
    assert (x1**-1).data == 0.5
