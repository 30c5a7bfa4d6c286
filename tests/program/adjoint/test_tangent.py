"""Tangents of programs: the bits of forward mode for every kind of row, and nothing for nothing."""

from __future__ import annotations

import random

import pytest

import autograd_core as ag
from autograd_core import Value, record
from autograd_core.graph.nodes.making import apply
from autograd_core.primitives import kind_of
from autograd_core.program.adjoint.derived import tangent_of
from tests.program.replayed import same_bits

NUMBERS = random.Random(8)


def drawn(count):
    return [NUMBERS.choice([0.0, -0.0, 1e308, NUMBERS.gauss(0, 1)]) for _ in range(count)]


def assert_those_of_forward_mode(function, arity):
    program = record(function, *[0.5] * arity).tangent()
    for _ in range(60):
        point, direction = drawn(arity), drawn(arity)
        found = program(*point, *direction)
        assert same_bits(found, ag.jvp(function, tuple(point), tuple(direction)))


@pytest.mark.parametrize(("name", "count"), [("sum", 6), ("dot", 7), ("strong_dot", 6)])
def test_rows_of_lists_add_up_in_the_order_of_forward_mode(name, count):
    assert_those_of_forward_mode(lambda *xs: apply(kind_of(name), xs) * 0.75, count)


@pytest.mark.parametrize("function", [ag.where, ag.clamp])
def test_rows_of_three_operands_have_the_tangents_of_forward_mode(function):
    assert_those_of_forward_mode(function, 3)


def test_a_row_of_three_operands_adds_up_in_the_order_of_forward_mode():
    @ag.primitive(
        lambda x, y, z, out: y * z,
        lambda x, y, z, out: x * z,
        lambda x, y, z, out: ag.exp(x) * 0.0 + x * y,
        name="volume_for_tangents",
    )
    def volume(x, y, z):
        return x * y * z

    assert_those_of_forward_mode(volume, 3)
    assert_those_of_forward_mode(lambda x, y, z: volume(x, 3.0, z) + volume(y, y, y), 3)


def test_a_partial_of_two_is_a_factor():
    @ag.primitive(lambda x, out: 2.0, name="doubled_for_tangents")
    def doubled(x):
        return 2.0 * x

    assert record(lambda x: doubled(x) + doubled(x), 0.0).tangent()(3.0, 1.0)[1] == 4.0


def test_what_depends_on_no_input_has_the_tangent_zero():
    weight = Value(3.0)

    def function(x):
        return [weight * weight, x * (weight + 1.0), (x > 0.0) * 2.0]

    _, tangents = record(function, 0.5).tangent()(2.0, 10.0)
    assert tangents.tolist() == [0.0, 40.0, 0.0]


def test_what_moves_nothing_costs_nothing():
    def added(function, arity):
        code = record(function, *[0.5] * arity).code
        return [row.name for _, row, _ in tangent_of(code)][len(code) :]

    assert added(lambda x: x + 1.0, 1) == ["add"]  # the one that makes -0.0 zero
    # No derivative goes through a condition, and what does not depend on an input does not move.
    rows = ["cos", "strong_product", "where", "strong_product", "add", "add"]
    assert added(lambda x, y: ag.where(x.sin(), y, 1.0) + x, 2) == rows
    assert added(lambda x, y: ag.floor(x) * y, 2).count("strong_product") == 1


def test_a_wide_value_keeps_every_pair_that_came_to_it():
    weights = [Value(0.25 * k - 9.0) for k in range(200)]
    assert_those_of_forward_mode(lambda *xs: ag.dot(weights, xs) * xs[0], 200)
