"""A graph as lists of numbers: each value is its place in topological order.

This module owns the numbers and the edges between them, so that folding and selecting take seconds
for a million values. It draws nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from autograd_core.graph.traversal import topological
from autograd_core.graph.value import Value

__all__ = ["Numbered", "consumers_of", "number_graph"]


@dataclass(frozen=True, slots=True)
class Numbered:
    """The values of a graph, parents before children, and their operands as places in that list."""

    values: list[Value]
    parents: list[tuple[int, ...]]
    operations: list[str]
    """For each value the name of the primitive that made it, empty for a leaf."""

    def uses(self) -> list[int]:
        """How many operands each value is, repeats counted."""
        counts = [0] * len(self.values)
        for operands in self.parents:
            for parent in operands:
                counts[parent] += 1
        return counts

    @property
    def root(self) -> int:
        """The place of the value that everything leads to."""
        return len(self.values) - 1


def number_graph(root: Value) -> Numbered:
    """Number everything that `root` was computed from, `root` last."""
    values = topological(root)
    place = {value: position for position, value in enumerate(values)}
    # Tuples of numbers, unlike lists, cost the collector of cycles nothing.
    parents = [tuple([place[parent] for parent in value.parents]) for value in values]
    return Numbered(values, parents, [value.op for value in values])


def consumers_of(inputs: Sequence[Sequence[int]]) -> list[tuple[int, ...]]:
    """The edges turned around: for each node those that it is an input of, each once."""
    consumers: dict[int, list[int]] = {}
    for node, sources in enumerate(inputs):
        for source in dict.fromkeys(sources):
            consumers.setdefault(source, []).append(node)
    return [tuple(consumers.get(source, ())) for source in range(len(inputs))]
