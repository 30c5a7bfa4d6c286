"""The choice of a back end: what runs first, when LLVM takes over, and that nobody can tell."""

from __future__ import annotations

import numpy
import pytest

import autograd_core as ag
from autograd_core import BackendError, Value, record
from autograd_core.program.backends import choice
from autograd_core.program.backends.choice import Runner
from tests.program.replayed import same_bits

SAMPLES = numpy.linspace(-2, 2, 100).reshape(100, 1)


def program():
    weight = Value(0.5)
    return record(lambda x: (weight * x).tanh() * weight, 0.0)


def run(runner):
    values, _ = runner.run([SAMPLES], numpy.array([0.5]), 100, 1)
    return values


def test_the_interpreter_runs_first_where_it_is_compiled():
    runner = Runner(program().code, 0, "auto")
    assert runner.kernel.name == ("native" if ag.compiled else "numpy")


def test_a_primitive_of_one_s_own_is_run_by_numpy():
    @ag.primitive(lambda x, out: 2.0 * x, name="squared_for_the_choice")
    def squared(x):
        return x * x

    own = record(lambda x: squared(x), 0.0)
    assert Runner(own.code, 0, "auto").kernel.name == "numpy"
    if ag.compiled:
        with pytest.raises(BackendError, match="squared_for_the_choice"):
            own.using("native")


@pytest.mark.skipif(
    not ag.compiled, reason="nothing is compiled: NumPy runs programs from the start"
)
def test_llvm_takes_over_from_a_busy_interpreter_and_gives_the_same_bits(monkeypatch):
    llvm = pytest.importorskip("autograd_core.program.backends.llvm")
    pytest.importorskip("llvmlite")
    monkeypatch.setattr(llvm, "compile_seconds", lambda code, summed=0: 0.0)
    runner = Runner(program().code, 0, "auto")
    before = run(runner)
    assert runner.kernel.name == "llvm"
    assert same_bits(run(runner), before)


@pytest.mark.skipif(
    not ag.compiled, reason="nothing is compiled: NumPy runs programs from the start"
)
def test_the_interpreter_goes_on_where_llvm_cannot_take_over(monkeypatch):
    pytest.importorskip("llvmlite")
    runner = Runner(program().code, 0, "auto")
    runner._patience = 0.0
    before = run(Runner(program().code, 0, "native"))

    def refuse(code, summed):
        raise BackendError("no machine code today")

    monkeypatch.setattr("autograd_core.program.backends.llvm.LLVMKernel", refuse)
    assert same_bits(run(runner), before)
    assert runner.kernel.name == "native"
    assert same_bits(run(runner), before)


def test_every_back_end_gives_the_same_bits_and_the_same_sums():
    recorded = program()
    _, loss_gradient = recorded.value_and_grad(SAMPLES[:, 0], wrt="captured")
    sums = recorded.summed_gradient(SAMPLES[:, 0])
    for backend in choice.BACKENDS:
        try:
            other = recorded.using(backend)
        except BackendError:
            continue  # not installed here
        assert same_bits(other.value_and_grad(SAMPLES[:, 0], wrt="captured")[1], loss_gradient)
        found = other.summed_gradient(SAMPLES[:, 0])
        assert same_bits([found.value, *found.gradient], [sums.value, *sums.gradient])
