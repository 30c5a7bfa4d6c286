"""C99's answers, in plain Python too: those of its annex F where Python's `math` raises."""

from __future__ import annotations

import inspect
import math
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd_core.primitives import libm

INF, NAN = math.inf, math.nan
HUGE = sys.float_info.max
TINY = 5e-324

# fmt: off
ANNEX_F = [
    ("sqrt", [-1.0], NAN), ("sqrt", [-0.0], -0.0), ("sqrt", [INF], INF), ("floor", [-0.0], -0.0),
    ("floor", [INF], INF), ("ceil", [-0.5], -0.0), ("trunc", [-0.5], -0.0), ("trunc", [-INF], -INF),
    ("rint", [0.5], 0.0), ("rint", [-0.5], -0.0), ("rint", [1.5], 2.0), ("rint", [INF], INF),
    ("floor", [NAN], NAN), ("fabs", [-INF], INF), ("fmod", [5.0, 0.0], NAN),
    ("fmod", [INF, 2.0], NAN), ("fmod", [5.0, INF], 5.0), ("fmod", [-6.0, 3.0], -0.0),
    ("fmod", [NAN, 0.0], NAN), ("ldexp", [1.0, 5000], INF), ("ldexp", [-1.0, 5000], -INF),
    ("ldexp", [1.0, -5000], 0.0), ("ldexp", [0.75, -1074], TINY), ("ldexp", [-INF, 3], -INF),
    ("copysign", [3.0, -0.0], -3.0), ("ilogb", [8.0], 3), ("ilogb", [0.9], -1),
    ("ilogb", [-TINY], -1074), ("ilogb", [HUGE], 1023), ("isnan", [NAN], True),
    ("isinf", [-INF], True), ("isinf", [HUGE], False),
]
# fmt: on


@pytest.mark.parametrize(("name", "operands", "expected"), ANNEX_F)
def test_special_values(name, operands, expected):
    found = getattr(libm, name)(*operands)
    assert found == pytest.approx(expected, rel=1e-15, abs=0.0, nan_ok=True)
    if not math.isnan(expected):
        assert math.copysign(1, found) == math.copysign(1, expected)


def test_every_function_has_a_special_value():
    assert {name for name, *_ in ANNEX_F} == set(libm.__all__)


@pytest.mark.parametrize("name", sorted(set(libm.__all__) - {"ilogb", "ldexp"}))
@given(x=st.floats(), y=st.floats())
def test_nothing_raises(name, x, y):
    function = getattr(libm, name)
    two = name in ("fmod", "copysign")
    assert isinstance(function(x, y) if two else function(x), float | bool)


@given(x=st.floats(allow_nan=False, allow_infinity=False).filter(bool))
def test_ilogb_is_the_exponent_that_ldexp_takes_off(x):
    exponent = libm.ilogb(x)
    # In two steps: 2**1074, which a subnormal needs, is no double.
    mantissa = libm.ldexp(libm.ldexp(x, -(exponent // 2)), exponent // 2 - exponent)
    assert 1.0 <= abs(mantissa) < 2.0


def test_the_compiled_half_declares_the_same_functions():
    source = inspect.getsourcefile(libm)
    assert source is not None
    with open(source.removesuffix("py") + "pxd") as declarations:
        text = declarations.read()
    declared = {line.split("(")[0].split()[-1] for line in text.splitlines() if line.endswith(")")}
    assert declared == set(libm.__all__)
