"""Graphs as JSON: they come back bit for bit, and what is no graph is refused with its place."""

import json
import math

import pytest
from hypothesis import given

from autograd_core import DataError, Value, dot, from_json, sum, to_json, topological, where
from autograd_core.testing import shared_graphs


def described(root):
    order = topological(root)
    places = {node: place for place, node in enumerate(order)}
    return [
        (
            node.name,
            node.op,
            node.data.hex(),
            node.grad.hex(),
            node.constant,
            [places[parent] for parent in node.parents],
            [each.hex() for each in node.local_gradients],
        )
        for node in order
    ]


@given(shared_graphs(primitives=("add", "mul", "sin", "div", "log", "where", "sum", "hypot")))
def test_a_graph_comes_back_bit_for_bit_and_differentiates_alike(graph):
    graph.root.backward()
    again = from_json(to_json(graph.root))
    assert described(again) == described(graph.root)
    graph.root.zero_grad()
    again.zero_grad()
    graph.root.backward(3.0)
    again.backward(3.0)
    assert described(again) == described(graph.root)


@pytest.mark.parametrize(
    "root",
    [
        Value(math.nan, name='n"\n\\名'),
        Value(-0.0) * math.inf,
        dot([Value(1.0)], [2.0], start=Value(5e-324)),
        sum([Value(1.0), 2.0]),
        Value(1.0, name="\ud800"),
        Value(2.0).detach(),
        where(False, Value(0.0).log(), 1.0),
    ],
)
def test_special_numbers_names_and_operations_come_back(root):
    assert described(from_json(to_json(root))) == described(root)


def test_the_text_is_json_of_the_documented_shape():
    document = json.loads(to_json(Value(2.0, name="x") * math.inf, indent=2))
    assert document["format"] == "autograd_core.graph.traversal"
    assert document["root"] == 2
    assert document["nodes"][0] == {
        "name": "x",
        "op": "",
        "data": 2.0,
        "grad": 0.0,
        "constant": False,
        "parents": [],
        "local_gradients": [],
    }
    assert document["nodes"][2]["local_gradients"] == ["Infinity", 0.0]


def test_the_branch_not_taken_still_lets_nothing_through():
    x = Value(0.0, name="x")
    again = from_json(to_json(where(False, x.log(), x)))
    again.backward(math.inf)
    (leaf,) = [node for node in topological(again) if node.name == "x"]
    assert leaf.grad == math.inf


def changed(**changes):
    """The document of x · x, where `nodes_1_op` names nodes[1].op; None takes a member away."""
    x = Value(3.0, name="x")
    document = json.loads(to_json(x * x))
    for path, new in changes.items():
        *way, last = path.split("__")
        place = document
        for step in way:
            place = place[int(step) if step.isdigit() else step]
        if new is None:
            del place[last]
        else:
            place[int(last) if last.isdigit() else last] = new
    return json.dumps(document)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "this is no JSON"),
        ("{", "this is no JSON"),
        (b"\xff\xfe\xfa", "this is no JSON"),
        ("[" * 100_000, "this is no JSON"),
        ("[]", "the document must be an object, not list"),
        ('{"format": NaN}', "NaN is no number in JSON"),
        ('{"root": 1, "root": 2}', "'root' twice"),
        ("{}", "the document has no 'format'"),
        (changed(format="other"), "format 'other'"),
        (changed(version=2), "version 2"),
        (changed(version=True), "version True"),
        (changed(version=1.0), r"version 1\.0"),
        (changed(nodes__0__data=1.5).replace("1.5", "1e999"), "is no double"),
        (changed(extra=1), "'extra', which is no member"),
        (changed(nodes=[]), "one node or more"),
        (changed(root=2), "root=2 is no place among the 2 nodes"),
        (changed(root=True), "root=True"),
        (changed(root=0), "not computed from 1 of the 2 nodes"),
        (changed(nodes__1=7), r"nodes\[1\] must be an object, not int"),
        (changed(nodes__1__op=None), r"nodes\[1\] has no 'op'"),
        (changed(nodes__1__op="conjure"), r"nodes\[1\].op='conjure' is no primitive here"),
        (changed(nodes__1__op="sin"), "sin does not take 2 parents"),
        (changed(nodes__1__op=""), "a leaf does not take 2 parents"),
        (changed(nodes__1__op="dot"), "dot does not take 2 parents"),
        (changed(nodes__1__op=["mul"]), "is no primitive"),
        (changed(nodes__1__parents=[0, 1]), "1 is no place of a node before it"),
        (changed(nodes__1__parents=[0, -1]), "-1 is no place"),
        (changed(nodes__1__parents="00"), "parents must be a list"),
        (changed(nodes__1__local_gradients=[1.0]), "2 parents and 1 local gradients"),
        (changed(nodes__1__local_gradients=[1.0, "x"]), "'x' is no double"),
        (changed(nodes__0__data=10**400), "is no double"),
        (changed(nodes__0__data=True), "True is no double"),
        (changed(nodes__0__grad="nan"), "'nan' is no double; write Infinity, -Infinity, NaN"),
        (changed(nodes__0__name=5), "name=5 is neither a string nor null"),
        (changed(nodes__0__constant=0), "constant=0 is neither true nor false"),
        (changed(nodes__0__constant=True), r"nodes\[1\].constant=false, but a computed node"),
    ],
)
def test_what_is_no_graph_is_refused_with_its_place(text, message):
    with pytest.raises(DataError, match=message):
        from_json(text)


def test_the_last_of_many_names_that_comes_twice_is_named():
    """Counting each name among all took the square of their number."""
    names = [f"n{place}" for place in range(200_000)]
    members = ", ".join(f'"{name}": 0' for name in [*names, names[-1]])
    with pytest.raises(DataError, match="an object has 'n199999' twice"):
        from_json(f"{{{members}}}")


def test_only_values_are_written():
    with pytest.raises(TypeError, match=r"takes a Value, not float: 2\.0"):
        to_json(2.0)
