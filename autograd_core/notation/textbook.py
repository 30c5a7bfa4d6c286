"""The symbols that textbooks give a network's numbers: w¹₁₂, b¹₁, z¹₁, a¹₁.

    w¹₁₂: the weight in layer 1 of neuron 1 on its input 2; b its bias, z its weighted sum, a what
    its activation makes of that.

Layers are found by the names of parameters, `layers.0.neurons.1.weights.2` and the like, and
counted in their order from 1. This module only gives symbols; `naming` makes
them names of one node each.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from autograd_core.graph.value import Value

__all__ = [
    "ParameterPlace",
    "in_layers",
    "neurons_of",
    "parameter_places",
    "symbol_of",
    "textbook_symbols",
]

_PLACE = re.compile(r"(.*?)neurons\.(\d+)\.(?:weights\.(\d+)|bias)")
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_LOWERED = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_ADDING = frozenset({"add", "sum"})


class ParameterPlace(NamedTuple):
    """Where a parameter stands, counted from 0; `weight` is None for a bias."""

    layer: int
    neuron: int
    weight: int | None


def textbook_symbols(order: Sequence[Value]) -> dict[Value, str]:
    """For the parameters of layers, and what neurons make of them, their symbols.

    `order` is topological. Nodes with names of their own keep those, but for parameters.

    >>> w, b, x = Value(2.0, "neurons.0.weights.0"), Value(1.0, "neurons.0.bias"), Value(3.0, "x")
    >>> from autograd_core.graph.traversal import topological
    >>> list(textbook_symbols(topological((w * x + b).tanh())).values())
    ['w¹₁₁', 'b¹₁', 'z¹₁', 'a¹₁']
    """
    places = parameter_places(_named(order))
    symbols = {
        node: symbol_of("w" if weight is not None else "b", layer, neuron, weight)
        for node, (layer, neuron, weight) in places.items()
    }
    for node, marks in _sums_and_outputs(order, places).items():
        if not node.name:
            symbols[node] = symbol_of(*marks)
    return symbols


def neurons_of(order: Sequence[Value]) -> dict[Value, tuple[str, int, int]]:
    """For every weighted sum z and every output a, which it is, its layer and its neuron from 0."""
    return _sums_and_outputs(order, parameter_places(_named(order)))


def symbol_of(sign: str, layer: int, neuron: int, weight: int | None = None) -> str:
    """A letter with its marks; the places are counted from 0, the marks from 1.

    >>> symbol_of("w", 0, 1, 2), symbol_of("a", 1, 0)
    ('w¹₂₃', 'a²₁')
    """
    marked = f"{sign}{str(layer + 1).translate(_RAISED)}{str(neuron + 1).translate(_LOWERED)}"
    if weight is None:
        return marked
    between = "," if max(neuron, weight) >= 9 else ""
    return f"{marked}{between}{str(weight + 1).translate(_LOWERED)}"


def in_layers(nodes: Sequence[Value]) -> list[Value]:
    """The nodes with the parameters of layers last, layer by layer and neuron by neuron."""
    places = parameter_places(_named(nodes))

    def key(node: Value) -> tuple[int, int, bool, int]:
        layer, neuron, weight = places.get(node, ParameterPlace(-1, 0, 0))
        return layer, neuron, weight is None, weight or 0

    return sorted(nodes, key=key)


def _named(nodes: Sequence[Value]) -> dict[Value, str]:
    return {node: node.name for node in nodes if not node.op and node.name}


def parameter_places(named: Mapping[Value, str]) -> dict[Value, ParameterPlace]:
    """Where each parameter stands, by its name; the layers that occur are counted."""
    found = {node: match for node, name in named.items() if (match := _PLACE.fullmatch(name))}
    paths = {node: _by_number(match[1]) for node, match in found.items()}
    layers = {path: layer for layer, path in enumerate(sorted(set(paths.values())))}
    return {
        node: ParameterPlace(
            layers[paths[node]], int(match[2]), int(match[3]) if match[3] else None
        )
        for node, match in found.items()
    }


def _by_number(path: str) -> tuple[tuple[int, str], ...]:
    """A path that sorts its numbers as numbers."""
    return tuple((int(part) if part.isdigit() else -1, part) for part in path.split(".") if part)


def _sums_and_outputs(
    order: Sequence[Value], places: dict[Value, ParameterPlace]
) -> dict[Value, tuple[str, int, int]]:
    """Every weighted sum and every value that a function makes of one, with its neuron."""
    sums: dict[Value, tuple[int, int]] = {}
    outputs: dict[Value, tuple[int, int]] = {}
    for node in order if places else ():
        if not node.op:
            continue
        parents = node.parents
        parts = [parent for parent in parents if parent in places or parent in sums]
        owners = {places[part][:2] for part in parts if part in places} or {
            sums[part] for part in parts
        }
        if len(owners) == 1 and _goes_on(node, parts, places):
            (neuron,) = owners
            for part in parts:  # the terms of a sum are no sums of their own
                if sums.get(part) == neuron:
                    del sums[part]
            sums[node] = neuron
            continue
        given = [parent for parent in parents if not parent.constant]
        if len(given) == 1 and given[0] in sums:
            outputs[node] = sums[given[0]]
    marked = {node: ("z", *neuron) for node, neuron in sums.items()}
    return marked | {node: ("a", *neuron) for node, neuron in outputs.items()}


def _goes_on(node: Value, parts: Sequence[Value], places: dict[Value, ParameterPlace]) -> bool:
    """Whether the node is a term of a weighted sum, or more of the sum than its operands are."""
    if node.op == "mul":
        return len(parts) >= 1 and sum(part in places for part in node.parents) == 1
    if node.op == "dot":
        return any(part in places for part in parts)
    rest = [parent for parent in node.parents if parent not in parts]
    empty = all(parent.constant and parent.data == 0 for parent in rest)
    return node.op in _ADDING and (len(parts) > 1 or empty)
