"""A learning rate found by trying: rates that grow, losses as they are met, a model left alone."""

import math

import numpy as np
import pytest

from autograd_core import TrainingError
from nn import MLP, Dropout, Layer, Sequential, datasets, find_rate, fit, optim

INPUTS = [[0.5], [1.0], [-1.5], [2.0]]
TARGETS = [1.0, 2.0, -3.0, 4.0]  # twice the inputs
CURVATURE = 2 * np.mean(np.square(INPUTS))  # of the mean squared error, by the one weight


def line(weight=0.0):
    return Layer.of([[weight]], bias=False)


def test_rates_grow_by_one_factor_and_the_losses_are_those_of_steps_written_out():
    model = line()
    found = find_rate(
        model, INPUTS, TARGETS, optimizer=optim.SGD, batch_size=None, smallest=1e-4, largest=1.0
    )
    count = len(found.rates)
    assert found.rates == pytest.approx(1e-4 * 10 ** (4 / 99 * np.arange(count)), rel=1e-12)
    weight, losses = 0.0, []
    for rate in found.rates:
        losses.append(np.mean([(weight * x - 2 * x) ** 2 for (x,) in INPUTS]))
        weight -= rate * CURVATURE * (weight - 2)
    assert found.losses == pytest.approx(losses, rel=1e-9)


def test_what_is_suggested_is_below_the_bound_of_a_parabola_and_trains():
    """Gradient descent on a parabola converges where the rate is below 2 / its curvature."""
    found = find_rate(line(), INPUTS, TARGETS, optimizer=optim.SGD, batch_size=None)
    assert found.exploded
    assert 1e-4 < found.suggested < min(found.lowest, 2 / CURVATURE)
    model = line()
    fit(
        model, INPUTS, TARGETS, optimizer=optim.SGD(model.parameters(), found.suggested),
        batch_size=None, epochs=300, progress=False,
    )  # fmt: skip
    assert model.neurons[0].weights[0].data == pytest.approx(2.0, abs=1e-3)


@pytest.mark.parametrize(
    "optimizer", [optim.Adam, optim.SGD, lambda p, rate: optim.SGD(p, rate, momentum=0.9)]
)
def test_suggested_rates_train_better_than_much_smaller_ones(optimizer):
    data, loss = datasets.moons(100), "binary_cross_entropy_with_logits"

    def model():
        return MLP(2, [8, 1], activation="tanh", seed=0)

    found = find_rate(model(), data.inputs, data.targets, loss=loss, optimizer=optimizer)
    reached = []
    for rate in (found.suggested / 100, found.suggested):
        trained = model()
        history = fit(
            trained, data.inputs, data.targets, loss=loss, epochs=15, progress=False,
            optimizer=optimizer(trained.parameters(), rate),
        )  # fmt: skip
        reached.append(history[-1].loss)
    assert reached[1] < 0.75 * reached[0]


def test_the_model_is_left_as_it_was():
    model = Sequential(MLP(2, [4, 1], activation="tanh", seed=0), Dropout(0.1, seed=0))
    model.eval()
    for parameter in model.parameters():
        parameter.grad = 3.0
    before = model.state_dict()
    data = datasets.moons(60)
    found = find_rate(model, data.inputs, data.targets, steps=40, largest=1e6)
    assert found.exploded
    assert model.state_dict() == before
    assert {parameter.grad for parameter in model.parameters()} == {3.0}
    assert not any(module.training for module in model.modules())


def test_equal_seeds_meet_equal_losses_and_noise_is_smoothed():
    data = datasets.moons(60)
    asked = {"batch_size": 1, "loss": "binary_cross_entropy_with_logits", "smoothing": 0.95}
    one, other = (
        find_rate(MLP(2, [4, 1], seed=0), data.inputs, data.targets, seed=7, **asked)
        for _ in range(2)
    )
    assert one.losses.tolist() == other.losses.tolist()
    assert one.smoothed[:10].tolist() == [math.fsum(one.losses[:10]) / 10] * 10
    assert one.smoothed[10] == pytest.approx(0.95 * one.smoothed[9] + 0.05 * one.losses[10])
    assert np.abs(np.diff(one.smoothed[:50])).max() < np.abs(np.diff(one.losses[:50])).max() / 2


def test_where_no_rate_lowers_the_loss_none_is_suggested():
    found = find_rate(line(2.0), INPUTS, TARGETS, batch_size=None, smallest=1e-3)
    assert math.isnan(found.suggested)
    assert len(found.plot().lines) == 2


def test_a_loss_that_ends_in_infinity_has_exploded():
    model = line(1.0)
    found = find_rate(model, INPUTS, TARGETS, optimizer=optim.SGD, largest=1e300)
    assert found.exploded
    assert np.isfinite(found.losses).all()
    assert model.neurons[0].weights[0].data == 1.0


def test_the_picture_marks_the_rate_on_a_logarithmic_axis(tmp_path):
    found = find_rate(line(), INPUTS, TARGETS, optimizer=optim.SGD, batch_size=None)
    axes = found.plot()
    assert (axes.get_xscale(), axes.get_yscale()) == ("log", "linear")
    assert axes.lines[2].get_xdata() == [found.suggested] * 2
    axes.figure.savefig(tmp_path / "rates.png")
    assert repr(found) == f"RateSearch({len(found.rates)} rates, suggested {found.suggested:.2g})"


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"smallest": 0.0}, ValueError, "smallest must be a finite number, above 0"),
        ({"largest": 1e-7}, ValueError, "largest must be a finite number, above 1e-06"),
        ({"steps": 10}, ValueError, "steps must be at least 11, got 10"),
        ({"smoothing": 1.0}, ValueError, "smoothing must be .* below 1, got 1"),
        ({"optimizer": lambda p, rate: None}, TypeError, "optimizer must make one .*got None"),
        ({"inputs": [[math.nan]] * 4}, TrainingError, "the loss is nan at step 1"),
        ({"inputs": [], "targets": []}, ValueError, "got 0 samples and 0 targets"),
    ],
)
def test_misuse_says_what_was_received(change, error, message):
    given = {"inputs": INPUTS, "targets": TARGETS} | change
    with pytest.raises(error, match=message):
        find_rate(line(), **given)
