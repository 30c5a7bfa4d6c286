"""What an exported program computes, in which function, and where its values live meanwhile.

A value that is used once stands inside the expression that uses it. A program is cut into parts,
for compilers take more than proportionally long over one function of many thousand lines. Inside
its part a value is a local variable; one that another part or a loop reads lives in memory besides:
in the outputs if it is one, else in a slot of the working array, and slots are used again once
nobody reads them. This module decides; `scalar_lines` and the exporters write.
"""

from __future__ import annotations

import heapq
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from autograd_core.primitives import ROWS, Primitive
from autograd_core.primitives.translation.c_source import c_functions
from autograd_core.program.analysis.uses import uses
from autograd_core.program.code.flat import Code

__all__ = ["Place", "Places", "Statement", "places"]

Place: TypeAlias = tuple[str, int | None]
"""An array and a place in it, or a text that is a number by itself."""

BRANCH = re.compile(r"[?<>]|\bif\b")
"""What stands in the C of a function that branches."""

LONG = 32
"""Terms of a sum from which on it is a loop."""

TOGETHER = 4
"""Instructions in one expression."""

SHORT = 8
"""Operands of a sum that may stand inside another expression."""

WHOLE = 4000
"""Operands that one function may read; a longer program is cut into parts."""

PART = 400
"""Operands that a part reads: compilers are fastest with some hundred statements."""


@dataclass(slots=True, eq=False)
class Statement:
    """One instruction, in whose operands others may stand: the number it assigns, and its row."""

    number: int
    kind: int
    operands: list[int | Statement]
    size: int = 1
    """How many instructions it holds."""

    @property
    def variadic(self) -> bool:
        """Whether it takes any number of operands."""
        row = ROWS[self.kind]
        return row is not None and row.arity is None

    @property
    def looped(self) -> bool:
        """Whether it goes through its operands in a loop, and so finds them in memory."""
        return len(self.operands) > LONG and self.variadic

    def leaves(self) -> Iterator[int]:
        """The numbers it reads, from left to right."""
        for operand in self.operands:
            if isinstance(operand, int):
                yield operand
            else:
                yield from operand.leaves()

    def kinds(self) -> Iterator[int]:
        """The rows of all its instructions."""
        yield self.kind
        for operand in self.operands:
            if not isinstance(operand, int):
                yield from operand.kinds()

    def shape(self) -> tuple[object, ...]:
        """What two statements have in common that differ in what they read alone."""
        return (self.kind, *(None if isinstance(x, int) else x.shape() for x in self.operands))


@dataclass(slots=True)
class Places:
    """The parts of a program and where its values live."""

    parts: list[list[Statement]]
    constants: dict[int, float]
    """What is known before any input is, by number."""
    choices: set[int]
    """What a compiler may find to be one of a few constants: sign(x), or the larger of x and 2."""
    memory: dict[int, Place]
    """The array and the place in it: of inputs, parameters, outputs, and what has a slot."""
    named: set[int] = field(default_factory=set)
    """What is a local variable of its part."""
    part_of: dict[int, int] = field(default_factory=dict)
    work: int = 0
    """How many slots the working array has."""

    def counted(self) -> str:
        """How many instructions there are, in all and of each primitive, for a comment."""
        counts = Counter(
            ROWS[kind].name  # type: ignore[union-attr]
            for part in self.parts
            for statement in part
            for kind in statement.kinds()
        )
        kinds = ", ".join(f"{count:,} {kind}" for kind, count in counts.most_common())
        return f"{counts.total():,}{f' ({kinds})' if kinds else ''}"


def places(code: Code) -> Places:
    """Choose what is computed, in which function, and where each value lives."""
    constants = {~index: number for index, number in enumerate(code.constants.tolist())}
    statements = _joined(_needed(code, constants), code)
    memory: dict[int, Place] = {number: ("inputs", number) for number in range(code.inputs)}
    for number in range(code.inputs, code.leaves):
        memory[number] = ("parameters", number - code.inputs)
    for index, number in reversed(list(enumerate(code.outputs.tolist()))):
        if number >= code.leaves and number not in constants:
            memory[number] = ("outputs", index)
    choices = _choices(code, constants)
    found = Places(_cut(statements, memory), constants, choices, memory)
    _give_slots(found, _read_from_memory(found, code.leaves))
    return found


def _needed(code: Code, constants: dict[int, float]) -> list[Statement]:
    """The instructions that outputs need; what is computed from constants alone joins them."""
    statements = []
    for kind, (number, row, operands) in zip(code.instructions[:, 0].tolist(), code, strict=True):
        statements.append(Statement(number, kind, list(operands)))
        if all(operand in constants for operand in operands):
            constants[number] = row.forward(*(constants[operand] for operand in operands))

    needed = bytearray(code.values)
    for number in code.outputs.tolist():
        if number >= 0:
            needed[number] = 1
    kept = []
    for statement in reversed(statements):
        if needed[statement.number] and statement.number not in constants:
            kept.append(statement)
            for operand in statement.leaves():
                if operand >= 0:
                    needed[operand] = 1
    kept.reverse()
    return kept


def _choices(code: Code, constants: dict[int, float]) -> set[int]:
    """The results of rows that branch, and what is computed from such results and constants."""
    branching = {
        row.name for kind in code.kinds if (row := ROWS[kind]) is not None and _branches(row)
    }
    found: set[int] = set()
    for number, row, operands in code:
        if row.name in branching or all(one in found or one in constants for one in operands):
            found.add(number)
    return found


def _branches(row: Primitive) -> bool:
    if row.arity is None:
        return False  # a sum
    return BRANCH.search(c_functions([row.name], prefix="AG_")) is not None


def _joined(statements: list[Statement], code: Code) -> list[Statement]:
    """Values used once moved into the expression that uses them."""
    once = uses(code) == 1
    once[code.outputs] = False  # these are read from the outputs
    alone = once.tolist()
    free: dict[int, Statement] = {}
    for statement in statements:
        if statement.variadic:
            if alone[statement.number] and len(statement.operands) <= SHORT:
                free[statement.number] = statement
            continue
        for place, number in enumerate(list(statement.leaves())):
            inner = free.get(number)
            if inner is not None and statement.size + inner.size <= TOGETHER:
                statement.operands[place] = free.pop(number)
                statement.size += inner.size
        if alone[statement.number]:
            free[statement.number] = statement
    moved = {
        operand.number
        for statement in statements
        for operand in statement.operands
        if not isinstance(operand, int)
    }
    return [statement for statement in statements if statement.number not in moved]


def _cut(statements: list[Statement], memory: dict[int, Place]) -> list[list[Statement]]:
    """The parts, of about as many operands each; a run of outputs that are alike stays together."""
    weights = []
    before: tuple[object, ...] = ()
    for statement in statements:
        shape = statement.shape() if statement.number in memory else ()
        alike = shape != () and shape == before
        weights.append(0 if alike else sum(1 for _ in statement.leaves()))
        before = shape
    if sum(weights) <= WHOLE:
        return [statements] if statements else []
    parts: list[list[Statement]] = []
    room = 0
    for statement, weight in zip(statements, weights, strict=True):
        if not parts or (weight and room <= 0):
            parts.append([])
            room = PART
        parts[-1].append(statement)
        room -= weight
    return parts


def _read_from_memory(found: Places, leaves: int) -> dict[int, int]:
    """Name what a part uses itself; of what is read from memory, when that is for the last time."""
    last: dict[int, int] = {}
    time = 0
    for part, statements in enumerate(found.parts):
        for statement in statements:
            found.part_of[statement.number] = part
            looped = statement.looped
            for operand in statement.leaves():
                if operand < leaves or operand in found.constants:
                    continue
                if looped or found.part_of[operand] != part:
                    last[operand] = time
                else:
                    found.named.add(operand)
            time += 1
    return last


def _give_slots(found: Places, last: dict[int, int]) -> None:
    """A slot of the working array for what is read from memory and is no output."""
    free: list[int] = []
    held: dict[int, int] = {}
    time = 0
    for statements in found.parts:
        for statement in statements:
            for operand in set(statement.leaves()):
                if operand in held and last[operand] == time:
                    heapq.heappush(free, held.pop(operand))
            number = statement.number
            if number in last and number not in found.memory:
                if not free:
                    heapq.heappush(free, found.work)
                    found.work += 1
                held[number] = heapq.heappop(free)
                found.memory[number] = ("work", held[number])
            time += 1
