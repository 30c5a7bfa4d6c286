"""A program's picture: instructions as boxes, operands as arrows.

A leaf or a constant that only ever multiplies something in dot products is written at the arrows
that it weighs, and one that only ever starts them in their boxes. Many instructions are folded.
This module owns what a picture says; which instructions share a box is `program_boxes`', how the
parts look `program_looks`'.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

from autograd_core.drawing.boxes import counted
from autograd_core.drawing.digraph import Drawing
from autograd_core.drawing.labels import clip, escape_label
from autograd_core.drawing.looks import CLASSIC, MODERN, RANKDIRS, THEMES, Attributes
from autograd_core.errors import GraphTooLarge
from autograd_core.given import checked_limit, choice
from autograd_core.primitives import Primitive
from autograd_core.program.analysis.dependence import depths_and_variation
from autograd_core.program.analysis.operands import operand_counts
from autograd_core.program.analysis.uses import uses
from autograd_core.program.code.flat import Code
from autograd_core.program.showing.listing import operand_texts
from autograd_core.program.showing.program_boxes import Box, Grouping, group
from autograd_core.program.showing.program_looks import Look
from autograd_core.program.signature.leaf_names import Names, numbered

__all__ = ["draw_code"]

STYLES = {"modern": MODERN, "classic": CLASSIC}
IN_FULL = 60  # instructions that are drawn one by one unless told otherwise
COMMUTE = ("add", "mul", "maximum", "minimum", "hypot", "logaddexp", "strong_product", "sum")
ORDINALS = ("1st", "2nd", "3rd")
MOST_LABELS = 100  # at arrows: more are a thicket
PAIRED = ("dot", "strong_dot")


def draw_code(
    code: Code,
    names: Names | None = None,
    *,
    fold: bool | None = None,
    limit: int | None = 60,
    style: str = "modern",
    theme: str = "light",
    rankdir: str = "LR",
    format: str = "svg",
    engine: str = "auto",
    timeout: float | None = 10.0,
) -> Drawing:
    """Draw a program; its instructions are folded into at most `limit` boxes if there are many.

    Raises ValueError for an argument that is not among the choices, and GraphTooLarge for more than
    `limit` instructions with `fold=False`.
    """
    look = Look(STYLES[choice(style, "style", STYLES)], THEMES[choice(theme, "theme", THEMES)])
    choice(rankdir, "rankdir", RANKDIRS)
    if fold is not None and not isinstance(fold, bool):
        raise ValueError(f"fold={fold!r} is unknown; expected True, False or None")
    checked_limit(limit, "limit")
    if fold is False and limit is not None and len(code) > limit:
        raise GraphTooLarge(
            f"the program has {len(code):,} instructions and limit={limit}; let it fold, or pass "
            "limit=None to draw them all"
        )
    drawing = Drawing(format=format, engine=engine, timeout=timeout)
    drawing.graph_attr.update(look.style.graph(look.theme, rankdir))
    drawing.node_attr.update(look.style.nodes(look.theme))
    drawing.edge_attr.update(look.style.edges(look.theme))
    names = names or numbered(code)
    if len(code) and (fold or (fold is None and len(code) > min(IN_FULL, limit or IN_FULL))):
        grouping = group(code, names, limit or len(code))
        footer = _add_boxes(drawing, code, names, grouping, look)
    else:
        footer = _add_instructions(drawing, code, names, look)
    drawing.graph_attr.update(look.style.footer(look.theme), label=escape_label(footer))
    return drawing


def _add_instructions(drawing: Drawing, code: Code, names: Names, look: Look) -> str:
    """Add every instruction, with the leaves and constants that it takes; the footer."""
    _, varies = depths_and_variation(code)
    given, weights = set(code.outputs.tolist()), _weights(code)
    shown: set[int] = set()
    labeled = int(operand_counts(code).sum()) <= MOST_LABELS
    for number, row, operands in code:
        title, arrows = _arrows(code, row, operands, weights, names)
        drawing.node(
            f"v{number}",
            **look.instruction(
                [title, f"%{number}"],
                f"%{number} = {row.name} {operand_texts(code, row, operands, names)}",
                not varies[number],
                number in given,
            ),
        )
        for place, (operand, label) in enumerate(arrows):
            source = _add_source(drawing, code, operand, f"c{number}_{place}", names, look, shown)
            said = {"label": escape_label(label)} if label and labeled else {}
            drawing.edge(source, f"v{number}", **said)
    for place, value in enumerate(code.outputs.tolist()):
        source = _add_source(drawing, code, value, f"c_{place}", names, look, shown)
        drawing.node(f"out{place}", **look.output([clip(names.outputs[place] or "result")]))
        drawing.edge(source, f"out{place}")
    return _footer(code, int(len(code) - varies[code.leaves :].sum()), None, look)


def _add_source(
    drawing: Drawing, code: Code, value: int, name: str, names: Names, look: Look, shown: set[int]
) -> str:
    """The name of a value's box, which is added now if it is a leaf not shown yet or a constant."""
    if value < 0:
        drawing.node(name, **look.constant(float(code.constants[-1 - value])))
        return name
    if value < code.leaves and value not in shown:
        shown.add(value)
        leaf = names.leaves[value]
        if value < code.inputs:
            drawing.node(f"v{value}", **look.input([leaf], f"%{value} input {leaf}"))
        else:
            drawing.node(f"v{value}", **look.captured([leaf], f"%{value} captured {leaf}"))
    return f"v{value}"


def _weights(code: Code) -> set[int]:
    """The captured leaves and constants that are nothing but factors or starts in dot products."""
    counts, roles = uses(code), Counter[int]()
    for _, row, operands in code:
        if row.name in PAIRED:
            roles.update(operands)
    return {
        value
        for value, count in roles.items()
        if count == counts[value] and (value < 0 or code.inputs <= value < code.leaves)
    }


def _arrows(
    code: Code, row: Primitive, operands: Sequence[int], weights: set[int], names: Names
) -> tuple[str, list[tuple[int, str]]]:
    """What an instruction's box says, and what flows into it with what stands at the arrow."""
    if row.name not in PAIRED:
        known = row.arity is None or row.arity == 1 or row.name in COMMUTE
        return row.glyph, [
            (operand, "" if known else _role(row, place)) for place, operand in enumerate(operands)
        ]
    title, arrows = row.glyph, []
    start = len(operands) % 2
    if start and operands[0] in weights:
        if operands[0] >= 0 or code.constants[-1 - operands[0]] != 0:
            title += f" + {_short(code, operands[0], names)}"
    elif start:
        arrows.append((operands[0], "start"))
    for place in range(start, len(operands), 2):
        one, other = operands[place : place + 2]
        if one in weights and other not in weights:
            arrows.append((other, _short(code, one, names)))
        elif other in weights and one not in weights:
            arrows.append((one, _short(code, other, names)))
        else:
            pair = f"pair {place // 2 + 1}"
            arrows += [(one, pair), (other, pair)]
    return title, arrows


def _role(row: Primitive, place: int) -> str:
    """What an operand is to its instruction: its own word, or which of several it is."""
    name = row.operands[place]
    return name if len(name) > 1 else ORDINALS[place] if place < len(ORDINALS) else f"{place + 1}th"


def _short(code: Code, value: int, names: Names) -> str:
    """A constant, or the last of a leaf's name that is more than a number: `weights.3`."""
    if value < 0:
        return repr(float(code.constants[-1 - value]))
    parts = names.leaves[value].split(".")
    last = next((k for k in range(len(parts) - 1, -1, -1) if not parts[k].isdigit()), 0)
    return clip(".".join(parts[last:]))


def _add_boxes(drawing: Drawing, code: Code, names: Names, grouping: Grouping, look: Look) -> str:
    """Add every box of several, and the arrows between them; the footer."""
    once = 0
    for place, box in enumerate(grouping.boxes):
        drawing.node(f"g{place}", **_box(code, box, place in grouping.outputs, look))
        once += len(box.members) * box.once
    for (source, target), count in grouping.flows.items():
        width = {"penwidth": f"{min(4.0, 0.8 + math.log10(count)):.2f}"}
        tooltip = {"edgetooltip": counted(count, "operand")}
        drawing.edge(f"g{source}", f"g{target}", **width, **tooltip)
    for place, outputs in grouping.outputs.items():
        lines = [names.outputs[outputs[0]] or "result"]
        if len(outputs) > 1:
            lines = [f"{lines[0]} … {names.outputs[outputs[-1]]}", counted(len(outputs), "output")]
        drawing.node(f"out{place}", **look.output(lines))
        drawing.edge(f"g{place}", f"out{place}")
    drawing.graph_attr.update(ranksep="0.5")
    return _footer(code, once, grouping, look)


def _box(code: Code, box: Box, output: bool, look: Look) -> Attributes:
    first, last, count = box.members[0], box.members[-1], len(box.members)
    span = f"%{first}" if count == 1 else f"%{first} … %{last}"
    many = [] if count == 1 else [counted(count, box.what)]
    if box.what == "instruction":
        lines = [*box.title.split("\n"), *many, span]
        return look.instruction(lines, " ".join([*many, span]), box.once, output)
    if box.what == "captured" and many:
        many = [f"{count:,} captured"]
    add = look.input if box.what == "input" else look.captured
    return add([box.title, *many], f"{box.what} {box.title}\n{span}")


def _footer(code: Code, once: int, grouping: Grouping | None, look: Look) -> str:
    """The line below the picture: how much there is, and what runs once a call."""
    total = counted(len(code), "instruction")
    if grouping is not None:
        shown = sum(box.what == "instruction" for box in grouping.boxes)
        noun = "box" if shown == 1 else "boxes"
        total = f"{shown:,} {noun} for {total} ({'by depth' if grouping.by_depth else 'by kind'})"
    return f"{total}; {look.once}: once a call" if once else total
