"""Compiled loops, and the executable that asks for them, kept on disk.

What is kept of the loops is their text: who finds it compiles it, or finds that in turn.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy

from autograd_core.program.backends.llvm import kept_programs, llvm_compiler, llvm_program
from autograd_core.program.backends.native.executable import Executable

__all__ = ["CompiledLoops", "found", "keep", "loop_name"]


class CompiledLoops:
    """Machine code, and a table of its addresses by number."""

    def __init__(self, texts: Iterable[str], count: int) -> None:
        names = list(map(loop_name, range(count)))
        self.code = llvm_compiler.compile_text(texts, names)
        self.table = numpy.array(self.code.addresses, dtype=numpy.int64)


def loop_name(number: int) -> str:
    """What the function of a loop is called."""
    return f"loop{number}"


def keep(
    digest: bytes,
    executable: Executable,
    texts: Iterable[str],
    count: int,
    called: Mapping[str, str],
) -> None:
    """Keep the executable of a program's single sample, and the text of so many loops in it.

    `digest` is that of the program and of how many of its outputs are summed; `called` are the rows
    whose C functions they call, by symbol.
    """
    parts = [getattr(executable, field) for field in Executable.__slots__]
    packed = tuple(part if type(part) is int else kept_programs.packed(part) for part in parts)
    content = packed, tuple(texts), count, tuple(called.items())
    kept_programs.write(kept_programs.name(digest, "loops"), content)


def found(digest: bytes) -> tuple[Executable, CompiledLoops] | None:
    """The executable and its loops, if this process or an earlier one has compiled them."""
    kept = kept_programs.read(kept_programs.name(digest, "loops"))
    if kept is None:
        return None
    packed, texts, count, called = kept
    for symbol, row in called:
        llvm_compiler.define(symbol, llvm_program.function_address(row))
    executable = Executable.__new__(Executable)
    for field, part in zip(Executable.__slots__, packed, strict=True):
        setattr(executable, field, part if type(part) is int else kept_programs.array(part))
    return executable, CompiledLoops(texts, count)
