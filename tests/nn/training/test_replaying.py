"""The replayed tier against the eager one: the same training but for rounding."""

import math
import random
from functools import partial

import numpy as np
import pytest

import nn
from autograd_core import RecordingError, TrainingError, Value, log
from nn import Callback, Layer, Module, Sequential, losses, optim, schedules
from nn.descent import GradientDescent
from tests.nn.training.trainings import CLASSES, NUMBERS, SHARES, SIGNS, X, network, trained

OPTIMIZERS = {
    "SGD": lambda p: optim.SGD(p, 0.05, momentum=0.9, nesterov=True),
    "Adagrad": lambda p: optim.Adagrad(p, 0.05),
    "RMSprop": lambda p: optim.RMSprop(p, 0.01, momentum=0.5),
    "Adam": lambda p: optim.Adam(p, 0.02, weight_decay=0.01),
    "AdamW": lambda p: optim.AdamW(p, 0.02),
}
OBJECTIVES = {
    "squared_error": (1, "linear", NUMBERS, "mean_squared_error"),
    "absolute_error": (2, "linear", X[:, ::-1], "r_squared"),
    "huber": (1, "linear", NUMBERS, "r_squared"),
    "hinge": (1, "linear", SIGNS, "accuracy"),
    "binary_cross_entropy": (1, "sigmoid", SIGNS > 0, "accuracy"),
    "binary_cross_entropy_with_logits": (1, "linear", SHARES, "mean_squared_error"),
    "cross_entropy": (3, "linear", CLASSES, "accuracy"),
    "negative_log_likelihood": (3, "log_softmax", CLASSES, "accuracy"),
}


def assert_same_training(build, inputs, targets, make=OPTIMIZERS["Adam"], rtol=1e-12, **options):
    """Train twice; returns the replayed history."""
    called, expected = trained(build(), inputs, targets, "eager", make, **options)
    replayed, found = trained(build(), inputs, targets, "replayed", make, **options)
    assert (called.tier, replayed.tier, replayed.reason) == ("eager", "replayed", "")
    np.testing.assert_allclose(found, expected, rtol=rtol, atol=1e-15)
    assert replayed.stopped == called.stopped
    assert len(replayed) == len(called)
    for one, other in zip(replayed, called, strict=True):
        assert (one.number, one.steps, one.learning_rate) == (
            other.number,
            other.steps,
            other.learning_rate,
        )
    curves = called.curves()
    for name, curve in replayed.curves().items():
        np.testing.assert_allclose(curve, curves[name], rtol=10 * rtol, err_msg=name)
    return replayed


@pytest.mark.parametrize("make", OPTIMIZERS.values(), ids=OPTIMIZERS)
@pytest.mark.parametrize("size", [1, 8, None])
@pytest.mark.parametrize("loss", OBJECTIVES)
def test_a_replayed_training_is_the_eager_one_but_for_rounding(loss, size, make):
    outputs, last, targets, metric = OBJECTIVES[loss]
    assert_same_training(
        lambda: network(outputs, last), X, targets, make, loss=loss, batch_size=size,
        epochs=3, metrics=[metric], validation=0.2,
    )  # fmt: skip


def test_every_objective_is_compared():
    assert OBJECTIVES.keys() == nn.OBJECTIVES.keys()


def test_classes_may_be_rows_of_shares():
    rows = nn.one_hot(CLASSES, 3) * 0.9 + 0.1 / 3
    assert_same_training(lambda: network(3), X, rows, loss="cross_entropy")


@pytest.mark.parametrize("reduction", ["mean", "sum", "half_sum"])
def test_a_loss_of_the_package_may_be_a_sum(reduction):
    summed = partial(losses.huber, reduction=reduction, delta=0.5)
    assert_same_training(network, X, NUMBERS, OPTIMIZERS["SGD"], loss=summed)


def mean_of(one):
    return lambda outputs, targets: sum(map(one, outputs, targets)) / len(outputs)


LOSSES_OF_ONES_OWN = {
    "numbers": (mean_of(lambda y, t: (y - t) ** 4), NUMBERS),
    "sum": (lambda ys, ts: sum((y - t) ** 2 for y, t in zip(ys, ts, strict=True)), NUMBERS),
    "rows": (mean_of(lambda y, t: (y - t[0]).square() + t[1] * y), X),
    "a branch on few targets": (mean_of(lambda y, t: y.exp() if t > 0 else y * y), SIGNS),
    "an equality with few targets": (mean_of(lambda y, t: -y if t == 1 else y.softplus()), SIGNS),
    "a table": (mean_of(lambda y, t: (y - [0.5, -1.0, 2.0][t]) ** 2), CLASSES),
}


@pytest.mark.parametrize("case", LOSSES_OF_ONES_OWN)
@pytest.mark.parametrize("size", [1, 8])
def test_a_loss_of_ones_own_is_recorded(case, size):
    loss, targets = LOSSES_OF_ONES_OWN[case]
    sgd = partial(optim.SGD, learning_rate=0.01)
    assert_same_training(network, X, targets, sgd, loss=loss, batch_size=size)


def test_a_penalty_is_replayed():
    def build():
        model = network()
        penalties.append(lambda: losses.l2(model.parameters()[:3], 0.1))
        return model

    penalties = []
    assert_same_training(build, X, NUMBERS, penalty=lambda: penalties[-1]())


def test_a_schedule_early_stopping_and_its_best_parameters_are_the_same():
    history = assert_same_training(
        network, X, NUMBERS, schedule=schedules.OneCycle(0.1, 200), batch_size=None,
        validation=(X[:5], -NUMBERS[:5]), patience=3, epochs=50,
    )  # fmt: skip
    assert history.stopped == "early"


@pytest.mark.parametrize("search", ["exact", "backtracking"])
def test_a_line_search_is_replayed(search):
    called, expected = trained(
        Layer.of([[0.0, 0.0]]), X, NUMBERS, "eager", lambda p: GradientDescent(p, search),
        batch_size=None, epochs=200,
    )  # fmt: skip
    replayed, found = trained(
        Layer.of([[0.0, 0.0]]), X, NUMBERS, "replayed", lambda p: GradientDescent(p, search),
        batch_size=None, epochs=200,
    )  # fmt: skip
    assert replayed.tier == "replayed"
    assert replayed.stopped == called.stopped == "converged"
    np.testing.assert_allclose(found, expected, atol=1e-6)


# Models.


class Polynomial(Module):
    """A model of one's own: shared weights, a frozen one, one that nothing depends on, a branch
    by nothing but Python's numbers."""

    def __init__(self):
        self.weights = [Value(0.5), Value(-0.5)]
        self.frozen = Value(0.25)
        self.unused = Value(7.0)
        self.degree = 3

    def __call__(self, x):
        a, b = self.weights
        total = self.frozen
        for power in range(self.degree):
            total = total + a * x[0] ** power - b * (a * x[1]).tanh()
        return total if self.degree > 2 else -total

    def parameters(self):
        return [self.unused, *reversed(self.weights)]


def test_a_model_of_ones_own_with_shared_frozen_and_unused_weights():
    assert_same_training(Polynomial, X, NUMBERS)
    model = Polynomial()
    trained(model, X, NUMBERS, "replayed", lambda p: optim.Adam(p, 0.1))
    assert (model.frozen.data, model.unused.data) == (0.25, 7.0)


def test_a_network_written_for_micrograd():
    class Unit:
        def __init__(self, count):
            self.w = [Value(random.uniform(-1, 1)) for _ in range(count)]
            self.b = Value(0)

        def __call__(self, x):
            return sum((wi * xi for wi, xi in zip(self.w, x, strict=True)), self.b).tanh()

    class Network(Module):
        def __init__(self):
            random.seed(3)
            self.hidden = [Unit(2) for _ in range(4)]
            self.out = Unit(4)

        def __call__(self, x):
            return self.out([unit(x) for unit in self.hidden])

        def parameters(self):
            return [p for unit in [*self.hidden, self.out] for p in [*unit.w, unit.b]]

    assert_same_training(Network, X, SIGNS, loss="hinge")


def test_only_what_the_optimizer_has_is_trained():
    model = network()
    before = model.state_dict()
    last = model.layers[-1].parameters()
    trained(model, X, NUMBERS, "replayed", lambda p: optim.Adam(last, 0.1))
    changed = {name for name, number in model.state_dict().items() if number != before[name]}
    assert changed == {name for name in before if name.startswith("layers.1")}


@pytest.mark.parametrize(
    ("samples", "build"),
    [
        (X[:, 0], lambda: Layer.of([[0.3]])),
        ([tuple(row) for row in X], network),
        (list(X), network),
        ([[[a], [b]] for a, b in X.tolist()], lambda: Sequential(lambda x: [x[0][0]], network(1))),
        (np.arange(21), lambda: Layer.of([[0.3]])),
        (X > 0, network),
    ],
    ids=["numbers", "tuples", "arrays", "nested", "whole numbers", "truths"],
)
def test_samples_may_be_numbers_in_any_one_structure(samples, build):
    if build is not network and np.ndim(samples) == 3:
        build = lambda: Sequential(lambda x: [x[0][0], x[1][0]], network())  # noqa: E731
    assert_same_training(build, samples, NUMBERS, partial(optim.SGD, learning_rate=1e-3))


def test_outputs_may_be_of_any_structure():
    class Two(Module):
        def __init__(self):
            self.w = Value(0.5)

        def __call__(self, x):
            return self.w * x[0], [x[1] * self.w, self.w * 1.0]

    def ragged(outputs, targets):
        terms = [(a - t) ** 2 + b * b + c for (a, (b, c)), t in zip(outputs, targets, strict=True)]
        return sum(terms) / len(terms)

    def worst(predicted, true):
        return max(abs(a - t) + b for (a, (b, _)), t in zip(predicted, true, strict=True))

    assert_same_training(Two, X, NUMBERS, loss=ragged, metrics=[worst])


def test_equal_seeds_give_equal_bits():
    once, again = (trained(network(), X, NUMBERS, "replayed", seed=4)[1] for _ in range(2))
    assert once.tolist() == again.tolist()


def test_a_log_likelihood_of_ones_own_is_replayed():
    def poisson(outputs, targets):
        terms = zip(outputs, targets, strict=True)
        return sum(rate - count * log(rate) for rate, count in terms) / len(outputs)

    assert_same_training(
        lambda: network(last="softplus"), X, CLASSES + 1, loss=poisson, batch_size=5
    )


# What others see, and do.


class Watching(Callback):
    """Keeps what it sees after each step, and may do something then."""

    def __init__(self, act=lambda training: None):
        self.seen = []
        self.act = act

    def on_step(self, training):
        numbers = [(p.data, p.grad) for p in training.optimizer.parameters]
        self.seen.append((training.step, training.loss, list(training.batch), numbers))
        return self.act(training)


def both(act=lambda training: None, build=network, **options):
    """What a callback saw, and the history, in either tier."""
    found = []
    for tier in ("eager", "replayed"):
        watching = Watching(act)
        history, parameters = trained(build(), X, NUMBERS, tier, callbacks=[watching], **options)
        found.append((watching.seen, history, parameters))
    return found


def assert_seen_alike(one, other):
    for (step, loss, batch, numbers), (step2, loss2, batch2, numbers2) in zip(
        one, other, strict=True
    ):
        assert (step, batch) == (step2, batch2)
        assert loss == pytest.approx(loss2, rel=1e-12)
        np.testing.assert_allclose(numbers, numbers2, rtol=1e-10, atol=1e-15)


def test_callbacks_see_each_step_s_parameters_gradients_and_batch():
    (eager, _, _), (replayed, _, _) = both()
    assert len(eager) == 12
    assert_seen_alike(eager, replayed)


def test_gradients_of_the_last_step_are_left_as_ever():
    called, replayed = network(), network()
    trained(called, X, NUMBERS, "eager")
    trained(replayed, X, NUMBERS, "replayed")
    expected = [p.grad for p in called.parameters()]
    assert [p.grad for p in replayed.parameters()] == pytest.approx(expected, rel=1e-10)


def test_what_a_callback_does_to_the_parameters_counts():
    def clip(training):
        for parameter in training.model.parameters():
            parameter.data = max(-0.3, min(0.3, parameter.data))

    (eager, _, expected), (replayed, history, found) = both(clip)
    assert_seen_alike(eager, replayed)
    assert history.tier == "replayed"
    np.testing.assert_allclose(found, expected, rtol=1e-10)
    assert np.abs(found).max() == 0.3


def test_frozen_leaves_that_a_callback_changes_are_read_anew():
    class Scaled(Module):
        def __init__(self):
            self.inner, self.scale = network(), Value(1.0)

        def __call__(self, x):
            return self.inner(x) * self.scale

        def parameters(self):
            return self.inner.parameters()

    def anneal(training):
        training.model.scale.data *= 0.9

    (eager, _, _), (replayed, history, _) = both(anneal, Scaled)
    assert_seen_alike(eager, replayed)
    assert history.tier == "replayed"


class Tempered(Module):
    def __init__(self):
        self.inner, self.temperature = network(), 1.0

    def __call__(self, x):
        return self.inner(x) * self.temperature


def cooled(training):
    training.model.temperature *= 0.9


def test_a_callback_that_changes_the_model_ends_its_replay():
    eager, auto = Watching(cooled), Watching(cooled)
    x, y = np.tile(X, (40, 1)), np.tile(NUMBERS, 40)
    options = {"batch_size": 600, "epochs": 3}
    trained(Tempered(), x, y, "eager", callbacks=[eager], **options)
    history, _ = trained(Tempered(), x, y, "auto", callbacks=[auto], **options)
    assert (history.tier, history.reason) == ("eager", "a callback changed what is trained")
    assert_seen_alike(eager.seen, auto.seen)


def test_one_that_insists_on_replay_is_told():
    with pytest.raises(RecordingError, match="cannot be replayed: a callback changed what is"):
        trained(Tempered(), X, NUMBERS, "replayed", callbacks=[Watching(cooled)])


@pytest.mark.parametrize("tier", ["auto", "replayed"])
def test_too_little_memory_is_not_taken_for_a_model_that_cannot_be_recorded(tier, monkeypatch):
    def exhausted(*given):
        raise MemoryError("no memory for 3128 numbers")

    monkeypatch.setattr("nn.training.recording._probe", exhausted)
    x, y = np.tile(X, (40, 1)), np.tile(NUMBERS, 40)
    with pytest.raises(MemoryError, match="no memory for 3128 numbers"):
        trained(network(), x, y, tier, batch_size=600, epochs=3)


def test_a_callback_may_end_training_and_see_epochs():
    states = []

    def stop(training):
        states.append(training.model.state_dict())
        return training.epoch == 3

    model = network()
    history, _ = trained(model, X, NUMBERS, "replayed", callbacks=[stop], epochs=9)
    assert (history.stopped, len(history), len(states)) == ("callback", 3, 3)
    assert states[-1] == model.state_dict() != states[0]


def test_control_c_gives_the_best_parameters_and_leaves_values_that_work():
    def interrupt(training):
        if training.step == 7:
            raise KeyboardInterrupt

    states = []
    model = network()
    history, _ = trained(
        model, X, NUMBERS, "replayed", epochs=9,
        callbacks=[Watching(interrupt), lambda training: states.append(model.state_dict())],
    )  # fmt: skip
    assert (history.stopped, len(history)) == ("interrupted", 2)
    assert model.state_dict() == states[history.best.number - 1]
    assert math.isfinite(model([0.1, 0.2]).data)


def test_an_error_leaves_the_parameters_of_the_last_step():
    def fail(training):
        if training.step == 5:
            raise RuntimeError("enough")

    model, watching = network(), Watching(fail)
    with pytest.raises(RuntimeError, match="enough"):
        trained(model, X, NUMBERS, "replayed", callbacks=[watching])
    assert [p.data for p in model.parameters()] == [data for data, _ in watching.seen[-1][3]]


@pytest.mark.parametrize("size", [1, 4])
def test_a_loss_that_is_no_number_is_refused_in_the_same_words(size):
    targets = NUMBERS.copy()
    targets[13] = math.nan
    said, left = [], []
    for tier in ("eager", "replayed"):
        model = network()
        with pytest.raises(TrainingError) as error:
            trained(model, X, targets, tier, batch_size=size)
        said.append(str(error.value))
        left.append([(p.data, p.grad) for p in model.parameters()])
    assert said[0] == said[1]
    assert f"on the samples {'13' if size == 1 else ''}" in said[0]
    np.testing.assert_allclose(left[1], left[0], rtol=1e-10, atol=1e-15)


def test_schedules_and_metrics_of_ones_own_see_the_parameters():
    def seen_by(tier):
        model, seen = network(), []

        def schedule(step):
            seen.append(model.parameters()[0].data)
            return 0.1 / (step + 1)

        def metric(predictions, targets):
            seen.append(model.parameters()[1].data)
            return 0.0

        trained(model, X, NUMBERS, tier, schedule=schedule, metrics=[metric])
        return seen

    assert seen_by("replayed") == pytest.approx(seen_by("eager"), rel=1e-10)


def test_a_loss_that_tells_nothing_at_first_is_found_out_later():
    """All margins are kept at first: neither mean nor sum can be told from zero."""

    def hinges(outputs, targets):
        return sum((1 - t * y).relu() for y, t in zip(outputs, targets, strict=True))

    x = np.ones((12, 1))
    targets = np.array([1] * 11 + [-1])
    sgd = partial(optim.SGD, learning_rate=0.1)
    history = assert_same_training(
        lambda: Layer.of([[3.0]]), x, targets, sgd, loss=hinges, batch_size=3
    )
    assert history[0].loss > 0
