"""The flat program: instructions in a row, each assigning one value once.

Values are numbered: first the inputs, then what was captured from outside (a model's parameters),
then one value an instruction, in order; the constants have negative numbers, so that a program may
grow at its end without any number changing. An instruction is three 32-bit integers, 12 bytes: the
row of the table of primitives and the numbers of its one or two operands; a row of any other arity
has, in their place, where its operands begin in a list of their own and how many they are (4 bytes
each). This module owns the form. Who writes one is `writer`, who checks one is `verifier`, and what
a program computes is the table's.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from typing import TypeAlias

import numpy
from numpy.typing import NDArray

from autograd_core.primitives import ROWS, Primitive

__all__ = ["Code", "Flags", "Floats", "Integers", "arities"]

Floats: TypeAlias = NDArray[numpy.float64]
Integers: TypeAlias = NDArray[numpy.int32]
Flags: TypeAlias = NDArray[numpy.uint8]


class Code:
    """A flat program: what it takes, its constants, its instructions and what it gives.

    `instructions` is an array of shape (n, 3): kind, first, second. Of a row with one operand
    `second` is 0; of a row that has neither one operand nor two, the operands are
    `operands[first : first + second]`.
    """

    __slots__ = ("captured", "constants", "inputs", "instructions", "operands", "outputs")

    def __init__(
        self,
        inputs: int,
        captured: int,
        constants: Floats,
        instructions: Integers,
        operands: Integers,
        outputs: Integers,
    ) -> None:
        self.inputs = inputs
        self.captured = captured
        self.constants = constants
        self.instructions = instructions
        self.operands = operands
        self.outputs = outputs

    @property
    def leaves(self) -> int:
        """How many values are given: inputs and captured; the first instruction's own number."""
        return self.inputs + self.captured

    @property
    def values(self) -> int:
        """How many values there are besides the constants."""
        return self.leaves + len(self.instructions)

    @property
    def nbytes(self) -> int:
        """The bytes that instructions, lists of operands, constants and outputs take."""
        parts = (self.instructions, self.operands, self.constants, self.outputs)
        return sum(part.nbytes for part in parts)

    @property
    def kinds(self) -> list[int]:
        """The rows that the instructions are of, by kind, in order, each once."""
        found: list[int] = numpy.flatnonzero(numpy.bincount(self.instructions[:, 0])).tolist()
        return found

    def giving(self, outputs: Integers) -> Code:
        """The same instructions with other outputs."""
        parts = (self.constants, self.instructions, self.operands, outputs)
        return Code(self.inputs, self.captured, *parts)

    def row(self, place: int) -> Primitive:
        """The row of the instruction at a place."""
        row: Primitive = ROWS[self.instructions[place, 0]]
        return row  # never None: no instruction makes a leaf

    def operands_of(self, place: int) -> Sequence[int]:
        """The numbers of the operands of the instruction at a place."""
        kind, first, second = self.instructions[place].tolist()
        count = int(arities()[kind])
        if count:
            return (first, second)[:count]
        return self.operands[first : first + second].tolist()

    def __iter__(self) -> Iterator[tuple[int, Primitive, Sequence[int]]]:
        """Every instruction: the number it assigns, its row, and its operands' numbers."""
        lists, arity = self.operands.tolist(), arities().tolist()
        for number, (kind, first, second) in enumerate(self.instructions.tolist(), self.leaves):
            count = arity[kind]  # 0 if they are listed
            operands = (first, second)[:count] if count else lists[first : first + second]
            yield number, ROWS[kind], operands  # never None: no instruction makes a leaf

    def __len__(self) -> int:
        return len(self.instructions)

    def __eq__(self, other: object) -> bool:
        """The same instructions on the same constants, to the bit."""
        if not isinstance(other, Code):
            return NotImplemented
        return (self.inputs, self.captured) == (other.inputs, other.captured) and all(
            getattr(self, part).tobytes() == getattr(other, part).tobytes()
            for part in ("constants", "instructions", "operands", "outputs")
        )

    __hash__ = None  # type: ignore[assignment]  # it can be changed


def arities() -> Integers:
    """Of every row of the table by kind: 1 or 2 operands in the instruction, or 0: they are listed.

    The same array until a user adds a row; it is nobody's to change.
    """
    return _arities(len(ROWS))


@functools.lru_cache(maxsize=1)
def _arities(rows: int) -> Integers:
    counts = [0 if row is None or row.arity not in (1, 2) else row.arity for row in ROWS[:rows]]
    return numpy.array(counts, dtype=numpy.int32)
