"""Sums of products folded: which values stand in one box, what it is called, what flows into it.

A chain of sums and products, or a `dot`, becomes one box `Σwx+b`, a neuron one with its activation
if wanted. Parameters are absorbed by the box that uses them. This module owns that partition of a
graph; `layers` makes it coarser, `boxes` draws it.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from autograd_core.drawing.folding.numbering import Numbered
from autograd_core.drawing.folding.parameter_paths import is_parameter_name, neuron_and_layer
from autograd_core.primitives import PRIMITIVES

__all__ = ["Folding", "Sum", "fold_sums"]

_SUMS = ("add", "sum", "dot")
_WITH_CONSTANT = ("leaky_relu", "elu")


@dataclass(slots=True)
class Sum:
    """One folded sum: where it stands in a model, and what is in it."""

    place: tuple[str, str] | None = None
    """The paths of its neuron and its layer."""
    products: bool = False
    offset: bool = False
    activation: str = ""
    """The sign of the function that was folded with it."""
    members: list[int] = field(default_factory=list)
    """The operations in it, the last of them first."""
    leaves: list[int] = field(default_factory=list)
    """Its weights and offsets: what it may absorb, once for each use."""

    @property
    def title(self) -> str:
        """What the box says it computes."""
        if len(self.members) == 1 + bool(self.activation) and not self.products:
            title = "+"
        else:
            title = "Σ" if not self.products else "Σwx+b" if self.offset else "Σwx"
        return f"{self.activation}({title})" if self.activation else title


@dataclass(slots=True)
class Folding:
    """For each value the box it stands in, named by the last of the box's values."""

    graph: Numbered
    box: list[int]
    sums: dict[int, Sum] = field(default_factory=dict)
    absorbed: set[int] = field(default_factory=set)
    """Parameters that show only as the strength of an edge, and as a number in the box."""
    opened: set[int] = field(default_factory=set)
    """Sums left as they are, because someone wants to see inside."""
    layer_of: dict[int, str] = field(default_factory=dict)
    """For a box, the path of the layer it is drawn in."""

    def boxes(self) -> list[int]:
        """Every box once, inputs before what they flow into."""
        return [place for place, box in enumerate(self.box) if place == box]


def fold_sums(
    graph: Numbered,
    *,
    with_activations: bool = False,
    opened: Callable[[int, Sum], bool] = lambda head, folded: False,
) -> Folding:
    """Fold every sum but those that `opened` says one wants to see inside.

    Operations with names of their own keep their boxes, and so do inputs.
    """
    folding = Folding(graph, list(range(len(graph.values))))
    uses = graph.uses()
    parameters = {
        place
        for place, operation in enumerate(graph.operations)
        if not operation and is_parameter_name(graph.values[place].name)
    }
    # Nothing but one operand of one operation is lost with these.
    single = {
        place for place, count in enumerate(uses) if count == 1 and not graph.values[place].name
    }
    for place in range(graph.root, -1, -1):
        if graph.operations[place] in _SUMS and folding.box[place] == place:
            folding.sums[place] = _fold_one(folding, place, single, parameters)
    if with_activations:
        _fold_activations(folding, single)
    for head, folded in list(folding.sums.items()):
        if opened(head, folded):
            _open(folding, head, parameters)
    _absorb(folding, uses, single, parameters)
    _place_activations(folding)
    return folding


def _fold_one(folding: Folding, head: int, single: set[int], parameters: set[int]) -> Sum:
    """Fold the sum that ends at `head`."""
    graph, folded = folding.graph, Sum()
    waiting = [head]
    while waiting:
        place = waiting.pop()
        folding.box[place] = head
        folded.members.append(place)
        added, multiplied = _terms(graph, place)
        for term in added:
            operation = graph.operations[term]
            if not operation:
                folded.leaves.append(term)
                value = graph.values[term]
                folded.offset |= not value.constant or value.data != 0
            elif term in single and (operation == "mul" or operation in _SUMS):
                waiting.append(term)
            else:
                folded.offset = True
        for pair in multiplied:
            folded.products = True
            weight = _weight(graph, *pair, parameters)
            if weight is not None:
                folded.leaves.append(weight)
    named = [place for place in folded.leaves if place in parameters]
    folded.place = neuron_and_layer(tuple([str(graph.values[place].name) for place in named]))
    if not folded.products:
        folded.leaves = named
    return folded


def _terms(graph: Numbered, place: int) -> tuple[Sequence[int], Sequence[tuple[int, int]]]:
    """What is added as it is and the pairs that are multiplied, of a sum, a dot or a product."""
    operands, operation = graph.parents[place], graph.operations[place]
    if operation == "mul":
        return (), ((operands[0], operands[1]),)
    if operation != "dot":
        return operands, ()
    start = len(operands) % 2
    return operands[:start], list(zip(operands[start::2], operands[start + 1 :: 2], strict=True))


def _weight(graph: Numbered, first: int, second: int, parameters: set[int]) -> int | None:
    """Which factor of a product is its weight: a leaf, of two the parameter, else the constant."""
    if graph.operations[first]:
        return None if graph.operations[second] else second
    if graph.operations[second] or first in parameters:
        return None if first == second else first
    if second in parameters:
        return second
    one, other = graph.values[first], graph.values[second]
    return second if second != first and other.constant and one.name else first


def _fold_activations(folding: Folding, single: set[int]) -> None:
    graph = folding.graph
    for place, operation in enumerate(graph.operations):
        source = _activated(folding, place)
        if source is None or source not in single:
            continue
        folded = folding.sums.pop(source)
        folded.activation = PRIMITIVES[operation].glyph
        folded.members.insert(0, place)
        folded.leaves += graph.parents[place][1:]
        folding.sums[place] = folded
        for member in folded.members:
            folding.box[member] = place


def _activated(folding: Folding, place: int) -> int | None:
    """The sum that a function of one variable is applied to at `place`, if it is."""
    operands = folding.graph.parents[place]
    if not operands or len(operands) > 2:
        return None
    source = operands[0]
    if source not in folding.sums and source not in folding.opened:
        return None
    if len(operands) == 1:
        return source if folding.graph.operations[place] not in _SUMS else None
    suits = folding.graph.operations[place] in _WITH_CONSTANT
    return source if suits and folding.graph.values[operands[1]].constant else None


def _open(folding: Folding, head: int, parameters: set[int]) -> None:
    """Give every value of a box its own again."""
    folded = folding.sums.pop(head)
    folding.opened.add(head)
    for place in folded.members:
        folding.box[place] = place
    if folded.place is not None:
        shown = [*folded.members, *parameters.intersection(folded.leaves)]
        folding.layer_of.update(dict.fromkeys(shown, folded.place[1]))


def _absorb(folding: Folding, uses: list[int], single: set[int], parameters: set[int]) -> None:
    """Take parameters into the box that uses them first, if they are used as parameters only."""
    roles = Counter(place for folded in folding.sums.values() for place in folded.leaves)
    for head, folded in folding.sums.items():
        if folded.place is not None:
            folding.layer_of[head] = folded.place[1]
        for place in folded.leaves:
            if roles[place] == uses[place] and (place in parameters or place in single):
                if place not in folding.absorbed:
                    folding.absorbed.add(place)
                    folding.box[place] = head
            elif place in parameters and folded.place is not None:
                folding.layer_of[place] = folded.place[1]


def _place_activations(folding: Folding) -> None:
    """Draw the function applied to a sum in the layer of that sum."""
    for place, box in enumerate(folding.box):
        if box == place and place not in folding.layer_of:
            source = _activated(folding, place)
            if source is not None and source in folding.layer_of:
                folding.layer_of[place] = folding.layer_of[source]
