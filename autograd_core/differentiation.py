"""Differentiating a finished graph, backwards and forwards, in numbers or in Values.

In numbers it uses the local gradients that the nodes recorded. In Values (`create_graph`) it
evaluates the rows' partials on the nodes themselves, so the result is a graph again and can be
differentiated as often as one likes. Either way nothing is written to any node's `grad`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from autograd_core import sweep
from autograd_core.errors import RecordingError
from autograd_core.graph import topological
from autograd_core.primitives import Primitive
from autograd_core.structures import flatten
from autograd_core.value import Value, constant_of

__all__ = ["gradients", "pull_back", "push_forward", "reverse"]


def gradients(output: Value, inputs: Any, create_graph: bool = False) -> Any:
    """d(output)/d(input) for every input, in the structure of the inputs; no `grad` is touched.

    Inputs are Values that the output was computed from, leaves or not; others have gradient 0.
    With `create_graph` the results are Values that can be differentiated again.

    >>> x = Value(3.0)
    >>> (first,) = gradients(x**3, [x], create_graph=True)
    >>> gradients(first, x)
    18.0
    """
    if type(output) is not Value:
        raise TypeError(f"gradients() of {output!r}, which is no Value: nothing was recorded")
    nodes, shape = flatten(inputs, "inputs")
    for node in nodes:
        if type(node) is not Value:
            raise TypeError(
                f"gradients() with respect to {node!r}, which is no Value: nothing was computed "
                "from it; give the Value that went into the function"
            )
    # An input may stand behind another one here, so nothing stops the traversal.
    if create_graph:
        return shape.fill(_reverse_in_values([output], [1.0], nodes, stop=()))
    return shape.fill(reverse(output, nodes, create_graph=False))


def reverse(output: Value, inputs: Sequence[Value], create_graph: bool) -> list[Any]:
    """The derivatives of one output with respect to inputs that do not depend on one another."""
    return pull_back([output], [1.0], inputs, create_graph)


def pull_back(
    outputs: Sequence[Value], seeds: Sequence[Any], inputs: Sequence[Value], create_graph: bool
) -> list[Any]:
    """The cotangents that reach the inputs when the outputs have the seeds for cotangents."""
    if create_graph:
        return _reverse_in_values(outputs, seeds, inputs, stop=set(inputs))
    _refuse_recorded(outputs)
    total = [0.0] * len(inputs)
    for output, seed in zip(outputs, seeds, strict=True):
        if not output.constant:
            part: list[float] = sweep.cotangents_at(output, seed, inputs)
            total = [whole + more for whole, more in zip(total, part, strict=True)]
    return total


def _reverse_in_values(
    outputs: Sequence[Value], seeds: Sequence[Any], inputs: Sequence[Value], stop: Any
) -> list[Value]:
    order = topological(*outputs, stop=stop)
    wanted = set(inputs)
    leads = _leading_to(order, wanted)
    cotangents: dict[Value, Any] = {}
    for output, seed in zip(outputs, seeds, strict=True):
        cotangents[output] = cotangents[output] + seed if output in cotangents else seed
    for node in reversed(order):
        cotangent = cotangents.get(node)
        if cotangent is None or not node.op or node in stop or _is_zero(cotangent):
            continue
        for parent, partial in _partials(node, leads):
            if type(partial) is Value and partial.recorded and _row(node).selects:
                contribution = partial.strong_product(cotangent)  # zero for the branch not taken
            else:
                contribution = _product(cotangent, partial)
            before = cotangents.get(parent)
            cotangents[parent] = contribution if before is None else before + contribution
    return [_as_value(cotangents.get(node, 0.0)) for node in inputs]


def push_forward(
    outputs: Sequence[Value], inputs: Sequence[Value], directions: Sequence[Any], create_graph: bool
) -> list[Any]:
    """The tangents of the outputs when the inputs move in the given directions."""
    if not create_graph:
        _refuse_recorded(outputs)
    tangents: dict[Value, Any] = dict(zip(inputs, directions, strict=True))
    order = topological(*outputs, stop=set(inputs))
    moved = _leading_to(order, set(inputs))
    for node in order:
        if node in tangents or node not in moved:
            continue
        total: Any = 0.0
        pairs = _partials if create_graph else _local_gradients
        for parent, partial in pairs(node, moved):
            tangent = tangents.get(parent, 0.0)
            if not _is_zero(tangent):
                total = total + _product(tangent, partial)
        tangents[node] = total
    found = [tangents.get(node, 0.0) for node in outputs]
    return [_as_value(tangent) for tangent in found] if create_graph else found


def _refuse_recorded(outputs: Sequence[Value]) -> None:
    for output in outputs:
        if output.recorded:
            raise RecordingError(
                "derivatives in numbers of a Value that is being recorded: it has a number only "
                "when the program is called. Pass create_graph=True, or record the function "
                "itself and ask the program for its gradient()"
            )


def _leading_to(order: Sequence[Value], wanted: set[Value]) -> set[Value]:
    """The nodes that were computed from a wanted one, and the wanted ones."""
    leads = set(wanted)
    for node in order:
        if any(parent in leads for parent in node.parents):
            leads.add(node)
    return leads


def _row(node: Value) -> Primitive:
    row: Primitive = node.primitive  # not by name: a user's primitive may have been declared anew
    return row


def _partials(node: Value, leads: set[Value]) -> list[tuple[Value, Any]]:
    """The parents that matter, with their partials as Values, in the order of `sweep`."""
    row, parents = _row(node), node.parents
    places = [place for place in range(len(parents) - 1, -1, -1) if parents[place] in leads]
    if row.arity is None:
        partials = row.partials_at(parents, node)
        pairs = [(parents[place], partials[place]) for place in places]
    else:
        if len(parents) <= 2:
            places.reverse()
        pairs = [(parents[place], row.partials[place](*parents, node)) for place in places]
    return _without_removed(row, pairs)


def _local_gradients(node: Value, leads: set[Value]) -> list[tuple[Value, Any]]:
    """The same in numbers, as the node recorded them."""
    pairs = [
        pair for pair in zip(node.parents, node.local_gradients, strict=True) if pair[0] in leads
    ]
    return _without_removed(_row(node), pairs)


def _without_removed(row: Primitive, pairs: list[tuple[Value, Any]]) -> list[tuple[Value, Any]]:
    if not row.selects:
        return pairs
    return [pair for pair in pairs if type(pair[1]) is Value or pair[1] != 0]


def _is_zero(cotangent: Any) -> bool:
    """Whether it is zero for good; a Value that happens to be 0 still has derivatives."""
    if type(cotangent) is Value:
        return cotangent.constant and not cotangent.recorded and cotangent.data == 0
    return bool(cotangent == 0)


def _product(cotangent: Any, partial: Any) -> Any:
    """cotangent · partial, with no node for a factor of one, and a zero cotangent strong."""
    if type(partial) is not Value and partial == 1:
        return cotangent
    if type(cotangent) is not Value:
        return partial if cotangent == 1 else cotangent * partial
    if cotangent.recorded or (type(partial) is Value and partial.recorded):
        return cotangent.strong_product(partial)  # which it is will be known at replay
    size = partial.data if type(partial) is Value else partial
    if cotangent.data == 0 and not math.isfinite(size):
        return cotangent.strong_product(partial)
    return cotangent * partial


def _as_value(cotangent: Any) -> Value:
    return cotangent if type(cotangent) is Value else constant_of(cotangent)
