"""Finding loops: how often places and turns are looked at, in the plain source."""

from __future__ import annotations

from functools import partialmethod, reduce
from itertools import pairwise

import numpy
import pytest

import autograd_core as ag
from autograd_core import record
from autograd_core.program.adjoint.derived import gradient_of
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


def multiplied(xs):
    return reduce(lambda total, x: total * x.exp(), xs[1:], xs[0])


@pytest.mark.parametrize(
    ("function", "count"),
    [(multiplied, 40 + 1), (lambda xs: [x.sin() for x in xs], 0)],  # before a loop stands one exp
    ids=["waiting", "side by side"],
)
def test_one_by_one_runs_what_waits_for_the_turn_before_and_what_is_in_no_loop(function, count):
    code = tidied(record(function, [0.5] * 41).code)
    assert Roles(code, 0, True, numpy.ones(200, dtype=numpy.uint8)).one_by_one() == count


class Forgetful:
    """What has been refused, for a search that asks at every place again."""

    def __getitem__(self, period):
        return -1

    def __setitem__(self, period, place):
        pass


class AnyPeriod:
    """What holds every period for possible, wherever it is asked."""

    def at(self, place):
        return 2**64 - 1


class AskingAgain(Rolling):
    """Loops, sought without taking note of what was refused, or of what is possible."""

    def _find(self, most):
        self._refused, self._likely = Forgetful(), AnyPeriod()
        return super()._find(most)

    def _look_at(self, place):
        pass

    def _is_stuck(self, start, place):
        return False

    def _is_even(self, place, period):
        return True


def chained(x, every):
    """Steps of five instructions and now and then a sixth, each of which reads the one before."""
    found = x[0]
    for k in range(1, len(x)):
        step = x[k] * 2.0 + 1.0 - x[k] * x[k]
        found = found * (step.exp() if k % every == 0 else step)
    return found


def beside_a_chain(x, every):
    """Loops whose results a chain reads, interrupted."""
    steps = [b - a.sin() if k % every else b - a for k, (a, b) in enumerate(pairwise(x), 1)]
    return [
        chained(x, every),
        ag.sum(steps),
        ag.sum([a * b for a, b in zip(x, steps, strict=False)]),
    ]


def totals(x, every):
    """Sums by several terms a turn, and what is multiplied on and on, now and then by another."""
    total, factor, other = 0.0, 1.0, x[0]
    for k, (a, b) in enumerate(pairwise(x), 1):
        total = total + a * b - a.sin()
        total = total + b * 3.0 + factor if k % every else total
        factor = factor * (a + 0.5)
        other = other + total if k % 40 else other
    return [total, factor, other, *(a * total + factor for a in x)]


def chains(x, every):
    """A total by several terms a turn, and what is the same in some forty turns."""
    total, same = x[0].exp(), x[1].cos()
    for k, (a, b) in enumerate(pairwise(x), 1):
        total = total + a.sin() - b * 3.0
        total = b * b.tanh() * 2.0 + total if k % every else total
    plain, turned = x[2].sin(), x[3].sin()
    for a in x:
        plain = plain + a
    for a, b in pairwise(x):
        turned = b + (turned - a)
    return [total, plain, turned, *(a * same for a in x[:40])]


def looked_at(monkeypatch, *names):
    """A list that grows by one at each look, be it at a place or at a turn."""
    looks = []
    for name in names or ("_begins", "_turns", "_goes_on"):

        def counted(self, *arguments, method):
            looks.append(arguments)
            return method(self, *arguments)

        method = getattr(Rolling, name)
        monkeypatch.setattr(Rolling, name, partialmethod(counted, method=method))
    return looks


@pytest.mark.skipif(ag.compiled, reason="what is compiled cannot be counted")
@pytest.mark.parametrize("every", [7, 31, 33, 40, 1000])
@pytest.mark.parametrize("function", [chained, beside_a_chain, totals, chains])
def test_what_is_refused_at_once_is_no_loop_and_is_looked_at_less(function, every, monkeypatch):
    code = record(lambda x: function(x, every), [0.5] * 120).code
    code = tidied(gradient_of(code, range(code.inputs)) if function is totals else code)
    of = Roles(code, 0, True, numpy.ones(200, dtype=numpy.uint8))
    asked, found = looked_at(monkeypatch), []
    for sought in (AskingAgain, Rolling):
        asked.clear()
        rolls = sought(of, len(code.constants), len(code))
        parts = (rolls.starts, rolls.periods, rolls.turns)
        found.append(([list(part[: rolls.rolls]) for part in parts], len(asked)))
    (expected, most), (rolled, looks) = found
    assert rolled == expected
    assert looks < most or (looks == most and every == 1000)  # nothing is refused in it
    assert 4 * looks <= 5 * len(code)


KINDS = (ag.sin, ag.cos, ag.tan, ag.sinh, ag.cosh, ag.tanh, ag.exp, ag.erf, ag.asinh, ag.atan)


def another_kind(x, early, made, k):
    return ag.square(x[k]) if k * k % 7 < 3 else -x[k]


def another_count(x, early, made, k):
    return ag.sum(x[k : k + (3 if k * k % 7 < 3 else 4)])


def another_step(x, early, made, k):
    return -x[k * k % 50]


def always_the_same(x, early, made, k):
    return x[0] * x[1]


def another_of_the_turn(x, early, made, k):
    return -made[k % 10]


def far_away(x, early, made, k):
    return -early[k]


def often_read(x, early, made, k):
    return -early[(k + k // 10) % 3]


def no_room(x, early, made, k):
    return -x[k % 20]


def interrupted(x, by):
    """Ten instructions a turn that could be a loop's, and one that could not."""
    early = [x[0].exp()]
    for k in range(150):
        early.append(early[-1] * x[k * k % 7] if k * k % 11 < 5 else early[-1] - x[k * k % 5])
    made = []
    for k in range(100):
        made.append([kind(x[k]) for kind in KINDS])
        made[-1].append(by(x, early, made[-1], k))
    return [early[-1], *(value for turn in made for value in turn)]


@pytest.mark.skipif(ag.compiled, reason="what is compiled cannot be counted")
@pytest.mark.parametrize(
    "by",
    [
        another_kind,
        another_count,
        another_step,
        always_the_same,
        another_of_the_turn,
        far_away,
        often_read,
        no_room,
    ],
)
def test_what_is_interrupted_is_looked_at_less_often_than_it_has_instructions(by, monkeypatch):
    code = record(lambda x: interrupted(x, by), [0.5] * 1400).code  # more leaves than places
    of = Roles(code, 0, True, numpy.ones(200, dtype=numpy.uint8))
    looks = looked_at(monkeypatch)
    assert Rolling(of, len(code.constants), len(code)).rolls == 0
    assert 4 * len(looks) <= len(code)


@pytest.mark.skipif(ag.compiled, reason="what is compiled cannot be counted")
@pytest.mark.parametrize("function", [chained, beside_a_chain, totals, chains])
def test_no_place_is_gone_back_to(function, monkeypatch):
    code = record(lambda x: function(x, 33), [0.5] * 120).code
    of = Roles(code, 0, True, numpy.ones(200, dtype=numpy.uint8))
    looks = looked_at(monkeypatch, "_look_at")
    Rolling(of, len(code.constants), len(code))
    assert all(before < after for (before,), (after,) in pairwise(looks))


@pytest.mark.skipif(ag.compiled, reason="what is compiled cannot be counted")
def test_turns_that_would_read_what_is_far_away_are_not_looked_at(monkeypatch):
    def function(*x):
        early = [x[0] * x[0]]
        for k in range(150):
            early.append(early[-1] * x[k * k % 7] if k * k % 11 < 5 else early[-1] - x[k * k % 5])
        apart = [(early[k // 11] if k % 11 == 0 else x[k]) - x[k + 1] for k in range(1100)]
        return [early[-1], *apart]

    code = record(function, *[0.5] * 1200).code
    of = Roles(code, 0, True, numpy.ones(2000, dtype=numpy.uint8))
    looks = looked_at(monkeypatch)
    assert Rolling(of, len(code.constants), len(code)).rolls == 0
    assert len(looks) <= 3 * len(code)
