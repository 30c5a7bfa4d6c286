"""The compiled package and the plain source compute the same, to the last bit."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.machinery import EXTENSION_SUFFIXES

import pytest

from autograd_core import plain
from tests.tiers import for_both_tiers, is_built

pytestmark = for_both_tiers

VARIABLE = "AUTOGRAD_CORE_PLAIN"


def bits(*, plain: bool) -> list[str]:
    """What tests/primitives/bits.py prints in a process of its own."""
    environment = {name: text for name, text in os.environ.items() if name != VARIABLE}
    environment["PYTHONPATH"] = os.pathsep.join(filter(None, sys.path))
    environment["PYTHONHASHSEED"] = "1" if plain else "2"  # no bit may depend on an order of hashes
    if plain:
        environment[VARIABLE] = "1"
    done = subprocess.run(
        [sys.executable, "-m", "tests.primitives.bits"],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
    )
    return done.stdout.splitlines()


@pytest.fixture(scope="module")
def default_and_plain() -> tuple[list[str], list[str]]:
    return bits(plain=False), bits(plain=True)


def test_each_process_ran_what_it_was_asked_to(default_and_plain):
    """Where nothing is compiled, the test below compares two runs of the plain source."""
    default, plain = default_and_plain
    assert plain[0] == "plain"
    assert default[0] == ("compiled" if is_built() else "plain")


def test_both_compute_the_same_bits(default_and_plain):
    default, plain = (lines[1:] for lines in default_and_plain)
    different = [pair for pair in zip(default, plain, strict=True) if pair[0] != pair[1]]
    assert len(default) > 10_000
    assert different[:5] == []


def test_an_import_that_fails_for_a_newer_source_says_so(tmp_path, monkeypatch):
    ending = EXTENSION_SUFFIXES[0]
    (tmp_path / "graph").mkdir()
    for name in ("plain", "graph/value", "graph/sweep"):
        (tmp_path / f"{name}.py").touch()
        (tmp_path / f"{name}{ending}").touch()
    (tmp_path / f"graph/alone{ending}").touch()
    monkeypatch.setattr(plain, "__file__", str(tmp_path / "plain.py"))
    monkeypatch.delenv(VARIABLE, raising=False)
    for source in tmp_path.rglob("*.py"):
        os.utime(source, (1.0, 1.0))
    missing = AttributeError("module 'forward' has no attribute 'new_row'")
    plain.explain_stale(missing)  # it is not for that: the import's own words stay
    os.utime(tmp_path / "graph/value.py", (2e9, 2e9))
    os.utime(tmp_path / f"graph/value{ending}", (1e9, 1e9))
    with pytest.raises(ImportError, match=r"value.* is older .*pip install -e \.") as caught:
        plain.explain_stale(missing)
    assert caught.value.__cause__ is missing
    monkeypatch.setenv(VARIABLE, "1")
    plain.explain_stale(missing)
