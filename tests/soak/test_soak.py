"""The soak's searches, a moment each, and what it says of what they find."""

from __future__ import annotations

import ast
import json
import math
import os
import random
import re
import signal
import sys
from contextlib import suppress

import pytest

from autograd_core import DataError, Value, from_json
from autograd_core.testing import Expression
from tests.program.backends.native.sanitized import libasan
from tests.soak.__main__ import main
from tests.soak.computing import graphs, orders, sweeps
from tests.soak.enduring import bad_input, faults, instrumented, starving
from tests.soak.enduring.works import Work
from tests.soak.mistakes import mutants, planted
from tests.soak.parts import PARTS
from tests.soak.search import Part, Trial, failures, in_turn, run, table
from tests.tiers import for_both_tiers

ELSEWHERE = {
    "accuracy",  # row by row in primitives/test_forward_and_rules.py
    "leaks",  # act by act in program/test_freeing.py
    "mutants",  # each takes the tests of a module
    "peers",  # row by row in program/exports/test_export_jax.py: JAX takes long over each operation
}


# An interrupt may come in a callback, which loses it, or in the middle of opening a file.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")
@for_both_tiers
@pytest.mark.parametrize("name", [name for name in PARTS if name not in ELSEWHERE])
def test_a_short_search_finds_nothing(name):
    rows = run(PARTS[name], 1, PARTS[name].quick)
    assert failures(rows) == ""
    assert rows


def test_a_mutant_is_the_module_with_one_change():
    source = """def f(x, y):
    total = x + 2 * y
    if x < y:
        total = -total
    return total
"""
    found = {
        f"line {one.line}, {one.told}": ast.unparse(one.tree) for one in mutants.mutants(source)
    }
    assert (
        found["line 2, f: `x + 2 * y` became `x - 2 * y`"] == source.replace("x + ", "x - ").strip()
    )
    assert "x <= y" in found["line 3, f: `x < y` became `x <= y`"]
    assert "if not x < y:" in found["line 3, f: `if x < y:` became `if not x < y:`"]
    assert "if False:" in found["line 4, f: `total = -total` became nothing"]
    assert len(found) == 8
    for text in found.values():
        assert text != source.strip()
        compile(text, "mutant", "exec")


def test_what_only_runs_compiled_is_not_changed():
    source = """def f(commit, order):
    if commit:
        order = 1 + 2
    slabs.drop(order)
    return order
"""
    (only,) = mutants.mutants(source)
    assert only.told == "f: `if commit:` became `if not commit:`"


def test_changes_that_read_alike_are_told_apart():
    source = """def f(x, y):
    return max(x - 1, y - 1) - 2
"""
    told = [one.told for one in mutants.mutants(source) if "`1`" in one.told]
    assert told == ["f: `1` became `2`, 1 of 2", "f: `1` became `2`, 2 of 2"]


@for_both_tiers
@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork on this system")
def test_a_mutant_is_noticed(monkeypatch):
    module, change = "autograd_core/program/adjoint/reverse.py", "product: `-1` became `1`"
    number = mutants.told(module).index(f"{module}: {change}")
    monkeypatch.setattr(mutants, "possible", lambda _: [number])
    test = "tests/program/adjoint/test_reverse.py::test_a_factor_of_minus_one_is_a_negation"
    (trial,) = mutants.of_modules([module], test, 1, 1)
    assert trial.problem == ""


def test_every_change_that_is_excused_is_one_that_can_be_made():
    modules = {key.partition(": ")[0] for key in mutants.EQUIVALENT}
    told = {change for module in modules for change in mutants.told(module)}
    assert mutants.EQUIVALENT.keys() <= told


@pytest.mark.skipif(libasan() is None, reason="there is no gcc with AddressSanitizer")
def test_the_sanitizers_of_the_compiled_modules_report_what_is_wrong(tmp_path):
    instrumented.bites(tmp_path)
    assert instrumented.reported(tmp_path) == []
    with pytest.raises(RuntimeError, match="do not report a mistake: runtime error: shift"):
        instrumented.bites(tmp_path, sanitizers="-O0")


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="it reads /proc")
@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("one = threading.Lock()\nfor _ in '12': one.acquire()", "it hangs, status -6: .*line 4"),
        ("while time.process_time() < 1.2: pass", "^$"),
        ("print('a gradient is wrong')", "status 0: a gradient is wrong"),
        ("1 / 0", "status 1: .*ZeroDivisionError"),
        ("os.kill(os.getpid(), 9)", "status -9"),
    ],
)
def test_a_process_hangs_that_uses_no_processor_and_not_one_that_takes_long(source, told):
    command = [sys.executable, "-X", "faulthandler", "-c"]
    text = f"import os, threading, time\nfor _ in range(99999): pass\n{source}"
    assert re.search(told, starving.outcome([*command, text], {**os.environ}, 0.5), re.DOTALL)


class Hiding(faults.Fragile):
    """One that fails without a word."""

    def count(self) -> None:
        with suppress(faults.Fault):
            super().count()


class Remembering(faults.Fragile):
    """One that is another function once it has failed."""

    def __init__(self) -> None:
        super().__init__()
        same, self.failed = self.function, False
        self.function = lambda x: same(x) * (2.0 if self.failed else 1.0)

    def count(self) -> None:
        self.failed |= self.left == 1
        super().count()


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        (faults.Fragile, "^$"),
        (Hiding, "swept hides the exception at evaluation 1"),
        (Remembering, "swept is wrong after one at evaluation 1"),
    ],
)
def test_what_an_exception_leaves_behind_is_told(kind, told):
    graph = graphs.Graph(Expression(1, (("sin", (0,)), ("exp", (1,)))), (0.5,))
    fragile = kind()
    assert re.search(told, faults.first_problem(graph, fragile))


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="no timer interrupts")
def test_interrupts_come_before_the_end_and_what_is_wrong_after_them_is_told():
    ended = []

    def do() -> None:
        for _ in range(3000):
            math.sqrt(2.0)
        ended.append("it ended")

    def wrong() -> str:
        return ended.pop() if ended else ""

    with faults.alarmed():
        moments = faults.Moments(random.Random(1), Work(do, wrong))
        wrong()
        moments.length = late = 1.0  # as if the machine had been busy
        told = [next(iter(moments)) for _ in range(200)]
    assert "it ended" in told[0]
    assert "" in told
    assert moments.length < late


def test_a_gradient_that_is_no_number_is_wrong():
    mistake = planted.Mistake("mul", 1, lambda *_: math.nan, (2.0, 3.0))
    graph = planted.around(mistake)
    with planted.planted(mistake):
        assert sweeps.against_paths(graph) == dict.fromkeys(
            [sweeps.BY_PATHS, sweeps.FORWARD], math.inf
        )
        assert set(orders.measured(graph).values()) == {math.inf}


def some(seed, trials):
    for trial in range(trials):
        problem = f"trial {trial} of seed {seed}" if trial % 10 == 3 else ""
        yield Trial("all", trial / 2, f"the one of {trial}", problem)
        yield Trial("more")


def test_trials_are_counted_and_the_worst_and_the_wrong_are_told():
    every, more = run(Part("some", some, 1, 1, "half"), 7, 80)
    assert (every.trials, every.worst, every.where, every.wrong) == (80, 39.5, "the one of 79", 8)
    assert len(every.problems) == 5
    assert (more.trials, more.wrong) == (80, 0)
    assert failures([every, more]).startswith("some: all: trial 3 of seed 7\nsome: all: trial 13")
    assert "| all | 80 | 39.5 half | 8 |" in table([every, more])


def test_searches_take_turns_by_the_time_they_had(monkeypatch):
    clock = [0.0]
    monkeypatch.setattr("tests.soak.search.time.perf_counter", lambda: clock[0])

    def lasting(what, seconds, count):
        for _ in range(count):
            clock[0] += seconds
            yield Trial(what)

    found = [trial.what for trial in in_turn([lasting("slow", 10.0, 3), lasting("quick", 1.0, 24)])]
    assert sorted(found) == ["quick"] * 24 + ["slow"] * 3
    assert [found[:12].count(what) for what in ("slow", "quick")] == [2, 10]


def test_minutes_end_a_part_early():
    rows = run(Part("some", some, 1, 1), 1, 10**9, minutes=1e-4)
    assert 0 < rows[0].trials < 10**9


@pytest.mark.parametrize("trials", [2, 5])
def test_the_command_fails_where_something_is_wrong(trials, monkeypatch, capsys):
    monkeypatch.setitem(PARTS, "some", Part("some", some, 1, 1))
    status = main(["--part", "some", "--trials", str(trials), "--seed", "3"])
    printed = capsys.readouterr().out
    assert status == (trials > 3)
    assert ("some: all: trial 3 of seed 3" in printed) == (trials > 3)
    assert f"`python -m tests.soak --part some --trials {trials} --seed 3`, 20" in printed
    assert f"| all | {trials} |" in printed


def test_the_table_of_what_was_tried_is_printed_where_the_command_is_interrupted(
    monkeypatch, capsys
):
    def search(seed, trials):
        yield Trial("all")
        yield Trial("all")
        raise KeyboardInterrupt

    monkeypatch.setitem(PARTS, "some", Part("some", search, 1, 1))
    assert main(["--part", "some"]) == 130
    printed = capsys.readouterr().out
    assert "interrupted" in printed
    assert "| all | 2 |" in printed


@pytest.mark.parametrize(
    "wrong",
    ["--trials 0", "--trials -3", "--minutes 0", "--minutes nan", "--trials 2 --quick"],
)
def test_no_search_is_asked_for_that_would_try_nothing(wrong, capsys):
    with pytest.raises(SystemExit):
        main(["--part", "bends", *wrong.split()])
    assert f"argument {wrong.split()[0]}" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("act", "kind", "told"),
    [
        (lambda: from_json("{"), DataError, True),
        (lambda: json.loads("{"), ValueError, False),
        (lambda: math.sqrt(-1.0), ValueError, False),
        (lambda: Value(1.0).no_such_name, AttributeError, False),
    ],
)
def test_only_what_this_project_raises_itself_is_an_answer(act, kind, told):
    with pytest.raises(kind) as caught:
        act()
    assert bad_input.is_told(caught.value) == told


@pytest.mark.parametrize(
    ("printed", "right"),
    [
        ("b\n1.5\n-2e-7\n", True),
        ("b,probability\n{,0.96\nv,1.0\n", True),
        ("b\nnan\n", False),
        ("b,probability\nw,0.96\n", False),
        ("b,probability\nv,1.2\n", False),
    ],
)
def test_predictions_are_numbers_or_words_of_the_table(printed, right):
    assert bad_input.foretold(printed, b"a,b\r\n1,v\r\n2,{\r\n") == right
