"""Layers by tiles: the bits of one sum after the other, whatever the sizes and the numbers."""

from __future__ import annotations

import random
from collections.abc import Callable

import numpy
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from autograd_core.primitives import kind_of
from autograd_core.program.backends.native import native_kernel
from autograd_core.program.backends.native.native_kernel import NativeKernel
from autograd_core.program.backends.numpy.numpy_kernel import NumPyKernel
from autograd_core.program.code.flat import Code
from tests.primitives.bits import EXTREMES
from tests.program.replayed import same_bits

pytestmark = pytest.mark.skipif(not native_kernel.available(), reason="nothing is compiled")

Placed = Callable[[int, int], list[int]]
SETS = native_kernel.native_interpreter.supported_sets() if native_kernel.available() else []


def in_rows(inputs: int, neurons: int) -> list[int]:
    """Where each neuron's weights and its start stand: one neuron's after the other's."""
    return list(range(neurons * (inputs + 1)))


def as_recorded(inputs: int, neurons: int) -> list[int]:
    """As they are met behind another layer: the first neuron's each before a row of that one's."""
    apart = 7
    first = [neuron * apart for neuron in range(inputs + 1)]
    first[1:] = [place + 3 for place in first[1:]]
    rest = in_rows(inputs, neurons - 1)
    return [*first, *(first[-1] + 1 + place for place in rest)]


def anyhow(inputs: int, neurons: int) -> list[int]:
    """In no order."""
    places = in_rows(inputs, neurons)
    random.Random(inputs).shuffle(places)
    return places


def layer(inputs: int, neurons: int, relu: bool, placed: Placed = in_rows) -> Code:
    """A layer forward, and back from the cotangents that are inputs beside its own.

    What it gives a sample: the neurons, and the cotangents of the inputs; to be summed, those of
    the weights, a neuron's after the other's.
    """
    cotangents = range(inputs, inputs + neurons)
    places = [inputs + neurons + place for place in placed(inputs, neurons)]
    value = max(places) + 1
    rows: list[tuple[int, int, int]] = []
    operands: list[int] = []

    def listed(name: str, numbers: list[int]) -> None:
        rows.append((kind_of(name), len(operands), len(numbers)))
        operands.extend(numbers)

    for neuron in range(neurons):
        *own, start = places[neuron * (inputs + 1) : (neuron + 1) * (inputs + 1)]
        listed("dot", [start, *(number for x in range(inputs) for number in (x, own[x]))])
    if relu:
        rows += [(kind_of("relu"), value + neuron, 0) for neuron in range(neurons)]
    for x in range(inputs):
        pairs = zip(cotangents, places[x :: inputs + 1], strict=True)
        listed("strong_dot", [number for pair in pairs for number in pair])
    for c in cotangents:
        rows += [(kind_of("strong_product"), c, x) for x in range(inputs)]
    given_out = range(value + (neurons if relu else 0), value + len(rows))
    return Code(
        inputs + neurons,
        value - inputs - neurons,
        numpy.empty(0),
        numpy.array(rows, dtype=numpy.int32),
        numpy.array(operands, dtype=numpy.int32),
        numpy.array(given_out, dtype=numpy.int32),
    )


def numbers(count: int, special: float, seed: int) -> numpy.ndarray:
    """Numbers, so many of which are zeros, extreme or not finite."""
    source, found = random.Random(seed), numpy.random.default_rng(seed).normal(size=count)
    for place in range(count):
        if source.random() < special:
            found[place] = source.choice(EXTREMES)
    return found


def shuffled(code: Code, summed: int, seed: int) -> tuple[Code, numpy.ndarray]:
    """The same with its sums, or half of them, in another order, and that order."""
    order = numpy.arange(summed)
    numpy.random.default_rng(seed).shuffle(order[: summed // (1 + seed % 2)])
    kept, sums = numpy.split(code.outputs, [len(code.outputs) - summed])
    outputs = numpy.append(kept, sums[order])
    whole = (code.inputs, code.captured, code.constants, code.instructions, code.operands)
    return Code(*whole, outputs), order


@settings(max_examples=150, deadline=None)
@given(
    st.integers(1, 70),
    st.integers(1, 40),
    st.integers(1, 40) | st.sampled_from([64, 128, 129, 256, 257, 600]),
    st.booleans(),
    st.sampled_from([in_rows, as_recorded, anyhow]),
    st.sampled_from([0.0, 0.0, 0.002, 0.1]),
    st.integers(0, 2**32 - 1),
)
@example(784, 13, 32, True, in_rows, 0.0, 0)
@example(3, 300, 17, False, as_recorded, 0.01, 1)
@example(200, 9, 40, False, anyhow, 0.01, 2)
@example(5000, 1, 8, False, in_rows, 0.0, 3)
@example(33, 260, 1000, True, in_rows, 0.001, 4)
def test_tiles_have_the_bits_of_one_sum_after_the_other(
    inputs, neurons, count, relu, placed, special, seed
):
    code, summed = layer(inputs, neurons, relu, placed), inputs * neurons
    block = numbers(count * code.inputs, special, seed).reshape(count, -1)
    captured = numbers(code.captured, special, seed + 1)
    other, order = shuffled(code, summed, seed)
    values, sums = NumPyKernel(code, summed).run([block], captured, count)
    for name in SETS:
        found = NativeKernel(code, summed, name).run([block], captured, count)
        assert same_bits(found[0], values), name
        assert same_bits(found[1], sums), name
        found = NativeKernel(other, summed, name).run([block], captured, count)
        assert same_bits(found[1], sums[order]), name


@pytest.mark.parametrize(
    ("inputs", "neurons", "count"), [(33, 7, 32), (16, 12, 40), (5, 21, 9), (17, 1, 130)]
)
def test_what_llvm_compiles_has_them_too(inputs, neurons, count):
    llvm_kernel = pytest.importorskip("autograd_core.program.backends.llvm.llvm_kernel")
    pytest.importorskip("llvmlite", reason="llvmlite is not installed: autograd_core[jit]")
    code, summed = layer(inputs, neurons, True), inputs * neurons
    for special in (0.0, 0.05):
        block = numbers(count * code.inputs, special, 3).reshape(count, -1)
        captured = numbers(code.captured, special, 4)
        found = NativeKernel(code, summed).run([block], captured, count)
        values, sums = llvm_kernel.LLVMKernel(code, summed).run([block], captured, count)
        assert same_bits(found[0], values)
        assert same_bits(found[1], sums)


@pytest.mark.parametrize("count", [1, 5, 8, 32, 40])
@pytest.mark.parametrize("rest", [0.0, -1.0])
def test_sums_of_nothing_but_negative_zeros_are_zero(count, rest):
    code, summed = layer(48, 48, False), 48 * 48
    block = numpy.zeros((count, code.inputs))
    block[:, :24] = -1.0  # by cotangents of zero: all products are -0.0
    block[-1, 48:] = rest
    captured = numpy.ones(code.captured)
    _, sums = NumPyKernel(code, summed).run([block], captured, count)
    assert (numpy.copysign(1.0, sums) > 0).any()
    for name in SETS:
        found = NativeKernel(code, summed, name).run([block], captured, count)
        assert same_bits(found[1], sums), name
