"""Copies and pickles of graphs: whole, independent, with identities kept."""

import copy
import pickle

import pytest
from hypothesis import given, settings

from autograd_core import GraphError, Value, detect_anomaly, dot, primitive, topological
from autograd_core.testing import shared_graphs

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
    q = x * y
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
