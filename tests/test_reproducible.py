"""The same seed gives the same bits: in every process, tier and back end, on every platform."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.reproducible import lines
from tests.tiers import for_both_tiers

GOLDEN = {
    "swept 7217aebf2a1b2668",
    "replayed 45a65374d237a491",
    "trained 271fe27db230b174",  # step by step
    "trained df4b8fe99580cab4",  # by replays, whose sums over samples go by blocks
}


def test_this_process_gives_the_golden_bits_by_every_back_end_and_number_of_threads():
    found = list(lines())
    assert set(found) == GOLDEN
    assert len(found) >= 6


@for_both_tiers
@pytest.mark.parametrize(("hash_seed", "plain"), [("0", ""), ("4294967295", ""), ("1", "1")])
def test_other_processes_give_them_whatever_the_order_of_hashes(hash_seed, plain):
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
        "PYTHONHASHSEED": hash_seed,
        "AUTOGRAD_CORE_PLAIN": plain,
    }
    command = [sys.executable, "-W", "ignore", "-m", "tests.reproducible"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert set(done.stdout.splitlines()) == GOLDEN
