"""How a block's inputs come into its frame and its outputs out of it.

A block of inputs is an array of any strides; the numbers of a sample that anything reads become a
column of the frame, a slot for each number and a lane for the sample. The spare lanes of a short
block repeat its last sample and are never stored.
"""

from __future__ import annotations

from autograd_core.program.backends.array_heads import OFFSET, Head
from autograd_core.program.backends.llvm.llvm_formulas import vector_type

__all__ = ["transfers"]


def transfers(lanes: int) -> str:
    """The text of `@pack`, `@pack_short`, `@unpack` and `@mark` for blocks of so many lanes."""
    text = (
        _PACK.replace("@lane_rows@", "\n".join(map(_whole_row, range(lanes))))
        + _PACK.replace("@lane_rows@", "\n".join(map(_short_row, range(lanes)))).replace(
            "@pack(", "@pack_short("
        )
        + _REST
    )
    for name, meaning in {
        "@gather@": "\n".join(_gather(lane, lanes) for lane in range(lanes)),
        "@gathered@": "%x0" if lanes == 1 else f"%g{lanes}",
        "@T@": vector_type(lanes),
        "@LANES@": str(lanes),
        "@BLOCK@": str(8 * lanes),
        "@HEAD@": str(OFFSET),
        "@SHAPE@": str(Head.shape.offset),
        "@STRIDES@": str(Head.strides.offset),
    }.items():
        text = text.replace(name, meaning)
    return text


def _whole_row(lane: int) -> str:
    """Where a lane's sample begins."""
    if lane == 0:
        return (
            "  %o0 = mul i64 %start, %row_stride\n  %r0 = getelementptr i8, ptr %numbers, i64 %o0"
        )
    return f"  %r{lane} = getelementptr i8, ptr %r{lane - 1}, i64 %row_stride"


def _short_row(lane: int) -> str:
    """The same in a short block: past the last sample, that of the last."""
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


_PACK = """
define internal void @pack(ptr %inputs, ptr %blocks, i64 %count, ptr %reads, i64 %start,
                           i64 %lanes) #0 {
entry:
  %last = sub i64 %lanes, 1
  %any = icmp ne i64 %count, 0
  br i1 %any, label %block, label %exit
block:
  %k = phi i64 [ 0, %entry ], [ %k.next, %block.end ]
  %to = phi ptr [ %inputs, %entry ], [ %to.end, %block.end ]
  %read = phi ptr [ %reads, %entry ], [ %read.end, %block.end ]
  %begin = phi i64 [ 0, %entry ], [ %stop, %block.end ]
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
  %stop = add i64 %begin, %width
  %number.first = load i64, ptr %read, align 8
  %some = icmp ult i64 %number.first, %stop
  br i1 %some, label %column, label %block.end
column:
  %number = phi i64 [ %number.first, %block ], [ %number.next, %column ]
  %r = phi ptr [ %read, %block ], [ %r.next, %column ]
  %at = phi ptr [ %to, %block ], [ %at.next, %column ]
  %c = sub i64 %number, %begin
  %offset = mul i64 %c, %column_stride
@gather@
  store @T@ @gathered@, ptr %at, align @BLOCK@
  %at.next = getelementptr i8, ptr %at, i64 @BLOCK@
  %r.next = getelementptr i64, ptr %r, i64 1
  %number.next = load i64, ptr %r.next, align 8
  %c.more = icmp ult i64 %number.next, %stop
  br i1 %c.more, label %column, label %block.end
block.end:
  %to.end = phi ptr [ %to, %block ], [ %at.next, %column ]
  %read.end = phi ptr [ %read, %block ], [ %r.next, %column ]
  %k.next = add i64 %k, 1
  %k.more = icmp ult i64 %k.next, %count
  br i1 %k.more, label %block, label %exit
exit:
  ret void
}
"""

_REST = """
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
