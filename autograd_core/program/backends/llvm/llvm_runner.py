"""Running a compiled program over samples: one call for few, pieces and threads for many.

A call is one function of one number, the address of a record (`llvm_record`), which runs without
the interpreter's lock. What a call costs beyond that is felt with small programs:
`llvm_runner.pxd` beside this file gives the compiler its types.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence

import numpy

from autograd_core.program.backends.array_heads import QUICK, copied_head
from autograd_core.program.backends.llvm import machine_call
from autograd_core.program.backends.llvm.llvm_program import (
    DOUBTS,
    FIRST,
    MASK,
    ONES,
    CompiledProgram,
)
from autograd_core.program.backends.llvm.llvm_record import BEGIN, END, UNIFORM, Record
from autograd_core.program.backends.llvm.text.llvm_sums import partial_sums
from autograd_core.program.backends.samples import (
    GRAIN,
    PARTIAL_SUMS,
    SAMPLES,
    pieces,
    sums_over,
)
from autograd_core.program.code.flat import Floats

__all__ = ["Runner"]

AT_ONCE = 50_000_000  # operations on samples in a call: at most about a tenth of a second
WORTH_A_THREAD = 4_000_000
LINE = 64  # bytes of a cache line
WORD = 8
START, DOUBT = int(Record.START), int(Record.DOUBT)
ALL = UNIFORM | BEGIN | END


class Runner:
    """Runs one compiled program; any number of threads may call it at once."""

    __slots__ = (
        "_cost",
        "_driver",
        "_kept",
        "_nothing",
        "_program",
        "_scratch",
        "_strong",
        "_summed",
    )

    def __init__(self, program: CompiledProgram) -> None:
        self._program = program
        self._cost = program.cost
        self._kept = program.kept
        self._summed = program.summed
        self._strong = program.has_strong_products
        self._driver = program.driver
        self._nothing = numpy.empty((0, 0))
        self._scratch: list[_Scratch] = []  # what no call is using

    def run(
        self, blocks: Sequence[Floats], captured: Floats, count: int, threads: int
    ) -> tuple[Floats, Floats] | None:
        """As `LLVMKernel.run`; None if a product is in doubt."""
        values = self._rows(count)
        cost = count * self._cost
        if cost > AT_ONCE or count > SAMPLES or (threads > 1 and cost >= 2 * WORTH_A_THREAD):
            sums = self._in_pieces(blocks, captured, values, threads)
            return None if sums is None else (values, sums)
        if count == 0:
            return values, numpy.zeros(self._summed)
        sums = numpy.empty(self._summed)
        scratch = self._take(len(blocks))
        keep: list[object] = []
        scratch.aim(0, count, ALL, captured, values, sums, blocks, keep)
        machine_call.call(self._driver, scratch.address)
        doubt = self._strong and scratch.in_doubt()
        self._scratch.append(scratch)
        return None if doubt else (values, sums)

    def _in_pieces(
        self, blocks: Sequence[Floats], captured: Floats, values: Floats, threads: int
    ) -> Floats | None:
        """Fill the values, stripe by stripe; the sums, or None if a product is in doubt."""
        program, count = self._program, len(values)
        step = max(GRAIN, AT_ONCE // program.cost // GRAIN * GRAIN)
        doubts: list[int] = []

        def work(start: int, stop: int, sums: Floats, stopped: threading.Event) -> None:
            scratch = self._take(len(blocks))
            flags = UNIFORM | BEGIN
            for first, last in pieces(start, stop, step):
                if stopped.is_set():
                    break
                keep: list[object] = []
                flags |= END if last == stop else 0
                scratch.aim(first, last, flags, captured, values, sums, blocks, keep)
                machine_call.call(self._driver, scratch.address)
                flags = 0
            if self._strong and scratch.in_doubt():
                doubts.append(start)
            self._scratch.append(scratch)

        worth = max(1, min(threads, count * program.cost // WORTH_A_THREAD))
        sums = sums_over(count, program.summed, worth, work)
        return None if doubts else sums

    def _rows(self, count: int) -> Floats:
        """Memory for the outputs of so many samples; without outputs, the same as the last time."""
        if self._kept:
            return numpy.empty((count, self._kept))
        nothing = self._nothing
        if len(nothing) != count:
            nothing = self._nothing = numpy.empty((count, 0))
        return nothing

    def _take(self, blocks: int) -> _Scratch:
        try:
            scratch = self._scratch.pop()
        except IndexError:
            return _Scratch(self._program, blocks)
        return scratch if scratch.blocks == blocks else _Scratch(self._program, blocks)


class _Scratch:
    """The memory that one running call needs, and the record that tells of it."""

    def __init__(self, program: CompiledProgram, blocks: int) -> None:
        self.blocks = blocks
        lanes, parts = program.lanes, partial_sums(program.lanes)
        frames = _aligned(program.blocks_in_batch * program.frame_size * lanes)
        slots = frames.reshape(program.blocks_in_batch, program.frame_size, lanes)
        slots[:, MASK].view(numpy.int64)[:] = -1
        slots[:, ONES] = 1.0
        uniform = _aligned(program.uniform_size)
        sums, results = _aligned(program.partial_sums * parts), _aligned(program.partial_sums)
        self._words = numpy.zeros(Record.FIRST_BLOCK + blocks, dtype=numpy.int64)
        self.address = numpy.asarray(self._words).ctypes.data
        self._alive = program, frames, uniform, sums, results
        words = {
            Record.FUNCTIONS: program.functions.address,
            Record.FUNCTION_COUNT: program.functions.count,
            Record.UNIFORM_FUNCTIONS: program.uniform_functions.address,
            Record.UNIFORM_COUNT: program.uniform_functions.count,
            Record.TILES: program.tiles.ctypes.data,
            Record.SHAPE_COUNT: len(program.tiles),
            Record.FRAMES: frames.ctypes.data,
            Record.FRAME_BYTES: WORD * lanes * program.frame_size,
            Record.BATCH: lanes * program.blocks_in_batch,
            Record.UNIFORM_VALUES: uniform.ctypes.data,
            Record.PARTIAL_SUMS: sums.ctypes.data,
            Record.RESULTS: results.ctypes.data,
            Record.MASK: WORD * lanes * MASK,
            Record.FIRST_OUTPUT: WORD * lanes * FIRST,
            Record.OUTPUTS: program.kept,
            Record.CLEARED: program.at_once,
            Record.TILE_SUMS: sums.ctypes.data + WORD * parts * program.at_once,
            Record.TILE_RESULTS: results.ctypes.data + WORD * program.at_once,
            Record.FOLDED: program.at_once if lanes in (1, PARTIAL_SUMS) else program.partial_sums,
            Record.SUMS: program.summed,
            Record.PLACES: program.places.ctypes.data,
            Record.DOUBTS: WORD * lanes * DOUBTS,
            Record.UNIFORM_DOUBTS: uniform.ctypes.data + WORD * program.uniform_doubts,
            Record.BLOCKS: blocks,
            Record.READS: program.reads.ctypes.data,
        }
        for field, word in words.items():
            self._words[field] = word

    def in_doubt(self) -> bool:
        """Whether the last call met a NaN where a strong product could have been 0."""
        return bool(self._words[DOUBT] != 0)

    def aim(
        self,
        start: int,
        stop: int,
        flags: int,
        captured: Floats,
        values: Floats,
        sums: Floats,
        blocks: Sequence[Floats],
        keep: list[object],
    ) -> None:
        """Say which samples, what to begin and end, and where the numbers are and go.

        The arrays and what is put into `keep` must outlive the call.
        """
        words = self._words
        words[START] = start
        words[START + 1] = stop
        words[START + 2] = flags
        place = START + 3
        quick = QUICK
        for array in (captured, values, sums, *blocks):
            words[place] = id(array) if quick else copied_head(array, keep)
            place += 1


def _aligned(size: int) -> Floats:
    """So many numbers that begin at a cache line."""
    found = numpy.zeros(size + LINE // WORD)
    skipped = -found.ctypes.data % LINE // WORD
    return found[skipped : skipped + size]
