"""Lists of nodes: what going through a graph costs."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from autograd_core.graph.traversal import ordered


class CountedParents(tuple[Any, ...]):
    """Parents that count how many of them are handed out."""

    handed_out = 0

    def __iter__(self):
        for parent in tuple.__iter__(self):
            CountedParents.handed_out += 1
            yield parent

    def __getitem__(self, place):
        found = tuple.__getitem__(self, place)
        CountedParents.handed_out += len(found) if isinstance(place, slice) else 1
        return found


def node(arity, *parents):
    primitive = SimpleNamespace(arity=arity) if parents else None
    return SimpleNamespace(primitive=primitive, parents=CountedParents(parents), constant=False)


@pytest.mark.parametrize("arity", [None, 2], ids=["many at once", "two by two"])
def test_each_parent_is_looked_at_once_or_twice_however_many_there_are(arity):
    x = node(0)
    root = node(None, *(node(1, x) for _ in range(1000)))
    if arity == 2:
        root = x
        for _ in range(1000):
            root = node(2, root, node(1, x))
    CountedParents.handed_out = 0
    order = ordered([root], ())
    assert len(order) == (2001 if arity == 2 else 1002)
    assert CountedParents.handed_out <= 5000
