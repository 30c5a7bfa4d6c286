"""Copies and pickles of graphs: whole, independent, with identities kept."""

import copy
import os
import pickle
import sys
import threading
from array import array

import pytest
from hypothesis import given, settings

from autograd_core import GraphError, Value, detect_anomaly, dot, primitive, topological
from autograd_core.graph import copying
from autograd_core.graph.traversal import ordered
from autograd_core.testing import shared_graphs
from tests.interrupting import interrupted_at
from tests.tiers import for_both_tiers

WAYS = [
    pytest.param(copy.deepcopy, id="deepcopy"),
    *(
        pytest.param(lambda x, p=p: pickle.loads(pickle.dumps(x, protocol=p)), id=f"pickle{p}")
        for p in range(pickle.HIGHEST_PROTOCOL + 1)
    ),
]


def described(root):
    order = topological(root)
    places = {node: place for place, node in enumerate(order)}
    return [
        (
            node.op,
            node.data.hex(),
            node.grad.hex(),
            node.name,
            node.constant,
            tuple(places[parent] for parent in node.parents),
            node.local_gradients,
        )
        for node in order
    ]


@pytest.mark.parametrize("again", WAYS)
@given(graph=shared_graphs())
@settings(max_examples=20, deadline=None)
def test_a_copy_is_the_same_graph_and_independent(again, graph):
    graph.root.backward()
    before = described(graph.root)
    copied = again(graph.root)
    assert described(copied) == before
    copied.backward()
    assert described(graph.root) == before
    assert not set(topological(copied)) & set(topological(graph.root))


@pytest.mark.parametrize("again", WAYS)
def test_identities_within_one_copy_are_kept(again):
    x, y = Value(2.0, name="x"), Value(3.0, name="y")
    q = (x * y).named("q")
    f = dot([q, x], [q, 2.0], y).sin()
    g = q + f
    for order in ([x, y, q, f, g], [g, f, q, y, x], [f, x, g, q, y]):
        g.zero_grad()
        copies = dict(zip(order, again(order), strict=True))
        copies[g].backward()
        g.backward()
        assert all(copies[node].grad == node.grad for node in order)
        assert copies[g].parents == (copies[q], copies[f])
        assert copies[q].parents == (copies[x], copies[y])
        assert (copies[q].name, copies[f].name) == ("q", None)


def test_a_shallow_copy_shares_the_parents():
    x = Value(2.0, name="x")
    square = x * x
    square.name = "square"
    twin = copy.copy(square)
    assert twin is not square
    assert (twin.parents, twin.name) == ((x, x), "square")
    leaf = copy.copy(x)
    leaf.data = 7.0
    assert x.data == 2.0


def test_pickles_under_way_do_not_mix():
    # The pickler keeps what it has met; a second pickle meanwhile starts from the same nodes.
    x = Value(2.0)
    node = x * x
    import io

    first, second = io.BytesIO(), io.BytesIO()
    one, two = pickle.Pickler(first), pickle.Pickler(second)
    one.dump(node)
    larger = node * 3
    two.dump([larger, node])
    found, same = pickle.loads(second.getvalue())
    assert found.data == 12.0
    assert found.parents[0] is same
    assert pickle.loads(first.getvalue()).data == 4.0


def test_a_primitive_that_is_not_declared_is_named():
    @primitive(lambda x, out: 1.0, name="soon_gone")
    def soon_gone(x):
        return x

    from autograd_core.primitives import PRIMITIVES

    stored = pickle.dumps(soon_gone(Value(1.0)))
    row = PRIMITIVES.pop("soon_gone")
    try:
        with pytest.raises(GraphError, match="'soon_gone', which is not declared here"):
            pickle.loads(stored)
    finally:
        PRIMITIVES["soon_gone"] = row


def test_origins_are_not_copied():
    # They are paths of this machine.
    with detect_anomaly():
        node = Value(1.0) * 2
    assert "test_copying.py" in node.origin
    assert pickle.loads(pickle.dumps(node)).origin is None


def outputs_over_a_trunk(count):
    """So many outputs of a chain of as many nodes."""
    x = Value(1.5, name="x")
    trunk = x
    for _ in range(count):
        trunk = trunk * 1.0001
    return [trunk * float(number) for number in range(count)]


@pytest.mark.parametrize("again", WAYS)
def test_thousands_of_outputs_are_copied_over_one_trunk(again):
    copies = again(outputs_over_a_trunk(3000))
    assert len({id(output.parents[0]) for output in copies}) == 1
    copies[2].backward()
    assert copies[0].parents[0].grad == 2.0


def test_each_node_is_looked_at_once_however_many_outputs_are_copied(monkeypatch):
    """In nodes, not in seconds: of 500 outputs over 500 nodes, 1,000 and their constants."""
    listed = []

    def counted(roots, closed):
        order = ordered(roots, closed)
        listed.extend(order)
        return order

    monkeypatch.setattr(copying, "ordered", counted)
    outputs = outputs_over_a_trunk(500)
    for again in (copy.deepcopy, pickle.dumps):
        listed.clear()
        again(outputs)
        assert len(listed) < 3000


def test_threads_pickle_graphs_of_their_own():
    wrong = []

    def work():
        try:
            for _ in range(20):
                outputs = outputs_over_a_trunk(40)
                copies = pickle.loads(pickle.dumps(outputs))
                wrong.append(described(copies[7]) != described(outputs[7]))
        except BaseException as error:  # of a thread, which would only be printed
            wrong.append(error)

    workers = [threading.Thread(target=work) for _ in range(6)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert not any(wrong)


def test_nothing_is_kept_of_pickles_that_are_done():
    pickle.dumps(outputs_over_a_trunk(10))
    assert not copying._under_way.shelf_of


def parts_of(root):
    """What the pickle of a graph is made of."""
    take, (shelf, place) = root.__reduce__()
    fill, parts = shelf.__reduce__()
    return take, place, fill, list(parts)


PARTS = ("ops", "numbers", "counts", "edges", "local", "names", "constants", "outside")
DAMAGES = [
    ("local", lambda local: local[:-1]),
    ("local", lambda local: array("d", [*local, 0.0])),
    ("local", lambda local: array("f", local)),
    ("local", list),
    ("edges", lambda edges: edges[:-1]),
    ("edges", lambda edges: array("q", [10**9, *edges[1:]])),
    ("edges", lambda edges: array("q", [-(10**9), *edges[1:]])),
    ("edges", lambda edges: array("q", [0, *edges[1:]])),
    ("counts", lambda counts: array("q", [-1, counts[0] + 1 + counts[1], *counts[2:]])),
    ("counts", lambda counts: array("q", [counts[1], counts[0], *counts[2:]])),
    ("counts", lambda counts: counts[:-1]),
    ("counts", lambda counts: array("q", [2**62, *counts[1:]])),
    ("numbers", lambda numbers: numbers[:-1]),
    ("ops", lambda ops: ["relu", *ops[1:]]),
    ("ops", lambda ops: [["mul"], *ops[1:]]),
    ("ops", lambda ops: ops[:-1]),
    ("outside", lambda outside: [1.0, *outside[1:]]),
    ("outside", lambda outside: outside[:-1]),
    ("names", lambda names: None),
]


@pytest.mark.parametrize(("part", "damage"), DAMAGES)
def test_a_damaged_pickle_is_refused(part, damage):
    x, y = Value(2.0), Value(3.0)
    root = dot([x * y, y], [x, 2.0]).where(x, y).sin()
    take, place, fill, parts = parts_of(root)
    assert described(take(fill(*parts), place)) == described(root)
    at = PARTS.index(part)
    parts[at] = damage(parts[at])
    with pytest.raises(GraphError, match="damaged"):
        fill(*parts)
    for wrong in (-1, 10**6, None, 0.0):
        with pytest.raises(GraphError, match="damaged"):
            take(fill(*parts_of(root)[3]), wrong)


CHANGED_BYTES = """
import os, pickle, resource, warnings
from importlib.util import find_spec
from random import Random
if "libasan" not in os.environ.get("LD_PRELOAD", ""):  # which has a limit of its own
    resource.setrlimit(resource.RLIMIT_AS, (2**32, 2**32))  # pickle itself believes any length
warnings.simplefilter("ignore")
from autograd_core import Program, Value, compiled, dot, record
from nn import MLP

def use(found):
    if type(found) is list and found:
        use(found[0])
    elif type(found) is Value:
        found.backward()
        pickle.dumps(found)
    elif type(found) is Program:
        for backend in backends:
            program = found.using(backend)
            program(*[1.0] * len(program.names))
            program.value_and_grad(*[[1.0, 2.0]] * len(program.names))
    elif type(found) is MLP:
        found([1.0, 2.0]).backward()

x, y = Value(2.0, name="x"), Value(3.0, name="y")
made = [
    [dot([x, y, x], [y, y, 2.0], 1.0).sin() * x + (x < y) * y.where(x, y), x],
    record(lambda a, b: (a * x).sin() * b + a**2, 1.0, 2.0),
    MLP(2, [3, 1], seed=0),
]
backends = ["auto", "numpy", *(["llvm"] if compiled and find_spec("llvmlite") else [])]
written = list(map(pickle.dumps, made))
list(map(use, made))
random, used = Random(0), 0
for trial in range(3000):
    changed = bytearray(random.choice(written))
    for _ in range(random.choice([1, 1, 2, 4])):
        changed[random.randrange(len(changed))] = random.randrange(256)
    try:
        use(pickle.loads(bytes(changed)))
        used += 1
    except Exception:  # of any type: what a changed pickle calls may raise whatever it likes
        pass
print(used > 100)
"""


def test_an_interrupt_at_any_instruction_of_a_pickle_leaves_the_next_one_right(monkeypatch):
    x = Value(2.0)
    f = (x * x).sin() * x + x

    def work():
        pickle.dumps([f, x])

    place, lost = 0, []
    monkeypatch.setattr(sys, "unraisablehook", lost.append)
    while interrupted_at(place, work, lambda file: file.name == "copying.py"):
        again, leaf = pickle.loads(pickle.dumps([f, x]))
        again.backward()
        assert again.data == f.data
        assert leaf.grad != 0.0
        place += 1
    assert place > 100
    assert lost == []  # in a callback


@for_both_tiers
@pytest.mark.parametrize("plain", ["", "1"], ids=["as installed", "plain"])
def test_bytes_changed_anywhere_in_a_pickle_crash_nothing(started, plain):
    """What is loaded can be used, and what cannot raises one error or another."""
    pytest.importorskip("resource")
    path = os.pathsep.join(filter(None, sys.path))
    running = started(
        [sys.executable, "-c", CHANGED_BYTES],
        env={**os.environ, "PYTHONPATH": path, "AUTOGRAD_CORE_PLAIN": plain},
    )
    printed, complaints = running.communicate(timeout=300)
    assert (running.returncode, printed) == (0, "True\n"), complaints
