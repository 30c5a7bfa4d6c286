"""What is made of a flat program before it runs: planned, written, compiled, and laid out.

A description is numbers and bytes, the objects that LLVM made among them, so that it can be kept:
`llvm_program` puts it into memory, in this process or in a later one, and imports nothing of what
is imported here. What is computed is `llvm_plan`'s, the text `llvm_text`'s.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator

import numpy

from autograd_core.primitives import kind_of
from autograd_core.program.backends.llvm import llvm_compiler
from autograd_core.program.backends.llvm.llvm_formulas import declared, shared_function
from autograd_core.program.backends.llvm.llvm_program import (
    DOUBTS,
    FIRST,
    MASK,
    ONES,
    Description,
    function_address,
)
from autograd_core.program.backends.llvm.plan.llvm_frame import Frame
from autograd_core.program.backends.llvm.plan.llvm_outer import ONE, tiles
from autograd_core.program.backends.llvm.plan.llvm_plan import Plan, operations
from autograd_core.program.backends.llvm.text.llvm_panels import tile_text
from autograd_core.program.backends.llvm.text.llvm_text import ATTRIBUTES, SIGNATURE, PartText
from autograd_core.program.backends.samples import PARTIAL_SUMS
from autograd_core.program.code.flat import Code

__all__ = ["batch", "declarations", "described", "modules", "texts"]

LIMIT = 200  # operations in a function
MOST_SAMPLES, FEWEST_SAMPLES = 128, 32  # in a batch, of more lanes than one
CACHE = 192 * 1024  # bytes of frames that a batch may have, so that they stay near
TOGETHER = 4  # functions in a module: between two modules an interrupt is heard
LONG = 20
"""Functions from which on straight lines are compiled in half the time, to code that is up to
10 % slower in lanes, and 20 % slower for one sample."""
STRONG = [kind_of(name) for name in ("strong_product", "strong_dot")]
_ATTRIBUTES = f"\nattributes #0 = {{ {ATTRIBUTES} }}\n"


def described(code: Code, summed: int, lanes: int, limit: int = LIMIT) -> Description:
    """A program compiled for blocks of so many lanes."""
    machine = llvm_compiler.machine()
    plan = Plan(code, summed, machine.side_by_side, limit)
    once, each = texts(code, plan, lanes, limit)
    own_tiles = tiles(plan.products, each.frame.slots | {ONE: ONES}, lanes)
    blocks = batch(lanes, each.frame.size)
    return Description(
        lanes=lanes,
        has_strong_products=bool(numpy.isin(code.instructions[:, 0], STRONG).any()),
        inputs=code.inputs,
        captured=code.captured,
        kept=len(code.outputs) - summed,
        summed=summed,
        cost=operations(code) + len(plan.inputs) + len(code.outputs),
        uniform_size=once.frame.size,
        frame_size=each.frame.size,
        uniform_doubts=len(plan.uniform),
        blocks_in_batch=blocks,
        reads=numpy.array(plan.inputs, dtype=numpy.int64).tobytes(),
        own=numpy.array(plan.sums_at_once, dtype=numpy.int64).tobytes(),
        panel=max((of.shape.vectors for of in own_tiles), default=0) * lanes * lanes * blocks,
        called=[(declared(row)[0], row) for row in sorted(set().union(*once.called, *each.called))],
        rows=[
            *(_row(row, 1) for row in sorted(set().union(*once.called))),
            *(_row(row, lanes) for row in sorted(set().union(*each.called))),
        ],
        uniform_functions=len(once.functions),
        uniform_objects=[*_compiled(once, 1)],
        functions=len(each.functions),
        objects=[*_compiled(each, lanes)],
        tiles=[
            (
                llvm_compiler.compiled(tile_text(of.shape, lanes) + _ATTRIBUTES),
                of.table.tobytes(),
                of.panels,
                of.partial_sums,
            )
            for of in own_tiles
        ],
    )


def batch(lanes: int, frame_size: int) -> int:
    """How many blocks are in a batch, whole eights of samples, when a frame has so many slots."""
    if lanes == 1:
        return PARTIAL_SUMS
    samples = MOST_SAMPLES
    while samples > FEWEST_SAMPLES and samples * frame_size * 8 > CACHE:
        samples //= 2
    return samples // lanes


def texts(code: Code, plan: Plan, lanes: int, limit: int = LIMIT) -> tuple[PartText, PartText]:
    """The text of what is computed once a call, and of what is computed for every block."""
    into = {value: [place] for value, place in plan.uniform.items()}
    once = PartText(code, 1, limit, Frame(len(into) + 1, {}, into), {}, {}, len(into))
    if into:
        once.write(plan.once)
    kept = len(code.outputs) - len(plan.products.sums) - len(plan.sums_at_once)
    first_input = FIRST + kept
    factors = set(plan.products.factors.tolist()) - {ONE}
    cotangents = set(plan.products.cotangents.tolist())
    frame = Frame(
        first_input + len(plan.inputs),
        {value: first_input + place for place, value in enumerate(plan.inputs)},
        {value: [FIRST + place for place in places] for value, places in plan.exports.items()},
        pinned=factors | cotangents,
        masked=cotangents,
        mask=MASK,
    )
    each = PartText(code, lanes, limit, frame, plan.uniform, plan.sums, DOUBTS)
    each.write(plan.each)
    return once, each


def declarations(rows: Iterable[str]) -> list[str]:
    """The declarations of the C functions of some rows, which LLVM is told the addresses of."""
    found = []
    for row in rows:
        symbol, declaration = declared(row)
        llvm_compiler.define(symbol, function_address(row))
        found.append(declaration)
    return found


@functools.cache
def _row(row: str, lanes: int) -> tuple[str, bytes]:
    """The function of a row, which all programs share: its symbol and its code."""
    symbol, _, definition = shared_function(row, lanes)
    return symbol, llvm_compiler.kept("\n".join([definition, *declarations([row])]))


def _compiled(part: PartText, lanes: int) -> Iterator[bytes]:
    """The objects of a part. Where it is long, straight lines are compiled quickly: what has no
    branch."""
    long = len(part.functions) >= LONG
    for text in modules(part, lanes):
        yield llvm_compiler.compiled(text, quickly=long and "\nbr " not in text)


def modules(part: PartText, lanes: int) -> Iterator[str]:
    """The modules that are compiled for a part, one after another, without the rows' functions."""
    for first in range(0, len(part.functions), TOGETHER):
        bodies = part.functions[first : first + TOGETHER]
        functions = [
            f"define void @part{first + place}{SIGNATURE} #0 {{\n{body}\n}}"
            for place, body in enumerate(bodies)
        ]
        rows = sorted(set().union(*part.called[first : first + TOGETHER]))
        tables = [table for own in part.tables[first : first + TOGETHER] for table in own]
        text, head = "\n".join(functions), []
        for row in rows:
            symbol, declaration, _ = shared_function(row, lanes)
            text = text.replace(f"@row.{row}(", f"@{symbol}(")
            head.append(declaration)
        yield "\n".join([*tables, *head, text, _ATTRIBUTES])
