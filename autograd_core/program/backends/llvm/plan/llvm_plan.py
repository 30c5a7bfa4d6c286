"""What the LLVM back end makes of a program before it writes a line of text.

The uniform part is computed once a call, the lanes for every block, and the products that are only
added up over the samples in tiles. From the plan follows what compiling costs.
"""

from __future__ import annotations

import numpy

from autograd_core.primitives import ROWS
from autograd_core.program.analysis.dependence import depths_and_variation
from autograd_core.program.analysis.shared_factors import shared_factors
from autograd_core.program.analysis.uses import uses
from autograd_core.program.backends.llvm.llvm_formulas import is_called
from autograd_core.program.backends.llvm.plan.llvm_line import Places
from autograd_core.program.backends.llvm.plan.llvm_looped import with_loops
from autograd_core.program.backends.llvm.plan.llvm_outer import find_products
from autograd_core.program.backends.llvm.plan.llvm_runs import find_runs
from autograd_core.program.backends.llvm.plan.llvm_schedule import CALL, COSTS, TURN, schedule
from autograd_core.program.backends.llvm.plan.llvm_steps import Schedule
from autograd_core.program.code.flat import Code, Integers

__all__ = ["Plan", "compile_effort", "operations", "straight_effort"]

STORE = 3
"""Operations that compiling takes as long as one output more of a value that is an output."""


class Plan:
    """The two schedules, the products, and where results go."""

    def __init__(self, code: Code, summed: int, side_by_side: int, limit: int) -> None:
        kept, parts = len(code.outputs) - summed, _Parts(code, summed)
        self.products, shared = parts.products, shared_factors(code)

        def planned(places: Places) -> Schedule:
            straight = parts.cost(places)
            looped = with_loops(code, places, parts.runs, straight, side_by_side // 2)
            if looped is not None:
                return looped.schedule(limit)
            return schedule(code, places.tolist(), parts.runs, shared, side_by_side, limit)

        self.each = planned(parts.each)
        self.exports: dict[int, list[int]] = {}
        """For the values of the outputs, which outputs they are."""
        self.sums: dict[int, list[int]] = {}
        """For values that are summed where they are made, to which partial sums they are added."""
        self.sums_at_once: list[int] = []
        """Which sums these are."""
        outputs, in_tiles = code.outputs.tolist(), set(self.products.sums.tolist())
        read = {*self.each.last, *outputs, *self.products.factors.tolist()}
        self.inputs = sorted(value for value in read if 0 <= value < code.inputs)
        """The inputs that anything reads."""
        for place, value in enumerate(outputs):
            if place < kept:
                self.exports.setdefault(value, []).append(place)
            elif place - kept not in in_tiles:
                self.sums.setdefault(value, []).append(len(self.sums_at_once))
                self.sums_at_once.append(place - kept)
        wanted = [
            value
            for value in (*self.each.last, *outputs)
            if code.leaves <= value < code.values and not parts.varies[value]
        ]
        self.uniform = {value: place for place, value in enumerate(dict.fromkeys(wanted))}
        """For the uniform values that blocks and outputs read, where they stand."""
        self.once = planned(parts.once if wanted else parts.once[:0])


class _Parts:
    """Which instructions are computed once a call, which for every block, and what each costs."""

    def __init__(self, code: Code, summed: int) -> None:
        _, self.varies = depths_and_variation(code)
        self.products = find_products(code, summed, self.varies, uses(code))
        in_blocks = self.varies[code.leaves :] == 1
        self.once: Places = numpy.flatnonzero(~in_blocks)
        in_blocks[self.products.instructions] = False
        self.each: Places = numpy.flatnonzero(in_blocks)
        self.runs, self._costs = find_runs(code), _costs(code)
        for place, run in self.runs.items():
            self._costs[place] += TURN - COSTS[code.row(place).name] * run.terms

    def cost(self, places: Places) -> int:
        """What compiling these costs as a straight line."""
        return int(self._costs[places].sum())


def operations(code: Code) -> int:
    """How many operations a program comes to, a term of a sum being two or three.

    >>> from autograd_core import record
    >>> operations(record(lambda x, y: x * y + 1, 0.0, 0.0).code)
    2
    """
    return int(_costs(code).sum())


def straight_effort(code: Code, summed: int) -> int:
    """About the size of a program's plan without loops over turns, found without planning."""
    parts = _Parts(code, summed)
    return parts.cost(parts.once) + parts.cost(parts.each) + _repeated(code)


def compile_effort(code: Code, summed: int) -> int:
    """The same with loops, where there are any."""
    parts, effort = _Parts(code, summed), _repeated(code)
    for places in (parts.once, parts.each):
        straight = parts.cost(places)
        looped = with_loops(code, places, parts.runs, straight)
        effort += straight if looped is None else looped.effort
    return effort


def _repeated(code: Code) -> int:
    return STORE * (len(code.outputs) - len(set(code.outputs.tolist())))


def _costs(code: Code) -> Integers:
    kinds, counts = code.instructions[:, 0], code.instructions[:, 2].astype(numpy.int64)
    found = numpy.ones(len(code), dtype=numpy.int64)
    for kind in code.kinds:
        row = ROWS[kind]
        name = "" if row is None else row.name
        if name in COSTS:
            terms = counts if name == "sum" else counts // 2
            found[kinds == kind] = COSTS[name] * terms[kinds == kind]
        elif is_called(name):
            found[kinds == kind] = CALL
    return found  # type: ignore[return-value]
