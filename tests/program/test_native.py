"""The native interpreter: the bits of the other back ends, on every path through it."""

from __future__ import annotations

import random

import numpy
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograd_core.program.backends import native
from autograd_core.program.backends.native import NativeKernel
from autograd_core.program.backends.numpy_kernel import NumPyKernel
from tests.core.bits import EXTREMES
from tests.program.codes import codes
from tests.program.replayed import same_bits

pytestmark = pytest.mark.skipif(not native.available(), reason="nothing is compiled")

NUMBERS = st.floats(width=64) | st.sampled_from(EXTREMES)
SETS = native.native_interpreter.supported_sets() if native.available() else []
COUNTS = [0, 1, 2, 7, 8, 9, 63, 64, 65, 1000, 1025, 3000]


def agree(code, summed, blocks, captured, count, threads=1):
    """Whether every instruction set gives NumPy's bits."""
    expected = NumPyKernel(code, summed).run(blocks, captured, count)
    for name in SETS:
        found = NativeKernel(code, summed, name).run(blocks, captured, count, threads)
        assert same_bits(found[0], expected[0])
        assert same_bits(found[1], expected[1])


@settings(max_examples=600, deadline=None)
@given(codes(most=40), st.data())
def test_any_program_has_numpy_bits(code, data):
    count = data.draw(st.sampled_from([1, 2, 9, 70]))
    summed = data.draw(st.integers(0, len(code.outputs)))
    source = random.Random(data.draw(st.integers(0, 2**32)))
    extremes = data.draw(st.lists(NUMBERS, min_size=1, max_size=8))
    numbers = [*extremes, 1.0, -2.5, 0.0]
    block = numpy.array(
        [[source.choice(numbers) for _ in range(code.inputs)] for _ in range(count)]
    )
    captured = numpy.array([source.choice(numbers) for _ in range(code.captured)], dtype=float)
    agree(code, summed, [block.reshape(count, code.inputs)], captured, count)
