"""What cannot be replayed is trained by the eager tier, which says why."""

import random
from functools import partial

import numpy as np
import pytest

from autograd_core import RecordingError, Value, detect_anomaly
from nn import Dropout, Layer, Module, Sequential, fit, losses, optim
from tests.nn.training.trainings import CLASSES, NUMBERS, SIGNS, X, network, trained

MANY = np.random.default_rng(2).normal(size=(5000, 2))
AIMS = MANY[:, 0] - MANY[:, 1]


class Branching(Module):
    def __init__(self):
        self.weight = Value(0.5)

    def __call__(self, x):
        return self.weight * x[0] if x[0] > 0 else x[1] * 1.0


class ByItsWeight(Module):
    def __init__(self):
        self.weight = Value(0.5)

    def __call__(self, x):
        return self.weight * x[0] if self.weight > 0 else x[1] * 1.0


class Counting(Module):
    def __init__(self):
        self.weight, self.calls = Value(0.5), 0

    def __call__(self, x):
        self.calls += 1
        return self.weight * x[0] / self.calls


class Equal(Module):
    def __init__(self):
        self.weight = Value(0.5)

    def __call__(self, x):
        return self.weight * (3.0 if x[0] == X[2][0] else 1.0)


class LookedUp(Module):
    def __init__(self):
        self.weight = Value(0.5)

    def __call__(self, x):
        return self.weight * {X[2][0]: 3.0}.get(x[0], 1.0)


class Drawing(Module):
    def __init__(self):
        self.weight, self.rng = Value(0.5), np.random.default_rng(3)

    def __call__(self, x):
        return self.weight * x[0] + self.rng.normal() * 0.1


class OwnStep(optim.SGD):
    def step(self, closure=None):
        return super().step(closure)


def largest_error(outputs, targets):
    errors = [(y - t) ** 2 for y, t in zip(outputs, targets, strict=True)]
    return max(errors, key=float)


UNRECORDABLE = {
    "a branch on a sample": (Branching, {}, r"bool\(\) of a Value that is being recorded, at test"),
    "a branch on a weight": (ByItsWeight, {}, r"bool\(\) of a Value that is being recorded, at"),
    "a count of calls": (Counting, {}, "the model is not the same when it is called again"),
    "an equality": (Equal, {}, r"== or != .* of a Value that is being recorded, at test"),
    "a look-up": (LookedUp, {}, "not, to the last bit, what a call gives"),
    "random numbers": (Drawing, {}, "draws random numbers"),
    "dropout": (
        lambda: Sequential(network(3, seed=2), Dropout(0.5, seed=1), Layer(3, 1, False, seed=1)),
        {},
        "draws random numbers, as Dropout does",
    ),
    "python's random": (
        lambda: Sequential(network(3, seed=2), Dropout(0.5), Layer(3, 1, False, seed=1)),
        {},
        "draws random numbers, as Dropout does",
    ),
    "a loss of the whole batch": (network, {"loss": largest_error}, r"float\(\) of a Value"),
    "a root of the mean": (
        network,
        {"loss": lambda ys, ts: losses.squared_error(ys, ts).sqrt()},
        "neither the mean nor the sum of its samples' losses",
    ),
    "a step of its own": (network, {"make": lambda p: OwnStep(p, 0.1)}, "OwnStep has a step"),
    "a penalty of chance": (
        network,
        {"penalty": lambda: Value(random.random()) * 0.1},
        "draws random numbers",
    ),
    "a penalty of NumPy's chance": (
        network,
        {"penalty": lambda: Value(float(np.random.random())) * 0.1},
        "draws random numbers",
    ),
}


@pytest.mark.parametrize("case", UNRECORDABLE)
def test_what_cannot_be_recorded_is_trained_by_the_eager_tier_which_says_why(case):
    build, options, reason = UNRECORDABLE[case]
    make = options.get("make", partial(optim.SGD, learning_rate=0.01))
    options = {name: option for name, option in options.items() if name != "make"}
    random.seed(5)
    np.random.seed(5)
    _, expected = trained(build(), X, NUMBERS, "eager", make, epochs=13, **options)
    random.seed(5)
    np.random.seed(5)
    history, found = trained(build(), X, NUMBERS, "auto", make, epochs=13, **options)
    assert history.tier == "eager"
    if case != "a count of calls":
        assert found.tolist() == expected.tolist()
    with pytest.raises(RecordingError, match=f"cannot be replayed: .*{reason}"):
        trained(build(), X, NUMBERS, "replayed", make, **options)


@pytest.mark.parametrize(
    ("inputs", "targets", "loss", "reason"),
    [
        ([*X[:-1].tolist(), [1.0]], NUMBERS, "squared_error", "samples are not numbers in one"),
        ([*X[:-1].tolist(), ["a", "b"]], NUMBERS, "squared_error", "samples are not numbers"),
        (X, [*NUMBERS[:-1], None], "squared_error", "targets are not numbers"),
        (X, [*SIGNS[:-1], 2], "hinge", "hinge takes other targets than some of these"),
        (X, [*(SIGNS[:-1] > 0), 1.5], "binary_cross_entropy_with_logits", "takes other targets"),
        (X, [*CLASSES[:-1], 3], "cross_entropy", "takes other targets"),
        (X, CLASSES * 1.0, "cross_entropy", "takes other targets"),
        (X, X, "squared_error", "ValueError: predictions and targets must have one shape"),
    ],
)
def test_samples_and_targets_that_are_none_are_refused_where_they_are_met(
    inputs, targets, loss, reason
):
    def complaint(tier):
        model = network(3 if loss == "cross_entropy" else 1)
        with pytest.raises((TypeError, ValueError)) as error:
            trained(model, inputs, targets, tier, loss=loss, epochs=20)
        return type(error.value), str(error.value), model.state_dict()

    assert complaint("auto") == complaint("eager")
    with pytest.raises(RecordingError, match=reason):
        trained(
            network(3 if loss == "cross_entropy" else 1), inputs, targets, "replayed", loss=loss
        )


def test_a_loss_that_is_a_mean_for_some_batches_only_is_found_out_when_it_is_met():
    def twice(outputs, targets):
        return losses.squared_error(outputs, targets) * (2 if len(outputs) == 5 else 1)

    history, found = trained(network(), X, NUMBERS, "auto", loss=twice, epochs=13)
    _, expected = trained(network(), X, NUMBERS, "eager", loss=twice, epochs=13)
    assert history.reason.startswith("the loss of a batch is neither the mean nor the sum")
    np.testing.assert_allclose(found, expected, rtol=1e-12)


@pytest.mark.parametrize("part", ["model", "loss"])
def test_a_look_up_that_finds_one_sample_of_many_is_found_out(part):
    class Rare(Module):
        def __init__(self):
            self.inner = network()

        def __call__(self, x):
            return self.inner(x) * {MANY[301][0]: 1.0}.get(x[0], 0.5)

    def rare(outputs, targets):
        pairs = zip(outputs, targets, strict=True)
        return sum((y - {AIMS[3001]: 0.0}.get(t, t)) ** 2 for y, t in pairs) / len(outputs)

    count, build, loss = (500, Rare, "huber") if part == "model" else (5000, network, rare)
    history, _ = trained(
        build(), MANY[:count], AIMS[:count], "auto", loss=loss, epochs=1, batch_size=100
    )
    assert history.reason.startswith("a replay of the model is not, to the last bit")


def test_under_detect_anomaly_operations_are_looked_at():
    with detect_anomaly():
        history, _ = trained(network(), X, NUMBERS, "auto", epochs=20)
    assert history.reason.startswith("detect_anomaly() is on")


def test_little_is_not_recorded_and_the_eager_tier_may_be_asked_for():
    assert "too few" in trained(network(), X, NUMBERS, "auto")[0].reason
    assert "asked for" in trained(network(), X, NUMBERS, "eager", epochs=50)[0].reason
    with pytest.raises(
        ValueError, match="tier='fast' is unknown; expected one of auto, replayed, eager"
    ):
        trained(network(), X, NUMBERS, "fast")


def test_the_reason_stands_above_the_progress_bar(capsys):
    fit(Branching(), X, NUMBERS, epochs=20)
    assert "training in the eager tier: bool() of a Value" in capsys.readouterr().err
    fit(network(), X, NUMBERS, epochs=20)
    assert "eager" not in capsys.readouterr().err


def test_dropout_is_off_when_validated_by_a_replay():
    def build():
        return Sequential(network(6, seed=2), Dropout(0.5, seed=1), Layer(6, 1, False, seed=1))

    held = (np.tile(X, (30, 1)), np.tile(NUMBERS, 30))
    one, _ = trained(build(), X, NUMBERS, "auto", epochs=13, validation=held)
    other, _ = trained(build(), X, NUMBERS, "eager", epochs=13, validation=held)
    assert one.curves() == other.curves()
