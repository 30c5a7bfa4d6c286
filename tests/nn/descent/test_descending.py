"""The ways of all optimizers: the points of a loop written out, the last one once."""

import math
import random
from itertools import count

import numpy as np
import pytest

from autograd_core import RecordingError, Value
from nn import optim, schedules
from nn.descent import Descent, GradientDescent, descend

OPTIMIZERS = {
    "SGD": lambda p: optim.SGD(p, 0.05),
    "momentum": lambda p: optim.SGD(p, 0.02, momentum=0.9),
    "Nesterov": lambda p: optim.SGD(p, 0.02, momentum=0.9, nesterov=True),
    "Adagrad": lambda p: optim.Adagrad(p, 0.5),
    "RMSprop": lambda p: optim.RMSprop(p, 0.05),
    "Adam": lambda p: optim.Adam(p, 0.1),
    "AdamW": lambda p: optim.AdamW(p, 0.1),
    "line search": lambda p: GradientDescent(p, "backtracking"),
}  # fmt: skip


def ravine():
    x, y = Value(3.0), Value(-1.0)
    return lambda: 0.5 * (x * x + 10 * y * y), [x, y]


@pytest.mark.parametrize("schedule", [None, schedules.InverseTime(0.08)])
@pytest.mark.parametrize("make", OPTIMIZERS.values(), ids=OPTIMIZERS)
def test_the_path_is_that_of_a_loop_written_out(make, schedule):
    closure, parameters = ravine()
    optimizer = make(parameters)
    points, losses = [[p.data for p in parameters]], []
    for step in range(12):
        if schedule is not None:
            optimizer.learning_rate = schedule(step)
        losses.append(optimizer.step(closure).data)
        points.append([p.data for p in parameters])
    last = closure().data
    for tier in ("eager", "replayed"):
        closure, parameters = ravine()
        way = descend(closure, make(parameters), 12, schedule=schedule, tier=tier)
        assert (way.path.tolist(), way.losses, way.loss) == (points, losses, last)
        assert [p.data for p in parameters] == points[-1]
        assert way.gradient_norm == pytest.approx(math.hypot(*(p.grad for p in parameters)))
        assert (way.tier, bool(way.reason)) == (tier, tier == "eager")


@pytest.mark.parametrize("tier", ["eager", "auto", "replayed"])
def test_a_line_search_ends_where_it_is_done(tier):
    closure, parameters = ravine()
    way = descend(closure, GradientDescent(parameters, "backtracking"), 1000, tier=tier)
    assert way.converged
    assert len(way.losses) < 1000
    assert len(way.path) == len(way.losses) + 1
    assert (np.diff(way.path, axis=0) != 0).any(axis=1).all()
    again = descend(closure, GradientDescent(parameters, "backtracking"), 5, tier=tier)
    assert (len(again.path), again.losses, again.loss) == (1, [], way.loss)


@pytest.mark.parametrize("tier", ["eager", "replayed"])
def test_a_rate_that_is_too_large_ends_where_the_loss_does(tier):
    x = Value(1.0)
    way = descend(lambda: x**4, optim.SGD([x], 1.0), 100, tier=tier)
    assert way.loss == math.inf
    assert all(map(math.isfinite, way.losses))
    assert len(way.path) == len(way.losses) + 1 < 20
    assert np.isfinite(way.path).all()
    assert x.data == way.path[-1, 0]
    assert not way.converged


def test_a_closure_is_called_once_a_step_and_may_take_another_sample_each_time():
    x, samples = Value(0.0), count(1)
    way = descend(lambda: (x - float(next(samples))) ** 2, optim.SGD([x], 0.5), 4)
    assert way.path.ravel().tolist() == [0.0, 1.0, 2.0, 3.0, 4.0]
    assert next(samples) == 6  # the loss of the last point was the fifth


def test_what_cannot_be_replayed_is_called_or_refused():
    x, rng = Value(2.0), random.Random(0)

    def noisy():
        return (x - rng.random()) ** 2

    way = descend(noisy, optim.SGD([x], 0.1), 3, tier="auto")
    assert way.tier == "eager"
    assert "again" in way.reason
    with pytest.raises(RecordingError):
        descend(noisy, optim.SGD([x], 0.1), 3, tier="replayed")

    class Halving(optim.SGD):
        def step(self, closure=None):
            self.parameters[0].data /= 2
            return closure()

    way = descend(lambda: x * x, Halving([x], 0.1), 3, tier="auto")
    assert way.reason == "Halving has a step() of its own, no step_from()"
    assert way.path[1] == way.path[0] / 2


def test_a_schedule_with_a_memory_is_told_every_loss():
    x = Value(1.0)
    plateau = schedules.ReduceOnPlateau(1.0, factor=0.5, patience=0)
    way = descend(lambda: abs(x), optim.SGD([x], 1.0), 4, schedule=plateau)
    assert way.path.ravel().tolist() == [1.0, 0.0, 0.0, 0.0, 0.0]
    assert plateau.rate < 1.0


def test_an_interrupt_leaves_the_parameters_at_the_last_point():
    x, calls = Value(1.0), count()

    def closure():
        if next(calls) == 3:
            raise KeyboardInterrupt
        return x * x

    with pytest.raises(KeyboardInterrupt):
        descend(closure, optim.SGD([x], 0.25), 9)
    assert x.data == 0.125


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"optimizer": "SGD"}, TypeError, "must be one of nn.optim or nn.descent, .* got 'SGD'"),
        ({"closure": Value(1.0)}, TypeError, "the closure must be a function .* of type Value"),
        ({"steps": 0}, ValueError, "steps must be at least 1, got 0"),
        ({"steps": 2.5}, TypeError, "steps must be an int, got 2.5"),
        ({"schedule": 0.1}, TypeError, "the schedule must be a function .* got 0.1"),
        ({"tier": "fast"}, ValueError, "tier='fast' is unknown; expected one of auto"),
    ],
)
def test_misuse_says_what_was_received(change, error, message):
    x = Value(1.0)
    given = {"closure": lambda: x * x, "optimizer": optim.SGD([x], 0.1), "steps": 3} | change
    with pytest.raises(error, match=message):
        descend(given.pop("closure"), given.pop("optimizer"), given.pop("steps"), **given)


@pytest.mark.parametrize("tier", ["eager", "auto"])
def test_a_loss_without_a_gradient_is_no_minimum(tier):
    x = Value(1.0)
    for lost in (lambda: Value(x.data**2), lambda: Value(3.0)):
        with pytest.raises(ValueError, match="depends on none of the 1 parameters"):
            descend(lost, optim.SGD([x], 0.1), 3, tier=tier)
    assert x.data == 1.0


def test_a_way_says_what_it_is():
    closure, parameters = ravine()
    assert isinstance(descend(closure, optim.SGD(parameters, 0.1), 1), Descent)
