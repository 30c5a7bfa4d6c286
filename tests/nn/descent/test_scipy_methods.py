"""SciPy's methods: they get exact derivatives, replayed or called."""

import pytest

from autograd_core import RecordingError, Value
from nn.descent import minimize, scipy_methods


def rosenbrock(x):
    return (1 - x[0]) ** 2 + 100 * (x[1] - x[0] ** 2) ** 2


@pytest.mark.parametrize("method", ["BFGS", "Newton-CG", "trust-exact", "Nelder-Mead"])
def test_scipys_methods_ask_a_replay_and_get_the_same(method, monkeypatch):
    replayed = minimize(rosenbrock, [-1.2, 1.0], method)

    def refused(*arguments):
        raise RecordingError("for a test")

    monkeypatch.setattr(scipy_methods, "ReplayedFunction", refused)
    called = minimize(rosenbrock, [-1.2, 1.0], method)
    assert (replayed.tier, called.tier, called.reason) == ("replayed", "eager", "for a test")
    assert replayed.nit == called.nit
    assert replayed.x == pytest.approx(called.x, rel=1e-9)


@pytest.mark.parametrize(
    "method", ["BFGS", "L-BFGS-B", "CG", "Newton-CG", "trust-ncg", "trust-exact", "Nelder-Mead"]
)
def test_scipys_methods_find_rosenbrocks_minimum(method):
    found = minimize(rosenbrock, [-1.2, 1.0], method)
    assert found.success
    assert found.x == pytest.approx([1.0, 1.0], abs=1e-3)


def test_second_order_methods_get_the_exact_hessian():
    """Newton's method needs one step on a quadratic."""
    found = minimize(lambda x: (x[0] - 3) ** 2 + 50 * (x[1] + x[0]) ** 2, [0.0, 0.0], "trust-exact")
    assert found.x == pytest.approx([3.0, -3.0], abs=1e-12)
    assert found.nhev <= 6


@pytest.mark.parametrize("method", ["BFGS", "Newton-CG", "trust-exact"])
@pytest.mark.parametrize(
    "lost", [lambda x: Value(x[0].data ** 2), lambda x: x[0].data, lambda x: 3]
)
def test_a_function_without_a_gradient_is_no_success_at_its_start(method, lost):
    with pytest.raises(ValueError, match=r"depends on none of the 2 .* not with \.data"):
        minimize(lost, [-1.2, 1.0], method)


def test_methods_without_gradients_take_functions_without_them():
    assert minimize(lambda x: (x[0].data - 3) ** 2, [1.0], "Nelder-Mead").x == pytest.approx([3.0])


@pytest.mark.parametrize(
    ("given", "error", "message"),
    [
        ({"x0": "ab"}, ValueError, "x0 must be a list of finite numbers, got 'ab' of type str"),
        ({"x0": 1.0}, ValueError, "x0 must be a list of finite numbers, got 1.0 of type float"),
        ({"x0": []}, ValueError, "x0 must be a list of finite numbers, got"),
        ({"method": None}, TypeError, "method must be the name of one of SciPy's, .* got None"),
        ({"jac": "2-point"}, TypeError, "jac is not taken: the gradient is computed"),
        ({"args": (1.0,)}, TypeError, "args is not taken: .* a list of Values alone"),
        ({"function": lambda x: None, "method": "Powell"}, TypeError, "one number, got None"),
        ({"function": lambda x: [x[0]], "method": "Powell"}, TypeError, r"one number, got \["),
    ],
)
def test_misuse_says_what_was_received(given, error, message):
    with pytest.raises(error, match=message):
        minimize(**{"function": rosenbrock, "x0": [-1.2, 1.0]} | given)


def test_keywords_go_to_scipy():
    assert minimize(rosenbrock, [-1.2, 1.0], options={"maxiter": 3}).nit == 3
