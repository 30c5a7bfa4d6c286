"""Programs as PyTorch: a replay's results on tensors, and gradients by PyTorch itself."""

from __future__ import annotations

import math

import numpy
import pytest
from hypothesis import given, settings

import autograd_core as ag
import nn
from autograd_core import BackendError, Value, record
from tests.program.exports.exporting import (
    FIXED,
    KEYS,
    OF_THE_FILES,
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

pytestmark = for_both_tiers
torch = pytest.importorskip("torch", reason="PyTorch is not installed")


def tensors(*arrays):
    return [torch.tensor(numpy.asarray(array), dtype=torch.float64) for array in arrays]


@pytest.mark.parametrize("name", FIXED)
def test_every_row_is_within_a_few_ulp_of_its_forward(name):
    points = ordinary_points(name)
    found = program_of(name).to_torch()(*tensors(*numpy.array(points).T))
    assert worst(found.numpy(), name, points) <= 4


@pytest.mark.parametrize("name", FIXED)
def test_every_row_has_the_forward_s_infinities_and_nans(name):
    points = extreme_points(name)
    found = program_of(name).to_torch()(*tensors(*numpy.array(points).T))
    assert worst(found.numpy(), name, points) <= 4


@pytest.mark.parametrize("name", STRAIGHT)
def test_pytorch_s_own_gradient_at_kinks_and_ties_is_the_promised_one(name):
    program, points = program_of(name), kinks_and_ties(name)
    _, slopes = program.value_and_grad(*points.T)
    expected = slopes if points.shape[1] == 1 else slopes[0]
    operands = [operand.requires_grad_() for operand in tensors(*points.T)]
    value = program.to_torch()(*operands)
    if value.requires_grad:
        value.sum().backward()
    found = operands[0].grad if operands[0].grad is not None else torch.zeros(len(points))
    assert numpy.array_equal(found.numpy(), expected, equal_nan=True)


@pytest.mark.parametrize("kind", ["float32", "float64"])
@pytest.mark.parametrize("name", FIXED)
def test_every_row_keeps_the_precision_of_its_operands(name, kind):
    point = [torch.tensor(x, dtype=getattr(torch, kind)) for x in ordinary_points(name)[0]]
    assert program_of(name).to_torch()(*point).dtype == getattr(torch, kind)


@pytest.mark.parametrize("name", OF_THE_FILES)
def test_an_argument_may_be_called_anything(name):
    program = called(name, "y")
    found = program.to_torch()(*tensors(0.7, 1.3))
    assert close([float(one) for one in found], program(0.7, 1.3))


@pytest.mark.parametrize("name", OF_THE_FILES)
def test_a_function_has_its_name_or_is_refused_it(name):
    program = called("x", "y")
    exported = named(program.to_torch, name)
    if exported:
        found = exported(*tensors(0.7, 1.3))
        assert close([float(one) for one in found], program(0.7, 1.3))


@pytest.mark.parametrize("key", KEYS, ids=repr)
def test_dictionaries_have_any_keys_that_a_source_can_name(key):
    program, given = keyed(key)
    found = program.to_torch()({own: tensors(numbers)[0] for own, numbers in given.items()})
    assert close(found[key], program(given)[key])


@settings(max_examples=80)
@given(networks())
def test_networks_and_their_gradients_give_what_a_replay_gives(program):
    points, parameters, values, slopes = replayed(program)
    given_too = [parameters] if len(parameters) else []
    exported = program.gradient("both", value=True).to_torch()
    found, (inputs, captured) = exported(*tensors(points, *given_too))
    assert close(found, values)
    assert close(torch.cat([inputs, captured], 1), slopes)
    one, _ = exported(*tensors(points[1], *given_too))
    assert close(one, values[1])


def demo_program():
    network = nn.MLP(2, [16, 16, 1])
    return record(lambda x, y: (1.0 - y * network(x)).relu(), [0.0, 0.0], 0.0)


def test_pytorch_differentiates_the_exported_value():
    program = demo_program()
    x, y = numpy.random.default_rng(0).normal(size=(2, 100, 2))
    parameters = tensors(captured_of(program))[0].requires_grad_()
    loss = program.to_torch("loss")(*tensors(x, y[:, 0]), parameters).mean()
    loss.backward()
    found = program.summed_gradient(x, y[:, 0], seed=0.01)
    assert close(loss.item(), found.value / 100)
    assert close(parameters.grad, found.gradient)


@pytest.mark.parametrize("broken", [math.inf, math.nan])
def test_a_zero_cotangent_is_strong_against_parameters_that_are_not_finite(broken):
    program = branching_program()
    exported = program.gradient("both", value=True).to_torch()
    points = numpy.random.default_rng(2).normal(size=(20, 3))
    for leaf in program.captured[:60:4]:
        kept, leaf.data = leaf.data, broken
        values, (inputs, captured) = program.using("numpy").value_and_grad(points, wrt="both")
        found, slopes = exported(*tensors(points, captured_of(program)))
        leaf.data = kept
        assert close(found, values)
        assert close(slopes[0], inputs)
        assert close(slopes[1], captured)


def test_slopes_of_a_cube_root_at_zero_have_the_sign_of_their_side():
    slope = record(lambda x: x.cbrt(), 0.5).gradient().gradient()
    assert slope.to_torch()(*tensors([-0.0, 0.0])).tolist() == [math.inf, -math.inf]


def test_samples_run_over_leading_axes_that_broadcast():
    program = record(lambda x, y: (x[0] * y + x[1], y * 2.0, 7.0), [0.0, 0.0], 0.0)
    x, y = numpy.arange(12.0).reshape(3, 2, 2), numpy.array([[1.0], [2.0], [3.0]])
    found = program.to_torch()(*tensors(x, y))
    for own, expected in zip(found, program(x, y), strict=True):
        assert own.tolist() == expected.tolist()


def test_it_computes_in_the_precision_of_what_it_is_given():
    scale = Value(2.0)
    program = record(
        lambda x: ag.maximum(x[0] * scale, 0.25).normal_cdf() + (x[1] < 0.5), [0.0, 0.0]
    )
    single = torch.tensor([[0.5, 0.25], [-1.0, 2.0]], dtype=torch.float32)
    found = program.to_torch()(single, torch.tensor([2.0]))
    assert found.dtype == torch.float32
    assert numpy.allclose(found, program(single.numpy()), rtol=1e-5)


def test_arguments_of_another_shape_are_refused():
    exported = demo_program().to_torch()
    with pytest.raises(ValueError, match=r"a sample has the shape \(2,\), got a tensor of shape"):
        exported(*tensors(numpy.zeros((5, 3)), 1.0, exported.parameters))
    for other in (1.0, [0.0, 1.0], exported.parameters):
        with pytest.raises(TypeError, match=r"are tensors, got .*; give torch\.as_tensor"):
            exported(*tensors(numpy.zeros((5, 2))), 1.0, other)


def test_a_primitive_of_one_s_own_needs_a_spelling():
    @ag.primitive(lambda x, out: ag.cos(x), name="wave_of_the_torch_test")
    def wave(x):
        return math.sin(x)

    program = record(lambda x: wave(x) + 1.0, 0.0)
    with pytest.raises(BackendError, match=r"wave_of_the_torch_test.*PyTorch"):
        program.to_torch()
    exported = program.to_torch(spellings={"wave_of_the_torch_test": "torch.sin({x})"})
    assert close(exported(*tensors(0.5)), math.sin(0.5) + 1.0)
