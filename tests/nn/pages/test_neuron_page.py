"""One neuron on a page: what it gives and what flows back are the engine's neuron's."""

from __future__ import annotations

import pytest

from autograd_core import Value
from nn import Neuron, explore_neuron
from tests.exploring.test_explorer import errors, move, number


def said(browser):
    texts = browser.execute_script(
        "return [...document.querySelectorAll('#said [data-exact]')].map((e) => e.dataset.exact)"
    )
    return [number(text) for text in texts]


@pytest.mark.parametrize("name", ["sigmoid", "tanh", "relu"])
def test_the_numbers_are_those_of_a_neuron(browser, tmp_path, name):
    browser.get(explore_neuron().save(tmp_path / "page.html").as_uri())
    browser.execute_script(
        """const chosen = document.getElementById("chosen");
        chosen.value = [...chosen.options].findIndex((option) => option.text === arguments[0]);
        chosen.dispatchEvent(new Event("change"));""",
        name,
    )
    for settings in ([1.3, -0.7, 0.4], [-2.0, 1.5, 1.0], [0.0, 0.0, 0.0]):
        move(browser, settings)
        w, x, b, out, by_w, by_x, by_b, _ = said(browser)
        neuron = Neuron(1, activation=name)
        neuron.w[0].data, neuron.b.data = w, b
        leaf = Value(x)
        found = neuron([leaf])
        found.backward()
        assert (out, by_w, by_x, by_b) == (
            found.data,
            neuron.w[0].grad,
            leaf.grad,
            neuron.b.grad,
        )
    shown = browser.find_elements("css selector", ".graph-box:not([hidden])")
    assert len(shown) == 1
    sign = {"sigmoid": "σ(w", "tanh": "tanh(w", "relu": "max(w"}[name]
    assert sign in browser.find_element("id", "title").text
    assert errors(browser) == []


def test_an_activation_of_a_layer_is_refused():
    for given in (["softmax"], "softmax"):
        with pytest.raises(ValueError, match="softmax is of a whole layer"):
            explore_neuron(given)
