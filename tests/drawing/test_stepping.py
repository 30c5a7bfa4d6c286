"""Stepping through a graph: the sweep's own numbers, and the page and frames read back."""

import json
import re
import struct
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograd_core import dot, maximum, where
from autograd_core.drawing import Animation, animate
from autograd_core.drawing.animation.frames import frames_of
from autograd_core.drawing.animation.sweep_steps import steps_of
from autograd_core.drawing.folding.numbering import number_graph
from autograd_core.drawing.looks import THEMES
from autograd_core.graph.value import Value

SVG = "{http://www.w3.org/2000/svg}"
LINE = re.compile(r"(\S+)\.grad: (\S+) \+ (\S+) × (\S+) = (\S+)")


def product_of_sum() -> Value:
    x, y, z = Value(-2.0, name="x"), Value(5.0, name="y"), Value(-4.0, name="z")
    q = x + y
    q.name = "q"
    f = q * z
    f.name = "f"
    return f


def bits(number: float) -> bytes:
    return struct.pack("<d", number) if number == number else b"nan"


def unbracketed(text: str) -> float:
    return float(text.strip("()"))


OPERATIONS: list[Callable[[Value, Value], Value]] = [
    lambda x, y: x + y,
    lambda x, y: x * y,
    lambda x, y: x / y,
    lambda x, y: dot([x, y, x], [y, y, x], y),
    lambda x, y: where(x > 0, x, y),
    lambda x, y: maximum(x, y),
    lambda x, y: x.relu(),
    lambda x, y: x.exp(),
    lambda x, y: x * 3.0,
    lambda x, y: x.detach() * y,
]


@settings(deadline=None, max_examples=200)
@given(
    st.lists(st.floats(-5, 5), min_size=2, max_size=4),
    st.lists(
        st.tuples(st.integers(0, 9), st.integers(0, 99), st.integers(0, 99)),
        min_size=1,
        max_size=20,
    ),
)
def test_every_number_of_the_sweep_is_the_engines(
    leaves: list[float], recipe: list[tuple[int, int, int]]
) -> None:
    values = [Value(leaf) for leaf in leaves]
    for kind, i, j in recipe:
        x, y = values[-1 - i % len(values)], values[-1 - j % len(values)]
        values.append(OPERATIONS[kind](x, y))
    root = values[-1]
    if root.constant:
        return
    graph = number_graph(root)
    steps = steps_of(graph, repr)
    assert all(value.grad == 0 for value in graph.values)  # the graph itself is left as it was
    root.backward()
    come_to = [0.0] * len(graph.values)
    for step in steps:
        for place, grad in step.grads.items():
            come_to[place] = grad
        for line in step.lines:
            if found := LINE.fullmatch(line):
                before, slope, cotangent, after = map(unbracketed, found.groups()[1:])
                assert bits(before + cotangent * slope) == bits(after)
    for value, grad in zip(graph.values, come_to, strict=True):
        assert bits(grad) == bits(value.grad) or (grad == 0 and value.grad == 0)


def test_gradients_accumulate_over_paths() -> None:
    a = Value(3.0, name="a")
    assert animate(a * a + a).text.splitlines()[1:] == [
        "t1 = a × a = 3 × 3 = 9",
        "f = t1 + a = 9 + 3 = 12",
        "f.grad = 1: the sweep starts with ∂f/∂f",
        "t1.grad: 0 + 1 × 1 = 1",
        "a.grad: 0 + 1 × 1 = 1",
        "a.grad: 1 + 3 × 1 = 4",
        "a.grad: 4 + 3 × 1 = 7",
        "∂f/∂a = 7",
    ]


def test_a_cotangent_of_zero_and_a_branch_not_taken_are_said() -> None:
    x, y = Value(-1.0, name="x"), Value(2.0, name="y")
    dead = animate((x * y).relu() * y).text
    assert "t2.grad: 0 + 2 × 1 = 2" in dead
    assert "t1.grad is 0: nothing flows on to x, y" in dead
    chosen = animate(where(x > 0, x, y)).text
    assert "x.grad: nothing is added, it was not chosen" in chosen
    assert "y.grad: 0 + 1 × 1 = 1" in chosen


def test_no_arithmetic_is_claimed_that_was_not_done() -> None:
    f = product_of_sum()
    f.parents[1].data = 10.0  # z, after f was computed
    lines = animate(f).text.splitlines()
    assert lines[1:4] == [
        "q = x + y = -2 + 5 = 3",
        "f = q × z = -12",
        "This was computed before an operand's data was changed.",
    ]
    assert "q.grad: 0 + (-4) × 1 = -4" in lines  # the sweep uses what was recorded


def test_animating_changes_no_gradient() -> None:
    f = product_of_sum()
    f.backward(10.0)
    before = [value.grad for value in number_graph(f).values]
    text = animate(f).text
    assert [value.grad for value in number_graph(f).values] == before
    assert "q.grad: 0 + (-4) × 1 = -4" in text


class Page(HTMLParser):
    """What a page consists of."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.data: dict[str, str] = {}
        self._open = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._open = dict(attrs).get("id") or tag

    def handle_data(self, data: str) -> None:
        self.data[self._open] = self.data.get(self._open, "") + data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


@pytest.fixture(scope="module")
def animation() -> Animation:
    return animate(product_of_sum())


@pytest.fixture(scope="module")
def page(animation: Animation) -> Page:
    return Page(animation.html)


def test_the_page_needs_no_network_and_nothing_beside_it(page: Page) -> None:
    assert not page.all("link")
    assert not page.all("img")
    assert not [attributes for attributes in page.all("script") if "src" in attributes]
    used = page.data["script"] + page.data["style"]
    assert not re.search(r"https?:|url\(|@import|fetch\(|XMLHttp", used)


def test_every_control_has_a_name_and_the_caption_is_announced(page: Page) -> None:
    buttons = page.all("button")
    assert [button["id"] for button in buttons] == ["first", "back", "play", "next", "last"]
    assert all(button.get("aria-label") or page.data[str(button["id"])] for button in buttons)
    (slider,) = page.all("input")
    assert (slider["type"], slider["aria-label"], slider["max"]) == ("range", "Step", "6")
    (caption,) = [attributes for _, attributes in page.tags if attributes.get("id") == "caption"]
    assert (caption["role"], caption["aria-live"]) == ("status", "polite")
    (picture,) = page.all("svg")
    assert picture["role"] == "img"
    assert "reverse sweep of f" in str(picture["aria-label"])
    assert page.all("html")[0]["lang"] == "en"
    assert "prefers-reduced-motion: reduce" in page.data["style"]


def told(page: Page) -> list[dict[str, Any]]:
    steps: list[dict[str, Any]] = json.loads(page.data["steps"])["steps"]
    return steps


def test_each_step_holds_only_what_it_changes(page: Page) -> None:
    steps = told(page)
    assert steps[1]["changes"] == [
        ["v2", "data", "3"],
        ["e2-0", "local", "∂ 1"],
        ["e2-1", "local", "∂ 1"],
    ]
    assert [change[:2] for change in steps[5]["changes"]] == [
        [box, part] for box in ("v0", "v1") for part in ("grad", "fill", "border")
    ]
    assert steps[4]["focus"] == ["v4", "e4-0", "e4-1", "r4"]
    assert [step["title"] for step in steps] == [
        "Start",
        "Forward pass, 1 of 2",
        "Forward pass, 2 of 2",
        "Reverse sweep, 1 of 3",
        "Reverse sweep, 2 of 3",
        "Reverse sweep, 3 of 3",
        "Result",
    ]


def test_whatever_a_step_names_is_in_the_picture(page: Page) -> None:
    ids = {attributes.get("id") for _, attributes in page.tags}
    for step in told(page):
        assert {box for box, _, _ in step["changes"]} | set(step["focus"]) <= ids


def test_names_cannot_leave_their_place_in_the_page() -> None:
    name = '</script><img src=x onerror=alert(1)>"&'
    f = Value(2.0, name=name) * 3.0
    f.name = "<b>$title"
    animation = animate(f)
    page = Page(animation.html)
    assert not page.all("img")
    assert not page.all("b")
    assert any(name in line for step in told(page) for line in step["lines"])
    frame = Page(animation._repr_html_())
    assert [tag for tag, _ in frame.tags] == ["iframe"]


def test_a_notebook_shows_the_page_in_a_frame_of_its_own(animation: Animation) -> None:
    (frame,) = Page(animation._repr_html_()).all("iframe")
    assert frame["srcdoc"] == animation.html
    assert frame["sandbox"] == "allow-scripts"
    assert frame["title"] == "Forward pass and reverse sweep of f"


def states(animation: Animation) -> list[dict[str, dict[str, str]]]:
    """What every box says in each frame."""
    found = []
    for frame in frames_of(animation._scene, animation._steps, THEMES["light"]):
        boxes: dict[str, dict[str, str]] = {}
        for group in ElementTree.fromstring(frame).iter(f"{SVG}g"):
            if group.get("class") == "node" and str(group.get("id")).startswith("v"):
                texts = {
                    str(text.get("class")): str(text.text) for text in group.iter(f"{SVG}text")
                }
                boxes[str(group.get("id"))] = texts
        found.append(boxes)
    return found


def test_frames_say_what_the_steps_have_come_to(animation: Animation) -> None:
    seen = states(animation)
    assert len(seen) == animation.steps
    assert [state["v2"]["data"] for state in seen] == ["?", *["3"] * 6]
    assert [state["v4"]["data"] for state in seen] == ["?", "?", *["-12"] * 5]
    assert [state["v2"]["grad"] for state in seen] == [*["grad 0"] * 4, *["grad -4"] * 3]
    assert [state["v0"]["grad"] for state in seen] == [*["grad 0"] * 5, *["grad -4"] * 2]
    assert [state["v0"]["data"] for state in seen] == ["-2"] * 7


def locals_of(animation: Animation) -> list[dict[str, str]]:
    """What every edge says in each frame."""
    found = []
    for frame in frames_of(animation._scene, animation._steps, THEMES["light"]):
        said = {}
        for group in ElementTree.fromstring(frame).iter(f"{SVG}g"):
            texts = [str(text.text) for text in group.iter(f"{SVG}text")]
            if group.get("class") == "edge" and texts:
                (said[str(group.get("id"))],) = texts
        found.append(said)
    return found


def test_a_local_gradient_shows_once_its_operation_is_computed(animation: Animation) -> None:
    seen = locals_of(animation)
    ends = {"e2-0": "∂ 1", "e2-1": "∂ 1", "e4-0": "∂ -4", "e4-1": "∂ 3"}
    unknown = dict.fromkeys(ends, "∂ ?")
    assert seen == [unknown, unknown | {"e2-0": "∂ 1", "e2-1": "∂ 1"}, *[ends] * 5]


def test_numbers_have_no_local_gradient_to_show() -> None:
    x = Value(2.0, name="x")
    assert locals_of(animate(x * 3.0))[0] == {"e2-0": "∂ ?"}


def test_every_box_is_wide_enough_for_all_that_it_will_say() -> None:
    a, b = Value(0.1, name="a"), Value(-123.456789, name="b")
    f = (a * b - b) * a + (a - b) * 1e-7 * b
    animation = animate(f, number_format=".6g")
    groups = {str(group.get("id")): group for group in animation._scene.svg.iter(f"{SVG}g")}
    for state in states(animation):
        for box, fields in state.items():
            outline = groups[box].find(f".//{SVG}path")
            assert outline is not None
            xs = [float(x) for x in re.findall(r"(-?[\d.]+),", str(outline.get("d")))]
            for text in fields.values():
                # A digit of Liberation Sans is 0.556 em, and no letter of "grad" is wider.
                assert len(text) * 0.556 * 11 <= max(xs) - min(xs)


def test_a_leaf_alone_has_steps_too() -> None:
    assert animate(Value(2.0, name="w")).text.splitlines()[1:] == [
        "w.grad = 1: the sweep starts with ∂w/∂w",
        "∂w/∂w = 1",
    ]
