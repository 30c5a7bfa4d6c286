"""What calls a program's functions for one batch of samples after another, whatever the program.

A call is told everything by one record (`llvm_record`), so that Python hands over a single number.
A batch is a few blocks of lanes, each with a frame of its own. The driver puts the inputs into the
frames, runs the program's functions and the tiles of products, and takes the outputs out. The last
block may be short: its spare lanes repeat the last sample, and the mask in its frame tells the
functions which they are. Doubts about products, as `llvm_text` explains, are gathered in one word
of the record: of lanes that are samples, of the uniform part, and of sums that come to NaN.
"""

from __future__ import annotations

from autograd_core.program.backends.array_heads import OFFSET
from autograd_core.program.backends.llvm.llvm_formulas import vector_type
from autograd_core.program.backends.llvm.llvm_record import BEGIN, END, UNIFORM, Record, loads
from autograd_core.program.backends.llvm.text.llvm_sums import partial_sums, sums
from autograd_core.program.backends.llvm.text.llvm_text import ATTRIBUTES
from autograd_core.program.backends.llvm.text.llvm_transfer import transfers

__all__ = ["batch", "driver"]

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


def driver(lanes: int) -> str:
    """The text of `@run(ptr record)` for blocks of so many lanes."""
    text = _RUN + _CALLS
    for name, meaning in {
        "@fields@": loads(),
        "@LANES@": str(lanes),
        "@BLOCK@": str(8 * lanes),
        "@PHASES@": str(partial_sums(lanes) // lanes),
        "@LAST_PHASE@": str(partial_sums(lanes) // lanes - 1),
        "@HEAD@": str(OFFSET),
        "@PART@": vector_type(partial_sums(lanes)),
        "@BITS@": "i64" if lanes == 1 else f"<{lanes} x i64>",
        "@ANY_OF@": "add i64 0,"
        if lanes == 1
        else f"call i64 @llvm.vector.reduce.or.v{lanes}i64(<{lanes} x i64>",
        "@END_ANY@": "" if lanes == 1 else ")",
        "@UNIFORM@": str(UNIFORM),
        "@BEGIN@": str(BEGIN),
        "@END@": str(END),
        "@FIRST_BLOCK@": str(int(Record.FIRST_BLOCK)),
    }.items():
        text = text.replace(name, meaning)
    return f"{text}{transfers(lanes)}{sums(lanes)}\nattributes #0 = {{ {ATTRIBUTES} }}\n"


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
  store i64 0, ptr %UNIFORM_DOUBTS, align 8
  call void @call_all(ptr %UNIFORM_FUNCTIONS, i64 %UNIFORM_COUNT, ptr %UNIFORM_VALUES, i64 0,
                      i64 1, ptr %captured, ptr null, ptr null)
  %uniform.d = load i64, ptr %UNIFORM_DOUBTS, align 8
  store i64 %uniform.d, ptr %DOUBT.a, align 8
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
  %b = phi i64 [ 0, %marked ], [ %b.next, %block.end ]
  %frame.o = mul i64 %b, %FRAME_BYTES
  %frame.inputs = getelementptr i8, ptr %first.input, i64 %frame.o
  %b.first = mul i64 %b, @LANES@
  %b.start = add i64 %start, %b.first
  %b.left = sub i64 %samples, %b.first
  %b.lanes = call i64 @llvm.umin.i64(i64 %b.left, i64 @LANES@)
  %b.whole = icmp eq i64 %b.lanes, @LANES@
  br i1 %b.whole, label %whole, label %not.whole
whole:
  call void @pack(ptr %frame.inputs, ptr %inputs, i64 %BLOCKS, ptr %READS, i64 %b.start,
                  i64 %b.lanes)
  br label %block.end
not.whole:
  call void @pack_short(ptr %frame.inputs, ptr %inputs, i64 %BLOCKS, ptr %READS, i64 %b.start,
                  i64 %b.lanes)
  br label %block.end
block.end:
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
  %o.frame = getelementptr i8, ptr %FRAMES, i64 %o.o
  %o.mask.a = getelementptr i8, ptr %o.frame, i64 %MASK
  %o.mask = load @BITS@, ptr %o.mask.a, align @BLOCK@
  %o.doubts.a = getelementptr i8, ptr %o.frame, i64 %DOUBTS
  %o.doubts = load @BITS@, ptr %o.doubts.a, align @BLOCK@
  store @BITS@ zeroinitializer, ptr %o.doubts.a, align @BLOCK@
  %o.real = and @BITS@ %o.mask, %o.doubts
  %o.any = @ANY_OF@ %o.real@END_ANY@
  %o.before = load i64, ptr %DOUBT.a, align 8
  %o.doubt = or i64 %o.before, %o.any
  store i64 %o.doubt, ptr %DOUBT.a, align 8
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
  %sums.d = call i64 @collect(ptr %totals, ptr %RESULTS, ptr %PLACES, i64 %SUMS)
  %before.d = load i64, ptr %DOUBT.a, align 8
  %all.d = or i64 %before.d, %sums.d
  store i64 %all.d, ptr %DOUBT.a, align 8
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
