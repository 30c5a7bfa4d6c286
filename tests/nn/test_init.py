"""Initializers: their moments, their bounds and their order."""

import math
import random

import numpy as np
import pytest

from nn import init
from nn.init import INITIALIZERS, initializer

NIN, NOUT = 90, 60
VARIANCES = {
    "uniform": 1 / 3,
    "normal": 1.0,
    "zeros": 0.0,
    "lecun_uniform": 1 / NIN,
    "lecun_normal": 1 / NIN,
    "xavier_uniform": 2 / (NIN + NOUT),
    "xavier_normal": 2 / (NIN + NOUT),
    "he_uniform": 2 / NIN,
    "he_normal": 2 / NIN,
    "orthogonal": 1 / NIN,
}


def draw(name, nin=NIN, nout=NOUT, seed=0):
    return np.array(initializer(name)(nin, nout, random.Random(seed)))


def test_every_initializer_has_its_variance_tested():
    assert VARIANCES.keys() == INITIALIZERS.keys()


@pytest.mark.parametrize(("name", "variance"), VARIANCES.items())
def test_mean_and_variance_are_those_of_the_paper(name, variance):
    weights = draw(name)
    assert weights.shape == (NOUT, NIN)
    error = 5 * math.sqrt(variance / weights.size)  # five standard errors of the mean
    assert abs(weights.mean()) <= error
    assert weights.var() == pytest.approx(variance, rel=0.1)
    if name.endswith("uniform"):
        assert abs(weights).max() <= math.sqrt(3 * variance)


@pytest.mark.parametrize("shape", [(5, 3), (3, 5), (4, 4), (1, 1)])
def test_orthogonal_rows_or_columns_are_orthonormal(shape):
    weights = draw("orthogonal", *shape)
    gram = weights @ weights.T if shape[0] >= shape[1] else weights.T @ weights
    np.testing.assert_allclose(gram, np.eye(min(shape)), atol=1e-15 * 8)


def test_orthogonal_draws_both_signs():
    assert {float(draw("orthogonal", 1, 1, seed)[0, 0]) for seed in range(20)} == {-1.0, 1.0}


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: init.uniform(1.0, 1.0), ValueError, "high must be .* above 1, got 1.0"),
        (lambda: init.uniform(0.0, math.inf), ValueError, "high must be .* got inf"),
        (lambda: init.normal(0.0, -1.0), ValueError, "deviation must be .* at least 0, got -1.0"),
        (lambda: init.normal(math.nan), ValueError, "mean must be a finite number, got nan"),
        (lambda: initializer(3), TypeError, "a name or a function, got 3 of type int"),
    ],
)
def test_misuse_says_what_was_received(call, error, message):
    with pytest.raises(error, match=message):
        call()
