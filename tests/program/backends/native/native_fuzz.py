"""Random and broken programs for the native interpreter, run as `python -m` this module.

Every program is given to the verifier and to the back end. What the one refuses the other must
refuse; what it lets through must run, on every instruction set, and give NumPy's bits. Run with
the interpreter and its translation compiled under AddressSanitizer, so that no access goes astray
unseen. The arguments are a seed and how many seconds to go on.
"""

from __future__ import annotations

import random
import sys
import time

import numpy

from autograd_core import ProgramError
from autograd_core.primitives import BUILT_IN, ROWS, kind_of
from autograd_core.program.adjoint import reverse
from autograd_core.program.backends.native import native_kernel
from autograd_core.program.backends.native.native_kernel import NativeKernel
from autograd_core.program.backends.numpy.numpy_kernel import NumPyKernel
from autograd_core.program.code import writer
from autograd_core.program.code.flat import Code
from autograd_core.program.code.verifier import verify
from autograd_core.program.passes import tidying
from tests.primitives.bits import EXTREMES
from tests.program.replayed import same_bits

HOT = [
    *map(kind_of, ("add", "mul", "strong_product", "relu", "above", "sum", "where")),
    *2 * (kind_of("dot"), kind_of("strong_dot")),
]
COUNTS = [1, 1, 1, 2, 7, 8, 9, 33, 64, 65, 130, 1030]


def random_code(source: random.Random) -> Code:
    """A valid program of rows of all sorts, with lists of operands that come again."""
    inputs, captured = source.randint(0, 5), source.randint(0, 9)
    constants = [source.choice([0.0, 1.0, -0.0, 2.5, float("inf")]) for _ in range(3)]
    written = writer.CodeWriter(inputs, captured)
    numbers = [written.constant(number) for number in constants]
    values = [*numbers, *range(inputs + captured)]
    lists: list[list[int]] = []
    for _ in range(source.randint(0, 40)):
        kind = source.choice(HOT) if source.random() < 0.8 else source.randrange(1, BUILT_IN)
        row = ROWS[kind]
        if row.arity == 1:
            values.append(written.emit(kind, source.choice(values), 0))
        elif row.arity == 2:
            values.append(written.emit(kind, source.choice(values), source.choice(values)))
        else:
            if row.arity is None:
                xs = source.choice(lists) if lists and source.random() < 0.6 else None
                if xs is None:
                    xs = [source.choice(values) for _ in range(source.randint(0, 6))]
                    lists.append(xs)
                leaves = range(inputs, inputs + captured)
                weights = leaves if captured and source.random() < 0.8 else values
                pairs = [(source.choice(weights), x) for x in xs]
                if kind == kind_of("strong_dot"):
                    pairs = [(x, weight) for weight, x in pairs]
                operands = [operand for pair in pairs for operand in pair]
                if kind == kind_of("dot"):
                    operands.insert(0, source.choice(values))
            else:
                operands = [source.choice(values) for _ in range(row.arity)]
            for operand in operands:
                written.list_operand(operand)
            values.append(written.emit_listed(kind, len(operands)))
    return written.finish([source.choice(values) for _ in range(source.randint(0, 8))])


def repeating_code(source: random.Random) -> Code:
    """A valid program of a few instructions that come again and again, moving on as they do."""
    turns = source.choice([3, 31, 32, 33, 64, 150, 300])
    inputs, captured = 2 * turns + source.randint(0, 9), source.randint(0, turns)
    written = writer.CodeWriter(inputs, captured)
    still = [[written.constant(number)] * turns for number in (0.0, 1.0, -1.5)]
    still += [[source.randrange(inputs + captured)] * turns for _ in range(3)]
    moving = [list(range(first, first + turns)) for first in (0, 3, turns)]
    moving += [list(range(turns, 0, -1)), list(range(1, 2 * turns, 2))]
    for _ in range(source.randint(1, 3)):
        body = []
        for place in range(source.randint(1, 6)):
            kind = source.choice([*HOT, kind_of("add"), kind_of("tanh")])
            count = ROWS[kind].arity or 2 * source.randint(1, 4) + (kind == kind_of("dot"))
            operands = [
                source.choice([*still, *2 * moving, *3 * [-1 - place]]) for _ in range(count)
            ]
            body.append((kind, operands, kind == kind_of("add") and source.random() < 0.5))
        given: list[list[int]] = [[] for _ in body]
        for turn in range(turns):
            for place, (kind, operands, carries) in enumerate(body):
                found = []
                for operand in operands:
                    if isinstance(operand, list):
                        found.append(operand[turn])
                    else:  # of the same turn
                        found.append(given[-1 - operand - 1][turn] if operand < -1 else 0)
                if carries and turn:
                    found[0] = given[place][turn - 1]
                if ROWS[kind].arity in (1, 2):
                    number = written.emit(kind, found[0], found[1] if len(found) > 1 else 0)
                else:
                    for number in found:
                        written.list_operand(number)
                    number = written.emit_listed(kind, len(found))
                given[place].append(number)
        moving += given
    outputs = [source.choice(source.choice(moving)) for _ in range(source.randint(1, 8))]
    return written.finish(outputs)


def with_gradient(code: Code) -> Code:
    """The program and the derivatives of its outputs by every leaf."""
    written = writer.continued(code)
    seeds = [written.constant(1.0)] * len(code.outputs)
    found = reverse.pull_back(code, seeds, list(range(code.leaves)), written)
    code = written.finish([*code.outputs.tolist(), *found])
    for _, improve in tidying.PASSES:
        code = improve(code)
    return code


def broken(code: Code, source: random.Random) -> Code:
    """A program with some of its numbers changed at random."""
    parts = [code.constants, code.instructions, code.operands, code.outputs]
    parts = [part.copy() for part in parts]
    sizes = [code.inputs, code.captured]
    for _ in range(source.randint(1, 3)):
        number = source.choice([source.randint(-9, 99), -(2**31), 2**31 - 1, 2**20, -1, 0])
        where = source.randrange(6)
        if where < 2:
            sizes[where] = number
        elif where == 5 and len(parts[source.randrange(4)]):
            part = source.randrange(4)
            parts[part] = parts[part][: source.randrange(len(parts[part]) + 1)]
        elif where > 2 and parts[where - 2].size:
            parts[where - 2].flat[source.randrange(parts[where - 2].size)] = number
    return Code(*sizes, *parts)


def try_one(source: random.Random) -> bool:
    """Whether a random program was let through; then it has run and given NumPy's bits."""
    code = (random_code if source.random() < 0.6 else repeating_code)(source)
    if source.random() < 0.4:
        code = with_gradient(code)
    if source.random() < 0.5:
        code = broken(code, source)
    summed = source.randint(0, len(code.outputs))
    try:
        verify(code)
    except ProgramError:
        try:
            NativeKernel(code, summed)
        except ProgramError:
            return False
        raise AssertionError("the back end takes what the verifier refuses") from None
    if code.leaves > 10_000:
        return False  # valid, and a waste of time
    count = source.choice(COUNTS)
    some = [1.0, -0.5, 3.0, 0.0, -2.0, *(EXTREMES if source.random() < 0.5 else ())]
    captured = numpy.array([source.choice(some) for _ in range(code.captured)], dtype=float)
    numbers = [source.choice(some) for _ in range(count * code.inputs)]
    block = numpy.array(numbers, dtype=float).reshape(count, code.inputs)
    expected = NumPyKernel(code, summed).run([block], captured, count)
    for name in native_kernel.native_interpreter.supported_sets():
        found = NativeKernel(code, summed, name).run([block], captured, count)
        assert same_bits(found[0], expected[0]), (name, count)
        assert same_bits(found[1], expected[1]), (name, count)
    return True


def main(seed: int, seconds: float) -> None:
    """Try programs until the time is over, and say how many there were of each sort."""
    stop = time.monotonic() + seconds
    tried = ran = 0
    while time.monotonic() < stop:
        source = random.Random(seed + tried)
        try:
            ran += try_one(source)
        except BaseException:  # an interrupt too: what hung is to be found again
            print(f"seed {seed + tried}", file=sys.stderr)
            raise
        tried += 1
    print(f"{ran} programs ran and {tried - ran} were refused")


if __name__ == "__main__":
    main(int(sys.argv[1]), float(sys.argv[2]))
