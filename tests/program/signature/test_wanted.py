"""What derivatives are taken with respect to: places, names, leaves, structures, and misuse."""

from __future__ import annotations

import copy
import pickle
from collections import namedtuple

import numpy
import pytest

import autograd_core as ag
from autograd_core import Program, Value, record, record_closure, record_graph
from autograd_core.program.backends.choice import native_is_compiled
from autograd_core.program.signature.wanted import told
from tests.program.replayed import same_bits

Greeks = namedtuple("Greeks", "delta vega")
WRONG = ("[2]", "[-3]", "[0:1]", "[0] + [1]", "[0].real", "[0].a[1]", "[", "['0']", "[0](1)")
BACKENDS = ["native", "numpy"] if native_is_compiled() else ["numpy"]

rate = Value(0.25, name="rate")
weights = [Value(0.5), Value(-1.5)]


def price(spot, market, strikes):
    """A function of arguments in all forms, and of leaves."""
    drift = weights[0] * market["drift"] + weights[1] * market["vols"][1]
    return spot * (rate * drift).exp() * strikes[0] - strikes[1] * market["vols"][0].sin()


EXAMPLES = (1.5, {"drift": 0.5, "vols": [0.25, -2.0]}, [3.0, 0.75])


@pytest.fixture(name="program", params=BACKENDS)
def program_(request):
    return record(price, *EXAMPLES).using(request.param)


def eager():
    """The gradients by the arguments, from the graph, and those by the leaves."""
    spot, market, strikes = ag.grad(price, (0, 1, 2))(*EXAMPLES)
    by_leaves = ag.gradients(price(ag.Value(EXAMPLES[0]), *_values(EXAMPLES[1:])), [rate, *weights])
    return spot, market, strikes, by_leaves


def _values(rest):
    market, strikes = rest
    vols = [Value(vol) for vol in market["vols"]]
    return {"drift": Value(market["drift"]), "vols": vols}, [Value(one) for one in strikes]


ASKED = [
    (0, lambda spot, market, strikes, leaves: spot),
    ("spot", lambda spot, market, strikes, leaves: spot),
    (-1, lambda spot, market, strikes, leaves: numpy.array(strikes)),
    (numpy.int64(2), lambda spot, market, strikes, leaves: numpy.array(strikes)),
    ("market", lambda spot, market, strikes, leaves: market),
    ("market['drift']", lambda spot, market, strikes, leaves: market["drift"]),
    ("market['vols']", lambda spot, market, strikes, leaves: numpy.array(market["vols"])),
    ("market['vols'][1]", lambda spot, market, strikes, leaves: float(market["vols"][1])),
    ('market["vols"][-1]', lambda spot, market, strikes, leaves: float(market["vols"][-1])),
    ("strikes[ -2 ]", lambda spot, market, strikes, leaves: strikes[-2]),
    (("strikes[1]", 0), lambda spot, market, strikes, leaves: (strikes[1], spot)),
    (["strikes", "spot"], lambda spot, market, strikes, leaves: [numpy.array(strikes), spot]),
    (
        {"delta": "spot", "rho": rate},
        lambda spot, market, strikes, leaves: {"delta": spot, "rho": leaves[0]},
    ),
    (
        Greeks(0, ("market['vols'][0]",)),
        lambda spot, market, strikes, leaves: Greeks(spot, (float(market["vols"][0]),)),
    ),
    (numpy.array([0]), lambda spot, market, strikes, leaves: [spot]),
    ("rate", lambda spot, market, strikes, leaves: leaves[0]),
    (weights[1], lambda spot, market, strikes, leaves: leaves[2]),
    (weights, lambda spot, market, strikes, leaves: numpy.array(leaves[1:])),
    (numpy.array([weights]), lambda spot, market, strikes, leaves: numpy.array([leaves[1:]])),
    (
        ("captured", "inputs"),
        lambda spot, market, strikes, leaves: (
            None,
            (spot, market, numpy.array(strikes)),
        ),
    ),
]


def alike(one, other):
    """Equal in structure and in bits; None stands for anything."""
    if other is None:
        return True
    assert type(one) is type(other)
    if isinstance(one, dict):
        assert list(one) == list(other)
        return all(alike(one[key], other[key]) for key in one)
    if isinstance(one, list | tuple):
        assert len(one) == len(other)
        return all(map(alike, one, other))
    return numpy.shape(one) == numpy.shape(other) and same_bits(one, other)


@pytest.mark.parametrize(("wrt", "chosen"), ASKED, ids=lambda one: repr(one)[:30])
def test_gradients_come_in_the_structure_that_was_asked_for(program, wrt, chosen):
    spot, market, strikes, leaves = eager()
    market = {"drift": market["drift"], "vols": numpy.array(market["vols"])}
    expected = chosen(spot, market, strikes, leaves)
    value = program(*EXAMPLES)
    for _ in range(2):  # the second time directly, where there are direct calls
        found, gradient = program.value_and_grad(*EXAMPLES, wrt=wrt)
        assert same_bits(found, value)
        assert alike(gradient, expected)
        assert alike(program.grad(*EXAMPLES, wrt=wrt), expected)
    assert alike(program.gradient(wrt)(*EXAMPLES), expected)
    assert alike(program.gradient(wrt, value=True)(*EXAMPLES), (value, expected))
    assert alike(program.pull_back(wrt)(*EXAMPLES, 1.0)[1], expected)
    assert alike(program.summed_gradient(*EXAMPLES, wrt=wrt).gradient, expected)


def test_samples_stand_in_front():
    program = record(lambda x, y: x[0] * y + x[1], [0.0, 0.0], 0.0)
    values, (by_y, by_x) = program.value_and_grad(
        numpy.ones((4, 3, 2)), [1.0, 2.0, 3.0], wrt=(1, "x")
    )
    assert values.shape == by_y.shape == (4, 3)
    assert by_x.shape == (4, 3, 2)
    assert by_x[2].tolist() == [[1.0, 1.0], [2.0, 1.0], [3.0, 1.0]]


def test_no_more_is_computed_than_is_asked_for():
    def function(x, y):
        return ag.sum([x.exp() * factor.sin() for factor in y])

    program = record(function, 0.0, [0.0] * 20)
    instructions = {wrt: len(program.gradient(wrt).tidied().code) for wrt in ("x", "y", "inputs")}
    assert instructions["x"] < 50  # exp, the sines and their sum, and not one cosine
    assert instructions["x"] < instructions["y"] < instructions["inputs"]
    alone = program.gradient("y[3]").tidied()
    assert len(alone.code) == 4  # exp · cos + 0


def test_all_arguments_share_what_is_translated_with_the_only_one():
    program = record(lambda x: x * x, 0.0)
    assert program._wanted(0).key == program._wanted("x").key == program._wanted("inputs").key


def test_what_is_told_apart_has_keys_of_its_own():
    one, other = Value(1.0), Value(1.0)
    said = [0, 1, "0", (0,), [0], ("0",), {"0": 0}, {"0": "0"}, [(0,)], (one,), [one], [one, other]]
    said += [
        one,
        other,
        [other, one],
        {"a": one},
        {"b": one},
        {"a": [one]},
        (0, "0"),
        {"a": {"b": 0}},
    ]
    keys = list(map(told, said))
    assert None not in keys
    assert len(set(keys)) == len(said)
    for nothing in (True, 1.0, None, (True,), [[None]], {1: 0}, {"a": 1.0}, numpy.int64(1), {0}):
        assert told(nothing) is None


def test_leaves_in_structures_are_looked_up_once(program):
    for wrt in (weights, (rate, "spot"), {"rho": rate, "rest": [weights[0]]}, rate):
        expected = program.value_and_grad(*EXAMPLES, wrt=wrt)
        assert alike(program.value_and_grad(*EXAMPLES, wrt=wrt), expected)
        assert program._wanted(wrt) is program._wanted(wrt)
    rate.name, before = "other", rate.name
    try:
        assert program._wanted("other") is not program._wanted("other")
    finally:
        rate.name = before


def test_a_leaf_is_found_by_the_name_that_it_has_now():
    first, second = Value(2.0, name="a"), Value(3.0, name="b")
    program = record(lambda x: first * x + second * x * x, 0.0)
    assert program.grad(2.0, wrt="a") == 2.0
    first.name, second.name = "b", "a"
    for _ in range(2):
        assert program.grad(2.0, wrt="a") == program.value_and_grad(2.0, wrt="a")[1] == 4.0


def test_the_leaves_asked_for_alone_are_added_to():
    first, second = Value(2.0, name="first"), Value(3.0)
    program = record(lambda x: first * second * x, 0.0)
    assert program.backward([1.0, 3.0], wrt=[second]) == 12.0
    assert (first.grad, second.grad) == (0.0, 4.0)
    program.backward([1.0, 3.0], wrt="first", reduce="sum")
    assert (first.grad, second.grad) == (12.0, 4.0)
    program.backward([1.0, 3.0])
    assert (first.grad, second.grad) == (18.0, 8.0)
    with pytest.raises(ValueError, match="arguments are none: give leaves"):
        program.backward(1.0, wrt="both")


def test_directions_are_given_for_what_is_asked_for():
    leaf = Value(3.0)
    program = record(lambda x, y: x * x * y * leaf, 0.0, 0.0)
    assert program.tangent(1)(2.0, 5.0, 1.0) == (60.0, 12.0)
    assert program.tangent(("y", "x")).names == ("x", "y", "direction of y", "direction of x")
    assert program.tangent(("y", "x"))(2.0, 5.0, 1.0, 10.0) == (60.0, 612.0)
    assert program.tangent(leaf)(2.0, 5.0, 1.0) == (60.0, 20.0)
    assert program.tangent({"a": 0, "b": 1})(2.0, 5.0, {"a": 10.0, "b": 1.0}) == (60.0, 612.0)
    assert program.hvp("x")(2.0, 5.0, 1.0) == (60.0, 30.0)
    assert program.hvp((0, leaf))(2.0, 5.0, 1.0, 0.0) == ((60.0, 20.0), (30.0, 20.0))


@pytest.mark.parametrize(
    ("wrt", "error", "message"),
    [
        (True, TypeError, r"wrt=True of type bool says nothing .* give an argument's name \('x', "),
        (1.0, TypeError, r"wrt=1\.0 of type float says nothing"),
        (None, TypeError, "wrt=None of type NoneType"),
        (2.0, TypeError, r"wrt=2.0 .*, and numbers in a call: gradient\(\)\(2\.0\)"),
        ((0, False), TypeError, "wrt=False of type bool"),
        (numpy.True_, TypeError, "says nothing"),
        (2, ValueError, "wrt=2 is no place among 2 arguments"),
        (-3, ValueError, "wrt=-3 is no place among 2 arguments"),
        (
            "z",
            ValueError,
            "wrt='z' is the name of no argument.*'x', 'y'.*'inputs', 'captured' or 'both'",
        ),
        *(
            (f"x{wrong}", ValueError, r"is no part of x; its first numbers are x\[0\], x\[1\]")
            for wrong in WRONG
        ),
        ("y[0]", ValueError, r"wrt='y\[0\]' is no part of y, which is one number"),
        ("parameters", ValueError, "wrt='parameters' asks for what record"),
        ("twin", ValueError, "wrt='twin' names 2 of the program's arguments and captured leaves"),
        (Value(1.0), ValueError, "is not among the 2 leaves that the program has captured"),
        ([Value(1.0)], ValueError, "is not among the 2 leaves"),
        ((0, "x"), ValueError, r"wrt=\(0, 'x'\) asks for the same twice"),
        (("x[1]", "inputs"), ValueError, "asks for the same twice"),
        ((), ValueError, r"wrt=\(\) is empty"),
        ([], ValueError, r"wrt=\[\] is empty"),
        ({"a": {}}, ValueError, r"wrt=\{\} is empty"),
    ],
    ids=repr,
)
def test_what_cannot_be_asked_for_is_refused_before_and_after_calls(wrt, error, message):
    twins = [Value(1.0, name="twin"), Value(2.0, name="twin")]
    program = record(lambda x, y: x[0] * y * twins[0] + x[1] * twins[1], [0.0, 0.0], 0.0)
    for _ in range(2):
        for ask in (
            lambda: program.value_and_grad([1.0, 2.0], 3.0, wrt=wrt),
            lambda: program.grad([1.0, 2.0], 3.0, wrt=wrt),
            lambda: program.gradient(wrt),
            lambda: program.hvp(wrt),
        ):
            with pytest.raises(error, match=message):
                ask()
        for right in (0, 1, "x", ("x", "y"), (0, 1), twins):
            program.value_and_grad([1.0, 2.0], 3.0, wrt=right)


def test_the_words_go_before_names():
    program = record(lambda inputs, captured: inputs * captured, 0.0, 0.0)
    assert program.grad(2.0, 3.0) == program.grad(2.0, 3.0, wrt="inputs") == (3.0, 2.0)
    assert program.grad(2.0, 3.0, wrt="captured").shape == (0,)
    assert program.grad(2.0, 3.0, wrt=1) == 2.0
    parameters = record(lambda parameters: 2 * parameters, 0.0)
    assert parameters.grad(1.0, wrt="parameters") == 2.0  # a word only where there are some


def test_an_argument_and_a_leaf_of_one_name_are_told_apart_by_place_and_by_leaf():
    x = Value(3.0, name="x")
    program = record(lambda x_: x_ * x, 0.0)
    program.names = ("x",)
    with pytest.raises(ValueError, match="say which by an argument's place, or by the leaf"):
        program.grad(2.0, wrt="x")
    assert program.grad(2.0, wrt=(0, x)) == (3.0, 2.0)


def graph_of_inputs():
    """A graph with an inner node among its inputs, and its program."""
    x, y, rest = Value(2.0, name="x"), Value(3.0), Value(5.0)
    inner = x * 3.0
    program = record_graph(inner * y * y * rest, [inner, y])
    return x, y, rest, inner, program


def test_inputs_of_a_graph_are_asked_for_by_themselves():
    _, y, rest, inner, program = graph_of_inputs()
    for made in (program, program.using("numpy"), copy.copy(program)):
        for _ in range(2):
            assert made.value_and_grad(6.0, 3.0, wrt=y) == (270.0, 180.0)
            assert made.grad(6.0, 3.0, wrt=(y, inner)) == (180.0, 45.0)
            assert made.grad(6.0, 3.0, wrt={"own": rest, "first": 0}) == {"own": 54.0, "first": 45}
            assert made.grad(6.0, [3.0, 1.0], wrt=[rest, y]).tolist() == [[54, 180], [6, 60]]
    assert program.gradient(y).grad(6.0, 3.0, wrt=inner) == 30.0
    assert program.tangent(inner).names == ("x0", "x1", "direction of x0")
    assert program._wanted(y).key == program._wanted(1).key  # translated once
    with pytest.raises(ValueError, match="asks for the same twice"):
        program.grad(6.0, 3.0, wrt=("x1", y))
    with pytest.raises(ValueError, match="arguments are none: give leaves"):
        program.backward(6.0, 3.0, wrt=y)


def test_leaves_of_a_closure_are_asked_for_by_themselves():
    x, y, z = leaves = [Value(2.0), Value(3.0), Value(5.0)]
    program = record_closure(lambda: x * y * y * z, leaves)
    assert program.grad([2.0, 3.0, 5.0], wrt=y) == program.grad([2, 3, 5], wrt="parameters[1]")
    assert program.grad([2.0, 3.0, 5.0], wrt=[z, x]).tolist() == [18.0, 45.0]
    assert program.hvp(x).names == ("parameters", "direction of parameters[0]")
    program = record_closure(lambda: x * y * y * z, {"a": x, "b": (y, [z])})
    assert program.grad({"a": 2.0, "b": (3.0, [5.0])}, wrt=(z, y)) == (18.0, 60.0)
    assert program.tangent(y).names == ("parameters", "direction of parameters['b'][0]")


def test_inputs_are_those_of_a_pickle_made_with_the_program():
    _, y, _, _, program = graph_of_inputs()
    own, again = pickle.loads(pickle.dumps((y, program)))
    assert again.grad(6.0, 3.0, wrt=own) == program.grad(6.0, 3.0, wrt=y)
    with pytest.raises(ValueError, match="nor of its inputs; give an argument's name"):
        again.grad(6.0, 3.0, wrt=y)


def test_what_is_inside_a_graph_but_no_input_of_it_is_refused():
    x, _, _, _, program = graph_of_inputs()
    with pytest.raises(ValueError, match=r"nor of its inputs; give .* an input's Value"):
        program.grad(6.0, 3.0, wrt=x)
    with pytest.raises(ValueError, match="nor of its inputs"):
        program.grad(6.0, 3.0, wrt=[x])
    read = Program.from_json(program.to_json())  # which knows of numbers, and of no graph
    with pytest.raises(ValueError, match="nor of its inputs; give an argument's"):
        read.grad(6.0, 3.0, wrt=x)
