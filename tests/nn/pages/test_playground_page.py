"""Training in the page: every step is the engine's on the same samples."""

from __future__ import annotations

import numpy
import pytest

import nn
from autograd_core import Value
from nn import MLP, Layer, Neuron, datasets, playground
from tests.exploring.test_explorer import errors


def state(browser):
    return browser.execute_script(
        "const p = window.playground;return [p.layers(), p.samples(), p.rate(), p.measured()]"
    )


def rows_of(model):
    """Each neuron's bias and weights, as the page has them."""
    return [[[n.bias, *n.weights] for n in layer.neurons] for layer in model.layers]


def numbers(layers):
    return numpy.array([z for layer in layers for row in layer for z in row if z is not None])


def told(model):
    data = [
        [[None if z is None else z.data for z in row] for row in layer] for layer in rows_of(model)
    ]
    return numbers(data)


def model_of(layers):
    """The network that the page says that it has."""
    model = MLP(2, [len(rows) for _, rows in layers])
    model.layers = [
        Layer.of([row[1:] for row in rows], [row[0] for row in rows], activation=name)
        for name, rows in layers
    ]
    return model


def steps_alike(browser, model, loss, steps, exact):
    """Hold steps in the page against gradient descent by the engine's sweep."""
    leaves = [leaf for layer in rows_of(model) for row in layer for leaf in row if leaf is not None]
    for _ in range(steps):
        layers, samples, rate, _ = state(browser)
        assert told(model).tolist() == numbers([rows for _, rows in layers]).tolist()
        batch = browser.execute_script("return window.playground.step()")
        assert all(place % 3 != 2 for place in batch)
        total = numpy.zeros(len(leaves))
        for place in batch:
            point, target = samples[place]
            model.zero_grad()
            getattr(nn.losses, loss)([model(point)], [target]).backward()
            total += [leaf.grad for leaf in leaves]
        expected = told(model) - rate * (total / len(batch))
        found = numbers([rows for _, rows in state(browser)[0]])
        if exact:
            assert found.tolist() == expected.tolist()
        assert numpy.allclose(found, expected, rtol=1e-12, atol=1e-14)
        for leaf, number in zip(leaves, found.tolist(), strict=True):
            leaf.data = number
    _, samples, _, ((loss_now, _), (other, _)) = state(browser)
    values = [getattr(nn.losses, loss)([model(x)], [y]).data for x, y in samples]
    assert loss_now == pytest.approx(numpy.mean([v for i, v in enumerate(values) if i % 3 != 2]))
    assert other == pytest.approx(numpy.mean(values[2::3]))
    assert errors(browser) == []


def click(browser, name, times=1):
    for _ in range(times):
        browser.execute_script("document.getElementById(arguments[0]).click()", name)


def choose(browser, selector, value):
    browser.execute_script(
        """const chosen = document.querySelector(arguments[0]);
        chosen.value = arguments[1];
        chosen.dispatchEvent(new Event("change"));""",
        selector,
        value,
    )


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize(
    ("activation", "loss"),
    [
        ("relu", "hinge"),
        ("tanh", "squared_error"),
        ("sigmoid", "binary_cross_entropy_with_logits"),
        (lambda z: z.tanh() + 0.1 * z, "squared_error"),
        ("gelu", "hinge"),
    ],
)
def test_every_step_is_gradient_descent_on_the_engine_s_gradients(
    browser, tmp_path, activation, loss, bias
):
    model = MLP(2, [4, 3, 1], activation=activation, bias=bias, seed=2)
    page = playground(model, datasets.moons(60), loss=loss, noise=0.1)
    browser.get(page.save(tmp_path / "page.html").as_uri())
    steps_alike(browser, model, loss, 6, exact=True)


def test_layers_are_chosen_one_by_one_and_train_as_the_engine_trains_them(browser, tmp_path):
    page = playground([(3, "relu"), (2, "silu")], datasets.xor(60), loss="squared_error")
    browser.get(page.save(tmp_path / "page.html").as_uri())
    layers = state(browser)[0]
    assert [(name, len(rows)) for name, rows in layers] == [("relu", 3), ("silu", 2), ("linear", 1)]
    steps_alike(browser, model_of(layers), "squared_error", 2, exact=True)
    click(browser, "add")
    choose(browser, '[aria-label="layer 3, activation"]', 4)
    choose(browser, '[aria-label="layer 1, neurons"]', 5)
    browser.execute_script("document.querySelector('[aria-label=\"remove layer 2\"]').click()")
    layers = state(browser)[0]
    assert [(name, len(rows)) for name, rows in layers] == [
        ("relu", 5),
        ("sigmoid", 2),
        ("linear", 1),
    ]
    steps_alike(browser, model_of(layers), "squared_error", 3, exact=True)


def test_weights_are_drawn_with_the_variance_that_suits_the_activation(browser, tmp_path):
    page = playground([(15, "relu"), (15, "tanh"), (15, "linear")], datasets.moons(30))
    browser.get(page.save(tmp_path / "page.html").as_uri())
    expected = {"relu": 2 / 2, "tanh": 2 / 30, "linear": 1 / 15}
    for (name, rows), variance in zip(state(browser)[0], expected.values(), strict=False):
        drawn = numpy.array(rows)
        assert not drawn[:, 0].any()
        assert drawn[:, 1:].var() == pytest.approx(variance, rel=0.5), name


def test_no_more_layers_than_the_page_can_train(browser, tmp_path):
    page = playground([(20, "tanh"), (20, "tanh")], datasets.moons(30))
    browser.get(page.save(tmp_path / "page.html").as_uri())
    click(browser, "add")
    assert [len(rows) for _, rows in state(browser)[0]] == [20, 20, 20, 1]
    assert browser.find_element("id", "add").get_property("disabled")
    browser.execute_script("document.querySelector('[aria-label=\"remove layer 1\"]').click()")
    assert not browser.find_element("id", "add").get_property("disabled")
    for _ in range(2):
        browser.execute_script("document.querySelector('[aria-label=\"remove layer 1\"]').click()")
    assert [len(rows) for _, rows in state(browser)[0]] == [1]
    click(browser, "epoch", 2)
    assert errors(browser) == []


def test_it_learns_what_it_is_shown_and_starts_again(browser, tmp_path):
    browser.get(playground().save(tmp_path / "page.html").as_uri())
    first = state(browser)
    click(browser, "epoch", 80)
    (loss, right), (_, other) = state(browser)[3]
    assert loss < first[3][0][0]
    assert min(right, other) > 0.9
    assert browser.find_element("id", "said").text.startswith("epoch 80, 800 steps")
    click(browser, "reset")
    assert state(browser)[0] == first[0]
    click(browser, "play")
    browser.implicitly_wait(1)
    assert browser.find_element("id", "play").get_attribute("aria-pressed") == "true"
    click(browser, "play")
    assert browser.find_element("id", "play").get_attribute("aria-pressed") == "false"
    assert errors(browser) == []


def test_other_data_are_chosen_and_the_weights_told_in_numbers(browser, tmp_path):
    browser.get(playground([]).save(tmp_path / "page.html").as_uri())
    choose(browser, "#data-set", 2)
    layers, samples, *_ = state(browser)
    assert [[len(row) for row in rows] for _, rows in layers] == [[3]]
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
    for wrong in (3, ["tanh"], [4, 4], "tanh", [(4, "tanh", 1)]):
        with pytest.raises(TypeError, match="takes an MLP, or its hidden layers as a list"):
            playground(wrong, moons)
    with pytest.raises(ValueError, match="a layer's neurons must be at least 1"):
        playground([(0, "tanh")], moons)
    with pytest.raises(ValueError, match="unknown activation 'tann'"):
        playground([(4, "tann")], moons)
    with pytest.raises(ValueError, match="an activation of a whole layer"):
        playground([(4, "softmax")], moons)
    with pytest.raises(TypeError, match="takes a Dataset"):
        playground(MLP(2, [3, 1]), [[1.0, 2.0]])
    with pytest.raises(TypeError, match=r"takes a Dataset.* for 'a'"):
        playground(MLP(2, [3, 1]), {"a": 1})
    with pytest.raises(ValueError, match="loss='huber' is unknown; expected one of"):
        playground(MLP(2, [3, 1]), moons, loss="huber")
    with pytest.raises(ValueError, match="at least one Dataset"):
        playground(None, {})


def test_a_model_that_is_more_than_its_layers_in_a_row_is_refused():
    class Residual(MLP):
        def __call__(self, x):
            return super().__call__(x) + x[0]

    class Clipped(Neuron):
        def fire(self, x):
            return super().fire(x).clip(-1, 1)

    shared, swapped, own, mixed = (MLP(2, [2, 1], seed=0) for _ in range(4))
    shared.layers[0].neurons[1].weights = shared.layers[0].neurons[0].weights
    swapped.layers[0].neurons[0] = Clipped(2)
    own.layers[0].neurons[0].fire = lambda x: Value(0.0)
    mixed.layers[0].neurons[0] = Neuron(2, activation="tanh")
    for model in (Residual(2, [2, 1], seed=0), shared, swapped, own, mixed):
        with pytest.raises(ValueError, match="of its own"):
            playground(model, datasets.moons(20))
