"""Forward functions as one expression: which they are, and that the expression is the function."""

from __future__ import annotations

import ast
import random

import pytest

from autograd_core.primitives import PRIMITIVES, forward, libm
from autograd_core.primitives.straight import EXACT, straight
from tests.primitives.bits import EXTREMES
from tests.primitives.samples import samples

OWN = [name for name, row in PRIMITIVES.items() if row.forward is getattr(forward, name, None)]
STRAIGHT = [name for name in OWN if straight(name)]


@pytest.mark.parametrize("name", STRAIGHT)
def test_the_expression_has_the_bits_of_the_function(name):
    row, source = PRIMITIVES[name], random.Random(name)
    found = straight(name)
    assert found.operands == row.operands
    known = {function: getattr(libm, function) for function in EXACT}
    written = ast.unparse(found.value).replace("nan", "forward.NAN")
    computed = eval(f"lambda {', '.join(found.operands)}: {written}", {"forward": forward} | known)
    points = samples(row, 200) + [
        tuple(source.choice(EXTREMES) for _ in row.operands) for _ in range(200)
    ]
    for point in points:
        try:
            value = computed(*point)
        except ZeroDivisionError:  # Python's own operators raise where those of arrays do not
            assert 0.0 in point
        else:
            assert value.hex() == row.forward(*point).hex()


@pytest.mark.parametrize("name", ["exp", "sigmoid", "mod", "gelu", "strong_product", "sum", "none"])
def test_what_has_steps_or_needs_the_c_library_is_not_straight(name):
    assert straight(name) is None


def test_what_is_straight_is_read_from_the_source(tmp_path):
    source = tmp_path / "forward.py"
    source.write_text(
        "HALF = 0.5\n"
        "def halved(x):\n    '''Said.'''\n    return HALF * x\n"
        "def twice(x):\n    return halved(x) if x == 0 or x != x else -2 * libm.fabs(x)\n"
        "def chained(x, y):\n    return 1.0 if 0 < x < y else 0.0\n"
        "def far(x):\n    return libm.copysign(1.0, x)\n"
    )
    assert ast.unparse(straight("twice", source).value) == (
        "(lambda x: 0.5 * x)(x) if x == 0.0 or x != x else -2.0 * fabs(x)"
    )
    assert straight("chained", source) is None
    assert straight("far", source) is None
