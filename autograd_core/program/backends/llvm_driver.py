"""What calls a program's functions for one batch of samples after another: the same for all programs.

A call is told everything by one record of 64-bit words (`Record` says which), so that Python hands
over a single number. A batch is a few blocks of lanes, each with a frame of its own. The driver
puts the inputs into the frames, runs the program's functions and the tiles of products, and takes
the outputs out. The last block may be short: its spare lanes repeat the last sample, and the mask
in its frame tells the functions which they are.
"""

from __future__ import annotations

from enum import IntEnum

from autograd_core.program.backends.array_heads import OFFSET, Head
from autograd_core.program.backends.llvm_formulas import vector_type
from autograd_core.program.backends.llvm_text import ATTRIBUTES
from autograd_core.program.backends.stripes import PARTIAL_SUMS

__all__ = ["BEGIN", "END", "UNIFORM", "Record", "batch", "driver", "partial_sums"]

MOST_SAMPLES, FEWEST_SAMPLES = 128, 32
"""In a batch, unless a block is one lane: then it is alone."""
CACHE = 192 * 1024  # bytes of frames that a batch may have, so that they stay near


def batch(lanes: int, frame_size: int) -> int:
    """How many blocks are in a batch, when a frame has so many slots."""
    if lanes == 1:
        return 1
    samples = MOST_SAMPLES
    while samples > FEWEST_SAMPLES and samples * frame_size * 8 > CACHE:
        samples //= 2
    return samples // lanes


class Record(IntEnum):
    """The words of the record, by their places."""

    FUNCTIONS = 0  # the addresses of the program's functions, in order, and how many
    FUNCTION_COUNT = 1
    UNIFORM_FUNCTIONS = 2  # the same of the uniform part
    UNIFORM_COUNT = 3
    TILES = 4  # for each shape its function, its table, how many tiles and sums in one; how many shapes
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
    # What changes from call to call:
    START = 22  # the samples
    STOP = 23
    FLAGS = 24
    CAPTURED = 25  # from here on the structures of arrays
    VALUES = 26
    TOTALS = 27
    FIRST_BLOCK = 28


UNIFORM, BEGIN, END = 1, 2, 4
"""Flags: compute the uniform values; begin the sums; end them and store what they come to."""


def partial_sums(lanes: int) -> int:
    """How many numbers a sum is kept in."""
    return 1 if lanes == 1 else PARTIAL_SUMS


def driver(lanes: int) -> str:
    """The text of `@run(ptr record)` for blocks of so many lanes."""
    fields = "\n".join(
        f"  %{field.name}.a = getelementptr i64, ptr %record, i64 {field.value}\n"
        f"  %{field.name} = load {kind}, ptr %{field.name}.a, align 8"
        for field, kind in _FIELDS.items()
    )
    text = _RUN + _CALLS + _PACK + _UNPACK + _SUMS + _COLLECT + (_COPY if lanes == 1 else _FOLD)
    for name, meaning in {
        "@fields@": fields,
        "@gather@": "\n".join(_gather(lane, lanes) for lane in range(lanes)),
        "@lane_rows@": "\n".join(_lane_row(lane) for lane in range(lanes)),
        "@gathered@": "%x0" if lanes == 1 else f"%g{lanes}",
        "@T@": vector_type(lanes),
        "@LANES@": str(lanes),
        "@BLOCK@": str(8 * lanes),
        "@PHASES@": str(partial_sums(lanes) // lanes),
        "@LAST_PHASE@": str(partial_sums(lanes) // lanes - 1),
        "@HEAD@": str(OFFSET),
        "@SHAPE@": str(Head.shape.offset),
        "@STRIDES@": str(Head.strides.offset),
        "@PART@": vector_type(partial_sums(lanes)),
        "@PART_BYTES@": str(8 * partial_sums(lanes)),
        "@UNIFORM@": str(UNIFORM),
        "@BEGIN@": str(BEGIN),
        "@END@": str(END),
        "@FIRST_BLOCK@": str(int(Record.FIRST_BLOCK)),
    }.items():
        text = text.replace(name, meaning)
    return text + f"\nattributes #0 = {{ {ATTRIBUTES} }}\n"


_POINTERS = (
    "FUNCTIONS UNIFORM_FUNCTIONS TILES FRAMES UNIFORM_VALUES PARTIAL_SUMS RESULTS TILE_SUMS "
    "TILE_RESULTS PLACES CAPTURED VALUES TOTALS"
).split()
_FIELDS = {
    field: "ptr" if field.name in _POINTERS else "i64"
    for field in Record
    if field is not Record.FIRST_BLOCK
}


def _lane_row(lane: int) -> str:
    """Where a lane's sample begins; past the last sample, that of the last."""
    return (
        f"  %i{lane} = call i64 @llvm.umin.i64(i64 {lane}, i64 %last)\n"
        f"  %s{lane} = add i64 %start, %i{lane}\n"
        f"  %o{lane} = mul i64 %s{lane}, %row_stride\n"
        f"  %r{lane} = getelementptr i8, ptr %numbers, i64 %o{lane}"
    )


def _gather(lane: int, lanes: int) -> str:
    load = (
        f"  %p{lane} = getelementptr i8, ptr %r{lane}, i64 %offset\n"
        f"  %x{lane} = load double, ptr %p{lane}, align 1\n"
    )
    if lanes == 1:
        return load
    before = "poison" if lane == 0 else f"%g{lane}"
    return (
        f"{load}  %g{lane + 1} = insertelement {vector_type(lanes)} {before}, "
        f"double %x{lane}, i64 {lane}"
    )


_RUN = """
define void @run(ptr %record) #0 {
entry:
@fields@
  %captured.a = getelementptr i8, ptr %CAPTURED, i64 @HEAD@
  %values.a = getelementptr i8, ptr %VALUES, i64 @HEAD@
  %captured = load ptr, ptr %captured.a, align 8
  %values = load ptr, ptr %values.a, align 8
  %inputs = getelementptr i64, ptr %record, i64 @FIRST_BLOCK@
  %uniform.f = and i64 %FLAGS, @UNIFORM@
  %uniform.c = icmp ne i64 %uniform.f, 0
  br i1 %uniform.c, label %uniform, label %begin
uniform:
  call void @call_all(ptr %UNIFORM_FUNCTIONS, i64 %UNIFORM_COUNT, ptr %UNIFORM_VALUES, i64 0,
                      i64 1, ptr %captured, ptr null, ptr null)
  br label %begin
begin:
  %begin.f = and i64 %FLAGS, @BEGIN@
  %begin.c = icmp ne i64 %begin.f, 0
  %end.f = and i64 %FLAGS, @END@
  %end.c = icmp ne i64 %end.f, 0
  br i1 %begin.c, label %clear, label %batches
clear:
  call void @clear(ptr %PARTIAL_SUMS, i64 %CLEARED)
  br label %batches
batches:
  %some = icmp slt i64 %START, %STOP
  br i1 %some, label %batch, label %finish
batch:
  %start = phi i64 [ %START, %batches ], [ %next, %unmarked ]
  %left = sub i64 %STOP, %start
  %samples = call i64 @llvm.umin.i64(i64 %left, i64 %BATCH)
  %before = sub i64 %samples, 1
  %last = udiv i64 %before, @LANES@
  %count = add i64 %last, 1
  %last.first = mul i64 %last, @LANES@
  %last.lanes = sub i64 %samples, %last.first
  %short = icmp ne i64 %last.lanes, @LANES@
  %last.o = mul i64 %last, %FRAME_BYTES
  %mask.o = add i64 %last.o, %MASK
  %mask = getelementptr i8, ptr %FRAMES, i64 %mask.o
  %first = getelementptr i8, ptr %FRAMES, i64 %FIRST_OUTPUT
  br i1 %short, label %mark, label %marked
mark:
  call void @mark(ptr %mask, i64 %last.lanes)
  br label %marked
marked:
  %inputs.o = mul i64 %OUTPUTS, @BLOCK@
  %first.input = getelementptr i8, ptr %first, i64 %inputs.o
  br label %block
block:
  %b = phi i64 [ 0, %marked ], [ %b.next, %block ]
  %frame.o = mul i64 %b, %FRAME_BYTES
  %frame.inputs = getelementptr i8, ptr %first.input, i64 %frame.o
  %b.first = mul i64 %b, @LANES@
  %b.start = add i64 %start, %b.first
  %b.left = sub i64 %samples, %b.first
  %b.lanes = call i64 @llvm.umin.i64(i64 %b.left, i64 @LANES@)
  call void @pack(ptr %frame.inputs, ptr %inputs, i64 %BLOCKS, i64 %b.start, i64 %b.lanes)
  %b.next = add i64 %b, 1
  %b.more = icmp ult i64 %b.next, %count
  br i1 %b.more, label %block, label %compute
compute:
  call void @call_all(ptr %FUNCTIONS, i64 %FUNCTION_COUNT, ptr %FRAMES, i64 %FRAME_BYTES,
                      i64 %count, ptr %captured, ptr %UNIFORM_VALUES, ptr %PARTIAL_SUMS)
  %is.first = icmp eq i64 %start, %START
  %begins = and i1 %is.first, %begin.c
  %end = add i64 %start, %samples
  %is.last = icmp eq i64 %end, %STOP
  %ends = and i1 %is.last, %end.c
  call void @add_tiles(ptr %TILES, i64 %SHAPE_COUNT, ptr %FRAMES, i64 %FRAME_BYTES, i64 %count,
                       ptr %TILE_SUMS, ptr %TILE_RESULTS, i1 %begins, i1 %ends)
  br label %out
out:
  %o = phi i64 [ 0, %compute ], [ %o.next, %out ]
  %o.o = mul i64 %o, %FRAME_BYTES
  %outputs = getelementptr i8, ptr %first, i64 %o.o
  %o.first = mul i64 %o, @LANES@
  %o.start = add i64 %start, %o.first
  %o.left = sub i64 %samples, %o.first
  %o.lanes = call i64 @llvm.umin.i64(i64 %o.left, i64 @LANES@)
  call void @unpack(ptr %outputs, ptr %values, i64 %OUTPUTS, i64 %o.start, i64 %o.lanes)
  %o.next = add i64 %o, 1
  %o.more = icmp ult i64 %o.next, %count
  br i1 %o.more, label %out, label %done
done:
  br i1 %short, label %unmark, label %unmarked
unmark:
  call void @mark(ptr %mask, i64 @LANES@)
  br label %unmarked
unmarked:
  %next = add i64 %start, %samples
  %more = icmp slt i64 %next, %STOP
  br i1 %more, label %batch, label %finish
finish:
  br i1 %end.c, label %fold, label %exit
fold:
  %totals.a = getelementptr i8, ptr %TOTALS, i64 @HEAD@
  %totals = load ptr, ptr %totals.a, align 8
  call void @fold(ptr %RESULTS, ptr %PARTIAL_SUMS, i64 %FOLDED)
  call void @collect(ptr %totals, ptr %RESULTS, ptr %PLACES, i64 %SUMS)
  br label %exit
exit:
  ret void
}
"""

_CALLS = """
define internal void @call_all(ptr %functions, i64 %count, ptr %frames, i64 %stride, i64 %blocks,
                               ptr %captured, ptr %uniform, ptr %sums) #0 {
entry:
  %some = icmp ne i64 %count, 0
  br i1 %some, label %function, label %exit
function:
  %k = phi i64 [ 0, %entry ], [ %k.next, %function.end ]
  %cell = getelementptr ptr, ptr %functions, i64 %k
  %code = load ptr, ptr %cell, align 8
  br label %block
block:
  %b = phi i64 [ 0, %function ], [ %b.next, %block ]
  %frame = phi ptr [ %frames, %function ], [ %frame.next, %block ]
  %phase = and i64 %b, @LAST_PHASE@
  %lane = mul i64 %phase, @LANES@
  %own = getelementptr double, ptr %sums, i64 %lane
  call void %code(ptr %frame, ptr %captured, ptr %uniform, ptr %own)
  %frame.next = getelementptr i8, ptr %frame, i64 %stride
  %b.next = add i64 %b, 1
  %b.more = icmp ult i64 %b.next, %blocks
  br i1 %b.more, label %block, label %function.end
function.end:
  %k.next = add i64 %k, 1
  %k.more = icmp ult i64 %k.next, %count
  br i1 %k.more, label %function, label %exit
exit:
  ret void
}

define internal void @add_tiles(ptr %shapes, i64 %count, ptr %frames, i64 %stride, i64 %blocks,
                                ptr %sums, ptr %results, i1 %begins, i1 %ends) #0 {
entry:
  %apart = mul i64 %stride, @PHASES@
  %some = icmp ne i64 %count, 0
  br i1 %some, label %shape, label %exit
shape:
  %k = phi i64 [ 0, %entry ], [ %k.next, %shape.end ]
  %own.sums = phi ptr [ %sums, %entry ], [ %next.sums, %shape.end ]
  %own.results = phi ptr [ %results, %entry ], [ %next.results, %shape.end ]
  %k.words = mul i64 %k, 4
  %code.a = getelementptr ptr, ptr %shapes, i64 %k.words
  %table.a = getelementptr ptr, ptr %code.a, i64 1
  %tiles.a = getelementptr i64, ptr %code.a, i64 2
  %code = load ptr, ptr %code.a, align 8
  %table = load ptr, ptr %table.a, align 8
  %tiles = load i64, ptr %tiles.a, align 8
  %cells.a = getelementptr i64, ptr %code.a, i64 3
  %cells = load i64, ptr %cells.a, align 8
  br label %phase
phase:
  %p = phi i64 [ 0, %shape ], [ %p.next, %phase.end ]
  %from = sub i64 %blocks, %p
  %rounded = add i64 %from, @LAST_PHASE@
  %own = udiv i64 %rounded, @PHASES@
  %any = icmp ne i64 %own, 0
  br i1 %any, label %run, label %phase.end
run:
  %frame.o = mul i64 %p, %stride
  %frame = getelementptr i8, ptr %frames, i64 %frame.o
  %lane = mul i64 %p, @LANES@
  %sums.p = getelementptr double, ptr %own.sums, i64 %lane
  call void %code(ptr %frame, i64 %apart, i64 %own, ptr %sums.p, ptr %own.results, ptr %table,
                  i64 %tiles, i1 %begins, i1 %ends)
  br label %phase.end
phase.end:
  %p.next = add i64 %p, 1
  %p.more = icmp ult i64 %p.next, @PHASES@
  br i1 %p.more, label %phase, label %shape.end
shape.end:
  %all = mul i64 %tiles, %cells
  %next.sums = getelementptr @PART@, ptr %own.sums, i64 %all
  %next.results = getelementptr double, ptr %own.results, i64 %all
  %k.next = add i64 %k, 1
  %k.more = icmp ult i64 %k.next, %count
  br i1 %k.more, label %shape, label %exit
exit:
  ret void
}
"""

_PACK = """
declare i64 @llvm.umin.i64(i64, i64)

define internal void @mark(ptr %mask, i64 %lanes) #0 {
entry:
  br label %loop
loop:
  %l = phi i64 [ 0, %entry ], [ %l.next, %loop ]
  %is = icmp ult i64 %l, %lanes
  %bits = sext i1 %is to i64
  %a = getelementptr i64, ptr %mask, i64 %l
  store i64 %bits, ptr %a, align 8
  %l.next = add i64 %l, 1
  %more = icmp ult i64 %l.next, @LANES@
  br i1 %more, label %loop, label %exit
exit:
  ret void
}

define internal void @pack(ptr %inputs, ptr %blocks, i64 %count, i64 %start, i64 %lanes) #0 {
entry:
  %last = sub i64 %lanes, 1
  %any = icmp ne i64 %count, 0
  br i1 %any, label %block, label %exit
block:
  %k = phi i64 [ 0, %entry ], [ %k.next, %block.end ]
  %to = phi ptr [ %inputs, %entry ], [ %to.end, %block.end ]
  %head.a = getelementptr ptr, ptr %blocks, i64 %k
  %structure = load ptr, ptr %head.a, align 8
  %head = getelementptr i8, ptr %structure, i64 @HEAD@
  %shape.a = getelementptr i8, ptr %head, i64 @SHAPE@
  %strides.a = getelementptr i8, ptr %head, i64 @STRIDES@
  %shape = load ptr, ptr %shape.a, align 8
  %strides = load ptr, ptr %strides.a, align 8
  %width.a = getelementptr i64, ptr %shape, i64 1
  %column.a = getelementptr i64, ptr %strides, i64 1
  %numbers = load ptr, ptr %head, align 8
  %rows = load i64, ptr %shape, align 8
  %width = load i64, ptr %width.a, align 8
  %own_stride = load i64, ptr %strides, align 8
  %column_stride = load i64, ptr %column.a, align 8
  %same = icmp eq i64 %rows, 1
  %row_stride = select i1 %same, i64 0, i64 %own_stride
@lane_rows@
  %some = icmp ne i64 %width, 0
  br i1 %some, label %column, label %block.end
column:
  %c = phi i64 [ 0, %block ], [ %c.next, %column ]
  %offset = phi i64 [ 0, %block ], [ %offset.next, %column ]
  %at = phi ptr [ %to, %block ], [ %at.next, %column ]
@gather@
  store @T@ @gathered@, ptr %at, align @BLOCK@
  %at.next = getelementptr i8, ptr %at, i64 @BLOCK@
  %offset.next = add i64 %offset, %column_stride
  %c.next = add i64 %c, 1
  %c.more = icmp ult i64 %c.next, %width
  br i1 %c.more, label %column, label %block.end
block.end:
  %to.end = phi ptr [ %to, %block ], [ %at.next, %column ]
  %k.next = add i64 %k, 1
  %k.more = icmp ult i64 %k.next, %count
  br i1 %k.more, label %block, label %exit
exit:
  ret void
}
"""

_UNPACK = """
define internal void @unpack(ptr %frame, ptr %values, i64 %outputs, i64 %start, i64 %lanes) #0 {
entry:
  %some = icmp ne i64 %outputs, 0
  br i1 %some, label %sample, label %exit
sample:
  %l = phi i64 [ 0, %entry ], [ %l.next, %sample.end ]
  %s = add i64 %start, %l
  %row = mul i64 %s, %outputs
  %to = getelementptr double, ptr %values, i64 %row
  %from = getelementptr double, ptr %frame, i64 %l
  br label %output
output:
  %k = phi i64 [ 0, %sample ], [ %k.next, %output ]
  %lane = mul i64 %k, @LANES@
  %from.k = getelementptr double, ptr %from, i64 %lane
  %to.k = getelementptr double, ptr %to, i64 %k
  %x = load double, ptr %from.k, align 8
  store double %x, ptr %to.k, align 8
  %k.next = add i64 %k, 1
  %k.more = icmp ult i64 %k.next, %outputs
  br i1 %k.more, label %output, label %sample.end
sample.end:
  %l.next = add i64 %l, 1
  %l.more = icmp ult i64 %l.next, %lanes
  br i1 %l.more, label %sample, label %exit
exit:
  ret void
}
"""

_SUMS = """
define internal void @clear(ptr %sums, i64 %count) #0 {
entry:
  %some = icmp ne i64 %count, 0
  br i1 %some, label %loop, label %exit
loop:
  %k = phi i64 [ 0, %entry ], [ %next, %loop ]
  %a = getelementptr @PART@, ptr %sums, i64 %k
  store @PART@ zeroinitializer, ptr %a, align @PART_BYTES@
  %next = add i64 %k, 1
  %more = icmp ult i64 %next, %count
  br i1 %more, label %loop, label %exit
exit:
  ret void
}
"""

_COLLECT = """
define internal void @collect(ptr %totals, ptr %results, ptr %places, i64 %count) #0 {
entry:
  %some = icmp ne i64 %count, 0
  br i1 %some, label %loop, label %exit
loop:
  %k = phi i64 [ 0, %entry ], [ %next, %loop ]
  %place.a = getelementptr i64, ptr %places, i64 %k
  %place = load i64, ptr %place.a, align 8
  %from = getelementptr double, ptr %results, i64 %place
  %to = getelementptr double, ptr %totals, i64 %k
  %x = load double, ptr %from, align 8
  store double %x, ptr %to, align 8
  %next = add i64 %k, 1
  %more = icmp ult i64 %next, %count
  br i1 %more, label %loop, label %exit
exit:
  ret void
}
"""

_FOLD = """
define internal void @fold(ptr %results, ptr %sums, i64 %count) #0 {
entry:
  %some = icmp ne i64 %count, 0
  br i1 %some, label %loop, label %exit
loop:
  %k = phi i64 [ 0, %entry ], [ %next, %loop ]
  %a = getelementptr @PART@, ptr %sums, i64 %k
  %eight = load @PART@, ptr %a, align 64
  %low = shufflevector @PART@ %eight, @PART@ poison, <4 x i32> <i32 0, i32 1, i32 2, i32 3>
  %high = shufflevector @PART@ %eight, @PART@ poison, <4 x i32> <i32 4, i32 5, i32 6, i32 7>
  %four = fadd <4 x double> %low, %high
  %0 = shufflevector <4 x double> %four, <4 x double> poison, <2 x i32> <i32 0, i32 1>
  %1 = shufflevector <4 x double> %four, <4 x double> poison, <2 x i32> <i32 2, i32 3>
  %two = fadd <2 x double> %0, %1
  %x = extractelement <2 x double> %two, i64 0
  %y = extractelement <2 x double> %two, i64 1
  %total = fadd double %x, %y
  %to = getelementptr double, ptr %results, i64 %k
  store double %total, ptr %to, align 8
  %next = add i64 %k, 1
  %more = icmp ult i64 %next, %count
  br i1 %more, label %loop, label %exit
exit:
  ret void
}
"""

_COPY = """
define internal void @fold(ptr %results, ptr %sums, i64 %count) #0 {
entry:
  %some = icmp ne i64 %count, 0
  br i1 %some, label %loop, label %exit
loop:
  %k = phi i64 [ 0, %entry ], [ %next, %loop ]
  %a = getelementptr double, ptr %sums, i64 %k
  %to = getelementptr double, ptr %results, i64 %k
  %x = load double, ptr %a, align 8
  store double %x, ptr %to, align 8
  %next = add i64 %k, 1
  %more = icmp ult i64 %next, %count
  br i1 %more, label %loop, label %exit
exit:
  ret void
}
"""
