"""What a peer says of graphs that are exported to it together."""

from __future__ import annotations

import pytest

from autograd_core.testing import Expression
from tests.soak.computing import graphs, peers

pytest.importorskip("jax", reason="JAX is not installed")


def test_a_wrong_slope_in_one_graph_of_many_is_told_by_the_smallest(monkeypatch):
    drawn = [
        graphs.Graph(Expression(1, ((name, (0,)), ("exp", (1,)))), (0.5,))
        for name in ("sin", "tan", "square")
    ]
    both = peers.both

    def off(given, order):
        own, theirs = both(given, order)
        for graph, found in zip(given, own, strict=True):
            if "tan" in str(graph):
                found.slopes[0] *= 1.0 + 1e-6
        return own, theirs

    monkeypatch.setattr(peers, "small", lambda source: drawn[source.randrange(3)])
    monkeypatch.setattr(peers, "both", off)
    told = [trial.problem for trial in peers.search(1, 6)]
    wrong = [one for one in told if one]
    assert len(told) > len(wrong) > 0
    assert all("t0 = tan(x0) at" in one for one in wrong)
