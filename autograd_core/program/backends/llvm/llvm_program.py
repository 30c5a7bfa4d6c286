"""A flat program as machine code, and what who runs it must know.

Equal programs are compiled once in a process, and what `llvm_description` makes of them is kept on
disk for later ones, by the program itself: these need neither plan nor text, and import nothing
that writes them. Who calls the code is `llvm_machine`.
"""

from __future__ import annotations

import importlib
import threading
from collections import OrderedDict
from typing import NamedTuple

import numpy
from numpy.typing import NDArray

from autograd_core.errors import BackendError
from autograd_core.forking import in_forked_child
from autograd_core.program.backends.llvm import kept_programs, llvm_compiler
from autograd_core.program.backends.llvm.llvm_compiler import MachineCode
from autograd_core.program.backends.native import native_kernel
from autograd_core.program.code.flat import Code

__all__ = [
    "DOUBTS",
    "FIRST",
    "MASK",
    "ONES",
    "CompiledProgram",
    "Description",
    "compiled",
    "found",
    "function_address",
]

KEPT = 64  # programs
MASK, ONES, DOUBTS, FIRST = range(4)
"""Slots of a frame: the mask of its lanes, a slot of ones, what is in doubt, and the first of the
outputs, after which the inputs come."""

_programs: OrderedDict[tuple[bytes, int], CompiledProgram] = OrderedDict()
_shared_code: dict[bytes, MachineCode] = {}
_lock = threading.RLock()


def _renew_lock() -> None:
    global _lock
    _lock = threading.RLock()


in_forked_child(_renew_lock)


class Description(NamedTuple):
    """A compiled program as numbers and bytes; arrays are those of 64-bit integers."""

    lanes: int
    has_strong_products: bool
    inputs: int
    captured: int
    kept: int
    summed: int
    cost: int
    """About how many operations a sample takes."""
    uniform_size: int
    frame_size: int
    uniform_doubts: int
    blocks_in_batch: int
    reads: bytes
    """The inputs that a frame has, in order."""
    own: bytes
    """The sums that no tile computes, in the order of their partial sums."""
    panel: int
    """How many numbers the widest panel of factors has."""
    called: list[tuple[str, str]]
    """The C functions that the code calls: symbols, and rows."""
    rows: list[tuple[str, bytes]]
    """The functions of rows that it calls, which are shared: symbols, and their code."""
    uniform_functions: int
    uniform_objects: list[bytes]
    """How many functions compute what is the same for all samples, and their code."""
    functions: int
    objects: list[bytes]
    """The same of those for the lanes."""
    tiles: list[tuple[bytes, bytes, int, int]]
    """For each shape of tile its code, its table, how many panels, and how many partial sums."""


class CompiledProgram:
    """The machine code of a program in memory."""

    def __init__(self, of: Description) -> None:
        self.lanes = of.lanes
        self.has_strong_products = of.has_strong_products
        self.inputs, self.captured = of.inputs, of.captured
        self.kept, self.summed = of.kept, of.summed
        self.cost = of.cost
        self.uniform_size, self.frame_size = of.uniform_size, of.frame_size
        self.uniform_doubts = of.uniform_doubts
        self.blocks_in_batch = of.blocks_in_batch
        self.reads, self.own, self.panel = _integers(of.reads), _integers(of.own), of.panel
        for symbol, row in of.called:
            llvm_compiler.define(symbol, function_address(row))
        for symbol, content in of.rows:
            llvm_compiler.define(symbol, _shared(content, symbol))
        self.uniform_functions = Functions(of.uniform_objects, of.uniform_functions)
        self.functions = Functions(of.objects, of.functions)
        self._tables = [_integers(table) for _, table, _, _ in of.tiles]
        self.shapes = numpy.array(
            [
                (_shared(code, "tile"), table.ctypes.data, panels, sums)
                for (code, _, panels, sums), table in zip(of.tiles, self._tables, strict=True)
            ],
            dtype=numpy.int64,
        ).reshape(-1, 4)
        """For each shape of tile its function, its table, how many panels, and partial sums."""


def compiled(digest: bytes, code: Code, summed: int, lanes: int) -> CompiledProgram:
    """The machine code of a program, to be kept; `digest` is that of the program and of `summed`.

    Of threads that compile equal ones the first does, and the others wait for that.
    """
    with _lock:
        program = _programs.get((digest, lanes))
        if program is None:
            module = importlib.import_module("autograd_core.program.backends.llvm.llvm_description")
            description = module.described(code, summed, lanes)
            kept_programs.write(_name(digest, lanes), tuple(description))
            program = CompiledProgram(description)
        return _remembered(digest, lanes, program)


def found(digest: bytes, lanes: int) -> CompiledProgram | None:
    """The machine code of a program, if this process or an earlier one has made it."""
    with _lock:
        program = _programs.get((digest, lanes))
        if program is None:
            kept = kept_programs.read(_name(digest, lanes))
            if kept is None:
                return None
            program = CompiledProgram(Description(*kept))
        return _remembered(digest, lanes, program)


def _name(digest: bytes, lanes: int) -> str | None:
    return kept_programs.name(digest, "straight line", lanes)


def _remembered(digest: bytes, lanes: int, program: CompiledProgram) -> CompiledProgram:
    _programs[digest, lanes] = program
    _programs.move_to_end((digest, lanes))
    while len(_programs) > KEPT:
        _programs.popitem(last=False)
    return program


def function_address(row: str) -> int:
    """Where the C function of a row is that all tiers share.

    Raises BackendError where the package is not compiled.
    """
    if native_kernel.native_interpreter is None:
        raise BackendError(
            f"{row} is computed by the package's own compiled function, and this installation has "
            "none: install it where there is a C compiler, or choose the back end 'numpy'"
        )
    return int(native_kernel.native_interpreter.function_address(row))


class Functions:
    """The addresses of some functions, which live as long as this does."""

    def __init__(self, objects: list[bytes], count: int) -> None:
        self._code = llvm_compiler.loaded(objects, [f"part{place}" for place in range(count)])
        self.table = numpy.array(self._code.addresses, dtype=numpy.int64)
        self.count = count


def _shared(code: bytes, name: str) -> int:
    """The address of a function that knows no program: it is there once for all."""
    with _lock:
        if code not in _shared_code:
            _shared_code[code] = llvm_compiler.loaded([code], [name])
        return _shared_code[code].addresses[0]


def _integers(content: bytes) -> NDArray[numpy.int64]:
    return numpy.frombuffer(content, dtype=numpy.int64)
