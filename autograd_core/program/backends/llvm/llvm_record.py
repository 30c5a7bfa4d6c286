"""The record by which a caller and the driver understand each other: 64-bit words, one a field."""

from __future__ import annotations

from enum import IntEnum

__all__ = ["BEGIN", "END", "UNIFORM", "Record", "loads"]


class Record(IntEnum):
    """The words of the record, by their places."""

    FUNCTIONS = 0  # the addresses of the program's functions, in order, and how many
    FUNCTION_COUNT = 1
    UNIFORM_FUNCTIONS = 2  # the same of the uniform part
    UNIFORM_COUNT = 3
    TILES = (
        4  # for each shape its function, its table, how many tiles and sums in one; how many shapes
    )
    SHAPE_COUNT = 5
    FRAMES = 6
    FRAME_BYTES = 7
    BATCH = 8  # how many samples have frames
    UNIFORM_VALUES = 9
    PARTIAL_SUMS = 10
    RESULTS = 11  # what each of the partial sums comes to
    MASK = 12  # at which byte of a frame its mask is
    FIRST_OUTPUT = 13  # at which byte its outputs begin, the inputs after them
    OUTPUTS = 14  # how many are stored for each sample
    CLEARED = 15  # how many of the partial sums begin as zeros in memory
    TILE_SUMS = 16  # the partial sums of the tiles
    TILE_RESULTS = 17
    FOLDED = 18  # how many of the partial sums are added up in memory
    SUMS = 19  # how many sums, and for each where among the results it is
    PLACES = 20
    BLOCKS = 21  # how many blocks of inputs
    DOUBTS = 22  # at which byte of a frame lanes are marked whose products are in doubt
    UNIFORM_DOUBTS = 23  # where the uniform part marks its own
    READS = 24  # the inputs that frames have slots for, in order; then a number beyond all
    # What changes from call to call:
    DOUBT = 25  # not 0 once anything is in doubt
    START = 26  # the samples
    STOP = 27
    FLAGS = 28
    CAPTURED = 29  # from here on the structures of arrays
    VALUES = 30
    TOTALS = 31
    FIRST_BLOCK = 32


UNIFORM, BEGIN, END = 1, 2, 4
"""Flags: compute the uniform values; begin the sums; end them and store what they come to."""


def loads() -> str:
    """The text that loads every field of `%record` under its name."""
    return "\n".join(
        f"  %{field.name}.a = getelementptr i64, ptr %record, i64 {field.value}\n"
        f"  %{field.name} = load {'ptr' if field in _POINTERS else 'i64'}, "
        f"ptr %{field.name}.a, align 8"
        for field in Record
        if field is not Record.FIRST_BLOCK
    )


_POINTERS = (
    Record.FUNCTIONS,
    Record.UNIFORM_FUNCTIONS,
    Record.TILES,
    Record.FRAMES,
    Record.UNIFORM_VALUES,
    Record.PARTIAL_SUMS,
    Record.RESULTS,
    Record.TILE_SUMS,
    Record.TILE_RESULTS,
    Record.UNIFORM_DOUBTS,
    Record.PLACES,
    Record.READS,
    Record.CAPTURED,
    Record.VALUES,
    Record.TOTALS,
)
