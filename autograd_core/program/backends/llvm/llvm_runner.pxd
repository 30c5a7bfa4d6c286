# C types for llvm_runner.py.
cimport cython
from autograd_core.program.backends.llvm cimport machine_call

cdef int START, DOUBT, ALL

cdef class Runner:
    cdef object _program, _nothing
    cdef list _scratch
    cdef bint _strong
    cdef long long _cost, _kept, _summed
    cdef Py_ssize_t _driver

    @cython.locals(cost=longlong, scratch=_Scratch)
    cpdef tuple run(self, blocks, captured, long long count, int threads)
    cdef _rows(self, long long count)
    @cython.locals(scratch=_Scratch)
    cdef _Scratch _take(self, int blocks)

cdef class _Scratch:
    cdef int blocks
    cdef long long[::1] _words
    cdef Py_ssize_t address
    cdef object _alive

    cdef bint in_doubt(self)

    @cython.locals(words="long long[::1]", place=int, quick=bint)
    cdef int aim(self, long long start, long long stop, int flags, captured, values, sums, blocks,
                 list keep) except -1
