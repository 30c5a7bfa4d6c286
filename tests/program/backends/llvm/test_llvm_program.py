"""Compiled programs kept on disk: found by the program alone, and never those of other sources."""

from __future__ import annotations

import subprocess
import sys

import pytest

from autograd_core.program.backends.llvm import kept_programs, llvm_compiler, llvm_program
from autograd_core.program.backends.llvm.object_cache import VARIABLE
from autograd_core.program.recording import record

pytest.importorskip("llvmlite")
PLACE = "autograd_core.program.backends.llvm."
WRITERS = ("llvm_description", "llvm_formulas", "plan.llvm_plan", "text.llvm_text")


@pytest.fixture
def cache(monkeypatch, tmp_path):
    monkeypatch.setenv(VARIABLE, str(tmp_path / "cache"))
    monkeypatch.setattr(llvm_program, "_programs", type(llvm_program._programs)())
    return tmp_path / "cache"


def program():
    return record(lambda x, y: [x * y + 0.25, (x - y).sqrt()], 0.0, 0.0).code


def compiled(code, summed, lanes):
    return llvm_program.compiled(kept_programs.digest(code, summed), code, summed, lanes)


def found(code, summed, lanes):
    return llvm_program.found(kept_programs.digest(code, summed), lanes)


@pytest.fixture
def texts(monkeypatch):
    found, compile_one = [], llvm_compiler.compiled
    monkeypatch.setattr(
        llvm_compiler,
        "compiled",
        lambda text, quickly=False: found.append(text) or compile_one(text, quickly),
    )
    return found


@pytest.mark.usefixtures("cache")
def test_a_program_that_was_compiled_is_found_by_itself(texts):
    code = program()
    assert found(code, 0, 4) is None
    first = compiled(code, 0, 4)
    assert texts
    texts.clear()
    assert found(code, 0, 4) is first
    llvm_program._programs.clear()  # as in the next process
    again = found(code, 0, 4)
    assert not texts
    assert again is not first
    same = set(vars(first)) - {"shapes", "_tables", "functions", "uniform_functions"}
    for name in same:
        assert str(getattr(first, name)) == str(getattr(again, name))
    assert found(code, 1, 4) is None
    assert found(code, 0, 2) is None


@pytest.mark.usefixtures("cache")
def test_what_other_sources_or_another_processor_made_is_not_taken(monkeypatch):
    compiled(program(), 0, 4)
    llvm_program._programs.clear()
    for of, name, other in (
        (kept_programs, "own_sources", lambda: "other"),
        (llvm_compiler, "depends", lambda: ("another", "processor")),
    ):
        with monkeypatch.context() as patched:
            patched.setattr(of, name, other)
            assert found(program(), 0, 4) is None
    assert found(program(), 0, 4) is not None


def in_a_process(script):
    done = subprocess.run(
        [sys.executable, "-c", script], check=True, capture_output=True, text=True
    )
    return done.stdout.split("\n")[:-1]


@pytest.mark.usefixtures("cache")
def test_the_next_process_needs_neither_plan_nor_text():
    script = (
        "import sys, autograd_core as ag\n"
        "if not ag.compiled: raise SystemExit\n"
        "def walk(x, v):\n"
        "    for step in range(30): x = x * (v * 0.1 - step * 0.01).exp() + v.tanh()\n"
        "    return x\n"
        "many = ag.record(walk, 1.0, 0.5).using('llvm')\n"
        "found = many.value_and_grad([1.0, 2.0, 3.0], [0.1, 0.2, 0.3], wrt=('x', 'v'))\n"
        "print([a.tobytes().hex() for a in (found[0], *found[1])])\n"
        f"print([n for n in {WRITERS} if {PLACE!r} + n in sys.modules])"
    )
    first, second = in_a_process(script), in_a_process(script)
    if first:
        assert first[0] == second[0]
        assert second[1] == "[]"
        assert first[1] != "[]"
