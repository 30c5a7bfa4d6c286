"""Losses against fifty digits, at their edges, and in the forms the textbooks give."""

import math

import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd_core import Value, gradcheck, record
from nn import MLP, losses

SMALL = st.floats(-20, 20)


def value_and_gradient(loss, x, target, **options):
    leaf = Value(x)
    out = loss(leaf, target, **options)
    out.backward()
    return out.data, leaf.grad


def fifty_digits(formula, x):
    with mpmath.workdps(50):
        return float(formula(mpmath.mpf(x))), float(mpmath.diff(formula, mpmath.mpf(x)))


FORMULAS = {
    "squared_error": lambda t: lambda y: (y - t) ** 2,
    "absolute_error": lambda t: lambda y: abs(y - t),
    "binary_cross_entropy_with_logits": lambda t: lambda z: mpmath.log1p(mpmath.exp(z)) - t * z,
}


@pytest.mark.parametrize("name", FORMULAS)
@given(x=SMALL, target=st.sampled_from([0.0, 1.0]))
def test_value_and_gradient_are_those_of_the_formula(name, x, target):
    if abs(x - target) < 1e-3:
        return  # the textbook forms have a kink or a zero there; the next tests look at those
    value, gradient = value_and_gradient(getattr(losses, name), x, target)
    expected, slope = fifty_digits(FORMULAS[name](mpmath.mpf(target)), x)
    assert value == pytest.approx(expected, rel=1e-14)
    assert gradient == pytest.approx(slope, rel=1e-14)


@given(p=st.floats(1e-9, 1 - 1e-9), t=st.sampled_from([0.0, 0.3, 1.0]))
def test_the_derivative_of_binary_cross_entropy_is_that_of_the_book(p, t):
    _, gradient = value_and_gradient(losses.binary_cross_entropy, p, t)
    terms = (t / p, (1 - t) / (1 - p))
    assert gradient == pytest.approx(terms[1] - terms[0], abs=1e-14 * max(terms))


@pytest.mark.parametrize(
    ("z", "t", "value", "gradient"),
    [
        (1000.0, 0, 1000.0, 1.0),
        (-1000.0, 1, 1000.0, -1.0),
        (1000.0, 1, 0.0, 0.0),
        (-1000.0, 0, 0.0, 0.0),
        (40.0, 1, math.exp(-40), -math.exp(-40)),
        (0.0, 0.5, math.log(2), 0.0),
    ],
)
def test_logits_far_out_keep_their_loss_and_their_gradient(z, t, value, gradient):
    got = value_and_gradient(losses.binary_cross_entropy_with_logits, z, t)
    assert got == pytest.approx((value, gradient), rel=1e-15)


def test_a_certain_probability_that_is_right_costs_nothing():
    assert value_and_gradient(losses.binary_cross_entropy, 0.0, 0) == (0.0, 1.0)
    assert value_and_gradient(losses.binary_cross_entropy, 1.0, 1) == (0.0, -1.0)
    assert losses.binary_cross_entropy(Value(0.0), 1).data == math.inf


LOGITS = st.lists(st.floats(-1000, 1000), min_size=1, max_size=6)


@given(LOGITS, st.data())
def test_cross_entropy_and_its_gradient_against_fifty_digits(logits, data):
    target = data.draw(st.integers(0, len(logits) - 1))
    leaves = [Value(z) for z in logits]
    out = losses.cross_entropy(leaves, target)
    out.backward()
    with mpmath.workdps(1000):  # enough for exp(-2000) beside 1
        shares = [mpmath.exp(z - logits[target]) for z in logits]
        total = mpmath.fsum(shares)
        loss = float(mpmath.log(total))
        slopes = [share / total - (i == target) for i, share in enumerate(shares)]
        assert math.isclose(out.data, loss, rel_tol=1e-12, abs_tol=1e-300)
        for leaf, slope in zip(leaves, slopes, strict=True):
            assert math.isclose(leaf.grad, float(slope), rel_tol=1e-12, abs_tol=1e-300)


@given(st.lists(st.floats(-5, 5), min_size=2, max_size=5))
def test_a_row_that_is_one_hot_is_the_class(logits):
    leaves = [Value(z) for z in logits]
    row = [0.0] * len(logits)
    row[1] = 1.0
    by_row = losses.cross_entropy(leaves, row).data
    assert by_row == pytest.approx(losses.cross_entropy(leaves, 1).data, abs=1e-14)


@pytest.mark.parametrize("penalty", [losses.l1, losses.l2])
def test_penalties_take_numbers_and_ask_models_for_their_parameters(penalty):
    assert penalty([1.0, -3]).data == penalty([Value(1.0), Value(-3.0)]).data
    with pytest.raises(
        TypeError, match=r"parameters must be listed, got one MLP: give its \.parameters\(\)"
    ):
        penalty(MLP(1, [1]))


class Frame:
    """As much of a data frame as is asked for: `tests` stand on no library of frames."""

    def __init__(self, rows):
        self.rows = rows

    def to_numpy(self):
        return np.array(self.rows)


def test_losses_take_data_frames_by_rows():
    rows, classes = [[0.5, 1.0], [2.0, -1.0], [0.0, 0.0]], [1, 0, 1]
    assert losses.cross_entropy(Frame(rows), Frame(classes)).data == (
        losses.cross_entropy(rows, classes).data
    )
    assert losses.squared_error(Frame(rows), Frame(rows)).data == 0.0


@pytest.mark.parametrize("target", ["a", 1.0, None])
def test_names_and_fractions_are_no_classes_and_the_remedy_is_told(target):
    with pytest.raises(TypeError, match=r"a class is an int, got .*: number the classes"):
        losses.cross_entropy([1.0, 2.0], target)


@pytest.mark.parametrize("loss", [losses.cross_entropy, losses.negative_log_likelihood])
def test_losses_of_plain_numbers_are_those_of_values(loss):
    row = [-0.5, -1.5, -2.0]
    expected = loss([Value(z) for z in row], 1).data
    for logits in (row, tuple(row), np.array(row), [np.float32(z) for z in row]):
        found = loss(logits, 1)
        assert (type(found), found.data) == (Value, expected)
    assert loss([row, row], [1, 1]).data == expected
    shares = losses.cross_entropy(row, [0.25, 0.5, 0.25])
    assert shares.data == losses.cross_entropy([Value(z) for z in row], [0.25, 0.5, 0.25]).data


@pytest.mark.parametrize(
    ("logits", "shares", "value", "gradient"),
    [
        ([0.0, -math.inf], [1, 0], 0.0, [0.0, 0.0]),
        ([0.0, -math.inf], [0.5, 0.5], math.inf, [0.5, -0.5]),
        ([-math.inf, 0.0], [1, 0], math.inf, [-1.0, 1.0]),
        ([0.0, -math.inf, 0.0], [0.5, 0, 0.5], math.log(2), [0.0, 0.0, 0.0]),
        ([0.0, -math.inf], [0, 0], 0.0, [0.0, 0.0]),
    ],
)
def test_a_share_of_0_of_an_infinite_logarithm_is_0(logits, shares, value, gradient):
    """softmax(z) - t is the gradient, where t adds up to 1; PyTorch drops no term and gives NaN."""
    leaves = [Value(z) for z in logits]
    loss = losses.cross_entropy(leaves, shares)
    loss.backward()
    assert loss.data == pytest.approx(value)
    assert [leaf.grad for leaf in leaves] == pytest.approx(gradient)
    program = record(lambda z, t: losses.cross_entropy([z], [t]), logits, [0.0] * len(logits))
    replayed, (by_replay, _) = program.value_and_grad(logits, list(map(float, shares)))
    assert (replayed, by_replay.tolist()) == (loss.data, [leaf.grad for leaf in leaves])
    soft = losses.cross_entropy(list(map(Value, logits)), [Value(float(t)) for t in shares])
    assert soft.data == loss.data


@pytest.mark.parametrize("loss", [losses.cross_entropy, losses.negative_log_likelihood])
def test_classes_that_are_ruled_out_cost_nothing(loss):
    row = [Value(0.0), Value(-math.inf)]
    out = loss(row, 0)
    out.backward()
    assert out.data == 0.0
    assert row[1].grad == 0.0
    assert loss([Value(0.0), Value(-math.inf)], 1).data == math.inf


@pytest.mark.parametrize("z", [math.inf, -math.inf, 3.0])
def test_the_only_class_costs_nothing(z):
    assert value_and_gradient(lambda z, t: losses.cross_entropy([z], t), z, 0) == (0.0, 0.0)


def test_shares_of_classes_are_weighted():
    z = [Value(0.0), Value(0.0)]
    assert losses.cross_entropy([z, z], [[0.5, 0.5], [1.0, 0.0]]).data == pytest.approx(math.log(2))


def test_negative_log_likelihood_reads_the_class():
    rows = [[Value(-1.0), Value(-2.0)], [Value(-3.0), Value(-4.0)]]
    assert losses.negative_log_likelihood(rows, [1, 0]).data == 2.5


@pytest.mark.parametrize("distance", [-3.0, -1.0, -0.25, 0.0, 0.25, 1.0, 3.0])
def test_huber_is_a_parabola_between_two_lines(distance):
    value, gradient = value_and_gradient(losses.huber, distance, 0.0)
    assert value == (0.5 * distance**2 if abs(distance) <= 1 else abs(distance) - 0.5)
    assert gradient == max(-1.0, min(1.0, distance))


def test_hinge_is_flat_beyond_the_margin():
    assert value_and_gradient(losses.hinge, 0.5, 1) == (0.5, -1.0)
    assert value_and_gradient(losses.hinge, 1.5, 1) == (0.0, 0.0)
    assert value_and_gradient(losses.hinge, 1.5, -1) == (2.5, 1.0)
    assert value_and_gradient(losses.hinge, 1.5, 1, margin=2.0) == (0.5, -1.0)


@pytest.mark.parametrize(
    ("reduction", "expected"), [("mean", 7 / 4), ("sum", 7.0), ("half_sum", 3.5)]
)
def test_the_three_conventions_of_the_squared_error(reduction, expected):
    predictions = [[Value(1.0), Value(2.0)], [Value(3.0), Value(4.0)]]
    targets = np.array([[0.0, 1.0], [2.0, 6.0]])
    assert losses.squared_error(predictions, targets, reduction).data == expected


def test_several_labels_are_averaged_over_all_of_them():
    logits = [[Value(0.0), Value(1000.0)], [Value(0.0), Value(-1000.0)]]
    loss = losses.binary_cross_entropy_with_logits(logits, [[1, 1], [0, 0]])
    assert loss.data == pytest.approx(math.log(2) / 2)


def test_penalties():
    parameters = [Value(3.0), Value(-4.0)]
    assert losses.l1(parameters, 0.5).data == 3.5
    assert losses.l2(parameters, 0.5).data == 12.5
    assert losses.l2([Value(1e200)], 0.0).data == losses.l1([Value(math.inf)], 0.0).data == 0.0


@pytest.mark.parametrize("name", ["squared_error", "huber", "binary_cross_entropy_with_logits"])
def test_second_derivatives_agree_with_differences(name):
    loss = getattr(losses, name)
    gradcheck(lambda a, b: loss([a, b], [1.0, 0.0]), 0.3, -0.6, order=2)


def test_second_derivatives_of_cross_entropy_agree_with_differences():
    gradcheck(lambda a, b, c: losses.cross_entropy([a, b, c], 1), 0.3, -0.6, 0.1, order=2)


V = Value(0.5)


NUMBERS = st.sampled_from([0.0, 0.25, 1.0, 7.5, -3.0, 800.0, -800.0])
RECORDED = {
    losses.squared_error: NUMBERS,
    losses.absolute_error: NUMBERS,
    losses.huber: NUMBERS,
    losses.hinge: st.sampled_from([-1, 1]),
    losses.binary_cross_entropy: st.sampled_from([0, 1, 0.3]),
    losses.binary_cross_entropy_with_logits: st.sampled_from([0, 1, 0.3]),
}


@pytest.mark.parametrize("loss", RECORDED, ids=lambda loss: loss.__name__)
@given(data=st.data())
def test_a_target_that_is_recorded_gives_the_bits_of_a_number(loss, data):
    shares = st.sampled_from([0.0, 0.25, 0.999, 1.0])
    outputs = shares if loss is losses.binary_cross_entropy else NUMBERS
    x, target = data.draw(outputs), data.draw(RECORDED[loss])
    program = record(lambda x, t: loss([x], [t]), 0.5, 1)
    value, (gradient, _) = program.value_and_grad(x, target)
    assert (value, gradient) == value_and_gradient(loss, x, target)


@given(st.lists(st.tuples(NUMBERS, st.sampled_from([0.0, 0.3, 1.0])), min_size=1, max_size=5))
def test_shares_that_are_recorded_give_the_bits_of_numbers(pairs):
    row, shares = map(list, zip(*pairs, strict=True))
    program = record(lambda z, t: losses.cross_entropy([z], [t]), row, shares)
    value, (gradient, _) = program.value_and_grad(row, shares)
    leaves = [Value(number) for number in row]
    out = losses.cross_entropy([leaves], [shares])
    out.backward()
    assert (value, gradient.tolist()) == (out.data, [leaf.grad for leaf in leaves])


@pytest.mark.parametrize("loss", [losses.cross_entropy, losses.negative_log_likelihood])
@pytest.mark.parametrize("classes", [1, 2, 5])
@given(data=st.data())
def test_a_class_that_is_recorded_gives_the_bits_of_a_number(loss, classes, data):
    row = [data.draw(NUMBERS) for _ in range(classes)]
    target = data.draw(st.integers(0, classes - 1))
    program = record(lambda z, t: loss([z], [t]), row, 0)
    value, (gradient, _) = program.value_and_grad(row, target)
    leaves = [Value(number) for number in row]
    out = loss([leaves], [target])
    out.backward()
    assert (value, gradient.tolist()) == (out.data, [leaf.grad for leaf in leaves])


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (
            lambda: losses.squared_error([V, V], [1.0]),
            ValueError,
            "got 2 x a number and 1 x a number",
        ),
        (
            lambda: losses.squared_error([V], 1.0),
            ValueError,
            "got 1 x a number and a number",
        ),
        (
            lambda: losses.squared_error(V, [1.0]),
            ValueError,
            r"one shape.*of a column .*ravel\(\)",
        ),
        (lambda: losses.squared_error([V], [[1.0, 2.0]]), ValueError, "and 2 x a number$"),
        (lambda: losses.squared_error([], []), ValueError, "no samples"),
        (lambda: losses.squared_error(V, 1.0, "max"), ValueError, "'max' is unknown; .* half_sum"),
        (lambda: losses.squared_error("a", 1.0), TypeError, "got 'a' of type str"),
        (lambda: losses.squared_error(V, "1"), TypeError, "a target is a number, got '1' of type"),
        (lambda: losses.binary_cross_entropy([V], ["1"]), TypeError, "got '1' of type str"),
        (lambda: losses.hinge([V], [None]), TypeError, "got None of type NoneType"),
        (lambda: losses.huber(V, 1.0, delta=0), ValueError, "delta must be .* above 0, got 0"),
        (lambda: losses.hinge(V, 0), ValueError, "1 and -1, got 0; of 0 and 1 make"),
        (lambda: losses.binary_cross_entropy(V, 1.5), ValueError, r"\[0, 1\], got 1.5"),
        (lambda: losses.cross_entropy([V, V], 2), ValueError, "are 0 to 1, got 2"),
        (lambda: losses.cross_entropy([V, V], -1), ValueError, "are 0 to 1, got -1"),
        (lambda: losses.cross_entropy([V, V], 0.0), TypeError, "an int, got 0.0 of type float"),
        (lambda: losses.cross_entropy([V, V], [1.0]), ValueError, "needs 2 shares, got"),
        (lambda: losses.cross_entropy([[V, V]], [0, 1]), ValueError, "1 samples needs as many"),
        (lambda: losses.cross_entropy(V, 0), TypeError, "takes a list of logits"),
        (lambda: losses.cross_entropy([], 0), TypeError, "takes a list of logits"),
    ],
)
def test_misuse_says_what_was_received_and_what_was_expected(call, error, message):
    with pytest.raises(error, match=message):
        call()


@pytest.mark.parametrize(
    ("loss", "outputs", "target"),
    [
        (losses.cross_entropy, [1000.0, 0.0], 0),
        (losses.cross_entropy, [1000.0, 0.0], [1.0, 0.0]),
        (losses.cross_entropy, [0.0, -math.inf], [1.0, 0.0]),
        (losses.cross_entropy, [0.0, 0.0], [0.0, 0.0]),
        (losses.cross_entropy, [-1.0], 0),
        (losses.cross_entropy, [-1.0], [1.0]),
        (losses.negative_log_likelihood, [0.0, -math.inf], 0),
        (losses.binary_cross_entropy, 1.0, 1),
        (losses.binary_cross_entropy, 0.0, 0),
        (losses.binary_cross_entropy_with_logits, 1000.0, 1),
        (losses.binary_cross_entropy_with_logits, -1000.0, 0),
    ],
)
def test_what_is_certain_and_right_costs_0_and_not_minus_0(loss, outputs, target):
    eager = loss(outputs, target).data
    replayed = record(lambda z: loss(z, target), outputs)(outputs)
    for cost in (eager, replayed):
        assert (cost, math.copysign(1.0, cost)) == (0.0, 1.0)
