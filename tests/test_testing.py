"""The strategies draw what they promise, and properties written with them can fail."""

import math

import pytest
from hypothesis import HealthCheck, assume, find, given, settings
from hypothesis import strategies as st

from autograd_core import PRIMITIVES, Value, gradcheck, gradients, jvp
from autograd_core.testing import expressions, numbers_for, shared_graphs, values_for

FIXED = [row for row in PRIMITIVES.values() if row.arity is not None]
relaxed = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


@pytest.mark.parametrize("row", FIXED, ids=lambda row: row.name)
def test_operands_lie_where_the_row_has_a_value_and_derivatives(row):
    @given(numbers_for(row))
    @settings(max_examples=30, deadline=None)
    def holds(operands):
        assert len(operands) == row.arity
        out = row.forward(*operands)
        assert not math.isnan(out)
        assume(math.isfinite(out))  # as a rate is not beside a pole
        assert not any(math.isnan(partial) for partial in row.partials_at(operands, out))

    holds()


def test_variadic_rows_say_what_to_draw_instead():
    with pytest.raises(ValueError, match="draw a list of numbers"):
        numbers_for("sum")


@given(values_for("pow"))
def test_values_are_fresh_leaves(values):
    assert all(type(x) is Value and not x.parents and x.grad == 0 for x in values)


@given(expressions(arity=2), st.floats(-2, 2), st.floats(-2, 2))
@relaxed
def test_expressions_pass_gradcheck_as_documented(expression, x, y):
    gradcheck(expression, x, y, relative_tolerance=1e-6, absolute_tolerance=1e-6)


def test_expressions_print_as_programs_and_check_their_arguments():
    sine = find(expressions(arity=1, max_size=1, primitives=["sin"]), lambda e: True)
    assert repr(sine) == "(x0): t0 = sin(x0)"
    assert sine(0.5).data == math.sin(0.5)
    with pytest.raises(TypeError, match="takes 1 arguments, got 2"):
        sine(1.0, 2.0)


def test_shared_graphs_do_share():
    def shares(graph):
        used = [parent for node in graph.nodes for parent in node.parents if parent.op]
        return len(used) > len(set(used))

    assert shares(find(shared_graphs(), shares))


@given(shared_graphs(), st.data())
@relaxed
def test_forward_mode_equals_reverse_mode_on_shared_graphs(graph, data):
    at = [leaf.data for leaf in graph.leaves]
    direction = [data.draw(st.floats(-2, 2)) for _ in at]
    slopes = gradients(graph.root, list(graph.leaves))
    terms = [slope * d for slope, d in zip(slopes, direction, strict=True)]
    _, moved = jvp(graph.expression, at, direction)
    # Paths may cancel, and only their sum is seen here: the scale is that of absolute gradients.
    scale = sum(map(abs, terms)) + _path_scale(graph)
    assert math.isclose(moved, math.fsum(terms), rel_tol=1e-12, abs_tol=1e-14 * scale + 1e-300)


def _path_scale(graph):
    """The sum over all paths of the absolute products of local gradients."""
    weight = dict.fromkeys(graph.nodes, 0.0)
    weight[graph.root] = 1.0
    for node in reversed(graph.nodes):
        for parent, local in zip(node.parents, node.local_gradients, strict=True):
            weight[parent] = weight.get(parent, 0.0) + weight[node] * abs(local)
    return sum(weight[leaf] for leaf in graph.leaves)
