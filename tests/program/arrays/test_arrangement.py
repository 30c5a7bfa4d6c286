"""The array form: what runs together, where values stand, how many operations a program is."""

from __future__ import annotations

import itertools

import numpy
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autograd_core as ag
import nn
from autograd_core import Value, record
from autograd_core.primitives import ROWS
from autograd_core.program.analysis.dependence import depths_and_variation
from autograd_core.program.arrays.arrangement import arranged
from autograd_core.program.arrays.batching import batches
from autograd_core.program.arrays.chains import joined, without_zeros
from autograd_core.program.arrays.grids import grids, labels
from autograd_core.program.code.flat import Code
from autograd_core.program.exports.arrays.address_runs import rows_of
from tests.program.codes import codes, gradient, recorded, tidied
from tests.program.networks import networks


def steps(code: Code, exact=False):
    """What the array form does, as the rows' names and the shapes of the grids."""
    form = arranged(code, [code.inputs], exact)
    return [(ROWS[step.kind].name, step.shape) for step in form.steps]


def rosenbrock(x):
    total = 0.0
    for a, b in itertools.pairwise(x):
        total = total + 100.0 * (b - a**2) ** 2 + (1.0 - a) ** 2
    return total


def test_a_layer_is_one_grid_of_dot_products_and_its_weights_gradient_another():
    layer = nn.MLP(3, [8, 1])
    code, _ = recorded(lambda *x: layer(list(x)), 0.5, 0.5, 0.5)
    found = steps(tidied(gradient(code, list(range(code.inputs, code.leaves)))))
    assert ("dot", (1, 1, 8)) in found
    assert ("strong_product", (1, 8, 3)) in found


def test_the_number_of_operations_does_not_grow_with_a_network_s_width():
    def count(width):
        network = nn.MLP(2, [width, width, 1])
        code, _ = recorded(lambda *x: network(list(x)).tanh(), 0.5, 0.5)
        return len(steps(tidied(gradient(code))))

    assert count(24) == count(6) < 25


def test_the_number_of_operations_does_not_grow_with_a_long_sum():
    def count(size):
        return len(steps(tidied(record(rosenbrock, [0.5] * size).gradient(value=True).code)))

    assert count(500) == count(50) < 15


def test_one_matrix_times_several_vectors_is_one_grid():
    matrix = [[Value(0.5) for _ in range(3)] for _ in range(4)]

    def function(*x):
        pairs = [x[k : k + 3] for k in (0, 3, 6, 9, 12)]
        return [ag.dot(row, pair).tanh() for pair in pairs for row in matrix]

    code, _ = recorded(function, *[0.5] * 15)
    assert steps(tidied(code))[0] == ("dot", (1, 5, 4))


def test_blocks_beside_one_another_are_one_grid():
    def function(*x):
        halves = (x[:6], x[6:])
        return [a * b for half in halves for a in half[:2] for b in half[2:]]

    code, _ = recorded(function, *[0.5] * 12)
    assert steps(tidied(code)) == [("mul", (2, 2, 4))]


def test_a_pair_that_is_missing_leaves_no_grid():
    code, _ = recorded(lambda *x: [a * b for a in x[:3] for b in x[3:]][:-1], *[0.5] * 6)
    assert steps(tidied(code)) == [("mul", (8, 1, 1))]


def test_a_dot_product_of_the_same_number_twice_keeps_both():
    code, _ = recorded(lambda x: ag.dot([x, x], [x, x]), 0.5)
    (step,) = arranged(code, [1]).steps
    assert sum(products.length for products in step.products) == 2


def test_what_depends_on_parameters_alone_is_apart():
    scale = Value(2.0)
    code, _ = recorded(lambda x: x.exp() + scale.exp(), 0.5)
    form = arranged(code, [1])
    depends = {ROWS[step.kind].name: [] for step in form.steps}
    for step in form.steps:
        depends[ROWS[step.kind].name].append(form.vectors[step.out].depends)
    assert sorted(depends["exp"]) == [False, True]
    assert depends["add"] == [True]


def test_arguments_are_vectors_of_their_own():
    code, _ = recorded(lambda a, b, c: a * b + c, 0.5, 0.5, 0.5)
    form = arranged(code, [2, 0, 1])
    assert form.arguments == 3
    assert [(v.start, v.length) for v in form.vectors[:3]] == [(0, 2), (2, 0), (2, 1)]
    assert form.vector_at(numpy.array([0, 1, 2])).tolist() == [0, 0, 2]


@settings(max_examples=200)
@given(codes(most=40))
def test_batches_hold_every_instruction_once_after_its_operands(code):
    instructions = joined(code)
    _, varies = depths_and_variation(code)
    known = set(range(code.leaves))
    found = []
    for batch in batches(instructions, code.leaves, varies):
        kinds = set(instructions.kinds[batch].tolist())
        assert len(kinds) == 1
        for place in batch.tolist():
            own = instructions.operands[instructions.starts[place] : instructions.starts[place + 1]]
            assert {operand for operand in own.tolist() if operand >= 0} <= known
        values = instructions.values[batch].tolist()
        assert len({varies[value] for value in values}) == 1
        known.update(values)
        found += values
    assert sorted(found) == instructions.values.tolist()


@settings(max_examples=60)
@given(networks())
def test_every_value_has_one_address(program):
    code = tidied(program.gradient("both", value=True).code)
    form = arranged(code, [code.inputs], exact=False)
    ends = [vector.start + vector.length for vector in form.vectors]
    assert [vector.start for vector in form.vectors] == [0, *ends[:-1]]
    for step in form.steps:
        assert form.vectors[step.out].length == numpy.prod(step.shape)
        read = [*step.operands, *(side for p in step.products for side in (p.left, p.right))]
        assert all((addresses < form.vectors[step.out].start).all() for addresses in read)
    assert ((form.outputs >= 0) & (form.outputs < ends[-1])).all()


def test_chains_of_additions_and_dots_that_go_on_become_one():
    weights = [Value(0.5) for _ in range(600)]

    def function(*x):
        return sum(a * w for a, w in zip(x, weights, strict=True)), sum(x)

    code, _ = recorded(function, *[0.5] * 600)
    code = tidied(code)
    lengths = numpy.diff(joined(code).starts).tolist()
    assert len(code) > 100
    assert sorted(lengths)[-2:] == [1201, 1201]  # a start, and 600 products each


def test_a_summand_that_something_else_reads_stays():
    def function(a, b, c, d, e):
        first = a + b + c
        return first + d + e, first

    code, _ = recorded(function, *[0.5] * 5)
    assert len(joined(code).values) == 4


def test_additions_of_zero_are_left_out_where_bits_need_not_be_kept():
    code, _ = recorded(lambda x: ((x.sin() + 0.0).cos() + 0.0, (0.0 + x) + 0.0), 0.5)
    instructions, stands = without_zeros(joined(code), code.values)
    assert [ROWS[kind].name for kind in instructions.kinds.tolist()] == ["sin", "cos"]
    assert stands[code.outputs[1]] == 0
    assert len(steps(code, exact=False)) == 2 < len(steps(code, exact=True))


@given(st.integers(1, 5), st.integers(1, 5), st.integers(1, 4), st.randoms(use_true_random=False))
def test_grids_are_found_in_any_order_of_their_members(blocks, us, vs, source):
    pairs = [(b, u, v) for b in range(blocks) for u in range(us) for v in range(vs)]
    source.shuffle(pairs)
    u = labels(numpy.array([b * us + u for b, u, _ in pairs]))
    v = labels(numpy.array([b * vs + v for b, _, v in pairs]))
    found = grids(u, v)
    if us > 1 and vs > 1:
        (grid,) = found
        assert grid.shape == (blocks, us, vs)
    for grid in found or []:
        rows, columns = u[grid.members].reshape(grid.shape), v[grid.members].reshape(grid.shape)
        assert (rows == rows[:, :, :1]).all()
        assert (columns == columns[:, :1, :]).all()
    if found:
        members = numpy.concatenate([grid.members for grid in found])
        assert sorted(members.tolist()) == list(range(len(pairs)))


PLACES = st.lists(st.tuples(st.integers(0, 1), st.integers(0, 9)), max_size=40)


def said(rows):
    """The places that rows of runs say."""
    for each in rows:
        for row in range(each.times):
            for run in each.runs:
                begin = run.start + row * run.step
                yield from ((run.vector, begin + k) for k in range(run.length))


@given(PLACES)
def test_rows_of_runs_say_the_places_that_they_were_made_of(places):
    vectors, offsets = numpy.array([*places, (0, 0)]).T[:, :-1]
    assert list(said(rows_of(vectors, offsets))) == places


@pytest.mark.parametrize(
    ("offsets", "count"),
    [
        (range(5, 50), 1),
        (range(50, 0, -7), 1),
        ([17 * i + j for i in range(9) for j in range(16)], 1),
        ([k for i in range(9) for k in (200 + i, *range(16 * i, 16 * i + 16))], 2),
        ([3, *range(10, 90, 5)], 2),
    ],
)
def test_what_is_regular_takes_few_runs(offsets, count):
    offsets = numpy.array(list(offsets))
    found = rows_of(numpy.zeros_like(offsets), offsets)
    assert sum(len(rows.runs) for rows in found) == count
    assert rows_of(numpy.zeros_like(offsets), offsets, count) == found
    assert rows_of(numpy.zeros_like(offsets), offsets, count - 1) is None
