"""The native interpreter: the bits of the table's forward functions, on every path through it."""

from __future__ import annotations

import math
import random
import signal
import threading
from concurrent.futures import ThreadPoolExecutor

import numpy
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autograd_core as ag
from autograd_core import BackendError, ProgramError
from autograd_core.primitives import PRIMITIVES, ROWS, kind_of
from autograd_core.program.backends.machine import long_calls
from autograd_core.program.backends.native import native_kernel
from autograd_core.program.backends.native.native_kernel import NativeKernel
from autograd_core.program.backends.numpy.numpy_kernel import NumPyKernel
from autograd_core.program.code.flat import Code
from tests.primitives.bits import EXTREMES
from tests.primitives.choices import CHOICES, points_of_choices
from tests.primitives.samples import samples
from tests.program.codes import KINDS, codes, gradient, recorded, tidied
from tests.program.networks import perceptron_gradient, perceptron_loss
from tests.program.replayed import eagerly, same_bits

pytestmark = pytest.mark.skipif(not native_kernel.available(), reason="nothing is compiled")

NUMBERS = st.floats(width=64) | st.sampled_from(EXTREMES)
SETS = native_kernel.native_interpreter.supported_sets() if native_kernel.available() else []
COUNTS = [0, 1, 2, 7, 8, 9, 63, 64, 65, 1000, 1025, 3001]


def assert_numpy_agrees(code, summed, blocks, captured, count):
    expected = NumPyKernel(code, summed).run(blocks, captured, count)
    for name in SETS:
        found = NativeKernel(code, summed, name).run(blocks, captured, count)
        assert same_bits(found[0], expected[0]), name
        assert same_bits(found[1], expected[1]), name


@settings(max_examples=300, deadline=None)
@given(codes(most=30), st.booleans(), st.data())
def test_any_program_has_the_bits_of_the_other_back_ends(code, with_gradient, data):
    if with_gradient and len(code.outputs):
        code = tidied(gradient(code))
    count = data.draw(st.sampled_from([1, 2, 9, 70]))
    summed = data.draw(st.integers(0, len(code.outputs)))
    source = random.Random(data.draw(st.integers(0, 2**32)))
    numbers = [*data.draw(st.lists(NUMBERS, min_size=1, max_size=8)), 1.0, -2.5, 0.0]
    drawn = [source.choice(numbers) for _ in range(count * code.inputs)]
    captured = numpy.array([source.choice(numbers) for _ in range(code.captured)], dtype=float)
    block = numpy.array(drawn, dtype=float).reshape(count, code.inputs)
    assert_numpy_agrees(code, summed, [block], captured, count)


def of_one_row(kind: int, count: int, varying: int) -> Code:
    """One instruction; operand k varies from sample to sample if bit k is set, else is captured."""
    places = [place for place in range(count) if varying >> place & 1]
    places += [place for place in range(count) if not varying >> place & 1]
    operands = [places.index(place) for place in range(count)]
    inputs = varying.bit_count()
    listed = ROWS[kind].arity not in (1, 2)
    row = (kind, 0, count) if listed else (kind, *operands, *[0] * (2 - count))
    return Code(
        inputs,
        count - inputs,
        numpy.empty(0),
        numpy.array([row], dtype=numpy.int32),
        numpy.array(operands if listed else [], dtype=numpy.int32),
        numpy.array([count], dtype=numpy.int32),
    )


@pytest.mark.parametrize("name", SETS)
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: ROWS[kind].name)
def test_every_row_has_the_bits_of_its_forward_function(kind, name):
    row, source = ROWS[kind], random.Random(kind)
    points = samples(row, 60, seed=5)
    count = row.arity or max(map(len, points))
    points = [point for point in points if len(point) == count]
    points += [tuple(source.choice(EXTREMES) for _ in range(count)) for _ in range(70)]
    for varying in range(2**count):
        kernel = NativeKernel(of_one_row(kind, count, varying), 0, name)
        inputs = [place for place in range(count) if varying >> place & 1]
        rest = [place for place in range(count) if not varying >> place & 1]
        for fixed in points[:: 10 if not inputs else 40]:
            block = numpy.array([[point[place] for place in inputs] for point in points])
            captured = numpy.array([fixed[place] for place in rest])
            values, _ = kernel.run([block.reshape(len(points), -1)], captured, len(points))
            merged = [
                tuple(point[k] if k in inputs else fixed[k] for k in range(count))
                for point in points
            ]
            assert same_bits(values[:, 0], [row.forward(*point) for point in merged])
    one = NativeKernel(of_one_row(kind, count, 2**count - 1), 0, name)
    for point in points[::9]:
        values, _ = one.run([numpy.array([point])], numpy.empty(0), 1)
        assert same_bits(values[0, 0], row.forward(*point))


@pytest.mark.parametrize("name", SETS)
@pytest.mark.parametrize("row", CHOICES)
def test_what_the_second_operand_chooses_is_right_in_all_lanes_and_in_some(row, name):
    kind, forward = kind_of(row), PRIMITIVES[row].forward
    for points in points_of_choices(row):
        expected = [forward(*point) for point in points]
        block = numpy.array(points)
        varying = NativeKernel(of_one_row(kind, 2, 3), 0, name)
        assert same_bits(varying.run([block], numpy.empty(0), len(points))[0][:, 0], expected)
        if (block[:, 1] == block[0, 1]).all():
            same = NativeKernel(of_one_row(kind, 2, 1), 0, name)
            values, _ = same.run([block[:, :1]], block[0, 1:], len(points))
            assert same_bits(values[:, 0], expected)


def points_of(count, seed=0):
    return numpy.random.default_rng(seed).normal(size=(count, 3))


def test_a_network_s_gradient_has_the_bits_of_the_eager_engine():
    loss = perceptron_loss()
    code, captured = recorded(loss, *[0.5] * 3)
    program = tidied(gradient(code, range(3)))
    points = points_of(21)
    numbers = numpy.array([leaf.data for leaf in captured])
    for count in (1, 21):
        values, _ = NativeKernel(program).run([points[:count]], numbers, count)
        expected, slopes = eagerly(loss, points[:count].tolist())
        assert same_bits(values[:, 0], expected)
        assert same_bits(values[:, 1:], slopes)


@pytest.mark.parametrize("count", COUNTS)
def test_sums_are_in_the_documented_order(count):
    code, captured = perceptron_gradient()
    for summed in (1, len(code.outputs) // 2, len(code.outputs)):
        assert_numpy_agrees(code, summed, [points_of(count)], captured, count)


@pytest.mark.parametrize("broken", [math.inf, -math.inf, math.nan])
def test_a_zero_cotangent_is_strong_against_what_is_not_finite(broken):
    code, captured = perceptron_gradient()
    for place in range(0, len(captured), 5):
        numbers, points = captured.copy(), points_of(37, seed=place)
        numbers[place] = broken
        points[place % 37, place % 3] = -broken
        for summed in (0, len(code.outputs)):
            assert_numpy_agrees(code, summed, [points], numbers, 37)


@pytest.mark.parametrize("turns", [31, 32, 33, 127, 128, 129, 400])
@pytest.mark.parametrize("name", SETS)
def test_loops_have_the_bits_of_the_eager_engine(turns, name):
    weights = [ag.Value(0.5 + 0.01 * k) for k in range(turns)]

    def total(*xs):
        out = xs[0]
        for k in range(turns):
            out = out + ((xs[k] * weights[k]).tanh() - xs[k + 1] * xs[turns - k]) ** 2 * xs[0]
        return out

    code, captured = recorded(total, *[0.5] * (turns + 1))
    numbers = numpy.array([leaf.data for leaf in captured])
    kernel = NativeKernel(tidied(gradient(code, range(turns + 1))), 0, name)
    points = numpy.random.default_rng(turns).normal(size=(2, turns + 1))
    points[1, 3] = math.nan
    for point in points:
        values, _ = kernel.run([point.reshape(1, -1)], numbers, 1)
        expected, slopes = eagerly(total, [point.tolist()])
        assert same_bits(values[0, 0], expected[0])
        assert same_bits(values[0, 1:], slopes[0])


def test_threads_and_spans_change_no_bit(monkeypatch):
    code, captured = perceptron_gradient()
    points = points_of(5000)
    kernels = [NativeKernel(code, summed) for summed in (0, 5, len(code.outputs))]
    at_once = [kernel.run([points], captured, 5000) for kernel in kernels]
    monkeypatch.setattr(long_calls, "WORTH_A_THREAD", 1)
    for span in (long_calls.SPAN, 100_000, 100):  # the last cuts passes between instructions
        monkeypatch.setattr(long_calls, "SPAN", span)
        for threads in (1, 2, 3):
            for kernel, expected in zip(kernels, at_once, strict=True):
                found = kernel.run([points], captured, 5000, threads)
                assert same_bits(found[0], expected[0])
                assert same_bits(found[1], expected[1])


@given(st.integers(0, 10**6), st.integers(0, 10**7))
def test_a_pass_s_rows_take_no_more_than_a_cache_or_the_partial_sums(slots, summed):
    lanes = native_kernel._lanes(slots, summed)
    assert lanes in range(8, 1025, 8)
    assert lanes == 8 or 8 * slots * lanes <= max(native_kernel.LAST_CACHE, 64 * summed)


def test_the_same_program_in_several_of_the_caller_s_threads():
    code, captured = perceptron_gradient()
    kernel = NativeKernel(code, 5)
    runs = [(points_of(count, seed=count), count) for count in range(1, 60)]
    expected = [kernel.run([points], captured, count) for points, count in runs]
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda run: kernel.run([run[0]], captured, run[1]), runs))
    for one, other in zip(found, expected, strict=True):
        assert same_bits(one[0], other[0])
        assert same_bits(one[1], other[1])


def test_blocks_of_any_strides_and_blocks_that_are_the_same_for_all_samples():
    code, captured = perceptron_gradient()
    points = points_of(40)
    points[:, 1] = 0.25
    expected, _ = NativeKernel(code).run([points], captured, 40)
    reversed_rows = points[::-1].copy()[::-1, :1]
    reversed_rows.flags.writeable = False
    blocks = [reversed_rows, numpy.array([[0.25]]), numpy.asfortranarray(points)[:, 2:]]
    frozen = numpy.repeat(captured, 2)[::2]
    frozen.flags.writeable = False
    values, _ = NativeKernel(code).run(blocks, frozen, 40)
    assert same_bits(values, expected)
    alone, _ = NativeKernel(code).run([points[:1]], captured, 40)
    assert same_bits(alone, numpy.repeat(expected[:1], 40, axis=0))
    first, _ = NativeKernel(code).run([block[:1] for block in blocks], frozen, 1)
    assert same_bits(first, expected[:1])


def test_numbers_that_are_not_aligned():
    code, captured = perceptron_gradient()
    points = points_of(9)
    raw = numpy.frombuffer(b"x" + points.tobytes() + captured.tobytes(), dtype=numpy.uint8)
    shifted = raw[1 : 1 + points.nbytes].view(numpy.float64).reshape(points.shape)
    behind = raw[1 + points.nbytes :].view(numpy.float64)
    assert not shifted.flags.aligned
    expected = NativeKernel(code, 3).run([points], captured, 9)
    found = NativeKernel(code, 3).run([shifted], behind, 9)
    assert same_bits(found[0], expected[0])
    assert same_bits(found[1], expected[1])


def test_arrays_that_do_not_fit_are_refused():
    code, captured = perceptron_gradient()
    kernel, points = NativeKernel(code), points_of(4)
    with pytest.raises(ValueError, match="2 columns for 3 inputs"):
        kernel.run([points[:, :2]], captured, 4)
    with pytest.raises(ValueError, match="4 rows for 5 samples"):
        kernel.run([points], captured, 5)
    with pytest.raises(ValueError, match="captured has"):
        kernel.run([points], captured[1:], 4)
    with pytest.raises(TypeError, match="expected float64 in 2 dimensions"):
        kernel.run([points.astype(numpy.float32)], captured, 4)
    with pytest.raises(TypeError, match="expected float64 in 2 dimensions"):
        kernel.run([points[0]], captured, 4)
    values, _ = kernel.run([points], captured, 4)
    assert not numpy.isnan(values).any()


def test_what_it_cannot_run_is_said_before_it_runs():
    @ag.primitive(lambda x, out: 2.0, name="doubled_by_the_native_test")
    def doubled(x):
        return 2 * x

    code, _ = recorded(doubled, 1.0)
    with pytest.raises(BackendError, match=r"doubled_by_the_native_test.*'numpy'"):
        NativeKernel(code)
    good, _ = recorded(lambda x: x * x, 1.0)
    with pytest.raises(ValueError, match="summed is 2; expected 0 to 1"):
        NativeKernel(good, 2)
    with pytest.raises(ValueError, match="'sse9' is none of"):
        NativeKernel(good, 0, "sse9").run([numpy.ones((2, 1))], numpy.empty(0), 2)
    good.outputs[0] = 7
    with pytest.raises(ProgramError):
        NativeKernel(good)


def test_where_nothing_is_compiled_the_error_says_what_to_do(monkeypatch):
    monkeypatch.setattr(native_kernel, "native_interpreter", None)
    code, _ = recorded(lambda x: x * x, 1.0)
    assert not native_kernel.available()
    with pytest.raises(BackendError, match="C compiler"):
        NativeKernel(code)


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="there is no timer to interrupt")
def test_an_interrupt_stops_work_that_would_take_minutes(threads):
    code, captured = perceptron_gradient()
    kernel = NativeKernel(code, len(code.outputs))
    before = threading.active_count()

    def interrupt(number, frame):
        raise KeyboardInterrupt

    previous = signal.signal(signal.SIGALRM, interrupt)
    signal.setitimer(signal.ITIMER_REAL, 0.2)
    try:
        with pytest.raises(KeyboardInterrupt):
            kernel.run([numpy.ones((1, 3))], captured, 10**9, threads)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, previous)
    assert threading.active_count() == before
    found = kernel.run([points_of(9)], captured, 9)
    expected = NumPyKernel(code, len(code.outputs)).run([points_of(9)], captured, 9)
    assert same_bits(found[1], expected[1])
