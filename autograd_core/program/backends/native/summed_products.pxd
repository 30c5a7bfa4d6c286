# C types for summed_products.py.
cimport cython
from autograd_core.program.backends.native cimport reading
from autograd_core.program.backends.native.reading cimport Reading

cdef int NEVER, NEAR, MOST

cdef class SummedProducts:
    cdef int[::1] outputs, first_factors, factors, run_starts, group_next, group_runs, group_ready

    cdef _fill(self, Reading of, code, int summed)
    @cython.locals(index=int)
    cdef bint in_a_row(self, int run) except -1
    @cython.locals(run=int, start=int, index=int, leader=int)
    cdef int _link(self, const int[::1] alike, int[::1] leads, int[::1] leaders, int[::1] tail,
                   int[::1] size, int[::1] ready) except -1
