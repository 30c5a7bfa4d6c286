"""fit: that it learns, the same bits from the same seed, how it stops and complains."""

import gc
import json
import math
from functools import partial
from pathlib import Path

import numpy as np
import pytest

import nn
from autograd_core import TrainingError, Value, log
from nn import MLP, Callback, Dropout, Layer, Sequential, fit, losses, metrics, optim, schedules
from nn.descent import GradientDescent


def line(count=12):
    """Samples of y = 2x + 1."""
    x = np.linspace(-1, 1, count)[:, None]
    return x, 2 * x[:, 0] + 1


def quiet(model, inputs, targets, **options):
    return fit(model, inputs, targets, progress=False, **options)


@pytest.mark.parametrize("size", [None, 1, 5])
def test_batch_stochastic_and_mini_batch_descent_find_the_line(size):
    model = Layer.of([[0.0]])
    history = quiet(
        model, *line(), optimizer=optim.SGD(model.parameters(), 0.1), batch_size=size, epochs=200
    )
    assert [p.data for p in model.parameters()] == pytest.approx([2.0, 1.0], abs=1e-3)
    assert history[-1].steps == 200 * math.ceil(12 / (size or 12))
    assert history[-1].loss < 1e-5 < history[0].loss


def test_one_epoch_is_the_loop_written_out():
    inputs, targets = line()
    by_fit, by_hand = Layer.of([[0.5]]), Layer.of([[0.5]])
    history = quiet(
        by_fit,
        inputs,
        targets,
        optimizer=optim.SGD(by_fit.parameters(), 0.1),
        batch_size=5,
        epochs=1,
        seed=3,
    )
    sgd, added = optim.SGD(by_hand.parameters(), 0.1), 0.0
    for batch in nn.batches(12, 5, seed=3):
        sgd.zero_grad()
        loss = losses.squared_error(
            [by_hand(inputs[i]) for i in batch], [targets[i] for i in batch]
        )
        loss.backward()
        sgd.step()
        added += loss.data * len(batch)
    assert by_fit.state_dict() == by_hand.state_dict()
    assert history[0].loss == added / 12


def test_one_epoch_over_the_irises_leaves_pytorchs_parameters():
    reference = json.loads((Path(__file__).parents[1] / "references" / "torch.json").read_text())
    case, data = reference["irises"], nn.datasets.iris()
    model = MLP(4, [8, 3], activation="tanh", seed=0)
    adam = optim.Adam(model.parameters(), 0.01)
    adam.assign(np.array(case["start"]))
    for place in range(0, 150, 10):
        batch = case["order"][place : place + 10]
        adam.step(
            lambda batch=batch: losses.cross_entropy(
                [model(data.inputs[row]) for row in batch], data.targets[batch]
            )
        )
    assert [p.data for p in model.parameters()] == pytest.approx(case["end"], rel=1e-12)


def train_once(seed):
    data = nn.datasets.moons(30)
    model = Sequential(
        MLP(2, [6], activation="tanh", seed=seed),
        Dropout(0.2, seed=seed),
        Layer(6, 1, False, seed=seed),
    )
    history = quiet(
        model,
        data.inputs,
        data.targets,
        loss="binary_cross_entropy_with_logits",
        validation=0.2,
        metrics=["accuracy"],
        epochs=3,
        seed=seed,
    )
    return model.state_dict(), history.curves()


def test_equal_seeds_give_equal_bits():
    assert train_once(1) == train_once(1)
    assert train_once(1) != train_once(2)


@pytest.mark.parametrize(
    ("loss", "outputs"),
    [
        ("cross_entropy", 3),
        (losses.cross_entropy, 3),
        ("negative_log_likelihood", 3),
    ],
)
def test_irises_are_told_apart(loss, outputs):
    train, test = nn.split(nn.datasets.iris(), 0.3)
    standard = nn.Standardizer.of(train.inputs)
    last = "log_softmax" if loss == "negative_log_likelihood" else "linear"
    model = MLP(4, [8, outputs], activation="tanh", output_activation=last, seed=0)
    history = quiet(
        model,
        standard(train.inputs),
        train.targets,
        loss=loss,
        optimizer=optim.Adam(model.parameters(), 0.02),
        epochs=40,
        batch_size=10,
        validation=(standard(test.inputs), test.targets),
        metrics=["accuracy"],
    )
    assert history[-1].validation_metrics["accuracy"] >= 0.9
    predicted = nn.predict(model, standard(test.inputs), loss)
    assert (
        nn.metrics.accuracy(predicted, test.targets) == history[-1].validation_metrics["accuracy"]
    )


def test_hinge_and_binary_losses_read_their_outputs_each_in_its_way():
    model = Layer.of([[1.0]])
    for loss, no, threshold in (
        ("hinge", -1, 0.0),
        ("binary_cross_entropy", 0, 0.5),
        ("binary_cross_entropy_with_logits", 0, 0.0),
        ("squared_error", None, None),
    ):
        x = [[-0.2], [0.2], [0.7]]
        expected = [-0.2, 0.2, 0.7] if no is None else [1 if v > threshold else no for (v,) in x]
        assert nn.predict(model, x, loss) == expected


def test_a_penalty_is_added_to_every_batch():
    model = Layer.of([[3.0]])

    def penalty():
        return losses.l2(model.parameters(), 0.5)

    history = quiet(model, [[0.0]], [0.0], penalty=penalty, epochs=1)
    assert history[0].loss == 4.5


def test_a_schedule_sets_the_rate_by_steps_or_by_epochs():
    def rates(every):
        seen = []
        model = Layer.of([[0.0]])

        class Watch(Callback):
            def on_step(self, training):
                seen.append(training.optimizer.learning_rate)

        quiet(
            model,
            *line(),
            optimizer=optim.SGD(model.parameters(), 9.0),
            schedule=schedules.InverseTime(0.1),
            schedule_every=every,
            batch_size=6,
            epochs=2,
            callbacks=[Watch()],
        )
        return seen

    assert rates("step") == [0.1, 0.05, 0.1 / 3, 0.025]
    assert rates("epoch") == [0.1, 0.1, 0.05, 0.05]


def test_a_plateau_is_told_the_validation_loss():
    model = Layer.of([[0.0]])
    schedule = schedules.ReduceOnPlateau(1e-9, factor=0.5, patience=0)
    history = quiet(
        model,
        *line(),
        optimizer=optim.SGD(model.parameters()),
        schedule=schedule,
        validation=0.25,
        epochs=4,
    )
    assert schedule.best == history[0].validation_loss
    assert history[-1].learning_rate < 1e-9


def test_early_stopping_keeps_the_best_parameters():
    """The rate is so high that each epoch is worse than the one before."""
    model = Layer.of([[1.9]])
    states = []
    history = quiet(
        model,
        *line(),
        optimizer=optim.SGD(model.parameters(), 1.2),
        batch_size=None,
        validation=line(5),
        patience=3,
        epochs=50,
        callbacks=[lambda training: states.append(training.model.state_dict())],
    )
    assert history.stopped == "early"
    assert len(history) == history.best.number + 3
    assert history.best.validation_loss == min(e.validation_loss for e in history)
    assert model.state_dict() == states[history.best.number - 1]


@pytest.mark.parametrize("tier", ["eager", "replayed"])
@pytest.mark.parametrize("rate", [0.4, 1.2, 0.05])
def test_without_validation_the_parameters_kept_are_those_of_the_lowest_loss(rate, tier):
    """At a rate of 1.2 each step is worse than the one before, at the others better."""
    (inputs, targets), model = line(), Layer.of([[1.9]])
    sgd = optim.SGD(model.parameters(), rate)
    history = quiet(
        model, inputs, targets, optimizer=sgd, batch_size=None, patience=3, epochs=20, tier=tier
    )
    kept = losses.squared_error([model(x) for x in inputs], targets).data
    assert history.best.loss == min(epoch.loss for epoch in history)
    assert kept == pytest.approx(history.best.loss, rel=1e-12)


@pytest.mark.parametrize("size", [None, 4])
def test_a_validation_loss_that_is_nan_is_refused_with_its_sample(size):
    validation = ([[0.0], [0.5]], [1.0, math.nan])
    with pytest.raises(
        TrainingError,
        match=r"validation loss is nan after epoch 1; .* sample \[0.5\] with the target nan",
    ):
        quiet(Layer.of([[0.0]]), *line(), validation=validation, patience=2, batch_size=size)


def test_of_infinite_validation_losses_the_first_is_the_best():
    model = Layer.of([[0.0]], activation="sigmoid")
    states = []
    history = quiet(
        model,
        [[0.0], [1.0]],
        [0, 1],
        loss="binary_cross_entropy",
        optimizer=optim.SGD(model.parameters(), 0.1),
        validation=([[-math.inf]], [0.5]),
        patience=2,
        callbacks=[lambda training: states.append(training.model.state_dict())],
    )
    assert [epoch.validation_loss for epoch in history] == [math.inf] * 3
    assert (history.stopped, history.best.number) == ("early", 1)
    assert model.state_dict() == states[0]


class Keeper(Callback):
    def on_start(self, training):
        self.training = training


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"tier": "eager"},
        {"callbacks": [Keeper()]},
        {"validation": 0.25, "metrics": ["r_squared"], "patience": 2},
        {"penalty": lambda: Value(1.0) * 2.0, "callbacks": [lambda training: training.step > 9]},
        {"loss": lambda outputs, targets: sum(o if o > 0 else o * o for o in outputs)},
    ],
    ids=["replayed", "eager", "kept", "validated", "watched", "refused"],
)
@pytest.mark.parametrize("dropout", [0.0, 0.5])
def test_a_training_leaves_nothing_for_the_collector(options, dropout):
    def trained():
        model = Sequential(MLP(1, [4], activation="tanh", seed=0), Dropout(dropout, seed=0))
        model = Sequential(model, Layer(4, 1, False, seed=0))
        quiet(model, *line(40), epochs=8, **options)

    trained()  # what is imported and cached at first
    gc.collect()
    gc.disable()
    try:
        trained()
        assert gc.collect() == 0
    finally:
        gc.enable()


def test_one_hot_targets_are_scored_as_classes_are():
    data, curves = nn.datasets.blobs(60), []
    for targets in (data.targets, nn.one_hot(data.targets, 3)):
        model = MLP(2, [3], seed=0)
        history = quiet(
            model,
            data.inputs,
            targets,
            loss="cross_entropy",
            optimizer=optim.Adam(model.parameters(), 0.1),
            metrics=["accuracy", metrics.accuracy],
            validation=(data.inputs, targets),
        )
        curves.append(history.curves())
    for name in ("accuracy", "validation accuracy"):
        assert curves[0][name] == curves[1][name]
        assert curves[1][name][-1] > 0.9


@pytest.mark.parametrize("one_hot", [False, True])
def test_a_share_held_out_leaves_every_class(one_hot):
    classes = [0] * 9 + [1]
    targets = nn.one_hot(classes, 2) if one_hot else classes
    for seed in range(9):
        seen = []
        quiet(
            Layer(1, 2, seed=0),
            [[float(place)] for place in range(10)],
            targets,
            loss="cross_entropy",
            validation=0.5,
            epochs=1,
            seed=seed,
            metrics=[lambda predicted, true, seen=seen: seen.append(true) or 0.0],
        )
        known, held = seen
        assert len(held) == 5
        assert targets[9] in known if not one_hot else targets[9].tolist() in known
    with pytest.raises(ValueError, match=r"9 of 10 samples cannot .* of the 2 classes .* 8 can"):
        quiet(Layer(1, 2), [[0.0]] * 10, targets, loss="cross_entropy", validation=0.9)


class Interrupt(Callback):
    def __init__(self, at):
        self.at = at
        self.states = []

    def on_step(self, training):
        if training.step == self.at:
            raise KeyboardInterrupt

    def on_epoch(self, training):
        self.states.append(training.model.state_dict())


def test_control_c_returns_with_the_best_parameters():
    model = Layer.of([[0.0]])
    interrupt = Interrupt(at=7)
    sgd = optim.SGD(model.parameters(), 0.05)
    history = quiet(model, *line(), optimizer=sgd, batch_size=6, epochs=50, callbacks=[interrupt])
    assert (history.stopped, len(history)) == ("interrupted", 3)
    assert model.state_dict() == interrupt.states[history.best.number - 1]


def test_control_c_before_the_first_epoch_is_over_leaves_the_start():
    model = Layer.of([[0.25]])
    before = model.state_dict()
    history = quiet(model, *line(), batch_size=4, epochs=5, callbacks=[Interrupt(at=2)])
    assert repr(history) == "History(no epochs, interrupted)"
    assert model.state_dict() == before


@pytest.mark.parametrize("answer", ["yes", 1, 0, 2.5, [], ()])
def test_a_callback_that_answers_neither_yes_nor_no_is_refused(answer):
    with pytest.raises(TypeError, match="True to end the training and False or None to go on, got"):
        quiet(MLP(1, [1], seed=0), *line(), epochs=2, callbacks=[lambda training: answer])


@pytest.mark.parametrize(("answer", "epochs"), [(np.True_, 1), (np.False_, 2), (None, 2)])
def test_a_callback_may_answer_in_numpy_s_words(answer, epochs):
    callbacks = [lambda training: answer]
    assert len(quiet(MLP(1, [1], seed=0), *line(), epochs=2, callbacks=callbacks)) == epochs


def test_a_callback_ends_training_when_it_returns_true():
    model = Layer.of([[0.0]])
    history = quiet(model, *line(), epochs=50, callbacks=[lambda training: training.epoch == 4])
    assert (history.stopped, len(history)) == ("callback", 4)


def test_a_line_search_ends_training_where_the_gradient_is_flat():
    model = Layer.of([[0.0]])
    descent = GradientDescent(model.parameters(), "backtracking", tolerance=1e-8)
    history = quiet(model, *line(), optimizer=descent, batch_size=None, epochs=500)
    assert history.stopped == "converged"
    assert [p.data for p in model.parameters()] == pytest.approx([2.0, 1.0], abs=1e-7)


@pytest.mark.parametrize(("target", "shown"), [(math.nan, "nan"), (math.inf, "inf")])
def test_a_loss_that_is_no_number_is_reported_with_its_step_and_batch(target, shown):
    inputs, targets = line(6)
    targets[4] = target
    model = Layer.of([[0.5]])
    order = [place for batch in nn.batches(6, 1, seed=0) for place in batch]
    step = order.index(4) + 1
    with pytest.raises(
        TrainingError, match=rf"loss is {shown} at step {step} \(epoch 1\), on the samples 4:"
    ):
        quiet(model, inputs, targets, batch_size=1, epochs=1)
    assert all(math.isfinite(p.data) for p in model.parameters())


@pytest.mark.parametrize("tier", ["eager", "replayed"])
@pytest.mark.parametrize(
    ("first", "advice"),
    [(math.nan, "logits or probabilities"), (1e100, r"lower the .* \(1e\+09\)")],
)
def test_the_learning_rate_is_blamed_only_where_it_has_changed_something(first, advice, tier):
    model = Layer.of([[0.5]])
    sgd = optim.SGD(model.parameters(), 1e9)
    with pytest.raises(TrainingError, match=advice):
        quiet(model, [[1.0]], [first], optimizer=sgd, batch_size=1, epochs=99, tier=tier)


def test_training_mode_is_on_in_steps_off_in_validation_and_restored():
    seen = []

    class Spy(Layer):
        def __call__(self, x):
            seen.append(self.training)
            return super().__call__(x)

    model = Spy(1, 1, False, seed=0).eval()
    quiet(model, *line(4), validation=line(2), batch_size=None, epochs=1)
    assert seen == [True] * 4 + [False] * 2
    assert not model.training


def test_the_progress_bar_goes_to_standard_error(capsys):
    model = Layer.of([[0.0]])
    fit(model, *line(), epochs=2, validation=0.25, metrics=["mean_squared_error"])
    out, err = capsys.readouterr()
    assert out == ""
    assert "loss=" in err
    assert "validation mean_squared_error" in err


def test_metrics_may_be_functions():
    model = Layer.of([[2.0]], [1.0])

    def worst(predictions, targets):
        return max(abs(p - t) for p, t in zip(predictions, targets, strict=True))

    history = quiet(model, *line(), metrics=[worst, "r_squared"], epochs=1)
    assert history[0].metrics == {"worst": 0.0, "r_squared": 1.0}


def test_a_loss_of_the_package_may_come_with_options():
    model = Layer.of([[1.0], [-1.0]])
    summed = partial(losses.cross_entropy, reduction="sum")
    history = quiet(model, [[0.0]] * 4, [0, 1, 1, 0], loss=summed, metrics=["accuracy"], epochs=1)
    assert history[0].loss == pytest.approx(4 * math.log(2))
    assert nn.predict(model, [[3.0], [-3.0]], summed) == [0, 1]


def test_a_loss_of_ones_own():
    model = Layer.of([[1.0]], [1.0], activation="softplus")

    def poisson(outputs, targets):
        terms = zip(outputs, targets, strict=True)
        return sum(rate - count * log(rate) for rate, count in terms) / len(outputs)

    history = quiet(
        model,
        [[0.0]] * 3,
        [1, 2, 6],
        loss=poisson,
        optimizer=optim.Adam(model.parameters(), 0.1),
        epochs=200,
    )
    assert model([0.0]).data == pytest.approx(3.0, abs=1e-3)
    assert history.best is not None


X = line(4)
MODEL = Layer.of([[1.0]])


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"inputs": [[1.0]]}, ValueError, "got 1 samples and 4 targets"),
        ({"targets": {1.0, 2.0, 3.0, 4.0}}, TypeError, "must have an order, got a set: give lists"),
        ({"inputs": [], "targets": []}, ValueError, "got 0 samples and 0 targets"),
        ({"validation": ([[1.0]], [])}, ValueError, "got 1 validation samples and 0 targets"),
        ({"validation": 0.01}, ValueError, "got 0.01 of 4 samples"),
        ({"validation": 1.0}, ValueError, "validation must be .* below 1, got 1.0"),
        ({"epochs": "3"}, TypeError, "epochs must be an int, got '3' of type str"),
        ({"batch_size": 2.5}, TypeError, "the batch size must be an int, got 2.5"),
        ({"optimizer": "adam"}, TypeError, "one of nn.optim, .* got 'adam' of type str"),
        (
            {"loss": lambda outputs: outputs},
            TypeError,
            "a loss calls the function with outputs and",
        ),
        ({"metrics": [lambda p: 1.0]}, TypeError, "a metric calls the function with predictions"),
        ({"metrics": [lambda p, t: "x"]}, TypeError, "must return a number, got 'x' of type str"),
        ({"schedule": 0.1}, TypeError, "the schedule must be a function of .*, got 0.1"),
        ({"callbacks": {print, len}}, TypeError, "the callbacks must have an order"),
        ({"callbacks": [3]}, TypeError, "a callback must be a function, got 3"),
        ({"callbacks": print}, TypeError, "the callbacks must be a list, got <built-in"),
        ({"metrics": 3}, TypeError, "the metrics must be a list, got 3"),
        ({"metrics": "acc"}, ValueError, "unknown metric 'acc'"),
        ({"inputs": 3}, TypeError, "samples must be a list, got 3"),
        ({"validation": (X[0],)}, ValueError, "a pair of samples and targets, .* a tuple of 1"),
        ({"penalty": 3}, TypeError, "the penalty must be a function that .*, got 3"),
        ({"penalty": lambda: None}, TypeError, "the penalty must return one Value, got None"),
        ({"loss": lambda outputs, targets: 3.0}, TypeError, "must return one Value, got 3.0"),
        (
            {"loss": lambda outputs, targets: Value(outputs[0].data)},
            ValueError,
            "depends on none of the 2 parameters, so there is no gradient",
        ),
        ({"inputs": np.ma.array(X[0], mask=True)}, ValueError, "masked array hides 4 of"),
        (
            {"loss": lambda outputs, targets: outputs},
            TypeError,
            "must return one Value, got .Value",
        ),
        ({"schedule": lambda step: "x"}, TypeError, "the schedule gives must be a number, got 'x'"),
        ({"schedule": lambda step: -1.0}, ValueError, "the schedule gives must be .* got -1.0"),
        ({"optimizer": optim.SGD([Value(1.0)], 0.1)}, ValueError, "none of the model's parameters"),
        ({"epochs": 0}, ValueError, "epochs must be at least 1, got 0"),
        ({"patience": 0}, ValueError, "patience must be at least 1, got 0"),
        ({"batch_size": 0}, ValueError, "batch size must be at least 1"),
        ({"loss": "mse"}, ValueError, "unknown loss 'mse'; there are squared_error, "),
        ({"loss": 3}, TypeError, "a name or a function, got 3 of type int"),
        ({"metrics": ["acc"]}, ValueError, "unknown metric 'acc'; there are accuracy, "),
        ({"metrics": [3]}, TypeError, "a metric is a name or a function, got 3 of type int"),
        ({"metrics": [min, lambda p, t: 0.0, lambda p, t: 1.0]}, ValueError, "named '<lambda>'"),
        (
            {"schedule_every": "batch"},
            ValueError,
            "schedule_every='batch' is unknown; expected one of step, epoch",
        ),
        ({"inputs": [[1.0, 2.0]] * 4}, ValueError, "takes 1 input, got 2"),
        (
            {"loss": "cross_entropy"},
            TypeError,
            "as many neurons as there are classes",
        ),
    ],
)
def test_misuse_says_what_was_received(options, error, message):
    inputs, targets = options.pop("inputs", X[0]), options.pop("targets", X[1])
    with pytest.raises(error, match=message):
        quiet(MODEL, inputs, targets, **options)
