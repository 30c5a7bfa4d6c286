"""What flows between the boxes of a folded graph, and how strongly.

The strength of an edge into a sum is its weight: the derivative of the box's value with respect to
that input. This module owns those numbers; how they look is `boxes`'.
"""

from collections import defaultdict

from autograd_core.drawing.folding.fold import Folding
from autograd_core.drawing.folding.layers import Part
from autograd_core.drawing.folding.numbering import Numbered

__all__ = ["counts_into", "inputs_of", "slopes_into"]


def inputs_of(folding: Folding, parts: dict[int, Part]) -> list[tuple[int, ...]]:
    """For each box those that flow into it, in order; nothing where a value is no box."""
    graph, box, absorbed = folding.graph, folding.box, folding.absorbed
    inputs: list[tuple[int, ...]] = [()] * len(box)
    gathered: dict[int, set[int]] = defaultdict(set)
    for place, operands in enumerate(graph.parents):
        target = box[place]
        if target in folding.sums or target in parts:
            gathered[target].update(box[parent] for parent in operands if parent not in absorbed)
        elif operands:
            inputs[target] = tuple(sorted({box[parent] for parent in operands}))
    for target, sources in gathered.items():
        inputs[target] = tuple(sorted(sources - {target}))
    return inputs


def slopes_into(folding: Folding, target: int) -> dict[int, float]:
    """For each box that flows into a value or a sum, the derivative with respect to its value."""
    graph, box = folding.graph, folding.box
    folded = folding.sums.get(target)
    members = folded.members if folded else [target]
    factor = dict.fromkeys(members, 1.0)
    slopes: dict[int, float] = {}
    for place in members:  # each after what it flows into
        recorded = graph.values[place].local_gradients
        for index, parent in enumerate(graph.parents[place]):
            slope = factor[place] * _slope(graph, place, index, recorded[index])
            if parent in factor:
                factor[parent] = slope
            elif parent not in folding.absorbed:
                slopes[box[parent]] = slopes.get(box[parent], 0.0) + slope
    return slopes


def _slope(graph: Numbered, place: int, index: int, recorded: float) -> float:
    """The local gradient of an operand; the weight of a constant one too, though none flows."""
    value, operands = graph.values[place], graph.parents[place]
    if not graph.values[operands[index]].constant:
        return recorded
    if value.op in ("add", "sum"):
        return 1.0
    if value.op == "mul":
        return graph.values[operands[1 - index]].data
    if value.op == "dot":
        start = len(operands) % 2
        return graph.values[operands[(index - start ^ 1) + start]].data if index >= start else 1.0
    return 0.0


def counts_into(folding: Folding, target: int, part: Part | None) -> dict[int, int]:
    """For each box that flows into another, how many of its values do."""
    graph, box = folding.graph, folding.box
    folded = folding.sums.get(target)
    members = part.members if part else folded.members if folded else [target]
    passed: dict[int, set[int]] = defaultdict(set)
    for place in members:
        for parent in graph.parents[place]:
            if box[parent] != target and parent not in folding.absorbed:
                passed[box[parent]].add(parent)
    return {source: len(values) for source, values in passed.items()}
