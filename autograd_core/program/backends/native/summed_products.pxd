# C types for summed_products.py.
cimport cython
from autograd_core.program.backends.native cimport hashing, reading
from autograd_core.program.backends.native.reading cimport Reading

cdef int NEVER, NEAR, MOST

cdef class SummedProducts:
    cdef int[::1] outputs, first_factors, factors, run_starts, group_next, group_runs, group_ready

    cdef _fill(self, Reading of, code, int summed)
    @cython.locals(mask=int, run=int, start=int, stop=int, key="unsigned long long",
                   slot="unsigned long long", index=int, leader=int, last=int)
    cdef int _link(self, int[::1] table, int[::1] leaders, int[::1] tail, int[::1] size,
                   int[::1] ready) except -1
    @cython.locals(start=int, count=int, index=int, alike=bint)
    cdef bint _alike(self, int one, int other) noexcept
