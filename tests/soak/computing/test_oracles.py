"""What the oracles of the random searches say, and where they say nothing."""

from __future__ import annotations

import pytest

from autograd_core import PRIMITIVES
from autograd_core.testing import Expression
from tests.soak.computing import orders, sweeps
from tests.soak.computing.graphs import Graph
from tests.soak.mistakes import planted

STEPS = {
    "floor": (("log", "exp"), 3.0),  # 2 of what is less than 3 by its rounding alone
    "ceil": (("log2", "exp2"), 2.0),
    "trunc": (("sqrt", "square"), 3.0),
    "rint": (("log", "exp"), 3.5),
}
"""Functions that undo each other, and a number at which what they round to is on the other side."""
EDGES = {
    "an infinite slope": (("tan", "erf", "acos"), -1.5, -0.5),
    "both at once": (("cosh", "acosh"), 1e-9, 0.5),
}
"""Functions in turn, where what they round to is at an edge, and where it is not."""
CANCELING = [
    (2, (("sin", (0,)), ("asin", (1,)), ("atan2", (2, 1))), -0.00965362285498328),
    (3, (("neg", (0,)), ("exp", (1,)), ("leaky_relu", (1, 2)), ("atan2", (3, 0))), -0.03),
    (3, (("reciprocal", (0,)), ("reciprocal", (1,))), 0.001),
    (3, (("exp", (0,)), ("log", (1,)), ("hypot", (2, 0))), 0.01),
    (3, (("neg", (0,)), ("div", (1, 0)), ("mul", (0, 2))), 0.006),
]
"""Graphs whose chain rule adds large products to little of this order."""


def in_turn(names: tuple[str, ...], x: float) -> Graph:
    """Functions of one operand, each of what the one before gave, and the number added."""
    steps = [(name, (place,)) for place, name in enumerate(names)]
    return Graph(Expression(1, (*steps, ("sum", (len(names), 0)))), (x,))


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("away", [0.0, 0.125])
def test_nothing_is_said_where_a_number_rounds_onto_the_other_side_of_a_jump(step, away):
    (there, back), number = STEPS[step]
    steps = ((there, (0,)), (back, (2,)), (step, (3,)), ("sin", (1,)), ("mul", (4, 5)))
    said = orders.measured(Graph(Expression(2, steps), (number + away, 0.75), constants=1))
    assert [measure <= 1 for measure in said.values()] == [True] * len(said)
    assert len(said) == (3 if away else 0)


@pytest.mark.parametrize("what", EDGES)
def test_nothing_is_said_where_a_number_rounds_onto_an_edge(what):
    names, at, beside = EDGES[what]
    assert orders.measured(in_turn(names, at)) == {}
    said = orders.measured(in_turn(names, beside))
    assert [measure <= 1 for measure in said.values()] == [True] * 3


@pytest.mark.parametrize(("order", "steps", "x"), CANCELING)
def test_terms_of_the_chain_rule_that_cancel_are_allowed_their_rounding(order, steps, x):
    """Of the row's own derivatives, right to two units, and nothing else is left."""
    graph = Graph(Expression(1, steps), (x,))
    said = orders.measured(graph)
    assert [measure <= 1 for measure in said.values()] == [True] * len(said)
    with orders.mp.workdps(orders.DIGITS):
        *_, known = orders.decided(graph, [1.0], order)
    truth, spread = known[order]
    found = [*orders.modes(orders.along(graph, [1.0]), order)]
    assert max(abs(one - float(truth)) for one in found) <= float(spread) < 1e-8


@pytest.mark.parametrize("mistake", planted.MISTAKES, ids=lambda one: f"{one.row}-{one.operand}")
def test_a_slope_off_by_a_part_in_ten_to_the_thirteen_is_noticed(mistake):
    sound = PRIMITIVES[mistake.row].partials[mistake.operand]
    point = (1.75, 0.5) if mistake.row == "maximum" else mistake.point
    point = (0.5, -1.0, 1.0) if mistake.row == "clamp" else point
    graph = planted.around(mistake._replace(point=point))

    def wrong(*given):
        return sound(*given) * (1.0 + 1e-13)

    def slopes():
        return orders.measured(graph, orders=[1])[orders.WHAT.format(1)]

    assert slopes() <= 1
    with planted.planted(mistake._replace(wrong=wrong)):
        assert slopes() > 1


@pytest.mark.parametrize("order", planted.BENDS)
@pytest.mark.parametrize("operand", [0, 1])
def test_a_mistake_is_noticed_where_terms_cancel(order, operand):
    (_, steps, _), *_ = CANCELING
    graph = Graph(Expression(1, steps), (0.25,))
    sound = PRIMITIVES["atan2"].partials[operand]
    wrong = planted.Mistake("atan2", operand, planted.BENDS[order][0](sound), (0.5, 1.5))
    what = orders.WHAT.format(order)
    assert orders.measured(graph)[what] <= 1
    with planted.planted(wrong):
        assert orders.measured(graph)[what] > 1


SUBNORMAL = Graph(Expression(2, (("gaussian", (0,)), ("add", (2, 1)), ("pow", (3, 3)))), (28, 28.5))
"""A slope of 5e41 comes to one of exp(-784), of which doubles have no digit."""


def test_a_slope_that_is_subnormal_may_be_lost_however_much_comes_down_to_it():
    top = SUBNORMAL.nodes()[-1]
    paths = sweeps.measurable(top)[top.parents[0].parents[0].parents[0]]
    assert -1e-295 < paths.gradient < 0
    assert all(measure <= 1 for measure in sweeps.against_paths(SUBNORMAL).values())


@pytest.mark.parametrize("x", [26.0, 26.5])
def test_a_slope_that_is_lost_where_it_has_digits_is_noticed(x):
    graph = Graph(SUBNORMAL.expression, (x, 28.5))
    mistake = planted.Mistake("gaussian", 0, lambda x, out: 0.0, (x,))
    assert max(sweeps.against_paths(graph).values()) <= 1
    with planted.planted(mistake):
        assert sweeps.against_paths(graph)[sweeps.BY_PATHS] > 1


@pytest.mark.parametrize("small", [1e-150, 1e-160, 1e-161])
def test_a_tangent_that_is_subnormal_on_the_way_may_lose_digits(small):
    """Times what brings it back: forward mode passes there first, a sweep does not."""
    steps = (("mul", (2, 0)), ("mul", (3, 0)), ("mul", (4, 1)))
    graph = Graph(Expression(3, steps), (small, 1e190, 0.7), constants=2)
    said = sweeps.against_paths(graph)
    assert len(said) == 2
    assert max(said.values()) <= 1


def test_nothing_is_said_of_a_graph_that_overflows_where_it_is_made_smaller():
    graph = Graph(Expression(1, (("exp2", (0,)), ("reciprocal", (1,)))), (1030.0,))
    assert sweeps.against_paths(graph) == {}
