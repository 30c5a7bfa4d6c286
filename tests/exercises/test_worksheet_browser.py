"""The worksheet in a real browser: what is typed gets the words that `Exercise` has for it."""

import pytest

from autograd_core import Exercise, Value, worksheet


@pytest.fixture
def sheet(browser, tmp_path):
    a, b = Value(3.0, name="a"), Value(-0.5, name="b")
    graph = ((a * a + a).named("g") * b.sigmoid()).named("f")
    browser.get(worksheet(graph).save(tmp_path / "sheet.html").as_uri())
    return browser, Exercise(graph)


def typed(browser, label, text):
    for row in browser.find_elements("css selector", ".blank"):
        if row.find_element("tag name", "label").text.endswith(f"{label} ="):
            field = row.find_element("tag name", "input")
            field.clear()
            field.send_keys(text + "\n")
            return row.get_attribute("class"), row.find_element("tag name", "output").text
    raise AssertionError(f"no blank for {label}")


@pytest.mark.parametrize(
    ("question", "text", "answer"),
    [
        ("∂f/∂g", "0.3775406687981454", 0.3775406687981454),
        ("∂f/∂g", "0.378", 0.378),
        ("∂f/∂g", "-0.378", -0.378),
        ("∂f/∂a", "7", 7.0),
        ("∂f/∂a", "0.37754", 0.37754),
        ("∂f/∂b", "1/4", 0.25),
        ("∂f/∂b", "−2.82", -2.82),
        ("∂f/∂b", "1e3", 1000.0),
    ],
)
def test_the_page_has_the_words_of_check(sheet, question, text, answer):
    browser, check = sheet
    verdict = check(question, answer)
    kind, words = typed(browser, question, text)
    assert words == verdict.words.partition(":")[0] if verdict else words == verdict.words
    assert kind == ("blank right" if verdict else "blank wrong")


def test_what_is_no_number_is_said_to_be_none_and_the_score_counts(sheet):
    browser, _ = sheet
    words = "this is no number; write it as 0.25, 1/4 or -3e-2"
    for text in ("four", "1/2/3", "1½", "½?", "2²", "1.2.3", "1/", "0.3x", "1,2,3", "--1", "e"):
        assert typed(browser, "∂f/∂g", text) == ("blank wrong", words), text
    score = browser.find_element("id", "score")
    assert score.text.startswith("0 of ")
    browser.find_element("id", "solve").click()
    count = len(browser.find_elements("css selector", ".blank"))
    assert score.text == f"{count} of {count} right"
    browser.find_element("id", "clear").click()
    assert score.text == f"0 of {count} right"


@pytest.mark.parametrize(
    ("truth", "texts"),
    [
        (1 / 3, ["1/3", "0.333", "0,333", ".333", "3.33e-1", "+ 1 / 3", "⅓", " 0.3333 "]),
        (-0.5, ["-½", "−1/2", "-0,5", "1/-2", "- .5", "-5e-1"]),
        (1e-3, ["1e-3", "1E-3", "0.001", "0,001", "1/1000", "1/1,000"]),
        (2.718, ["2.718", "2,718", "2,72"]),
        (1234567.0, ["1234567", "1,234,567", "1.23e6", "1,23e6"]),
        (0.0, ["0", "-0", "0.0", "0/7"]),
    ],
)
def test_right_answers_are_right_however_they_are_written(browser, tmp_path, truth, texts):
    x = Value(truth, name="x")
    browser.get(worksheet((x * 1.0).named("f")).save(tmp_path / "sheet.html").as_uri())
    for text in texts:
        kind, words = typed(browser, "f = x · 1", text)
        assert (kind, words.startswith("right")) == ("blank right", True), text
    assert typed(browser, "f = x · 1", "") == ("blank", "")


def test_special_numbers_are_typed_and_shown(browser, tmp_path):
    x = Value(0.0, name="x")
    browser.get(worksheet(x.log().named("f")).save(tmp_path / "sheet.html").as_uri())
    for text in ("-inf", "-∞", "-Infinity", "−inf", "-1/0"):
        assert typed(browser, "f = log(x)", text)[0] == "blank right", text
    assert typed(browser, "f = log(x)", "inf") == ("blank wrong", "the sign is turned")
    assert typed(browser, "f = log(x)", "nan") == ("blank wrong", "not yet: it is a number")
    assert typed(browser, "f = log(x)", "-3")[0] == "blank wrong"
    browser.find_element("id", "solve").click()
    count = len(browser.find_elements("css selector", ".blank"))
    assert browser.find_element("id", "score").text == f"{count} of {count} right"


def test_a_phone_has_room_for_the_blanks_and_shows_the_graph_as_large_as_it_is(browser, tmp_path):
    x, y, z = (Value(1.0 + k, name=name) for k, name in enumerate("xyz"))
    browser.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride",
        {"width": 390, "height": 844, "deviceScaleFactor": 1, "mobile": True},
    )
    try:
        browser.get(worksheet((x * y + z) * x).save(tmp_path / "sheet.html").as_uri())
        script = """const tall = (all) => Math.min(...[...document.querySelectorAll(all)]
            .map((each) => each.getBoundingClientRect().height).filter((height) => height));
            return [document.documentElement.scrollWidth, tall(".picture text"), tall("input")];"""
        wide, text, field = browser.execute_script(script)
    finally:
        browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    assert wide == 390
    assert text >= 9
    assert field >= 36
