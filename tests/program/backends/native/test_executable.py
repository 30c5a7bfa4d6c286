"""What the native back end makes of a program: what runs together, and what memory it takes."""

from __future__ import annotations

import itertools
from collections import Counter

import numpy
import pytest

import nn
from autograd_core import Value, dot
from autograd_core.graph import functions
from autograd_core.program.backends.native import native_kernel
from autograd_core.program.backends.native.executable import translated
from tests.program.codes import gradient, recorded, tidied

pytestmark = pytest.mark.skipif(not native_kernel.available(), reason="nothing is compiled")


def executable(code, summed=0, single=False):
    return translated(code, summed, single, native_kernel.native_interpreter.operation_numbers())


def operations(instructions):
    """How many instructions there are of each operation."""
    names = {
        number: name
        for name, number in native_kernel.native_interpreter.operation_numbers().items()
    }
    return Counter(names[number] for number in instructions[:, 0].tolist())


def network():
    """The gradient by its parameters of a network of 4 inputs, 8 neurons and 5."""
    layers = nn.MLP(4, [8, 5], seed=1)
    code, _ = recorded(lambda *xs: functions.sum(layers(list(xs))), *[0.5] * 4)
    return tidied(gradient(code, range(4, code.leaves)))


def test_a_layer_is_one_instruction_with_its_activation():
    code = network()
    counted = operations(executable(code, len(code.outputs)).lane_code)
    assert (counted["dots_relu"], counted["dots"], counted["relu"]) == (1, 1, 0)


def test_the_gradients_of_a_layer_s_weights_are_one_instruction():
    code = network()
    made = executable(code, len(code.outputs))
    counted = operations(made.lane_code)
    assert counted["outers"] == 1  # the last layer's cotangents are 1
    assert operations(executable(code).lane_code)["outers"] == 0  # each sample's are asked for


def test_an_instruction_takes_16_bytes_and_a_list_4_a_number():
    code = network()
    made = executable(code, len(code.outputs))
    assert made.lane_code.nbytes == 16 * len(made.lane_code)
    assert made.lists.dtype == numpy.int32


def test_slots_are_used_again():
    def chain(x):
        for _ in range(1000):
            x = (x * 1.5).tanh() - x
        return x

    code, _ = recorded(chain, 0.5)
    assert executable(code).slots <= 3
    assert executable(code, single=True).uniforms <= 10
    assert executable(gradient(code)).slots > 500  # what the way back reads is kept


def test_an_input_is_loaded_where_it_is_first_read():
    def total(*xs):
        out = xs[0]
        for x in xs[1:]:
            out = out * x
        return out

    code, _ = recorded(total, *[0.5] * 100)
    made = executable(code)
    assert operations(made.lane_code)["load"] == 100
    assert made.slots == 2


def test_what_is_the_same_for_all_samples_is_apart():
    weight = Value(2.0)
    code, _ = recorded(lambda x: x * weight.exp() * weight.sin(), 0.5)
    made = executable(code)
    assert operations(made.uniform_code) == {"exp": 1, "sin": 1}
    assert operations(made.lane_code)["mul_uniform"] == 2
    assert len(executable(code, single=True).lane_code) == 0


@pytest.mark.parametrize(("between", "dots"), [(10, 1), (10_000, 2)])
def test_dot_products_that_stand_far_apart_do_not_wait_for_one_another(between, dots):
    weights = [Value(1.0), Value(2.0)]

    def two(x, y):
        first = dot(weights, [x, y])
        for _ in range(between):
            first = first.sin()
        return first, dot(weights, [x, y], 3.0)

    code, _ = recorded(two, 0.5, 0.5)
    assert operations(executable(code).lane_code)["dots"] == dots


def test_a_dot_product_whose_start_comes_later_is_not_run_before_it():
    weights = [Value(1.0), Value(2.0)]

    def two(x, y):
        first = dot(weights, [x, y])
        return first, dot(weights, [x, y], first.sin())

    code, _ = recorded(two, 0.5, 0.5)
    assert operations(executable(code).lane_code)["dots"] == 2


def test_the_sign_of_a_relu_is_read_from_its_value():
    code, _ = recorded(lambda x: (x * x - 1.0).relu(), 0.5)
    both = tidied(gradient(code))
    made = executable(both)
    kept = operations(made.lane_code)
    assert kept["relu"] == 1
    assert made.slots <= 3


def rosenbrock(*xs):
    terms = (100 * (y - x * x) ** 2 + (1 - x) ** 2 for x, y in itertools.pairwise(xs))
    total = 0.0
    for term in terms:
        total = total + term
    return total


def test_what_repeats_is_a_loop_where_there_is_one_sample():
    sizes = []
    for count in (1000, 2000):
        code, _ = recorded(rosenbrock, *[0.5] * count)
        made = executable(tidied(gradient(code)), single=True)
        assert operations(made.uniform_code)["loop"] == 2  # forward and back
        counted = operations(made.lane_code)
        assert counted["running"] == 1  # the total
        assert counted["store"] == 2  # the two differences; the rest is computed again
        assert counted["give"] == 1  # the gradient
        sizes.append(len(made.uniform_code) + len(made.lane_code))
    assert sizes[0] == sizes[1] < 150


def test_turns_that_wait_for_one_another_are_a_loop_that_runs_them_in_turn():
    def chain(x):
        for _ in range(100):
            x = x * x + 0.1
        return x

    code, _ = recorded(chain, 0.5)
    made = executable(code, single=True)
    assert operations(made.uniform_code)["loop"] == 1
    assert made.in_turn == len(code) == 200
