"""Differentiating a finished graph, backwards and forwards, in numbers or in Values.

In numbers it uses the local gradients that the nodes recorded. In Values (`create_graph`) it
evaluates the rows' partials on the nodes themselves, so the result is a graph again and can be
differentiated as often as one likes. Either way nothing is written to any node's `grad`, and both
modes multiply by the rule of zeros that `sweep` states, so that they agree.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from autograd_core.derivatives.structures import flatten
from autograd_core.errors import RecordingError
from autograd_core.given import flag
from autograd_core.graph import anomaly, sweep
from autograd_core.graph.modes import detect_anomaly
from autograd_core.graph.nodes.making import constant_of
from autograd_core.graph.numbers import element
from autograd_core.graph.sums import strong_dot, sum_of
from autograd_core.graph.traversal import ordered
from autograd_core.graph.value import Value
from autograd_core.primitives import forward

__all__ = ["gradients", "pull_back", "push_forward", "reverse"]

Pairs: TypeAlias = list[tuple[Any, Any]]
"""What flows to a node: cotangents or tangents, each with the partial it is multiplied by."""


def gradients(output: Value, inputs: Any, create_graph: bool = False) -> Any:
    """d(output)/d(input) for every input, in the structure of the inputs; no `grad` is touched.

    Inputs are Values that the output was computed from, leaves or not; others have gradient 0.
    With `create_graph` the results are Values that can be differentiated again.

    >>> x = Value(3.0)
    >>> (first,) = gradients(x**3, [x], create_graph=True)
    >>> gradients(first, x)
    18.0
    """
    output = element(output)
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
    if flag(create_graph, "create_graph"):
        return shape.fill(_reverse_in_values([output], [1.0], nodes, stop=()))
    return shape.fill(reverse(output, nodes, create_graph=False))


def reverse(output: Value, inputs: Sequence[Value], create_graph: bool) -> list[Any]:
    """The derivatives of one output with respect to inputs that do not depend on one another."""
    if create_graph or output.constant or detect_anomaly.is_on():
        return pull_back([output], [1.0], inputs, create_graph)
    _refuse_recorded([output])
    found: list[float] = sweep.cotangents_at(output, 1.0, inputs)
    return found


def pull_back(
    outputs: Sequence[Value], seeds: Sequence[Any], inputs: Sequence[Value], create_graph: bool
) -> list[Any]:
    """The cotangents that reach the inputs when the outputs have the seeds for cotangents."""
    if create_graph:
        return _reverse_in_values(outputs, seeds, inputs, stop=set(inputs))
    _refuse_recorded(outputs)
    check = anomaly.check_cotangent if detect_anomaly.is_on() else None
    total = [0.0] * len(inputs)
    for output, seed in zip(outputs, seeds, strict=True):
        if not output.constant:
            asked = check if seed != 0 else None  # a seed of 0 is what was asked for
            part: list[float] = sweep.cotangents_at(output, seed, inputs, asked)
            total = [whole + more for whole, more in zip(total, part, strict=True)]
    return total


def _reverse_in_values(
    outputs: Sequence[Value], seeds: Sequence[Any], inputs: Sequence[Value], stop: Any
) -> list[Value]:
    order = ordered(outputs, set(map(id, stop)), behind_constants=False)
    wanted = set(inputs)
    leads = _leading_to(order, wanted)
    found: dict[Value, Any] = {}
    arrived: dict[Value, Pairs] = {}
    for output, seed in zip(outputs, seeds, strict=True):
        if id(output) in leads and not _is_zero(seed := _plain(seed)):
            arrived.setdefault(output, []).append((seed, 1.0))
    checked = detect_anomaly.is_on()
    for node in reversed(order):
        if id(node) not in leads or node not in arrived:
            continue
        cotangent = _plain(_total(arrived.pop(node)))
        if node in wanted:
            found[node] = cotangent
        places = leads[id(node)]
        if not places or node in stop:
            continue
        if checked:
            _check(node, {id(p): cotangent for p in node.parents if id(p) in leads}, "cotangent")
        if not _is_zero(cotangent):
            for parent, partial in _partials(node, places):
                if not _is_zero(partial):
                    arrived.setdefault(parent, []).append((cotangent, partial))
    return [_as_value(found.get(node, 0.0)) for node in inputs]


def push_forward(
    outputs: Sequence[Value], inputs: Sequence[Value], directions: Sequence[Any], create_graph: bool
) -> list[Any]:
    """The tangents of the outputs when the inputs move in the given directions."""
    if not create_graph:
        _refuse_recorded(outputs)
    tangents: dict[Value, Any] = dict(zip(inputs, map(_plain, directions), strict=True))
    order = ordered(outputs, set(map(id, inputs)), behind_constants=False)
    moved = _leading_to(order, set(inputs))
    at_rest = {id(node) for node in inputs if _is_zero(tangents[node])}
    checked = detect_anomaly.is_on()
    for node in order:
        if id(node) not in moved or node in tangents:
            continue
        if checked:
            moving = [p for p in node.parents if id(p) in moved and id(p) not in at_rest]
            _check(node, {id(p): tangents[p] for p in moving}, "tangent")
        if create_graph:
            arrived = [
                (tangents[parent], partial) for parent, partial in _partials(node, moved[id(node)])
            ]
            tangents[node] = _plain(
                _total([pair for pair in arrived if not any(map(_is_zero, pair))])
            )
        else:
            total = 0.0
            parents, local = node.parents, node.local_gradients
            for place in moved[id(node)]:
                total += forward.strong_product(tangents[parents[place]], local[place])
            tangents[node] = total
    found = [tangents[node] if id(node) in moved else 0.0 for node in outputs]
    return [_as_value(tangent) for tangent in found] if create_graph else found


def _refuse_recorded(outputs: Sequence[Value]) -> None:
    for output in outputs:
        if output.recorded:
            raise RecordingError(
                "derivatives in numbers of a Value that is being recorded: it has a number only "
                "when the program is called. Pass create_graph=True, or record the function "
                "itself and ask the program for its gradient()"
            )


def _leading_to(order: Sequence[Value], wanted: set[Value]) -> dict[int, list[int]]:
    """Of the wanted nodes and those computed from them, by identity, the places of such parents.

    Constants are left out. The places are in the order of `sweep`, in which products are added up.
    """
    leads: dict[int, list[int]] = {id(node): [] for node in wanted}
    for node in order:
        parents = node.parents
        places = [place for place, parent in enumerate(parents) if id(parent) in leads]
        if places and not node.constant:
            if len(places) > 1 and (len(parents) > 2 or node.primitive.arity is None):
                places.reverse()
            leads[id(node)] = places
    return leads


def _partials(node: Value, places: list[int]) -> list[tuple[Value, Any]]:
    """The parents at these places, with their partials as Values."""
    row, parents = node.primitive, node.parents
    if row.arity is None:
        partials = row.partials_at(parents, node)
        return [(parents[place], _plain(partials[place])) for place in places]
    return [(parents[place], _plain(row.partials[place](*parents, node))) for place in places]


def _is_zero(factor: Any) -> bool:
    """Whether it is zero for good; a Value that happens to be 0 still has derivatives."""
    return type(factor) is not Value and factor == 0


def _plain(factor: Any) -> Any:
    """What is a number for good as a number, so that a program leaves out the same products.

    What was chosen is none: a program chooses anew, and keeps the products of both branches.
    """
    if type(factor) is Value and factor.constant and factor.op != "where" and not factor.recorded:
        return factor.data
    return factor


def _total(pairs: Pairs) -> Any:
    """The sum of the products, one node whatever their number: as `program.adjoint` writes it.

    So the derivatives of derivatives have the same bits in both tiers. What is zero for good must
    have left no pair; a factor of 1 leaves no product.
    """
    if len(pairs) == 1:
        return _product(*pairs[0])
    for _, partial in pairs:
        if type(partial) is Value or partial != 1:
            return strong_dot(pairs)
    if len(pairs) == 2:
        return pairs[0][0] + pairs[1][0]
    return sum_of([flowing for flowing, _ in pairs]) if pairs else 0.0


def _product(flowing: Any, partial: Any) -> Any:
    if type(partial) is not Value and partial == 1:
        return flowing
    if type(flowing) is not Value and flowing == 1:
        return partial
    left, right = _as_value(flowing), _as_value(partial)
    if left.recorded or right.recorded:
        return left._strong_product(right)  # whether it has to be, a replay knows
    product = left * right
    return product if product.data == product.data else left._strong_product(right)


def _check(node: Value, flowing: Mapping[int, Any], what: str) -> None:
    """Under `detect_anomaly()`: look at what flows past a node, as far as it has numbers yet."""
    numbers = [flowing.get(id(parent)) for parent in node.parents]
    if not node.recorded and not any(type(n) is Value and n.recorded for n in numbers):
        anomaly.check_flow(node, [n.data if type(n) is Value else n for n in numbers], what)


def _as_value(number: Any) -> Value:
    return number if type(number) is Value else constant_of(number)
