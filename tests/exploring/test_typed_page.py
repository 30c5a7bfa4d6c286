"""Expressions typed in a real browser: every number is the engine's, what is wrong has a place."""

from __future__ import annotations

import random

import pytest

from autograd_core import Value, explore_expression, topological
from autograd_core.command_line.expression import FUNCTIONS
from autograd_core.exploring.page_operations import callable_functions
from tests.exploring.test_explorer import errors, move, number, read
from tests.program.exports.running_javascript import same


def type_in(browser, text):
    browser.execute_script(
        "const field = document.getElementById('expression'); field.value = arguments[0];"
        "field.dispatchEvent(new Event('input'))",
        text,
    )


def trouble(browser):
    return browser.find_element("id", "trouble").text


@pytest.fixture
def page(browser, tmp_path):
    browser.get(explore_expression().save(tmp_path / "page.html").as_uri())
    return browser


def engine(text, variables):
    """The graph that Python makes of the same text."""
    *definitions, last = text.split(";")
    for definition in definitions:
        name, _, value = definition.partition("=")
        variables[name.strip()] = eval(value.strip(), FUNCTIONS | variables)
    name, equals, value = last.partition("=")
    return eval(
        (value if equals and name.strip().isidentifier() else last).strip(), FUNCTIONS | variables
    )


def assert_as_the_engine(browser, text, ulps=8):
    found = read(browser)
    names = [label.text for label in browser.find_elements("css selector", ".slider label")]
    leaves = {
        name: Value(float(at), name=name) for name, at in zip(names, found["at"], strict=True)
    }
    root = engine(text, dict(leaves))
    root.backward()
    order = topological(root)
    assert len(found["data"]) == len(order)
    for place, node in enumerate(order):
        assert same(number(found["data"][f"v{place}"][1]), node.data, ulps), (text, place)
        if not node.constant:
            grad = number(found["grad"][f"v{place}"][1])
            assert same(grad, node.grad, ulps) or abs(grad - node.grad) < 1e-12, (text, place)
        for index, (parent, slope) in enumerate(
            zip(node.parents, node.local_gradients, strict=True)
        ):
            if not parent.constant:
                local = number(found["local"][f"e{place}-{index}"][1])
                assert same(local, slope, ulps) or abs(local - slope) < 1e-14, (text, place)
    said = [number(text) for text in found["said"]]
    expected = [leaf.data for leaf in leaves.values()] + [root.data]
    assert same(said[: len(expected)], expected, ulps)
    for shown, leaf in zip(said[len(expected) :], leaves.values(), strict=False):
        assert same(shown, leaf.grad, ulps) or abs(shown - leaf.grad) < 1e-12


ARITHMETIC = [
    "(x + y) * z",
    "a + a",
    "q = x + y; f = q * z",
    "q = x*x; r = q / y - q; r * r + q",
    "-x*x - -y",
    "2 - x - (3 - (y - 4)) / 7 * 2 + +x",
    "x - y - z * x / y / z",
    "7 // 2 * x % y + x // y",
    "maximum(x, 1) + minimum(2, y) * maximum(x, y) + maximum(x, x)",
    "relu(x) * abs(y) + leaky_relu(x) + leaky_relu(y, 0.2) + sign(x)",
    "where(x > y, x * x, y) + where(x * y <= 0, 1, 2) * x",
    "clamp(x, y, 2) * sqrt(y * y + 1)",
    "1_000 * x + 2.5e-3 / y + .5",
]
FUNCTIONS_TOO = [
    "x**2 + 2**x + (x * x + 1)**y",
    "-x**2 + (x**2)**2 ** 0.5 + 2**-x",
    "sin(x) * exp(-x**2 / 4) + sin(1) * y",
    "log(x) / y",
    "hypot(3, x) + atan2(y, 2) + logaddexp(x, y) + elu(x)",
]


@pytest.mark.parametrize("text", [*ARITHMETIC, *FUNCTIONS_TOO])
def test_every_number_is_the_engine_s_at_the_same_point(page, text):
    type_in(page, text)
    assert trouble(page) == ""
    ulps = 0 if text in ARITHMETIC else 8
    assert_as_the_engine(page, text, ulps)
    source = random.Random(text)
    for _ in range(3):
        move(
            page,
            [
                round(source.uniform(-5, 5), 1)
                for _ in page.find_elements("css selector", ".slider")
            ],
        )
        assert_as_the_engine(page, text, ulps)
    assert errors(page) == []


def test_every_function_of_the_table_is_taken(page):
    for name, told in callable_functions().items():
        variables = ["x", "y", "z"][: told["most"]]
        if name == "where":
            variables[0] = "x > 0"
        text = f"{name}({', '.join(variables)}) * 1.5"
        type_in(page, text)
        assert trouble(page) == "", text
        move(page, [0.6, 0.3, 0.9][: told["most"]])
        assert_as_the_engine(page, text, 16)
    assert errors(page) == []


@pytest.mark.parametrize(
    ("text", "column", "words"),
    [
        ("", 1, "type an expression"),
        ("(x + y", 1, "this parenthesis is not closed"),
        ("x + y)", 6, "closes no parenthesis"),
        ("x + ", 4, "an operand is missing"),
        ("x + * y", 5, "an operand is missing before *"),
        ("2x", 2, "a product is written 2 * x"),
        ("(x)(y)", 4, "a product is written"),
        ("x(y)", 1, "x is no function here"),
        ("x + x(y)", 5, "a product is written x * (…)"),
        ("x ^ 2", 3, "a power is written **"),
        ("x y", 3, "an operator is missing before y"),
        ("sin x", 1, "sin is a function: write sin(…)"),
        ("sin(x, y)", 1, "sin takes 1 operand, not 2"),
        ("sin()", 1, "sin takes 1 operand, not 0"),
        ("x > 2", 3, "a comparison stands first in where"),
        ("where(x, 1, 2)", 8, "where chooses by a comparison"),
        ("x if y else z", 3, "a choice is written where"),
        ("import os", 1, "an operator is missing before import"),
        ("constructor(x)", 1, "constructor is no function here"),
        ("x.sin", 2, ". means nothing here"),
        ("q = x; q = y", 8, "q is defined already"),
        ("q * x; q = y", 1, "q was used above"),
        ("sin = x", 1, "sin has a meaning already"),
        ("x + y = 2", 7, "only a name stands before ="),
        ("x, y", 2, "a comma stands between"),
        ("(" * 300 + "x", 101, "nested too deeply"),
        ("+".join("x" * 600), 1001, "longer than a page takes"),
        ("𝛼𝛼 + $", 6, "$ means nothing here"),
    ],
)
def test_what_is_wrong_is_said_in_one_line_at_its_place(page, text, column, words):
    before = read(page)
    type_in(page, text)
    line = trouble(page)
    assert f"column {column}: " in line
    assert words in line
    assert "\n" not in line
    field = page.find_element("id", "expression")
    assert field.get_attribute("aria-invalid") == "true"
    assert read(page) == before  # what was last understood stays
    type_in(page, "x + y")
    assert trouble(page) == ""
    assert field.get_attribute("aria-invalid") is None
    assert errors(page) == []


def test_names_that_objects_have_are_names(page):
    type_in(page, "constructor * __proto__ + toString")
    assert trouble(page) == ""
    assert_as_the_engine(page, "constructor * __proto__ + toString", 0)


def test_variables_stay_where_they_were_moved_to(page):
    move(page, [1.5, 2.5, -3.5])
    type_in(page, "y * w - x")
    assert_as_the_engine(page, "y * w - x", 0)
    at = dict(zip("ywx", map(float, read(page)["at"]), strict=True))
    assert (at["x"], at["y"]) == (1.5, 2.5)
    type_in(page, "2 * 3")
    assert number(read(page)["said"][0]) == 6.0
    assert errors(page) == []


def test_the_page_calls_what_the_command_line_does():
    assert set(callable_functions()) == set(FUNCTIONS)


def test_it_begins_with_what_python_asked_for(browser, tmp_path):
    page = explore_expression("q = x + y; q * z", x=(-5, 5, -2), y=(0, 10, 5), z=(-5, 5, -4))
    browser.get(page.save(tmp_path / "page.html").as_uri())
    found = read(browser)
    assert [number(text) for text in found["said"]][:7] == [-2, 5, -4, -12, -4, -4, 3]
    browser.find_element("css selector", "#examples button:nth-child(2)").click()
    assert_as_the_engine(browser, "a + a", 0)
    assert errors(browser) == []


@pytest.mark.parametrize("width", [360, 390, 1200])
def test_nothing_is_wider_than_the_window(browser, tmp_path, width):
    browser.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride",
        {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": width < 500},
    )
    try:
        page = explore_expression("sigmoid(w*x + b) * (w + x)**2 - tanh(x) / 3")
        browser.get(page.save(tmp_path / "page.html").as_uri())
        assert browser.execute_script("return document.documentElement.scrollWidth") <= width
    finally:
        browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def test_boxes_of_a_graph_do_not_lie_over_one_another(page):
    type_in(page, "q = x*y; r = sin(q) + q*z; r*x + tanh(r - z) / (q + y**2 + x*z*r)")
    boxes = page.execute_script(
        "return [...document.querySelectorAll('#typed-graph .node rect, #typed-graph .operation')]"
        ".map((e) => { const b = e.getBBox(); return [b.x, b.y, b.width, b.height]; })"
    )
    for place, (x, y, width, height) in enumerate(boxes):
        for a, b, wide, tall in boxes[:place]:
            assert x + width <= a or a + wide <= x or y + height <= b or b + tall <= y


def test_what_python_asks_for_is_checked_there():
    with pytest.raises(TypeError, match=r"takes the text of an expression.*explore\(\)"):
        explore_expression(lambda x: x)
    with pytest.raises(TypeError, match="is no range"):
        explore_expression("x", x=3)
    with pytest.raises(ValueError, match="theme='blue' is unknown"):
        explore_expression(theme="blue")
