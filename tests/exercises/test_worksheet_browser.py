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
    assert typed(browser, "∂f/∂g", "four") == ("blank wrong", "this is no number")
    score = browser.find_element("id", "score")
    assert score.text.startswith("0 of ")
    browser.find_element("id", "solve").click()
    count = len(browser.find_elements("css selector", ".blank"))
    assert score.text == f"{count} of {count} right"
    browser.find_element("id", "clear").click()
    assert score.text == f"0 of {count} right"
