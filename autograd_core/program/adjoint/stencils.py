"""The partials of rows written into a code: a template's steps for given operands.

Templates of rows of one operand or of two are written thousands of times into one code, and are
laid flat for it. `stencils.pxd` beside this file gives the compiler its types.
"""

from __future__ import annotations

import numpy

from autograd_core.program.adjoint.partials import Template
from autograd_core.program.code.writer import CodeWriter

__all__ = ["Stencil", "write_partial"]


class Stencil:
    """A template for a row of one operand or of two, laid flat: to be written many times.

    The constants stand in it by their numbers in one writer; a step is its kind, whether its
    operands are listed, how many they are, and these.
    """

    __slots__ = ("_operands", "_result", "_steps", "_values")

    def __init__(self, template: Template, operands: int, written: CodeWriter) -> None:
        constants = template.constants
        steps: list[int] = []
        for kind, listed, of in template.steps:
            steps += (kind, int(listed), len(of))
            steps += [written.constant(constants[-1 - k]) if k < 0 else k for k in of]
        (result,) = template.results
        self._result: int = written.constant(constants[-1 - result]) if result < 0 else result
        self._steps = numpy.array(steps, dtype=numpy.int32)
        self._operands = operands
        self._values = numpy.empty(operands + 1 + len(template.steps), dtype=numpy.int32)

    def write(self, first: int, second: int, out: int, written: CodeWriter) -> int:
        """Write the steps for given operands; the number of the partial."""
        if self._result < 0:  # a constant has no steps
            return self._result
        # Looked up in the object each time: local names of arrays cost more than such a partial.
        self._values[0] = first
        if self._operands == 2:
            self._values[1] = second
        self._values[self._operands] = out
        filled = self._operands + 1
        at = 0
        while at < len(self._steps):
            kind = self._steps[at]
            listed = self._steps[at + 1]
            count = self._steps[at + 2]
            at += 3
            if listed:
                for place in range(at, at + count):
                    written.list_operand(self._number(self._steps[place]))
                self._values[filled] = written.emit_listed(kind, count)
            else:
                last = self._number(self._steps[at + 1]) if count == 2 else 0
                self._values[filled] = written.emit(kind, self._number(self._steps[at]), last)
            filled += 1
            at += count
        return self._number(self._result)

    def _number(self, number: int) -> int:
        return number if number < 0 else self._values[number]


def write_partial(
    template: Template, operands: list[int], out: int, written: CodeWriter
) -> list[int]:
    """Write a template's steps for given operands; the numbers of its results."""
    values = [*operands, out]
    constants = template.constants
    for step_kind, listed, of in template.steps:
        if listed:
            for number in of:
                written.list_operand(_numbered(number, values, constants, written))
            values.append(written.emit_listed(step_kind, len(of)))
        else:
            first = _numbered(of[0], values, constants, written)
            second = _numbered(of[1], values, constants, written) if len(of) == 2 else 0
            values.append(written.emit(step_kind, first, second))
    return [_numbered(number, values, constants, written) for number in template.results]


def _numbered(number: int, values: list[int], constants: list[float], written: CodeWriter) -> int:
    return written.constant(constants[-1 - number]) if number < 0 else values[number]
