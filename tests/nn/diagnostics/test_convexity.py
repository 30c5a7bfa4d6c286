"""The search for a violation of convexity: what it finds, and what it must not find."""

import math

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from autograd_core import Value, exp
from nn.diagnostics.convexity import convexity_violation

CONVEX = {
    "square": lambda x: x * x,
    "abs": abs,
    "exp": math.exp,
    "line": lambda x: 3.0 * x + 1.0,
    "relu": lambda x: max(x, 0.0),
    "cross-entropy": lambda z: math.log1p(math.exp(z)),
    "of Values": lambda x: exp(Value(x)),
}


@pytest.mark.parametrize("name", CONVEX)
def test_a_convex_function_has_no_witness(name):
    assert convexity_violation(CONVEX[name], -8.0, 8.0, samples=3000) is None


NOT_CONVEX = {
    "sine": math.sin,
    "sigmoid": lambda x: 1 / (1 + math.exp(-x)),
    "square root": lambda x: math.sqrt(x + 8),
    "squared error of a sigmoid": lambda w: (1 / (1 + math.exp(-w))) ** 2,
    "a dent": lambda x: x * x - 0.3 * math.exp(-50 * (x - 1) ** 2),
}


@pytest.mark.parametrize("name", NOT_CONVEX)
def test_a_witness_breaks_jensens_inequality(name):
    f = NOT_CONVEX[name]
    witness = convexity_violation(f, -8.0, 8.0)
    point = (1 - witness.share) * witness.a + witness.share * witness.b
    assert f(point) == witness.value
    assert witness.chord == (1 - witness.share) * f(witness.a) + witness.share * f(witness.b)
    assert witness.value > witness.chord


@given(st.floats(-5, 5), st.floats(0, 5), st.floats(-5, 5))
@example(0.0, 5e-324, 0.0)
def test_a_parabola_that_opens_upward_has_no_witness(a, b, c):
    assert convexity_violation(lambda x: b * (x - a) ** 2 + c, -10, 10, samples=200) is None


def test_equal_seeds_find_the_same_witness():
    assert convexity_violation(math.sin, 0, 9) == convexity_violation(math.sin, 0, 9)


@pytest.mark.parametrize(
    ("low", "high", "samples", "message"),
    [
        (1.0, 1.0, 9, "high must be a finite number, above 1, got 1.0"),
        (0.0, math.inf, 9, "high must be a finite number, above 0, got inf"),
        (0.0, 1.0, 0, "samples must be at least 1, got 0"),
    ],
)
def test_an_empty_search_is_refused(low, high, samples, message):
    with pytest.raises(ValueError, match=message):
        convexity_violation(abs, low, high, samples=samples)
