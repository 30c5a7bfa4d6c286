"""The numbers of a derivation: the graph in the sweep's order, and every path a gradient took.

Cotangents are the sweep's own, to the last bit; no node's `grad` is read or written. This module
owns what there is to say; how it is said is `lines`'.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from autograd_core.errors import GraphError
from autograd_core.given import got, listed
from autograd_core.graph import sweep
from autograd_core.graph.traversal import topological
from autograd_core.graph.value import Value
from autograd_core.notation import in_layers, node_names, textbook_symbols

__all__ = ["Derivation", "Path", "derive"]


class Path(NamedTuple):
    """One edge that a gradient came back by: from `node` to its operand at `place`."""

    node: Value
    place: int


@dataclass(frozen=True, slots=True)
class Derivation:
    """Everything one sweep did."""

    root: Value
    order: list[Value]
    """All nodes, operands first."""
    names: dict[Value, str]
    """What the nodes are called by whoever made them."""
    symbols: dict[Value, str]
    """What they are called in formulas."""
    forward: list[Value]
    """Computed nodes that a gradient can flow through, operands first."""
    given: list[Value]
    """Leaves, and constants that have a name."""
    backward: list[Value]
    """Nodes on the way from the root to what is asked for, in the sweep's order."""
    cotangents: dict[Value, float]
    """Of the nodes in `backward`, d(root)/d(node)."""
    wanted: list[Value]

    def edges(self) -> Iterator[Path]:
        """Every edge on the way, in the order of the forward pass."""
        for node in self.forward:
            if node in self.cotangents:
                for place, parent in enumerate(node.parents):
                    if parent in self.cotangents:
                        yield Path(node, place)

    def paths(self, nodes: Iterable[Value]) -> dict[Value, list[Path]]:
        """For each node, the edges its gradient came by, in the order in which they add up."""
        found: dict[Value, list[Path]] = {node: [] for node in nodes}
        for node in self.backward:
            parents = node.parents
            places = range(len(parents))
            # What takes any number of operands is swept as the chain it stands for, from its end.
            for place in places if len(parents) <= 2 else reversed(places):
                if parents[place] in found:
                    found[parents[place]].append(Path(node, place))
        return found

    def stops(self, path: Path) -> bool:
        """Whether nothing flows by this edge whatever its local gradient: a branch not taken."""
        row = path.node.primitive
        return row.chooses and path.node.local_gradients[path.place] == 0


def derive(
    root: Value, wrt: Value | str | Iterable[Value | str] | None, *, symbols: bool = True
) -> Derivation:
    """The derivation of d(root)/d(leaf) for the leaves, or for what `wrt` asks for.

    The parameters of layers stand layer by layer, and with `symbols` under a textbook's names.
    """
    if not isinstance(root, Value):
        raise TypeError(
            f"explain() takes the Value to differentiate, not {type(root).__name__}: {root!r:.60}. "
            "Compute the result from Values first, for example Value(2.0)."
        )
    if root.constant:
        raise GraphError(
            f"explain() of {root!r}, which is a constant: no gradient flows through numbers, "
            "detach() or no_grad(). Compute it from a Value outside of them."
        )
    whole = topological(root)
    names = node_names(whole)
    written = node_names(whole, textbook_symbols(whole)) if symbols else names
    order = [node for node in whole if not node.constant]
    wanted = _wanted(wrt, whole, names)
    given = [node for node in whole if not node.op and (not node.constant or node.name)]
    backward = order[::-1] if wrt is None else _leading_to(wanted, order)[::-1]
    found = sweep.cotangents_at(root, 1.0, backward)
    return Derivation(
        root,
        whole,
        names,
        written,
        [node for node in order if node.op],
        in_layers(given),
        backward,
        dict(zip(backward, found, strict=True)),
        in_layers(wanted) if wrt is None else wanted,
    )


def _leading_to(wanted: list[Value], order: list[Value]) -> list[Value]:
    """The nodes of the order that are wanted or were computed from what is."""
    leading = set(wanted)
    for node in order:
        if not leading.isdisjoint(node.parents):
            leading.add(node)
    return [node for node in order if node in leading]


def _wanted(
    wrt: Value | str | Iterable[Value | str] | None, whole: list[Value], names: dict[Value, str]
) -> list[Value]:
    if wrt is None:
        return [node for node in whole if not node.op and not node.constant]
    asked = (
        [wrt]
        if isinstance(wrt, Value | str)
        else listed(wrt, "wrt", "a Value or its name, or a list")
    )
    if not asked:
        raise ValueError("wrt is empty; name what to differentiate with respect to, or leave it")
    by_name = {name: node for node, name in names.items()}
    inside = set(whole)
    wanted = []
    for one in asked:
        if not isinstance(one, Value | str):
            raise TypeError(f"wrt takes Values or their names, {got(one)}")
        node = by_name.get(one) if isinstance(one, str) else one
        if node is None or node not in inside:
            known = ", ".join(names[leaf] for leaf in whole if not leaf.op and not leaf.constant)
            raise ValueError(
                f"wrt={one!r}: nothing was computed from it here; the leaves are {known:.200}"
            )
        if node.constant:
            raise ValueError(f"wrt={one!r}: it is a constant, and no gradient flows to it")
        wanted.append(node)
    return list(dict.fromkeys(wanted))
