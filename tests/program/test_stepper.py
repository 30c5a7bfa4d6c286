"""Steppers and named parameters: flat arrays in, sums out; branches on a parameter are refused."""

from __future__ import annotations

import numpy
import pytest

from autograd_core import RecordingError, Value, detect_anomaly, record, record_closure


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
