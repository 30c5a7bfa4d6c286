"""Straight forward functions: which they are, and that their steps are the function."""

from __future__ import annotations

import ast
import random

import pytest

from autograd_core.primitives import PRIMITIVES, floating, forward, libm
from autograd_core.primitives.translation.straight import EXACT, FLOATING, straight
from tests.primitives.bits import EXTREMES
from tests.primitives.samples import samples

OWN = [name for name, row in PRIMITIVES.items() if row.forward is getattr(forward, name, None)]
STRAIGHT = [name for name in OWN if straight(name)]


@pytest.mark.parametrize("name", STRAIGHT)
def test_the_steps_have_the_bits_of_the_function(name):
    row, source = PRIMITIVES[name], random.Random(name)
    found = straight(name)
    assert found.operands == row.operands
    known = {function: getattr(libm, function) for function in EXACT}
    known |= {function: getattr(floating, function) for function in FLOATING}
    lines = [f"    {step} = {ast.unparse(value)}" for step, value in found.steps]
    asked = [f"    if {ast.unparse(condition)}: return None" for condition in found.elsewhere]
    lines = [
        f"def computed({', '.join(found.operands)}):",
        *lines,
        *asked,
        f"    return {ast.unparse(found.value)}",
    ]
    exec("\n".join(lines).replace("nan", "forward.NAN"), known | {"forward": forward}, known)
    computed = known["computed"]
    points = samples(row, 200) + [
        tuple(source.choice(EXTREMES) for _ in row.operands) for _ in range(200)
    ]
    for point in points:
        try:
            value = computed(*point)
        except ZeroDivisionError:  # Python's own operators raise where those of arrays do not
            assert 0.0 in point
        else:
            assert value is None or value.hex() == row.forward(*point).hex()


@pytest.mark.parametrize("name", ["hypot", "mod", "angle_rate", "strong_product", "sum", "none"])
def test_what_branches_or_needs_the_c_library_is_not_straight(name):
    assert straight(name) is None


def test_what_is_straight_is_read_from_the_source(tmp_path):
    source = tmp_path / "forward.py"
    source.write_text(
        "HALF = 0.5\n"
        "def halved(x):\n    '''Said.'''\n    return HALF * x\n"
        "def twice(x):\n    return halved(x) if x == 0 or x != x else -2 * libm.fabs(x)\n"
        "def chained(x, y):\n    return 1.0 if 0 < x < y else 0.0\n"
        "def far(x):\n    return libm.copysign(1.0, x)\n"
        "def steps(x):\n    y = other.tripled(x + 1)\n    y -= x\n"
        "    if y < 0:\n        return x\n    return other.tripled(y * y)\n"
        "def partly(x):\n    if x > 9:\n        return looping(x)\n    return x * x\n"
        "def deeper(x):\n    if x > 7:\n        return looping(partly(x))\n    return x\n"
        "def looping(x):\n    while x > 1:\n        x = x - 1\n    return x\n"
    )
    (tmp_path / "other.py").write_text(
        "def tripled(x):\n    y = x * 3\n    return floating.power_of_two(y)\n"
    )
    assert ast.unparse(straight("twice", source).value) == (
        "0.5 * x if x == 0.0 or x != x else -2.0 * fabs(x)"
    )
    found = straight("steps", source)
    assert [f"{step} = {ast.unparse(value)}" for step, value in found.steps] == [
        "x_1 = x + 1.0",
        "y = x_1 * 3.0",
        "y_1 = power_of_two(y)",
        "y_2 = y_1 - x",
        "x_2 = y_2 * y_2",
        "y_3 = x_2 * 3.0",
    ]
    assert ast.unparse(found.value) == "x if y_2 < 0.0 else power_of_two(y_3)"
    partly = straight("partly", source)
    assert ast.unparse(partly.value) == "x * x"
    assert [ast.unparse(condition) for condition in partly.elsewhere] == ["x > 9.0"]
    deeper = straight("deeper", source)  # what the side that is not straight asks is not asked
    assert [ast.unparse(condition) for condition in deeper.elsewhere] == ["x > 7.0"]
    assert not any(straight(name, source) for name in ("chained", "far", "looping"))
