"""The page with a surface in a real browser: it draws, it turns, it fits narrow screens."""

import pytest

from nn.landscape import over_function

KEYS = {"right": "\ue014", "up": "\ue013", "back": "0"}


@pytest.fixture
def page(browser, tmp_path):
    seen = over_function(lambda x, y: x * x - y * y, (-1.0, 1.0), (-1.0, 1.0), points=9)
    ways = {"one": [[1.0, 1.0], [0.0, 0.5]], "other": [[-1.0, 1.0], [0.0, 0.0]]}
    browser.get(seen.turnable(ways).save(tmp_path / "turn.html").as_uri())
    return browser


def drawn(page):
    return page.execute_script("return document.getElementById('view').toDataURL()")


def test_the_surface_is_drawn_and_turns_by_keys_and_back(page):
    view, start = page.find_element("id", "view"), drawn(page)
    colors = page.execute_script(
        "const c = document.getElementById('view'), d = c.getContext('2d')"
        ".getImageData(0, 0, c.width, c.height).data, found = new Set();"
        "for (let k = 0; k < d.length; k += 4) if (d[k + 3]) found.add(d[k] + ',' + d[k + 1]);"
        "return found.size;"
    )
    assert colors > 50
    view.send_keys(KEYS["right"])
    turned = drawn(page)
    assert turned != start
    view.send_keys(KEYS["up"])
    assert drawn(page) not in (start, turned)
    view.send_keys(KEYS["back"])
    assert drawn(page) == start


def test_it_turns_by_dragging(page):
    from selenium.webdriver import ActionChains

    start = drawn(page)
    view = page.find_element("id", "view")
    ActionChains(page).click_and_hold(view).move_by_offset(60, 20).release().perform()
    moved = drawn(page)
    assert moved != start
    ActionChains(page).move_by_offset(30, 0).perform()  # nothing is held any more
    assert drawn(page) == moved


def test_the_paths_are_named_and_nothing_leaves_a_narrow_page(page):
    assert [item.text for item in page.find_elements("css selector", "#names li")] == [
        "one",
        "other",
    ]
    size = page.get_window_size()
    try:
        page.set_window_size(500, 800)
        wide = "return document.documentElement.scrollWidth <= window.innerWidth"
        assert page.execute_script(wide)
    finally:
        page.set_window_size(size["width"], size["height"])
