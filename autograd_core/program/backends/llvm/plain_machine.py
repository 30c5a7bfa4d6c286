"""A compiled program run where the package itself is not compiled: `lane_blocks.h` in NumPy.

Machine code is called through ctypes, which takes longer than a block of lanes does; what is
computed, and in which order it is added up, is the same.
"""

from __future__ import annotations

import ctypes
import functools
import threading
from collections.abc import Sequence

import numpy

from autograd_core.program.backends.llvm.llvm_program import (
    DOUBTS,
    FIRST,
    MASK,
    ONES,
    CompiledProgram,
)
from autograd_core.program.backends.samples import PARTIAL_SUMS, folded, pieces, sums_over
from autograd_core.program.code.flat import Floats

__all__ = ["PlainMachine"]

LINE, NUMBER = 64, 8  # bytes


class PlainMachine:
    """Runs one compiled program; any number of threads may call it at once."""

    def __init__(self, program: CompiledProgram) -> None:
        self._program = program
        self._parts = 1 if program.lanes == 1 else PARTIAL_SUMS

    def results(
        self, blocks: Sequence[Floats], captured: Floats, count: int, threads: int = 1
    ) -> tuple[Floats, Floats] | None:
        """The outputs of each sample, and the sums; None if they are in doubt."""
        program = self._program
        values = numpy.empty((count, program.kept))
        if count == 0:
            return values, numpy.zeros(program.summed)
        captured = numpy.require(captured, requirements=["C", "A"])
        uniforms = _aligned(program.uniform_size)
        for function in program.uniform_functions.table.tolist():
            _call(function, _at(uniforms), _at(captured), 0, 0)
        rows = [numpy.broadcast_to(block, (count, block.shape[1])) for block in blocks]
        inputs = numpy.hstack([*rows, numpy.empty((count, 0))])[:, program.reads]
        doubts = [bool(uniforms.view(numpy.int64)[program.uniform_doubts])]

        def work(start: int, stop: int, sums: Floats, stopped: threading.Event) -> None:
            frames = self._frames()
            in_tiles = sum(program.shapes[:, 3].tolist())
            partial_sums = _aligned(len(program.own) * self._parts + in_tiles + program.panel)
            totals = numpy.empty(program.summed)
            for first, last in pieces(start, stop, len(frames) * program.lanes):
                if stopped.is_set():
                    return
                real = self._fill(frames, inputs[first:last])
                used = frames[: len(real)]
                self._run(used, captured, uniforms, partial_sums)
                self._add_tiles(used, partial_sums, totals, first == start, last == stop)
                marked = used[:, DOUBTS].view(numpy.int64)
                doubts.append(bool((marked & real).any()))
                marked[...] = 0
                outputs = used[:, FIRST : FIRST + program.kept].transpose(0, 2, 1)
                values[first:last] = outputs.reshape(real.size, program.kept)[: last - first]
            parts = partial_sums[: len(program.own) * self._parts].reshape(-1, self._parts)
            totals[program.own] = parts[:, 0] if self._parts == 1 else folded(parts)
            sums += totals
            doubts.append(bool(numpy.isnan(sums).any()))

        sums = sums_over(count, program.summed, threads, work)
        return None if program.has_strong_products and any(doubts) else (values, sums)

    def _frames(self) -> Floats:
        program = self._program
        shape = program.blocks_in_batch, program.frame_size, program.lanes
        frames = _aligned(shape[0] * shape[1] * shape[2]).reshape(shape)
        frames[:, ONES] = 1.0
        return frames

    def _fill(self, frames: Floats, rows: Floats) -> numpy.typing.NDArray[numpy.int64]:
        """Put inputs into as many frames as they need; the masks of the lanes that are samples."""
        lanes, first = self._program.lanes, FIRST + self._program.kept
        blocks = -(-len(rows) // self._parts) * (self._parts // lanes)
        places = numpy.arange(blocks * lanes)
        padded = rows[numpy.minimum(places, len(rows) - 1)].reshape(blocks, lanes, -1)
        frames[:blocks, first : first + rows.shape[1]] = padded.transpose(0, 2, 1)
        real = numpy.where(places < len(rows), -1, 0).reshape(blocks, lanes)
        frames[:blocks, MASK].view(numpy.int64)[...] = real
        return real

    def _run(
        self, frames: Floats, captured: Floats, uniforms: Floats, partial_sums: Floats
    ) -> None:
        for function in self._program.functions.table.tolist():
            for place, frame in enumerate(frames):
                own = partial_sums[place * self._program.lanes % self._parts :]
                _call(function, _at(frame), _at(captured), _at(uniforms), _at(own))

    def _add_tiles(
        self, frames: Floats, partial_sums: Floats, totals: Floats, begins: bool, ends: bool
    ) -> None:
        apart = NUMBER * self._program.frame_size * self._program.lanes
        turns = len(frames) * self._program.lanes // self._parts
        own = partial_sums[len(self._program.own) * self._parts :]
        room = _at(partial_sums[len(partial_sums) - self._program.panel :])
        for function, table, panels, count in self._program.shapes.tolist():
            places = _at(frames), apart, turns, _at(own), room, _at(totals), table, panels
            _call(function, *places, int(begins), int(ends))
            own = own[count:]


def _at(numbers: Floats) -> int:
    return int(numbers.ctypes.data)


def _call(function: int, *numbers: int) -> None:
    """Call the function at an address, which takes addresses and numbers as wide."""
    _prototype(function, len(numbers))(*numbers)


@functools.lru_cache(maxsize=256)
def _prototype(function: int, takes: int) -> ctypes._FuncPointer:
    return ctypes.CFUNCTYPE(None, *[ctypes.c_ssize_t] * takes)(function)


def _aligned(size: int) -> Floats:
    """So many zeros that begin at a cache line."""
    found = numpy.zeros(size + LINE // NUMBER)
    skipped = -found.ctypes.data % LINE // NUMBER
    return found[skipped : skipped + size]
