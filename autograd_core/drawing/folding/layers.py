"""One box a layer: folded sums of one layer in one box, and what lies around the layers in few.

This module makes a `Folding` coarser. Which layer a sum stands in is `fold`'s, how boxes look
`boxes`'.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from autograd_core.drawing.folding.fold import Folding
from autograd_core.drawing.folding.parameter_paths import is_parameter_name
from autograd_core.primitives import PRIMITIVES

__all__ = ["Part", "fold_layers"]

_FEW = 6  # boxes that are worth their place in a picture of layers
_GLYPHS = 4


@dataclass(slots=True)
class Part:
    """What one box of many values stands for."""

    title: str
    computes: str
    parameters: int = 0
    values: int = 0
    members: set[int] = field(default_factory=set)


def fold_layers(folding: Folding, opened: Callable[[str, Sequence[int]], bool]) -> dict[int, Part]:
    """Give each layer one box and return the new boxes.

    Not those that `opened` says one wants to see, given their title and what is in them.

    What lies before, between and after the layers is put together by which layers it comes from
    and which it leads to, unless it is little.
    """
    groups = [group for group in _of_layers(folding.layer_of) if not opened(*group)]
    if not groups:
        return {}
    layers = {box: path for path, boxes in groups for box in boxes}
    groups += [group for group in _between_layers(folding, layers) if not opened(*group)]
    parts = _merge(folding, groups)
    folding.layer_of = {box: path for box, path in folding.layer_of.items() if box not in layers}
    folding.sums = {
        box: kept
        for box, kept in folding.sums.items()
        if folding.box[box] == box and box not in parts
    }
    return parts


def _of_layers(layers: dict[int, str]) -> list[tuple[str, list[int]]]:
    """The boxes of each layer."""
    boxes: dict[str, list[int]] = defaultdict(list)
    for box in sorted(layers):
        boxes[layers[box]].append(box)
    return list(boxes.items())


def _between_layers(folding: Folding, layers: dict[int, str]) -> list[tuple[str, list[int]]]:
    """The other boxes, those together that come from the same layers and lead to the same."""
    graph = folding.graph
    bits = {path: 1 << number for number, path in enumerate(sorted(set(layers.values())))}
    own = [bits.get(layers.get(box, ""), 0) for box in folding.box]
    comes_from, leads_to = list(own), list(own)
    for place, operands in enumerate(graph.parents):
        for parent in operands:
            comes_from[place] |= comes_from[parent]
    for place in range(graph.root, -1, -1):
        for parent in graph.parents[place]:
            leads_to[parent] |= leads_to[place]
    shown_alone = {box for box in folding.layer_of if box not in layers}
    groups: dict[tuple[int, int], list[int]] = defaultdict(list)
    for box in folding.boxes():
        if not own[box] and box not in shown_alone:
            groups[comes_from[box], leads_to[box]].append(box)
    # Targets and the like come from no layer and lead to none: they belong to what uses them.
    everything = sum(bits.values())
    groups[everything, 0] = sorted(groups.pop((0, 0), []) + groups.pop((everything, 0), []))
    return [
        (_title(folding, boxes, source), boxes)
        for (source, _), boxes in groups.items()
        if len(boxes) > _FEW
    ]


def _title(folding: Folding, boxes: list[int], source: int) -> str:
    if not source:
        return "inputs"
    root = folding.graph.root
    return folding.graph.values[root].name or "output" if boxes[-1] == root else ""


def _merge(folding: Folding, groups: list[tuple[str, list[int]]]) -> dict[int, Part]:
    """Put the boxes of each group into the last of them."""
    values, parts = folding.graph.values, {}
    target: dict[int, int] = {}
    for title, boxes in groups:
        head = boxes[-1]
        target.update(dict.fromkeys(boxes, head))
        titles = Counter(_computes(folding, box) for box in boxes)
        del titles[""]
        shown = [name for name, _ in titles.most_common(_GLYPHS)]
        more = " …" if len(titles) > _GLYPHS else ""
        parts[head] = Part(title, ", ".join(shown) + more)
    for place, box in enumerate(folding.box):
        head = target.get(box, -1)
        if head >= 0:
            folding.box[place] = head
            part = parts[head]
            part.values += 1
            part.members.add(place)
            part.parameters += not values[place].op and is_parameter_name(values[place].name)
    return parts


def _computes(folding: Folding, box: int) -> str:
    if box in folding.sums:
        return folding.sums[box].title
    operation = folding.graph.values[box].op
    return PRIMITIVES[operation].glyph if operation else ""
