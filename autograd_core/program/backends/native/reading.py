"""A flat program as the native interpreter's translation reads it.

Which values are the same for all samples, how often each is read, and which outputs it is; and, as
the one thing that is changed, `above(y, 0)` reads relu(y) where that is there, which says as much
of the sign, so that y need not be kept for the way back. `reading.pxd` beside this file gives the
compiler its types.
"""

from __future__ import annotations

import numpy

from autograd_core import primitives
from autograd_core.program.analysis.dependence import depths_and_variation
from autograd_core.program.analysis.operands import Operands
from autograd_core.program.analysis.uses import uses
from autograd_core.program.code.flat import Code, Floats, Integers

__all__ = ["NEVER", "Reading"]

ABOVE, RELU = primitives.kind_of("above"), primitives.kind_of("relu")
NEVER = -1


class Reading(Operands):
    """What is read where; `single` says that there will be one sample only."""

    __slots__ = ("constants", "output_next", "outputs", "single", "uniform", "uses")

    def __init__(self, code: Code, single: bool) -> None:
        code = _with_relu_read(code)
        super().__init__(code)
        self.single = single
        self.constants = code.constants
        if single:
            self.uniform = numpy.ones(code.values, dtype=numpy.uint8)
        else:
            _, varies = depths_and_variation(code)
            self.uniform = (varies == 0).astype(numpy.uint8)
        self.uses = uses(code)
        self.outputs = numpy.full(code.values, NEVER, dtype=numpy.int32)
        self.output_next = numpy.full(len(code.outputs), NEVER, dtype=numpy.int32)
        self._link_outputs(code.outputs)

    def apart(self) -> Reading:
        """The same in an object of its own: for what this one holds, lest it hold this one too."""
        other = Reading.__new__(Reading)
        other.arity = self.arity
        other.single = self.single
        other.leaves = self.leaves
        other.constants = self.constants
        other.lists = self.lists
        other.rows = self.rows
        other.uniform = self.uniform
        other.uses = self.uses
        other.outputs = self.outputs
        other.output_next = self.output_next
        return other

    def is_zero(self, value: int) -> bool:
        """Whether a value is a constant zero."""
        return value < 0 and self.constants[-1 - value] == 0

    def given(self, value: int) -> bool:
        """Whether a value is at hand before the first instruction of its sort."""
        return value < self.leaves if self.single else value < 0 or self.uniform[value] != 0

    def _link_outputs(self, outputs: Integers) -> None:
        for output in range(len(outputs) - 1, -1, -1):
            value = outputs[output]
            if value >= 0:
                self.output_next[output] = self.outputs[value]
                self.outputs[value] = output


def _with_relu_read(code: Code) -> Code:
    """The code with `above(y, 0)` reading relu(y) where that has been computed."""
    kinds = code.instructions[:, 0]
    if not ((kinds == ABOVE).any() and (kinds == RELU).any()):
        return code
    rows = numpy.array(code.instructions)
    _read_relu(rows, code.constants, code.leaves, numpy.full(code.values, NEVER, dtype=numpy.int32))
    return Code(code.inputs, code.captured, code.constants, rows, code.operands, code.outputs)


def _read_relu(rows: Integers, constants: Floats, leaves: int, relus: Integers) -> None:
    for place in range(len(rows)):
        kind = rows[place, 0]
        first = rows[place, 1]
        second = rows[place, 2]
        if first < 0 or (kind == ABOVE and relus[first] == NEVER):
            continue
        if kind == RELU:
            relus[first] = leaves + place
        elif kind == ABOVE and second < 0 and constants[-1 - second] == 0:
            rows[place, 1] = relus[first]
