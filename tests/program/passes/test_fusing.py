"""Chains of products become a `dot` where nothing else reads their parts, with the same bits."""

from __future__ import annotations

import functools
import math
import operator

import numpy
import pytest
from hypothesis import given, settings

from autograd_core import Value, record
from autograd_core.program.analysis.operands import operand_counts
from autograd_core.program.backends.numpy.numpy_kernel import NumPyKernel
from autograd_core.program.code.verifier import verify
from autograd_core.program.passes.fusing import fused
from autograd_core.program.passes.tidying import pruned
from autograd_core.testing import expressions
from tests.program.replayed import same_bits

POINTS = numpy.random.default_rng(3).normal(size=(200, 4))
POINTS[:4] = [[-0.0, 1, 1, 0], [-0.0, 1, -0.0, 1], [math.inf, 0, 1, 1], [math.nan] * 4]


def outputs(code, points=POINTS):
    values, _ = NumPyKernel(code).run([points], numpy.empty(0), len(points))
    return values


def names(code):
    return [row.name for _, row, _ in code]


def test_a_neuron_written_out_becomes_one_dot():
    weights = [Value(0.5 + k) for k in range(5)]

    def neuron(*xs):
        return sum((w * x for w, x in zip(weights, xs, strict=True)), Value(0.25))

    code = fused(record(neuron, *[0.0] * 5).code)
    assert names(code) == ["dot"]
    assert len(code.operands) == 11


def twice(chain, a):
    return chain + a * a + chain


@pytest.mark.parametrize(
    ("function", "rows"),
    [
        (lambda a, b, c, d: a * b + b * c, "dot"),
        (lambda a, b, c, d: c + a * b + a * c, "dot"),
        (lambda a, b, c, d: b * c + (a * b + c), "dot"),
        (lambda a, b, c, d: 0 + a * b + b * c + c * a, "dot"),
        (lambda a, b, c, d: a * d + (b * c + (c * c + d * d)), "dot"),
        (lambda a, b, c, d: (d + a * b + b * c).sin() + a * d + a * c, "dot sin dot"),
        (lambda a, b, c, d: c + a * b, "mul add"),
        (lambda a, b, c, d: a * b + c, "mul add"),
        (lambda a, b, c, d: a + b + c, "add add"),
        (lambda a, b, c, d: (a + b) + c * d, "add mul add"),
        (lambda a, b, c, d: (a * b + b * c) + (c * d + d * a), "dot dot add"),
        (lambda a, b, c, d: (d + b * c) + (c + d * a), "mul add mul add add"),
        (lambda a, b, c, d: twice(a * b + b * c, d), "dot mul add add"),
        (lambda a, b, c, d: twice(a + b * c, d), "mul add mul add add"),
        (lambda a, b, c, d: [(s := a * b + b * c), s + c * d], "dot mul add"),
        (lambda a, b, c, d: [(s := a * b) + c * d, s], "mul mul add"),
        (lambda a, b, c, d: [(s := c * d) + a * b + b * c, s.exp()], "mul dot exp"),
        (lambda a, b, c, d: (p := a * b) + p, "mul add"),
        (lambda a, b, c, d: -(a * b) + c * d, "mul neg mul add"),
        (lambda a, b, c, d: (c - a * b) + b * c + c * d, "mul sub dot"),
    ],
)
def test_only_chains_of_two_products_and_more_are_one_instruction(function, rows):
    program = record(function, *[0.0] * 4)
    code = fused(program.code)
    verify(code)
    assert names(code) == rows.split()
    assert same_bits(outputs(code), outputs(program.code))


@settings(max_examples=150)
@given(expressions(arity=4, max_size=20, primitives=["add", "mul", "neg", "exp", "dot", "where"]))
def test_any_program_keeps_its_bits_and_has_nothing_left_to_fuse(expression):
    program = record(lambda *xs: [expression(*xs), xs[0] * xs[1]], *[0.5] * 4)
    code = fused(program.code)
    verify(code)
    assert same_bits(outputs(code), outputs(program.code))
    assert names(fused(code)) == names(code)


def test_a_product_that_is_read_elsewhere_stays_an_instruction():
    def function(a, b):
        product = a * b
        return product + a * a + product.sin()

    assert "mul" in names(fused(record(function, 0.0, 0.0).code))


@pytest.mark.parametrize("added", [sum, lambda xs: functools.reduce(operator.add, xs)])
def test_a_long_chain_is_cut(added):
    code = pruned(fused(record(lambda xs: added(x * x for x in xs), [0.0] * 1000).code))
    assert set(names(code)) == {"dot"}
    assert operand_counts(code).tolist() == [513, 513, 513, 465]
