"""The page of snapshots in a real browser: slider, keys, playing; every point in its color."""

import pytest

from nn.boundary.drawing import FAINTEST, STRONGEST, colors_of, strength
from tests.nn.boundary import test_snapshots

kept = test_snapshots.kept

PIXEL = """
const [column, row] = arguments;
const { cells } = window.snapshots;
return [...cells.getContext("2d").getImageData(column, data.points - 1 - row, 1, 1).data];
"""


@pytest.fixture
def page(browser, kept, tmp_path):
    browser.get(kept.save(tmp_path / "page.html").as_uri())
    return browser


def shown(page):
    return page.find_element("id", "said").text


def test_arrow_keys_step_through_the_epochs(page, kept):
    from selenium.webdriver.common.keys import Keys

    titles = [snapshot.title for snapshot in kept.snapshots]
    slider = page.find_element("id", "slider-0")
    assert shown(page) == titles[0]
    for title in titles[1:]:
        slider.send_keys(Keys.ARROW_RIGHT)
        assert shown(page) == title
        assert (title.split(",")[0] + " ").startswith(
            f"epoch {slider.get_attribute('aria-valuetext')} "
        )
    slider.send_keys(Keys.ARROW_RIGHT)
    assert shown(page) == titles[-1]
    slider.send_keys(Keys.HOME)
    assert shown(page) == titles[0]


def test_play_runs_to_the_last_epoch_and_stops(page, kept):
    from selenium.webdriver.support.ui import WebDriverWait

    page.find_element("id", "play").click()
    assert page.find_element("id", "play").text == "Pause"
    last = kept.snapshots[-1].title
    WebDriverWait(page, 10).until(lambda _: shown(page) == last)
    WebDriverWait(page, 10).until(lambda _: page.find_element("id", "play").text == "Play")


@pytest.mark.parametrize("place", [0, 3])
def test_every_point_has_the_color_of_its_class_as_strong_as_it_is_sure(page, kept, place):
    for _ in range(place):
        page.find_element("id", "step").click()
    regions = kept.snapshots[place].regions
    colors = [[int(c[at : at + 2], 16) for at in (1, 3, 5)] for c in colors_of(["a", "b"])]
    for row in (0, 5, 11):
        for column in (0, 6, 11):
            found = page.execute_script(PIXEL, column, row)
            sure = round(15 * strength(regions)[row, column]) / 15
            opacity = 255 * (FAINTEST + (STRONGEST - FAINTEST) * sure)
            assert found[3] == pytest.approx(opacity, abs=1)
            # A canvas keeps colors multiplied by their opacity, and rounded.
            expected = colors[regions.classes[row, column]]
            assert found[:3] == pytest.approx(expected, abs=255 / max(found[3], 1))


@pytest.mark.parametrize("width", [320, 1000])
def test_nothing_is_wider_than_the_window(page, width):
    page.set_window_size(width, 800)
    assert page.execute_script("return document.documentElement.scrollWidth <= innerWidth")
    assert page.execute_script(
        "return document.querySelector('.plane').getBoundingClientRect().width > 250"
    )
    page.set_window_size(1000, 900)


def test_nothing_goes_wrong_and_nothing_is_fetched(page):
    assert not [entry for entry in page.get_log("browser") if entry["level"] == "SEVERE"]
    assert page.execute_script("return performance.getEntriesByType('resource').length") == 0
