"""Nodes as they are kept: their size, numbers among their operands, what is written on them."""

from __future__ import annotations

import copy
import gc
import os
import pickle
import random
import subprocess
import sys
import weakref
from itertools import pairwise
from pathlib import Path

import pytest

import autograd_core
from autograd_core import Value, detect_anomaly, dot, record, topological
from autograd_core.graph.nodes import node as fields

SIZE = 88
is_compiled = pytest.mark.skipif(not autograd_core.compiled, reason="of the compiled type")

OPERATORS = {
    "add": lambda x, y: x + y,
    "sub": lambda x, y: x - y,
    "mul": lambda x, y: x * y,
    "div": lambda x, y: x / y,
    "mod": lambda x, y: x % y,
    "floordiv": lambda x, y: x // y,
    "pow": lambda x, y: x**y,
}


def test_a_node_is_small_and_out_of_the_collector():
    x = Value(2.0, name="x")
    for node in (x, x * x, x * 2.0, x.relu()):
        assert sys.getsizeof(node) <= (SIZE if autograd_core.compiled else 160)
        assert gc.is_tracked(node) != autograd_core.compiled


@pytest.mark.parametrize("number", [3, 3.0, True, 10**400])
@pytest.mark.parametrize("op", OPERATORS)
def test_a_number_is_an_operand_like_a_constant(op, number):
    """In its place, with the same value and local gradients, and the same node whoever asks."""
    data = float(number) if number != 10**400 else float("inf")
    for swapped in (False, True):
        x, constant = Value(2.5), Value(data).detach()
        operands, nodes = ((number, x), (constant, x)) if swapped else ((x, number), (x, constant))
        found, expected = OPERATORS[op](*operands), OPERATORS[op](*nodes)
        assert found.op == op
        assert repr(found.data) == repr(expected.data)
        assert repr(found.local_gradients) == repr(expected.local_gradients)
        assert [parent.data for parent in found.parents] == [node.data for node in nodes]
        assert [parent.constant for parent in found.parents] == [swapped, not swapped]
        assert found.parents[swapped] is x
        assert all(a is b for a, b in zip(found.parents, found.parents, strict=True))


def test_a_sweep_leaves_numbers_without_nodes_and_nodes_that_were_asked_for_alike():
    x = Value(3.0)
    for asked in (False, True):
        root = (2.0 * x - 1.0) ** 2 / 4.0
        if asked:
            topological(root)
        x.grad = 0.0
        root.backward()
        assert (root.data, x.grad) == (6.25, 5.0)


def test_numbers_are_recorded_in_their_place():
    program = record(lambda x: 1.0 - 2.0 / (x - 3.0), 5.0)
    assert program(7.0) == 0.5
    assert [row.split()[2] for row in str(program).splitlines()[1:-1]] == ["sub", "div", "sub"]


def test_numbers_under_modes():
    with detect_anomaly():
        node = Value(2.0) * 3.0
    assert "test_nodes.py" in node.origin
    assert [parent.data for parent in node.parents] == [2.0, 3.0]
    with autograd_core.no_grad():
        assert (Value(2.0) * 3.0).parents == ()


# Where nodes live.


def chain(length, shuffled=()):
    node = Value(1.0)
    nodes = [node]
    for _ in range(length):
        node = node + 1.0
        nodes.append(node)
    return nodes


@is_compiled
def test_nodes_made_one_after_the_other_lie_one_after_the_other_step_after_step():
    """Whatever was freed before, and in whatever order: a sweep then reads memory as it comes."""
    source = random.Random(0)
    for _ in range(30):
        nodes = chain(20_000)
        neighbors = sum(id(b) - id(a) == SIZE for a, b in pairwise(nodes))
        assert neighbors > 0.95 * len(nodes)
        while nodes:  # at random places, so that leaves go before what was computed from them
            place = source.randrange(len(nodes))
            nodes[place], nodes[-1] = nodes[-1], nodes[place]
            nodes.pop()


@is_compiled
@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="asks Linux")
def test_memory_goes_back_to_the_system_with_the_graph():
    # In a process of its own, where no memory of earlier graphs waits to be used again.
    program = """
import os
from pathlib import Path
from autograd_core import Value

def resident():
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")

before = resident()
node = Value(1.0)
for _ in range(1_000_000):
    node = node + 1.0
held = resident()
del node
print(held - before, resident() - before)
"""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    done = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True
    )
    held, left = map(int, done.stdout.split())
    assert held > 0.9 * SIZE * 1_000_000
    assert left < 0.3 * held


def test_many_operands_are_freed_however_deep():
    node = Value(1.0)
    for _ in range(200_000):
        node = dot([node, node], [1.0, 0.0])
    del node


def test_what_somebody_else_still_holds_is_not_freed():
    x = Value(2.0)
    product = dot([x, x], [x, 3.0])
    operands = product.parents
    inner = (x * 5.0 + 1.0).parents[0]
    del product, x
    assert [operand.data for operand in operands] == [0.0, 2.0, 2.0, 2.0, 3.0]
    assert inner.data == 10.0


# Names.


@pytest.mark.parametrize("made", [Value, lambda x: Value(x) * 2.0, lambda x: dot([Value(x)], [1])])
def test_names_are_given_changed_and_taken_away(made):
    node = made(1.5)
    name = "".join(["a", "name"])  # a string of its own
    for given in ("first", name, None, name):
        node.name = given
        assert node.name == given
        assert node.label == (given or "")
    references = sys.getrefcount(name)
    del node
    if made is not Value or autograd_core.compiled:
        assert sys.getrefcount(name) == references - 1


def test_a_name_leaves_numbers_and_gradients_as_they_are():
    x = Value(3.0)
    product = (x * 2.0).named("product")
    x.name = "x"
    product.backward()
    assert (product.local_gradients, x.local_gradients, x.grad) == ((2.0, 0.0), (), 2.0)


def test_a_value_is_initialized_once():
    x = Value(3.0, name="x")
    x.__init__(4.0)
    assert (x.data, x.name) == (4.0, None)
    for node in (x + 1, dot([x], [x])):
        with pytest.raises(TypeError, match="was made by an operation, and stays so"):
            node.__init__(5.0)


# Attributes of a user's own.


class Thing:
    pass


@pytest.mark.parametrize("made", [Value, lambda x: Value(x) * 2.0, lambda x: dot([Value(x)], [1])])
def test_attributes_of_a_user_s_own_stay_with_the_node_and_go_with_it(made):
    node, thing = made(1.0), Thing()
    alive = weakref.ref(thing)
    node.m, node.v, node.thing = 0.0, 0.5, thing
    del thing
    node.m += 0.25
    assert (node.m, node.v, node.thing is alive()) == (0.25, 0.5, True)
    del node.v
    with pytest.raises(AttributeError):
        _ = node.v
    node.name = "still"
    assert fields.attributes(node) == {"m": 0.25, "thing": alive()}
    del node
    assert alive() is None


def test_attributes_are_copied_and_pickled_with_their_nodes():
    x = Value(2.0, name="x")
    inner = x * x
    root = inner + 1.0
    x.m, inner.color, root.notes = 0.5, "red", [1]
    for made in (copy.deepcopy(root), pickle.loads(pickle.dumps(root))):
        copied = {node.op or node.name: node for node in topological(made)}
        assert copied["x"].m == 0.5
        assert copied["mul"].color == "red"
        assert made.notes == [1]
        assert made.notes is not root.notes
    shallow = copy.copy(root)
    assert shallow.notes is root.notes
    assert shallow.parents == root.parents
    assert copy.copy(x).m == 0.5


def test_attributes_of_a_value_s_own_come_first():
    x = Value(2.0)
    x.__dict__["data"] = "hidden"
    assert x.data == 2.0
    with pytest.raises(AttributeError):
        x.parents = ()


@is_compiled
@pytest.mark.skipif(sys.version_info >= (3, 12), reason="None is not counted any more")
def test_nodes_give_back_the_nones_they_took():
    def graph():
        x = Value(2.0, name="x")
        root = dot([x, x * 2.0], [x.relu(), 3.0], -x) - Value(1)
        root.parents[0].note = "kept"
        root.backward()
        return root, [node.parents for node in topological(root)]

    graph()
    before = sys.getrefcount(None)
    for _ in range(1000):
        graph()
    assert abs(sys.getrefcount(None) - before) < 100
