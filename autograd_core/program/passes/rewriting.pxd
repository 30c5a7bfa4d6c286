# C types for rewriting.py.
cimport cython
from autograd_core.program.analysis.operands cimport Operands
from autograd_core.program.code cimport writer
from autograd_core.program.code.writer cimport CodeWriter

cdef int SKIPPED

cdef class Rewriting(Operands):
    cdef int[::1] numbers, constants
    cdef CodeWriter written

    cdef int now(self, int value) noexcept
    @cython.locals(kind=int, count=int, index=int, first=int, second=int)
    cdef int copied(self, int place) except? -1000000000
    cpdef finished(self, code)
