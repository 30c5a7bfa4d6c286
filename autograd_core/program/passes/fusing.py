"""The pass that makes chains of products that are added up one instruction.

start + w₀ x₀ + w₁ x₁ + …, as a neuron written out leaves it, becomes a `dot`, which every back end
runs with its sum in a register. The bits stay. `fusing.pxd` beside this file gives the compiler its
types.
"""

from __future__ import annotations

import numpy

from autograd_core import primitives
from autograd_core.program.analysis.operands import Operands
from autograd_core.program.analysis.uses import uses
from autograd_core.program.code.flat import Code, Integers
from autograd_core.program.passes.rewriting import Rewriting

__all__ = ["fused"]

ADD, MUL, DOT = (primitives.kind_of(name) for name in ("add", "mul", "dot"))
LONGEST = 256  # products in one dot: its operands all wait for it
FREE = -1
ALONE, INNER, END = range(3)  # what an instruction is of a chain


def fused(code: Code) -> Code:
    """The program with start + w₀ x₀ + w₁ x₁ + … as one `dot`, where nothing else reads the parts.

    A sum takes its summands in either order to the same bits, and -0.0 + w x is w x: so a chain may
    begin with a product, and each addition may have the product on either side.
    """
    of, counts = Operands(code), uses(code)
    before = numpy.full(len(code), FREE, dtype=numpy.int32)
    length = numpy.zeros(len(code), dtype=numpy.int32)
    if _find_chains(of, counts, before, length) < 2:
        return code
    fusing = Rewriting(code, len(code))
    _fuse(fusing, counts, before, length)
    return fusing.finished(code)


def _find_chains(of: Operands, counts: Integers, before: Integers, length: Integers) -> int:
    """Fill in which addition of a product is before each in its chain, and how long that is.

    Returns how many products the longest has.
    """
    rows = of.rows
    leaves = of.leaves
    longest = 0
    for place in range(len(rows)):
        if rows[place, 0] != ADD:
            continue
        first = rows[place, 1] - leaves
        second = rows[place, 2] - leaves
        if not _is_product(second, of, counts):
            first, second = second, first
        if not _is_product(second, of, counts):
            continue
        length[place] = 1
        if first >= 0 and counts[leaves + first] == 1 and 0 < length[first] < LONGEST:
            length[place] = length[first] + 1
            before[place] = first
        elif _is_product(first, of, counts):
            length[place] = 2
        longest = max(longest, length[place])
    return longest


def _fuse(of: Rewriting, counts: Integers, before: Integers, length: Integers) -> None:
    leaves = of.leaves
    count = len(of.rows)
    part = numpy.full(count, ALONE, dtype=numpy.int32)
    part_ = part
    # What will be written as one, from the ends of the chains.
    for place in reversed(range(count)):
        if length[place] < 2 or part_[place] != ALONE:
            continue
        link = place
        while link != FREE:
            part_[link] = INNER
            first, second = _sides(link, before[link], of, counts)
            part_[second] = INNER
            if before[link] == FREE and _is_product(first, of, counts):
                part_[first] = INNER
            link = before[link]
        part_[place] = END
    for place in range(count):
        if part_[place] == END:
            of.numbers[leaves + place] = _write_dot(place, of, counts, before)
        elif part_[place] == ALONE:
            of.numbers[leaves + place] = of.copied(place)


def _is_product(place: int, of: Operands, counts: Integers) -> bool:
    """Whether it is a product that nothing but one sum reads."""
    return place >= 0 and of.rows[place, 0] == MUL and counts[of.leaves + place] == 1


def _sides(place: int, before: int, of: Operands, counts: Integers) -> tuple[int, int]:
    """The chain so far and the product of an addition in a chain."""
    first = of.rows[place, 1] - of.leaves
    second = of.rows[place, 2] - of.leaves
    if before != FREE:
        return (first, second) if first == before else (second, first)
    return (first, second) if _is_product(second, of, counts) else (second, first)


def _write_dot(place: int, of: Rewriting, counts: Integers, before: Integers) -> int:
    written = of.written
    links = []
    link = place
    while link != FREE:
        links.append(link)
        link = before[link]
    links.reverse()
    pairs = 0
    for link in links:
        first, second = _sides(link, before[link], of, counts)
        if pairs == 0:
            if _is_product(first, of, counts):
                written.list_operand(written.constant(-0.0))
                _list_factors(first, of)
                pairs = 1
            else:
                written.list_operand(of.now(first + of.leaves))
        _list_factors(second, of)
        pairs += 1
    return written.emit_listed(DOT, 2 * pairs + 1)


def _list_factors(place: int, of: Rewriting) -> None:
    for index in range(2):
        of.written.list_operand(of.now(of.operand(place, index)))
