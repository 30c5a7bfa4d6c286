"""A picture read back from its SVG: nodes, edges, and whether every label is inside its box."""

import re
import struct
import unicodedata
import xml.etree.ElementTree as ElementTree
from collections import Counter
from functools import cache
from importlib.resources import files
from itertools import pairwise

from autograd_core.drawing import Drawing

SVG = "{http://www.w3.org/2000/svg}"
TITLE = "{http://www.w3.org/1999/xlink}title"


def elements(root: ElementTree.Element, kind: str) -> dict[str, ElementTree.Element]:
    found = [group for group in root.iter(f"{SVG}g") if group.get("class") == kind]
    return {group.findtext(f"{SVG}title") or "": group for group in found}


def edge_titles(root: ElementTree.Element) -> Counter[str]:
    groups = (group for group in root.iter(f"{SVG}g") if group.get("class") == "edge")
    return Counter(group.findtext(f"{SVG}title") or "" for group in groups)


def visible_edges(drawing: Drawing) -> Counter[str]:
    """What the titles of the edges must be; those that only keep boxes in a row are not drawn."""
    edges = (re.match(r"\s*(\w+) -> (\w+)", line) for line in drawing.body if "invis" not in line)
    return Counter(f"{edge[1]}->{edge[2]}" for edge in edges if edge)


def texts(group: ElementTree.Element) -> list[str]:
    return ["".join(text.itertext()).replace("\u00a0", " ") for text in group.iter(f"{SVG}text")]


def tooltip(group: ElementTree.Element) -> str:
    return next(link.get(TITLE) or "" for link in group.iter(f"{SVG}a")).replace("\u00a0", " ")


def read(drawing: Drawing) -> ElementTree.Element:
    return ElementTree.fromstring(drawing.pipe("svg"))


@cache
def font_tables() -> tuple[dict[int, int], list[int], int]:
    """Of the font that ships: glyph by character, advance width by glyph, units to the em."""
    data = (
        files("autograd_core.drawing.rendering")
        .joinpath("fonts", "LiberationSans-Regular.ttf")
        .read_bytes()
    )
    tables = {
        data[at : at + 4].decode(): struct.unpack(">I", data[at + 8 : at + 12])[0]
        for at in range(12, 12 + 16 * struct.unpack(">H", data[4:6])[0], 16)
    }
    units = struct.unpack_from(">H", data, tables["head"] + 18)[0]
    long_metrics = struct.unpack_from(">H", data, tables["hhea"] + 34)[0]
    widths = [
        struct.unpack_from(">H", data, tables["hmtx"] + 4 * glyph)[0]
        for glyph in range(long_metrics)
    ]
    glyphs: dict[int, int] = {}
    cmap = tables["cmap"]
    for record in range(struct.unpack_from(">H", data, cmap + 2)[0]):
        at = cmap + struct.unpack_from(">I", data, cmap + 8 + 8 * record)[0]
        if struct.unpack_from(">H", data, at)[0] != 4:
            continue
        count = struct.unpack_from(">H", data, at + 6)[0] // 2
        ends = struct.unpack_from(f">{count}H", data, at + 14)
        starts = struct.unpack_from(f">{count}H", data, at + 16 + 2 * count)
        deltas = struct.unpack_from(f">{count}H", data, at + 16 + 4 * count)
        offsets = struct.unpack_from(f">{count}H", data, at + 16 + 6 * count)
        for i, (start, end, delta, offset) in enumerate(
            zip(starts, ends, deltas, offsets, strict=True)
        ):
            for code in range(start, end + 1):
                glyph = code
                if offset:
                    place = at + 16 + 6 * count + 2 * i + offset + 2 * (code - start)
                    glyph = struct.unpack_from(">H", data, place)[0]
                if glyph or not offset:
                    glyphs[code] = (glyph + delta) % 65536
    return glyphs, widths, units


def width_in_ems(text: str) -> float:
    """How wide the text is drawn: measured in the font, a whole em for letters it lacks."""
    glyphs, widths, units = font_tables()
    total = 0.0
    for character in text:
        if unicodedata.combining(character) or unicodedata.category(character) == "Cf":
            continue
        glyph = glyphs.get(ord(character))
        total += 1.0 if glyph is None else widths[min(glyph, len(widths) - 1)] / units
    return total


def box_of(group: ElementTree.Element) -> tuple[float, float, float, float]:
    """Left, top, right, bottom of a node's outline."""
    numbers: list[float] = []
    for shape in group.iter():
        numbers += map(float, re.findall(r"-?[\d.]+", shape.get("points") or shape.get("d") or ""))
        if shape.tag == f"{SVG}ellipse":
            x, y, rx, ry = (float(shape.get(name) or "nan") for name in ("cx", "cy", "rx", "ry"))
            numbers += [x - rx, y - ry, x + rx, y + ry]
    return min(numbers[::2]), min(numbers[1::2]), max(numbers[::2]), max(numbers[1::2])


def fields_of(group: ElementTree.Element) -> list[tuple[float, float, float, float]]:
    """The box cut at the lines between its fields."""
    left, top, right, bottom = box_of(group)
    vertical, horizontal = [left, right], [top, bottom]
    for line in group.iter(f"{SVG}polyline"):
        x0, y0, x1, y1 = map(float, re.findall(r"-?[\d.]+", line.get("points") or ""))
        if x0 == x1:
            vertical.append(x0)
        else:
            assert y0 == y1
            horizontal.append(y0)
    xs, ys = sorted(vertical), sorted(horizontal)
    return [(x0, y0, x1, y1) for x0, x1 in pairwise(xs) for y0, y1 in pairwise(ys)]


def assert_labels_inside(root: ElementTree.Element) -> None:
    for title, group in elements(root, "node").items():
        for text in group.iter(f"{SVG}text"):
            size = float(text.get("font-size") or "nan")
            x, y = float(text.get("x") or "nan"), float(text.get("y") or "nan")
            half = width_in_ems("".join(text.itertext())) * size / 2
            # From the highest letter to the line on which letters stand.
            inside = [
                left <= x - half and x + half <= right and top <= y - 0.72 * size and y <= bottom
                for left, top, right, bottom in fields_of(group)
            ]
            assert any(inside), (title, "".join(text.itertext()))
