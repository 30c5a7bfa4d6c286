"""A function's page in a real browser: every number is the engine's, by slider, key and drag."""

from __future__ import annotations

import math
import random
import struct
from typing import Any

import pytest

import autograd_core as ag
from autograd_core import Value, explore, topological
from autograd_core.errors import BackendError, RecordingError
from autograd_core.exploring.probe import probe_of, recorded
from nn import playground
from tests.program.exports.running_javascript import same


def read(browser: Any) -> dict[str, Any]:
    """Every number on the page, with all its digits."""
    return dict(
        browser.execute_script(
            """const all = (selector) => [...document.querySelectorAll(selector)];
            const of = (kind) => Object.fromEntries(all(`.${kind}[data-exact]`).map((e) =>
                [e.closest(".node, .edge").id, [e.textContent, e.dataset.exact]]));
            return {data: of("data"), grad: of("grad"), local: of("local"),
                said: all("#said [data-exact]").map((e) => e.dataset.exact),
                at: all(".slider output").map((e) => e.title)};"""
        )
    )


def move(browser: Any, numbers: list[float]) -> None:
    browser.execute_script(
        """arguments[0].forEach((x, k) => { const e = document.getElementById("slider-" + k);
        e.value = x; e.dispatchEvent(new Event("input")); })""",
        numbers,
    )


def errors(browser: Any) -> list[str]:
    return [entry["message"] for entry in browser.get_log("browser")]


def number(text: str) -> float:
    return float({"Infinity": "inf", "-Infinity": "-inf"}.get(text, text))


w = Value(0.7, name="w")
FUNCTIONS: dict[str, tuple[Any, dict[str, Any], float]] = {
    "exact": (lambda x, y: (x + y) * y - x / y + x.relu(), {"x": (-5, 5), "y": (1, 3)}, 0),
    "one input": (lambda x: x.sin() * (-0.2 * x * x).exp() + 0.3 * x, {"x": (-4, 4)}, 8),
    "two inputs": (lambda x, y: (x * y).tanh() + x**2, {"x": (-2, 2), "y": (-1, 1, 0.5)}, 8),
    "three": (lambda x, y, z: (x + y) * z, {"x": (-5, 5), "y": (-5, 5), "z": (-5, 5)}, 0),
    "captured": (lambda x: (w * x).sigmoid() + w, {"x": (-5, 5)}, 8),
    "used twice": (lambda a: a + a * a.sqrt(), {"a": (0, 4)}, 0),
    "beyond": (lambda x: 1.0 / x + x.log(), {"x": (0, 1, 0)}, 8),
}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_number_is_the_engine_s_at_the_same_point(browser, tmp_path, name):
    function, ranges, ulps = FUNCTIONS[name]
    browser.get(explore(function, **ranges).save(tmp_path / "page.html").as_uri())
    source = random.Random(name)
    points = [None, *([source.uniform(*given[:2]) for given in ranges.values()] for _ in range(4))]
    for point in points:
        if point is not None:
            move(browser, point)
        found = read(browser)
        w.grad = 0.0
        leaves = [Value(float(at), name=key) for at, key in zip(found["at"], ranges, strict=True)]
        root = function(*leaves)
        root.backward()
        order = topological(root)
        for place, node in enumerate(order):
            shown, digits = found["data"][f"v{place}"]
            assert same(number(digits), node.data, ulps)
            assert shown == f"{number(digits):.4g}"
            if not node.constant:
                shown, digits = found["grad"][f"v{place}"]
                assert same(number(digits), node.grad, ulps) or abs(node.grad) < 1e-12
                assert shown == f"grad {number(digits):.4g}"
            for index, (parent, slope) in enumerate(
                zip(node.parents, node.local_gradients, strict=True)
            ):
                if not parent.constant:
                    shown, digits = found["local"][f"e{place}-{index}"]
                    assert same(number(digits), slope, ulps)
                    assert shown == f"∂ {number(digits):.4g}"
        said = [number(text) for text in found["said"]]
        grads = [leaf.grad for leaf in leaves]
        assert same(
            said[: 2 * len(leaves) + 1], [leaf.data for leaf in leaves] + [root.data, *grads], 8
        )
    assert errors(browser) == []


def test_numbers_are_written_as_python_writes_them(browser, tmp_path):
    browser.get(explore(lambda x: x, x=(0, 1)).save(tmp_path / "page.html").as_uri())
    source = random.Random(4)
    numbers = [
        0.0625,
        1.0625,
        -1.0635,
        0.5,
        12345.0,
        12355.0,
        99995.0,
        1e22,
        5e-324,
        0.00012345,
        -0.0,
    ]
    numbers += [source.uniform(-10, 10) * 10 ** source.randrange(-8, 8) for _ in range(500)]
    numbers += [source.randrange(10**6) / 2 ** source.randrange(12) for _ in range(500)]
    numbers += [x for x in struct.unpack("<200d", source.randbytes(1600)) if x == x]
    texts = browser.execute_script(
        "return arguments[0].map((x) => short(Number(x)))", list(map(repr, numbers))
    )
    assert texts == [f"{x:.4g}" for x in numbers]


def test_keys_and_drags_move_the_point(browser, tmp_path):
    from selenium.webdriver.common.action_chains import ActionChains
    from selenium.webdriver.common.keys import Keys

    page = explore(lambda x, y: x * y, x=(-1, 1, 0), y=(-1, 1, 0))
    browser.get(page.save(tmp_path / "page.html").as_uri())
    plane = browser.find_element("css selector", ".plane")
    ActionChains(browser).move_to_element_with_offset(plane, 60, -40).click().perform()
    before = [float(at) for at in read(browser)["at"]]
    assert min(before) > 0.05
    plane.send_keys(Keys.ARROW_LEFT, Keys.ARROW_UP, Keys.ARROW_UP)
    after = [float(at) for at in read(browser)["at"]]
    assert after == [round(before[0] - 0.02, 2), round(before[1] + 0.04, 2)]
    browser.find_element("id", "slider-0").send_keys(Keys.HOME)
    found = read(browser)
    assert number(found["at"][0]) == -1.0
    assert number(found["data"]["v2"][1]) == -after[1]
    assert "∂f/∂x = " in plane.get_attribute("aria-label")


@pytest.mark.parametrize("width", [360, 700, 1200])
def test_nothing_is_wider_than_the_window(browser, tmp_path, width):
    page = explore(lambda x, y: ((x * y).tanh() + x**2).exp() / (1 + y * y), x=(-2, 2), y=(-1, 1))
    browser.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride",
        {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": width < 500},
    )
    try:
        browser.get(page.save(tmp_path / "page.html").as_uri())
        assert browser.execute_script("return document.documentElement.scrollWidth") <= width
        sizes = browser.execute_script(
            "const wide = (e) => e.getBoundingClientRect().width;"
            "return [...document.querySelectorAll('input')].map(wide)"
        )
        assert min(sizes) > 150
    finally:
        browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def test_colors_follow_the_reader_s_settings_unless_told(browser, tmp_path):
    grounds = {}
    for theme in ("auto", "light", "dark"):
        page = explore(lambda x: x * x, x=(0, 1), theme=theme)
        for asked in ("light", "dark"):
            browser.execute_cdp_cmd(
                "Emulation.setEmulatedMedia",
                {"features": [{"name": "prefers-color-scheme", "value": asked}]},
            )
            browser.get(page.save(tmp_path / "page.html", overwrite=True).as_uri())
            grounds[theme, asked] = browser.execute_script(
                "return getComputedStyle(document.body).backgroundColor"
            )
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})
    light, dark = "rgb(255, 255, 255)", "rgb(13, 17, 23)"
    assert grounds == {
        ("auto", "light"): light, ("auto", "dark"): dark, ("light", "light"): light,
        ("light", "dark"): light, ("dark", "light"): dark, ("dark", "dark"): dark,
    }  # fmt: skip


def test_names_are_shown_as_they_are_and_end_nothing(browser, tmp_path):
    leaf = Value(2.0, name="</script><b>&amp;")

    def µ(class_, __proto__):
        return class_ * leaf + __proto__

    page = explore(µ, class_=(0, 1), __proto__=(0, 1))
    browser.get(page.save(tmp_path / "page.html").as_uri())
    assert errors(browser) == []
    labels = [e.text for e in browser.find_elements("css selector", ".slider label")]
    assert labels == ["class_", "__proto__"]
    assert browser.find_element("tag name", "h1").text.startswith(
        "\N{GREEK SMALL LETTER MU}(class_, __proto__) = "
    )
    assert browser.find_elements("tag name", "b") == []


def test_a_page_is_one_file_that_asks_for_nothing(tmp_path):
    html = explore(lambda x: x * x, x=(0, 1)).html
    outside = html.replace("http://www.w3.org/", "")
    assert "http" not in outside
    assert "src=" not in outside
    assert "import " not in outside


def test_in_a_notebook_it_stands_in_a_frame_of_its_own():
    shown = explore(lambda x: x * x, x=(0, 1))._repr_html_()
    assert shown.startswith('<iframe srcdoc="&lt;!DOCTYPE html&gt;')
    assert 'sandbox="allow-scripts"' in shown


@pytest.mark.parametrize(
    ("function", "title"),
    [
        (lambda x: 3.0, "f(x) = 3"),
        (lambda x: x, "f(x) = x"),
        (lambda x: x * x.detach(), "f(x) = x · x"),
        (lambda x: ag.where(x > 0, x, -x), "f(x)"),
    ],
)
def test_functions_with_little_to_say_are_shown_too(browser, tmp_path, function, title):
    browser.get(explore(function, x=(-1, 1, 0.5)).save(tmp_path / "page.html").as_uri())
    assert errors(browser) == []
    assert browser.find_element("tag name", "h1").text == title
    x = Value(0.5)
    root = function(x) * 1.0
    (slope,) = ag.gradients(root, [x]) if isinstance(root, Value) else [0.0]
    expected = root.data if isinstance(root, Value) else root
    assert [number(text) for text in read(browser)["said"]] == [0.5, expected, slope]


def test_the_frame_of_a_notebook_computes(browser, tmp_path):
    place = tmp_path / "notebook.html"
    shown = explore(lambda x: x * x, x=(-1, 1, 0.5))._repr_html_()
    place.write_text(f"<!DOCTYPE html><meta charset='utf-8'>{shown}", encoding="utf-8")
    browser.get(place.as_uri())
    browser.switch_to.frame(browser.find_element("tag name", "iframe"))
    try:
        assert read(browser)["said"] == ["0.5", "0.25", "1"]
        assert errors(browser) == []
    finally:
        browser.switch_to.default_content()


def test_where_there_is_no_number_the_page_says_so(browser, tmp_path):
    for function, told in [(lambda x, y: x.log() * y, True), (lambda x, y: x * y, False)]:
        page = explore(function, x=(-1, 1, 0.5), y=(0, 1))
        browser.get(page.save(tmp_path / "page.html", overwrite=True).as_uri())
        text = browser.find_element("id", "said-and-hint").text
        assert ("tinted there is no finite number" in text) is told


def test_a_finger_scrolls_past_pictures_that_do_not_move(browser, tmp_path):
    browser.get(explore(lambda x: x, x=(0, 1)).save(tmp_path / "page.html").as_uri())
    script = "return getComputedStyle(document.querySelector('.plane')).touchAction"
    assert browser.execute_script(script) == "none"
    browser.get(playground().save(tmp_path / "playground.html").as_uri())
    assert browser.execute_script(script) == "auto"


def test_a_start_between_two_steps_is_kept_to_the_last_digit(browser, tmp_path):
    page = explore(lambda x: x.sin(), x=(0, 3, math.pi / 2))
    browser.get(page.save(tmp_path / "page.html").as_uri())
    assert number(read(browser)["said"][0]) == math.pi / 2
    move(browser, [1.5])
    assert number(read(browser)["said"][0]) == 1.5


def test_a_large_graph_is_counted_and_not_drawn(browser, tmp_path):
    page = explore(lambda x: ag.sum([x.sin() * k for k in range(100)]), x=(0, 1))
    assert "The graph of 302 values is too large to be drawn." in page.html
    browser.get(page.save(tmp_path / "page.html").as_uri())
    assert errors(browser) == []
    assert len(read(browser)["said"]) == 3


def test_what_cannot_be_explored_says_why():
    with pytest.raises(RecordingError, match="where"):
        explore(lambda x: x if x > 0 else -x, x=(0, 1))
    with pytest.raises(TypeError, match="a function that gives one number"):
        explore(lambda x: [x, x], x=(0, 1))
    with pytest.raises(ValueError, match="theme='blue' is unknown; expected one of auto"):
        explore(lambda x: x, x=(0, 1), theme="blue")
    with pytest.raises(ValueError, match="rankdir='XY' is unknown"):
        explore(lambda x: x, x=(0, 1), rankdir="XY")

    @ag.primitive(lambda x, out: ag.cos(x), name="wave_of_the_explorer_test")
    def wave(x):
        return 1.0

    with pytest.raises(BackendError, match="wave_of_the_explorer_test"):
        explore(lambda x: wave(x), x=(0, 1))


def test_the_program_of_all_numbers_has_the_engine_s_bits():
    def function(x, y):
        chosen = ag.where(x > y, (x * y).tanh(), x - y)
        return chosen + ag.dot([x, y], [y, y]) + ag.maximum(x, y)

    for point in [(1.0, 2.0), (2.0, 1.0), (1.0, 1.0), (0.0, -0.0)]:
        probe = probe_of(recorded(function, point), point)
        found = probe.numbers(*point)
        values = probe.graph.values
        assert found["data"].tolist() == [value.data for value in values]
        assert found["grad"].tolist() == [value.grad for value in values]
        slopes = [
            (parent.constant, slope)
            for value in values
            for parent, slope in zip(value.parents, value.local_gradients, strict=True)
        ]
        for (constant, slope), local in zip(slopes, found["local"].tolist(), strict=True):
            assert constant or local == slope
