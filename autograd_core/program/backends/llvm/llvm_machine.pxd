# What lane_blocks.h declares, and what compiled modules see of llvm_machine.pyx.
from libc.stdint cimport int64_t

from autograd_core.program.backends.machine.machine cimport Given, Machine, Span

cdef extern from "lane_blocks.h" nogil:
    ctypedef struct Part:
        pass
    ctypedef struct Shape:
        pass
    ctypedef struct Program:
        const Part *uniform_functions
        const Part *functions
        int64_t function_count
        const Shape *shapes
        int64_t shape_count
        const int64_t *reads
        int64_t read_count
        const int64_t *own
        int64_t lanes, frame_size, mask, doubts, first_output, first_input
        int64_t width, summed
        int64_t at_once, in_tiles
        int64_t uniform_doubts
        int doubtful
    void prepare_frames(const Program *, double *, int64_t, int64_t) noexcept
    int64_t run_once(const Program *, const Given *, int64_t, int64_t) noexcept
    void run_blocks(
        const Program *, const Given *, double *, double *, double *, int64_t *, int64_t, int64_t,
        const Span *,
    ) noexcept

cdef class LLVMMachine(Machine):
    cdef object _alive
    cdef Program program
    cdef int64_t _blocks, _ones
