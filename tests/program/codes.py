"""Programs that tests of the program tier share: recorded ones, and arbitrary valid ones."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy
from hypothesis import strategies as st

from autograd_core import Value, primitives
from autograd_core.graph.nodes.making import recording_leaf
from autograd_core.primitives import ROWS, forward
from autograd_core.program.adjoint import reverse
from autograd_core.program.code import writer
from autograd_core.program.code.flat import Code
from autograd_core.program.code.trace import trace
from autograd_core.program.passes import tidying

KINDS = [
    kind
    for kind, row in enumerate(ROWS)
    if row is not None and row.forward is getattr(forward, row.name, None)
]
"""The rows of the table, without those that tests add."""
LISTED = [kind for kind in KINDS if ROWS[kind].arity not in (1, 2)]
NUMBERS = st.floats(width=64) | st.sampled_from([0.0, -0.0, 1.0, -1.0])


def recorded(function: Callable[..., object], *examples: float) -> tuple[Code, list[Value]]:
    """The program of a function of numbers, as it is recorded, and what it captured."""
    inputs = [recording_leaf(example) for example in examples]
    given = function(*inputs)
    outputs = list(given) if isinstance(given, list | tuple) else [given]
    return trace(outputs, inputs)


def tidied(code: Code) -> Code:
    """The program after all passes."""
    for _, improve in tidying.PASSES:
        code = improve(code)
    return code


def gradient(code: Code, wanted: Sequence[int] | None = None) -> Code:
    """The outputs, then the derivatives of the first one by some leaves; by all if not told."""
    written = writer.continued(code)
    first = Code(
        code.inputs,
        code.captured,
        code.constants,
        code.instructions,
        code.operands,
        code.outputs[:1],
    )
    leaves = range(code.leaves) if wanted is None else wanted
    found = reverse.pull_back(first, [written.constant(1.0)], list(leaves), written)
    return written.finish([*code.outputs.tolist(), *found])


@st.composite
def codes(draw: st.DrawFn, most: int = 12, among: Sequence[int] = KINDS) -> Code:
    """Any valid program of a few instructions, of any of the rows."""
    listed = [kind for kind in among if kind in LISTED]
    inputs = draw(st.integers(0, 3))
    captured = draw(st.integers(0, 3))
    constants = draw(st.lists(NUMBERS, max_size=3))
    rows: list[tuple[int, int, int]] = []
    operands: list[int] = []
    kinds = st.sampled_from(among) | st.sampled_from(listed)
    for own in range(inputs + captured, inputs + captured + draw(st.integers(0, most))):
        known = st.integers(-len(constants), own - 1)
        nothing = not constants and own == 0
        kind = primitives.kind_of("sum") if nothing else draw(kinds)
        arity = ROWS[kind].arity
        if arity in (1, 2):
            rows.append((kind, draw(known), draw(known) if arity == 2 else 0))
            continue
        count = 0 if nothing else arity
        if count is None:
            pairs = draw(st.integers(0, 3))
            count = 2 * pairs + (ROWS[kind].name == "dot")
        rows.append((kind, len(operands), count))
        operands += [draw(known) for _ in range(count)]
    values = inputs + captured + len(rows)
    given = []
    if values or constants:
        given = draw(st.lists(st.integers(-len(constants), values - 1), max_size=3))
    return Code(
        inputs,
        captured,
        numpy.array(constants, dtype=numpy.float64),
        numpy.array(rows, dtype=numpy.int32).reshape(-1, 3),
        numpy.array(operands, dtype=numpy.int32),
        numpy.array(given, dtype=numpy.int32),
    )


def copied(code: Code) -> Code:
    """An equal program that shares no array with it."""
    return Code(
        code.inputs,
        code.captured,
        code.constants.copy(),
        code.instructions.copy(),
        code.operands.copy(),
        code.outputs.copy(),
    )
