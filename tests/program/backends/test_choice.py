"""The choice of a back end: what runs first, when LLVM takes over, and that nobody can tell."""

from __future__ import annotations

import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import numpy
import pytest

import autograd_core as ag
from autograd_core import BackendError, Value, record
from autograd_core.program.backends import choice
from autograd_core.program.backends.choice import Runner
from autograd_core.program.backends.llvm import llvm_compiler, object_loader
from autograd_core.program.backends.numpy.numpy_kernel import NumPyKernel
from tests.program.replayed import same_bits

COMPILED = pytest.mark.skipif(
    not ag.compiled, reason="nothing is compiled: NumPy runs programs from the start"
)
SAMPLES = numpy.linspace(-2, 2, 100).reshape(100, 1)


def program():
    weight = Value(0.5)
    return record(lambda x: (weight * x).tanh() * weight, 0.0)


def run(runner):
    values, _ = runner.run([SAMPLES], numpy.array([0.5]), 100, 1)
    return values


def test_the_interpreter_runs_first_where_it_is_compiled():
    runner = Runner(program().code, 0, "auto")
    first = "native" if ag.compiled else "numpy"
    assert runner.kernel.name == program().answered_by("gradient") == first
    assert program().using("numpy").answered_by("gradient") == "numpy"
    with pytest.raises(TypeError, match="of one result"):
        record(lambda x: [x, x], 0.0).answered_by("gradient")


def test_a_primitive_of_one_s_own_is_run_by_numpy():
    @ag.primitive(lambda x, out: 2.0 * x, name="squared_for_the_choice")
    def squared(x):
        return x * x

    own = record(lambda x: squared(x), 0.0)
    assert Runner(own.code, 0, "auto").kernel.name == "numpy"
    assert own.answered_by() == own.answered_by("gradient") == "numpy"
    if ag.compiled:
        with pytest.raises(BackendError, match="squared_for_the_choice"):
            own.using("native")


@COMPILED
def test_llvm_takes_over_from_a_busy_interpreter_and_gives_the_same_bits(monkeypatch):
    llvm = pytest.importorskip("autograd_core.program.backends.llvm.llvm_kernel")
    pytest.importorskip("llvmlite")
    monkeypatch.setattr(llvm, "compile_seconds", lambda code, summed=0: 0.0)
    monkeypatch.setattr(choice, "UNASKED", 0.0)
    runner = Runner(program().code, 0, "auto")
    before = run(runner)
    assert runner.kernel.name == "llvm"
    assert same_bits(run(runner), before)


@COMPILED
@pytest.mark.parametrize("count", [1, 100])
def test_what_an_earlier_process_compiled_is_looked_up_once(count, monkeypatch, tmp_path):
    pytest.importorskip("llvmlite")
    from autograd_core.program.backends.llvm import kept_programs, llvm_kernel, llvm_program

    monkeypatch.setenv("AUTOGRAD_CORE_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(choice, "UNASKED", 0.0)
    code = program().code
    before = Runner(code, 0, "llvm").run([SAMPLES[:count]], numpy.array([0.5]), count, 1)[0]
    llvm_program._programs.clear()  # as in the next process
    digest, read, looked = kept_programs.digest, kept_programs.read, []
    monkeypatch.setattr(kept_programs, "digest", lambda *of: looked.append(of) or digest(*of))
    monkeypatch.setattr(kept_programs, "read", lambda name: looked.append(name) or read(name))
    monkeypatch.setattr(llvm_kernel, "compile_seconds", None)  # nobody asks what is not compiled
    runner = Runner(code, 0, "auto")
    runner.run([SAMPLES[:count]], numpy.array([0.5]), count, 1)
    assert runner.kernel.name == "llvm"
    values, _ = runner.run([SAMPLES[:count]], numpy.array([0.5]), count, 1)
    assert same_bits(values, before)
    assert looked.pop(0) == (runner.code, 0)
    assert len(looked) == len({*looked}) == (2 if count == 1 else 1)  # loops, then the whole


@COMPILED
@pytest.mark.parametrize(("by_llvm", "left"), [(0.5, "llvm"), (1.0, "native"), (2.0, "native")])
def test_the_one_stays_that_is_faster_when_both_have_taken_turns(by_llvm, left):
    pytest.importorskip("llvmlite")
    runner = Runner(program().code, 0, "auto")
    runner.spent(1000.0, 100)
    seen = []
    while runner.patience is not None:
        seen.append(runner.kernel.name)
        runner.spent(100.0, 99)  # of other calls nothing is learned
        noise = 1.0 + len(seen) % 5
        runner.spent(noise * (by_llvm if seen[-1] == "llvm" else 1.0), 100)
    assert seen == ["llvm", "native"] * choice.TURNS
    assert runner.kernel.name == left


@COMPILED
def test_what_a_first_call_takes_to_translate_lets_nothing_be_compiled():
    pytest.importorskip("llvmlite")
    runner = Runner(program().code, 0, "auto")
    runner.patience = 1e-9
    run(runner)
    assert runner.kernel.name == "native"
    run(runner)
    assert runner.kernel.name == "llvm"


@COMPILED
def test_llvm_goes_on_with_what_the_interpreter_has_translated(monkeypatch):
    pytest.importorskip("llvmlite")
    numbers = numpy.linspace(-1, 1, 30_000)
    own = record(lambda x: ag.sum([(a * a).tanh() - a for a in x]), [0.5] * len(numbers))
    runner = Runner(own.code, 0, "auto")
    expected, _ = runner.run([numbers[None]], numpy.empty(0), 1, 1)
    runner.patience = 0.0
    module = "autograd_core.program.backends.native.native_kernel.translated"
    monkeypatch.setattr(module, None)  # nothing is translated from here on
    found, _ = runner.run([numbers[None]], numpy.empty(0), 1, 1)
    assert runner.kernel.name == "llvm"
    assert same_bits(runner.run([numbers[None]], numpy.empty(0), 1, 1)[0], expected)
    assert same_bits(found, expected)


@COMPILED
def test_less_is_waited_for_where_llvm_saves_more():
    llvm = pytest.importorskip("autograd_core.program.backends.llvm.llvm_kernel")
    pytest.importorskip("llvmlite")
    weights = [Value(0.1) for _ in range(1000)]
    layer = record(lambda x: ag.dot(weights, x), [0.0] * 1000, parameters=weights)
    for code, gain in ((program().code, 1.0), (layer.code, 0.125)):
        runner = Runner(code, 0, "auto")
        runner.spent(1.01 * choice.UNASKED, 1)  # before, it is not asked
        assert runner.patience == llvm.compile_seconds(runner.code) / gain


@COMPILED
def test_threads_that_call_while_llvm_takes_over_are_not_in_its_way(monkeypatch):
    changing, compiled = threading.Event(), []

    def compile_late(code, summed, other):
        changing.set()
        compiled.append(NumPyKernel(code, summed))
        compiled[-1].compile_for = lambda count: None
        return compiled[-1]

    monkeypatch.setattr("autograd_core.program.backends.llvm.llvm_kernel.LLVMKernel", compile_late)
    runner = Runner(program().code, 0, "auto")
    runner.patience = 0.0
    before = run(Runner(program().code, 0, "native"))
    own_run, started = runner.kernel.run, threading.Event()

    class Slow:
        def machine(self, count):
            return self

        def run(self, *given):
            started.set()
            assert changing.wait(60)
            return own_run(*given)

    quick, runner.kernel = runner.kernel, Slow()
    with ThreadPoolExecutor(1) as pool:
        slow = pool.submit(run, runner)
        assert started.wait(60)
        runner.kernel = quick
        assert same_bits(run(runner), before)  # while this one goes over, the other comes back
        assert same_bits(slow.result(), before)
    assert len(compiled) == 1
    assert runner.kernel in (quick, compiled[0])  # in turns, whichever came back first


@pytest.fixture
def _unsaid(monkeypatch):
    pytest.importorskip("llvmlite")
    monkeypatch.setattr(choice, "_unsaid", threading.Lock())
    for cached in (llvm_compiler.machine, llvm_compiler._llvm):
        cached.cache_clear()
    yield
    for cached in (llvm_compiler.machine, llvm_compiler._llvm):
        cached.cache_clear()


@COMPILED
@pytest.mark.usefixtures("_unsaid")
@pytest.mark.parametrize("where", ["import", "machine", "loader", "text"])
def test_the_interpreter_goes_on_where_llvm_does_not_work_and_that_is_said_once(
    where, monkeypatch, tmp_path
):
    def broken(*given, **named):
        raise OSError("cannot open shared object file")

    if where == "import":  # a package whose library is not there
        (tmp_path / "llvmlite").mkdir()
        (tmp_path / "llvmlite" / "__init__.py").write_text('raise OSError("cannot open shared")')
        for name in [name for name in sys.modules if name.split(".")[0] == "llvmlite"]:
            monkeypatch.delitem(sys.modules, name)
        monkeypatch.syspath_prepend(tmp_path)
    else:
        binding = pytest.importorskip("llvmlite.binding")
        names = {
            "machine": "get_host_cpu_features",
            "loader": "create_mcjit_compiler",
            "text": "parse_assembly",
        }
        monkeypatch.setattr(binding, names[where], broken)
        monkeypatch.setattr(object_loader, "processor", lambda: b"")  # LLVM has to load, too
    own = record(lambda x: (x * 1.25).tanh() + len(where), 0.0)
    expected = own.using("native")(SAMPLES[:, 0])

    def run_twice():
        runner = Runner(own.code, 0, "auto")
        assert runner._worth_waiting(100) > 0.0  # asking fails nobody
        runner.patience = 0.0
        for _ in range(2):
            values, _ = runner.run([SAMPLES], numpy.empty(0), 100, 1)
            assert same_bits(values[:, 0], expected)
            assert runner.kernel.name == "native"

    with pytest.warns(RuntimeWarning, match="without LLVM: .*OSError: cannot open") as said:
        run_twice()
    assert len(said) == 1
    run_twice()  # without a word: a warning would be an error
    with pytest.raises(BackendError, match="OSError: cannot open"):
        own.using("llvm")(SAMPLES[:, 0])


@COMPILED
@pytest.mark.usefixtures("_unsaid")
def test_too_little_memory_for_llvm_is_said_to_be_that(monkeypatch):
    def exhausted(*given, **named):
        raise MemoryError

    binding = pytest.importorskip("llvmlite.binding")
    monkeypatch.setattr(binding, "get_host_cpu_features", exhausted)
    runner = Runner(program().code, 0, "auto")
    runner.patience = 0.0
    expected = run(Runner(program().code, 0, "native"))
    with pytest.warns(RuntimeWarning, match="without LLVM: there is not enough memory"):
        assert same_bits(run(runner), expected)
    with pytest.raises(MemoryError):  # and no advice to install llvmlite anew
        program().using("llvm")


@COMPILED
@pytest.mark.usefixtures("_unsaid")
def test_code_for_one_sample_that_does_not_compile_is_left_to_the_interpreter(monkeypatch):
    runner = Runner(program().code, 0, "auto")
    runner.patience = 0.0
    before = run(runner)
    assert runner.kernel.name == "llvm"

    def broken(*given):
        raise RuntimeError("no executable memory")

    monkeypatch.setattr("autograd_core.program.backends.llvm.llvm_program.compiled", broken)
    with pytest.warns(RuntimeWarning, match="RuntimeError: no executable memory"):
        values, _ = runner.run([SAMPLES[:1]], numpy.array([0.5]), 1, 1)
    assert same_bits(values, before[:1])
    assert runner.kernel.name == "native"


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
