"""A program that is being written anew: what it reads, and where what it computed is now.

A pass goes through the instructions in order and writes each, another, or none. `rewriting.pxd`
beside this file gives the compiler its types.
"""

from __future__ import annotations

import numpy

from autograd_core.program.analysis.operands import Operands
from autograd_core.program.code import writer
from autograd_core.program.code.flat import Code, Integers
from autograd_core.program.code.writer import CodeWriter

__all__ = ["Rewriting"]

SKIPPED = 2**31 - 1  # of a constant that nothing needs


class Rewriting(Operands):
    """The instructions of a code, the writer of another, and the numbers in it of old values.

    Of its constants those are kept that `used` says, or all.
    """

    __slots__ = ("constants", "numbers", "written")

    def __init__(self, code: Code, capacity: int, used: Integers | None = None) -> None:
        super().__init__(code)
        self.written: CodeWriter = writer.CodeWriter(code.inputs, code.captured, capacity)
        self.numbers = numpy.arange(code.values, dtype=numpy.int32)  # a leaf keeps its own
        constants = [
            self.written.constant(number) if used is None or used[index] else SKIPPED
            for index, number in enumerate(code.constants.tolist())
        ]
        self.constants = numpy.array(constants, dtype=numpy.int32)

    def now(self, value: int) -> int:
        """The new number of a value or of a constant."""
        if value < 0:
            return self.constants[-1 - value]
        return self.numbers[value]

    def copied(self, place: int) -> int:
        """Write an instruction once more, on what its operands are now; its number."""
        kind = self.rows[place, 0]
        count = self.arity[kind]
        if count:
            first = self.now(self.rows[place, 1])
            second = self.now(self.rows[place, 2]) if count == 2 else 0
            return self.written.emit(kind, first, second)
        count = self.rows[place, 2]
        for index in range(count):
            self.written.list_operand(self.now(self.operand(place, index)))
        return self.written.emit_listed(kind, count)

    def finished(self, code: Code) -> Code:
        """The program as it is now, of the code that it was."""
        outputs, held = code.outputs.copy(), code.outputs >= 0
        numbers, constants = numpy.asarray(self.numbers), numpy.asarray(self.constants)
        outputs[held] = numbers[code.outputs[held]]
        outputs[~held] = constants[-1 - code.outputs[~held]]
        return self.written.finish(outputs)
