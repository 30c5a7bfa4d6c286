"""Parameters in the structure that the user has them in: recorded, given, differentiated, kept."""

from __future__ import annotations

import copy
import json
import pickle

import numpy
import pytest

import nn
from autograd_core import Program, ProgramError, Value, record, record_closure
from autograd_core.program.program import _restored

OTHER = Value(10.0, name="other")


def layers():
    return {
        "output": (Value(2.0, name="bias"), [Value(3.0), Value(5.0)]),
        "hidden": numpy.array([[Value(7.0), Value(-1.0)]]),
    }


def recorded(held):
    """Meets the leaves in another order than the structure has them in, and one besides."""

    def function(x):
        (bias, (first, second)), hidden = held["output"], held["hidden"]
        return second * x + OTHER * hidden[0, 1] * x + first * hidden[0, 0] + bias * first

    return record(function, 0.0, parameters=held)


#: The gradient of a sample at x, by hand, in the structure.
def by_hand(x):
    return {
        "output": (3.0, numpy.array([7.0 + 2.0, x])),
        "hidden": numpy.array([[3.0, 10.0 * x]]),
    }


def alike(one, other):
    assert type(one) is type(other)
    if isinstance(one, dict):
        return list(one) == list(other) and all(alike(one[key], other[key]) for key in one)
    if isinstance(one, tuple):
        return len(one) == len(other) and all(map(alike, one, other))
    return numpy.array_equal(one, other)


def copies(program):
    return [
        program,
        copy.copy(program),
        copy.deepcopy(program),
        pickle.loads(pickle.dumps(program)),
        Program.from_json(program.to_json()),
        program.using("numpy"),
        program.tidied(),
    ]


def test_gradients_come_back_in_the_structure_of_the_parameters():
    for program in copies(recorded(layers())):
        for _ in range(2):
            assert alike(program.grad(4.0, wrt="parameters"), by_hand(4.0))
            assert alike(program.summed_gradient(4.0).gradient, by_hand(4.0))
            value, (by_x, gradient) = program.value_and_grad(4.0, wrt=("x", "parameters"))
            assert value == -20.0 + 21.0 + 6.0 + 0.0 + 0.0
            assert by_x == -5.0
            assert alike(gradient, by_hand(4.0))
        assert alike(program.gradient("parameters")(4.0), by_hand(4.0))
        assert program.grad(4.0, wrt="captured").tolist() == [3.0, 9.0, 4.0, 3.0, 40.0, -4.0]


def test_numbers_are_taken_in_the_structure_of_the_parameters():
    held = layers()
    program = recorded(held)
    given = {"hidden": [[1.0, 0.5]], "output": [-2.0, numpy.array([4.0, 6.0])]}
    found = program.summed_gradient([0.0, 2.0], parameters=given)
    # 6 x + 10 · 0.5 x + 4 · 1 - 2 · 4, at 0 and at 2
    assert found.value == -4.0 + 18.0
    assert alike(
        found.gradient,
        {"output": (8.0, numpy.array([-2.0, 2.0])), "hidden": numpy.array([[8.0, 20.0]])},
    )
    flat = numpy.array([-2.0, 4.0, 6.0, 1.0, 0.5, 10.0])  # of all that is captured, in order
    for order in (flat, flat.tolist()):
        again = program.summed_gradient([0.0, 2.0], parameters=order)
        assert again.value == found.value
        assert alike(again.gradient, found.gradient)
    assert held["output"][0].data == 2.0
    assert all(leaf.grad == 0.0 for leaf in program.captured)


@pytest.mark.parametrize(
    ("given", "error", "message"),
    [
        (
            {"output": [1.0, [1.0, 1.0]]},
            TypeError,
            r"parameters must be a dictionary with the keys",
        ),
        (
            {"output": [1.0], "hidden": [[1.0, 1.0]]},
            TypeError,
            r"parameters\['output'\] must be a tuple of 2, as in the recording",
        ),
        ({"output": (1.0, [1.0]), "hidden": [[1.0, 1.0]]}, ValueError, r"has the shape \(1,\)"),
        (
            {"output": (1.0, [[1.0, 1.0]] * 3), "hidden": [[1.0, 1.0]]},
            ValueError,
            r"got axes \(3,\) of samples in front",
        ),
        (numpy.ones(5), TypeError, "parameters must be a dictionary"),
        ([1.0] * 5, TypeError, "parameters must be a dictionary"),
        ({"output": (OTHER, [1.0, 1.0]), "hidden": [[1.0, 1.0]]}, TypeError, "give its .data"),
    ],
    ids=["keys", "children", "shape", "samples", "array", "list", "Value"],
)
def test_numbers_in_another_structure_are_refused(given, error, message):
    with pytest.raises(error, match=message):
        recorded(layers()).summed_gradient(1.0, parameters=given)


def test_a_model_s_parameters_are_in_its_own_order_whatever_the_function_meets_first():
    model = nn.MLP(2, [3, 1], seed=0)
    parameters = model.parameters()[::-1]
    program = record(lambda x: model(x) * OTHER, [0.0, 0.0], parameters=parameters)
    sample = [0.5, -0.25]
    (model(sample) * OTHER).backward()
    expected = [leaf.grad for leaf in parameters]
    found = program.summed_gradient(sample)
    assert found.gradient == pytest.approx(expected, rel=1e-12)
    assert program.grad(sample, wrt="parameters").shape == (len(parameters),)
    zeros = program.summed_gradient(sample, parameters=[0.0] * len(parameters))
    assert zeros.value == 0.0
    assert zeros.gradient.shape == (len(parameters),)
    with pytest.raises(ValueError, match=r"captured leaves, or of the shape \(13,\) of the record"):
        program.summed_gradient(sample, parameters=[0.0] * 3)


def test_one_leaf_an_iterable_and_none_at_all_are_structures_too():
    w, b = Value(2.0), Value(3.0)
    alone = record(lambda x: w * x + b, 0.0, parameters=w)
    assert alone.summed_gradient([1.0, 4.0], parameters=0.0).value == 6.0
    assert alone.summed_gradient([1.0, 4.0]).gradient == 5.0
    pair = record(lambda x: w * x + b, 0.0, parameters=(b, w))
    assert pair.summed_gradient([1.0, 4.0]).gradient == (2.0, 5.0)
    iterated = record(lambda x: w * x + b, 0.0, parameters=iter([b, w]))
    assert iterated.summed_gradient([1.0, 4.0]).gradient.tolist() == [2.0, 5.0]
    for nothing in ((), [], {}):
        program = record(lambda x: w * x + b, 0.0, parameters=nothing)
        assert program.summed_gradient([1.0, 4.0]).gradient.tolist() == [5.0, 2.0]
        with pytest.raises(ValueError, match=r"it was given none; .* ask for 'captured'"):
            program.grad(1.0, wrt="parameters")


def test_the_argument_of_a_recorded_closure_has_the_leaves_structure():
    x, y = Value(2.0), Value(3.0)
    program = record_closure(lambda: x * x + y, {"x": x, "y": [y]})
    assert program({"x": 1.0, "y": [5.0]}) == 6.0
    value, gradient = program.value_and_grad({"x": 1.0, "y": [5.0]})
    assert (value, gradient["x"], gradient["y"].tolist()) == (6.0, 2.0, [1.0])
    for flat in ([x, y], (x, y)):
        assert record_closure(lambda: x * x + y, flat)([[2.0, 3.0], [0.0, 1.0]]).tolist() == [7, 1]


def test_what_are_no_leaves_and_what_comes_twice_are_refused():
    w = Value(2.0)
    for wrong in ({"w": [1.0]}, [w * w], {"w": w * 2}):
        with pytest.raises(TypeError, match="parameters of a program are leaves of a graph"):
            record(lambda x: w * x, 0.0, parameters=wrong)
    with pytest.raises(ValueError, match="given twice"):
        record(lambda x: w * x, 0.0, parameters={"a": w, "b": (w,)})


def test_files_without_parameters_are_those_of_before_and_are_read():
    w = Value(2.0)
    program = record(lambda x: w * x, 0.0)
    assert "parameters" not in json.loads(program.to_json())
    _, pickled = program.__reduce__()
    assert len(pickled) == 8
    assert _restored(*pickled)(3.0) == 6.0
    text = recorded(layers()).to_json()
    document = json.loads(text)
    document.pop("parameters")
    assert Program.from_json(json.dumps(document)).summed_gradient(4.0).gradient.shape == (6,)


@pytest.mark.parametrize("damaged", [{"shape": [7]}, {"shape": [-1]}, None, {"list": 3}], ids=repr)
def test_damaged_forms_of_parameters_are_refused(damaged):
    document = json.loads(recorded(layers()).to_json())
    document["parameters"] = damaged
    with pytest.raises(ProgramError):
        Program.from_json(json.dumps(document))
    restore, pickled = recorded(layers()).__reduce__()
    with pytest.raises(ProgramError):
        restore(*pickled[:-1], damaged)
