"""What is kept of programs: found by the program alone, and never what other sources made."""

from __future__ import annotations

import ast
import marshal
import os
import shutil
import subprocess
import sys
import time
from importlib.machinery import EXTENSION_SUFFIXES
from pathlib import Path

import numpy
import pytest

import autograd_core
from autograd_core import record
from autograd_core.primitives import BUILT_IN
from autograd_core.program.adjoint.derived import gradient_of
from autograd_core.program.backends.llvm import (
    kept_code,
    kept_programs,
    llvm_compiler,
    object_cache,
)
from autograd_core.program.backends.llvm.object_cache import VARIABLE
from autograd_core.program.code.flat import Code
from autograd_core.program.passes.pipeline import tidied

pytest.importorskip("llvmlite")
ROOT = Path(autograd_core.__file__).parent
MAKERS = (
    "program/adjoint/derived.py",
    "program/passes/pipeline.py",
    "program/backends/native/executable.py",
    "program/backends/llvm/llvm_description.py",
    "program/backends/llvm/rolled/rolled_kernel.py",
)
ASIDE = {"errors.py", "forking.py", "given.py", "plain.py"}
"""Modules that say what is wrong, and how a process is run."""


@pytest.fixture
def cache(monkeypatch, tmp_path):
    place = tmp_path / "cache"
    monkeypatch.setenv(VARIABLE, str(place))
    return place


def curve(count):
    points = numpy.linspace(-1.0, 1.0, count)
    return record(lambda xs: sum((x.exp() * x for x in xs), 0.0), points).code


def test_arrays_come_back_as_they_were_and_can_be_written_to():
    for numbers in (numpy.array([-0.0, numpy.nan]), numpy.zeros((0, 3), dtype=numpy.int32)):
        found = kept_programs.array(kept_programs.packed(numbers))
        assert (found.dtype, found.shape) == (numbers.dtype, numbers.shape)
        assert found.tobytes() == numbers.tobytes()
        assert found.flags.writeable


def test_any_other_program_or_question_has_another_digest():
    code = curve(3)
    parts = code.inputs, code.captured, code.constants, code.instructions, code.operands
    other_zero = code.constants.copy()
    other_zero[other_zero == 0.0] = -0.0
    others = [
        Code(*parts, code.outputs[:0]),
        Code(code.inputs - 1, code.captured + 1, *parts[2:], code.outputs),
        Code(*parts[:2], other_zero, *parts[3:], code.outputs),
        Code(*parts[:3], code.instructions[:-1], code.operands, code.outputs),
        Code(*parts[:4], code.outputs[:1], code.outputs[1:]),
    ]
    digests = [kept_programs.digest(other, "asked", 0) for other in others]
    digests += [kept_programs.digest(code, *asked) for asked in (("asked", 0), ("asked",), ())]
    assert len(set(digests)) == 8
    assert kept_programs.digest(curve(3), "asked", 0) == kept_programs.digest(code, "asked", 0)


def test_the_name_depends_on_the_sources_the_processor_and_the_tier(cache, monkeypatch):
    def name():
        return kept_programs.name(kept_programs.digest(curve(3)))

    names, interpreted = [name()], kept_programs.native_kernel.available()
    for of, part, other in (
        (kept_programs, "own_sources", lambda: "others"),
        (llvm_compiler, "depends", lambda: ("another", "processor")),
        (kept_programs.native_kernel, "available", lambda: not interpreted),
        (sys.implementation, "cache_tag", "another-python"),
    ):
        with monkeypatch.context() as patched:
            patched.setattr(of, part, other)
            names.append(name())
    assert len({*names}) == 5
    monkeypatch.setattr(kept_programs, "own_sources", lambda: None)  # they cannot be read
    assert name() is None
    monkeypatch.undo()
    monkeypatch.setenv(VARIABLE, "0")
    assert name() is None


def test_what_would_fill_the_folder_is_not_kept(cache, monkeypatch):
    name = object_cache.key("an answer")
    monkeypatch.setattr(kept_programs, "LARGEST", 100)
    kept_programs.write(name, (b"x" * 100,))
    assert kept_programs.read(name) is None
    answer = b"x" * 50, 1.5
    monkeypatch.setattr(kept_programs, "LARGEST", len(marshal.dumps(answer)))
    kept_programs.write(name, answer)
    assert kept_programs.read(name) == answer
    assert kept_programs.read(None) is None


@pytest.fixture
def copied(tmp_path):
    for name in kept_programs.SOURCES:
        place = tmp_path / "package" / name
        place.parent.mkdir(parents=True, exist_ok=True)
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy2
        copy(ROOT / name, place)
    return tmp_path / "package"


def digest(root):
    return kept_programs.sources_in(str(root), time.time_ns() + 10**10)


def test_any_changed_source_changes_the_digest(copied):
    own = digest(copied)
    assert own == digest(ROOT)
    assert own is not None
    for name in (
        "primitives/forward.py",
        "program/adjoint/reverse.py",
        "program/passes/fusing.py",
        "program/backends/native/translator.py",
        "program/backends/llvm/text/llvm_text.py",
        "program/running.py",
    ):
        path = copied / name
        before = path.read_bytes()
        for changed in (before.replace(b"e", b"f", 1), before[:-1] + b" "):
            path.write_bytes(changed)
            assert digest(copied) != own
        path.write_bytes(before)
        assert digest(copied) == own
    (copied / "program/passes/another.py").write_text("")
    assert digest(copied) != own


def test_sources_are_read_in_one_order_and_none_is_left_open(copied, monkeypatch):
    own, walk, left = digest(copied), os.walk, []
    opened, close = os.open, os.close

    def listed_backwards(*given, **named):
        for folder, inner, names in walk(*given, **named):
            inner.reverse()
            yield folder, inner, names[::-1]

    monkeypatch.setattr(os, "walk", listed_backwards)
    monkeypatch.setattr(os, "open", lambda *of: left.append(opened(*of)) or left[-1])
    monkeypatch.setattr(os, "close", lambda number: left.remove(number) or close(number))
    assert digest(copied) == own
    assert not left


def test_another_build_of_the_same_sources_changes_the_digest(copied):
    (path := copied / f"program/passes/built{EXTENSION_SUFFIXES[0]}").write_bytes(bytes(9000))
    os.utime(path, (0, 0))
    digests = [digest(copied)]
    path.write_bytes(b"linked otherwise" + bytes(9000 - 16))
    os.utime(path, (0, 0))
    digests.append(digest(copied))
    os.utime(path, (0, 1))
    digests.append(digest(copied))
    path.write_bytes(bytes(9001))
    os.utime(path, (0, 1))
    digests.append(digest(copied))
    assert len({*digests}) == 4


@pytest.mark.parametrize("name", ["primitives", "program/running.py"])
def test_where_a_source_is_missing_nothing_is_kept(copied, name):
    place = copied / name
    shutil.rmtree(place) if place.is_dir() else place.unlink()
    assert digest(copied) is None


def test_a_source_written_after_the_import_is_not_taken_for_what_runs(copied):
    begun = time.time_ns() + 10**10
    assert kept_programs.sources_in(str(copied), begun) is not None
    os.utime(copied / "program/passes/fusing.py", ns=(begun, begun))
    assert kept_programs.sources_in(str(copied), begun) is None


def test_whatever_makes_an_answer_is_among_the_sources():
    found, left = set(), [ROOT / name for name in MAKERS]
    while left:
        path = left.pop()
        if path in found:
            continue
        found.add(path)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("autograd_core"):
                place = ROOT.parent / node.module.replace(".", "/")
                within = [(place / f"{alias.name}.py") for alias in node.names]
                left += [p for p in (place.with_suffix(".py"), *within) if p.exists()]
    sources = tuple(str(ROOT / name) for name in kept_programs.SOURCES)
    others = {
        path.relative_to(ROOT).as_posix() for path in found if not str(path).startswith(sources)
    }
    assert len(found) > 40
    assert others <= ASIDE


def test_code_after_the_passes_is_kept_with_what_they_saved(cache):
    code = curve(600)
    made = tidied(gradient_of(code, "inputs"))
    assert kept_code.found(code, ("gradient", 1)) is None
    kept_code.keep(code, ("gradient", 1), *made, 5)
    again, passes, summed = kept_code.found(code, ("gradient", 1))
    assert again == made[0]
    assert (passes, str(passes), summed) == (made[1], str(made[1]), 5)
    assert kept_code.found(code, ("gradient", 2)) is None
    assert kept_code.found(curve(601), ("gradient", 1)) is None


@pytest.mark.parametrize(("longer", "is_kept"), [(0, True), (1, False)])
def test_a_program_is_kept_from_a_length_on(longer, is_kept, cache, monkeypatch):
    code = curve(5)
    monkeypatch.setattr(kept_code, "SHORT", len(code) + longer)
    kept_code.keep(code, ("value",), *tidied(code), 0)
    assert (kept_code.found(code, ("value",)) is not None) == is_kept


def test_neither_short_programs_nor_rules_of_one_s_own_are_kept(cache):
    short, code = curve(5), curve(600)
    own = code.instructions.copy()
    own[-1, 0] = BUILT_IN
    custom = Code(code.inputs, code.captured, code.constants, own, code.operands, code.outputs)
    for program in (short, custom):
        kept_code.keep(program, ("value",), *tidied(short), 0)
        assert kept_code.found(program, ("value",)) is None
    assert not cache.exists() or len([*cache.iterdir()]) <= 1  # what LLVM calls the processor


SCRIPT = """
import sys, numpy, autograd_core as ag
if not ag.compiled: raise SystemExit
from autograd_core.program.adjoint import reverse
from autograd_core.program.passes import tidying
def rosenbrock(xs):
    total = 0.0
    for k in range(len(xs) - 1):
        total = total + 100.0 * (xs[k + 1] - xs[k] * xs[k]).exp() + (1.0 - xs[k]) ** 2
    return total
points = numpy.linspace(-1.0, 1.0, 700)
program = ag.record(rosenbrock, points).using("llvm")
made = []
def watched(name, function):
    return lambda *given: made.append(name) or function(*given)
reverse.pull_back = watched("pull_back", reverse.pull_back)
tidying.PASSES = tuple((name, watched(name, one)) for name, one in tidying.PASSES)
one = program.value_and_grad(points)
many = program.value_and_grad(numpy.stack([points, points[::-1], points * 0.5]))
total = program.value_and_grad(
    numpy.stack([points, points * 0.25]), mean=0)
print(b"".join(numpy.asarray(part).tobytes() for part in (*one, *many, *total)).hex()[-4000:])
print(sorted({*made}))
print("autograd_core.program.backends.llvm.rolled.rolled_kernel" in sys.modules)
print(program.passes)
"""


def in_a_process():
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], check=True, capture_output=True, text=True
    )
    return done.stdout.splitlines()


def test_a_second_process_derives_tidies_and_rolls_nothing_and_has_the_same_bits(cache):
    first = in_a_process()
    if not first:
        return  # where nothing is compiled
    second = in_a_process()
    assert first[0] == second[0]
    assert "pull_back" in first[1]
    assert first[2] == "True"
    assert (second[1], second[2]) == ("[]", "False")
    assert first[3:] == second[3:]
    for path in cache.iterdir():  # what is damaged is made again
        content = path.read_bytes()
        path.write_bytes(content[: len(content) // 2] + bytes(len(content) - len(content) // 2))
    third = in_a_process()
    assert third[0] == first[0]
    assert third[1] == first[1]
    assert in_a_process()[1] == "[]"
