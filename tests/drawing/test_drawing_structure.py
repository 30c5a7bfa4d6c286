"""The picture read back from its SVG: every node, every edge, every label inside its box."""

import re
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograd_core.drawing import Drawing, draw
from autograd_core.drawing.labels import clip, minimum_width
from autograd_core.drawing.looks import CLASSIC, MODERN, THEMES, Style
from autograd_core.drawing.rendering.rasterize import _BUNDLED
from autograd_core.drawing.statements import Plan, operation_circle
from autograd_core.graph.traversal import topological
from autograd_core.graph.value import Value
from autograd_core.primitives import PRIMITIVES
from tests.drawing.svg_reading import (
    SVG,
    assert_labels_inside,
    edge_titles,
    elements,
    font_tables,
    read,
    texts,
    tooltip,
    width_in_ems,
)

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


def expected_edges(root: Value) -> Counter[str]:
    order = topological(root)
    position = {value: index for index, value in enumerate(order)}
    edges: Counter[str] = Counter()
    for index, value in enumerate(order):
        if value.op:
            edges.update(f"v{position[parent]}->op{index}" for parent in value.parents)
            edges[f"op{index}->v{index}"] += 1
    return edges


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
