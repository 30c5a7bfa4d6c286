"""Training in the page: every step is the engine's on the same samples."""

from __future__ import annotations

import numpy
import pytest

import nn
from autograd_core import record
from nn import MLP, datasets, playground
from tests.exploring.test_explorer import errors


def state(browser):
    return browser.execute_script(
        "const p = window.playground;return [p.weights(), p.samples(), p.rate(), p.measured()]"
    )


def click(browser, name, times=1):
    for _ in range(times):
        browser.execute_script("document.getElementById(arguments[0]).click()", name)


@pytest.mark.parametrize(
    ("activation", "loss", "exact"),
    [
        ("relu", "hinge", True),
        ("tanh", "squared_error", True),
        ("sigmoid", "binary_cross_entropy_with_logits", False),
    ],
)
def test_every_step_is_gradient_descent_on_the_engine_s_gradients(
    browser, tmp_path, activation, loss, exact
):
    model = MLP(2, [4, 3, 1], activation=activation, seed=2)
    page = playground(model, datasets.moons(60), loss=loss, noise=0.1)
    browser.get(page.save(tmp_path / "page.html").as_uri())
    program = record(lambda x, y: getattr(nn.losses, loss)([model(x)], [y]), [0.0, 0.0], 0.0)
    slopes = program.gradient("captured")
    weights, samples, rate, _ = state(browser)
    assert weights == [leaf.data for leaf in program.captured]
    for _ in range(12):
        batch = browser.execute_script("return window.playground.step()")
        assert all(place % 3 != 2 for place in batch)
        total = numpy.zeros(len(weights))
        for place in batch:
            total += slopes(*samples[place])
        expected = [leaf.data for leaf in program.captured] - rate * (total / len(batch))
        found = numpy.array(state(browser)[0])
        if exact:
            assert found.tolist() == expected.tolist()
        assert numpy.allclose(found, expected, rtol=1e-12, atol=1e-14)
        for leaf, number in zip(program.captured, found.tolist(), strict=True):
            leaf.data = number
    (loss_now, _), (other, _) = state(browser)[3]
    values = [program(*sample) for sample in samples]
    assert loss_now == pytest.approx(numpy.mean([v for i, v in enumerate(values) if i % 3 != 2]))
    assert other == pytest.approx(numpy.mean(values[2::3]))
    assert errors(browser) == []


def test_it_learns_what_it_is_shown_and_starts_again(browser, tmp_path):
    browser.get(playground().save(tmp_path / "page.html").as_uri())
    first = state(browser)
    click(browser, "epoch", 60)
    (loss, right), (_, other) = state(browser)[3]
    assert loss < first[3][0][0]
    assert min(right, other) > 0.85
    assert browser.find_element("id", "said").text.startswith("epoch 60, 600 steps")
    click(browser, "reset")
    assert state(browser)[0] == first[0]
    click(browser, "play")
    browser.implicitly_wait(1)
    assert browser.find_element("id", "play").get_attribute("aria-pressed") == "true"
    click(browser, "play")
    assert browser.find_element("id", "play").get_attribute("aria-pressed") == "false"
    assert errors(browser) == []


def test_another_network_and_other_data_are_chosen(browser, tmp_path):
    browser.get(playground().save(tmp_path / "page.html").as_uri())
    browser.execute_script(
        """for (const [id, place] of [["model", 9], ["data-set", 2]]) {
            const chosen = document.getElementById(id);
            chosen.value = place;
            chosen.dispatchEvent(new Event("change"));
        }"""
    )
    weights, samples, *_ = state(browser)
    assert len(weights) == 3
    assert len(samples) == 150
    click(browser, "epoch", 3)
    browser.execute_script("document.getElementById('weights').open = true")
    browser.execute_script("document.getElementById('epoch').click()")
    assert "layer 1, neuron 1: weights" in browser.find_element("id", "listed").text
    assert errors(browser) == []


def test_nothing_is_wider_than_a_phone(browser, tmp_path):
    browser.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride",
        {"width": 360, "height": 800, "deviceScaleFactor": 1, "mobile": True},
    )
    try:
        browser.get(playground().save(tmp_path / "page.html").as_uri())
        assert browser.execute_script("return document.documentElement.scrollWidth") <= 360
    finally:
        browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def test_what_cannot_be_played_with_says_why():
    moons = datasets.moons(20)
    with pytest.raises(ValueError, match="has 3 and 1"):
        playground(MLP(3, [2, 1]), moons)
    with pytest.raises(ValueError, match="an activation of a whole layer"):
        playground(MLP(2, [3, 1], activation="softmax"), moons)
    with pytest.raises(ValueError, match="parameters; 1,000 are the most here"):
        playground(MLP(2, [40, 40, 1]), moons)
    with pytest.raises(ValueError, match=r"two features in two classes; got .* for 'iris'"):
        playground(MLP(2, [3, 1]), {"iris": datasets.iris()})
    with pytest.raises(TypeError, match="takes an MLP, or several by their names; got 3"):
        playground(3, moons)
    with pytest.raises(TypeError, match="takes a Dataset"):
        playground(MLP(2, [3, 1]), [[1.0, 2.0]])
    with pytest.raises(ValueError, match="loss='huber' is unknown here"):
        playground(MLP(2, [3, 1]), moons, loss="huber")
    with pytest.raises(ValueError, match="at least one MLP"):
        playground({}, moons)
