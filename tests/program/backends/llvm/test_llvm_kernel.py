"""The LLVM back end: the bits of the other back ends, on every path through it."""

from __future__ import annotations

import math
import operator
import random
import re
import sys
import threading

import numpy
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autograd_core as ag
import nn
from autograd_core import BackendError, record
from autograd_core.graph.nodes.making import constant_of
from autograd_core.primitives import PRIMITIVES, ROWS, kind_of
from autograd_core.program.backends.llvm import (
    llvm_compiler,
    llvm_description,
    llvm_kernel,
    llvm_program,
)
from autograd_core.program.backends.llvm.llvm_formulas import is_called, shared_function
from autograd_core.program.backends.llvm.llvm_kernel import LLVMKernel, machine_of
from autograd_core.program.backends.llvm.plan import llvm_plan
from autograd_core.program.backends.llvm.text import llvm_text
from autograd_core.program.backends.machine import long_calls
from autograd_core.program.backends.native import native_kernel
from autograd_core.program.backends.numpy.numpy_kernel import NumPyKernel
from tests.primitives.bits import EXTREMES
from tests.primitives.choices import CHOICES, points_of_choices
from tests.primitives.samples import samples
from tests.program.codes import KINDS, codes, copied, gradient, recorded, tidied
from tests.program.replayed import eagerly, same_bits

pytest.importorskip("llvmlite", reason="llvmlite is not installed: autograd_core[jit]")

COMPILED = native_kernel.available()
needs_functions = pytest.mark.skipif(not COMPILED, reason="the shared functions are not compiled")
NUMBERS = st.floats(width=64) | st.sampled_from(EXTREMES)
COUNTS = [0, 1, 2, 7, 8, 9, 31, 33, 64, 65, 127, 129, 1000, 1025, 3001]
LANES = [1, 2, 4, 8]


def compiled(code, summed, lanes, limit=llvm_description.LIMIT):
    return llvm_program.CompiledProgram(llvm_description.described(code, summed, lanes, limit))


def run(code, summed, blocks, captured, count, lanes, limit=llvm_description.LIMIT, threads=1):
    """What code for so many lanes gives, in functions of so many operations, doubts resolved."""
    program = compiled(code, summed, lanes, limit)
    found = machine_of(program).results(blocks, captured, count, threads)
    return found or NumPyKernel(code, summed).run(blocks, captured, count)


def agree(found, expected):
    return same_bits(found[0], expected[0]) and same_bits(found[1], expected[1])


def network_gradient(sizes, activation=lambda x: x.relu(), seed=3):
    """A network's loss gradient by every parameter, and the parameters."""
    network = nn.MLP(sizes[0], list(sizes[1:]), activation=activation)
    source = random.Random(seed)
    for parameter in network.parameters():
        parameter.data = source.gauss(0.0, 0.7)

    def loss(*numbers):
        given = network(list(numbers))
        outputs = given if isinstance(given, list) else [given]
        return sum(((1 - out * 0.5).relu() ** 2 for out in outputs), 0.0)

    code, captured = recorded(loss, *[0.5] * sizes[0])
    wanted = range(code.inputs, code.leaves)
    return tidied(gradient(code, wanted)), numpy.array([leaf.data for leaf in captured])


def points_of(code, count, seed=1):
    return numpy.random.default_rng(seed).normal(size=(count, code.inputs))


# Rows.
@pytest.mark.parametrize("kind", [k for k in KINDS if ROWS[k].arity], ids=lambda k: ROWS[k].name)
@pytest.mark.parametrize("long", [llvm_description.LONG, 0], ids=["short", "long"])
def test_a_row_has_the_bits_of_its_forward_function(kind, long, monkeypatch):
    monkeypatch.setattr(llvm_description, "LONG", long)
    row, source = ROWS[kind], random.Random(kind)
    if is_called(row.name) and not COMPILED:
        pytest.skip("the shared functions are not compiled")
    points = samples(row, 150, seed=7)
    points += [tuple(source.choice(EXTREMES) for _ in range(row.arity)) for _ in range(150)]
    expected = numpy.array([[row.forward(*point)] for point in points])
    block = numpy.array(points)
    code = one_instruction(kind, range(row.arity), row.arity, 0)
    for lanes in {2, llvm_compiler.machine().lanes}:
        assert same_bits(run(code, 0, [block], numpy.zeros(0), len(points), lanes)[0], expected)
    # The same of what is captured, once a call and in one lane.
    uniform = one_instruction(kind, range(row.arity), 0, row.arity)
    kernel = LLVMKernel(uniform)
    for point, value in zip(points[::7], expected[::7], strict=True):
        assert same_bits(kernel.run([], numpy.array(point), 2)[0], [value, value])


@needs_functions
@pytest.mark.parametrize("row", CHOICES)
def test_what_the_second_operand_chooses_is_right_in_all_lanes_and_in_some(row):
    code = one_instruction(kind_of(row), range(2), 2, 0)
    for points in points_of_choices(row):
        expected = [[PRIMITIVES[row].forward(*point)] for point in points]
        for lanes in LANES:
            values, _ = run(code, 0, [numpy.array(points)], numpy.zeros(0), len(points), lanes)
            assert same_bits(values, expected)


def one_instruction(kind, operands, inputs, captured):
    arity, operands = ROWS[kind].arity, list(operands)
    listed = arity not in (1, 2)
    first, second = (0, len(operands)) if listed else (*operands, 0)[:2]
    return ag.program.code.flat.Code(
        inputs,
        captured,
        numpy.array([0.5, -0.0]),
        numpy.array([[kind, first, second]], dtype=numpy.int32),
        numpy.array(operands if listed else [], dtype=numpy.int32),
        numpy.array([inputs + captured], dtype=numpy.int32),
    )


@pytest.mark.parametrize("name", ["sub", "div", "maximum", "strong_product", "less"])
def test_operands_may_be_inputs_captured_or_constants(name):
    (kind,) = (kind for kind in KINDS if ROWS[kind].name == name)
    block, captured = numpy.array([[x] for x in EXTREMES]), numpy.array([-3.0])
    for operands in [(0, 1), (1, 0), (0, -1), (-2, 0), (1, -1), (0, 0), (-1, -2)]:
        code = one_instruction(kind, operands, 1, 1)
        expected = NumPyKernel(code).run([block], captured, len(block))
        assert agree(LLVMKernel(code).run([block], captured, len(block)), expected)


# Programs.
@needs_functions
@settings(max_examples=100)
@given(codes(most=40), st.data())
def test_any_program_has_numpy_s_bits(code, data):
    count = data.draw(st.sampled_from([1, 2, 9, 70]))
    summed = data.draw(st.integers(0, len(code.outputs)))
    lanes = 1 if count == 1 else data.draw(st.sampled_from(LANES[1:]))
    limit = data.draw(st.sampled_from([1, 3, 10, 200]))
    source = random.Random(data.draw(st.integers(0, 2**32)))
    numbers = [*data.draw(st.lists(NUMBERS, min_size=1, max_size=8)), 1.0, -2.5, 0.0]
    block = numpy.array(
        [[source.choice(numbers) for _ in range(code.inputs)] for _ in range(count)]
    ).reshape(count, code.inputs)
    captured = numpy.array([source.choice(numbers) for _ in range(code.captured)], dtype=float)
    expected = NumPyKernel(code, summed).run([block], captured, count)
    assert agree(run(code, summed, [block], captured, count, lanes, limit), expected)


@pytest.mark.parametrize("count", COUNTS)
def test_a_network_s_gradient_has_numpy_s_bits(count):
    code, captured = network_gradient((3, 12, 17, 2))
    points = points_of(code, count)
    for summed in (0, 5, len(captured), len(code.outputs)):
        expected = NumPyKernel(code, summed).run([points], captured, count)
        assert agree(LLVMKernel(code, summed).run([points], captured, count), expected)


@pytest.mark.parametrize("lanes", LANES)
@pytest.mark.parametrize("limit", [9, 200])
def test_weights_that_are_used_again_and_again_have_numpy_s_bits(lanes, limit):
    source, size = random.Random(5), 9
    weights = [[ag.Value(source.gauss(0, 0.4)) for _ in range(size)] for _ in range(size)]

    def loss(*xs):
        state = list(xs[:size])
        for x in xs[size:]:
            state = [
                sum((w * s for w, s in zip(row, state, strict=True)), x).clamp(-1.0, 1.0)
                for row in weights
            ]
        return sum((s * s for s in state), 0.0)

    code, captured = recorded(loss, *[0.1] * (size + 3))
    code = tidied(gradient(code))
    numbers = numpy.array([leaf.data for leaf in captured])
    count = 1 if lanes == 1 else 77
    points = points_of(code, count)
    for summed in (0, len(captured)):
        expected = NumPyKernel(code, summed).run([points], numbers, count)
        assert agree(run(code, summed, [points], numbers, count, lanes, limit), expected)


@pytest.mark.parametrize("lanes", LANES)
@pytest.mark.parametrize("limit", [7, 40, 1000])
def test_lanes_and_cuts_change_no_bit(lanes, limit):
    code, captured = network_gradient((9, 20, 11, 3), lambda x: x.clamp(-1.0, 1.5))
    count = 1 if lanes == 1 else 75
    points = points_of(code, count)
    expected = NumPyKernel(code, len(captured)).run([points], captured, count)
    assert agree(run(code, len(captured), [points], captured, count, lanes, limit), expected)


@pytest.mark.parametrize("lanes", [2, 4, 8])
def test_few_samples_after_many_are_not_added_to_what_those_left(lanes):
    code, captured = network_gradient((3, 8, 8, 1))
    machine = machine_of(compiled(code, len(captured), lanes))
    for count in (100, 3, 1):
        points = points_of(code, count)
        expected = NumPyKernel(code, len(captured)).run([points], captured, count)
        assert agree(machine.results([points], captured, count, 1), expected), count


@pytest.mark.skipif(not COMPILED, reason="the shared functions are not compiled")
def test_replay_has_the_eager_engine_s_bits():
    network = nn.MLP(2, [9, 8, 1])
    code, captured = recorded(lambda x, y: network([x, y]).softplus() / (1 + x * x), 0.0, 0.0)
    points = points_of(code, 20)
    values, gradients = eagerly(lambda x, y: network([x, y]).softplus() / (1 + x * x), points)
    numbers = numpy.array([leaf.data for leaf in captured])
    found, _ = LLVMKernel(tidied(gradient(code, range(2)))).run([points], numbers, 20)
    assert same_bits(found[:, 0], values)
    assert same_bits(found[:, 1:], gradients)


@pytest.mark.parametrize("broken", [numpy.inf, -numpy.inf, numpy.nan])
def test_a_zero_cotangent_is_strong_against_what_is_not_finite(broken):
    code, captured = network_gradient((3, 9, 8, 1))
    summed = len(captured)
    for place in range(0, len(captured), 7):
        numbers, points = captured.copy(), points_of(code, 21, seed=place)
        numbers[place] = broken
        points[place % 21, place % 3] = broken
        expected = NumPyKernel(code, summed).run([points], numbers, 21)
        assert agree(LLVMKernel(code, summed).run([points], numbers, 21), expected)


@pytest.mark.parametrize("lanes", LANES)
def test_a_zero_cotangent_is_strong_in_the_sums_of_products(lanes):
    weights = [ag.Value(0.5 + k) for k in range(7)]

    def loss(gate, *xs):
        return gate.relu() * sum((w * x for w, x in zip(weights, xs, strict=True)), 0.0)

    code, captured = recorded(loss, *[0.5] * 8)
    code = tidied(gradient(code, range(code.inputs, code.leaves)))
    count = 1 if lanes == 1 else 21
    points = points_of(code, count)
    points[:, 0] = -1.0
    points[:, 1:5] = [numpy.inf, -numpy.inf, numpy.nan, -0.0]
    numbers = numpy.array([leaf.data for leaf in captured])
    assert len(llvm_plan.Plan(code, 7, 8, 200).products.sums) == 7
    machine = machine_of(compiled(code, 7, lanes))
    assert machine.results([points], numbers, count, 1) is None
    assert same_bits(LLVMKernel(code, 7).run([points], numbers, count)[1], numpy.zeros(7))
    points[:, 1:5] = 0.5
    assert same_bits(machine.results([points], numbers, count, 1)[1], numpy.zeros(7))


@needs_functions
@pytest.mark.parametrize("lanes", LANES)
@pytest.mark.parametrize("count", [1, 3, 300, 5000])
def test_a_call_is_in_doubt_where_a_zero_met_what_is_not_finite_and_nowhere_else(lanes, count):
    code = tidied(gradient(recorded(lambda x, y: ag.where(x > 0, x.log(), y), 0.5, 0.5)[0], [0]))
    points = numpy.full((count, 2), 0.5)
    machine = machine_of(compiled(code, 0, lanes))
    assert machine.results([points], numpy.zeros(0), count, 1) is not None
    points[count // 2, 0] = -1.0  # the slope of its logarithm is NaN
    assert machine.results([points], numpy.zeros(0), count, 1) is None
    found, _ = LLVMKernel(code).run([points], numpy.zeros(0), count)
    assert found[count // 2].tolist() == [0.5, 0.0]
    points[count // 2, 0] = 0.5
    assert machine.results([points], numpy.zeros(0), count, 2) is not None


def asked_of_all(steps):
    return {value for step in steps for value in step.values}


@needs_functions
@settings(max_examples=60)
@given(codes(most=40), st.sampled_from(LANES), st.integers(0, 2**32))
def test_asking_the_last_products_finds_what_asking_all_of_them_finds(code, lanes, seed):
    source = random.Random(seed)
    count = 1 if lanes == 1 else 9
    numbers = [0.0, 0.0, 1.0, -2.5, math.inf, math.nan, 1e300]
    captured = numpy.array([source.choice(numbers) for _ in range(code.captured)], dtype=float)
    machines = [machine_of(compiled(code, 0, lanes))]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(llvm_text, "asked", asked_of_all)
        machines.append(machine_of(compiled(code, 0, lanes)))
    for _ in range(8):
        block = numpy.array([[source.choice(numbers)] * code.inputs for _ in range(count)])
        found, expected = (m.results([block], captured, count, 1) for m in machines)
        assert (found is None) == (expected is None)
        assert found is None or agree(found, expected)


@needs_functions
@pytest.mark.parametrize("kind", [k for k in KINDS if ROWS[k].arity], ids=lambda k: ROWS[k].name)
def test_a_product_is_asked_unless_a_row_passes_its_nan_on(kind):
    strong = next(k for k in KINDS if ROWS[k].name == "strong_product")
    points = [(0.0, math.inf, z) for z in (0.5, -2.0, 0.0, 1.0, math.inf, math.nan)]
    for place in range(min(ROWS[kind].arity, 2)):
        operands = [2] * ROWS[kind].arity
        operands[place] = 3
        code = one_instruction(kind, operands, 4, 0)
        first, between = [[strong, 0, 1]], code.instructions.tolist()
        code.inputs, code.outputs = 3, numpy.array([5], dtype=numpy.int32)
        code.instructions = numpy.array([*first, *between, [strong, 4, 2]], dtype=numpy.int32)
        machine = machine_of(compiled(code, 0, 1))
        for point in points:
            block = numpy.array([point])
            expected = NumPyKernel(code).run([block], numpy.zeros(0), 1)
            found = machine.results([block], numpy.zeros(0), 1, 1)
            assert found is None or agree(found, expected), point


@needs_functions
def test_of_a_chain_of_products_the_last_one_is_asked():
    def chain(x, y):
        for k in range(50):
            x = (x * y).exp() - 0.1 * k
        return x

    code = tidied(gradient(recorded(chain, 0.5, 0.25)[0]))
    text = "\n".join(parts_of(code, 0, 4)[1].functions)
    assert text.count("fcmp uno") <= 4


def test_what_is_the_same_for_all_samples_can_be_in_doubt_too():
    weight = ag.Value(0.0)
    code, _ = recorded(lambda x: x * ag.where(weight > 0, weight.log(), weight), 0.5)
    code = tidied(gradient(code, [1]))
    machine = machine_of(compiled(code, 0, 4))
    points = numpy.ones((9, 1))
    assert machine.results([points], numpy.ones(1), 9, 1) is not None
    assert machine.results([points], numpy.zeros(1), 9, 1) is None
    assert LLVMKernel(code).run([points], numpy.zeros(1), 9)[0][:, 1].tolist() == [1.0] * 9
    assert machine.results([points], numpy.ones(1), 9, 1) is not None


def test_what_is_the_same_for_all_samples_is_computed_in_one_lane():
    weights = [ag.Value(0.1 * k) for k in range(30)]
    code, _ = recorded(lambda x: x * sum((w.square() for w in weights), 0.0).sqrt(), 0.0)
    plan = llvm_plan.Plan(code, 0, 8, 200)
    assert len(plan.each.steps) == 1
    assert len(plan.uniform) == 1


# Arrays.
def test_blocks_of_any_strides_and_blocks_that_are_the_same_for_all_samples():
    code, captured = network_gradient((4, 8, 8, 1))
    points = points_of(code, 45)
    points[:, 1] = 0.25
    expected = NumPyKernel(code, 9).run([points], captured, 45)
    backwards = points[::-1].copy()[::-1, :1]
    backwards.flags.writeable = False
    shifted = numpy.frombuffer(b"x" + points[:, 3:].tobytes(), offset=1).reshape(45, 1)
    blocks = [
        backwards,
        numpy.array([[0.25]]),
        numpy.zeros((45, 0)),
        numpy.asfortranarray(points)[:, 2:3],
        shifted,
    ]
    assert agree(LLVMKernel(code, 9).run(blocks, captured, 45), expected)


def test_inputs_that_nothing_reads_take_no_place_and_change_no_bit():
    code, _ = recorded(lambda *xs: xs[1] * xs[4] + xs[7].sqrt(), *[0.5] * 9)
    alone, _ = recorded(lambda *xs: xs[0] * xs[1] + xs[2].sqrt(), *[0.5] * 3)
    sizes = [parts_of(c, 0, 4)[1].frame.size for c in (code, alone)]
    assert sizes[0] == sizes[1]
    points = points_of(code, 45)
    expected = NumPyKernel(alone).run([points[:, [1, 4, 7]]], numpy.zeros(0), 45)
    points[:, [0, 2, 3, 5, 6, 8]] = numpy.nan
    for cuts in [(), (1,), (2, 5), (0, 1, 4, 5, 7, 9), (8,), range(9)]:
        blocks = numpy.split(points, cuts, axis=1)
        assert agree(LLVMKernel(code).run(blocks, numpy.zeros(0), 45), expected)


def test_arrays_that_are_not_as_they_mostly_are_are_read_all_the_same():
    code, captured = network_gradient((2, 8, 1))
    points = points_of(code, 10)[:, ::-1]
    kernel = LLVMKernel(code, 3)
    expected = kernel.run([points], captured, 10)
    apart = numpy.zeros((len(captured), 2))
    apart[:, 0] = captured
    shifted = numpy.frombuffer(b"x" + captured.tobytes(), offset=1)
    for numbers in (apart[:, 0], shifted):
        assert agree(kernel.run([points], numbers, 10), expected)
    mapped = points.view(type("Own", (numpy.ndarray,), {}))
    assert agree(kernel.run([mapped], captured, 10), expected)


def test_programs_without_instructions_inputs_or_outputs():
    for function, block in [
        (lambda x: x, [[2.0], [3.0]]),
        (lambda x: constant_of(3.0), [[2.0], [3.0]]),
    ]:
        code, _ = recorded(function, 0.0)
        for summed in (0, 1):
            expected = NumPyKernel(code, summed).run([numpy.array(block)], numpy.zeros(0), 2)
            assert agree(
                LLVMKernel(code, summed).run([numpy.array(block)], numpy.zeros(0), 2), expected
            )
    code, _ = recorded(list)
    assert LLVMKernel(code).run([], numpy.zeros(0), 5)[0].shape == (5, 0)


# Threads and long work.
@pytest.mark.parametrize("summed", [0, 6])
def test_threads_and_pieces_change_no_bit(monkeypatch, summed):
    code, captured = network_gradient((3, 10, 1))
    points = points_of(code, 5000)
    expected = LLVMKernel(code, summed).run([points], captured, 5000)
    monkeypatch.setattr(long_calls, "WORTH_A_THREAD", 1)
    for span in (long_calls.SPAN, 500_000, 50_000):  # the last cuts passes between functions
        monkeypatch.setattr(long_calls, "SPAN", span)
        for threads in (1, 2, 5):
            kernel = LLVMKernel(code, summed)
            assert agree(kernel.run([points], captured, 5000, threads), expected)


def test_calls_at_the_same_time_do_not_meet():
    code, captured = network_gradient((3, 16, 16, 1))
    kernel = LLVMKernel(code, len(captured))
    blocks = [points_of(code, 300, seed) for seed in range(6)]
    expected = [kernel.run([block], captured, 300) for block in blocks]
    found = [None] * len(blocks)

    def work(place):
        for _ in range(50):
            found[place] = kernel.run([blocks[place]], captured, 300)

    threads = [threading.Thread(target=work, args=(place,)) for place in range(len(blocks))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(map(agree, found, expected))


# What is compiled.
def parts_of(code, summed, lanes, limit=llvm_description.LIMIT):
    plan = llvm_plan.Plan(code, summed, llvm_compiler.machine().side_by_side, limit)
    return llvm_description.texts(code, plan, lanes, limit)


def test_nothing_is_contracted():
    code, _ = network_gradient((3, 8, 8, 1))
    lanes = llvm_compiler.machine().lanes
    texts = list(llvm_description.modules(parts_of(code, 0, lanes)[1], lanes))
    for quickly in (False, True):
        listing = "\n".join(llvm_compiler.assembly(text, quickly) for text in texts)
        assert re.search(r"\bv?f?mul", listing)
        assert not re.search(r"\b(v?fn?m(add|sub)|fml[as])", listing)


@needs_functions
@pytest.mark.parametrize("lanes", [1, 8])
@pytest.mark.parametrize("row", ["exp", "sin", "log", "tanh", "pow"])
def test_nothing_is_contracted_in_the_function_of_a_row(row, lanes):
    _, _, definition = shared_function(row, lanes)
    listing = llvm_compiler.assembly("\n".join([definition, *llvm_description.declarations([row])]))
    assert re.search(r"\bv?f?mul", listing)
    assert not re.search(r"\b(v?fn?m(add|sub)|fml[as])", listing)


def straying(count):
    """A function of so many steps in which nothing comes again and again."""

    def chain(x, y):
        source = random.Random(0)
        steps = [operator.mul, operator.add, lambda x, _: x.relu(), lambda x, y: x / (1 + y * y)]
        for k in range(count):
            for _ in range(source.randint(1, 9)):
                x = source.choice(steps)(x, y)
            x = x - 0.1 * k
        return x

    return chain


@needs_functions
def test_the_function_of_a_row_is_compiled_once_for_all_programs(monkeypatch):
    asked, keep = [], llvm_compiler.kept
    monkeypatch.setattr(llvm_compiler, "kept", lambda text: asked.append(text) or keep(text))
    llvm_description._row.cache_clear()
    block = numpy.array([[0.25], [3.0]])
    for factor in (2.0625, 2.125):
        code, _ = recorded(lambda x, factor=factor: x.exp() * factor + (x * factor).exp(), 0.0)
        expected = NumPyKernel(code).run([block], numpy.zeros(0), 2)
        assert agree(LLVMKernel(code).run([block], numpy.zeros(0), 2), expected)
    assert len(asked) == 1


def test_only_straight_lines_are_compiled_quickly_and_only_long_ones(monkeypatch):
    told, compile_one = [], llvm_compiler.compiled

    def compiled(text, quickly=False):
        told.append((quickly, "\nbr " in text))
        return compile_one(text, quickly)

    monkeypatch.setattr(llvm_compiler, "compiled", compiled)

    for count, expected in ((100, {(False, False)}), (1500, {(True, False)})):
        code, _ = recorded(straying(count), 0.5, 0.25)
        told.clear()
        llvm_description.described(code, 0, 2)
        assert set(told) == expected
    told.clear()
    code, captured = network_gradient((40, 40, 10))
    llvm_description.described(code, len(captured), 2, limit=20)
    assert {(True, False), (False, True)} <= set(told)
    assert (True, True) not in told


@pytest.mark.parametrize("lanes", [1, 8])
def test_functions_are_of_bounded_size_and_the_text_grows_with_the_program(lanes):
    def text(count):
        code = tidied(gradient(recorded(straying(count), 0.5, 0.25)[0]))
        return parts_of(code, 0, lanes)[1].functions

    small, large = text(200), text(2000)
    assert 9 < len(large) / len(small) < 11
    assert max(map(len, large)) < 1.5 * max(map(len, small))
    assert 9 < sum(map(len, large)) / sum(map(len, small)) < 11


def test_one_long_sum_is_cut_too():
    xs = [0.01 * k for k in range(3000)]
    code = tidied(recorded(lambda *xs: sum((x * (k + 0.1) for k, x in enumerate(xs)), 0.0), *xs)[0])
    functions = parts_of(code, 0, 8)[1].functions
    assert max(map(len, functions)) < 3 * sum(map(len, functions)) / len(functions)
    expected = NumPyKernel(code).run([numpy.array([xs, xs])], numpy.zeros(0), 2)
    assert agree(LLVMKernel(code).run([numpy.array([xs, xs])], numpy.zeros(0), 2), expected)


def test_the_frame_is_small_where_values_do_not_live_long():
    def chain(x):
        for _ in range(3000):
            x = (x * 1.5 - x * x).clamp(-2.0, 2.0)
        return x

    code = tidied(recorded(chain, 0.5)[0])
    assert parts_of(code, 0, 8)[1].frame.size < 10


def test_layers_are_loops_and_tiles():
    code, captured = network_gradient((30, 40, 20, 10))
    every, few = llvm_plan.operations(code), llvm_plan.compile_effort(code, len(captured))
    assert few < every / 3
    plan = llvm_plan.Plan(code, len(captured), 16, 200)
    assert few / 2 < plan.each.size < 2 * few


def test_equal_programs_are_compiled_once(monkeypatch):
    texts, compile_one = [], llvm_compiler.compiled
    monkeypatch.setattr(
        llvm_compiler,
        "compiled",
        lambda text, quickly=False: texts.append(text) or compile_one(text, quickly),
    )
    code, _ = recorded(lambda x, y: x * 2.25 + y, 0.0, 0.0)
    block = numpy.array([[1.0, 2.0], [3.0, 4.0]])
    assert LLVMKernel(code).run([block], numpy.zeros(0), 2)[0].tolist() == [[4.25], [10.75]]
    before = len(texts)
    assert LLVMKernel(copied(code)).run([block], numpy.zeros(0), 2)[0].tolist() == [[4.25], [10.75]]
    assert len(texts) == before
    other, _ = recorded(lambda x, y: x * 2.5 + y, 0.0, 0.0)
    assert LLVMKernel(other).run([block], numpy.zeros(0), 2)[0].tolist() == [[4.5], [11.5]]
    assert len(texts) > before


def test_small_programs_and_networks_are_worth_compiling_and_huge_ones_are_not():
    code, captured = network_gradient((64, 32, 10))
    assert llvm_kernel.worth_compiling(code, len(captured))
    assert 0.05 < llvm_kernel.compile_seconds(code, len(captured)) < 1

    huge, _ = recorded(straying(10_000), 0.5, 0.25)
    assert not llvm_kernel.worth_compiling(huge)
    wide, _ = recorded(lambda x: [x * x] * 10_000, 0.5)  # each output is stored by itself
    assert not llvm_kernel.worth_compiling(tidied(wide))


# Bad use.
def test_one_s_own_primitive_is_refused():
    @ag.primitive(lambda x, out: 2.0, name="doubled_in_the_llvm_test")
    def doubled(x):
        return 2 * x

    program = record(lambda x: doubled(x) * x, 0.0)
    with pytest.raises(BackendError, match=r"doubled_in_the_llvm_test is a primitive of your own"):
        LLVMKernel(program.code)
    assert not llvm_kernel.worth_compiling(program.code)


def test_without_llvmlite_the_error_says_what_brings_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "llvmlite", None)
    monkeypatch.setitem(sys.modules, "llvmlite.binding", None)
    for cached in (llvm_compiler.machine, llvm_compiler._llvm):
        cached.cache_clear()
    code, _ = recorded(lambda x: x * x, 0.0)
    with pytest.raises(BackendError, match=r'pip install "autograd_core\[jit\]"'):
        LLVMKernel(code)
    for cached in (llvm_compiler.machine, llvm_compiler._llvm):
        cached.cache_clear()


def test_without_the_compiled_functions_the_error_says_what_to_do(monkeypatch):
    monkeypatch.setattr(native_kernel, "native_interpreter", None)
    code, _ = recorded(lambda x: x.tanh(), 0.0)
    with pytest.raises(BackendError, match=r"tanh is computed by the package's own .* 'numpy'"):
        LLVMKernel(code)
