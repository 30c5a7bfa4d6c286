"""Sums and means over chosen axes of samples: bits, shapes, memory, misuse."""

from __future__ import annotations

import itertools
import math
import tracemalloc
from collections import namedtuple

import numpy
import pytest

import autograd_core as ag
from autograd_core import Value, record
from autograd_core.program.backends import samples
from autograd_core.program.backends.choice import native_is_compiled
from tests.program.replayed import same_bits

BACKENDS = ["native", "numpy"] if native_is_compiled() else ["numpy"]
Pair = namedtuple("Pair", "first second")


def price(contract, path):
    """The payoff of a path; both are arrays."""
    spot, volatility, strike = contract
    average = 0.0
    for step in path:
        spot = spot * (volatility * step - 0.5 * volatility**2).exp()
        average = average + spot
    return ag.maximum(average / len(path) - strike, 0.0)


def contracts(*shape):
    draw = numpy.random.default_rng(1).uniform(0.5, 1.5, size=(*shape, 3))
    draw[..., 1] *= 0.2
    return draw


def paths(*shape):
    return numpy.random.default_rng(2).normal(size=(*shape, 4))


@pytest.fixture(name="program", params=BACKENDS)
def program_(request):
    return record(price, [1.0] * 3, [0.0] * 4).using(request.param)


@pytest.mark.parametrize("count", [1, 2, 7, 8, 9, 100, 1500])
@pytest.mark.parametrize("small", [0, 4096, 10**9])
@pytest.mark.parametrize("threads", [1, 3])
def test_a_group_has_the_bits_of_a_call_of_its_own(program, count, small, threads, monkeypatch):
    monkeypatch.setattr("autograd_core.program.grouping.SMALL", small)
    program = program.using(threads=threads)
    trades, scenarios = contracts(5), paths(count)
    values, gradient = program.value_and_grad(
        trades[:, None], scenarios[None, :], wrt="inputs", sum=1
    )
    for trade, value, *slopes in zip(trades, values, *gradient, strict=True):
        alone = program.summed_gradient(trade, scenarios, wrt="inputs")
        assert value == alone.value
        assert all(map(same_bits, slopes, alone.gradient))
    means, slopes = program.value_and_grad(trades[:, None], scenarios, wrt=0, mean=-1)
    for trade, mean, slope in zip(trades, means, slopes, strict=True):
        alone = program.summed_gradient(trade, scenarios, wrt=0, seed=1 / count)
        assert mean == alone.value / count
        assert same_bits(slope, alone.gradient)


@pytest.mark.skipif(not native_is_compiled(), reason="LLVM calls the package's own functions")
def test_compiled_by_llvm_groups_have_the_same_bits(monkeypatch):
    pytest.importorskip("llvmlite")
    trades, scenarios = contracts(3, 1), paths(1, 100)
    program = record(price, [1.0] * 3, [0.0] * 4)
    expected = program.using("numpy").value_and_grad(trades, scenarios, wrt=0, mean=1)
    for small in (0, 4096):
        monkeypatch.setattr("autograd_core.program.grouping.SMALL", small)
        found = program.using("llvm").value_and_grad(trades, scenarios, wrt=0, mean=1)
        assert all(map(same_bits, found, expected))


def test_samples_are_added_in_the_documented_order(program):
    trades, scenarios = contracts(2, 1), paths(3, 1, 50)
    _, each = program.value_and_grad(trades, scenarios, wrt=0)  # of 3 × 2 × 50 samples
    found = program.grad(trades, scenarios, wrt=0, sum=(2, 0))
    expected = numpy.zeros((2, 3))
    for trade in range(2):
        partial = numpy.zeros((8, 3))
        for place, gradient in enumerate(each[:, trade].reshape(150, 3)):
            partial[place % 8] += gradient
        p = partial
        expected[trade] = ((p[0] + p[4]) + (p[2] + p[6])) + ((p[1] + p[5]) + (p[3] + p[7]))
    assert same_bits(found, expected)


SHAPES = [
    ((5, 1), (1, 6)),
    ((5, 1), (6,)),
    ((), (5, 6)),
    ((5, 6), (5, 6)),
    ((1, 6), (5, 1)),
    ((2, 1, 3), (4, 1)),
    ((3,), (2, 4, 3)),
]


@pytest.mark.parametrize(("one", "other"), SHAPES, ids=repr)
def test_every_choice_of_axes_gives_what_numpy_s_sums_give(program, one, other):
    contract, path = contracts(*one), paths(*other)
    values, gradients = program.value_and_grad(contract, path)
    dimensions = values.ndim
    for count in range(1, dimensions + 1):
        for axes in itertools.combinations(range(dimensions), count):
            turned = tuple(axis - dimensions for axis in reversed(axes))
            size = math.prod(values.shape[axis] for axis in axes)
            totals = program.value_and_grad(contract, path, sum=axes)
            means = program.value_and_grad(contract, path, mean=turned)
            assert program(contract, path, sum=axes) == pytest.approx(totals[0], rel=1e-15)
            for found, scale in ((totals, 1.0), (means, 1.0 / size)):
                assert found[0] == pytest.approx(values.sum(axes) * scale, rel=1e-13, abs=1e-13)
                for slope, every in zip(found[1], gradients, strict=True):
                    assert numpy.shape(slope) == every.sum(axes).shape
                    assert slope == pytest.approx(every.sum(axes) * scale, rel=1e-12, abs=1e-13)


def test_by_an_argument_that_is_the_same_it_is_the_gradient_of_the_mean(program):
    trade, scenarios = contracts(), paths(20)
    eager = ag.value_and_grad(
        lambda contract: ag.sum([price(contract, path) for path in scenarios]) / 20
    )
    value, slope = program.value_and_grad(trade, scenarios, wrt="contract", mean=0)
    expected = eager(trade)
    assert isinstance(value, float)
    assert value == pytest.approx(expected[0], rel=1e-14)
    assert slope == pytest.approx(expected[1], rel=1e-13)


def test_it_is_what_jax_gives_for_each_trade(program):
    jax = pytest.importorskip("jax")
    jnp = jax.numpy
    before = jax.config.jax_enable_x64

    def mean(contract, scenarios):
        spot, volatility, strike = contract
        steps = (volatility * scenarios - 0.5 * volatility**2).cumsum(axis=1)
        return jnp.maximum((spot * jnp.exp(steps)).mean(axis=1) - strike, 0.0).mean()

    trades, scenarios = contracts(4), paths(30)
    jax.config.update("jax_enable_x64", True)
    try:
        each = jax.vmap(jax.value_and_grad(mean), (0, None))
        values, slopes = each(jnp.asarray(trades), jnp.asarray(scenarios))
    finally:
        jax.config.update("jax_enable_x64", before)
    found = program.value_and_grad(trades[:, None], scenarios[None, :], wrt=0, mean=1)
    assert found[0].shape == (4,)
    assert found[1].shape == (4, 3)
    assert found[0] == pytest.approx(numpy.asarray(values), rel=1e-13)
    assert found[1] == pytest.approx(numpy.asarray(slopes), rel=1e-12)


def test_some_axes_are_summed_and_others_averaged(program):
    trades, scenarios = contracts(5, 1), paths(6)
    value, slope = program.value_and_grad(trades, scenarios, wrt="contract", sum=0, mean=1)
    values, slopes = program.value_and_grad(trades, scenarios, wrt="contract")
    assert value == pytest.approx(values.mean(1).sum(), rel=1e-13)
    assert slope == pytest.approx(slopes.mean(1).sum(0), rel=1e-12)


def test_leaves_and_structures_are_asked_for_too():
    rate = Value(0.5, name="rate")
    program = record(lambda x, y: x * (rate * y).exp(), 0.0, 0.0)
    found = program.grad([[1.0], [2.0], [3.0]], [0.0, 1.0], wrt={"rho": rate, "by x": "x"}, mean=1)
    assert found["rho"] == pytest.approx(numpy.array([1.0, 2.0, 3.0]) * math.exp(0.5) / 2)
    assert found["by x"] == pytest.approx([(1 + math.exp(0.5)) / 2] * 3)
    assert program.grad([[1.0], [2.0]], [0.0, 1.0], wrt="captured", sum=(0, 1)).shape == (1,)


def test_what_comes_along_is_given_for_each_sample():
    def function(x, y):
        return Pair(x * y, {"apart": [x + y, x - y]})

    program = record(function, 0.0, 0.0, auxiliary=True)
    x, y = numpy.arange(6.0).reshape(2, 1, 3), numpy.arange(4.0).reshape(4, 1) + 1
    (each, along), _ = program.value_and_grad(x, y)
    for axes in (0, 1, 2, (0, 2), (0, 1, 2)):
        found, slope = program.value_and_grad(x, y, wrt="x", sum=axes)
        assert type(found) is Pair
        assert numpy.shape(found.first) == numpy.shape(slope) == each.sum(axes).shape
        assert numpy.array_equal(found.first, each.sum(axes))
        assert numpy.array_equal(found.second["apart"], along["apart"])
        assert numpy.array_equal(program(x, y, sum=axes).second["apart"], along["apart"])


def test_results_of_any_form_are_added_up():
    program = record(lambda x: {"powers": [x, x * x], "one": x + 1}, 0.0)
    found = program([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]], mean=1)
    assert found["powers"].tolist() == [[2.0, 14 / 3], [5.0, 77 / 3]]
    assert found["one"].tolist() == [3.0, 6.0]
    with pytest.raises(
        TypeError, match=r"value_and_grad\(\) differentiates a program of one result"
    ):
        program.value_and_grad([1.0], sum=0)


def test_arguments_are_not_spread_out_over_all_samples(program):
    trades, scenarios = contracts(60, 1), paths(1, 5000)
    program.value_and_grad(trades, scenarios, wrt=0, mean=1)
    tracemalloc.start()
    program.value_and_grad(trades, scenarios, wrt=0, mean=1)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < scenarios.nbytes * 10  # and not 60 times


def test_arrays_of_any_layout_are_read(program):
    trades, scenarios = contracts(3, 1), paths(40)
    expected = program.grad(trades, scenarios, wrt=0, mean=1)
    for odd in (
        numpy.asfortranarray(scenarios),
        numpy.repeat(scenarios, 2, axis=0)[::2],
        scenarios[::-1][::-1],
        scenarios.astype("f8").tolist(),
        numpy.broadcast_to(scenarios, (3, 40, 4)),
    ):
        assert same_bits(program.grad(trades, odd, wrt=0, mean=1), expected)


def test_no_samples_and_no_groups_give_nothing_to_add(program):
    value, slope = program.value_and_grad(contracts(3, 1), paths(0), wrt=0, sum=1)
    assert value.tolist() == [0.0] * 3
    assert slope.tolist() == [[0.0] * 3] * 3
    value, slope = program.value_and_grad(contracts(0, 1), paths(5), wrt=0, sum=1)
    assert value.shape == (0,)
    assert slope.shape == (0, 3)


def test_sums_begin_with_a_positive_zero(program):
    negative = record(lambda x: -(x * 0.0), 0.0).using(program.backend)
    for samples_ in ([1.0], [1.0, 2.0], [[1.0], [2.0]]):
        value, slope = negative.value_and_grad(samples_, sum=-1)
        assert not numpy.signbit(value).any()
        assert not numpy.signbit(slope).any()


def test_sums_of_groups_are_folded_as_those_of_calls():
    rows = numpy.random.default_rng(0).normal(size=(2, 21, 3))
    partial = numpy.zeros((2, 3, 8))
    for place in range(21):
        partial[..., place % 8] += rows[:, place]
    assert same_bits(samples.group_sums(rows), samples.folded(partial))


@pytest.mark.parametrize(
    ("asked", "error", "message"),
    [
        ({"sum": 2}, ValueError, r"sum=2 does not fit samples along the axes \(3, 4\)"),
        ({"mean": -3}, ValueError, "mean=-3 does not fit"),
        ({"sum": (0, 0)}, ValueError, "name an axis twice"),
        ({"sum": 0, "mean": -2}, ValueError, "sum=0 and mean=-2 name an axis twice"),
        ({"mean": True}, TypeError, "mean=True of type bool is no axis of samples; give an int"),
        ({"sum": numpy.True_}, TypeError, "is no axis of samples; give an int"),
        ({"sum": 1.0}, TypeError, "sum=1.0 of type float is no axis"),
        ({"sum": (0, None)}, TypeError, r"sum=\(0, None\) of type tuple is no axis"),
        ({"sum": "all"}, TypeError, "sum='all' of type str"),
    ],
    ids=repr,
)
def test_axes_that_are_none_are_refused(program, asked, error, message):
    for call in (program, program.value_and_grad, program.grad):
        with pytest.raises(error, match=message):
            call(contracts(3, 1), paths(4), **asked)


def test_a_single_sample_and_no_sample_have_no_mean(program):
    with pytest.raises(ValueError, match="without axes: this call is of one sample"):
        program.grad(contracts(), paths(), mean=0)
    with pytest.raises(ValueError, match="there is no mean of no samples, as along mean=1"):
        program.grad(contracts(3, 1), paths(0), mean=1)
