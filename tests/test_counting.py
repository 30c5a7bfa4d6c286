"""The benchmarks of programs: whom they count, and what they say of what is not installed."""

from __future__ import annotations

import importlib
import shutil
import sys

import pytest

import nn
from nn.descent import minimize
from tests.benchmarks.programs import __main__ as programs
from tests.benchmarks.programs import counting
from tests.benchmarks.programs.contest import Result
from tests.benchmarks.programs.tables import work_table
from tests.benchmarks.programs.worker import absence
from tests.benchmarks.programs.works import WORKS
from tests.tiers import for_both_tiers


def test_what_is_missing_is_said_with_what_brings_it(monkeypatch):
    counting.missing.cache_clear()
    monkeypatch.setattr(shutil, "which", lambda name: None)
    assert counting.missing() == "instructions are not counted: apt-get install valgrind"
    counting.missing.cache_clear()


def test_this_engine_s_contestants_are_counted_and_no_peer_and_nothing_too_large():
    work = WORKS["rosenbrock"]
    of = {name for name in work.contestants if counting.is_counted(work, name, 1000)}
    assert of == {"native", "llvm", "numpy"}
    assert not counting.is_counted(work, "native", counting.LARGEST + 1)
    assert not counting.is_counted(WORKS["threads"], "native_2", 1000)
    assert not counting.is_counted(WORKS["gpt"], "uncompiled", 0)
    assert [
        name
        for name in WORKS["digits"].contestants
        if counting.is_counted(WORKS["digits"], name, 50)
    ] == ["ours"]


def test_a_count_stands_beside_a_program_s_length_and_not_in_its_place(monkeypatch):
    work = WORKS["first"]
    found = {
        ("native", size): Result(size, "native", facts={"instructions": 6.0 * size}, seconds=[size])
        for size in (10, 1000, 100_000)
    }
    before = work.promises(found)
    monkeypatch.setattr(counting, "counted", lambda name, contestant, size: 12_345.0)
    programs.count("first", found)
    assert work.promises(found) == before
    header, _, small, _, large = work_table(work, found).splitlines()
    assert header.split()[0] == "instructions"
    assert "12,345" in small
    assert "60 instructions" in small
    assert "12,345" not in large  # larger than what is counted


@for_both_tiers
@pytest.mark.skipif(counting.missing() is not None, reason="needs valgrind and gcc")
def test_many_calls_in_a_row_are_counted_as_one():
    assert 100 < counting.counted("call", "native", 1) < 20_000  # a hundred take a million


@for_both_tiers
@pytest.mark.skipif(counting.missing() is not None, reason="needs valgrind and gcc")
def test_a_step_of_fit_is_counted_without_what_comes_before():
    assert 10**5 < counting.counted("training", "ours", 2) < 10**6


@pytest.mark.parametrize(
    ("missing", "act", "told"),
    [
        ("micrograd", lambda: importlib.import_module("micrograd"), "micrograd is not installed"),
        ("scipy.optimize", lambda: minimize(lambda x: x[0], [1.0]), "minimize is SciPy's, which"),
        ("sklearn.datasets", nn.datasets.digits, "this data set comes with scikit-learn, which"),
        ("nn.no_such", lambda: importlib.import_module("nn.no_such"), None),
    ],
)
def test_a_contestant_whose_library_is_missing_is_absent_and_one_of_ours_is_a_fault(
    missing, act, told, monkeypatch
):
    monkeypatch.setitem(sys.modules, missing, None)
    with pytest.raises(ImportError) as caught:
        act()
    said = absence(caught.value)
    assert said is None if told is None else said.startswith(told)


def test_an_interrupt_ends_the_benchmarks_with_what_was_found(monkeypatch, capsys):
    found = {("native", 10): Result(10, "native", seconds=[1e-3])}

    def run(name, quick):
        if name == "heat":
            raise KeyboardInterrupt
        return found

    monkeypatch.setattr(programs, "run", run)
    monkeypatch.setattr(sys, "argv", ["programs", "--quick", "--only", "first", "heat", "gpt"])
    with pytest.raises(SystemExit) as ended:
        programs.main()
    printed = capsys.readouterr().out
    assert ended.value.code == 130
    assert "first: " in printed
    assert "interrupted in heat" in printed
    assert "gpt: " not in printed
