"""SciPy's methods: they get exact derivatives, replayed or called."""

import pytest

from autograd_core import RecordingError
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


def test_keywords_go_to_scipy():
    assert minimize(rosenbrock, [-1.2, 1.0], options={"maxiter": 3}).nit == 3
