"""The checker passes what is right, and fails what is wrong by as little as it promises."""

import math
import random
from contextlib import suppress
from functools import cache
from operator import attrgetter

import mpmath
import pytest

from autograd_core import (
    PRIMITIVES,
    GradientMismatch,
    GradientUndecided,
    Value,
    acosh,
    asin,
    atanh,
    cbrt,
    exp,
    gradcheck,
    log,
    log1p,
    numerical_derivative,
    primitive,
    reciprocal,
    sigmoid,
    sin,
    sqrt,
    where,
)
from autograd_core.derivatives import differences
from autograd_core.derivatives.evidence import judged
from tests.primitives.samples import samples
from tests.tiers import for_both_tiers

mpmath.mp.dps = 50

SMOOTH = [
    (math.exp, mpmath.exp, (1.0, -3.0, 20.0, 1e-3)),
    (math.sin, mpmath.sin, (1.0, 100.0, 1e-3)),
    (math.log, mpmath.log, (1.0, 1e-3, 50.0)),
    (math.sqrt, mpmath.sqrt, (1e-4, 2.0)),
    (math.erf, mpmath.erf, (0.1, 2.0)),
    (lambda x: 1 / x, lambda x: 1 / x, (0.01, 5.0)),
]


@pytest.mark.parametrize(
    ("function", "exact", "x"), [(f, m, x) for f, m, points in SMOOTH for x in points]
)
def test_numerical_derivative_is_good_to_ten_digits_and_knows_its_error(function, exact, x):
    def anywhere(at):
        try:
            return function(at)
        except ValueError:  # a first step may leave the domain
            return math.nan

    estimate = numerical_derivative(anywhere, x)
    truth = mpmath.diff(exact, mpmath.mpf(x))
    error = float(abs(estimate.derivative - truth))
    assert error <= 1e-10 * abs(float(truth))
    assert error <= 2 * estimate.error + 1e-15 * abs(float(truth))


def scaled_exponential(factor):
    @primitive(lambda x, out: factor * exp(x), name=f"exp_with_slope_{factor!r}")
    def declared(x):
        return math.exp(x)

    return declared


def test_a_relative_error_of_a_billionth_is_found():
    assert gradcheck(scaled_exponential(1.0), 1.0)
    with pytest.raises(GradientMismatch):
        gradcheck(scaled_exponential(1 + 1e-9), 1.0)


# Near ends of domains and poles, at tiny and at huge operands: no step of 0.02 fits any of them.
HARD = [
    (sqrt, 1e-8),
    (sqrt, 1e-300),
    (sqrt, 1e200),
    (lambda p: p * log(p), 1e-9),
    (lambda p: p * log(p), 1e-100),
    (log, 1e-8),
    (log, 1e200),
    (log1p, -1 + 1e-9),
    (asin, -1 + 1e-5),
    (acosh, 1 + 1e-9),
    (atanh, 1 - 1e-6),
    (reciprocal, 1e-12),
    (reciprocal, 1e150),
    (lambda x: x**0.3, 1e-30),
    (lambda x: x * x, 1e8),
    (lambda x: x**3, 1e100),
    (sin, 1e8),
    (sin, 1e-200),
    (exp, 1e-8),
    (exp, 700.0),
    (sigmoid, -700.0),
    (lambda x: x * 1e-300, 1.0),
    (abs, 1e-15),
    (lambda x: where(x > 0, x * x, -x), -1e-12),
]


@pytest.mark.parametrize(("function", "x"), HARD)
def test_a_right_rule_passes_at_any_scale_and_one_wrong_by_a_billionth_fails(function, x):
    @primitive(lambda y, out: 1 + 1e-9, name=f"bent_after_{x!r}")
    def bent(y):
        return y

    assert gradcheck(function, x)
    with pytest.raises(GradientMismatch) as caught:
        gradcheck(lambda y: bent(function(y)), x)
    assert type(caught.value) is GradientMismatch  # decided


@pytest.mark.parametrize(
    ("function", "x"),
    [
        (sqrt, 0.0),
        (cbrt, 0.0),
        (asin, 1.0),
        (log, 0.0),
        (log, -1.0),
        (sin, 1e200),
        (lambda x: x * x, 1e200),
        (lambda x: x * 1e300, 1e8),
    ],
)
def test_where_differences_say_nothing_it_cannot_decide(function, x):
    with pytest.raises(GradientUndecided, match=r"cannot decide.*Check beside this point"):
        gradcheck(function, x)


@pytest.mark.parametrize(
    ("function", "x"),
    [
        (lambda x: x**3, 0.0),
        (lambda x: (x - 1.0) ** 3, 1.0),
        (lambda x: x.cos(), 0.0),
        (lambda x: x.floor(), 0.5),
        (lambda x: x - x, 1e8),
        (lambda x: x + 1e10, 3.0),
        (exp, -740.0),
        (lambda x: x**2.5, 1e-200),  # below the least double on both sides
        (lambda x: exp(-((x * 1e6) ** 2)), 1e-6),  # a bump narrower than most steps
        (lambda x: sin(1e6 * x), 1.0),  # its own rounding is a million times that of its value
        (lambda x: (x + 1.7242063).cos(), 0.0),  # likewise, and the doubles around do not tell
    ],
)
def test_a_right_rule_passes_where_a_derivative_is_zero_or_drowned(function, x):
    assert gradcheck(function, x)


@pytest.mark.parametrize("slope", [1e-3, -1.0, math.inf, math.nan])
def test_a_slope_where_there_is_none_is_wrong_and_not_undecided(slope):
    @primitive(lambda x, out: slope, name=f"flat_with_slope_{slope}")
    def flat(x):
        return math.cos(x)

    with pytest.raises(GradientMismatch) as caught:
        gradcheck(flat, 0.0)
    assert type(caught.value) is GradientMismatch


def test_a_wrong_second_derivative_is_found_at_second_order():
    # The gradient is right; what it is computed with has a wrong partial of its own.
    @primitive(lambda x, out: 2 * exp(x), name="wrong_once")
    def wrong_once(x):
        return math.exp(x)

    @primitive(lambda x, out: wrong_once(x), name="wrong_twice")
    def wrong_twice(x):
        return math.exp(x)

    assert gradcheck(wrong_twice, 0.3)
    with pytest.raises(GradientMismatch, match="∂2wrong_twice"):
        gradcheck(wrong_twice, 0.3, order=2)


def test_the_worst_input_is_named_with_both_numbers_the_step_and_the_tolerance():
    @primitive(lambda x, y, out: y, lambda x, y, out: 1.5 * x, name="lopsided")
    def lopsided(x, y):
        return x * y

    with pytest.raises(GradientMismatch) as caught:
        gradcheck(lopsided, 2.0, 7.0)
    message = str(caught.value)
    for part in (
        "input 1 (7.0)",
        "analytical derivative 3.0",
        "step",
        "tolerance",
        "1 of 2 inputs",
    ):
        assert part in message


def test_nested_inputs_and_values_are_checked():
    def energy(state, scale):
        return scale * sum(x * x for x in state["position"]) + sin(state["angle"])

    assert gradcheck(energy, {"position": [1.0, 2.0], "angle": 0.5}, Value(3.0), order=2)


def test_a_result_that_depends_on_nothing_passes_with_gradient_zero():
    assert gradcheck(lambda x: 3.0, 1.0)


def test_a_kink_is_not_passed_as_smooth():
    with pytest.raises(GradientMismatch):
        gradcheck(lambda x: x.relu(), 0.0)


# What a convention says at a kink, or of steps that doubles hardly resolve, no difference can tell.
UNTOLD = [
    (Value.relu, 0.0),
    (Value.abs, 0.0),
    (Value.sign, 0.0),
    (Value.floor, 3.0),
    (lambda x: x.maximum(3.0), 3.0),
    (lambda x: x.clamp(-1.0, 1.0), 1.0),
    (lambda x: x.maximum(1.0000000000000004), 1.0000000000000002),
    (Value.floor, 1e17),
    (lambda x: x // 1e-15, 2.28),
    (lambda x: x % 1e-17, 2.28),
    (lambda x: x % 1.0, 1e52),
    (lambda y: 1.0 % y, -1e-37),
    (sin, 1e200),
    (lambda x: x.tan(), -2.2746169184654177e40),
    (lambda x: x.sinc(), 1e288),
    (reciprocal, 0.0),
    (lambda x: x.logaddexp(1e13), 1e13 + 2e-3),
]


@pytest.mark.parametrize(("function", "x"), UNTOLD)
def test_what_no_difference_tells_is_undecided_with_the_reason(function, x):
    with pytest.raises(GradientUndecided, match=r"Of the function: \w.*Check beside"):
        gradcheck(function, x)


@pytest.mark.parametrize("slope", [0.5, 2.0, -1.0])
@pytest.mark.parametrize("away", [1e-6, -1e-6, 1e-9, -1e-9, 1e-11, -1e-11])
@pytest.mark.parametrize(("function", "kink"), [(Value.relu, 0.0), (lambda x: x.maximum(3.0), 3.0)])
def test_neither_the_mean_of_two_slopes_nor_one_outside_them_passes_at_a_kink(
    function, kink, away, slope
):
    @primitive(lambda x, out: slope, name=f"kinked_{slope}")
    def kinked(x):
        return function(Value(x)).data

    with pytest.raises(GradientMismatch) as beside:
        gradcheck(kinked, kink + away)
    assert type(beside.value) is GradientMismatch
    with pytest.raises(GradientMismatch) as at:
        gradcheck(kinked, kink)
    assert (type(at.value) is GradientUndecided) == (slope == 0.5)


def slice_of(row, point, index):
    def function(x):
        return row.forward(*point[:index], x, *point[index + 1 :])

    return function


@for_both_tiers
@pytest.mark.parametrize(
    "row",
    [row for row in PRIMITIVES.values() if row.arity and not row.holds],
    ids=attrgetter("name"),
)
def test_no_right_slope_is_called_wrong_at_odd_points_and_few_wrong_ones_pass(row, monkeypatch):
    # What is measured does not depend on the slope that is claimed.
    monkeypatch.setattr(differences, "_ridders", cache(differences._ridders))
    passed = tried = 0
    for point in samples(row, 150)[::9]:
        if row.name == "mod" and point[1] and math.fmod(math.ulp(point[0]), point[1]) == 0:
            continue  # it is 0 at every double
        for index, partial in enumerate(row.partials_at(point, row.forward(*point))):
            along = slice_of(row, point, index)
            assert judged(along, point[index], partial, 5e-10).right is not False, (point, index)
            if math.isfinite(partial) and 1e-3 < abs(partial) < 1e3:
                for wrong in (2 * partial, -partial, 1.001 * partial, 0.0):
                    tried += 1
                    passed += judged(along, point[index], wrong, 5e-10).right is True
    assert passed <= tried / 100


def test_outside_the_domain_there_is_no_derivative_to_agree_on():
    with pytest.raises(GradientUndecided, match="nan"):
        gradcheck(lambda x: x.log(), -1.0)


@pytest.mark.parametrize("at", [math.inf, -math.inf, math.nan])
def test_where_nothing_is_on_both_sides_it_is_undecided_at_once(at):
    for function in (lambda x: x, lambda x: x.tanh(), lambda x: x * x):
        with pytest.raises(GradientUndecided, match="no number on both sides"):
            gradcheck(function, at)


def test_beside_a_kink_the_check_passes():
    assert gradcheck(lambda x: where(x > 0, x * x, -x), 0.5)
    assert gradcheck(lambda x: where(x > 0, x * x, -x), -0.5)


@pytest.mark.parametrize(
    ("function", "x", "slope"),
    [
        (Value.abs, 1e-12, 1.0),
        (Value.abs, -7e-289, -1.0),
        (Value.relu, 1e-9, 1.0),
        (lambda x: x.maximum(3e-10), 5e-10, 1.0),
        (lambda x: x.minimum(3.0), 3.00000001, 0.0),
        (Value.floor, 9025.455, 0.0),
        (Value.rint, -2424759.17, 0.0),
        (lambda x: x % 2.7e-6, 2.28, 1.0),
        (lambda x: x // 2.7e-6, 2.28, 0.0),
    ],
)
def test_shorter_steps_tell_a_right_rule_beside_a_kink_from_a_wrong_one(function, x, slope):
    assert gradcheck(function, x)

    @primitive(lambda x, out: slope + 0.25)
    def wrong(x):
        return function(Value(x)).data

    with pytest.raises(GradientMismatch) as caught:
        gradcheck(wrong, x)
    assert not isinstance(caught.value, GradientUndecided)


@pytest.mark.parametrize(
    ("call", "kind", "message"),
    [
        (lambda: gradcheck(sin), TypeError, "needs the inputs"),
        (lambda: gradcheck(sin, 1.0, order=0), ValueError, "order must be at least 1, got 0"),
        (lambda: gradcheck(sin, "a"), TypeError, "got 'a' of type str"),
    ],
)
def test_refusals(call, kind, message):
    with pytest.raises(kind, match=message):
        call()


@pytest.mark.parametrize("shift", [3.0, 100.0, 314.0, 1e4])
@pytest.mark.parametrize("x", [0.0, 1e-3, 0.1])
def test_rounding_inside_a_function_hides_nothing_and_is_no_kink(shift, x):
    """Near 0 there are more doubles than x + 314 has: the function is constant among them."""

    def wrong(v):
        return sin(v + shift) + 1e-4 * (v.detach() - v) if isinstance(v, Value) else sin(v + shift)

    assert gradcheck(lambda v: sin(v + shift), x)
    with pytest.raises(GradientMismatch) as caught:
        gradcheck(wrong, x)
    assert not isinstance(caught.value, GradientUndecided)


@pytest.mark.parametrize("x", [0.0, 0.3, 0.12345, 7.7])
@pytest.mark.parametrize("width", [1e-6, 1e-10, 1e-12])
def test_a_terrace_that_is_meant_is_no_mistake(width, x):
    with suppress(GradientUndecided):
        assert gradcheck(lambda v: (v / width).floor() * width, x)


SHIFTED = [
    (lambda x, k: math.sin(x + k), lambda x, k: math.cos(x + k)),
    (lambda x, k: (x + k) * (x + k), lambda x, k: 2 * (x + k)),
    (lambda x, k: math.exp((x + k) - k), lambda x, k: math.exp(x)),
]
KINK = 1e-3


@pytest.mark.parametrize(("function", "slope"), SHIFTED, ids=["sin", "square", "exp"])
def test_no_right_slope_is_called_wrong_however_coarsely_a_function_rounds_inside(function, slope):
    draws = random.Random(3)
    noticed = 0
    for _ in range(100):
        shift = 10 ** draws.uniform(-2, 6)
        x = draws.choice([0.0, 1e-3 * draws.random(), draws.uniform(-1, 1)])
        right = slope(x, shift)
        assert judged(lambda x, k=shift: function(x, k), x, right, 5e-10).right is not False
        wrong = judged(lambda x, k=shift: function(x, k), x, 1.5 * right, 5e-10).right
        assert not wrong
        noticed += wrong is False
    assert noticed >= 80


def test_behind_ever_coarser_rounding_a_slope_beside_a_kink_is_never_called_wrong():
    """Between right for the small shifts and called wrong for the large ones lies undecided."""
    draws = random.Random(5)
    found = []
    for _ in range(300):
        shift = 10 ** draws.uniform(-2, 11)
        x = draws.choice([0.0, KINK * draws.random(), draws.uniform(-1, 1)])
        if abs(x - KINK) > 4 * math.ulp(shift):
            slope = math.copysign(1.0, x - KINK)
            verdict = judged(lambda x, k=shift: abs((x + k) - k - KINK), x, slope, 5e-10)
            assert verdict.right is not False, (shift, x)
            found.append(verdict.right)
    assert found.count(True) >= 100


@pytest.mark.parametrize("x", [0.3, 100.3, 10000.3, 1000000.3])
def test_steps_of_whole_numbers_have_no_slope_however_far_out(x):
    assert judged(math.floor, x, 0.0, 5e-10).right
    assert judged(math.floor, x, 1.0, 5e-10).right is False
