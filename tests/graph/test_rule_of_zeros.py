"""A factor of zero wins over one that is not finite: in both modes, at every order and tier."""

from __future__ import annotations

import math
import re

import pytest

from autograd_core import (
    AnomalyError,
    Value,
    acosh,
    asin,
    atanh,
    clamp,
    detect_anomaly,
    exp,
    floor,
    gaussian,
    gelu,
    grad,
    hvp,
    jvp,
    log,
    normal_pdf,
    primitive,
    record,
    relu,
    silu,
    sqrt,
    vjp,
    where,
)
from tests.primitives.high_precision import mp
from tests.primitives.references import REFERENCES

INF = math.inf


def slope(function, x):
    return jvp(function, (x,), (1.0,))[1]


def nested(transform, function, order):
    for _ in range(order):
        function = transform(function)
    return function


def forward(function):
    return lambda x: slope(function, x)


def replayed(function, order):
    program = record(function, 0.5)
    for _ in range(order):
        program = program.gradient()
    return lambda x: float(program(x))


# What is put aside leaks nothing, wherever the derivative is taken.
ASIDE = {
    "where": (lambda x: where(x > 0, log(x), 0.0), -1.0),
    "where, beside its condition": (lambda x: (x > 0.0) * 1.0 + where(x > 0, sqrt(x), 2.0), 0.0),
    "floor": (lambda x: floor(sqrt(x)), 0.0),
    "clamp": (lambda x: clamp(log(x), -100.0, 0.0), 0.0),
    "relu": (lambda x: relu(sqrt(x) - 1.0), 0.0),
    "maximum": (lambda x: (sqrt(x) - 3.0).maximum(-2.0), 0.0),
    "a factor of zero": (lambda x: 0.0 * sqrt(x), 0.0),
    "underflow": (lambda x: exp(-1e3 / (x * x)), 0.0),
}


@pytest.mark.parametrize("case", ASIDE)
@pytest.mark.parametrize("order", [1, 2, 3])
def test_what_is_put_aside_leaks_nothing_at_any_order_in_either_mode_or_tier(case, order):
    function, x = ASIDE[case]
    found = [
        nested(grad, function, order)(x),
        nested(forward, function, order)(x),
        nested(forward, grad(function), order - 1)(x),
        replayed(function, order)(x),
    ]
    assert found == [0.0] * 4


def test_a_square_under_a_root_has_one_slope_at_zero_in_both_modes():
    assert grad(lambda x: sqrt(x**2))(0.0) == slope(lambda x: sqrt(x**2), 0.0) == 0.0


def test_a_zero_that_only_a_sum_makes_is_met_in_forward_mode_alone():
    assert slope(lambda x: sqrt(x - x), 1.0) == 0.0
    assert math.isnan(grad(lambda x: sqrt(x - x))(1.0))
    with detect_anomaly(), pytest.raises(AnomalyError, match=r"through sqrt\(0.0\)"):
        grad(lambda x: sqrt(x - x))(1.0)


def test_the_products_of_hessians_leak_nothing():
    assert record(lambda x: where(x > 0, log(x), 0.0), 0.5).hvp()(-1.0, 1.0) == (0.0, 0.0)
    assert hvp(lambda x: where(x > 0, log(x), 0.0), (-1.0,), (1.0,)) == (0.0,)
    assert record(lambda x: floor(sqrt(x)), 0.5).hvp()(0.0, 1.0) == (0.0, 0.0)


@pytest.mark.parametrize("transform", [grad, forward])
def test_powers_at_zero_have_the_derivatives_of_polynomials(transform):
    def cubic(x):
        return sum(c * x**k for k, c in enumerate((1.0, 2.0, 3.0, 4.0)))

    assert [nested(transform, cubic, order)(0.0) for order in range(6)] == [1, 2, 6, 24, 0, 0]


def limit(name, x, order):
    """The derivative's limit from inside the domain, by its value next to the point."""
    at = mp.mpf(10) ** 40 if math.isinf(x) else mp.mpf(10) ** -30
    beside = mp.mpf(math.copysign(1, x)) * (at if math.isinf(x) else 1 - at)
    with mp.workdps(200):
        near = mp.re(mp.diff(REFERENCES[name].value, beside, order, h=at * mp.mpf(10) ** -10))
    return math.copysign(INF, near) if abs(near) > 1e10 else float(mp.nint(near))


@pytest.mark.parametrize("function", [asin, atanh, acosh], ids=["asin", "atanh", "acosh"])
@pytest.mark.parametrize("end", [1.0, -1.0])
@pytest.mark.parametrize("order", [1, 2, 3, 4])
def test_at_the_ends_of_a_domain_derivatives_are_their_limits(function, end, order):
    name = function.__name__
    if name == "acosh":
        if end < 0:
            return
        expected = INF if order % 2 else -INF
    else:
        expected = limit(name, end, order)
    assert nested(grad, function, order)(end) == expected
    assert nested(forward, function, order)(end) == expected
    assert replayed(function, order)(end) == expected


@pytest.mark.parametrize("function", [silu, gelu, gaussian, normal_pdf, Value.tanh, Value.sigmoid])
@pytest.mark.parametrize("x", [INF, -INF])
@pytest.mark.parametrize("order", [2, 3, 4])
def test_far_out_derivatives_are_zero(function, x, order):
    def of(x):
        return function(x if type(x) is Value else Value(x))

    assert nested(grad, of, order)(x) == nested(forward, of, order)(x) == replayed(of, order)(x)
    assert nested(grad, of, order)(x) == 0.0


@pytest.mark.parametrize("order", [1, 2, 3])
def test_logarithms_have_no_slope_below_zero_at_any_order(order):
    for name in ("log", "log2", "log10"):
        for transform in (grad, forward):
            assert math.isnan(nested(transform, getattr(Value, name), order)(Value(-2.0)).data)


def test_a_local_gradient_of_zero_wins_over_an_infinite_cotangent():
    x, y = Value(2.0), Value(0.0)
    where(False, x.exp(), y).backward(INF)
    assert (x.grad, y.grad) == (0.0, INF)
    relu(Value(-1.0) * x).backward(math.nan)
    assert x.grad == 0.0


DECIDED = "is taken for 0, as a factor of zero wins over one that is not finite"


@pytest.mark.parametrize(
    "differentiate",
    [
        lambda f, x: f(x).backward(),
        lambda f, x: grad(f)(0.0),
        lambda f, x: grad(grad(f))(0.0),
        lambda f, x: jvp(grad(f), (0.0,), (1.0,)),
    ],
    ids=["backward", "grad", "grad of grad", "jvp of grad"],
)
def test_an_anomaly_is_where_the_rule_decides(differentiate):
    def hidden(x):
        return sqrt(x) ** 2

    assert grad(hidden)(0.0) == 0.0
    message = r"through sqrt\(0.0\) = 0.0: the cotangent 0.0 times the local gradient inf"
    with detect_anomaly(), pytest.raises(AnomalyError, match=message) as caught:
        differentiate(hidden, Value(0.0))
    assert DECIDED in str(caught.value)
    assert re.search(r"made at .*test_rule_of_zeros.py:\d+ in hidden", str(caught.value))


def test_an_anomaly_of_forward_mode_is_named_too():
    with detect_anomaly():
        with pytest.raises(AnomalyError, match=r"the tangent 0\.0 times the local gradient inf"):
            jvp(lambda x: sqrt(x**2), (0.0,), (1.0,))
        with pytest.raises(
            AnomalyError, match=r"the tangent 1.0 times the local gradient inf .*inf"
        ):
            jvp(lambda x: sqrt(x) * 2.0, (0.0,), (1.0,))
        # A direction of 0 is what was asked for, and no anomaly.
        assert jvp(lambda x, y: x * 2.0 + sqrt(y), (1.0, 0.0), (1.0, 0.0)) == (2.0, 2.0)
        assert vjp(lambda x: [sqrt(x), x * 3.0], 0.0)[1]([0.0, 1.0]) == (3.0,)


def test_without_anything_infinite_no_anomaly_is_seen():
    with detect_anomaly():
        x = Value(-1.0)
        where(x > 0, x * 3.0, relu(x) + 1.0).backward()
        assert grad(lambda x: relu(x) * 0.0)(2.0) == 0.0


def test_what_is_recorded_is_looked_at_when_it_has_numbers():
    @primitive(lambda x, out: log(x))  # whose formula nothing has asked for yet
    def integrated(x):
        return x * math.log(x) - x

    with detect_anomaly():
        program = record(lambda x: integrated(x) + log(x - 0.5), 0.5)
        assert program(1.0) == -1.0 + math.log(0.5)
        assert program.value_and_grad(1.0)[1] == program.gradient()(1.0) == 2.0
        with pytest.raises(AnomalyError, match=r"log\(0.0\) = -inf"):
            Value(0.0).log()
