"""The race of optimizers in a real browser: points and values are those of the descents."""

from __future__ import annotations

import pytest

from nn import explore_race, optim, problems
from nn.descent import descend
from tests.exploring.test_explorer import errors, move, number


def way(kind, steps, **options):
    closure, parameters = problems.rosenbrock.begin()
    return descend(closure, kind(parameters, **options), steps)


@pytest.fixture
def ways():
    return {
        "momentum": way(optim.SGD, 30, learning_rate=5e-4, momentum=0.9),
        "Adam": way(optim.Adam, 12, learning_rate=0.05),
        "</script> & co": way(optim.SGD, 30, learning_rate=1e-3),
    }


def shown(browser):
    lines = browser.find_elements("css selector", "#said p")
    found = {}
    for line in lines:
        exact = line.find_element("css selector", "[data-exact]").get_attribute("data-exact")
        found[line.text.rpartition(": f = ")[0].strip()] = number(exact)
    return found


def assert_at(browser, ways, step):
    expected = {
        name: problems.rosenbrock(*one.path[min(step, len(one.path) - 1)].tolist())
        for name, one in ways.items()
    }
    found = shown(browser)
    assert found == expected
    assert list(found.values()) == sorted(found.values())


def test_it_is_played_paused_stepped_and_dragged(browser, tmp_path, ways):
    browser.get(explore_race(problems.rosenbrock, ways).save(tmp_path / "race.html").as_uri())
    assert_at(browser, ways, 0)
    for step in (1, 2):
        browser.find_element("id", "step").click()
        assert_at(browser, ways, step)
    for step in (20, 30, 5):
        move(browser, [step])
        assert_at(browser, ways, step)
    play = browser.find_element("id", "play")
    play.click()
    assert play.get_attribute("aria-pressed") == "true"
    play.click()
    assert play.get_attribute("aria-pressed") == "false"
    browser.find_element("id", "again").click()
    assert_at(browser, ways, 0)
    drawn = browser.find_elements("css selector", ".plane .way")
    assert len({line.get_attribute("stroke-dasharray") for line in drawn}) == len(ways)
    assert errors(browser) == []


def test_played_to_the_end_it_stops_there(browser, tmp_path, ways):
    from selenium.webdriver.support.ui import WebDriverWait

    browser.get(explore_race(problems.rosenbrock, ways).save(tmp_path / "race.html").as_uri())
    play = browser.find_element("id", "play")
    play.click()
    WebDriverWait(browser, 30).until(lambda _: play.get_attribute("aria-pressed") == "false")
    assert_at(browser, ways, 30)
    assert errors(browser) == []


def test_nothing_is_wider_than_a_phone(browser, tmp_path, ways):
    browser.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride",
        {"width": 390, "height": 800, "deviceScaleFactor": 1, "mobile": True},
    )
    try:
        browser.get(explore_race(problems.rosenbrock, ways).save(tmp_path / "race.html").as_uri())
        assert browser.execute_script("return document.documentElement.scrollWidth") <= 390
    finally:
        browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def test_what_cannot_race_says_why():
    with pytest.raises(TypeError, match=r"takes one of nn\.problems; got .* of type function"):
        explore_race(lambda x, y: x * y, {"a": [(0, 0)]})
    with pytest.raises(ValueError, match="shows one to 6 ways; got 0"):
        explore_race(problems.beale, {})
    with pytest.raises(ValueError, match="'a' is no path of finite points"):
        explore_race(problems.beale, {"a": [1.0, 2.0]})
    with pytest.raises(ValueError, match="'a' is no path of finite points"):
        explore_race(problems.beale, {"a": [(0.0, float("nan"))]})
    with pytest.raises(TypeError, match="'a' is no path: give a Descent or its points, got 'b'"):
        explore_race(problems.beale, {"a": "b"})
    with pytest.raises(ValueError, match="theme='blue' is unknown"):
        explore_race(problems.beale, {"a": [(0.0, 1.0)]}, theme="blue")
