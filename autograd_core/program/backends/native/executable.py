"""From a flat program to what the native interpreter runs.

An executable has two parts, straight lines both: what is the same for all samples, run once a call
on single numbers, and the rest, run on rows of lanes. An instruction is four 32-bit integers:
operation, result, first, second. Numbers from zero on are slots, each a row of lanes; numbers below
zero are uniform values: constants, the leaves, then results. For a single sample all values are
uniform, and the lanes are the turns of loops. `interpreter.h` says what the operations are,
`roles` and `rolling` what is run together, `translator` and `loops` write it.
"""

from __future__ import annotations

import numpy

from autograd_core.program.backends.native import operations
from autograd_core.program.backends.native.loops import LoopTranslator
from autograd_core.program.backends.native.roles import Roles
from autograd_core.program.backends.native.translator import Translator
from autograd_core.program.code.flat import Code, Integers
from autograd_core.program.passes.ordering import by_level

__all__ = ["Executable", "translated"]

WORTH_ORDERING = 256
TURNS = 32  # of a loop at least, as `rolling` has it
SMALL = 16  # so small a part of a program may stand outside its loops


class Executable:
    """The two parts of a program and the room that they need."""

    __slots__ = (
        "effort",
        "in_turn",
        "lane_code",
        "lists",
        "results",
        "slots",
        "uniform_code",
        "uniforms",
    )

    def __init__(self, written: Translator, outputs: Integers) -> None:
        self.results: Integers = written.numbers_of(outputs)  # first, for it may write more code
        """For a single sample, the numbers of the outputs."""
        self.uniform_code: Integers = written.uniform_code()
        self.lane_code: Integers = written.lane_code()
        self.lists: Integers = written.lists()
        self.uniforms: int = written.uniforms()
        """How many uniform values there are, constants and leaves included."""
        self.slots: int = written.slots()
        self.effort: int = written.effort
        """Roughly, how many operations there are for a sample."""
        self.in_turn: int = written.in_turn
        """How many operations of loops are run one after another, as those outside are."""


def translated(code: Code, summed: int, single: bool, numbers: dict[str, int]) -> Executable:
    """The executable of a program, the last `summed` outputs of which are added up.

    `numbers` are the interpreter's operations by name. The program must be valid, of built-in rows.
    For a single sample its instructions are ordered by level if that makes loops of most of them.
    """
    if not single:
        of = _roles(code, summed, False, numbers)
        return Executable(Translator(code, of, summed, numbers), code.outputs[:0])
    of = _roles(code, summed, True, numbers)
    left = of.one_by_one()
    if len(code) >= WORTH_ORDERING and left > len(code) // SMALL:
        ordered = by_level(code, TURNS, left / 2)
        if ordered is not code:
            looped = _roles(ordered, summed, True, numbers, left // 2)
            if 2 * looped.one_by_one() < left:
                code, of = ordered, looped
    return Executable(LoopTranslator(code, of, summed, numbers), code.outputs)


def _roles(code: Code, summed: int, single: bool, numbers: dict[str, int], *most: int) -> Roles:
    taken, _ = operations.forms(numbers)
    inline = (taken <= operations.BINARY).astype(numpy.uint8)
    return Roles(code, summed, single, inline, *most)
