"""Steps taken with nothing in between: the same training, to the bit, as step by step."""

from __future__ import annotations

import copy

import numpy as np
import pytest

import autograd_core as ag
from autograd_core import TrainingError
from autograd_core.program.backends import choice
from autograd_core.program.backends.choice import Runner
from nn import MLP, Callback, fit, losses, optim, schedules
from nn.training.replaying import ReplayedSteps
from tests.nn.training.trainings import CLASSES, NUMBERS, X, network, trained

pytestmark = pytest.mark.skipif(not ag.compiled, reason="nothing is compiled: steps are asked for")


class Signed(optim.Optimizer):
    """An update of one's own."""

    def update(self, values, gradient):
        return values - self.learning_rate * np.sign(gradient)


class Alternating(optim.Adam):
    """Of two formulas in turn."""

    def formulated(self):
        return super().formulated() if self.steps % 2 else ag.Update("descent", (), (0.01, 0.0))


OPTIMIZERS = {
    "SGD": lambda p: optim.SGD(p, 0.05, weight_decay=0.1),
    "momentum": lambda p: optim.SGD(p, 0.05, momentum=0.9),
    "nesterov": lambda p: optim.SGD(p, 0.05, momentum=0.9, nesterov=True),
    "Adagrad": lambda p: optim.Adagrad(p, 0.05, 0.1),
    "RMSprop": lambda p: optim.RMSprop(p, 0.01, momentum=0.5),
    "Adam": lambda p: optim.Adam(p, 0.02, weight_decay=0.01),
    "AdamW": lambda p: optim.AdamW(p, 0.02),
    "an update": lambda p: Signed(p, 0.01),
    "two formulas": lambda p: Alternating(p, 0.01),
}
IN_RUNS = [name for name in OPTIMIZERS if name not in ("an update", "two formulas")]


@pytest.fixture
def taken(monkeypatch):
    """How many steps each run took."""
    counts = []
    original = ReplayedSteps.run

    def run(self, batches, rate, losses):
        original(self, batches, rate, losses)
        counts.append(len(losses))

    monkeypatch.setattr(ReplayedSteps, "run", run)
    return counts


def one_by_one(monkeypatch):
    monkeypatch.setattr(ReplayedSteps, "run", lambda *given: None)


def both(monkeypatch, outputs, targets, make=OPTIMIZERS["Adam"], **options):
    """A training in runs and one step by step: what they are told of and where they end."""
    found = []
    for change in (lambda patch: None, one_by_one):
        optimizers = []

        def made(parameters, seen=optimizers):
            seen.append(make(parameters))
            return seen[0]

        with monkeypatch.context() as patch:
            change(patch)
            model = network(outputs)
            given = copy.deepcopy(options)  # a schedule may have a memory
            history, data = trained(model, X, targets, "replayed", made, **given)
        assert history.tier == "replayed"
        memory = {k: v for k, v in vars(optimizers[0]).items() if k != "parameters"}
        gradients = [parameter.grad for parameter in model.parameters()]
        found.append((list(history), history.stopped, data.tolist(), gradients, memory))
    return found


def assert_same(found):
    (*runs, memory), (*steps, expected) = found
    assert runs == steps
    assert memory.keys() == expected.keys()
    for name, kept in expected.items():
        np.testing.assert_array_equal(memory[name], kept, err_msg=name)


@pytest.mark.parametrize("make", OPTIMIZERS.values(), ids=OPTIMIZERS)
@pytest.mark.parametrize("size", [1, 4, 8])
def test_every_optimizer_takes_the_same_steps(make, size, monkeypatch):
    assert_same(both(monkeypatch, 1, NUMBERS, make, batch_size=size))


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_what_is_a_formula_is_taken_in_runs(name, taken):
    trained(network(), X, NUMBERS, "replayed", OPTIMIZERS[name], batch_size=7, epochs=3)
    assert (sum(taken) == 8) == (name in IN_RUNS)  # all nine but the first, which is compared


@pytest.mark.parametrize(
    "options",
    [
        {"schedule": schedules.OneCycle(0.1, 30)},
        {"schedule": schedules.StepDecay(0.1, 2), "schedule_every": "epoch"},
        {"schedule": schedules.ReduceOnPlateau(0.1, patience=1), "schedule_every": "epoch"},
        {"schedule": lambda k: 0.1 / (1 + k)},
        {"metrics": ["accuracy"], "validation": 0.3},
        {"metrics": [lambda given, true: float(np.mean(np.equal(given, true)))]},
        {"validation": 0.3, "patience": 1, "epochs": 30},
        {"callbacks": [lambda training: training.epoch == 3]},
    ],
)
def test_what_is_asked_for_between_epochs_is_the_same(options, monkeypatch):
    assert_same(both(monkeypatch, 3, CLASSES, loss="cross_entropy", **options))


def test_a_penalty_is_added_in_runs(monkeypatch, taken):
    found = []
    for change in (lambda patch: None, one_by_one):
        model = network()
        with monkeypatch.context() as patch:
            change(patch)
            found.append(
                trained(
                    model, X, NUMBERS, "replayed", batch_size=3,
                    penalty=lambda model=model: losses.l2(model.parameters()[:3], 0.1),
                )
            )  # fmt: skip
    (first, data), (second, expected) = found
    assert list(first) == list(second)
    assert data.tolist() == expected.tolist()
    assert sum(taken) == 27


def test_llvm_has_its_turn_in_a_run(monkeypatch, taken):
    pytest.importorskip("llvmlite")
    _, expected = trained(network(), X, NUMBERS, "replayed", batch_size=1, epochs=5)
    compiled, original = [], Runner._compile

    def compiling(runner, count):
        original(runner, count)
        compiled.append(runner.summed)

    monkeypatch.setattr(choice, "UNASKED", 0.0)
    monkeypatch.setattr(Runner, "_worth_waiting", lambda runner, count: 1e-5)
    monkeypatch.setattr(Runner, "_compile", compiling)
    taken.clear()
    _, found = trained(network(), X, NUMBERS, "replayed", batch_size=1, epochs=5)
    assert found.tolist() == expected.tolist()
    assert len([summed for summed in compiled if summed]) == 1
    assert sum(taken) == 104


def test_a_callback_is_told_of_every_step(taken):
    class Counting(Callback):
        steps = 0

        def on_step(self, training):
            self.steps += 1
            assert training.step == self.steps

    counting = Counting()
    trained(network(), X, NUMBERS, "replayed", batch_size=7, epochs=3, callbacks=[counting])
    assert counting.steps == 9
    assert taken == []


def test_a_loss_that_overflows_is_refused_with_its_batch(monkeypatch):
    rows = X.copy()
    rows[13] = 1e200
    found = []
    for change in (lambda patch: None, one_by_one):
        with monkeypatch.context() as patch:
            change(patch)
            model = MLP(2, [3, 1], activation="linear", seed=0)
            sgd = optim.SGD(model.parameters(), 0.01, momentum=0.9)
            with pytest.raises(TrainingError) as error:
                fit(
                    model, rows, NUMBERS, optimizer=sgd, batch_size=1, tier="replayed",
                    progress=False,
                )  # fmt: skip
            data = [parameter.data for parameter in model.parameters()]
            found.append((str(error.value), data, sgd.steps, sgd.velocity.tolist()))
    assert found[0] == found[1]
    assert 1 < found[0][2] < 21


class Ending(Callback):
    """Ends a training after so many steps."""

    def __init__(self, after):
        self.after = after

    def on_step(self, training):
        return training.step == self.after


def test_an_interrupt_in_a_run_ends_between_two_steps(monkeypatch, taken):
    calls, made = [], []

    def spent(runner, seconds, count):
        calls.append(count)
        if len(calls) == 13:
            raise KeyboardInterrupt

    def adam(parameters):
        made.append(optim.Adam(parameters, 0.02))
        return made[-1]

    with monkeypatch.context() as patch:
        patch.setattr(Runner, "spent", spent)
        history, _ = trained(network(), X, NUMBERS, "replayed", adam, batch_size=7, epochs=9)
    assert history.stopped == "interrupted"
    steps = made[0].steps
    assert sum(taken) < steps - 1, "it did not come within a run"
    ending = [Ending(steps)]
    trained(network(), X, NUMBERS, "replayed", adam, batch_size=7, epochs=9, callbacks=ending)
    assert made[1].steps == steps
    np.testing.assert_array_equal(made[0].mean, made[1].mean)


@pytest.mark.parametrize("most", [1, 2, 256])
def test_the_bar_counts_every_batch(most, monkeypatch, capsys):
    monkeypatch.setattr("nn.training.loop.AT_ONCE", most)
    fit(network(), X, NUMBERS, batch_size=3, epochs=5, tier="replayed", progress=True)
    assert "35/35" in capsys.readouterr().err
