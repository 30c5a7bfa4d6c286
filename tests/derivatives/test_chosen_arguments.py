"""Arguments chosen by place and by name, in structures, wherever a call gives them; and misuse."""

from __future__ import annotations

from collections import namedtuple

import numpy
import pytest

from autograd_core import Value, grad, hessian, jacobian, record, value_and_grad

Greeks = namedtuple("Greeks", "delta vega")


def price(spot, sigma, /, strikes, *, rate=0.5):
    return spot * sigma * strikes[0] + strikes[1] * rate * rate


# At spot 2, sigma 1.5, strikes 1 and 4, rate 0.5.
ARGUMENTS = (2.0, 1.5, [1.0, 4.0])
CALLS = [
    (0, 1.5),
    ("spot", 1.5),
    (-1, [3.0, 0.25]),
    ("strikes", [3.0, 0.25]),
    ("rate", 4.0),
    (("sigma", "spot"), (2.0, 1.5)),
    (["rate"], [4.0]),
    ({"delta": 0, "rho": "rate"}, {"delta": 1.5, "rho": 4.0}),
    (Greeks("spot", (1,)), Greeks(1.5, (2.0,))),
    (numpy.array([1, 0]), [2.0, 1.5]),
    (numpy.int64(1), 2.0),
]


@pytest.mark.parametrize(("wrt", "expected"), CALLS, ids=lambda one: repr(one)[:30])
def test_gradients_come_in_the_structure_that_was_asked_for(wrt, expected):
    for found in (
        grad(price, wrt=wrt)(*ARGUMENTS),
        grad(price, wrt=wrt)(*ARGUMENTS, rate=0.5),
        value_and_grad(price, wrt=wrt)(*ARGUMENTS)[1],
    ):
        assert type(found) is type(expected)
        assert found == expected


def test_an_argument_is_found_by_name_wherever_the_call_gives_it():
    slope = grad(lambda x, y: x * y * y, wrt="y")
    assert slope(3.0, 2.0) == slope(3.0, y=2.0) == slope(y=2.0, x=3.0) == 12.0
    assert grad(lambda **given: given["a"] * given["b"], wrt=("b", "a"))(a=2.0, b=3.0) == (2.0, 3.0)
    assert grad(lambda *given, scale: given[1] * scale, wrt=(-1, "scale"))(1.0, 2.0, scale=5.0) == (
        5.0,
        2.0,
    )
    assert grad(lambda y, *, scale=4.0: y * scale, wrt="scale")(2.0) == 2.0


def test_what_the_caller_passed_is_left_as_it_was():
    given = {"x": 2.0}
    assert grad(lambda x, y=3.0: x * y, wrt=("x", "y"))(**given) == (3.0, 2.0)
    assert given == {"x": 2.0}


def test_names_hold_through_nested_transformations():
    def function(x, y):
        return x * y**3

    assert grad(grad(function, wrt="y"), wrt="y")(2.0, 3.0) == 36.0
    assert grad(grad(function, wrt="x"), wrt="y")(2.0, y=3.0) == 27.0
    assert hessian(function, wrt="y")(2.0, 3.0) == 36.0
    assert hessian(function, wrt={"x": 0, "y": "y"})(2.0, 3.0)["y"] == {"x": 27.0, "y": 36.0}
    assert jacobian(lambda x, y: [x * y, y], wrt="y")(2.0, 3.0) == [2.0, 1.0]
    y = Value(3.0)
    grad(function, wrt="x")(2.0, y=y).backward()
    assert y.grad == 27.0


@pytest.mark.parametrize("wrt", ["x", 1, -1, ("x", "y"), {"by y": "y", "by x": 0}], ids=repr)
def test_a_recorded_program_takes_the_same_words(wrt):
    def function(x, y):
        return x * y + y

    assert grad(function, wrt=wrt)(2.0, 3.0) == record(function, 0.0, 0.0).grad(2.0, 3.0, wrt=wrt)


@pytest.mark.parametrize(
    ("wrt", "error", "message"),
    [
        (True, TypeError, "wrt=True of type bool says nothing to differentiate with respect to"),
        (numpy.True_, TypeError, "says nothing"),
        (1.0, TypeError, "wrt=1.0 of type float"),
        ((0, None), TypeError, "wrt=None of type NoneType"),
        ((), ValueError, r"wrt=\(\) is empty"),
        ({"a": []}, ValueError, r"wrt=\[\] is empty"),
        (2, ValueError, "wrt 2 does not fit a call with 2 positional arguments"),
        (-3, ValueError, "wrt -3 does not fit"),
        ("z", ValueError, r"wrt='z' is no argument of the function \(its arguments: x, y, more\)"),
        ("more", ValueError, "wrt='more' is not given in this call"),
        ((0, "x"), ValueError, "twice"),
        ((1, -1), ValueError, "twice"),
    ],
    ids=repr,
)
def test_what_cannot_be_chosen_is_refused(wrt, error, message):
    def function(x, y, /, more=()):
        return x * y

    def stricter(x, y, more):
        return x * y

    chosen = stricter if wrt == "more" else function
    for transformation in (grad, value_and_grad, jacobian, hessian):
        with pytest.raises(error, match=message):
            transformation(chosen, wrt=wrt)(1.0, 2.0)


def test_places_are_no_bools_and_are_said_once():
    with pytest.raises(TypeError, match="argnums must be a position or a sequence of positions"):
        grad(price, argnums=True)
    with pytest.raises(TypeError, match="argnums=1 and wrt='spot' both say"):
        grad(price, 1, wrt="spot")
