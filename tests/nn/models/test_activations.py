"""Activations by name and by function; softmax and log-sum-exp at their edges."""

import math

import mpmath
import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd_core
from autograd_core import PRIMITIVES, Value
from nn import ACTIVATIONS, Layer, Neuron, log_softmax, log_sum_exp, softmax
from nn.models.activations import activation

SCALAR = [name for name, row in ACTIVATIONS.items() if not row.takes_layer and row.function]


@pytest.mark.parametrize("name", SCALAR)
def test_an_activation_by_name_is_the_engines_primitive(name):
    neuron = Neuron(1, activation=name, initializer="zeros")
    neuron.bias.data = 0.7
    assert neuron([0.0]).op == name
    assert neuron([0.0]).data == getattr(autograd_core, name)(0.7)


@pytest.mark.parametrize("name", SCALAR)
def test_the_engines_function_means_the_same_as_its_name(name):
    assert activation(getattr(autograd_core, name)) is ACTIVATIONS[name]
    assert activation(getattr(Value, name)) is ACTIVATIONS[name]


UNARY = [name for name, row in PRIMITIVES.items() if row.arity == 1 and row.public]


@pytest.mark.parametrize("name", UNARY)
def test_every_primitive_of_one_operand_is_an_activation_by_its_name(name):
    assert activation(name).function(Value(1.5)).op == name


@pytest.mark.parametrize("name", ["add", "dot", "where", "backward", "detach", ""])
def test_what_is_no_function_of_one_operand_is_no_activation(name):
    with pytest.raises(ValueError, match=f"unknown activation '{name}'; there are linear, relu"):
        activation(name)


def test_any_function_of_values_is_an_activation():
    out = Layer.of([[1.0]], [0.5], activation=lambda z: z * z + 1)([2.0])
    assert out.data == 7.25
    assert repr(activation(lambda z: z)) == "<lambda>"


LOGITS = st.lists(st.floats(-1000, 1000), min_size=1, max_size=6)


@given(LOGITS)
def test_log_sum_exp_and_its_gradient_against_fifty_digits(logits):
    values = [Value(z) for z in logits]
    out = log_sum_exp(values)
    out.backward()
    with mpmath.workdps(50):
        terms = [mpmath.exp(z) for z in logits]
        total = mpmath.fsum(terms)
        assert abs(out.data - mpmath.log(total)) <= 1e-13 * max(abs(z) for z in [*logits, 1.0])
        for value, term in zip(values, terms, strict=True):
            expected = float(term / total)
            assert math.isclose(value.grad, expected, rel_tol=1e-12, abs_tol=1e-300)


@given(LOGITS)
def test_softmax_adds_up_to_one_and_ignores_a_shift(logits):
    probabilities = [p.data for p in softmax([Value(z) for z in logits])]
    assert math.isclose(sum(probabilities), 1.0, rel_tol=1e-12)
    shifted = [p.data for p in softmax([Value(z + 1024.0) for z in logits])]
    assert shifted == pytest.approx(probabilities, abs=1e-12)


def test_a_thousand_above_the_rest_is_no_trouble():
    assert [z.data for z in log_softmax([Value(-1000.0), Value(1000.0)])] == [-2000.0, 0.0]
    assert [p.data for p in softmax([Value(-1000.0), Value(1000.0)])] == [0.0, 1.0]


@pytest.mark.parametrize("logits", [[0.5], [1.0, -2.0], [1000.0, Value(0.0), 3]])
def test_numbers_have_a_softmax_too(logits):
    found = [float(p) for p in softmax(logits)]
    assert found == [p.data for p in softmax([Value(float(z)) for z in logits])]


@pytest.mark.parametrize("function", [softmax, log_softmax, log_sum_exp])
def test_no_logits_are_refused(function):
    with pytest.raises(ValueError, match="no logits: give at least one"):
        function([])
