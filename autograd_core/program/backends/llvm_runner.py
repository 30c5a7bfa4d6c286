"""Running a compiled program over samples: one call for few, pieces and threads for many.

A call is one function of one number, the address of a record (`llvm_record`); ctypes lets go
of the interpreter's lock while it runs.
"""

from __future__ import annotations

import ctypes
import struct
from collections.abc import Sequence

import numpy

from autograd_core.program.backends.array_heads import structures
from autograd_core.program.backends.llvm_program import FIRST, MASK, ONES, CompiledProgram
from autograd_core.program.backends.llvm_record import BEGIN, END, UNIFORM, Record
from autograd_core.program.backends.llvm_sums import partial_sums
from autograd_core.program.backends.sharing import share
from autograd_core.program.backends.stripes import PARTIAL_SUMS, SAMPLES, stripes
from autograd_core.program.code import Floats

__all__ = ["Runner"]

AT_ONCE = 50_000_000  # operations on samples in a call: at most about a tenth of a second
WORTH_A_THREAD = 4_000_000
GRAIN = 64  # samples
LINE = 64  # bytes of a cache line
WORD = 8
PLACE = WORD * Record.START

_Piece = tuple[int, int, int]


class Runner:
    """Runs one compiled program; any number of threads may call it at once."""

    def __init__(self, program: CompiledProgram) -> None:
        self._program = program
        self._call = ctypes.CFUNCTYPE(None, ctypes.c_ssize_t)(program.driver)
        self._scratch: list[_Scratch] = []  # what no call is using

    def run(
        self, blocks: Sequence[Floats], captured: Floats, count: int, threads: int
    ) -> tuple[Floats, Floats]:
        """As `LLVMKernel.run`."""
        program = self._program
        values = numpy.empty((count, program.kept))
        cost = count * program.cost
        if cost > AT_ONCE or count > SAMPLES or (threads > 1 and cost >= 2 * WORTH_A_THREAD):
            return values, self._in_pieces(blocks, captured, values, threads)
        if count == 0:
            return values, numpy.zeros(program.summed)
        sums = numpy.empty(program.summed)
        scratch = self._take(len(blocks))
        keep: list[object] = []
        scratch.aim(0, count, UNIFORM | BEGIN | END, (captured, values, sums, *blocks), keep)
        self._call(scratch.address)
        self._scratch.append(scratch)
        return values, sums

    def _in_pieces(
        self, blocks: Sequence[Floats], captured: Floats, values: Floats, threads: int
    ) -> Floats:
        """Fill the values, stripe by stripe; the sums."""
        program, count = self._program, len(values)
        step = max(GRAIN, AT_ONCE // program.cost // GRAIN * GRAIN)
        pieces = stripes(count)
        if not program.summed and threads > 1:
            pieces = _spans(count, 4 * threads)
        partial = numpy.empty((len(pieces), program.summed))

        def work(number: int) -> None:
            first, stop = pieces[number]
            sums = partial[number]
            scratch = self._take(len(blocks))
            flags = UNIFORM | BEGIN
            while first < stop:
                last = min(first + step, stop)
                keep: list[object] = []
                flags |= END if last == stop else 0
                scratch.aim(first, last, flags, (captured, values, sums, *blocks), keep)
                self._call(scratch.address)
                flags, first = 0, last
            self._scratch.append(scratch)

        enough = max(1, min(threads, count * program.cost // WORTH_A_THREAD, len(pieces)))
        share(work, range(len(pieces)), enough)
        sums = numpy.zeros(program.summed)
        for row in partial:
            sums = sums + row
        return sums

    def _take(self, blocks: int) -> _Scratch:
        try:
            scratch = self._scratch.pop()
        except IndexError:
            return _Scratch(self._program, blocks)
        return scratch if scratch.blocks == blocks else _Scratch(self._program, blocks)


def _spans(count: int, most: int) -> list[tuple[int, int]]:
    each = -(-count // most)
    each = -(-each // GRAIN) * GRAIN
    return [(start, min(start + each, count)) for start in range(0, count, each)]


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
        self._record = bytearray(WORD * (Record.FIRST_BLOCK + blocks))
        view = (ctypes.c_char * len(self._record)).from_buffer(self._record)
        self.address = ctypes.addressof(view)
        self._alive = program, frames, uniform, sums, results, view
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
            Record.BLOCKS: blocks,
        }
        for field, word in words.items():
            struct.pack_into("q", self._record, WORD * field, word)
        self._pack = struct.Struct(f"{Record.FIRST_BLOCK - Record.START + blocks}q").pack_into

    def aim(
        self, start: int, stop: int, flags: int, arrays: Sequence[Floats], keep: list[object]
    ) -> None:
        """Say which samples, what to begin and end, and where the numbers are and go.

        The arrays (captured, values, sums and the blocks) and what is put into `keep` must outlive
        the call.
        """
        self._pack(self._record, PLACE, start, stop, flags, *structures(arrays, keep))


def _aligned(size: int) -> Floats:
    """So many numbers that begin at a cache line."""
    found = numpy.zeros(size + LINE // WORD)
    skipped = -found.ctypes.data % LINE // WORD
    return found[skipped : skipped + size]
