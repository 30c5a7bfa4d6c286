"""The picture read back from its SVG: every node, every edge, every label inside its box."""

import re
import struct
import unicodedata
import xml.etree.ElementTree as ElementTree
from collections import Counter
from functools import cache
from importlib.resources import files
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograd_core.drawing import Drawing, draw
from autograd_core.drawing.labels import clip, minimum_width
from autograd_core.drawing.looks import CLASSIC, MODERN, THEMES, Style
from autograd_core.drawing.rasterize import _BUNDLED
from autograd_core.drawing.statements import Plan, operation_circle
from autograd_core.graph import topological
from autograd_core.primitives import PRIMITIVES
from autograd_core.value import Value

SVG = "{http://www.w3.org/2000/svg}"
TITLE = "{http://www.w3.org/1999/xlink}title"

NAMES = [
    'say "hi"',
    "{braces}",
    "a|b",
    "<b>bold</b>",
    "<<i>html</i>>",
    "a & b &amp; &lt; &#65;",
    "back\\slash \\N \\n \\",
    "\\",
    "  two  spaces  ",
    "->",
    "tab\there",
    "null\0 bell\a",
    "lone \ud800 surrogate",
    "two\nlines",
    "one\r\nor\rthree",
    "שלום עולם",
    "مرحبا بالعالم",
    "漢字の名前",
    "переменная Ж",
    "e\u0301 combining",
    "family \U0001f468\u200d\U0001f469\u200d\U0001f467",
    "override \u202e reversed",
    "WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWW",
    "node",
    "digraph",
    "-2.5",
    "",
]


def elements(root: ElementTree.Element, kind: str) -> dict[str, ElementTree.Element]:
    found = [group for group in root.iter(f"{SVG}g") if group.get("class") == kind]
    return {group.findtext(f"{SVG}title") or "": group for group in found}


def edge_titles(root: ElementTree.Element) -> Counter[str]:
    groups = (group for group in root.iter(f"{SVG}g") if group.get("class") == "edge")
    return Counter(group.findtext(f"{SVG}title") or "" for group in groups)


def texts(group: ElementTree.Element) -> list[str]:
    return ["".join(text.itertext()).replace("\u00a0", " ") for text in group.iter(f"{SVG}text")]


def tooltip(group: ElementTree.Element) -> str:
    return next(link.get(TITLE) or "" for link in group.iter(f"{SVG}a")).replace("\u00a0", " ")


def read(drawing: Drawing) -> ElementTree.Element:
    return ElementTree.fromstring(drawing.pipe("svg"))


def expected_edges(root: Value) -> Counter[str]:
    order = topological(root)
    position = {value: index for index, value in enumerate(order)}
    edges: Counter[str] = Counter()
    for index, value in enumerate(order):
        if value.op:
            edges.update(f"v{position[parent]}->op{index}" for parent in value.parents)
            edges[f"op{index}->v{index}"] += 1
    return edges


@cache
def font_tables() -> tuple[dict[int, int], list[int], int]:
    """Of the font that ships: glyph by character, advance width by glyph, units to the em."""
    data = (
        files("autograd_core.drawing").joinpath("fonts", "LiberationSans-Regular.ttf").read_bytes()
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


def expression() -> Value:
    a, b, c = Value(-2.0, name="a"), Value(1.5, name="b"), Value(1e-9, name="rate")
    d = (a * b + c) * 2.5 + a
    e = (d + d).relu() * (b + -a)
    e.backward()
    return e


@pytest.mark.parametrize("style", ["modern", "classic"])
@pytest.mark.parametrize("rankdir", ["LR", "TB"])
def test_every_node_and_edge_is_drawn_and_every_label_is_inside_its_box(
    style: str, rankdir: str
) -> None:
    root = expression()
    order = topological(root)
    svg = read(draw(root, style=style, rankdir=rankdir))
    values = {f"v{i}" for i in range(len(order))}
    operations = {f"op{i}" for i, value in enumerate(order) if value.op}
    assert elements(svg, "node").keys() == values | operations
    assert edge_titles(svg) == expected_edges(root)
    assert_labels_inside(svg)


@pytest.mark.parametrize("name", sorted(PRIMITIVES))
@pytest.mark.parametrize("style", [MODERN, CLASSIC], ids=lambda style: style.name)
def test_every_primitives_sign_is_inside_its_circle(name: str, style: Style) -> None:
    drawing = Drawing()
    drawing.node_attr.update(style.nodes(THEMES["light"]))
    plan = Plan(style, THEMES["light"], "LR", str, frozenset())
    drawing.node("op0", **operation_circle(name, plan))
    svg = read(drawing)
    assert texts(elements(svg, "node")["op0"]) == [PRIMITIVES[name].glyph]
    assert tooltip(elements(svg, "node")["op0"]) == name
    assert_labels_inside(svg)


def test_every_number_of_a_value_is_read_back() -> None:
    root = expression()
    nodes = elements(read(draw(root)), "node")
    for index, value in enumerate(topological(root)):
        grad = [] if value.constant else [f"grad {value.grad:.4g}"]
        name = [value.name] if value.name else []
        assert texts(nodes[f"v{index}"]) == [*name, f"{value.data:.4g}", *grad]
        assert f"data {value.data!r}" in tooltip(nodes[f"v{index}"]).splitlines()


def test_every_local_gradient_stands_on_its_edge() -> None:
    root = expression()
    drawn: Counter[tuple[str, str]] = Counter()
    for group in read(draw(root)).iter(f"{SVG}g"):
        if group.get("class") == "edge" and texts(group):
            drawn[group.findtext(f"{SVG}title") or "", texts(group)[0]] += 1
    order = topological(root)
    expected: Counter[tuple[str, str]] = Counter()
    for index, value in enumerate(order):
        for parent, local in zip(value.parents, value.local_gradients, strict=True):
            if not parent.constant:
                expected[f"v{order.index(parent)}->op{index}", f"∂ {local:.4g}"] += 1
    assert drawn == expected


@pytest.mark.parametrize("style", ["modern", "classic"])
@pytest.mark.parametrize("name", NAMES, ids=ascii)
def test_a_name_is_shown_as_it_is_and_inside_its_box(name: str, style: str) -> None:
    svg = read(draw(Value(1.0, name=name) + Value(2.0), style=style))
    lines = re.split("\r\n|\r|\n", name)
    visible = [
        "".join(c if c.isprintable() or c == "\u200d" else ascii(c)[1:-1] for c in line)
        for line in lines
    ]
    group = elements(svg, "node")["v0"]
    assert texts(group)[:-2] == (visible if name else [])
    kind, *rest = tooltip(group).split("\n")
    assert "\n".join([kind, *rest[: len(lines) - 1]]) == "leaf" + (
        " " + "\n".join(visible) if name else ""
    )
    assert_labels_inside(svg)


def test_a_name_of_ten_thousand_characters_is_shortened_and_kept_in_the_tooltip() -> None:
    name = "begin" + "-" * 9_990 + "final"
    svg = read(draw(Value(1.0, name=name)))
    group = elements(svg, "node")["v0"]
    shown = texts(group)[0]
    assert len(shown) == 32
    assert shown.startswith("begin-")
    assert shown.endswith("-final")
    assert "…" in shown
    assert tooltip(group).split("\n")[0] == f"leaf {name} (root)"
    assert_labels_inside(svg)


def test_a_name_of_many_lines_is_shortened() -> None:
    assert clip("1\n2\n3") == "1\n2\n3"
    assert clip("1\n2\n3\n4") == "1\n2\n…"


@settings(deadline=None)
@given(st.text(min_size=1, max_size=60))
def test_any_name_is_shown_in_full_or_shortened(name: str) -> None:
    svg = read(draw(Value(1.0, name=name)))
    group = elements(svg, "node")["v0"]
    # Graphviz makes room for a blank line and writes nothing there.
    assert texts(group)[:-2] == [line for line in clip(name).split("\n") if line]
    assert_labels_inside(svg)


@settings(deadline=None, max_examples=50)
@given(
    st.lists(
        st.tuples(st.sampled_from(["+", "*", "neg"]), st.integers(0, 99), st.integers(0, 99)),
        max_size=25,
    ),
    st.sampled_from(["modern", "classic"]),
)
def test_random_graphs_are_drawn_whole(steps: list[tuple[str, int, int]], style: str) -> None:
    values = [Value(0.5, name="a"), Value(-1.5), Value(2.0)]
    for sign, i, j in steps:
        x, y = values[i % len(values)], values[j % len(values)]
        values.append(x + y if sign == "+" else x * y if sign == "*" else -x)
    root = values[-1]
    svg = read(draw(root, style=style))
    order = topological(root)
    assert len(elements(svg, "node")) == len(order) + sum(bool(value.op) for value in order)
    assert edge_titles(svg) == expected_edges(root)
    assert_labels_inside(svg)


def test_no_letter_of_the_font_that_ships_is_wider_than_boxes_make_room_for() -> None:
    glyphs, _, _ = font_tables()
    room = {
        chr(code): (minimum_width([chr(code) * 100, "\u0416"], 72) or 0) / 100
        for code in glyphs
        if chr(code).isprintable() and _BUNDLED.fullmatch(chr(code))
    }
    too_wide = {c: width_in_ems(c) - room[c] for c in room if room[c] < width_in_ems(c)}
    assert len(room) > 900
    assert not [c for c in too_wide if c.isascii()]
    assert len(too_wide) <= 30  # double letters such as Ǆ, for which the margins may do
    assert max(too_wide.values()) < 0.25


def test_the_characters_counted_on_are_in_the_font_that_ships() -> None:
    glyphs, _, _ = font_tables()
    counted_on = [code for code in range(0x20, 0x10000) if _BUNDLED.fullmatch(chr(code))]
    assert [hex(code) for code in counted_on if not glyphs.get(code)] == []
    assert len(counted_on) > 900
