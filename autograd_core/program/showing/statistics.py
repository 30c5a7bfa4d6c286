"""A program counted: its instructions, its size, its depth, what one sample costs.

All of it is read off the code; nothing is run. What does not depend on an input is computed once a
call, whatever the number of samples, and is no cost of a sample.
"""

from __future__ import annotations

import html
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy
from numpy.typing import NDArray

from autograd_core.primitives import ROWS, kind_of
from autograd_core.program.analysis.dependence import depths_and_variation
from autograd_core.program.analysis.operands import operand_counts
from autograd_core.program.analysis.uses import last_uses
from autograd_core.program.code.flat import Code, Integers

__all__ = ["Statistics", "statistics"]

SUM, DOT, STRONG_DOT, HELD = (kind_of(name) for name in ("sum", "dot", "strong_dot", "held"))
NUMBER = 8  # bytes


@dataclass(frozen=True)
class Statistics:
    """What a program takes and costs; prints as a table."""

    inputs: int
    captured: int
    constants: int
    outputs: int
    instructions: int
    once: int
    """Of the instructions, how many depend on no input: they run once a call."""
    primitives: Mapping[str, int]
    """How many instructions are of each primitive, the most frequent first."""
    operands: int
    """How many operands all instructions have together."""
    nbytes: int
    depth: int
    """The longest chain of instructions of which each needs the one before."""
    operations: int
    """Floating-point operations a sample: two for each pair of a dot product, one for each summand
    of a sum, one for any other primitive."""
    live: int
    """The most values of a sample, computed and still needed, that there are at once."""

    @property
    def working_set(self) -> int:
        """The bytes that a sample's values take where the place of each is used again."""
        return self.live * NUMBER

    def __str__(self) -> str:
        rows = list(self._rows())
        widths = [max(len(row[column]) for row in rows) for column in (0, 1)]
        return "\n".join(
            f"{name:<{widths[0]}} {number:>{widths[1]}}  {remark}".rstrip()
            for name, number, remark in rows
        )

    def _repr_html_(self) -> str:
        rows = (
            f"<tr><td style='text-align: left'>{html.escape(name)}</td><td>{number}</td>"
            f"<td style='text-align: left'>{html.escape(remark)}</td></tr>"
            for name, number, remark in self._rows()
        )
        return f"<table>{''.join(rows)}</table>"

    def _rows(self) -> Iterator[tuple[str, str, str]]:
        each = self.nbytes / self.instructions if self.instructions else 0.0
        yield "inputs", f"{self.inputs:,}", ""
        yield "captured", f"{self.captured:,}", ""
        yield "constants", f"{self.constants:,}", ""
        yield "outputs", f"{self.outputs:,}", ""
        once = f"{self.once:,} of them once a call" if self.once else ""
        yield "instructions", f"{self.instructions:,}", once
        for name, count in self.primitives.items():
            yield f"  {name}", f"{count:,}", ""
        yield "operands", f"{self.operands:,}", ""
        yield "bytes", f"{self.nbytes:,}", f"{each:.1f} an instruction" if each else ""
        yield "depth", f"{self.depth:,}", "instructions in the longest chain"
        yield "operations", f"{self.operations:,}", "a sample"
        yield "live", f"{self.live:,}", f"values at once, {self.working_set:,} bytes a sample"


def statistics(code: Code) -> Statistics:
    """Count a program.

    >>> from autograd_core import record
    >>> print(statistics(record(lambda x, y: x * y + x.sin(), 0.0, 0.0).code))
    inputs        2
    captured      0
    constants     0
    outputs       1
    instructions  3
      add         1
      mul         1
      sin         1
    operands      5
    bytes        40  13.3 an instruction
    depth         2  instructions in the longest chain
    operations    3  a sample
    live          3  values at once, 24 bytes a sample
    """
    kinds = code.instructions[:, 0]
    counts = operand_counts(code)
    depths, varies = depths_and_variation(code)
    varying = varies[code.leaves :] == 1
    return Statistics(
        inputs=code.inputs,
        captured=code.captured,
        constants=len(code.constants),
        outputs=len(code.outputs),
        instructions=len(code),
        once=len(code) - int(varying.sum()),
        primitives=_by_name(kinds),
        operands=int(counts.sum(dtype=numpy.int64)),
        nbytes=code.nbytes,
        depth=int(depths.max(initial=0)),
        operations=_operations(kinds[varying], counts[varying]),
        live=_most_live(code, varying),
    )


def _by_name(kinds: Integers) -> dict[str, int]:
    counts: Counter[str] = Counter()
    for kind, count in enumerate(numpy.bincount(kinds, minlength=len(ROWS)).tolist()):
        row = ROWS[kind]
        if row is not None and count:
            counts[row.name] += count
    return dict(counts.most_common())


def _operations(kinds: Integers, counts: Integers) -> int:
    each = numpy.ones(len(kinds), dtype=numpy.int64)
    each[kinds == HELD] = 0
    for kind, start in ((SUM, 0), (DOT, 1), (STRONG_DOT, 0)):
        chosen = kinds == kind
        each[chosen] = counts[chosen] - start
    return int(each.sum())


def _most_live(code: Code, varying: NDArray[numpy.bool_]) -> int:
    """How many values there are from where they are computed to where they are last an operand."""
    if not len(code):
        return 0
    born = varying.astype(numpy.int64)
    last = last_uses(code)[code.leaves :][varying]
    died = numpy.bincount(last, minlength=len(code))
    return int((numpy.cumsum(born - died) + died).max())
