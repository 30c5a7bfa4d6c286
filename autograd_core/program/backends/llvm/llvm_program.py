"""A flat program as machine code, and what who runs it must know.

Equal programs are compiled once in a process. What is computed is `llvm_plan`'s, the text
`llvm_text`'s; who calls the code is `llvm_machine`.
"""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy

from autograd_core.errors import BackendError
from autograd_core.forking import in_forked_child
from autograd_core.primitives import kind_of
from autograd_core.program.backends.llvm import llvm_compiler
from autograd_core.program.backends.llvm.llvm_compiler import MachineCode
from autograd_core.program.backends.llvm.llvm_formulas import called_function, declared
from autograd_core.program.backends.llvm.plan.llvm_frame import Frame
from autograd_core.program.backends.llvm.plan.llvm_outer import ONE, Shape, tile_text, tiles
from autograd_core.program.backends.llvm.plan.llvm_plan import Plan, operations
from autograd_core.program.backends.llvm.text.llvm_text import ATTRIBUTES, SIGNATURE, PartText
from autograd_core.program.backends.native import native_kernel
from autograd_core.program.backends.samples import PARTIAL_SUMS
from autograd_core.program.code.flat import Code

__all__ = [
    "DOUBTS",
    "FIRST",
    "MASK",
    "ONES",
    "CompiledProgram",
    "compiled",
    "declarations",
    "function_address",
    "texts",
]

LIMIT = 200  # operations in a function
MOST_SAMPLES, FEWEST_SAMPLES = 128, 32  # in a batch, of more lanes than one
CACHE = 192 * 1024  # bytes of frames that a batch may have, so that they stay near
TOGETHER = 4  # functions in a module: between two modules an interrupt is heard
KEPT = 64  # programs
STRONG = [kind_of(name) for name in ("strong_product", "strong_dot")]
MASK, ONES, DOUBTS, FIRST = range(4)
"""Slots of a frame: the mask of its lanes, a slot of ones, what is in doubt, and the first of the
outputs, after which the inputs come."""

_programs: OrderedDict[bytes, CompiledProgram] = OrderedDict()
_shared_code: dict[tuple[Any, ...], MachineCode] = {}
_lock = threading.RLock()


def _renew_lock() -> None:
    global _lock
    _lock = threading.RLock()


in_forked_child(_renew_lock)


class CompiledProgram:
    """The machine code of a program for blocks of so many lanes."""

    def __init__(self, code: Code, summed: int, lanes: int, limit: int = LIMIT) -> None:
        machine = llvm_compiler.machine()
        plan = Plan(code, summed, machine.side_by_side, limit)
        once, each = texts(code, plan, lanes, limit)
        slots = each.frame.slots | {ONE: ONES}
        own_tiles = tiles(plan.products, slots, lanes, machine.tile)
        self.lanes = lanes
        self.has_strong_products = bool(numpy.isin(code.instructions[:, 0], STRONG).any())
        self.inputs, self.captured = code.inputs, code.captured
        self.kept, self.summed = len(code.outputs) - summed, summed
        self.cost = operations(code) + len(plan.inputs) + len(code.outputs)
        """About how many operations a sample takes."""
        self.uniform_size, self.frame_size = once.frame.size, each.frame.size
        self.uniform_doubts = len(plan.uniform)
        self.blocks_in_batch = batch(lanes, self.frame_size)
        self.reads = numpy.array(plan.inputs, dtype=numpy.int64)
        """The inputs that a frame has, in order."""
        self.uniform_functions = _addresses(once, 1)
        self.functions = _addresses(each, lanes)
        self.shapes = numpy.array(
            [
                (_tile(of.shape, lanes), of.table.ctypes.data, len(of.table), of.sums.shape[1])
                for of in own_tiles
            ],
            dtype=numpy.int64,
        ).reshape(-1, 4)
        """For each shape of tile its function, its table, how many they are, and sums in one."""
        at_once = numpy.array(plan.sums_at_once, dtype=numpy.int64)
        order = numpy.concatenate([at_once, *(of.sums.ravel() for of in own_tiles)])
        self.at_once, self.partial_sums = len(at_once), len(order)
        """How many sums no tile computes, whose partial sums come first; how many in all."""
        self.places = numpy.empty(summed, dtype=numpy.int64)
        self.places[order[order >= 0]] = numpy.flatnonzero(order >= 0)
        """For each sum, which of the partial sums it is."""
        self._alive = own_tiles


def batch(lanes: int, frame_size: int) -> int:
    """How many blocks are in a batch, whole eights of samples, when a frame has so many slots."""
    if lanes == 1:
        return PARTIAL_SUMS
    samples = MOST_SAMPLES
    while samples > FEWEST_SAMPLES and samples * frame_size * 8 > CACHE:
        samples //= 2
    return samples // lanes


def compiled(code: Code, summed: int, lanes: int) -> CompiledProgram:
    """The machine code of a program, the same for equal ones."""
    key = _digest(code, summed, lanes)
    with _lock:
        found = _programs.get(key)
        if found is None:
            found = _programs[key] = CompiledProgram(code, summed, lanes)
            while len(_programs) > KEPT:
                _programs.popitem(last=False)
        _programs.move_to_end(key)
        return found


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


def declarations(rows: Iterable[str]) -> list[str]:
    """The declarations of the C functions of some rows, which LLVM is told the addresses of."""
    found = []
    for row in rows:
        symbol, declaration = declared(row)
        llvm_compiler.define(symbol, function_address(row))
        found.append(declaration)
    return found


def modules(part: PartText, lanes: int) -> Iterator[str]:
    """The modules that are compiled for a part, one after another."""
    for first in range(0, len(part.functions), TOGETHER):
        bodies = part.functions[first : first + TOGETHER]
        functions = [
            f"define void @part{first + place}{SIGNATURE} #0 {{\n{body}\n}}"
            for place, body in enumerate(bodies)
        ]
        rows = sorted(set().union(*part.called[first : first + TOGETHER]))
        called = [called_function(row, lanes) for row in rows]
        yield "\n".join([*functions, *called, *declarations(rows), _ATTRIBUTES])


_ATTRIBUTES = f"\nattributes #0 = {{ {ATTRIBUTES} }}\n"


def _digest(code: Code, summed: int, lanes: int) -> bytes:
    found = hashlib.blake2b(repr((code.inputs, code.captured, summed, lanes)).encode())
    for part in (code.constants, code.instructions, code.operands, code.outputs):
        found.update(len(part).to_bytes(8, "little"))
        found.update(numpy.ascontiguousarray(part).data)
    return found.digest()


class Functions:
    """The addresses of some functions, which live as long as this does."""

    def __init__(self, code: MachineCode) -> None:
        self.table = numpy.array(code.addresses, dtype=numpy.int64)
        self.count = len(self.table)
        self._alive = code


def _addresses(part: PartText, lanes: int) -> Functions:
    names = [f"part{place}" for place in range(len(part.functions))]
    return Functions(llvm_compiler.compile_text(modules(part, lanes), names))


def _tile(shape: Shape, lanes: int) -> int:
    return _shared(("tile", shape, lanes), lambda: tile_text(shape, lanes) + _ATTRIBUTES)


def _shared(key: tuple[Any, ...], text: Callable[[], str]) -> int:
    """The address of a function that knows no program, compiled when it is first needed."""
    with _lock:
        if key not in _shared_code:
            _shared_code[key] = llvm_compiler.compile_text([text()], [key[0]])
        return _shared_code[key].addresses[0]
