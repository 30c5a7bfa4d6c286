"""Tiles of weight gradients by LLVM: the bits of one sum after the other, in lanes of any width."""

from __future__ import annotations

import numpy
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from autograd_core.primitives import kind_of
from autograd_core.program.backends.numpy.numpy_kernel import NumPyKernel
from autograd_core.program.code.flat import Code
from tests.primitives.bits import EXTREMES
from tests.program.replayed import same_bits

pytest.importorskip("llvmlite", reason="llvmlite is not installed: autograd_core[jit]")

from autograd_core.program.backends.llvm import llvm_description, llvm_kernel, llvm_program


def weight_gradients(inputs: int, neurons: int, order: numpy.ndarray) -> Code:
    """Sums of products of inputs and of cotangents that are computed, and sums of these."""
    leaves = inputs + neurons
    rows = [(kind_of("neg"), inputs + neuron, 0) for neuron in range(neurons)]
    outputs: list[int] = []
    for c in range(leaves, leaves + neurons):
        outputs += [*range(leaves + len(rows), leaves + len(rows) + inputs), c]
        rows += [(kind_of("strong_product"), c, x) for x in range(inputs)]
    empty, table = numpy.empty(0, dtype=numpy.int32), numpy.array(rows, dtype=numpy.int32)
    return Code(leaves, 0, numpy.empty(0), table, empty, numpy.array(outputs, numpy.int32)[order])


@settings(max_examples=25, deadline=None)
@given(
    st.integers(1, 70),
    st.integers(1, 40),
    st.integers(1, 300),
    st.sampled_from([1, 2, 4, 8]),
    st.sampled_from([0.0, 0.0, 0.0, 0.05]),
    st.sampled_from([0.0, 0.5, 1.0]),
    st.integers(0, 2**32 - 1),
)
@example(33, 7, 32, 8, 0.0, 0.0, 0)
@example(64, 70, 18, 4, 0.0, 0.5, 1)
@example(1, 40, 301, 2, 0.0, 1.0, 2)
@example(17, 1, 130, 8, 0.0, 0.0, 3)
@example(5, 300, 600, 4, 0.0, 0.0, 4)
@example(784, 3, 9, 8, 0.0, 0.0, 5)
@example(48, 12, 17, 4, 0.1, 0.0, 6)
def test_tiles_have_the_bits_of_one_sum_after_the_other(
    inputs, neurons, count, lanes, special, disorder, seed
):
    source = numpy.random.default_rng(seed)
    count, summed = 1 if lanes == 1 else count, (inputs + 1) * neurons
    order = numpy.arange(summed)
    source.shuffle(order[: int(disorder * summed)])
    block = source.normal(size=(count, inputs + neurons))
    extreme = source.random(block.shape) < special
    block[extreme] = source.choice(EXTREMES, extreme.sum())
    block[: count // (1 + seed % 2), -1] = 0.0  # its cotangent is -0.0
    code = weight_gradients(inputs, neurons, order)
    program = llvm_program.CompiledProgram(llvm_description.described(code, summed, lanes))
    assert len(program.own) == 0, "all sums are in tiles"
    found = llvm_kernel.machine_of(program).results([block], numpy.empty(0), count)
    if found is None:
        assert extreme.any()
    else:
        _, sums = NumPyKernel(code, summed).run([block], numpy.empty(0), count)
        assert same_bits(found[1], sums)
