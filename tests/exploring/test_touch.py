"""Pages on a phone: by a finger the sliders and points move, and the page does not."""

import pytest

from autograd_core import Value, explore, explore_descent, explore_expression, worksheet
from nn import explore_neuron, explore_race, playground, problems

PHONE = {"width": 390, "height": 844, "deviceScaleFactor": 2, "mobile": True}
SMALL = """
const small = [...document.querySelectorAll("button, input, select, summary")].filter((each) => {
  const { width, height } = each.getBoundingClientRect();
  return width && (width < 24 || height < 24);
});
const texts = [...document.querySelectorAll(".plane text")].filter((each) => {
  const { width, height } = each.getBoundingClientRect();
  return Math.max(width, height) && Math.max(width, height) < 7;
});
return [document.documentElement.scrollWidth, small.length, texts.length];
"""


@pytest.fixture
def phone(browser):
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", PHONE)
    browser.execute_cdp_cmd("Emulation.setTouchEmulationEnabled", {"enabled": True})
    yield browser
    browser.execute_cdp_cmd("Emulation.setTouchEmulationEnabled", {"enabled": False})
    browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def drag(browser, selector, start, end):
    """A finger from one share of an element's width and height to another."""
    script = """document.querySelector(arguments[0]).scrollIntoView({ block: "center" });
        const box = document.querySelector(arguments[0]).getBoundingClientRect();
        return [box.left, box.top, box.width, box.height];"""
    left, top, width, height = browser.execute_script(script, selector)

    def touch(kind, points):
        told = [{"x": left + width * x, "y": top + height * y} for x, y in points]
        browser.execute_cdp_cmd("Input.dispatchTouchEvent", {"type": kind, "touchPoints": told})

    touch("touchStart", [start])
    for k in range(1, 9):
        touch("touchMove", [[a + (b - a) * k / 8 for a, b in zip(start, end, strict=True)]])
    touch("touchEnd", [])


def said(browser):
    return browser.find_element("id", "said").text


def scrolled(browser):
    return browser.execute_script("return scrollY")


def test_a_finger_drags_the_start_of_a_descent_and_its_rate(phone, tmp_path):
    page = explore_descent(lambda x, y: x * x + 8 * y * y, x=(-3, 3), y=(-2, 2))
    phone.get(page.save(tmp_path / "page.html").as_uri())
    drag(phone, "#plot .plane", (0.6, 0.4), (0.4, 0.7))
    place = scrolled(phone)
    first = said(phone)
    assert first.startswith("start: x = -")
    drag(phone, "#plot .plane", (0.4, 0.7), (0.8, 0.1))
    assert said(phone).startswith("start: x = 1.")
    assert scrolled(phone) == place
    before = said(phone).split("\n")[1]
    drag(phone, "#slider-0", (0.5, 0.5), (0.9, 0.5))
    assert said(phone).split("\n")[1] != before


def test_a_finger_drags_the_point_that_is_explored(phone, tmp_path):
    page = explore(lambda x, y: x * y, x=(-2, 2), y=(-2, 2))
    phone.get(page.save(tmp_path / "page.html").as_uri())
    drag(phone, ".plane", (0.5, 0.5), (0.8, 0.2))
    x, y = (float(phone.find_element("id", f"slider-{k}").get_attribute("value")) for k in (0, 1))
    assert (x > 0.5, y > 0.5) == (True, True)
    assert said(phone).startswith(f"f({x:g}, {y:g})")


def test_a_finger_turns_a_surface_and_the_page_stays(phone, tmp_path):
    page = problems.rosenbrock.landscape(9).turnable()
    phone.get(page.save(tmp_path / "page.html").as_uri())
    picture = "return document.getElementById('view').toDataURL()"
    before = phone.execute_script(picture)
    drag(phone, "#view", (0.3, 0.3), (0.7, 0.5))
    assert phone.execute_script(picture) != before
    assert scrolled(phone) == 0


def test_fingers_choose_layers_and_train(phone, tmp_path):
    phone.get(playground().save(tmp_path / "page.html").as_uri())
    for name in ("#add", "#step"):
        drag(phone, name, (0.5, 0.5), (0.5, 0.5))
    assert len(phone.find_elements("css selector", ".layer")) == 3
    assert said(phone).startswith("epoch 0, 1 steps")


@pytest.mark.parametrize(
    "page",
    [
        explore(lambda x, y: x * y, x=(-2, 2), y=(-2, 2)),
        explore_descent(lambda x, y: x * x + 8 * y * y, x=(-3, 3), y=(-2, 2)),
        explore_expression("(x + y) * z"),
        explore_neuron(),
        explore_race(problems.rosenbrock, {"straight": [(-1.2, 1.0), (1.0, 1.0)]}),
        playground(),
        problems.rosenbrock.landscape(5).turnable(),
        worksheet(Value(2.0, name="x") * Value(3.0, name="y")),
    ],
    ids=repr,
)
def test_what_is_touched_and_read_is_large_enough(phone, tmp_path, page):
    phone.get(page.save(tmp_path / "page.html").as_uri())
    assert phone.execute_script(SMALL) == [390, 0, 0]
