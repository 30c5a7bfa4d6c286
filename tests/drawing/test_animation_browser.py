"""The page in a real browser: buttons, keys, slider, playing, a notebook's frame.

Where there is no browser these tests are skipped; `test_stepping` holds the same page to its
structure without one.
"""

from pathlib import Path
from typing import Any

import pytest

from autograd_core.drawing import Animation, animate
from autograd_core.graph.value import Value


@pytest.fixture(scope="module")
def animation() -> Animation:
    x, y, z = Value(-2.0, name="x"), Value(5.0, name="y"), Value(-4.0, name="z")
    q = x + y
    q.name = "q"
    f = q * z
    f.name = "f"
    return animate(f, interval=0.05)


@pytest.fixture
def page(browser: Any, animation: Animation, tmp_path: Path) -> "Page":
    browser.get(animation.save(tmp_path / "f.html").as_uri())
    return Page(browser)


class Page:
    """What a reader sees and does."""

    def __init__(self, browser: Any) -> None:
        self.browser = browser

    def element(self, name: str) -> Any:
        return self.browser.find_element("id", name)

    def press(self, *keys: str) -> None:
        from selenium.webdriver.common.keys import Keys

        for key in keys:
            focused = self.browser.switch_to.active_element
            focused.send_keys(" " if key == "SPACE" else getattr(Keys, key))

    @property
    def count(self) -> str:
        return str(self.element("count").text)

    @property
    def lines(self) -> list[str]:
        found = self.browser.find_elements("css selector", "#caption p")
        return [line.text for line in found]

    @property
    def boxes(self) -> dict[str, list[str]]:
        """The texts and the fill of every value."""
        return dict(
            self.browser.execute_script(
                """return Object.fromEntries([...document.querySelectorAll(".node[id^=v]")].map(
                (box) => [box.id, [...box.querySelectorAll("text")].map((text) => text.textContent)
                .concat(box.querySelector("path").getAttribute("fill"))]))"""
            )
        )

    @property
    def focus(self) -> set[str]:
        return {element.get_attribute("id") for element in
                self.browser.find_elements("css selector", ".on")}  # fmt: skip

    @property
    def errors(self) -> list[Any]:
        return list(self.browser.get_log("browser"))

    def wait(self, count: str) -> None:
        from selenium.webdriver.support.ui import WebDriverWait

        WebDriverWait(self.browser, 20, poll_frequency=0.02).until(lambda _: self.count == count)


START = {
    "v0": ["x", "-2", "grad 0", "#FFFFFF"],
    "v1": ["y", "5", "grad 0", "#FFFFFF"],
    "v2": ["q", "?", "grad 0", "#FFFFFF"],
    "v3": ["z", "-4", "grad 0", "#FFFFFF"],
    "v4": ["f", "?", "grad 0", "#FFFFFF"],
}


def test_the_page_opens_at_the_start_without_errors(page: Page) -> None:
    assert page.count == "0 / 6"
    assert page.boxes == START
    assert page.focus == set()
    assert page.errors == []
    assert page.element("back").get_attribute("disabled")
    assert not page.element("next").get_attribute("disabled")


def test_buttons_step_forward_and_back(page: Page) -> None:
    page.element("next").click()
    assert page.lines == ["q = x + y = -2 + 5 = 3"]
    assert page.boxes["v2"][1] == "3"
    assert page.focus == {"v2", "e2-0", "e2-1", "r2"}
    for _ in range(3):
        page.element("next").click()
    assert page.lines == ["q.grad: 0 + (-4) × 1 = -4", "z.grad: 0 + 3 × 1 = 3"]
    # By hand: q's gradient is the largest and negative, so q is as blue as it gets.
    assert page.boxes["v2"] == ["q", "3", "grad -4", "#74ADD1"]
    page.element("back").click()
    assert page.boxes["v2"] == ["q", "3", "grad 0", "#FFFFFF"]
    page.element("last").click()
    assert page.count == "6 / 6"
    assert page.boxes["v0"][2] == "grad -4"
    assert page.element("next").get_attribute("disabled")
    page.element("first").click()
    assert page.boxes == START


def test_keys_step_too(page: Page) -> None:
    page.press("ARROW_RIGHT", "ARROW_RIGHT")
    assert page.count == "2 / 6"
    page.press("ARROW_LEFT")
    assert page.count == "1 / 6"
    page.press("END")
    assert page.lines == ["∂f/∂x = -4", "∂f/∂y = -4", "∂f/∂z = 3"]
    page.press("PAGE_UP")
    assert page.count == "5 / 6"
    page.press("HOME")
    assert page.boxes == START


def test_the_slider_goes_anywhere_by_mouse_and_by_key(page: Page) -> None:
    page.browser.execute_script(
        "const slider = document.getElementById('slider'); slider.value = 5;"
        "slider.dispatchEvent(new Event('input', { bubbles: true }));"
    )
    assert page.count == "5 / 6"
    assert page.boxes["v1"][2] == "grad -4"
    page.element("slider").click()  # its middle
    assert page.count == "3 / 6"
    page.press("ARROW_RIGHT")  # the page's key and the slider's own: one step, not two
    assert page.count == "4 / 6"
    assert page.element("slider").get_attribute("aria-valuetext") == (
        "Step 4 of 6: Reverse sweep, 2 of 3"
    )


def test_it_plays_to_the_end_and_from_the_start_again(page: Page) -> None:
    page.element("play").click()
    page.wait("6 / 6")
    assert page.element("play").get_attribute("aria-pressed") == "false"
    assert page.boxes["v3"][2] == "grad 3"
    page.element("play").click()
    page.wait("6 / 6")
    assert page.errors == []


def test_space_pauses_and_a_button_with_the_focus_keeps_its_own_space(page: Page) -> None:
    page.browser.execute_script("setInterval = () => 1")  # time stands still
    page.press("SPACE")
    assert page.element("play").get_attribute("aria-pressed") == "true"
    page.press("SPACE")
    assert page.element("play").get_attribute("aria-pressed") == "false"
    page.element("next").click()
    page.press("SPACE")
    assert page.count == "2 / 6"
    assert page.element("play").get_attribute("aria-pressed") == "false"
    page.press("SPACE", "ARROW_RIGHT")  # the button again, then the key
    assert page.count == "4 / 6"


def test_two_frames_in_one_notebook_do_not_meet(
    browser: Any, animation: Animation, tmp_path: Path
) -> None:
    frame = animation._repr_html_()
    (tmp_path / "notebook.html").write_text(f"<p>{frame}</p><p>{frame}</p>", encoding="utf-8")
    browser.get((tmp_path / "notebook.html").as_uri())
    frames = browser.find_elements("tag name", "iframe")
    counts = []
    for place, steps in ((0, 2), (1, 0)):
        browser.switch_to.frame(frames[place])
        for _ in range(steps):
            Page(browser).element("next").click()
        counts.append(Page(browser).count)
        fits = "return document.documentElement.scrollHeight <= window.innerHeight"
        assert browser.execute_script(fits)
        browser.switch_to.default_content()
    assert counts == ["2 / 6", "0 / 6"]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_text_has_contrast_and_nothing_moves_where_motion_is_unwanted(
    browser: Any, theme: str, tmp_path: Path
) -> None:
    browser.execute_cdp_cmd(
        "Emulation.setEmulatedMedia",
        {"features": [{"name": "prefers-reduced-motion", "value": "reduce"}]},
    )
    browser.get(animate(Value(2.0) * 3.0, theme=theme).save(tmp_path / "f.html").as_uri())
    style = browser.execute_script(
        """const of = (name) => getComputedStyle(document.querySelector(name));
        return [of("body").color, of("body").backgroundColor, of(".keys").color,
                of("button").color, of("button").backgroundColor, of(".node path").transition]"""
    )
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})

    def luminance(color: str) -> float:
        channels = [int(part) / 255 for part in color.strip("rgba() ").split(",")[:3]]
        linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    def contrast(one: str, other: str) -> float:
        low, high = sorted((luminance(one), luminance(other)))
        return (high + 0.05) / (low + 0.05)

    text, ground, faint, label, button, transition = style
    assert contrast(text, ground) >= 7
    assert contrast(faint, ground) >= 4.5
    assert contrast(label, button) >= 4.5
    assert "0.25s" not in transition


def test_a_narrow_window_keeps_every_control_in_reach(page: Page) -> None:
    page.browser.set_window_size(500, 800)
    width = page.browser.execute_script("return document.documentElement.clientWidth")
    for name in ("first", "back", "play", "next", "last", "slider", "count"):
        place = page.element(name).rect
        assert place["x"] >= 0
        assert place["x"] + place["width"] <= width
    page.browser.set_window_size(1000, 900)


@pytest.mark.parametrize("rankdir", ["LR", "TB"])
def test_in_a_large_picture_what_is_looked_at_comes_into_view(
    browser: Any, rankdir: str, tmp_path: Path
) -> None:
    value = Value(1.0, name="x")
    for _ in range(40):
        value = value.sin()
    browser.get(animate(value, rankdir=rankdir).save(tmp_path / "f.html").as_uri())
    page = Page(browser)
    assert page.count == "0 / 82"
    # Of the 82 steps the 40th computes the root, at the far end, and the last looks at the leaf.
    for step in (1, 40, 42, 60, 82):
        page.browser.execute_script(
            "const slider = document.getElementById('slider'); slider.value = arguments[0];"
            "slider.dispatchEvent(new Event('input'))",
            step,
        )
        seen = browser.execute_script(
            """const outer = document.getElementById("picture").getBoundingClientRect();
            const inner = document.querySelector(".node.on").getBoundingClientRect();
            return inner.left >= outer.left && inner.right <= outer.right
                && inner.top >= outer.top && inner.bottom <= outer.bottom
                && document.documentElement.scrollHeight <= window.innerHeight"""
        )
        assert seen, step
