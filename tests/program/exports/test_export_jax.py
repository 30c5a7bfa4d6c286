"""Programs as JAX: one sample, under jit, vmap, grad and sharding over a mesh of devices."""

from __future__ import annotations

import math
import os
import random
import subprocess
import sys
import textwrap

import numpy
import pytest
from hypothesis import given, settings

import autograd_core as ag
import nn
from autograd_core import PRIMITIVES, BackendError, Value, record
from tests.program.exports.exporting import (
    FIXED,
    KEYS,
    STRAIGHT,
    called,
    close,
    extreme_points,
    keyed,
    kinks_and_ties,
    named,
    ordinary_points,
    program_of,
    replayed,
    worst,
)
from tests.program.networks import branching_program, captured_of, networks
from tests.tiers import for_both_tiers

jax = pytest.importorskip("jax", reason="JAX is not installed")
pytestmark = for_both_tiers


@pytest.fixture(autouse=True, scope="module")
def _double_precision():
    before = jax.config.jax_enable_x64
    jax.config.update("jax_enable_x64", True)
    yield
    jax.config.update("jax_enable_x64", before)


def over_samples(function, *axes):
    """The function of many samples, compiled."""
    return jax.jit(jax.vmap(function, in_axes=axes))


@pytest.mark.parametrize("name", FIXED)
def test_every_row_is_within_a_few_ulp_of_its_forward_with_its_infinities_and_nans(name):
    points = ordinary_points(name) + extreme_points(name)
    function = over_samples(program_of(name).to_jax().function, *[0] * len(points[0]))
    assert worst(function(*numpy.array(points).T), name, points) <= 8


@pytest.mark.parametrize("name", ["CONSTANTS", "INDEX_1", "jnp", "numpy", "v1", "len", "µ", "ﬁ"])
def test_arguments_and_functions_may_be_called_anything_that_the_file_does_not_need(name):
    program = called(name, "y")
    expected = program(0.7, 1.3)
    assert close([float(one) for one in program.to_jax()(0.7, 1.3)], expected)
    exported = named(called("x", "y").to_jax, name)
    if exported:
        assert close([float(one) for one in exported(0.7, 1.3)], expected)


@pytest.mark.parametrize("key", KEYS[:8], ids=repr)
def test_dictionaries_have_any_keys_that_a_source_can_name(key):
    program, given = keyed(key)
    assert close(program.to_jax()(given)[key], program(given)[key])


SMOOTH = [name for name in FIXED if name not in ("mod", "floordiv", "held")]


@pytest.mark.parametrize("name", SMOOTH)
def test_jax_s_own_gradient_of_every_row_is_the_program_s(name):
    program = program_of(name)
    source = random.Random(name)
    domain = [(max(low, -4.0), min(high, 4.0)) for low, high in PRIMITIVES[name].domain]
    points = numpy.array([[source.uniform(*limits) for limits in domain] for _ in range(100)])
    points[:, 1:].sort()  # a lower bound below the upper one
    _, slopes = program.value_and_grad(*points.T)
    slopes = [slopes] if points.shape[1] == 1 else slopes
    places = tuple(range(points.shape[1]))
    derivative = jax.grad(program.to_jax().function, argnums=places)
    found = over_samples(derivative, *[0] * len(places))(*points.T)
    for own, expected in zip(found, slopes, strict=True):
        assert close(own, expected, scale=10)


@pytest.mark.parametrize("name", STRAIGHT)
def test_jax_s_own_gradient_at_kinks_and_ties_is_the_promised_one(name):
    program, points = program_of(name), kinks_and_ties(name)
    _, slopes = program.value_and_grad(*points.T)
    expected = slopes if points.shape[1] == 1 else slopes[0]
    found = over_samples(jax.grad(program.to_jax().function), *[0] * points.shape[1])(*points.T)
    # The same where it is no number or infinite, within rounding where JAX divides otherwise.
    assert numpy.allclose(found, expected, rtol=1e-15, atol=0, equal_nan=True)


@settings(max_examples=8)
@given(networks())
def test_networks_and_their_gradients_give_what_a_replay_gives(program):
    points, parameters, values, slopes = replayed(program)
    given_too = [parameters] if len(parameters) else []
    axes = [0] + [None] * len(given_too)
    exported = program.gradient("both", value=True).to_jax()
    found, (inputs, captured) = over_samples(exported.function, *axes)(points, *given_too)
    assert close(found, values)
    assert close(numpy.concatenate([inputs, captured], axis=1), slopes)


def demo_program():
    network = nn.MLP(2, [16, 16, 1])
    return record(lambda x, y: (1.0 - y * network(x)).relu(), [0.0, 0.0], 0.0)


def test_jax_differentiates_the_exported_value():
    program = demo_program()
    x, y = numpy.random.default_rng(0).normal(size=(2, 100, 2))
    function = program.to_jax("loss").function

    def mean(parameters):
        return jax.vmap(function, in_axes=(0, 0, None))(x, y[:, 0], parameters).mean()

    value, slopes = jax.jit(jax.value_and_grad(mean))(captured_of(program))
    found = program.summed_gradient(x, y[:, 0], seed=0.01)
    assert close(value, found.value / 100)
    assert close(slopes, found.gradient)


def test_jax_differentiates_the_exported_gradient_again():
    w = [Value(0.3), Value(-0.2)]
    program = record(lambda x: ((w[0] * x[0] + w[1] * x[1]) ** 2).tanh(), [0.0, 0.0])
    slopes = program.gradient().to_jax().function
    # At the origin the cotangent of the square is 0, and its derivative is not.
    for point in ([0.0, 0.0], [0.5, 1.5]):
        second = jax.jacobian(slopes)(numpy.array(point), captured_of(program))
        columns = [program.hvp()(point, direction)[1] for direction in numpy.eye(2)]
        assert close(second, numpy.stack(columns, axis=1))


def test_the_gradient_of_a_strong_product_is_finite_beside_what_is_not():
    program = record(lambda c, p: ag.where(c > 0, c * p, 0.0), 0.0, 0.0)
    slopes = program.gradient().to_jax().function
    for p in (math.inf, math.nan):
        assert [float(slope) for slope in slopes(-1.0, p)] == [0.0, 0.0]
    for p in (math.inf, -2.0):
        (second, _), _ = jax.jacobian(slopes, argnums=(0, 1))(-1.0, p)
        assert float(second) == 0.0


@pytest.mark.parametrize("broken", [math.inf, math.nan])
def test_a_zero_cotangent_is_strong_against_parameters_that_are_not_finite(broken):
    program = branching_program()
    function = over_samples(program.gradient("both", value=True).to_jax().function, 0, None)
    points = numpy.random.default_rng(2).normal(size=(20, 3))
    for leaf in program.captured[:60:12]:
        kept, leaf.data = leaf.data, broken
        values, (inputs, captured) = program.using("numpy").value_and_grad(points, wrt="both")
        found, slopes = function(points, captured_of(program))
        leaf.data = kept
        assert numpy.isfinite(inputs[points[:, 0] > 0]).all()
        assert close(found, values)
        assert close(slopes[0], inputs)
        assert close(slopes[1], captured)


def test_a_compiled_network_is_few_operations():
    exported = demo_program().gradient("captured", value=True).to_jax()
    arguments = numpy.zeros(2), 1.0, exported.parameters
    jaxpr = jax.make_jaxpr(exported.function)(*arguments)
    assert len(jaxpr.eqns) < 160  # of 808 instructions


def test_it_computes_in_the_precision_of_what_it_is_given():
    program = demo_program()
    exported = program.gradient("captured", value=True).to_jax()
    x, y, parameters = numpy.array([0.5, -1.0]), 1.0, exported.parameters
    exact = program.value_and_grad(x, y, wrt="captured")[1]
    single = [numpy.asarray(number, dtype=numpy.float32) for number in (x, y, parameters)]
    value, slopes = jax.jit(exported.function)(*single)
    assert (value.dtype, slopes.dtype) == (numpy.float32, numpy.float32)
    assert numpy.allclose(slopes, exact, rtol=1e-4, atol=1e-5)


def test_a_batch_without_vmap_is_refused():
    exported = demo_program().to_jax()
    with pytest.raises(TypeError, match="reshape"):
        exported(numpy.zeros((5, 2)), 1.0, exported.parameters)


def test_structures_go_in_and_come_out():
    program = record(
        lambda x, o: {"sum": x[0] + o["b"], "rest": [x, (o["a"] * 2.0, 3.0)]},
        [0.0, 0.0],
        {"a": 0.0, "b": 0.0},
    )
    found = jax.jit(program.to_jax().function)(numpy.array([1.0, 2.0]), {"a": 4.0, "b": 5.0})
    assert float(found["sum"]) == 6.0
    assert found["rest"][0].tolist() == [1.0, 2.0]
    assert [float(number) for number in found["rest"][1]] == [8.0, 3.0]


def test_a_primitive_of_one_s_own_needs_a_spelling():
    @ag.primitive(lambda x, out: ag.cos(x), name="wave_of_the_jax_test")
    def wave(x):
        return math.sin(x)

    program = record(lambda x: wave(x) + 1.0, 0.0)
    with pytest.raises(BackendError, match=r"wave_of_the_jax_test.*JAX"):
        program.to_jax()
    exported = program.to_jax(spellings={"wave_of_the_jax_test": "jnp.sin({x})"})
    assert close(exported(0.5), math.sin(0.5) + 1.0)


SHARDED = """
    import jax, numpy
    from jax.sharding import Mesh, NamedSharding, PartitionSpec
    import nn
    from autograd_core import record

    jax.config.update("jax_enable_x64", True)
    network = nn.MLP(2, [16, 16, 1])
    program = record(lambda x, y: (1 - y * network(x)).relu(), [0.0, 0.0], 0.0)
    loss = program.to_jax("loss")

    mesh = Mesh(numpy.array(jax.devices()), ("batch",))
    rows = NamedSharding(mesh, PartitionSpec("batch"))
    everywhere = NamedSharding(mesh, PartitionSpec())

    def mean(parameters, x, y):
        return jax.vmap(loss.function, in_axes=(0, 0, None))(x, y, parameters).mean()

    step = jax.jit(
        jax.value_and_grad(mean),
        in_shardings=(everywhere, rows, rows),
        out_shardings=(everywhere, everywhere),
    )
    x, y = numpy.random.default_rng(0).normal(size=(2, 800, 2))
    y = numpy.sign(y[:, 0])
    value, slopes = step(loss.parameters, x, y)

    # And the exported gradient program, one gradient a sample on the sample's own device.
    both = program.gradient("captured", value=True).to_jax("both")
    many = jax.jit(
        jax.vmap(both.function, in_axes=(0, 0, None)), in_shardings=(rows, rows, everywhere)
    )
    values, gradients = many(x, y, both.parameters)
    assert len(jax.devices()) == 8
    assert {shard.data.shape for shard in gradients.addressable_shards} == {(100, 337)}
    assert slopes.sharding.is_fully_replicated
    expected = program.summed_gradient(x, y, seed=1 / 800)
    each, every = program.value_and_grad(x, y, wrt="captured")
    numpy.testing.assert_allclose(value, expected.value / 800, rtol=1e-12)
    numpy.testing.assert_allclose(slopes, expected.gradient, rtol=1e-10, atol=1e-14)
    numpy.testing.assert_allclose(values, each, rtol=1e-11, atol=1e-13)
    numpy.testing.assert_allclose(gradients, every, rtol=1e-11, atol=1e-13)
    print("eight devices agree")
"""


def test_samples_spread_over_a_mesh_of_devices():
    flags = f"{os.environ.get('XLA_FLAGS', '')} --xla_force_host_platform_device_count=8"
    environment = os.environ | {"XLA_FLAGS": flags.strip(), "JAX_PLATFORMS": "cpu"}
    script = [sys.executable, "-c", textwrap.dedent(SHARDED)]
    run = subprocess.run(script, env=environment, capture_output=True, text=True)
    assert run.stdout == "eight devices agree\n", run.stderr
