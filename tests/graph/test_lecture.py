"""The lecture's own notebook, with its class replaced by ours: the same numbers and drawings."""

import re

import pytest

from autograd_core import Value
from tests.graph import lecture
from tests.graph.lecture import LectureValue

BY_HAND = ["o", "n", "x1*w1 + x2*w2", "x2*w2", "x1*w1"]


def drawing(root):
    """What the lecture's drawing says, whatever the nodes' ids and order: labels and edges."""
    lines = lecture.draw_dot(root).source.splitlines()
    ids = {}
    for line in lines:
        if found := re.match(r'\t"?([^" ]+)"? \[label="?([^"]*?)"?( shape=record)?\]', line):
            ids[found[1]] = found[2]
    edges = [re.match(r'\t"?([^" ]+)"? -> "?([^" ]+)"?$', line) for line in lines if "->" in line]
    assert (
        len(ids) + len(edges)
        == sum(line.startswith("\t") and "rankdir" not in line for line in lines) - 0
    )
    return sorted(ids.values()), sorted((ids[edge[1]], ids[edge[2]]) for edge in edges)


@pytest.mark.parametrize("cell", [lecture.expression, lecture.neuron])
def test_its_drawings_show_what_they_showed(cell):
    ours, theirs = list(cell(Value).values())[-1], list(cell(LectureValue).values())[-1]
    assert drawing(ours) == drawing(theirs)
    for root in (ours, theirs):
        root.backward()
    assert drawing(ours) == drawing(theirs)


def test_steps_by_hand_give_the_lecture_s_gradients():
    nodes = lecture.neuron(Value)
    nodes["o"].grad = 1.0
    for label in BY_HAND:
        nodes[label]._backward()
    nodes["b"]._backward()  # a leaf has no step, and says nothing
    assert nodes["o"].data == pytest.approx(0.5**0.5, rel=1e-15)
    expected = {"n": 0.5, "x1": -1.5, "w1": 1.0, "x2": 0.5, "w2": 0.0, "b": 0.5, "x1*w1": 0.5}
    found = {label: nodes[label].grad for label in expected}
    assert found == pytest.approx(expected, rel=1e-14)


@pytest.mark.parametrize("cell", [lecture.expression, lecture.neuron, lecture.neuron_in_parts])
def test_an_order_by_hand_sweeps_as_backward_does(cell):
    by_hand, swept, theirs = cell(Value), cell(Value), cell(LectureValue)
    root = list(by_hand)[-1]
    by_hand[root].grad = 1.0
    for node in reversed(lecture.build_topo(by_hand[root])):
        node._backward()
    swept[root].backward()
    theirs[root].backward()
    for label in by_hand:
        assert by_hand[label].grad == swept[label].grad
        assert swept[label].grad == pytest.approx(theirs[label].grad, rel=1e-13, abs=1e-15)


def test_its_other_cells():
    a = Value(3.0, label="a")
    (a + a).backward()
    assert a.grad == 2.0
    a, b = Value(-2.0, label="a"), Value(3.0, label="b")
    ((a * b) * (a + b)).backward()
    assert (a.grad, b.grad) == (-3.0, -8.0)
    a, b = Value(2.0), Value(4.0)
    assert [(a / b).data, (2 * a).data, (a + 1).data, (a - b).data] == [0.5, 4.0, 3.0, -2.0]
    nodes = lecture.expression(Value)
    nodes["L"].backward()
    for label in "abcf":
        nodes[label].data += 0.01 * nodes[label].grad
    forward = (nodes["a"] * nodes["b"] + nodes["c"]) * nodes["f"]
    assert forward.data == pytest.approx(-7.286496, rel=1e-12)  # as the lecture prints it


@pytest.mark.parametrize("none", [0.0, None])
def test_its_network_trains_to_the_same_numbers(none):
    theirs = lecture.training(LectureValue)
    assert lecture.training(Value, none) == pytest.approx(theirs, rel=1e-9)


def test_a_step_by_hand_goes_to_both_sides_and_to_no_number():
    a, b = Value(3.0), Value(2.0)
    square = a * a
    square.grad = 10.0
    square._backward()
    assert a.grad == 60.0
    total = sum([2.0 * b, b**2], 5.0)
    total.grad = 1.0
    for node in reversed(lecture.build_topo(total)):
        node._backward()
    assert b.grad == 2.0 + 4.0
    never = (b - 2.0).log() * 0.0  # -inf · 0 is nothing in a step by hand too
    never.grad = 1.0
    for node in reversed(lecture.build_topo(never)):
        node._backward()
    assert b.grad == 6.0


def test_numbers_are_no_children_and_signs_are_the_lecture_s():
    x, y = Value(2.0), Value(3.0)
    assert ((2 * x)._prev, (x**3)._prev, (x + x)._prev) == ({x}, {x}, {x})
    assert ((x * y)._prev, (x * y.detach())._prev) == ({x, y}, {x})
    signs = {
        "*": x * y,
        "+": x + 1,
        "-": x - y,
        "/": x / y,
        "**2": x**2,
        "**-1": x**-1,
        "**0.5": x**0.5,
        "**": x**y,
        "ReLU": x.relu(),
        "tanh": x.tanh(),
        "exp": x.exp(),
        "": x,
    }
    assert {sign: node._op for sign, node in signs.items()} == {sign: sign for sign in signs}


def test_label_is_another_word_for_name():
    x = Value(2.0, label="x")
    assert (x.label, x.name, Value(1.0).label, Value(1.0, label="").name) == ("x", "x", "", None)
    x.label = "y"
    assert (x.label, x.name) == ("y", "y")
    x.label = ""
    assert (x.label, x.name) == ("", None)
    x.name = "z"
    assert x.label == "z"


def test_item_is_the_number_and_none_takes_a_gradient_back():
    x = Value(2.0)
    assert type(x.item()) is float
    assert (x * x).item() == 4.0
    (x * x).backward()
    x.grad = None
    assert x.grad == 0.0
    (x * x).backward()
    assert x.grad == 4.0


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (
            lambda a, b: Value(5.0, (a, b), "+"),
            TypeError,
            "no children and no operation.*@primitive",
        ),
        (lambda a, b: Value(5.0, (a, b)), TypeError, "arithmetic makes such nodes, as a [+] b"),
        (lambda a, b: Value(5.0, {a, b}, "+"), TypeError, "no children and no operation"),
        (lambda a, b: Value(5.0, _children=(a, b), _op="+"), TypeError, "no children"),
        (lambda a, b: Value(5.0, "name", "+"), TypeError, "no children and no operation"),
        (lambda a, b: Value(5.0, requires_grad=False), TypeError, r"'requires_grad'.*\.detach\(\)"),
        (lambda a, b: Value(5.0, lable="a"), TypeError, "data and name .or label., got .* 'lable'"),
        (lambda a, b: Value(5.0, "a", label="b"), TypeError, "name='a' and label='b' are one"),
        (lambda a, b: Value(5.0, label=3), TypeError, "name must be a string or None, got 3"),
        (lambda a, b: setattr(a, "_backward", lambda: 0), AttributeError, "Declare.*@primitive"),
        (lambda a, b: setattr(a, "label", 3), TypeError, "must be a string"),
        (lambda a, b: type("Mine", (Value,), {}), TypeError, "hold a Value in your class"),
    ],
)
def test_what_is_not_taken_is_said_with_what_to_write(call, error, message):
    with pytest.raises(error, match=message):
        call(Value(2.0), Value(3.0))
