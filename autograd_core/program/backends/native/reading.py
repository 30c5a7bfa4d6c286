"""A flat program as the native interpreter's translation reads it.

Which values are the same for all samples, how often each is read, and which outputs it is; and, as
the one thing that is changed, `above(y, 0)` reads relu(y) where that is there, which says as much
of the sign, so that y need not be kept for the way back. `reading.pxd` beside this file gives the
compiler its types.
"""

from __future__ import annotations

import numpy

from autograd_core import primitives
from autograd_core.program.code.flat import Code, arities

__all__ = ["NEVER", "Reading"]

ABOVE, RELU = primitives.kind_of("above"), primitives.kind_of("relu")
NEVER = -1


class Reading:
    """What is read where; `single` says that there will be one sample only."""

    __slots__ = (
        "arity",
        "constants",
        "leaves",
        "lists",
        "output_next",
        "outputs",
        "rows",
        "single",
        "uniform",
        "uses",
    )

    def __init__(self, code: Code, single: bool) -> None:
        self.arity = arities()
        self.single = single
        self.leaves = code.leaves
        self.constants = code.constants
        self.lists = code.operands
        self.rows = code.instructions
        self.uniform = numpy.zeros(code.values, dtype=numpy.uint8)
        self.uniform[0 if single else code.inputs : code.leaves] = 1
        self._mark_uniform()
        kinds = code.instructions[:, 0]
        if (kinds == ABOVE).any() and (kinds == RELU).any():
            self.rows = numpy.array(self.rows)
            self._read_relu(numpy.full(code.values, NEVER, dtype=numpy.int32))
        self.uses = numpy.zeros(code.values, dtype=numpy.int32)
        self.outputs = numpy.full(code.values, NEVER, dtype=numpy.int32)
        self.output_next = numpy.full(len(code.outputs), NEVER, dtype=numpy.int32)
        self._count_uses(code.outputs)

    def apart(self):
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

    def count(self, place):
        """How many operands the instruction at a place has."""
        arity = self.arity[self.rows[place, 0]]
        return arity if arity else self.rows[place, 2]

    def operand(self, place, index):
        """One operand of the instruction at a place."""
        if self.arity[self.rows[place, 0]]:
            return self.rows[place, 1 + index]
        return self.lists[self.rows[place, 1] + index]

    def is_zero(self, value):
        """Whether a value is a constant zero."""
        return value < 0 and self.constants[-1 - value] == 0

    def given(self, value):
        """Whether a value is at hand before the first instruction of its sort."""
        return value < self.leaves if self.single else value < 0 or self.uniform[value] != 0

    def _mark_uniform(self):
        for place in range(len(self.rows)):
            uniform = True
            for index in range(self.count(place)):
                operand = self.operand(place, index)
                if operand >= 0 and not self.uniform[operand]:
                    uniform = False
                    break
            self.uniform[self.leaves + place] = uniform

    def _read_relu(self, relus):
        for place in range(len(self.rows)):
            first = self.rows[place, 1]
            kind = self.rows[place, 0]
            if kind == RELU and first >= 0:
                relus[first] = self.leaves + place
            elif kind == ABOVE and first >= 0 and self.is_zero(self.rows[place, 2]):
                if relus[first] != NEVER:
                    first = relus[first]
                self.rows[place, 1] = first

    def _count_uses(self, outputs):
        for place in range(len(self.rows)):
            for index in range(self.count(place)):
                operand = self.operand(place, index)
                if operand >= 0:
                    self.uses[operand] += 1
        for output in range(len(outputs) - 1, -1, -1):
            value = outputs[output]
            if value >= 0:
                self.uses[value] += 1
                self.output_next[output] = self.outputs[value]
                self.outputs[value] = output
