"""Program: sums over samples, auxiliary results, back ends, misuse."""

from __future__ import annotations

import math
import pickle
import sys
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction

import numpy
import pytest

import autograd_core as ag
from autograd_core import BackendError, Program, Value, record
from tests.interrupting import interrupted_at
from tests.program.replayed import same_bits


def line():
    weights = [Value(0.5, name="w"), Value(-1.0, name="b")]
    return weights, lambda x, y: (weights[0] * x + weights[1] - y) ** 2


def test_backward_adds_the_mean_s_gradient_to_the_captured_leaves():
    weights, loss = line()
    program = record(loss, 0.0, 0.0)
    xs, ys = [1.0, 2.0, 4.0], [0.0, 1.0, 3.0]
    mean = program.backward(xs, ys)
    found = [weight.grad for weight in weights]
    eager = ag.sum([loss(x, y) for x, y in zip(xs, ys, strict=True)]) / 3.0
    for weight in weights:
        weight.grad = 0.0
    eager.backward()
    assert mean == pytest.approx(eager.data, rel=1e-15)
    assert found == pytest.approx([weight.grad for weight in weights], rel=1e-15)
    program.backward(xs, ys)
    assert [weight.grad for weight in weights] == pytest.approx([2 * g for g in found], rel=1e-15)


def test_backward_of_a_sum_is_count_times_the_mean_s():
    weights, loss = line()
    program = record(loss, 0.0, 0.0)
    total = program.backward([1.0, 2.0], [0.0, 1.0], reduce="sum")
    summed = [weight.grad for weight in weights]
    assert total == 2 * program.backward([1.0, 2.0], [0.0, 1.0])
    assert [weight.grad for weight in weights] == [1.5 * gradient for gradient in summed]


def test_the_sum_over_samples_is_in_the_documented_order():
    _, loss = line()
    rng = numpy.random.default_rng(0)
    xs, ys = rng.normal(size=200), rng.normal(size=200)
    _, each = record(loss, 0.0, 0.0).value_and_grad(xs, ys, wrt="captured")
    partial = numpy.zeros((8, 2))
    for sample, gradient in enumerate(each):
        partial[sample % 8] += gradient
    p = partial
    expected = ((p[0] + p[4]) + (p[2] + p[6])) + ((p[1] + p[5]) + (p[3] + p[7]))
    found = record(loss, 0.0, 0.0).summed_gradient(xs, ys)
    assert same_bits(found.gradient, expected)


def test_summed_gradient_takes_parameters_and_a_seed_and_touches_no_leaf():
    weights, loss = line()
    program = record(loss, 0.0, 0.0)
    found = program.summed_gradient(1.0, 0.0, parameters=[2.0, 0.0], seed=0.5)
    assert (found.value, found.gradient.tolist(), found.auxiliary) == (4.0, [2.0, 2.0], None)
    assert [(weight.data, weight.grad) for weight in weights] == [(0.5, 0.0), (-1.0, 0.0)]
    with pytest.raises(ValueError, match="one number for each of the 2 captured"):
        program.summed_gradient(1.0, 0.0, parameters=[2.0])


def test_a_seed_is_a_real_number_whenever_it_is_asked():
    weight = Value(3.0)
    program = record(lambda x: weight * x, 0.0)
    for _ in range(2):  # the second call is a direct one
        for seed in (2, numpy.float32(2.0), numpy.array(2.0)):
            assert program.summed_gradient(5.0, seed=seed).gradient.tolist() == [10.0]
        assert program.summed_gradient(5.0, seed=10**400).gradient.tolist() == [math.inf]
        for seed in (None, "2", [1.0, 2.0], Value(1.0), Fraction(1, 2), 1j):
            with pytest.raises(TypeError, match="seed takes real numbers"):
                program.summed_gradient(5.0, seed=seed)


def test_auxiliary_results_come_along_undifferentiated():
    weight = Value(3.0)
    program = record(lambda x: (weight * x, {"doubled": 2 * x}), 0.0, auxiliary=True)
    (values, extra), gradient = program.value_and_grad([1.0, 2.0])
    assert (values.tolist(), extra["doubled"].tolist()) == ([3.0, 6.0], [2.0, 4.0])
    assert gradient.tolist() == [3.0, 3.0]
    found = program.summed_gradient([1.0, 2.0])
    assert (found.value, found.gradient.tolist()) == (9.0, [3.0])
    assert found.auxiliary["doubled"].tolist() == [2.0, 4.0]


def test_only_one_result_is_differentiated():
    program = record(lambda x: [x, x * x], 0.0)
    for ask in (
        lambda: program.value_and_grad(1.0),
        lambda: program.backward(1.0),
        program.gradient,
        program.hvp,
    ):
        with pytest.raises(TypeError, match=r"gives 2 numbers.*pull_back"):
            ask()


@pytest.mark.parametrize(
    ("ask", "error", "message"),
    [
        (lambda p: p.value_and_grad(1.0, wrt="weights"), ValueError, "'inputs', 'captured' or"),
        (
            lambda p: p.backward(1.0, reduce="max"),
            ValueError,
            "reduce='max' is unknown; expected one of mean, sum",
        ),
        (lambda p: p.backward([]), ValueError, "no mean of no samples"),
        (lambda p: p.using("fortran"), BackendError, "no back end 'fortran'; choose one of auto"),
        (lambda p: p.using(threads=0), ValueError, "threads must be a whole number"),
        (lambda p: p.using(threads=1.5), ValueError, "threads must be a whole number"),
        (lambda p: p.using(threads=True), ValueError, "threads must be .*, got True"),
        (
            lambda p: p.answered_by("x"),
            ValueError,
            "question='x' is unknown; expected one of value, gradient",
        ),
        (lambda p: p.backward(1.0), ValueError, r"has captured none: ask value_and_grad\(\)"),
        (lambda _: Program(3.0), TypeError, r"made by record\(function.*, not of 3.0"),
    ],
)
def test_misuse_is_refused_with_what_to_do(ask, error, message):
    with pytest.raises(error, match=message):
        ask(record(lambda x: x * x, 0.0))


def test_threads_may_be_a_whole_number_of_numpy_s():
    program = record(lambda x: x * x, 0.0).using(threads=numpy.int64(2))
    assert type(program.threads) is int
    assert program(3.0) == 9.0


def test_backward_of_no_samples_as_a_sum_adds_nothing():
    weight = Value(2.0)
    assert record(lambda x: x * weight, 0.0).backward([], reduce="sum") == 0.0
    assert weight.grad == 0.0


def test_a_program_is_pickled_with_its_leaves():
    weights, loss = line()
    program = record(loss, 0.0, 0.0)
    again, (w, b) = pickle.loads(pickle.dumps((program, weights)))
    assert again.captured == (w, b)
    w.data = 2.0
    assert again(1.0, 0.0) == 1.0
    assert program(1.0, 0.0) == 0.25


def test_threads_add_to_the_same_gradients():
    weights = [Value(1.0) for _ in range(3000)]
    program = record(lambda x: ag.sum([weight * x for weight in weights]), 0.0)
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(lambda _: program.backward([1.0, 1.0]), range(60)))
    finally:
        sys.setswitchinterval(before)
    assert {weight.grad for weight in weights} == {60.0}


def test_a_recorded_minimum_is_found_by_gradient_descent():
    weights, loss = line()
    program = record(loss, 0.0, 0.0)
    xs = numpy.linspace(-1, 1, 50)
    for _ in range(400):
        for weight in weights:
            weight.grad = 0.0
        program.backward(xs, 3 * xs + 1)
        for weight in weights:
            weight.data -= 0.3 * weight.grad
    assert [weight.data for weight in weights] == pytest.approx([3.0, 1.0], abs=1e-9)


def test_an_interrupt_of_a_replayed_sweep_leaves_gradients_all_old_or_all_new():
    leaves = [Value(float(number)) for number in range(1, 9)]
    program = record(lambda x: sum((leaf * x for leaf in leaves), Value(0.0)), 1.0)
    place, turns = 0, 0.0

    def work():
        program.backward([3.0])

    # Not in marks.py: its lock is given back where Python itself lets no interrupt in, but a trace
    # function does.
    while interrupted_at(place, work, lambda file: file.name == "trace.py"):
        (found,) = {leaf.grad for leaf in leaves}
        assert found in (turns, turns + 3.0), place
        turns = found
        place += 1
    assert {leaf.grad for leaf in leaves} == {turns + 3.0}
