"""Loops of the native interpreter: random programs of what repeats have NumPy's bits."""

from __future__ import annotations

import random

import numpy
import pytest

from autograd_core.program.backends import native
from autograd_core.program.backends.executable import translated
from autograd_core.program.backends.native import NativeKernel
from autograd_core.program.backends.numpy_kernel import NumPyKernel
from autograd_core.program.verifier import verify
from tests.program.codes import gradient, recorded, tidied
from tests.program.replayed import same_bits

pytestmark = pytest.mark.skipif(not native.available(), reason="nothing is compiled")

INPUTS = 200
FORMULAS = {
    "sum": lambda one, other, turn: one[turn] + other[turn],
    "product": lambda one, other, turn: one[turn] * other[turn] - other[turn],
    "fixed": lambda one, other, turn: (1.5 - one[turn]) * other[0],
    "call": lambda one, other, turn: (one[turn].tanh() + other[turn]) ** 2,
}


def walk(source, sequence):
    """What a random walk through a sequence meets, by the same step each time."""
    step = source.choice([1, 1, 1, -1, -1, 2, 0])
    place = source.choice([0, 0, 1, 2, 11])
    place = len(sequence) - 1 - place if step < 0 else place
    turns = source.choice([31, 32, 33, 47, 80, 129])
    met = []
    while 0 <= place < len(sequence) and len(met) < turns:
        met.append(sequence[place])
        place += step
    return met


def computed(source, sequences):
    """A sequence computed from two, or two that are computed turn by turn."""
    long = [sequence for sequence in sequences if len(sequence) > 40]
    one, other = walk(source, source.choice(long)), walk(source, source.choice(long))
    turns = range(min(len(one), len(other)))
    form = source.choice(["running", "running", "pair", *FORMULAS])
    if form == "running":
        total, sums = other[0], []
        for turn in turns:
            total = total + one[turn] * 0.5
            sums.append(total)
        return [sums]
    if form == "pair":
        both = [(one[turn] - other[turn] * 0.5, one[turn] * 0.25) for turn in turns]
        return [[first + second for first, second in both], [first for first, _ in both]]
    return [[FORMULAS[form](one, other, turn) for turn in turns]]


def repeating(seed):
    """A function of many numbers that computes sequences and gives out some of what is in them."""

    def function(*xs):
        source = random.Random(seed)
        sequences = [list(xs)]
        for _ in range(source.randrange(1, 6)):
            sequences += computed(source, sequences)
        last = [sequence[-1] for sequence in sequences]
        some = [source.choice(source.choice(sequences)) for _ in range(source.randrange(4))]
        totals = [sum(sequence, start=0.0) for sequence in sequences if source.random() < 0.5]
        return [*totals, *last, *some, *source.choice([[], source.choice(sequences)])]

    return function


def loops(code):
    """How many loops the program is for a single sample."""
    numbers = native.native_interpreter.operation_numbers()
    made = translated(code, 0, True, numbers)
    return int((made.uniform_code[:, 0] == numbers["loop"]).sum())


@pytest.mark.parametrize(
    "read",
    [
        lambda sums: sums[-1:],
        lambda sums: [sums[-1] * sums[-1], sums[40]],
        lambda sums: [total * 3.0 for total in sums],
        lambda sums: [total * 3.0 for total in reversed(sums)],
        lambda sums: [total * sums[-1] for total in sums[:50]],
        lambda sums: [sums[-1] * 2.0 + one * 0.5 for one in sums[:1] * 40],
    ],
    ids=["the last", "two", "all", "backwards", "the first by the last", "again and again"],
)
def test_running_sums_can_be_read_from_anywhere(read):
    def function(*xs):
        total, sums = 0.25, []
        for x in xs:
            total = total + x * x
            sums.append(total)
        return read(sums)

    code, _ = recorded(function, *[0.5] * INPUTS)
    assert loops(code) >= 1
    point = numpy.random.default_rng(0).normal(size=(1, INPUTS))
    expected, _ = NumPyKernel(code).run([point], numpy.empty(0), 1)
    values, _ = NativeKernel(code).run([point], numpy.empty(0), 1)
    assert same_bits(values[0], expected[0])


def test_random_programs_of_what_repeats_have_the_bits_of_numpy():
    found = 0
    for seed in range(200):
        code, captured = recorded(repeating(seed), *[0.5] * INPUTS)
        assert not captured
        point = numpy.random.default_rng(seed).normal(size=(1, INPUTS))
        for program in (code, tidied(gradient(code, range(INPUTS)))):
            verify(program)
            found += loops(program)
            expected, _ = NumPyKernel(program).run([point], numpy.empty(0), 1)
            values, _ = NativeKernel(program).run([point], numpy.empty(0), 1)
            assert same_bits(values[0], expected[0]), seed
    assert found > 400, "the programs are meant to have loops"
