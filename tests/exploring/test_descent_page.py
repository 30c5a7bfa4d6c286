"""Descent on a page: the path is that of `nn.optim.SGD`, wherever start, η and β are moved."""

from __future__ import annotations

import pytest

from autograd_core import Value, explore, explore_descent
from nn import problems
from nn.descent import descend
from nn.optim import SGD
from tests.exploring.test_explorer import errors, move, number


def said(browser):
    return [
        number(text)
        for text in browser.execute_script(
            "const all = [...document.querySelectorAll('#said [data-exact]')];"
            "return all.map((e) => e.dataset.exact)"
        )
    ]


def assert_as_sgd(browser, problem):
    x, y, eta, beta, *end = said(browser)
    steps = int(browser.execute_script("return document.getElementById('slider-2').value"))
    closure, parameters = problem.begin((x, y))
    way = descend(closure, SGD(parameters, eta, momentum=beta), steps)
    assert end == [*way.path[-1].tolist(), way.loss]


@pytest.mark.parametrize(
    "problem", [problems.rosenbrock, problems.ravine(30.0), problems.himmelblau], ids=repr
)
def test_the_end_of_the_path_is_that_of_sgd_to_the_bit(browser, tmp_path, problem):
    browser.get(explore_descent(problem).save(tmp_path / "page.html").as_uri())
    assert said(browser)[:2] == list(problem.start)
    assert_as_sgd(browser, problem)
    power = float(browser.execute_script("return document.getElementById('slider-0').value"))
    for settings in ([power - 0.5, 0.0, 50], [power - 1, 0.5, 1], [power, 0.3, 300]):
        move(browser, settings)
        assert_as_sgd(browser, problem)
    assert errors(browser) == []


def test_the_start_is_dragged_and_moved_by_keys(browser, tmp_path):
    from selenium.webdriver.common.action_chains import ActionChains
    from selenium.webdriver.common.keys import Keys

    browser.get(explore_descent(problems.rosenbrock).save(tmp_path / "page.html").as_uri())
    plane = browser.find_element("css selector", "#plot .plane")
    ActionChains(browser).move_to_element_with_offset(plane, 40, -60).click().perform()
    x, y, *_ = said(browser)
    assert (x, y) != problems.rosenbrock.start
    assert_as_sgd(browser, problems.rosenbrock)
    plane.send_keys(Keys.ARROW_RIGHT, Keys.ARROW_DOWN)
    assert said(browser)[:2] == pytest.approx([x + 0.02, y - 0.02])
    assert_as_sgd(browser, problems.rosenbrock)


def test_a_press_on_the_second_picture_chooses_the_settings(browser, tmp_path):
    from selenium.webdriver.common.action_chains import ActionChains

    browser.get(explore_descent(problems.rosenbrock).save(tmp_path / "page.html").as_uri())
    before = said(browser)[2:4]
    phase = browser.find_element("css selector", "#phase .plane")
    browser.execute_script("arguments[0].scrollIntoView()", phase)
    ActionChains(browser).move_to_element_with_offset(phase, -80, 30).click().perform()
    after = said(browser)[2:4]
    assert after[0] < before[0]
    assert after[1] < before[1]
    assert_as_sgd(browser, problems.rosenbrock)


def test_a_descent_that_diverges_says_so(browser, tmp_path):
    page = explore_descent(
        lambda x, y: x**4 + y**4, x=(-2, 2, 1), y=(-2, 2, 1), learning_rate=(0.1, 10, 9)
    )
    browser.get(page.save(tmp_path / "page.html").as_uri())
    assert browser.find_element("id", "said").text.endswith("it diverged")
    assert errors(browser) == []


def test_a_problem_says_its_own_ranges():
    assert '"low":-2.0,"high":2.0' in explore(problems.rosenbrock).html
    assert "Himmelblau(x, y)" in explore(problems.himmelblau).html


def test_what_is_no_descent_of_two_numbers_is_refused():
    with pytest.raises(TypeError, match=r"takes a function of two inputs.* takes 1 \(x\)"):
        explore_descent(lambda x: x, x=(0, 1))
    with pytest.raises(ValueError, match="not in a range from 0 and below 1"):
        explore_descent(lambda x, y: x * y, x=(0, 1), y=(0, 1), momentum=(0, 1))
    with pytest.raises(ValueError, match="no range of positive numbers"):
        explore_descent(lambda x, y: x * y, x=(0, 1), y=(0, 1), learning_rate=(0, 1))
    with pytest.raises(ValueError, match="not a range of whole numbers"):
        explore_descent(lambda x, y: x * y, x=(0, 1), y=(0, 1), steps=(0, 1.5))


def test_a_flat_start_has_learning_rates_too():
    leaf = Value(2.0)
    assert "η" in explore_descent(lambda x, y: leaf * x + y, x=(0, 1), y=(0, 1)).html
