"""Loops over turns, each for all lanes: the bits of the other back ends, whatever repeats."""

from __future__ import annotations

import random

import numpy
import pytest

import autograd_core as ag
from autograd_core import Value
from autograd_core.program.backends.llvm import (
    llvm_compiler,
    llvm_description,
    llvm_kernel,
    llvm_program,
)
from autograd_core.program.backends.llvm.llvm_kernel import LLVMKernel, machine_of
from autograd_core.program.backends.llvm.plan import llvm_plan
from autograd_core.program.backends.llvm.plan.llvm_steps import (
    CAPTURED,
    CONSTANT,
    FRAME,
    UNIFORM,
    Turns,
)
from autograd_core.program.backends.llvm.text import llvm_text
from autograd_core.program.backends.native import native_kernel
from autograd_core.program.backends.numpy.numpy_kernel import NumPyKernel
from tests.primitives.bits import EXTREMES
from tests.program.codes import gradient, recorded, tidied
from tests.program.replayed import eagerly, same_bits

pytest.importorskip("llvmlite", reason="llvmlite is not installed: autograd_core[jit]")
needs_functions = pytest.mark.skipif(
    not native_kernel.available(), reason="the shared functions are not compiled"
)

UNARY = [ag.exp, ag.tanh, ag.sin, ag.sigmoid, abs, lambda x: -x, lambda x: 0.5 * x, ag.sqrt]
BINARY = [
    lambda x, y: x + y,
    lambda x, y: x - y,
    lambda x, y: x * y,
    lambda x, y: x / (1.0 + y * y),
    ag.maximum,
    ag.atan2,
    lambda x, y: ag.where(x > y, x, 0.5 * y),
]


def repeating(seed):
    """A function of numbers that does the same few things many times over, and examples."""
    source = random.Random(seed)
    turns, back = source.randint(17, 40), source.randint(1, 4)
    own = [Value(source.gauss(0, 1)) for _ in range(turns)]
    numbers = [source.choice([0.5, 2.0, source.gauss(0, 1)]) for _ in range(turns)]
    steps = [
        (source.choice(UNARY), source.choice(BINARY), source.randrange(8), source.randrange(3))
        for _ in range(source.randint(2, 7))
    ]
    kept = source.randrange(len(steps))
    backwards, summed, given, uniform = (source.random() < 0.5 for _ in range(4))

    def run(x, y, *path):
        states = [(x * (k + 1.5), y - k) for k in range(back)]
        total, terms, outputs, level = 0.0, [], [], own[0]
        for turn in range(turns):
            at = turns - 1 - turn if backwards else turn
            level = ag.tanh(level * own[turn] + numbers[turn]) if uniform else own[turn]
            known = [
                x,
                y,
                path[at],
                own[turn],
                level,
                numbers[turn],
                states[-1][0],
                states[-back][1],
            ]
            made = [states[-1][1] * path[at], known[6], known[7]]
            for alone, both, first, second in steps:
                made.append(both(made[-1], alone(known[first] + made[-1 - second])))
            states.append((ag.tanh(made[-1]), made[-2] * 0.5))
            total = total + made[-1] * made[-2]
            terms.append(made[-1 - kept])
            if given:
                outputs.append(made[-2])
        return [total + sum(terms) if summed else total, *outputs, sum(terms)]

    return run, [0.5, -0.25, *numpy.random.default_rng(seed).normal(size=turns).tolist()]


def codes_of(seed):
    """A program that repeats itself, forth and back, with what it captured."""
    run, examples = repeating(seed)
    code, captured = recorded(run, *examples)
    numbers = numpy.array([leaf.data for leaf in captured])
    return [(tidied(code), 0), (tidied(gradient(code)), code.leaves)], numbers


def agree(found, expected):
    return same_bits(found[0], expected[0]) and same_bits(found[1], expected[1])


def compiled(code, summed, lanes):
    return llvm_program.CompiledProgram(llvm_description.described(code, summed, lanes))


def loops_of(code, summed):
    plan = llvm_plan.Plan(
        code, summed, llvm_compiler.machine().side_by_side, llvm_description.LIMIT
    )
    return [step for step in (*plan.once.steps, *plan.each.steps) if isinstance(step, Turns)]


@pytest.fixture(autouse=True)
def short_lines_too(monkeypatch):
    monkeypatch.setattr("autograd_core.program.backends.llvm.plan.llvm_looped.SHORTEST", 32)


@needs_functions
@pytest.mark.parametrize("lanes", [1, 2, 4, 8])
def test_loops_over_turns_have_numpy_s_bits(lanes):
    for seed in range(lanes, 24, 12):
        programs, captured = codes_of(seed)
        for code, sums in programs:
            for summed in sorted({0, sums}):
                machine = machine_of(compiled(code, summed, lanes))
                for count in (1,) if lanes == 1 else (1, 7, 8, 130):
                    points = numpy.random.default_rng(seed).normal(size=(count, code.inputs))
                    expected = NumPyKernel(code, summed).run([points], captured, count)
                    for _ in range(2):  # the second time in memory that was used before
                        found = machine.results([points], captured, count, 1)
                        assert found is None or agree(found, expected), (seed, summed, count)


def test_what_repeats_is_found_to():
    sorts, backs = set(), set()
    for seed in range(24):
        for code, sums in codes_of(seed)[0]:
            for step in loops_of(code, sums):
                operands = [operand for item in step.body for operand in item.operands]
                sorts |= {operand.sort for operand in operands if len(set(operand.values)) > 1}
                backs |= {operand.back for operand in operands}
    assert sorts == {CONSTANT, CAPTURED, UNIFORM, FRAME}
    assert backs >= {0, 1, 2}


@needs_functions
@pytest.mark.parametrize("lanes", [1, 4])
def test_asking_the_last_products_of_a_turn_finds_what_asking_all_of_them_finds(lanes):
    doubts = set()
    for seed in range(lanes, 24, 6):
        programs, captured = codes_of(seed)
        code, _ = programs[1]
        machines = [machine_of(compiled(code, 0, lanes))]
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(llvm_text, "asked", asked_of_all)
            machines.append(machine_of(compiled(code, 0, lanes)))
        source, count = random.Random(seed), 1 if lanes == 1 else 9
        for _ in range(12):
            points = numpy.random.default_rng(seed).normal(size=(count, code.inputs))
            points[0, source.randrange(code.inputs)] = source.choice(EXTREMES)
            found, expected = (m.results([points], captured, count, 1) for m in machines)
            assert (found is None) == (expected is None), seed
            assert found is None or agree(found, expected), seed
            doubts.add(found is None)
    assert doubts == {True, False}


def asked_of_all(steps):
    return {value for step in steps for value in step.values}


@needs_functions
@pytest.mark.parametrize("count", [1, 7, 8, 1000])
def test_a_path_s_gradient_is_the_eager_engine_s(count):
    def option(S0, sigma, *normal):
        S, total = S0, 0.0
        for z in normal:
            S = S * ag.exp(-(sigma**2) / 8 + sigma * z / 2)
            total = total + S
        return ag.maximum(total / len(normal) - 1.0, 0.0)

    points = numpy.random.default_rng(1).normal(size=(count, 62))
    points[:, :2] = 1.0, 0.3
    code, _ = recorded(option, *points[0])
    assert loops_of(tidied(gradient(code)), 0)
    found, _ = LLVMKernel(tidied(gradient(code))).run([points], numpy.zeros(0), count)
    values, gradients = eagerly(option, points[:20])
    assert same_bits(found[:20, 0], values)
    assert same_bits(found[:20, 1:], gradients)
    expected, _ = NumPyKernel(tidied(gradient(code))).run([points], numpy.zeros(0), count)
    assert same_bits(found, expected)


@pytest.mark.parametrize("lanes", [1, 2, 4, 8])
def test_what_turns_make_is_summed_given_out_or_kept_for_those_after(lanes):
    weights = [Value(0.1 * k - 1.0) for k in range(40)]

    def run(x, *path):
        states = [x]
        for w, z in zip(weights, path, strict=True):
            states.append(ag.maximum(states[-1] * w - z, -0.5 * states[-1]) / 2.0)
        backwards = [a * b for a, b in zip(states[1:], reversed(states[1:]), strict=True)]
        return [sum(states), *states[5:31], sum(backwards), states[-1]]

    code, captured = recorded(run, *[0.5] * 41)
    numbers, count = numpy.array([leaf.data for leaf in captured]), 1 if lanes == 1 else 13
    points = numpy.random.default_rng(0).normal(size=(count, 41))
    for program in (tidied(code), tidied(gradient(code))):
        for summed in (0, 7, len(program.outputs)):
            assert loops_of(program, summed)
            machine = machine_of(compiled(program, summed, lanes))
            expected = NumPyKernel(program, summed).run([points], numbers, count)
            assert agree(machine.results([points], numbers, count, 1), expected), summed


@pytest.mark.parametrize(
    "step",
    [lambda w, x: ag.softsign(w + x), lambda w, x: ag.softsign(w * x)],
    ids=["in turn", "in tiles"],
)
@pytest.mark.parametrize("lanes", [1, 2, 4, 8])
def test_spare_lanes_reach_no_sum_of_what_turns_make(lanes, step):
    weights = [Value(0.1 * k + 1.0) for k in range(40)]

    def run(*xs):
        return sum(step(w, x) for w, x in zip(weights, xs, strict=True))

    code, captured = recorded(run, *[0.5] * 40)
    program = tidied(gradient(code, range(code.inputs, code.leaves)))
    numbers, count = numpy.array([leaf.data for leaf in captured]), 1 if lanes == 1 else 9
    points = numpy.random.default_rng(0).normal(size=(count, 40))
    assert loops_of(program, 40)
    machine = machine_of(compiled(program, 40, lanes))
    expected = NumPyKernel(program, 40).run([points], numbers, count)
    assert agree(machine.results([points], numbers, count, 1), expected)


@needs_functions
@pytest.mark.parametrize("back", [1, 2, 3])
@pytest.mark.parametrize("lanes", [1, 4])
def test_a_turn_reads_what_stood_some_turns_back(lanes, back):
    def run(*xs):
        states = list(xs[:3])
        for k, x in enumerate(xs[3:]):
            states.append(ag.sin(states[-back] * x) + 0.1 * k)
        return states

    code = tidied(recorded(run, *[0.5] * 80)[0])
    (loop,) = loops_of(code, 0)
    found = {operand.back for item in loop.body for operand in item.operands}
    assert found == set(range(max(2, back)))
    count = 1 if lanes == 1 else 9
    points = numpy.random.default_rng(0).normal(size=(count, 80))
    expected = NumPyKernel(code).run([points], numpy.zeros(0), count)
    machine = machine_of(compiled(code, 0, lanes))
    assert agree(machine.results([points], numpy.zeros(0), count, 1), expected)


@pytest.mark.parametrize("lanes", [1, 4])
@pytest.mark.parametrize("place", [0, 1, 40, 78, 79])
def test_a_doubt_of_any_turn_is_told(lanes, place):
    def run(*xs):
        return sum(ag.sqrt(ag.relu(x)) for x in xs)

    program = tidied(gradient(recorded(run, *[0.5] * 80)[0]))
    rows = {item.row for step in loops_of(program, 0) for item in step.body}
    assert "strong_product" in rows
    machine, count = machine_of(compiled(program, 0, lanes)), 1 if lanes == 1 else 9
    points = 1.0 + numpy.random.default_rng(0).random(size=(count, 80))
    expected = NumPyKernel(program).run([points], numpy.zeros(0), count)
    assert agree(machine.results([points], numpy.zeros(0), count, 1), expected)
    points[-1, place] = -1.0  # its slope is an infinite one times 0
    assert machine.results([points], numpy.zeros(0), count, 1) is None


def network_along(path, hidden):
    """The gradient by the weights of a layer that reads its own results, step by step."""
    weights = [[Value(0.1 * (i - j) / hidden) for j in range(hidden + 1)] for i in range(hidden)]

    def run(*xs):
        state = [0.5] * hidden
        for x in xs:
            sums = [sum(w * s for w, s in zip(row, [x, *state], strict=True)) for row in weights]
            state = [s / (1.0 + s * s) for s in sums]
        return sum(state)

    code, captured = recorded(run, *[0.5] * path)
    wanted = range(code.inputs, code.leaves)
    return tidied(gradient(code, wanted)), numpy.array([leaf.data for leaf in captured])


def test_steps_of_parts_that_are_alike_are_loops_over_steps():
    code, captured = network_along(60, 3)
    forth, back = loops_of(code, len(captured))
    assert min(forth.turns * len(forth.body), back.turns * len(back.body)) > 50 * 3
    points = numpy.random.default_rng(0).normal(size=(9, 60))
    expected = NumPyKernel(code, len(captured)).run([points], captured, 9)
    machine = machine_of(compiled(code, len(captured), 4))
    assert agree(machine.results([points], captured, 9, 1), expected)


@needs_functions
def test_what_is_computed_abreast_may_be_in_doubt_for_itself():
    def turns(w, before, *xs):
        found = []
        for x in xs:
            slope = x.tanh()
            square = slope.square()
            product = w * square
            found += [slope, square, product, product.hypot(before)]
            before = square
        return ag.sum(found[::-1])

    points = numpy.random.default_rng(0).normal(size=(84, 9))
    points[1, 3] = numpy.nan
    program = ag.record(turns, *[0.5] * 84)
    expected = program.using("numpy").value_and_grad(*points, sum=0)
    value, slopes = program.using("llvm").value_and_grad(*points, sum=0)
    assert same_bits([value, *slopes], [expected[0], *expected[1]])


@pytest.mark.parametrize(("width", "is_loop"), [(12, True), (20, False)])
def test_a_loop_carries_some_hundred_numbers_and_no_more(width, is_loop):
    code, captured = network_along(40, width)  # its gradient adds up 156 numbers along it, or 420
    assert bool(loops_of(code, len(captured))) == is_loop


def test_the_text_is_as_long_however_many_turns_there_are():
    def walk(turns):
        def run(x, y):
            for k in range(turns):
                x, y = x * y - 0.1 / (k + 1), (x - y).tanh()
            return x

        code = tidied(gradient(recorded(run, 0.5, 0.25)[0]))
        plan = llvm_plan.Plan(code, 0, 8, llvm_description.LIMIT)
        _, each = llvm_description.texts(code, plan, 8)
        return code, "\n".join(each.functions).count("\n")

    (_, few), (long, many) = walk(201), walk(4001)
    assert many < 1.1 * few
    assert llvm_kernel.worth_compiling(long)
    assert llvm_kernel.compile_seconds(long) < 0.5
    assert llvm_kernel.gain(long) == 1.0
