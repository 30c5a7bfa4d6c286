"""What of a graph is shown: all of it, folded, or a part, as asked for or as its size demands.

This module owns the choice and the line below the picture that says what was chosen. Folding and
selecting are `folding`'s, `layers`' and `selection`'s; `boxes` and `statements` draw.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from autograd_core.drawing.boxes import FoldedPicture, counted
from autograd_core.drawing.folding.flows import inputs_of
from autograd_core.drawing.folding.fold import Folding, Sum, fold_sums
from autograd_core.drawing.folding.layers import Part, fold_layers
from autograd_core.drawing.folding.numbering import Numbered
from autograd_core.drawing.folding.parameter_paths import opens
from autograd_core.drawing.folding.selection import Selection, select
from autograd_core.graph.value import Value
from autograd_core.notation import neurons_of

__all__ = ["LEVELS", "View", "fold_graph", "footer_of", "place_of", "select_values"]

LEVELS = ("sums", "neurons", "layers")
_HOPELESS = 100  # values for each box there may be: no use in trying to fold finely
_MOST_EDGES = 1500  # more are a blot, and take a minute to rasterize
_FOLDED = {
    "sums": "sums of products folded",
    "neurons": "neurons folded",
    "layers": "layers folded",
}


@dataclass(frozen=True, slots=True)
class View:
    """What someone asked to see."""

    levels: Sequence[str]
    """The ways to fold to choose from, the finest first; the first that fits is taken."""
    expand: Sequence[str]
    expanded: Sequence[int]
    """The places of the values whose boxes are to be opened."""
    focus: int
    depth: int | None
    limit: int | None


def select_values(graph: Numbered, view: View) -> Selection:
    """The values to show one by one."""
    everything = range(len(graph.values))
    return select(graph.parents, everything, view.focus, depth=view.depth, limit=view.limit)


def fold_graph(graph: Numbered, view: View) -> tuple[FoldedPicture, str]:
    """Fold as finely as the limit allows, and return the picture with the way it was folded.

    Raises ValueError where something to expand is not there.
    """
    levels = view.levels
    if view.limit is not None and len(graph.values) > _HOPELESS * view.limit:
        levels = levels[-1:]
    for level in levels:
        folding, parts = _fold(graph, level, view)
        inputs = inputs_of(folding, parts)
        edges = sum(map(len, inputs))
        if view.limit is None or (len(folding.boxes()) <= view.limit and edges <= _MOST_EDGES):
            break
    sizes = [0] * len(graph.values)
    for box in folding.box:
        sizes[box] += 1
    start = folding.box[view.focus]
    selection = select(
        inputs, folding.boxes(), start, depth=view.depth, limit=view.limit, sizes=sizes
    )
    if level == "layers" and not parts:
        level = "neurons"
    neurons = neurons_of(graph.values)
    return FoldedPicture(folding, parts, inputs, selection, neurons), level


def _fold(graph: Numbered, level: str, view: View) -> tuple[Folding, dict[int, Part]]:
    known: dict[str, None] = {}
    expanded = set(view.expanded)

    def opened(head: int, folded: Sum) -> bool:
        paths = [graph.values[head].name or "", *(folded.place or ())]
        known.update(dict.fromkeys(filter(None, paths[:1] + paths[:1:-1])))
        neuron = paths[1] if folded.place else ""
        inside = (*folded.members, *folded.leaves)
        return not expanded.isdisjoint(inside) or any(
            wanted == paths[0] or (neuron and opens(wanted, neuron)) for wanted in view.expand
        )

    folding = fold_sums(graph, with_activations=level != "sums", opened=opened)
    parts: dict[int, Part] = {}
    if level == "layers":
        shown = {folding.layer_of.get(folding.box[place]) for place in expanded}

        def opened_part(title: str, boxes: Iterable[int]) -> bool:
            known[title] = None
            return (
                title in shown
                or not expanded.isdisjoint(boxes)
                or any(opens(wanted, title) for wanted in view.expand if title)
            )

        parts = fold_layers(folding, opened_part)
    for wanted in view.expand:
        if not any(opens(wanted, path) or opens(path, wanted) for path in known if path):
            there = ", ".join(sorted(filter(None, known))[:8]) or "no named sum or layer"
            raise ValueError(f"expand={wanted!r} is not in this picture; there is {there}")
    return folding, parts


def footer_of(total: int, selection: Selection, level: str | None) -> str | None:
    """The line below the picture; None where every value has a box of its own."""
    shown = total - sum(selection.hidden.values())
    boxes = len(selection.kept)
    if level is None:
        return None if shown == total else f"showing {shown:,} of {counted(total, 'value')}"
    noun = "box" if boxes == 1 else "boxes"
    if shown == total:
        return f"{boxes:,} {noun} for {counted(total, 'value')} ({_FOLDED[level]})"
    return f"showing {shown:,} of {counted(total, 'value')} in {boxes:,} {noun} ({_FOLDED[level]})"


def place_of(graph: Numbered, wanted: Value | str, argument: str) -> int:
    """Where a value, or the only one of a name, stands in the graph; ValueError if nowhere."""
    places = [
        place
        for place, value in enumerate(graph.values)
        if value is wanted or (isinstance(wanted, str) and value.name == wanted)
    ]
    if len(places) == 1:
        return places[0]
    if places:
        raise ValueError(
            f"{argument}={wanted!r} names {len(places):,} values; pass the Value itself"
        )
    raise ValueError(f"{argument}={wanted!r} is not in the graph of the value drawn")
