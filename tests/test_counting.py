"""Counting instructions: whom it counts, and what it says where that cannot be."""

from __future__ import annotations

import shutil

from tests.benchmarks.programs import counting
from tests.benchmarks.programs.works import WORKS


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
