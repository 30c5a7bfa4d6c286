"""Compiled loops, and the executable that asks for them, kept on disk.

What is kept of the loops is their text: who finds it compiles it, or finds that in turn.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy

from autograd_core.program.backends.llvm import kept_programs, llvm_compiler, llvm_program
from autograd_core.program.backends.native.executable import Executable
from autograd_core.program.backends.native.native_kernel import NativeKernel
from autograd_core.program.code.flat import Code

__all__ = ["CompiledLoops", "found", "is_found", "keep", "loop_name"]


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
    interpreter: NativeKernel,
    executable: Executable,
    texts: Iterable[str],
    count: int,
    called: Mapping[str, str],
) -> None:
    """Keep the executable of a program's single sample, and the text of so many loops in it.

    `called` are the rows whose C functions they call, by symbol.
    """
    parts = [getattr(executable, field) for field in Executable.__slots__]
    packed = tuple(part if type(part) is int else kept_programs.packed(part) for part in parts)
    kept_programs.write(
        _name(interpreter.code, interpreter.summed),
        (packed, tuple(texts), count, tuple(called.items())),
    )


def found(interpreter: NativeKernel) -> tuple[Executable, CompiledLoops] | None:
    """The executable and its loops, if this process or an earlier one has compiled them."""
    kept = kept_programs.read(_name(interpreter.code, interpreter.summed))
    if kept is None:
        return None
    packed, texts, count, called = kept
    for symbol, row in called:
        llvm_compiler.define(symbol, llvm_program.function_address(row))
    executable = Executable.__new__(Executable)
    for field, part in zip(Executable.__slots__, packed, strict=True):
        setattr(executable, field, part if type(part) is int else kept_programs.array(part))
    return executable, CompiledLoops(texts, count)


def is_found(code: Code, summed: int) -> bool:
    """Whether they have."""
    return kept_programs.read(_name(code, summed)) is not None


def _name(code: Code, summed: int) -> str | None:
    return kept_programs.name(kept_programs.digest(code, "loops", summed))
