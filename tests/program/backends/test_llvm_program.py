"""Compiled programs kept on disk: found by the program alone, and never those of other sources."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import autograd_core
from autograd_core.program.backends.llvm import llvm_compiler, llvm_program
from autograd_core.program.backends.llvm.object_cache import VARIABLE
from autograd_core.program.recording import record

pytest.importorskip("llvmlite")
ROOT = Path(autograd_core.__file__).parent
PLACE = "autograd_core.program.backends.llvm."
WRITERS = ("llvm_description", "llvm_formulas", "plan.llvm_plan", "text.llvm_text")


@pytest.fixture
def cache(monkeypatch, tmp_path):
    monkeypatch.setenv(VARIABLE, str(tmp_path / "cache"))
    monkeypatch.setattr(llvm_program, "_programs", type(llvm_program._programs)())
    return tmp_path / "cache"


def program():
    return record(lambda x, y: [x * y + 0.25, (x - y).sqrt()], 0.0, 0.0).code


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
    assert llvm_program.found(code, 0, 4) is None
    first = llvm_program.compiled(code, 0, 4)
    assert texts
    texts.clear()
    assert llvm_program.found(code, 0, 4) is first
    llvm_program._programs.clear()  # as in the next process
    again = llvm_program.found(code, 0, 4)
    assert not texts
    assert again is not first
    same = set(vars(first)) - {"shapes", "_tables", "functions", "uniform_functions"}
    for name in same:
        assert str(getattr(first, name)) == str(getattr(again, name))
    assert llvm_program.found(code, 1, 4) is None
    assert llvm_program.found(code, 0, 2) is None


@pytest.mark.usefixtures("cache")
def test_what_other_sources_or_another_processor_made_is_not_taken(monkeypatch):
    llvm_program.compiled(program(), 0, 4)
    llvm_program._programs.clear()
    for of, name, other in (
        (llvm_program, "_own_sources", lambda: "other"),
        (llvm_compiler, "depends", lambda: ("another", "processor")),
    ):
        with monkeypatch.context() as patched:
            patched.setattr(of, name, other)
            assert llvm_program.found(program(), 0, 4) is None
    assert llvm_program.found(program(), 0, 4) is not None


def test_sources_are_told_apart_by_what_is_in_them(monkeypatch, tmp_path):
    for name in llvm_program.SOURCES:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, tmp_path / name)
    own = llvm_program._own_sources()
    place = tmp_path / "program/backends/llvm/llvm_program.py"
    monkeypatch.setattr(llvm_program, "__file__", str(place))
    digests = []
    for path in (place, tmp_path / "primitives/forward.py", tmp_path / "program/code/flat.py"):
        llvm_program._own_sources.cache_clear()
        digests.append(llvm_program._own_sources())
        path.write_text(path.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    shutil.rmtree(tmp_path / "primitives")
    llvm_program._own_sources.cache_clear()
    digests.append(llvm_program._own_sources())
    path.unlink()
    llvm_program._own_sources.cache_clear()
    assert llvm_program._own_sources() is None  # and so nothing is kept
    llvm_program._own_sources.cache_clear()
    assert digests[0] == own
    assert len(set(digests)) == 4


def in_a_process(script):
    done = subprocess.run(
        [sys.executable, "-c", script], check=True, capture_output=True, text=True
    )
    return done.stdout.split("\n")[:-1]


def test_what_makes_descriptions_is_among_the_sources():
    modules = in_a_process(
        "import sys, autograd_core.program.recording\n"
        "before = set(sys.modules)\n"
        "import autograd_core.program.backends.llvm.llvm_description\n"
        "print(*(n for n in sys.modules if n.startswith('autograd_core') and n not in before))"
    )[0].split()
    sources = tuple(
        f"autograd_core.{name.removesuffix('.py').replace('/', '.')}"
        for name in llvm_program.SOURCES
    )
    others = {name for name in modules if not name.startswith(sources)}
    # What the interpreter is, how calls are made: it says where C functions are, and no more.
    allowed = (
        "autograd_core.program.backends.native",
        "autograd_core.program.backends.machine",
        "autograd_core.program.backends.array_heads",
        "autograd_core.program.passes.ordering",
    )
    assert {name for name in others if not name.startswith(allowed)} == set()


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
