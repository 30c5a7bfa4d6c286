"""Passes that make a flat program shorter and keep its bits.

`simplified` folds what is constant, drops factors of 1 and zeros that are added to sums, squares by
multiplying, and writes equal instructions once; `pruned` leaves out what no output needs; a third
pass is `fusing`'s. No pass reorders an addition or replaces an operation by one that rounds
differently. `tidying.pxd` beside this file gives the compiler its types.
"""

from __future__ import annotations

import math
from typing import Any

import numpy

from autograd_core import primitives
from autograd_core.program.analysis.operands import Operands
from autograd_core.program.code import writer
from autograd_core.program.code.flat import Code, Integers
from autograd_core.program.code.writer import CodeWriter
from autograd_core.program.passes import fusing
from autograd_core.program.passes.fusing import fused

__all__ = ["PASSES", "pruned", "simplified"]

MUL, DIV = primitives.kind_of("mul"), primitives.kind_of("div")
POW, POWER_RATE, SQUARE = (primitives.kind_of(name) for name in ("pow", "power_rate", "square"))
ADD, SUM, STRONG_DOT = (primitives.kind_of(name) for name in ("add", "sum", "strong_dot"))
STRONG_PRODUCT, WHERE = primitives.kind_of("strong_product"), primitives.kind_of("where")
BUILT_IN = primitives.BUILT_IN
SKIPPED = 2**31 - 1  # of a constant that no instruction has used yet
FREE = -1
# Instructions are looked for among those with the same latest operand, which stand near one
# another, in memory that is at hand; where these are so many already, anywhere.
NEARBY = 8


def simplified(code: Code) -> Code:
    """The program with constants folded, factors of 1 dropped, and equal instructions once."""
    table = numpy.full(_table_size(code.values), FREE, dtype=numpy.int32)
    following = numpy.empty(len(code), dtype=numpy.int32)
    numbers = numpy.empty(code.values, dtype=numpy.int32)
    constants = numpy.empty(len(code.constants), dtype=numpy.int32)
    written = writer.CodeWriter(code.inputs, code.captured, len(code))
    for index, number in enumerate(code.constants.tolist()):
        constants[index] = written.constant(number)
    _simplify(Operands(code), table, following, numbers, constants, written)
    return written.finish(writer.all_mapped(code.outputs, numbers, constants))


def _table_size(count: int) -> int:
    size = 64
    while size < count:
        size *= 2
    return size


def _simplify(
    of: Operands,
    table: Integers,
    following: Integers,
    numbers: Integers,
    constants: Integers,
    written: CodeWriter,
) -> None:
    """Write the program; the instructions written are in lists, each of which `table` has the first
    of, and of each one `following` has the next."""
    leaves = of.leaves
    one = written.constant(1.0)
    two = written.constant(2.0)
    for value in range(leaves):
        numbers[value] = value
    for place in range(len(of.rows)):
        kind = of.rows[place, 0]
        count = of.arity[kind]
        if count == 0:
            numbers[leaves + place] = _simplify_listed(
                place, of, table, following, numbers, constants, written
            )
            continue
        first = writer.mapped(of.rows[place, 1], numbers, constants)
        second = writer.mapped(of.rows[place, 2], numbers, constants) if count == 2 else 0
        if kind in (MUL, STRONG_PRODUCT):
            if first == one or second == one:
                numbers[leaves + place] = second if first == one else first
                continue
        elif (kind == DIV and second == one) or (
            kind == ADD and _is_zero(second, written) and _begins_with_zero(first - leaves, written)
        ):
            numbers[leaves + place] = first
            continue
        elif kind == POW and second == two:
            kind, second = SQUARE, 0
        elif kind == POWER_RATE and second == two:
            kind, first, second = MUL, two, first
        if first < 0 and (of.arity[kind] == 1 or second < 0) and kind < BUILT_IN:
            operands = [written.number_of_constant(first)]
            if of.arity[kind] == 2:
                operands.append(written.number_of_constant(second))
            numbers[leaves + place] = written.constant(_evaluated(kind, operands))
            continue
        numbers[leaves + place] = _once(kind, first, second, leaves, table, following, written)


def _is_zero(value: int, written: CodeWriter) -> bool:
    """Whether it is the constant +0.0."""
    if value >= 0 or written.number_of_constant(value) != 0.0:
        return False
    return math.copysign(1.0, written.number_of_constant(value)) > 0.0


def _begins_with_zero(place: int, written: CodeWriter) -> bool:
    """Whether it is a sum from +0.0 on, which is never -0.0, so that adding +0.0 changes no bit."""
    return place >= 0 and written.kind(place) in (SUM, STRONG_DOT)


def _evaluated(kind: int, operands: list[float]) -> float:
    row: Any = primitives.ROWS[kind]  # never None: no instruction makes a leaf
    return row.forward(*operands)


def _once(
    kind: int,
    first: int,
    second: int,
    leaves: int,
    table: Integers,
    following: Integers,
    written: CodeWriter,
) -> int:
    """The number of the instruction, written now unless there is an equal one."""
    mask = len(table) - 1
    slot = max(first, second) & mask
    link, last, met = table[slot], FREE, 0
    while link != FREE:
        if written.same(link, kind, first, second):
            return leaves + link
        last, link = link, following[link]
        met += 1
        if met == NEARBY:
            slot = (first * 40503 ^ second * 30011 ^ int(kind) * 7919) & mask
            last, link = FREE, table[slot]
    _append(slot, last, table, following, written)
    return written.emit(kind, first, second)


def _append(
    slot: int, last: int, table: Integers, following: Integers, written: CodeWriter
) -> None:
    """Let the next instruction be the one after the last of a list."""
    place = written.size()
    if last == FREE:
        table[slot] = place
    else:
        following[last] = place
    following[place] = FREE


def _simplify_listed(
    place: int,
    of: Operands,
    table: Integers,
    following: Integers,
    numbers: Integers,
    constants: Integers,
    written: CodeWriter,
) -> int:
    kind = of.rows[place, 0]
    count = of.count(place)
    if kind == WHERE:
        condition = writer.mapped(of.operand(place, 0), numbers, constants)
        if condition < 0:
            chosen = 1 if written.number_of_constant(condition) != 0 else 2
            return writer.mapped(of.operand(place, chosen), numbers, constants)
    known = kind < BUILT_IN
    mask = len(table) - 1
    far = int(kind) * 7919  # NumPy's own integers would overflow
    latest = 0
    for index in range(count):
        operand = writer.mapped(of.operand(place, index), numbers, constants)
        written.list_operand(operand)
        far = (far * 31 ^ operand * 40503) & mask
        latest = max(latest, operand)
        if operand >= 0:
            known = False
    if known:
        operands = written.take_back(count)
        return written.constant(
            _evaluated(kind, [written.number_of_constant(operand) for operand in operands])
        )
    slot = latest & mask
    link, last, met = table[slot], FREE, 0
    while link != FREE:
        if written.same_listed(link, kind, count):
            written.take_back(count)
            return of.leaves + link
        last, link = link, following[link]
        met += 1
        if met == NEARBY:
            slot = far
            last, link = FREE, table[slot]
    _append(slot, last, table, following, written)
    return written.emit_listed(kind, count)


def pruned(code: Code) -> Code:
    """The program without the instructions and constants that no output needs."""
    needed = numpy.zeros(code.values, dtype=numpy.int32)
    used = numpy.zeros(len(code.constants), dtype=numpy.int32)
    needed[code.outputs[code.outputs >= 0]] = 1
    used[-1 - code.outputs[code.outputs < 0]] = 1
    of = Operands(code)
    _mark_needed(of, needed, used)
    count = int(needed[code.leaves :].sum())
    written = writer.CodeWriter(code.inputs, code.captured, 0 if count == len(code) else count)
    constants = numpy.full(len(used), SKIPPED, dtype=numpy.int32)
    for index, number in enumerate(code.constants.tolist()):
        if used[index]:
            constants[index] = written.constant(number)
    if count == len(code):
        return written.standing_in(code, constants)
    numbers = numpy.empty(code.values, dtype=numpy.int32)
    _prune(of, needed, numbers, constants, written)
    return written.finish(writer.all_mapped(code.outputs, numbers, constants))


def _mark_needed(of: Operands, needed: Integers, used: Integers) -> None:
    for place in range(len(of.rows) - 1, -1, -1):
        if not needed[of.leaves + place]:
            continue
        for index in range(of.count(place)):
            value = of.operand(place, index)
            if value < 0:
                used[-1 - value] = 1
            else:
                needed[value] = 1


def _prune(
    of: Operands, needed: Integers, numbers: Integers, constants: Integers, written: CodeWriter
) -> None:
    for value in range(of.leaves):
        numbers[value] = value
    for place in range(len(of.rows)):
        if needed[of.leaves + place]:
            numbers[of.leaves + place] = fusing.copied(place, of, numbers, constants, written)


PASSES = (
    ("dead code", pruned),
    ("common subexpressions and constants", simplified),
    ("dot products", fused),
    ("dead code again", pruned),
)
"""The passes in the order in which a program goes through them, by what they save."""
