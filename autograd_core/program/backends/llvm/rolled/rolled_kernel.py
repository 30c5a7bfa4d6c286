"""A single sample of a long program: machine code for its loops, the interpreter for the rest.

A straight line of many thousand instructions takes LLVM far longer than it saves; the loops in it
are few and short, however many turns they have. Equal ones are compiled once.
"""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Iterator
from itertools import repeat

import numpy

from autograd_core.program.backends.llvm import llvm_compiler
from autograd_core.program.backends.llvm.llvm_description import declarations
from autograd_core.program.backends.llvm.llvm_formulas import called_function, declared
from autograd_core.program.backends.llvm.rolled import kept_loops
from autograd_core.program.backends.llvm.rolled.kept_loops import CompiledLoops, loop_name
from autograd_core.program.backends.llvm.rolled.loop_bodies import Body, bodies
from autograd_core.program.backends.llvm.rolled.loop_text import called_rows, loop_text
from autograd_core.program.backends.llvm.text.llvm_text import ATTRIBUTES
from autograd_core.program.backends.native import native_kernel
from autograd_core.program.backends.native.executable import Executable
from autograd_core.program.backends.native.native_kernel import NativeKernel

__all__ = ["rolled", "rolled_share"]

LONGEST = 3000  # instructions of all bodies; the loops that do least are left to the interpreter
TOGETHER = 4  # loops in a module: between two modules an interrupt is heard


def rolled(interpreter: NativeKernel, digest: bytes) -> tuple[Executable, CompiledLoops]:
    """The executable of a single sample, and its loops as LLVM compiles them, kept for later."""
    executable = interpreter.executable(single=True)
    found = bodies(executable, native_kernel.native_interpreter.operation_numbers())
    numbers = {body: number for number, body in enumerate(_chosen(executable, found))}
    texts = list(_modules(list(numbers)))
    loops = CompiledLoops(texts, len(numbers))
    uniform_code = executable.uniform_code.copy()
    lists = [executable.lists]
    listed = len(executable.lists)
    for place, (body, places) in found.items():
        if body in numbers:
            uniform_code[place, 1], uniform_code[place, 3] = numbers[body] + 1, listed
            lists.append(numpy.array(places, dtype=numpy.int32))
            listed += len(places)
    changed = copy.copy(executable)
    changed.uniform_code, changed.lists = uniform_code, numpy.concatenate(lists)
    rows = set[str]().union(*map(called_rows, numbers))
    called = {declared(row)[0]: row for row in sorted(rows)}
    kept_loops.keep(digest, changed, texts, len(numbers), called)
    return changed, loops


def rolled_share(executable: Executable) -> float:
    """What part of all operations is in loops.

    >>> from autograd_core import record
    >>> code = record(lambda x: [a.exp() * a for a in x], [0.5] * 1000).code
    >>> kernel = NativeKernel(code) if native_kernel.available() else None
    >>> kernel is None or rolled_share(kernel.executable(single=True)) > 0.9
    True
    """
    loop = native_kernel.native_interpreter.operation_numbers()["loop"]
    in_loops = executable.uniform_code[:, 0] == loop
    outside = int((~in_loops).sum())
    return max(0.0, 1 - 2 * outside / executable.effort) if in_loops.any() else 0.0


def _chosen(executable: Executable, found: dict[int, tuple[Body, list[int]]]) -> Iterator[Body]:
    """The bodies that are compiled: those that do most, as long as they are not too many."""
    work: Counter[Body] = Counter()
    for place, (body, _) in found.items():
        turns = int(executable.lists[executable.uniform_code[place, 2] + 2])
        work[body] += turns * len(body)
    length = 0
    for body, _ in work.most_common():
        length += sum(max(1, len(step.operands) - 1) for step in body)
        length += 8 * sum(step.stride for step in body if step.row == "running")  # by lanes
        if length > LONGEST:
            return
        yield body


def _modules(chosen: list[Body]) -> Iterator[str]:
    """The modules that are compiled, one after another."""
    names = list(map(loop_name, range(len(chosen))))
    lanes = llvm_compiler.machine().lanes
    side_by_side = max(lanes, min(8, 2 * lanes))
    for first in range(0, len(chosen), TOGETHER):
        own = chosen[first : first + TOGETHER]
        rows = sorted(set().union(*map(called_rows, own)))
        yield "\n".join(
            [
                *map(loop_text, names[first:], own, repeat(side_by_side)),
                *(called_function(row, side_by_side) for row in rows),
                *(called_function(row, 1).replace("@row.", "@one.") for row in rows),
                *declarations(rows),
                f"attributes #0 = {{ {ATTRIBUTES} }}",
            ]
        )
