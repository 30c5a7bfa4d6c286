"""erfc's two methods: their table, where they meet, and how they know what an argument lost."""

from __future__ import annotations

import ast
import inspect
import random
from pathlib import Path

import pytest

from autograd_core.primitives import error_function, libm
from tests.primitives.accuracy import distance, unit
from tests.primitives.high_precision import exact, mp

NAME = "ERFC_AT_EIGHTHS"


def by_fraction(x: float, lost: float) -> float:
    return error_function.erfc_by_fraction(x, lost, 1.0)


METHODS = [
    (error_function.erfc_by_taylor, 0.25, 3.0),
    (by_fraction, 3.0, 27.0),
]


def table() -> list[tuple[float, ...]]:
    """The table as the source has it: compiled, it is C's."""
    source = Path(inspect.getsourcefile(libm) or "").with_name("error_function.py")
    for statement in ast.parse(source.read_text(encoding="utf-8")).body:
        if isinstance(statement, ast.Assign) and ast.unparse(statement.targets[0]) == NAME:
            return list(ast.literal_eval(statement.value))
    raise AssertionError(f"{source} has no {NAME}")


def test_the_table_is_mpmath_s():
    assert len(table()) == 23
    for place, (value, value_error, slope, slope_error) in enumerate(table(), start=2):
        center = mp.mpf(place) / 8
        true_slope = 2 / mp.sqrt(mp.pi) * mp.exp(-(center**2))
        for truth, double, error in (
            (mp.erfc(center), value, value_error),
            (true_slope, slope, slope_error),
        ):
            assert double == float(truth)
            assert abs(exact(double) + exact(error) - truth) <= 1e-5 * unit(truth)


@pytest.mark.parametrize(("method", "low", "high"), METHODS)
def test_both_methods_are_within_two_units_and_use_what_was_lost(method, low, high):
    source = random.Random(low)
    for _ in range(1500):
        x = source.uniform(low, high)
        lost = x * 2.0**-54 * source.uniform(-1, 1)
        truth = mp.erfc(exact(x) + exact(lost))
        if truth > 2.0**-1022:
            assert distance(method(x, lost), truth) <= 2 * unit(truth)


@pytest.mark.parametrize("times", [1.0, -20.0])
def test_the_tail_has_all_digits_also_where_it_is_subnormal(times):
    source = random.Random(1)
    for _ in range(500):
        x = source.uniform(26.0, 27.5)
        found = error_function.erfc_by_fraction(x, 0.0, times)
        truth = exact(times) * mp.erfc(x)
        assert distance(found, truth) <= 2.5 * unit(truth)


def test_the_methods_meet():
    truth = mp.erfc(3)
    for method, _, _ in METHODS:
        assert distance(method(3.0, 0.0), truth) <= unit(truth)
