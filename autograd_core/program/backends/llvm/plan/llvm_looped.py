"""A schedule whose repetitions are loops over turns: one body is compiled for all of them.

A straight line of steps takes LLVM long, and the processor reads its code once and never again.
Where `llvm_loops` finds most of a part in loops, their bodies are written instead, a function for
each loop. What a turn reads from elsewhere stands in the frame, or in other memory, place by place;
what is read elsewhere is left there turn by turn, as `text.llvm_turns` says.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Any

import numpy

from autograd_core.primitives import ROWS
from autograd_core.program.backends.llvm.llvm_formulas import is_called, written_out
from autograd_core.program.backends.llvm.plan.llvm_line import Line, Places
from autograd_core.program.backends.llvm.plan.llvm_loops import Found, find_loops
from autograd_core.program.backends.llvm.plan.llvm_schedule import CALL
from autograd_core.program.backends.llvm.plan.llvm_steps import (
    CAPTURED,
    CONSTANT,
    FRAME,
    UNIFORM,
    Item,
    Operand,
    Schedule,
    Step,
    Turns,
)
from autograd_core.program.code.flat import Code

__all__ = ["with_loops"]

SHORTEST = 256
"""Operations of the shortest part in which loops are sought."""
SAVING = 2
"""How many times as much the part is written straight."""
ABREAST = 8
"""Turns that are at most computed side by side, where there are many registers."""
LONGEST = 512
"""Lines of a body that has more than one."""
FEWEST = 16
"""Of what is then the turns of a loop."""
MOST_CARRIED = 320
"""Values: to write and read more of them in every turn takes all that is gained."""


def with_loops(
    code: Code, places: Places, kept: Container[int], straight: int, abreast: int = ABREAST
) -> LoopedPart | None:
    """The instructions at some places, most of them in loops; None where they are not.

    Sums at the `kept` places stay as they are; `straight` is what compiling costs without loops.
    Of short bodies at most so many turns are computed side by side.
    """
    if straight < SHORTEST:
        return None
    found = LoopedPart(Line(code, places, kept), code, abreast)
    return found if found.loops and SAVING * found.effort <= straight else None


class LoopedPart:
    """A line and the loops in it."""

    def __init__(self, line: Line, code: Code, abreast: int) -> None:
        self._line, self._turns = line, abreast
        self._sorts = numpy.select(
            [line.reads < 0, line.at >= 0, line.reads < code.inputs, line.reads < code.leaves],
            [CONSTANT, FRAME, FRAME, CAPTURED],
            UNIFORM,
        ).astype(numpy.int8)
        self._costs = _costs(line)
        self.loops = [
            self._abreast(loop)
            for loop in find_loops(line, self._sorts)
            if self._carried(loop) <= MOST_CARRIED
        ]

    @property
    def effort(self) -> int:
        """What compiling costs, in operations."""
        repeated = sum(
            int(self._costs[loop.first + loop.period : loop.end].sum()) for loop in self.loops
        )
        return int(self._costs.sum()) - repeated

    def schedule(self, limit: int) -> Schedule:
        """The steps; every loop has so many positions as a function."""
        return _Writer(self._line, self._sorts, self._costs, self.loops, limit).schedule

    def _carried(self, loop: Found) -> int:
        """How many values a turn has from those before."""
        line = self._line
        begin, end = line.begins[loop.first], line.begins[loop.end]
        at = line.at[begin:end].reshape(loop.turns, -1)
        before = (at[-1] >= loop.first) & (at[0] < loop.first)
        return len(numpy.unique(at[0, before]))

    def _abreast(self, loop: Found) -> Found:
        """The loop with several turns as one where they are short; what is left comes after it.

        A processor sees so many instructions ahead: it is to find some that need not wait.
        """
        body = slice(loop.first, loop.first + loop.period)
        if any(_stays_call(ROWS[kind].name) for kind in set(self._line.kinds[body].tolist())):
            return loop
        length = int(self._costs[body].sum())
        turns = min(self._turns, LONGEST // length, loop.turns // FEWEST)
        return Found(loop.first, loop.period * turns, loop.turns // turns) if turns > 1 else loop


def _stays_call(row: str) -> bool:
    return is_called(row) and written_out(row, 1) is None


def _costs(line: Line) -> Places:
    """What each item costs to compile, in operations; in loops functions are written out."""
    costs = numpy.maximum(line.counts - 1, 1)
    for kind in set(line.kinds.tolist()):
        row = ROWS[kind].name
        if is_called(row):
            lines = written_out(row, 1)
            costs[line.kinds == kind] = CALL if lines is None else 1 + lines.count("\n")
    return costs


class _Writer:
    """Writes the steps of a line with loops."""

    def __init__(
        self, line: Line, sorts: Any, costs: Places, loops: Sequence[Found], limit: int
    ) -> None:
        self._line, self._sorts, self._costs, self._limit = line, sorts, costs, limit
        self._elsewhere = _read_elsewhere(line, loops)
        self._last: dict[int, int] = {}
        self._position = 0
        steps: list[Step | Turns] = []
        begin = 0
        for loop in loops:
            steps += self._straight(begin, loop.first)
            steps.append(self._turns(loop))
            begin = loop.end
        steps += self._straight(begin, len(line))
        self.schedule = Schedule(steps, self._last, self._position)

    def _straight(self, first: int, stop: int) -> Iterator[Step]:
        line = self._line
        for item in range(first, stop):
            row = ROWS[line.kinds[item]].name
            operands = line.reads[line.begins[item] : line.begins[item + 1]].tolist()
            cost = CALL if is_called(row) else max(1, len(operands) - 1)
            if self._position % self._limit + cost > self._limit:
                self._position += -self._position % self._limit
            yield Step(self._position, row, (int(line.values[item]),), (operands,), None)
            self._read(operands)
            self._position += cost

    def _read(self, values: Iterable[int]) -> None:
        self._last.update(dict.fromkeys(values, self._position))

    def _turns(self, loop: Found) -> Turns:
        line, limit = self._line, self._limit
        self._position += -self._position % limit
        step = Turns(self._position, loop.turns, self._body(loop))
        own = slice(line.begins[loop.first], line.begins[loop.end])
        outside = line.at[own] < loop.first
        self._read(numpy.unique(line.reads[own][outside]).tolist())
        self._position += limit
        return step

    def _body(self, loop: Found) -> tuple[Item, ...]:
        """The items of a body by level, for what need not wait to come early."""
        line, (first, period, turns) = self._line, loop
        values = line.values[first : loop.end].reshape(turns, period)
        left: Any = self._elsewhere[first : loop.end].reshape(turns, period)[:-1].any(axis=0)
        begin, end = line.begins[first], line.begins[loop.end]
        reads = line.reads[begin:end].reshape(turns, -1)
        at, sorts = line.at[begin:end].reshape(turns, -1), self._sorts[begin:]
        columns = (line.begins[first : first + period + 1] - begin).tolist()
        kinds = line.kinds[first : first + period]
        levels = numpy.zeros(period, dtype=numpy.int64)
        inside = at[-1] >= first
        back, source = numpy.divmod(at[0] - first, period)
        for item, (one, other) in enumerate(pairwise(columns)):
            own = source[one:other][inside[one:other] & (back[one:other] == 0)]
            levels[item] = 1 + levels[own].max(initial=-1)
        order = numpy.lexsort((kinds, levels))
        number = numpy.argsort(order)

        def operand(column: int) -> Operand:
            of, sort = tuple(reads[:, column].tolist()), int(sorts[column])
            if not inside[column]:
                return Operand(sort, of)
            return Operand(sort, of, int(number[source[column]]), -int(back[column]))

        return tuple(
            Item(
                int(levels[item]),
                ROWS[kinds[item]].name,
                tuple(values[:, item].tolist()),
                tuple(map(operand, range(columns[item], columns[item + 1]))),
                bool(left[item]),
            )
            for item in order.tolist()
        )


def _read_elsewhere(line: Line, loops: Sequence[Found]) -> Places:
    """Of every item whether one outside its loop reads it."""
    number = numpy.full(len(line), -1, dtype=numpy.int64)
    for place, loop in enumerate(loops):
        number[loop.first : loop.end] = place
    reader = numpy.repeat(number, line.counts)
    made = line.at >= 0
    source = line.at[made]
    apart = (number[source] != reader[made]) | (reader[made] < 0)
    found = numpy.zeros(len(line), dtype=bool)
    found[source[apart]] = True
    return found
