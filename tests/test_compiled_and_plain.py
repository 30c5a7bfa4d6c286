"""The compiled package and the plain source compute the same, to the last bit."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

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
