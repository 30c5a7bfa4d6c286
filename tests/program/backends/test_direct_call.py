"""Direct calls: the bits, forms and errors of all others, and none of another's numbers."""

from __future__ import annotations

import importlib.util
import math
import threading
from collections import namedtuple
from concurrent.futures import ThreadPoolExecutor

import numpy
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autograd_core as ag
import nn
from autograd_core import Value, record
from autograd_core.program.backends.choice import native_is_compiled
from autograd_core.testing import expressions
from tests.program.replayed import same_bits

pytestmark = pytest.mark.skipif(not native_is_compiled(), reason="only compiled programs have them")

BACKENDS = ["native"] + ["llvm"] * (importlib.util.find_spec("llvmlite") is not None)
NUMBERS = st.floats(width=64) | st.sampled_from([0.0, -0.0, 1.0, math.inf, -math.inf, math.nan])
Pair = namedtuple("Pair", "first second")


def slowly(call, program, *arguments, **more):
    """What a program without direct calls gives."""
    program._direct.clear()
    program._direct_gradients.clear()
    return call(program)(*arguments, **more)


def directly(call, program, *arguments, **more):
    """What a direct call gives; it fails if the call is none."""
    call(program)(*arguments, **more)
    before = program._runner
    program._runner = None  # nothing but a direct call does without
    try:
        return call(program)(*arguments, **more)
    finally:
        program._runner = before


def alike(one, other):
    if isinstance(one, tuple | list):
        assert type(one) is type(other)
        assert len(one) == len(other)
        return all(map(alike, one, other))
    if isinstance(one, dict):
        return list(one) == list(other) and alike(list(one.values()), list(other.values()))
    assert type(one) is type(other)
    assert numpy.shape(one) == numpy.shape(other)
    return same_bits(one, other)


def value(program):
    return program.__call__


def gradient(program):
    return program.value_and_grad


def check(program, *arguments, calls=(value, gradient), **more):
    for backend in BACKENDS:
        asked = program.using(backend=backend)
        for call in calls:
            found = directly(call, asked, *arguments, **more)
            assert alike(found, slowly(call, asked, *arguments, **more)), (backend, call)


@settings(max_examples=60, deadline=None)
@given(expressions(arity=2, max_size=12), st.lists(st.tuples(NUMBERS, NUMBERS), min_size=2))
def test_the_bits_are_those_of_other_calls(expression, points):
    program = record(expression, 0.5, 0.5).using(backend="native")
    columns = numpy.array(points).T.copy()
    for arguments in (points[0], points[1], tuple(columns)):
        for call in (value, gradient):
            found = directly(call, program, *arguments)
            assert alike(found, slowly(call, program, *arguments))


@pytest.mark.parametrize("samples", [2, 7, 8, 100, 1024])
def test_lanes_and_sums_are_those_of_other_calls(samples):
    model = nn.MLP(2, [5, 1], seed=0)
    draw = numpy.random.default_rng(samples)
    x, y = draw.normal(size=(samples, 2)), draw.normal(size=samples)
    program = record(lambda x, y: (model(x).tanh() - y) ** 2, [0.0, 0.0], 0.0)
    check(program, x, y)
    for wrt in ("captured", "both"):
        check(program, x, y, calls=[gradient], wrt=wrt)
        check(program, x[0], y[0], calls=[gradient], wrt=wrt)
    for backend in BACKENDS:
        asked = program.using(backend=backend)
        for arguments in ((x, y), (x[0], 0.5)):
            for reduce in ("mean", "sum"):
                found = []
                for way in (slowly, directly):
                    for leaf in program.captured:
                        leaf.grad = 0.25
                    number = way(lambda p: p.backward, asked, *arguments, reduce=reduce)
                    times = 2 if way is directly else 1  # once before it is prepared
                    found.append((number, [(v.grad - 0.25) / times for v in program.captured]))
                assert found[0][0] == found[1][0]
                assert found[0][1] == pytest.approx(found[1][1], rel=1e-12, abs=1e-12)
            numbers = draw.normal(size=len(program.captured))
            for more in ({}, {"parameters": numbers}, {"seed": 0.5}):
                one, other = (
                    way(lambda p: p.summed_gradient, asked, *arguments, **more)
                    for way in (slowly, directly)
                )
                assert (one.value, one.auxiliary) == (other.value, other.auxiliary)
                assert same_bits(one.gradient, other.gradient)


def test_a_gradient_is_added_once_to_what_a_leaf_has():
    w = Value(3.0)
    for backend in BACKENDS:
        program = record(lambda x: w * x, 0.0).using(backend=backend)
        x = numpy.array([1.0, 2.0])
        for expected in (1.5, 3.0, 4.5):
            assert program.backward(x) == 4.5
            assert w.grad == expected
        assert directly(lambda p: p.backward, program, x, reduce="sum") == 9.0
        w.grad = 0.0


@pytest.mark.parametrize(
    "function",
    [
        lambda x, v: x * v[0] + v[1],
        lambda x, v: (x * v[0], v[1]),
        lambda x, v: [x, [v[0], v[1]]],
        lambda x, v: {"product": x * v[0], "more": [v[1].exp(), x]},
        lambda x, v: Pair(x + v[0], {"b": v[1]}),
        lambda x, v: (1.0, x),
    ],
)
def test_results_have_the_form_that_was_recorded(function):
    program = record(function, 0.5, [1.0, 2.0])
    pairs = numpy.arange(6.0).reshape(3, 2)
    for arguments in ((0.5, [2.0, 3.0]), (numpy.arange(3.0), pairs), (1.5, pairs)):
        check(program, *arguments, calls=[value])


def test_what_comes_along_is_given_too():
    program = record(lambda x: (x * x, {"half": x / 2}), 0.0, auxiliary=True)
    check(program, 3.0)
    check(program, numpy.arange(5.0))


STORED = numpy.arange(24.0).reshape(4, 6)


@pytest.mark.parametrize(
    "numbers",
    [
        [1.0, 2.0, 3.0],
        [numpy.float64(1.0), 2.0, 3.0],
        [1, 2.0, 2**53 + 1],
        [-(2**63), 2**62 + 257, 0],
        STORED[0, ::2],
        STORED[0, 2::-1],
        STORED[:3, 1],
        STORED[:, :3],
        STORED[::-1, 1::2],
        STORED.T[:, 1:],
        numpy.asfortranarray(STORED[:, :3]),
    ],
)
def test_numbers_are_read_where_they_stand(numbers):
    w = [Value(0.5), Value(-2.0)]
    program = record(lambda x: x[0] * w[0] + x[1] * x[2] * w[1], [0.0] * 3)
    check(program, numbers)


@pytest.mark.parametrize(
    "given",
    [
        [True, 2.0, 3],
        [2**63, 2.0, 2**64],
        (1.0, 2.0, 3.0),
        numpy.arange(3),
        numpy.arange(3, dtype=numpy.float32),
        numpy.arange(3, dtype=">f8"),
        numpy.frombuffer(b"." + numpy.arange(3.0).tobytes(), dtype=float, offset=1),
        numpy.arange(6.0).reshape(1, 2, 3),
        numpy.arange(3.0).reshape(1, 3),
        numpy.empty((0, 3)),
        numpy.broadcast_to(numpy.arange(3.0), (5, 3)),
        numpy.ma.masked_array(numpy.arange(3.0)),
    ],
)
def test_what_is_to_be_made_numbers_of_is_as_ever(given):
    program = record(lambda x: x[0] * x[1] + x[2], [0.0] * 3)
    expected = numpy.asarray(given, dtype=float)
    expected = expected[..., 0] * expected[..., 1] + expected[..., 2]
    for _ in range(3):
        assert numpy.array_equal(program(given), expected)


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (([1.0],), TypeError),
        (([1.0], 1.0, 1.0), TypeError),
        (([1.0, 2.0], 0.0), ValueError),
        ((numpy.zeros(3), 0.0), ValueError),
        ((numpy.zeros((2, 1)), numpy.zeros(3)), ValueError),
        ((["a"], 0.0), TypeError),
        (([1.0], 1j), TypeError),
        (([1.0], Value(1.0)), TypeError),
        (([1.0], None), TypeError),
    ],
)
def test_what_does_not_fit_raises_the_same_before_and_after(arguments, error):
    weight = Value(3.0)
    program = record(lambda x, y: weight * x[0] * y, [0.0], 0.0)
    said = []
    for _ in range(2):
        for call in (value, gradient, lambda p: p.backward, lambda p: p.summed_gradient):
            with pytest.raises(error) as raised:
                call(program)(*arguments)
            said.append(str(raised.value))
        for call in (value, gradient, lambda p: p.backward, lambda p: p.summed_gradient):
            call(program)([1.0], 2.0)
    assert said[:4] == said[4:]


def test_wrong_choices_are_told_from_right_ones_after_calls_too():
    weight = Value(3.0)
    program = record(lambda x: weight * x * x, 0.0)
    program(1.0), program.value_and_grad(1.0), program.backward(1.0)
    with pytest.raises(ValueError, match="'inputs', 'captured' or 'both'"):
        program.value_and_grad(1.0, wrt="value")
    with pytest.raises(ValueError, match="expected one of mean, sum"):
        program.backward(1.0, reduce="most")


def test_leaves_are_read_anew_at_each_call():
    w = Value(2.0)
    for backend in BACKENDS:
        program = record(lambda x: w * x, 0.0).using(backend=backend)
        for number in (2.0, 3.0, -1.5):
            w.data = number
            assert program(2.0) == 2 * number
            assert program.value_and_grad(2.0) == (2 * number, number)


def test_zeros_win_over_what_is_not_finite():
    for function in (lambda x: ag.where(x > 0, x.log(), x), lambda x: ag.relu(x) * (1 / x)):
        for backend in BACKENDS:
            program = record(function, 1.0).using(backend=backend)
            for x in (2.0, 0.0, numpy.array([0.0, -1.0, 2.0, 0.0])):
                for call in (value, gradient):
                    expected = slowly(call, program, x)
                    for _ in range(2):  # LLVM leaves such calls to another back end
                        assert alike(call(program)(x), expected)


def test_a_program_without_arguments_is_called_directly():
    w = Value(2.0)
    check(record(lambda: w.exp()), calls=[value])
    check(record(lambda: w.exp()), calls=[gradient], wrt="captured")


@pytest.mark.parametrize("count", [2, 9, 300])
def test_sums_and_means_over_all_samples_are_called_directly(count):
    w = Value(0.5, name="w")
    program = record(lambda x, y, scale: (w * x[0] - y * scale).sin() * x[1], [0.0, 0.0], 0.0, 0.0)
    draw = numpy.random.default_rng(count)
    x, y = draw.normal(size=(count, 2)), draw.normal(size=count)
    for call in (gradient, lambda asked: asked.grad):
        for asked in ({"sum": 0}, {"mean": 0}, {"mean": -1}, {"sum": -1}):
            for wrt in (2, "x", ("scale", w), {"w": [w]}, "captured"):
                check(program, x, y, 0.5, calls=[call], wrt=wrt, **asked)
                check(program, x[::-1], y.copy(), 2, calls=[call], wrt=wrt, **asked)


def test_sums_along_other_axes_are_told_from_those_over_all_samples():
    program = record(lambda x, y: x * y, 0.0, 0.0)
    x, y = numpy.array([1.0, 2.0, 3.0]), numpy.array([[1.0], [10.0]])
    assert program.value_and_grad(x, 2.0, wrt=1, sum=0) == (12.0, 6.0)
    for _ in range(2):
        assert program.grad(x, y, wrt=1, sum=0).tolist() == [2.0, 4.0, 6.0]
        assert program.grad(x, y, wrt=1, sum=1).tolist() == [6.0, 6.0]
        assert program.grad(x, y, wrt=1, mean=(0, 1)) == 2.0
        assert program.value_and_grad(x, 2.0, wrt=1, sum=0) == (12.0, 6.0)
        for wrong, error in (
            (1, ValueError),
            (True, TypeError),
            (False, TypeError),
            (-2, ValueError),
        ):
            with pytest.raises(error, match=r"ax[ei]s"):
                program.value_and_grad(x, 2.0, wrt=1, sum=wrong)
        with pytest.raises(ValueError, match="this call is of one sample"):
            program.value_and_grad(1.0, 2.0, wrt=1, sum=0)
        with pytest.raises(ValueError, match="twice"):
            program.value_and_grad(x, 2.0, wrt=1, sum=0, mean=0)


def test_gradients_alone_are_called_directly():
    w = Value(0.5, name="w")
    program = record(lambda x, y: (w * x[0] - y).sin() * x[1], [0.0, 0.0], 0.0)
    x, y = numpy.arange(8.0).reshape(4, 2), numpy.arange(4.0)
    for wrt in ("inputs", 0, "y", ("y", 0), "captured"):
        check(program, x, y, calls=[lambda asked: asked.grad], wrt=wrt)
        check(program, [0.5, 1.0], 2.0, calls=[lambda asked: asked.grad], wrt=wrt)


def test_more_numbers_than_a_call_has_at_hand():
    program = record(lambda x: sum(x[1:], x[0] * x[0]), [0.0] * 300)
    numbers = numpy.arange(300.0)
    check(program, numbers)
    check(program, numbers.tolist())
    check(program, numpy.stack([numbers, -numbers]))


@pytest.mark.parametrize("backend", BACKENDS)
def test_threads_do_not_get_one_another_s_numbers(backend):
    model = nn.MLP(3, [16, 16, 1], seed=0)
    program = record(lambda x: model(x), [0.0] * 3).using(backend=backend)
    batches = numpy.random.default_rng(0).normal(size=(16, 400, 3))
    expected = [(program(batch), program.value_and_grad(batch[0])) for batch in batches]
    ready = threading.Barrier(8)

    def work(start):
        ready.wait()
        for k in range(200):
            place = (start + k) % len(batches)
            values, (one, slope) = expected[place]
            assert same_bits(program(batches[place]), values)
            found, own = program.value_and_grad(batches[place][0])
            assert found == one
            assert same_bits(own, slope)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(8)))


def test_results_are_nobody_else_s():
    program = record(lambda x: (x[0], x[1]), [0.0, 0.0])
    x = numpy.arange(4.0).reshape(2, 2)
    first, _ = program(x), program(x)
    second, third = program(x), program(x)
    second[0][:] = 7.0
    assert x.tolist() == [[0.0, 1.0], [2.0, 3.0]]
    assert first[0].tolist() == third[0].tolist() == [0.0, 2.0]


def test_a_busy_program_goes_over_to_llvm_in_direct_calls_too():
    if len(BACKENDS) == 1:
        pytest.skip("LLVM is not installed")
    program = record(lambda x: x.exp() * x, 0.0)
    x = numpy.linspace(-1.0, 1.0, 1000)
    expected = program(x)
    runner = program._runner("value")
    assert runner.kernel.name == "native"
    runner.patience = 1e-9
    assert same_bits(program(x), expected)
    assert runner.kernel.name == "llvm"
    assert same_bits(program(x), expected)
    assert same_bits(directly(value, program, x), expected)
