"""Finding loops: how often their turns are looked at, counted in the plain source."""

from __future__ import annotations

import numpy
import pytest

import autograd_core as ag
from autograd_core import record
from autograd_core.program.backends.native.roles import Roles
from autograd_core.program.backends.native.rolling import Rolling
from tests.program.codes import tidied


@pytest.mark.skipif(ag.compiled, reason="what is compiled cannot be counted")
def test_a_turn_is_looked_at_once_however_many_loops_follow(monkeypatch):
    looks = []
    goes_on = Rolling._goes_on

    def counted(self, start, period, turns):
        looks.append(start)
        return goes_on(self, start, period, turns)

    monkeypatch.setattr(Rolling, "_goes_on", counted)

    def layers(x):
        found = [x]
        for _ in range(20):
            found.append([number.sin() for number in found[-1]])
        return found[1:]

    code = tidied(record(layers, [0.5] * 40).code)
    rolls = Roles(code, 0, True, numpy.ones(200, dtype=numpy.uint8)).rolling
    assert (rolls.rolls, list(rolls.turns[:20])) == (20, [40] * 20)
    assert len(looks) <= len(code)
