"""What agreement is held to: every bit, of any graph, in whatever way it is computed."""

from __future__ import annotations

import math
import re

import pytest

from autograd_core.testing import Expression
from tests.soak.computing import agreement, calls, engines, graphs


@pytest.mark.parametrize("what", calls.CALLS)
def test_a_call_that_differs_by_a_bit_is_told(what, monkeypatch):
    graph = graphs.Graph(Expression(2, (("mul", (0, 1)), ("sin", (2,)))), (0.5, 1.5))
    points = [graph.leaves, (1.0, -2.0)]
    rows = engines.eager((graph, points))
    assert calls.CALLS[what](graph, points, rows, "numpy") == ""
    rows[0, 1] = math.nextafter(rows[0, 1], 2.0)
    monkeypatch.setattr(calls, "hvp", lambda *given: (0.0, 0.0))
    assert calls.CALLS[what](graph, points, rows, "numpy").startswith(str(graph))


def steps(*names):
    """Functions of one operand in turn, of a product, with three points."""
    after = tuple((name, (place,)) for place, name in enumerate(names, 2))
    point = (0.5, 2.0)
    return graphs.Graph(Expression(2, (("mul", (0, 1)), *after)), point), [point] * 3


TASKS = [steps("sin", "exp"), steps("square", "tan", "exp"), steps("exp")]
EXPECTED = [engines.eager(task) for task in TASKS]


@pytest.mark.parametrize("name", ["numpy", "native", "llvm", "exported C", "exported JavaScript"])
def test_a_slope_that_is_a_bit_off_in_a_program_of_many_graphs_is_told(name, monkeypatch, tmp_path):
    engine = (engines.backends() | engines.exports(tmp_path)).get(name)
    if engine is None:
        pytest.skip(f"there is no {name} here")
    joined = engines.joined

    def off(functions, widths):
        def function(*leaves):
            total, results = joined(functions, widths)(*leaves)
            return total * (1.0 + 2.0**-52), results

        return function

    assert [*agreement.problems(TASKS, EXPECTED, engine)] == [""] * 3
    monkeypatch.setattr(engines, "joined", off)
    told = next(agreement.problems(TASKS, EXPECTED, engine))
    assert re.match(r"\S+ \S+ t0 = mul\(x0, x1\) at .*, eagerly", told)


@pytest.mark.parametrize(
    ("fewest", "found"),
    [
        (1, r"\S+ \S+ t0 = tan\(x.\) at .*, eagerly"),
        (2, r"only together: [^[]* = tan\([^[]*\[[^[]* and [^[]* = exp\(t0\) at [^[]*\[[^[]*$"),
    ],
)
def test_the_least_with_which_the_other_tier_differs_is_told(fewest, found):
    with engines.other_tier() as engine:
        if engine is None:
            pytest.skip("there is no other tier")

        def wrong(tasks):
            rows = engine(tasks)
            for (graph, _), own in zip(tasks, rows, strict=True):
                if "tan" in str(graph) and len(tasks) >= fewest:
                    own[0, 0] += 1.0
            return rows

        assert [*agreement.problems(TASKS, EXPECTED, engine)] == [""] * 3
        told = [*agreement.problems(TASKS, EXPECTED, wrong)]
    assert [bool(one) for one in told] == [False, True, False]
    assert re.match(found, told[1])


@pytest.mark.parametrize("trials", [8, 400])
def test_primitives_are_drawn_once_each_beside_random_graphs(trials):
    drawn = [graph for graph, _ in agreement.tasks(1, trials)]
    alone = [graph.expression.steps[0][0] for graph in drawn[:-trials]]
    assert len(alone) == len({*alone}) > 0
