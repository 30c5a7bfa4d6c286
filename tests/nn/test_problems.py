"""Problems: their minima and values against fifty digits, their gradients, and descents on them."""

import math

import mpmath
import numpy as np
import pytest

from autograd_core import Value, grad, gradcheck, hessian
from nn.descent import descend, gradient_descent
from nn.optim import SGD, Adam
from nn.problems import (
    PROBLEMS,
    beale,
    four_points,
    himmelblau,
    ravine,
    rosenbrock,
    saddle,
)
from tests.tiers import for_both_tiers

FORMULAS = {
    "Rosenbrock": lambda x, y: (1 - x) ** 2 + 100 * (y - x**2) ** 2,
    "Himmelblau": lambda x, y: (x**2 + y - 11) ** 2 + (x + y**2 - 7) ** 2,
    "Beale": lambda x, y: sum(
        (c - x * (1 - y**k)) ** 2 for k, c in enumerate((1.5, 2.25, 2.625), 1)
    ),
    "ravine, κ = 20": lambda x, y: x**2 / 2 + 10 * y**2,
    "saddle": lambda x, y: (x - y) * (x + y),
    "four points": lambda w, v: sum(
        (t - 1 / (1 + mpmath.exp(-w * a - v * b))) ** 2
        for a, b, t in ((-3, -3, 1), (-2, -2, 1), (4, 4, 0), (2, -5, 0))
    ),
}
EVERY = pytest.mark.parametrize("problem", PROBLEMS.values(), ids=str)


@EVERY
@pytest.mark.parametrize("point", [(0.5, -1.25), (-2.0, 0.75), (0.0, 0.0)])
def test_the_value_is_that_of_the_formula_of_numbers_and_of_values(problem, point):
    with mpmath.workdps(50):
        exact = float(FORMULAS[problem.name](*map(mpmath.mpf, point)))
    assert float(problem(*point)) == pytest.approx(exact, rel=1e-13, abs=1e-13)
    assert problem(*map(Value, point)).data == float(problem(*point))
    assert gradcheck(problem.function, *point, order=2)


@EVERY
def test_the_minima_are_the_lowest_points_and_where_the_pictures_are(problem):
    formula = FORMULAS[problem.name]
    for point in problem.minima:
        with mpmath.workdps(50):
            exact = mpmath.findroot(
                lambda x, y: [mpmath.diff(formula, (x, y), n) for n in ((1, 0), (0, 1))], point
            )
            assert [float(number) for number in exact] == pytest.approx(point, rel=1e-15, abs=1e-15)
            assert abs(formula(*exact) - problem.lowest) < 1e-40
        curvatures = np.linalg.eigvalsh(hessian(lambda p: problem(*p))(list(point)))
        assert min(curvatures) > 0
        assert problem.x[0] < point[0] < problem.x[1]
        assert problem.y[0] < point[1] < problem.y[1]
    seen = problem.landscape(points=41)
    assert (seen.loss >= problem.lowest).all()
    assert seen.loss.shape == (41, 41)
    assert problem.x[0] <= problem.start[0] <= problem.x[1]
    assert problem.y[0] <= problem.start[1] <= problem.y[1]


def test_there_are_as_many_minima_as_are_known():
    found = {problem.name: len(problem.minima) for problem in PROBLEMS.values()}
    assert found == {
        "Rosenbrock": 1, "Himmelblau": 4, "Beale": 1, "ravine, κ = 20": 1, "saddle": 0,
        "four points": 0,
    }  # fmt: skip


@for_both_tiers
@pytest.mark.parametrize("problem", [rosenbrock, himmelblau, beale, ravine(50.0)], ids=str)
def test_a_line_search_reaches_a_minimum(problem):
    closure, parameters = problem.begin()
    way = gradient_descent(closure, parameters, "backtracking", max_steps=30_000)
    assert way.path[0].tolist() == list(problem.start)
    assert min(math.dist(way.path[-1], point) for point in problem.minima) < 1e-4


def test_a_ravine_shrinks_as_its_formula_says():
    closure, (x, y) = ravine(20.0).begin((1.0, 1.0))
    way = descend(closure, SGD([x, y], 0.08), 10)
    assert way.path[-1] == pytest.approx([0.92**10, (-0.6) ** 10])
    closure, (x, y) = ravine(20.0).begin((1.0, 1.0))
    assert descend(closure, SGD([x, y], 0.101), 200).loss > 1.0  # beyond 2 / κ


def test_a_saddle_is_flat_where_it_has_no_minimum_and_falls_for_ever():
    assert grad(saddle.function, argnums=(0, 1))(0.0, 0.0) == (0.0, 0.0)
    assert hessian(lambda p: saddle(*p))([0.0, 0.0]) == [[2.0, 0.0], [0.0, -2.0]]
    closure, parameters = saddle.begin()
    assert descend(closure, Adam(parameters, 0.1), 200).loss < -1.0
    assert saddle.lowest == -math.inf


def test_the_error_of_four_points_has_no_minimum_but_comes_near_0():
    along = [float(four_points(-t, 0.5 * t)) for t in (1.0, 4.0, 16.0, 64.0)]
    assert along == sorted(along, reverse=True)
    assert 0 < along[-1] < 1e-10


def test_a_start_of_one_s_own_is_named_and_checked():
    _, (x, y) = rosenbrock.begin((0.5, -0.5))
    assert (x.name, x.data, y.name, y.data) == ("x", 0.5, "y", -0.5)
    assert [w.name for w in four_points.begin()[1]] == ["w1", "w2"]
    assert four_points.landscape(points=2).labels == ("w1", "w2")
    with pytest.raises(TypeError, match="y must be a number, got 'b'"):
        rosenbrock.begin((0.5, "b"))
    with pytest.raises(ValueError, match=r"condition must be .*, at least 1, got 0\.5"):
        ravine(0.5)
