"""Partial sums in memory: how they begin, and what they come to.

Each is eight numbers, as `samples` says, or one where a block is one lane. The partial sums of
tiles mostly never stand in memory; `llvm_outer` says when they do.
"""

from __future__ import annotations

from autograd_core.program.backends.llvm.llvm_formulas import vector_type
from autograd_core.program.backends.samples import PARTIAL_SUMS

__all__ = ["partial_sums", "sums"]


def partial_sums(lanes: int) -> int:
    """How many numbers a sum is kept in."""
    return 1 if lanes == 1 else PARTIAL_SUMS


def sums(lanes: int) -> str:
    """The text of `@clear`, `@fold` and `@collect` for blocks of so many lanes."""
    text = _CLEAR + (_COPY if lanes == 1 else _FOLD) + _COLLECT
    parts = partial_sums(lanes)
    return text.replace("@PART@", vector_type(parts)).replace("@PART_BYTES@", str(8 * parts))


_CLEAR = """
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
define internal i64 @collect(ptr %totals, ptr %results, ptr %places, i64 %count) #0 {
entry:
  %some = icmp ne i64 %count, 0
  br i1 %some, label %loop, label %exit
loop:
  %k = phi i64 [ 0, %entry ], [ %next, %loop ]
  %before = phi i64 [ 0, %entry ], [ %found, %loop ]
  %place.a = getelementptr i64, ptr %places, i64 %k
  %place = load i64, ptr %place.a, align 8
  %from = getelementptr double, ptr %results, i64 %place
  %to = getelementptr double, ptr %totals, i64 %k
  %x = load double, ptr %from, align 8
  store double %x, ptr %to, align 8
  %nan = fcmp uno double %x, %x
  %bit = zext i1 %nan to i64
  %found = or i64 %before, %bit
  %next = add i64 %k, 1
  %more = icmp ult i64 %next, %count
  br i1 %more, label %loop, label %exit
exit:
  %any = phi i64 [ 0, %entry ], [ %found, %loop ]
  ret i64 %any
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
