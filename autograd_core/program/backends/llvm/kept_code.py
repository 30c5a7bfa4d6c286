"""The code that answers a question about a program, after all passes, kept on disk.

It is kept for LLVM alone, whose machine code is found by it: so a second process differentiates and
tidies nothing either. A short program is sooner differentiated than read.
"""

from __future__ import annotations

import dataclasses
from typing import Any

from autograd_core.primitives import BUILT_IN
from autograd_core.program.backends.llvm import kept_programs
from autograd_core.program.code.flat import Code
from autograd_core.program.passes.pipeline import Passes, Saved

__all__ = ["found", "keep"]

SHORT = 1000  # instructions
ARRAYS = ("constants", "instructions", "operands", "outputs")


def found(code: Code, asked: tuple[Any, ...]) -> tuple[Code, Passes, int] | None:
    """What an earlier process made of a program, and how many outputs of it are summed."""
    kept = kept_programs.read(_name(code, asked))
    if kept is None:
        return None
    inputs, captured, summed, arrays, passes = kept
    made = Code(inputs, captured, *map(kept_programs.array, arrays))
    return made, Passes(tuple(Saved(*saved) for saved in passes)), summed


def keep(code: Code, asked: tuple[Any, ...], made: Code, passes: Passes, summed: int) -> None:
    """Keep what was made of a program."""
    arrays = tuple(kept_programs.packed(getattr(made, part)) for part in ARRAYS)
    saved = tuple(dataclasses.astuple(one) for one in passes.passes)
    kept_programs.write(_name(code, asked), (made.inputs, made.captured, summed, arrays, saved))


def _name(code: Code, asked: tuple[Any, ...]) -> str | None:
    """None for a short program, and where a rule of the user's own has a part in the answer."""
    if len(code) < SHORT or code.kinds[-1] >= BUILT_IN:
        return None
    return kept_programs.name(kept_programs.digest(code, *asked), "passes")
