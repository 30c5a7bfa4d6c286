"""A part of a graph: the nodes near one of them, and stubs that count what is not shown.

This module owns which nodes are kept and where each hidden one is counted, once. A node may be a
value or a box of many; it knows neither, only numbers.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from autograd_core.drawing.folding.numbering import consumers_of

__all__ = ["Selection", "select"]


@dataclass(slots=True)
class Selection:
    """What is shown of a graph: nodes, stubs for the rest, and the edges that lead to stubs."""

    kept: list[int]
    hidden: dict[int, int] = field(default_factory=dict)
    """For each stub, named by the node it hangs on, how many nodes it hides."""
    into: list[tuple[int, int]] = field(default_factory=list)
    """Pairs of a stub and a kept node that uses something hidden there."""
    out_of: list[tuple[int, int]] = field(default_factory=list)
    """Pairs of a kept node and a stub that hides something which uses it."""


def select(
    inputs: Sequence[Sequence[int]],
    nodes: Sequence[int],
    start: int,
    *,
    depth: int | None = None,
    limit: int | None = None,
    sizes: Sequence[int] | None = None,
) -> Selection:
    """Keep the nodes nearest to `start`: what it comes from and what uses it.

    `inputs` lists for each node those that flow into it, before it; `nodes` are those to choose
    from, the root last. `depth` is the largest distance kept, `limit` the largest number of nodes;
    a stub counts the `sizes` of the nodes that it hides.
    """
    consumers = consumers_of(inputs) if start != nodes[-1] else None
    kept = _nearest(inputs, consumers, start, depth, limit)
    selection = Selection(sorted(kept))
    if len(kept) == len(nodes):
        return selection
    stub: dict[int, int] = {}
    for node in reversed(selection.kept):
        _hide(node, inputs[node], (inputs,), kept, stub)
    if consumers is not None:
        for node in selection.kept:
            _hide(node, consumers[node], (consumers, inputs), kept, stub)
    for hidden, owner in stub.items():
        size = 1 if sizes is None else sizes[hidden]
        selection.hidden[owner] = selection.hidden.get(owner, 0) + size
    into = ((stub[source], node) for node in selection.kept for source in inputs[node]
            if source in stub)  # fmt: skip
    selection.into = list(dict.fromkeys(into))
    out_of = ((source, owner) for node, owner in stub.items() for source in inputs[node]
              if source in kept)  # fmt: skip
    selection.out_of = sorted(set(out_of))
    return selection


def _nearest(
    inputs: Sequence[Sequence[int]],
    consumers: Sequence[Sequence[int]] | None,
    start: int,
    depth: int | None,
    limit: int | None,
) -> set[int]:
    """Breadth first from the start, along all edges upward and all downward, in turn."""
    kept = {start}
    fronts: list[tuple[Sequence[Sequence[int]], list[int]]] = [(inputs, [start])]
    if consumers is not None:
        fronts.append((consumers, [start]))
    distance = 0
    while any(front for _, front in fronts) and (depth is None or distance < depth):
        distance += 1
        following = []
        for neighbors, front in fronts:
            found = []
            for node in front:
                for neighbor in neighbors[node]:
                    if limit is not None and len(kept) >= limit:
                        return kept
                    if neighbor not in kept:
                        kept.add(neighbor)
                        found.append(neighbor)
            following.append((neighbors, found))
        fronts = following
    return kept


def _hide(
    owner: int,
    hidden: Iterable[int],
    ways: Sequence[Sequence[Sequence[int]]],
    kept: set[int],
    stub: dict[int, int],
) -> None:
    """Let the stub of `owner` count what is hidden there and behind it, if no other stub does."""
    waiting = [node for node in hidden if node not in kept and node not in stub]
    stub.update(dict.fromkeys(waiting, owner))
    while waiting:
        node = waiting.pop()
        for way in ways:
            for neighbor in way[node]:
                if neighbor not in kept and neighbor not in stub:
                    stub[neighbor] = owner
                    waiting.append(neighbor)
