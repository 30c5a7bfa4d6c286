"""Schedules, number for number against PyTorch's."""

import json
import math
from pathlib import Path

import pytest

from nn import schedules

REFERENCES = json.loads((Path(__file__).parent / "references" / "torch.json").read_text())

SCHEDULES = {
    "StepDecay": schedules.StepDecay(1.0, every=7, factor=0.3),
    "Exponential": schedules.Exponential(1.0, factor=0.93),
    "CosineWarmRestarts": schedules.CosineWarmRestarts(1.0, cycle=7),
    "CosineWarmRestarts growing": schedules.CosineWarmRestarts(1.0, cycle=5, growth=2, lowest=0.1),
    "Triangular": schedules.Triangular(0.1, 1.0, half=6),
    "Triangular halving": schedules.Triangular(0.1, 1.0, half=6, halving=True),
    "OneCycle": schedules.OneCycle(2.0, steps=60),
    "WarmUp": schedules.WarmUp(schedules.Constant(1.0), steps=8, start=0.25),
}


def test_every_case_of_the_references_is_compared():
    assert SCHEDULES.keys() == REFERENCES["schedules"].keys()


@pytest.mark.parametrize("case", SCHEDULES)
def test_sixty_rates_are_pytorchs(case):
    expected = REFERENCES["schedules"][case]
    assert [SCHEDULES[case](step) for step in range(60)] == pytest.approx(expected, rel=1e-12)


def test_a_plateau_reduces_the_rate_when_pytorch_does():
    schedule = schedules.ReduceOnPlateau(1.0, factor=0.5, patience=2, cooldown=1, lowest=0.1)
    rates = []
    for loss in REFERENCES["plateau"]["losses"]:
        schedule.observe(loss)
        rates.append(schedule(len(rates)))
    assert rates == REFERENCES["plateau"]["rates"]
    assert len(set(rates)) > 2


def test_a_plateau_below_zero_is_seen_too():
    schedule = schedules.ReduceOnPlateau(1.0, factor=0.5, patience=0)
    for loss in (-1.0, -2.0, -3.0):
        schedule.observe(loss)
    assert schedule(3) == 1.0
    schedule.observe(-3.0)
    assert schedule(4) == 0.5


def test_a_loss_that_is_nan_is_no_better():
    schedule = schedules.ReduceOnPlateau(1.0, factor=0.5, patience=1)
    for loss in (2.0, math.nan, math.nan):
        schedule.observe(loss)
    assert (schedule(3), schedule.best) == (0.5, 2.0)


def test_rates_beyond_a_double_are_infinite():
    assert schedules.Exponential(1.0, 2.0)(1023) == 2.0**1023
    assert schedules.Exponential(1.0, 2.0)(1024) == math.inf
    assert schedules.StepDecay(1.0, every=2, factor=1e200)(4) == math.inf
    assert schedules.Exponential(1.0, 0.5)(5000) == 0.0


def test_inverse_time_is_that_of_robbins_and_monro():
    assert [schedules.InverseTime(2.0)(k) for k in range(4)] == [2.0, 1.0, 2 / 3, 0.5]


def test_a_warm_up_is_followed_by_the_schedule_from_its_start():
    warm = schedules.WarmUp(schedules.InverseTime(1.0), steps=2, start=0.0)
    assert [warm(k) for k in range(4)] == [0.0, 0.5, 1.0, 0.5]


def test_one_cycle_stays_at_its_end():
    cycle = schedules.OneCycle(1.0, steps=10)
    assert cycle(50) == cycle(9) == pytest.approx(1 / 25 / 1e4)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: schedules.Constant(0), "rate must be a finite number, above 0, got 0"),
        (lambda: schedules.InverseTime(float("inf")), "initial must be .* got inf"),
        (lambda: schedules.StepDecay(1.0, 0), "every must be .* got 0"),
        (
            lambda: schedules.CosineWarmRestarts(1.0, 5, lowest=2.0),
            "lowest must be .* at most 1, got 2.0",
        ),
        (lambda: schedules.Triangular(-0.1, 1.0, 5), "lowest must be .* at least 0 .* got -0.1"),
        (lambda: schedules.OneCycle(1.0, 10, rising=1.0), "between 0 and 1 .* got 1.0 of 10"),
        (lambda: schedules.OneCycle(1.0, 3), "more than one step, got 0.3 of 3"),
        (
            lambda: schedules.WarmUp(schedules.Constant(1.0), 5, start=2),
            "start must be .* at most 1, got 2",
        ),
        (lambda: schedules.ReduceOnPlateau(1.0, factor=1.0), "below 1, got 1.0"),
        (
            lambda: schedules.ReduceOnPlateau(0.1, lowest=1.0),
            "lowest must be .* at most 0.1, got 1",
        ),
        (
            lambda: schedules.ReduceOnPlateau(1.0, threshold=math.nan),
            "threshold must be .* got nan",
        ),
    ],
)
def test_misuse_says_what_was_received(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_a_rate_is_no_schedule_to_warm_up_to():
    with pytest.raises(TypeError, match=r"as Constant\(0.1\) is, got 0.5"):
        schedules.WarmUp(0.5, 5)
