"""Lists of nodes: their order, where they stop, and what going through a graph costs."""

from __future__ import annotations

import math
import sys

import pytest
from hypothesis import given, settings

import autograd_core
from autograd_core import Value, primitive, record, topological
from autograd_core.graph import sweep
from autograd_core.graph.sums import sum_of
from autograd_core.graph.traversal import is_stale, leaves, ordered
from autograd_core.testing import shared_graphs


def wide(count):
    x = Value(0.5)
    return sum_of([x * 2.0 for _ in range(count)])


def two_by_two(count):
    x = root = Value(0.5)
    for _ in range(count):
        root = root + x.sin()
    return root


def lines_run(work):
    """How many lines of Python some work takes."""
    seen = 0

    def counting(frame, event, argument):
        nonlocal seen
        seen += event == "line"
        return counting

    tracing = sys.gettrace()
    sys.settrace(counting)
    try:
        work()
    finally:
        sys.settrace(tracing)
    return seen


@pytest.mark.skipif(autograd_core.compiled, reason="it counts lines of Python")
@pytest.mark.parametrize("build", [wide, two_by_two])
def test_the_work_grows_as_the_graph_however_many_parents_a_node_has(build):
    small, large = build(200), build(400)
    once, twice = (lines_run(lambda root=root: ordered([root], ())) for root in (small, large))
    assert once < twice < 2.1 * once


@pytest.mark.parametrize(("build", "nodes"), [(wide, 102), (two_by_two, 101)])
def test_parents_come_first_from_left_to_right_and_each_node_once(build, nodes):
    root = build(50)
    order = topological(root)
    place = {id(node): at for at, node in enumerate(order)}
    assert len(place) == len(order) == nodes
    for node in order:
        assert all(place[id(parent)] < place[id(node)] for parent in node.parents)
    firsts = [place[id(parent)] for parent in root.parents]
    assert firsts == sorted(firsts)


def test_what_lies_behind_a_stop_is_left_out_and_the_stop_is_not():
    x, y = Value(2.0), Value(3.0)
    inner = x * y
    root = inner + x
    assert topological(root, stop=[inner]) == [inner, x, root]
    assert topological(inner, root, stop=[x]) == [x, y, inner, root]


def test_a_root_that_another_one_was_computed_from_is_listed_once():
    x = Value(2.0)
    inner = x * x
    root = inner + x
    assert topological(root, inner, root) == [x, inner, root]


def test_what_lies_behind_a_recorded_constant_is_listed_only_where_it_is_asked_for():
    found = []

    def function(x):
        held = (x * x).detach()
        root = held + x
        found.extend([node.op for node in ordered([root], (), behind)] for behind in (True, False))
        return root

    record(function, 2.0)
    assert found == [["", "mul", "held", "add"], ["held", "", "add"]]


def test_leaves_are_no_constants_and_no_results():
    x, y = Value(2.0), Value(3.0)
    assert leaves(2 * y + x * y) == [y, x]
    assert leaves(x) == [x]
    assert leaves((x * y).detach()) == []


def test_a_node_is_stale_whose_operands_now_give_another_number():
    x = Value(-1.0)
    unknown, square = x.log(), x * x
    assert [is_stale(unknown), is_stale(square)] == [False, False]  # NaN again, and 1 again
    x.data = 2.0
    assert [is_stale(unknown), is_stale(square)] == [True, True]
    x.data = 1.0
    assert [is_stale(unknown), is_stale(square)] == [True, False]
    x.data = math.nan
    assert [is_stale(unknown), is_stale(square)] == [False, True]


def test_a_node_is_stale_whose_primitive_now_refuses_its_operands():
    @primitive(lambda x, out: 1.0)
    def positive(x):
        if x < 0:
            raise ValueError("it is negative")
        return x

    x = Value(2.0)
    node = positive(x)
    assert not is_stale(node)
    x.data = -2.0
    assert is_stale(node)


@given(graph=shared_graphs())
@settings(max_examples=50, deadline=None)
def test_lists_are_in_the_order_of_a_sweep(graph):
    swept: list[Value] = []
    sweep.backward(graph.root, 1.0, lambda node, cotangent: swept.append(node))
    listed = ordered([graph.root], (), behind_constants=False)
    assert [node for node in listed if not node.constant] == swept[::-1]


@pytest.mark.parametrize("root", [2.0, [Value(2.0)], None])
def test_what_is_no_value_is_refused(root):
    with pytest.raises(TypeError, match=r"topological\(\) takes Values, got .*one by one"):
        topological(root)
