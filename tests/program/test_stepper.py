"""Steppers and named parameters: flat arrays in, sums out; branches on a parameter are refused."""

from __future__ import annotations

import importlib.util

import numpy
import pytest

import autograd_core as ag
from autograd_core import RecordingError, Update, Value, detect_anomaly, record, record_closure
from nn import MLP

COMPILED = pytest.mark.skipif(not ag.compiled, reason="nothing is compiled: there are no runs")
BACKENDS = ["native"] + ["llvm"] * (importlib.util.find_spec("llvmlite") is not None)


def program_of(weights, frozen):
    return record(
        lambda x, y: ((weights[1] * x + weights[0] * frozen - y).square(), x * frozen),
        0.0,
        0.0,
        auxiliary=True,
        parameters=weights,
    )


def test_parameters_stand_first_among_the_captured_reached_or_not():
    unreached, frozen = Value(7.0), Value(3.0)
    weights = [Value(1.0), Value(2.0), unreached]
    assert program_of(weights, frozen).captured == (*weights, frozen)


def test_a_step_sums_the_gradient_by_the_parameters_alone():
    weights, frozen = [Value(1.0), Value(2.0), Value(7.0)], Value(3.0)
    stepper = program_of(weights, frozen).stepper(3)
    x, y = numpy.array([[0.5], [2.0]]), numpy.array([[1.0], [-1.0]])
    along, sums = stepper.run([x, y], numpy.array([1.5, -2.0, 7.0]), 2, 0.5)
    residual = -2.0 * x + 1.5 * 3.0 - y
    assert along.tolist() == (x * 3.0).tolist()
    expected = [(residual**2).sum(), (residual * 3.0).sum(), (residual * x).sum(), 0.0]
    assert sums.tolist() == expected
    assert [weight.data for weight in weights] == [1.0, 2.0, 7.0]


def test_seeds_may_differ_from_sample_to_sample():
    weight = Value(2.0)
    stepper = record(lambda x: weight * x, 0.0, parameters=[weight]).stepper()
    seeds = numpy.array([[1.0], [-1.0]])
    _, sums = stepper.run([numpy.array([[3.0], [5.0]])], numpy.array([2.0]), 2, seeds)
    assert sums.tolist() == [16.0, -2.0]


def test_what_one_call_was_given_no_other_call_changes(monkeypatch):
    weight, frozen = Value(2.0), Value(3.0)
    stepper = record(lambda x: weight * x * frozen, 0.0, parameters=[weight]).stepper(1)
    seen = []

    def run(blocks, captured, count, threads):
        seen.append((blocks[-1], captured))
        return numpy.empty((count, 0)), numpy.zeros(2)

    monkeypatch.setattr(stepper._runner, "run", run)
    x = numpy.array([[1.0]])
    stepper.run([x], numpy.array([5.0]), 1, 0.5)
    stepper.run([x], numpy.array([7.0]), 1, 0.25)  # from another thread, while the first computes
    assert [(seed.tolist(), captured.tolist()) for seed, captured in seen] == [
        ([[0.5]], [5.0, 3.0]),
        ([[0.25]], [7.0, 3.0]),
    ]


def test_other_leaves_are_read_anew_when_asked():
    weight, frozen = Value(2.0), Value(3.0)
    stepper = record(lambda x: weight * x * frozen, 0.0, parameters=[weight]).stepper(1)
    x = numpy.array([[1.0]])
    frozen.data = 10.0
    assert stepper.run([x], stepper.read(), 1, 1.0)[1].tolist() == [6.0, 3.0]
    stepper.refresh()
    assert stepper.run([x], stepper.read(), 1, 1.0)[1].tolist() == [20.0, 10.0]


def test_numbers_and_gradients_are_written_back_as_floats():
    weight = Value(2.0)
    stepper = record(lambda x: weight * x, 0.0, parameters=[weight]).stepper()
    stepper.write(numpy.array([5.0]), numpy.array([-1.0]))
    assert (weight.data, weight.grad) == (5.0, -1.0)
    assert type(weight.data) is type(weight.grad) is float


def test_a_program_of_several_results_has_no_stepper():
    with pytest.raises(TypeError, match="a program of one result, but this one gives 2"):
        record(lambda x: [x, x], 0.0).stepper()


@pytest.mark.parametrize("count", [-1, 2, 0.5, "all"])
def test_a_stepper_is_for_captured_leaves_that_are_there(count):
    weight = Value(2.0)
    with pytest.raises(ValueError, match=f"from 0 to the 1 captured leaves, got {count!r}"):
        record(lambda x: weight * x, 0.0).stepper(count)


def test_a_branch_on_a_parameter_is_refused_and_leaves_the_parameter_as_it_was():
    weight = Value(2.0)
    with pytest.raises(RecordingError, match=r"bool\(\) of a Value that is being recorded"):
        record(lambda x: x if weight > 0 else -x, 0.0, parameters=[weight])
    assert weight.data == 2.0


def test_a_closure_is_a_program_of_its_leaves_numbers():
    x, y, other = Value(2.0), Value(3.0), Value(5.0)
    program = record_closure(lambda: x * y + other, [x, y])
    assert program([[2.0, 3.0], [0.5, -2.0]]).tolist() == [11.0, 4.0]
    other.data = 0.0
    value, gradient = program.value_and_grad([2.0, 3.0])
    assert (value, gradient.tolist()) == (6.0, [3.0, 2.0])


@pytest.mark.parametrize(
    ("leaves", "error", "message"),
    [
        (lambda x: [x, x], ValueError, "given twice"),
        (lambda x: [x * 2.0], TypeError, "leaves of a graph, got Value"),
        (lambda x: [1.0], TypeError, "leaves of a graph, got 1.0"),
        (lambda x: {x}, TypeError, "in an order, as in a list, got {Value"),
        (lambda x: MLP(1, [1]), TypeError, r"got MLP.*; give its parameters\(\)"),
        (lambda x: None, TypeError, "in an order, as in a list, got None"),
    ],
)
def test_parameters_that_are_none_are_refused(leaves, error, message):
    x = Value(1.0)
    with pytest.raises(error, match=message):
        record_closure(lambda: x * x, leaves(x))


def test_a_mode_says_whether_it_is_on():
    assert not detect_anomaly.is_on()
    with detect_anomaly():
        assert detect_anomaly.is_on()
    assert not detect_anomaly.is_on()


def descending(backend="native"):
    """A stepper of one weight: the squared distance from a target, and the input along with it."""
    weight, frozen = Value(2.0), Value(1.0)
    program = record(
        lambda x, y: ((weight * x * frozen - y).square(), x),
        0.0,
        0.0,
        auxiliary=True,
        parameters=[weight],
    )
    stepper = program.using(backend).stepper(1)
    for count in (1, 2):  # what runs so many is made at the first call
        stepper.run([numpy.ones((count, 1))] * 2, numpy.ones(1), count, 1.0)
    return stepper


ROWS = numpy.array([[1.0], [2.0], [3.0], [4.0], [5.0]])
ORDER = numpy.arange(5)
DOWN = Update("descent", (), (0.01, 0.0))


@COMPILED
@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("order", [[0, 1, 2, 3, 4], [3, 0, 4, 4, 2]])
@pytest.mark.parametrize("mean", [True, False])
def test_steps_in_a_run_are_those_taken_one_by_one(mean, order, backend):
    stepper = descending(backend)
    weights, losses = numpy.array([2.0]), []
    expected, seen, start = numpy.array([2.0]), [], 0
    given = (ROWS, 2.0 + ROWS, numpy.array(order), [2, 2, 1], weights, [DOWN] * 3, losses)
    gradient, along = stepper.descend(*given, mean=mean)
    for count in (2, 2, 1):
        rows = ROWS[order[start : start + count]]
        seed = 1.0 / count if mean else 1.0
        _, sums = stepper.run([rows, 2.0 + rows], expected, count, seed)
        seen.append(sums[0] * seed)
        expected = DOWN.apply(expected, sums[1:])
        start += count
    assert losses == seen
    assert weights.tolist() == expected.tolist()
    assert gradient.tolist() == sums[1:].tolist()
    assert along.tolist() == ROWS[order].tolist()


@COMPILED
def test_a_run_ends_when_its_time_is_up_and_where_something_is_to_be_asked():
    for options, rows, done in (
        ({"seconds": 0.0}, ROWS, 1),
        ({}, numpy.array([[1.0], [2.0], [numpy.inf], [4.0], [5.0]]), 1),
        ({}, numpy.array([[numpy.nan], [2.0], [3.0], [4.0], [5.0]]), 0),
    ):
        weights, losses = numpy.array([2.0]), []
        _, along = descending().descend(
            rows, ROWS, ORDER, [2, 2, 1], weights, [DOWN] * 3, losses, mean=True, **options
        )
        assert len(losses) == done
        assert len(along) == 2 * done
        assert (weights[0] != 2.0) == bool(done)


@COMPILED
@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"inputs": ROWS[:4]}, "as many targets as 4 inputs and 5 places, got 5 and 5"),
        ({"targets": ROWS[:4]}, "as many targets as 5 inputs and 5 places, got 4 and 5"),
        ({"order": ORDER[:4]}, "as many targets as 5 inputs and 5 places, got 5 and 4"),
        ({"order": ORDER + 1}, "there is no row 5 of 5"),
        ({"order": ORDER - 1}, "there is no row -1 of 5"),
        ({"inputs": numpy.ones((5, 2))}, "expected 3 columns, got 4"),
        ({"parameters": numpy.ones(2)}, "expected 1 parameters, got 2"),
        ({"updates": [DOWN]}, "expected 3 rows of 2 numbers"),
        ({"updates": [Update("descent", (), (0.1,))] * 3}, "expected 3 rows of 2 numbers"),
        ({"losses": [0.5]}, "expected an empty list"),
    ],
)
def test_a_run_refuses_what_would_read_beyond_an_array(change, message):
    given = {
        "inputs": ROWS,
        "targets": ROWS,
        "order": ORDER,
        "sizes": [2, 2, 1],
        "parameters": numpy.ones(1),
        "updates": [DOWN] * 3,
        "losses": [],
        "mean": True,
    }
    with pytest.raises(ValueError, match=message):
        descending().descend(**{**given, **change})


@COMPILED
def test_updates_of_two_kinds_and_other_back_ends_are_left_to_single_steps():
    velocity = numpy.zeros(1)
    along = Update("momentum", (velocity,), (0.1, 0.0, 0.9, 0.0))
    for stepper, updates in (
        (descending(), [DOWN, along]),
        (descending("numpy"), [DOWN, DOWN]),
    ):
        losses = []
        stepper.descend(ROWS, ROWS, ORDER[:4], [2, 2], numpy.ones(1), updates, losses, mean=True)
        assert losses == []
