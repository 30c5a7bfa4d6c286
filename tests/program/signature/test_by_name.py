"""Arguments by name: at calls, for examples, of derived and of loaded programs; and misuse."""

from __future__ import annotations

import pickle

import numpy
import pytest

from autograd_core import Program, Value, record, record_graph


def present(cash, rate, years=1.0):
    """What cash in some years is worth."""
    return cash / (1 + rate) ** years


PRESENT = record(present, 0.0, 0.0, 0.0)
BY_PLACE = (100.0, 0.05, [1.0, 2.0])
GIVEN = {"years": [1.0, 2.0], "rate": 0.05}


def listed(found):
    """Results with their numbers as lists, to be compared."""
    if isinstance(found, tuple):
        return tuple(map(listed, found))
    return found.tolist() if isinstance(found, numpy.ndarray) else found


@pytest.mark.parametrize(
    "called",
    [
        lambda program, *a, **k: program(*a, **k),
        lambda program, *a, **k: program(*a, mean=0, **k),
        lambda program, *a, **k: program.value_and_grad(*a, wrt="rate", **k),
        lambda program, *a, **k: program.value_and_grad(*a, sum=0, **k),
        lambda program, *a, **k: program.grad(*a, wrt=("years", 0), **k),
        lambda program, *a, **k: program.grad(*a, mean=-1, **k),
        lambda program, *a, **k: program.summed_gradient(*a, wrt="inputs", **k).gradient,
        lambda program, *a, **k: program.gradient()(*a, **k),
        lambda program, *a, **k: program.using(threads=2)(*a, **k),
        lambda program, *a, **k: pickle.loads(pickle.dumps(program))(*a, **k),
        lambda program, *a, **k: Program.from_json(program.to_json()).grad(*a, **k),
        lambda program, *a, **k: program.to_numpy()(*a, **k),
    ],
)
def test_arguments_may_be_given_by_the_names_of_the_function(called):
    for _ in range(2):  # the second call is a direct one
        assert listed(called(PRESENT, 100.0, **GIVEN)) == listed(called(PRESENT, *BY_PLACE))


def test_backward_takes_names_too():
    weight = Value(2.0)
    program = record(lambda x, y: weight * x * y, 0.0, 0.0)
    assert program.backward(y=[1.0, 3.0], x=5.0) == 20.0
    assert weight.grad == 10.0


def test_directions_and_cotangents_have_names_as_well():
    assert PRESENT.tangent("rate")(1.0, 0.0, years=1.0, **{"direction of rate": 1.0}) == (1.0, -1.0)
    assert record(lambda x: x**2, 0.0).pull_back()(3.0, cotangent=2.0) == (9.0, 12.0)


def test_the_inputs_of_a_graph_are_called_as_they_are():
    x, y = Value(1.0, name="x"), Value(2.0, name="y")
    assert record_graph(x - y, [x, y])(y=1.0, x=5.0) == 4.0


def test_examples_may_be_given_by_name_in_the_functions_order():
    def spread(high, *, low, scale=1.0):
        return (high - low) * scale

    program = record(spread, 0.0, scale=0.0, low=0.0)
    assert program.names == ("high", "low", "scale")
    assert program(5.0, 3.0, 10.0) == program(scale=10.0, low=3.0, high=5.0) == 20.0
    free = record(lambda **parts: parts["b"] - parts["a"], b=0.0, a=0.0)
    assert free.names == ("b", "a")
    assert free(a=1.0, b=3.0) == 2.0


def test_names_that_calls_and_methods_have_themselves_are_given_by_place():
    program = record(lambda self, sum: self - sum, 0.0, 0.0)
    assert program(5.0, 3.0) == 2.0
    assert record(lambda self, function: self - function, self=0.0, function=0.0)(
        function=3.0, self=5.0
    ) == 2.0  # fmt: skip
    with pytest.raises(TypeError, match=r"sum is missing; .* is given by its place"):
        program(5.0, sum=0)


@pytest.mark.parametrize(
    ("arguments", "named", "message"),
    [
        ((1.0, 2.0), {}, r"takes 3 arguments \(cash, rate, years\), got 2: years is missing"),
        ((), {"rate": 1.0}, r"got 1: cash, years are missing"),
        ((1.0, 2.0, 3.0, 4.0), {}, r"takes 3 arguments \(cash, rate, years\), got 4$"),
        ((1.0, 2.0, 3.0, 4.0), {"extra": 1}, "extra=1 names no argument of the program, which"),
        ((1.0,), {"rat": 0.5}, r"rat=0.5 names no argument .*cash, rate, years, and no option"),
        ((1.0, 2.0, 3.0), {"rate": 0.5}, "rate is given twice, 2.0 by its place and 0.5 by its"),
    ],
)
def test_what_is_missing_unknown_or_given_twice_is_said(arguments, named, message):
    for ask in (PRESENT, PRESENT.value_and_grad, PRESENT.grad, PRESENT.summed_gradient):
        with pytest.raises(TypeError, match=message):
            ask(*arguments, **named)


def test_a_name_of_several_arguments_is_refused():
    program = record_graph(sum(nodes := [Value(0.0, name="x"), Value(0.0, name="x")]), nodes)
    with pytest.raises(TypeError, match=r"x=1\.0 names 2 arguments .*by their places"):
        program(0.0, x=1.0)
    assert program(1.0, 2.0) == 3.0


def test_a_default_went_into_the_recording_and_is_no_argument():
    with pytest.raises(TypeError, match=r"years=2\.0 names no argument"):
        record(present, 0.0, 0.0)(100.0, 0.05, years=2.0)
