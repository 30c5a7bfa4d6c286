"""Loops that LLVM compiles: the interpreter's bits, whatever repeats, and never a long line."""

from __future__ import annotations

import operator
import random
from itertools import pairwise
from types import SimpleNamespace

import numpy
import pytest

import autograd_core as ag
from autograd_core import record
from autograd_core.primitives import ROWS
from autograd_core.program.adjoint.derived import gradient_of
from autograd_core.program.backends import choice
from autograd_core.program.backends.choice import Runner
from autograd_core.program.backends.llvm import llvm_compiler, llvm_kernel, object_loader
from autograd_core.program.backends.llvm.llvm_kernel import LLVMKernel
from autograd_core.program.backends.llvm.rolled import rolled_kernel
from autograd_core.program.backends.llvm.rolled.loop_bodies import Operand, Step
from autograd_core.program.backends.llvm.rolled.loop_text import loop_text
from autograd_core.program.backends.native import native_kernel
from autograd_core.program.backends.native.native_kernel import NativeKernel
from autograd_core.program.backends.numpy.numpy_kernel import NumPyKernel
from autograd_core.program.code.writer import CodeWriter
from tests.primitives.bits import EXTREMES
from tests.program.backends.native.test_loops import INPUTS, POINTS, RECURRENCES, met_by, repeating
from tests.program.codes import KINDS, recorded, tidied
from tests.program.replayed import same_bits

pytest.importorskip("llvmlite", reason="llvmlite is not installed: autograd_core[jit]")
pytestmark = pytest.mark.skipif(not native_kernel.available(), reason="nothing is compiled")
NOTHING = numpy.zeros(0)


def rosenbrock(xs):
    total = 0.0
    for x, following in pairwise(xs):
        high, wide = following - x**2, 1 - x
        total = total + 100 * high * high + wide * wide
    return total


def rolled(code, summed=0):
    from autograd_core.program.backends.llvm import kept_programs

    interpreter = NativeKernel(code, summed)
    digest = kept_programs.digest(code, summed)
    return interpreter.with_loops(*rolled_kernel.rolled(interpreter, digest))


def texts_of(monkeypatch):
    """The texts that LLVM is given from now on."""
    texts, compile_text = [], llvm_compiler.compile_text

    def kept(modules, names):
        texts.extend(given := list(modules))
        return compile_text(given, names)

    monkeypatch.setattr(llvm_compiler, "compile_text", kept)
    return texts


@pytest.mark.parametrize("seed", [9, 21, 39, 48, 51, 63, 66, 102])  # which read every other number
def test_compiled_loops_have_numpy_s_bits(seed):
    code = repeating(seed)
    point = numpy.random.default_rng(seed).normal(size=(1, INPUTS))
    point[0, seed % INPUTS] = EXTREMES[seed % len(EXTREMES)]
    for program in (code, tidied(gradient_of(code, "inputs"))):
        expected, _ = NumPyKernel(program).run([point], NOTHING, 1)
        machine = rolled(program)
        for _ in range(2):  # the second time in memory that was used before
            assert same_bits(machine.results([point], NOTHING, 1)[0], expected)


@pytest.mark.parametrize("recurrence", RECURRENCES, ids=lambda function: function.__name__)
def test_compiled_recurrences_have_numpy_s_bits(recurrence):
    for code in met_by(recurrence):
        for point in POINTS:
            expected, _ = NumPyKernel(code).run([point[None]], NOTHING, 1)
            assert same_bits(rolled(code).results([point[None]], NOTHING, 1)[0], expected)


LISTED = {"sum": 4, "dot": 5, "strong_dot": 4}


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: ROWS[kind].name)
def test_every_row_in_a_loop_has_the_bits_of_its_forward_function(kind):
    row, source = ROWS[kind], random.Random(kind)
    count = LISTED[row.name] if row.arity is None else row.arity
    points = [source.choice([*EXTREMES, source.gauss(0, 2)]) for _ in range(count * 77)]
    writer = CodeWriter(len(points), 0)
    results = []
    for turn in range(77):
        operands = [place * 77 + turn for place in range(count)]
        if row.arity in (1, 2):
            results.append(writer.emit(kind, *[*operands, 0][:2]))
        else:
            for operand in operands:
                writer.list_operand(operand)
            results.append(writer.emit_listed(kind, count))
    code = writer.finish(results)
    block = numpy.array([points])
    expected, _ = NumPyKernel(code).run([block], NOTHING, 1)
    assert same_bits(rolled(code).results([block], NOTHING, 1)[0], expected)


def test_kept_loops_are_found_with_all_that_they_call(monkeypatch, tmp_path):
    from autograd_core.program.backends.llvm import kept_programs
    from autograd_core.program.backends.llvm.rolled import kept_loops

    monkeypatch.setenv("AUTOGRAD_CORE_CACHE", str(tmp_path / "cache"))
    points = numpy.random.default_rng(0).normal(size=500)
    code = tidied(record(lambda xs: [*(x.tan() * x for x in xs), ag.sum(xs)], points).code)
    block = points.reshape(1, -1)
    assert kept_loops.found(kept_programs.digest(code, 0)) is None
    expected, _ = LLVMKernel(code).run([block], NOTHING, 1)
    monkeypatch.setattr(llvm_compiler, "_symbols", {})  # as in the next process
    monkeypatch.setattr(rolled_kernel, "rolled", None)
    if object_loader.processor():
        monkeypatch.setattr(llvm_compiler, "_llvm", None)  # nothing is left to LLVM
    assert kept_loops.found(kept_programs.digest(code, 1)) is None
    found, _ = LLVMKernel(code).run([block], NOTHING, 1)
    assert same_bits(found, expected)
    assert same_bits(found, NumPyKernel(code).run([block], NOTHING, 1)[0])


def test_a_long_program_is_compiled_as_a_few_short_loops(monkeypatch):
    texts = texts_of(monkeypatch)
    points = numpy.random.default_rng(0).normal(size=4000)
    program = record(rosenbrock, points)
    value, slope = program.using("llvm").value_and_grad(points)
    expected = program.using("native").value_and_grad(points)
    assert (value, slope.tolist()) == (expected[0], expected[1].tolist())
    assert texts
    assert sum(text.count("\n") for text in texts) < 4000


def test_a_long_straight_line_is_never_compiled(monkeypatch):
    texts = texts_of(monkeypatch)
    monkeypatch.setattr(llvm_kernel, "LONGEST", 1000)

    def wild(x, y):  # each step reads the one before, and nothing comes again and again
        source, steps = random.Random(0), [operator.mul, operator.add, operator.sub, ag.maximum]
        for k in range(1500):
            x, y = source.choice(steps)(x, y), (x - y) * 0.1 / (k + 1)
        return x

    code = tidied(recorded(wild, 0.5, 0.25)[0])
    assert not llvm_kernel.worth_compiling(code)
    for count in (1, 3):
        points = numpy.random.default_rng(0).normal(size=(count, 2))
        expected, _ = NumPyKernel(code).run([points], NOTHING, count)
        assert same_bits(LLVMKernel(code).run([points], NOTHING, count)[0], expected)
    assert not texts


def executable(works, outside=0, effort=0):
    """One in whose instructions are loops of so many turns, by their bodies; and these."""
    loop = native_kernel.native_interpreter.operation_numbers()["loop"]
    code = [(loop, 0, 3 * place, 0) for place in range(len(works))] + [
        (loop + 1, 0, 0, 0)
    ] * outside
    lists = [number for _, turns in works for number in (0, 0, turns)]
    made = SimpleNamespace(uniform_code=numpy.array(code), lists=numpy.array(lists), effort=effort)
    return made, {place: (body, []) for place, (body, _) in enumerate(works)}


def added(count):
    """A body that takes so many additions of two numbers, or one instruction for 0."""
    return (Step("sum", 0, (Operand(False, 0),) * (count + 1)),)


@pytest.mark.parametrize(
    ("works", "most", "chosen"),
    [
        ([(added(5), 10), (added(4), 30), (added(3), 20)], 9, [1, 2]),  # what does most, first
        ([(added(5), 10), (added(4), 30), (added(3), 20)], 12, [1, 2, 0]),
        ([(added(5), 10), (added(4), 30), (added(3), 20)], 3, []),
        ([(added(1) * 4, 10), (added(5), 30)], 8, [0]),  # 4 instructions of 10 turns are more work
        ([(added(1), 30), (added(4), 20), (added(4), 20)], 5, [1, 0]),  # alike: both turns count
        ([(added(0), 30), (added(0) * 2, 10)], 3, [0, 1]),  # one operand is no less than one
        ([((Step("running", 0, (), 2), *added(1), *added(1)), 5)], 18, []),  # 8 lanes of each
        ([((Step("running", 0, (), 2), *added(1), *added(1)), 5)], 19, [0]),
        ([((Step("load", 0, (), 2), *added(1)), 5)], 2, [0]),
    ],
)
def test_loops_that_do_most_are_compiled_until_they_are_too_long(monkeypatch, works, most, chosen):
    monkeypatch.setattr(rolled_kernel, "LONGEST", most)
    found = list(rolled_kernel._chosen(*executable(works)))
    assert found == [works[place][0] for place in chosen]


@pytest.mark.parametrize(
    ("loops", "outside", "effort", "share"),
    [(1, 3, 100, 0.94), (2, 0, 1, 1.0), (1, 60, 100, 0.0), (0, 3, 100, 0.0)],
)
def test_the_share_of_loops_is_what_is_not_outside(loops, outside, effort, share):
    made, _ = executable([(added(1), 5)] * loops, outside, effort)
    assert rolled_kernel.rolled_share(made) == pytest.approx(share, abs=1e-15)


@pytest.mark.parametrize(("lanes", "turns"), [(2, 4), (4, 8), (8, 8), (16, 16)])
def test_twice_as_many_turns_as_lanes_run_side_by_side_up_to_eight(monkeypatch, lanes, turns):
    monkeypatch.setattr(llvm_compiler, "machine", lambda: SimpleNamespace(lanes=lanes))
    body = Step("load", 0, (Operand(True, 0),), 1), Step("exp", 1, (Operand(False, 0),))
    (text,) = rolled_kernel._modules([body])
    assert f"%side.next = add i64 %side.turn, {turns}\n" in text
    assert "%one.next = add i64 %one.turn, 1\n" in text
    vector = f"<{turns} x double>"
    assert f"define internal {vector} @row.exp({vector} " in text
    assert "define internal double @one.exp(double " in text


@pytest.mark.parametrize(
    ("stride", "loads", "exchanged", "inserted"), [(1, 1, 0, 0), (-1, 1, 1, 0), (2, 0, 0, 8)]
)
def test_neighbors_in_memory_are_loaded_as_one_vector(stride, loads, exchanged, inserted):
    text = loop_text("loop0", (Step("load", 0, (Operand(True, 0),), stride),), 8)
    assert text.count("load <8 x double>") == loads
    assert text.count("shufflevector") == exchanged
    assert text.count("insertelement") == inserted


def test_of_sums_only_strong_products_are_asked_whether_they_are_numbers():
    body = [Step("load", slot, (Operand(True, slot),), 1) for slot in range(3)]
    asked = []
    for row in ("sum", "dot", "strong_dot", "strong_product"):
        step = Step(row, 3, tuple(Operand(False, slot) for slot in (0, 1, 2)[: 2 + (row == "dot")]))
        text = loop_text("loop0", (*body, step), 8)
        asked.append((text.count("fcmp uno"), text.count("icmp ne")))
    assert asked == [(0, 0), (0, 0), (2, 2), (2, 2)]  # side by side, and one by one


@pytest.mark.parametrize(("row", "asked"), [("mul", 0), ("strong_product", 2)])
def test_strong_products_that_wait_for_the_turn_before_are_asked_too(row, asked):
    turn_by_turn = Step("running", 0, (Operand(True, 1), Operand(True, 2)), 1, ((2, 1),))
    product = Step(row, 2, (Operand(False, 0), Operand(False, 1)))
    body = Step("load", 0, (Operand(True, 0),), 1), turn_by_turn, product
    assert loop_text("loop0", body, 8).count("icmp ne") == asked  # side by side, and one by one


def test_where_a_loop_leaves_what_it_carries_is_not_read():
    turn_by_turn = Step("running", 0, (Operand(True, 1), Operand(True, 2)), 1, ((2, 1),))
    total = Step("add", 2, (Operand(False, 0), Operand(False, 1)))
    text = loop_text("loop0", (Step("load", 0, (Operand(True, 0),), 1), turn_by_turn, total), 8)
    assert [f"%c{place} = load" in text for place in (1, 2)] == [True, False]


@pytest.mark.parametrize(("doubt", "is_run_again"), [(0, False), (1, True)])
def test_a_loop_is_run_compiled_and_by_the_interpreter_only_in_doubt(
    monkeypatch, doubt, is_run_again
):
    def nothing(name, body, lanes):
        operands = "ptr %numbers, ptr %places, ptr %outputs, i64 %turns"
        return f"define i64 @{name}({operands}) #0 {{\nret i64 {doubt}\n}}"

    monkeypatch.setattr(rolled_kernel, "loop_text", nothing)
    points = numpy.random.default_rng(0).normal(size=500)
    code = tidied(record(lambda xs: [x.exp() * x for x in xs], points).code)
    found, _ = rolled(code).results([points.reshape(1, -1)], NOTHING, 1)
    expected, _ = NumPyKernel(code).run([points.reshape(1, -1)], NOTHING, 1)
    assert same_bits(found, expected) == is_run_again


def test_so_many_loops_are_compiled_together():
    body = (Step("load", 0, (Operand(True, 0),), 1),)
    texts = list(rolled_kernel._modules([body] * 9))
    assert [text.count("define") for text in texts] == [4, 4, 1]
    assert [f"@loop{4 * place}(" in text for place, text in enumerate(texts)] == [True] * 3


def test_a_zero_that_meets_what_is_not_finite_is_strong_in_loops_too():
    def masked(xs):
        return sum((ag.where(x > 0, x.log(), x * 0.5) for x in xs), 0.0)

    points = numpy.linspace(-1.0, 1.0, 500)
    code = tidied(gradient_of(record(masked, points).code, "inputs"))
    found, _ = rolled(code).results([points.reshape(1, -1)], NOTHING, 1)
    expected, _ = NumPyKernel(code).run([points.reshape(1, -1)], NOTHING, 1)
    assert same_bits(found, expected)
    assert numpy.isfinite(found[0, 1:]).all()


def test_a_program_too_long_for_llvm_goes_over_for_single_samples_alone(monkeypatch):
    monkeypatch.setattr(llvm_kernel, "ROLLED_SECONDS", 0.0)
    monkeypatch.setattr(choice, "UNASKED", 0.0)
    monkeypatch.setattr(llvm_kernel, "LONGEST", 100)
    code = tidied(gradient_of(record(rosenbrock, [0.5] * 3000).code, "inputs"))
    assert not llvm_kernel.worth_compiling(code)
    runner = Runner(code, 0, "auto")
    points = numpy.random.default_rng(0).normal(size=(3, 3000))
    many, _ = runner.run([points], NOTHING, 3, 1)
    assert runner.kernel.name == "native"
    before, _ = runner.run([points[:1]], NOTHING, 1, 1)
    assert runner.kernel.name == "llvm"
    after, _ = runner.run([points[:1]], NOTHING, 1, 1)
    assert same_bits(before, after)
    assert same_bits(many[:1], after)
    assert same_bits(runner.run([points], NOTHING, 3, 1)[0], many)
