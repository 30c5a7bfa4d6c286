"""Line searches: on functions with known steps, and on the four points."""

import math
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograd_core import RecordingError, Value, grad, jvp, sigmoid
from nn import optim, schedules
from nn.data import batches
from nn.datasets import four_points
from nn.descent import GradientDescent, descending, gradient_descent, minimize


def rosenbrock(x):
    return (1 - x[0]) ** 2 + 100 * (x[1] - x[0] ** 2) ** 2


def test_exact_search_takes_the_step_of_the_formula():
    """On ½ xᵀAx the exact step is gᵀg / gᵀAg."""
    x = [Value(3.0), Value(-2.0)]
    descent = GradientDescent(x, "exact")
    descent.step(lambda: 0.5 * (x[0] ** 2 + 10 * x[1] ** 2))
    gradient = np.array([3.0, -20.0])
    t = gradient @ gradient / (gradient @ (np.array([1.0, 10.0]) * gradient))
    expected = np.array([3.0, -2.0]) - t * gradient
    assert [xi.data for xi in x] == pytest.approx(expected, rel=1e-6)


def test_exact_search_makes_successive_gradients_orthogonal():
    x = [Value(3.0), Value(-2.0)]

    def loss():
        return x[0] ** 2 + 5 * x[1] ** 2 + (x[0] * x[1]).cosh()

    descent = GradientDescent(x, "exact")
    gradients = []
    for _ in range(2):
        descent.step(loss)
        gradients.append([xi.grad for xi in x])
    first, second = map(np.array, gradients)
    assert abs(first @ second) < 1e-5 * np.linalg.norm(first) * np.linalg.norm(second)


@settings(max_examples=25, deadline=None)
@given(st.floats(-3, 3), st.floats(-3, 3), st.sampled_from(["exact", "backtracking"]))
def test_every_step_goes_down_and_the_end_is_flat(a, b, search):
    x = [Value(a), Value(b)]

    def bowl():
        return (x[0] - 1) ** 2 + 3 * (x[1] + 0.5) ** 2

    way = gradient_descent(bowl, x, search)
    assert way.converged
    assert way.gradient_norm <= 1e-6
    assert all(after < before for before, after in zip(way.losses, way.losses[1:], strict=False))
    assert [xi.data for xi in x] == pytest.approx([1.0, -0.5], abs=1e-6)
    assert way.path[0].tolist() == [a, b]
    assert way.path[-1].tolist() == [xi.data for xi in x]
    assert len(way.path) == len(way.losses) + 1
    assert (np.diff(way.path, axis=0) != 0).any(axis=1).all()
    assert way.loss == bowl().data


def test_backtracking_meets_armijos_condition_with_the_first_halving_that_does():
    x = Value(1.0)
    descent = GradientDescent([x], "backtracking", first_step=8.0, decrease=0.5)
    descent.step(lambda: x**4)

    def enough(t):
        return (1 - 4 * t) ** 4 <= 1 - 0.5 * t * 16

    assert [enough(8 / 2**k) for k in range(8)] == [False] * 7 + [True]
    assert x.data == 1 - 4 * 8 / 2**7


def test_a_direction_with_a_negative_slope_has_a_step_that_goes_down():
    """⟨∇f, d⟩ < 0; the directional derivative is ⟨∇f, d⟩; a small step decreases f."""
    x, d = [-1.2, 1.0], [1.0, -0.3]
    gradient = grad(rosenbrock)(x)
    slope = jvp(rosenbrock, (x,), (d,))[1]
    assert slope == pytest.approx(np.dot(gradient, d), rel=1e-13)
    assert slope < 0
    assert rosenbrock([xi + 1e-4 * di for xi, di in zip(x, d, strict=True)]) < rosenbrock(x)
    magnitude, direction = math.hypot(*gradient), math.atan2(gradient[1], gradient[0])
    assert gradient[0] == pytest.approx(magnitude * math.cos(direction))
    assert gradient[1] == pytest.approx(magnitude * math.sin(direction))


def test_descent_that_can_go_no_lower_says_that_it_stalled():
    x = Value(0.9)
    way = gradient_descent(lambda: x**4 + 1e9, [x], "backtracking", tolerance=0.0)
    assert not way.converged
    assert len(way.losses) < 1000


@pytest.mark.parametrize(
    ("start", "steps", "path", "losses", "last"),
    [
        (3.0, 9, [3.0, 1.0], [4.0], 0.0),  # converged
        (1.0, 9, [1.0], [], 0.0),  # where it began
        (3.0, 1, [3.0, 1.0], [4.0], 0.0),  # out of steps
    ],
)
@pytest.mark.parametrize("branch", [False, True])
def test_the_last_point_of_a_path_stands_once(start, steps, path, losses, last, branch):
    x = Value(start)

    def loss():
        return (x - 1) ** 2 if not branch or x > -9 else x

    way = gradient_descent(loss, [x], "backtracking", max_steps=steps)
    assert way.tier == ("eager" if branch else "replayed")
    assert way.path.tolist() == [[point] for point in path]
    assert (way.losses, way.loss) == (losses, last)
    assert x.data == path[-1]


def test_the_path_of_a_descent_that_stalled_ends_once():
    x = Value(0.9)
    way = gradient_descent(lambda: x**4 + 1e9, [x], "backtracking", tolerance=0.0)
    assert not way.converged
    assert way.path[-1] != way.path[-2]
    assert len(way.path) == len(way.losses) + 1


def test_a_kink_at_which_no_step_helps_leaves_the_parameters():
    x = Value(0.5)
    descent = GradientDescent([x], "backtracking")
    descent.step(lambda: abs(x))
    descent.step(lambda: abs(x))
    assert x.data == 0.0
    assert descent.converged


def test_an_interrupted_search_leaves_the_parameters_as_they_were():
    x = Value(1.0)
    calls = []

    def loss():
        calls.append(x.data)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return x**4

    with pytest.raises(KeyboardInterrupt):
        GradientDescent([x], "backtracking").step(loss)
    assert x.data == 1.0
    assert calls[2] != 1.0


def test_a_step_out_of_the_domain_is_taken_for_too_long():
    x = Value(1.0)
    way = gradient_descent(lambda: x - x.log() * 0.1, [x], "backtracking")
    assert way.converged
    assert x.data == pytest.approx(0.1, abs=1e-6)


# The four points: ŷ = σ(w₁x₁ + w₂x₂), E = Σ (y - ŷ)². The classes can be separated, so E has no
# minimum: it falls to 0 as the weights grow, and every method must bring it close.
POINTS = four_points()
SAMPLES = list(zip(POINTS.inputs.tolist(), POINTS.targets.tolist(), strict=True))


def error(w, samples=SAMPLES):
    return sum((y - sigmoid(w[0] * x[0] + w[1] * x[1])) ** 2 for x, y in samples)


@pytest.mark.parametrize("search", ["exact", "backtracking"])
def test_the_four_points_by_line_search(search):
    w = [Value(1.0), Value(1.0)]
    way = gradient_descent(lambda: error(w), w, search, tolerance=1e-4)
    assert way.converged
    assert error(w).data < 1e-4


@pytest.mark.parametrize("search", ["exact", "backtracking"])
def test_a_replayed_descent_is_the_called_one(search, monkeypatch):
    w = [Value(1.0), Value(1.0)]
    replayed = gradient_descent(lambda: error(w), w, search, max_steps=9)
    gradient = [wi.grad for wi in w]
    assert (replayed.tier, replayed.reason) == ("replayed", "")

    def refused(*arguments):
        raise RecordingError("for a test")

    monkeypatch.setattr(descending, "ReplayedClosure", refused)
    w = [Value(1.0), Value(1.0)]
    called = gradient_descent(lambda: error(w), w, search, max_steps=9)
    assert (called.tier, called.reason) == ("eager", "for a test")
    assert called.path.tolist() == replayed.path.tolist()
    assert called.losses == replayed.losses
    assert gradient == [wi.grad for wi in w]


def test_what_cannot_be_replayed_is_called():
    x = Value(3.0)
    way = gradient_descent(lambda: x * x if x > 1 else x**4, [x], "backtracking")
    assert (way.tier, way.reason.split(", ")[0]) == (
        "eager",
        "bool() of a Value that is being recorded",
    )
    assert abs(x.data) < 0.1

    def kinked(p):
        return (p[0] - 3) ** 2 if p[0] > 0 else p[0] * -6.0 + 9.0

    found = minimize(kinked, [-1.0])
    assert (found.tier, found.reason.split(", ")[0]) == (way.tier, way.reason.split(", ")[0])
    assert found.x == pytest.approx([3.0], abs=1e-4)


@pytest.mark.parametrize("size", [1, 2, 4])
def test_the_four_points_by_batches_of_one_two_and_four(size):
    w = [Value(1.0), Value(1.0)]
    sgd = optim.SGD(w, 1.0)
    rate = schedules.InverseTime(5.0)
    for epoch in range(200):
        for batch in batches(4, size, seed=epoch):
            sgd.learning_rate = rate(sgd.steps)
            sgd.step(lambda batch=batch: error(w, [SAMPLES[i] for i in batch]))
    assert error(w).data < 1e-2


def test_without_scipy_the_error_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "scipy.optimize", None)
    with pytest.raises(
        ImportError, match=r"^minimize is .* pip install 'autograd_core\[optimize\]'$"
    ):
        minimize(rosenbrock, [0.0, 0.0])
    with pytest.raises(ImportError, match="'backtracking' does without"):
        GradientDescent([Value(1.0)])


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (
            lambda: GradientDescent([Value(1.0)], "newton"),
            ValueError,
            "'newton' is unknown; expected one of exact",
        ),
        (lambda: GradientDescent([Value(1.0)], first_step=0.0), ValueError, "above 0"),
        (lambda: GradientDescent([Value(1.0)], decrease=1.0), ValueError, "below 1, got 1.0"),
        (lambda: GradientDescent([Value(1.0)]).step(), TypeError, "give step\\(\\) a closure"),
        (
            lambda: minimize(rosenbrock, [[1.0]]),
            ValueError,
            r"a list of finite numbers, got \[\[1\.0\]\]",
        ),
    ],
)
def test_misuse_says_what_was_received(call, error, message):
    with pytest.raises(error, match=message):
        call()
