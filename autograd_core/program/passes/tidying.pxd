# C types for tidying.py.
cimport cython
from autograd_core.program.analysis.operands cimport Operands
from autograd_core.program.code.writer cimport CodeWriter
from autograd_core.program.passes.rewriting cimport Rewriting

cdef int ADD, SUM, STRONG_DOT, POW, POWER_RATE, SQUARE, MUL, DIV, STRONG_PRODUCT, WHERE, BUILT_IN, FREE, NEARBY

cdef class Simplifying(Rewriting):
    cdef int[::1] table, following
    cdef int one, two

    @cython.locals(place=int)
    cpdef write(self)
    @cython.locals(written=CodeWriter, kind=int, count=int, first=int, second=int)
    cdef int _simplified(self, int place) except? -1000000000
    cdef bint _is_zero(self, int value)
    cdef bint _begins_with_zero(self, int place)
    @cython.locals(mask=longlong, slot=longlong, link=int, last=int, met=int)
    cdef int _once(self, int kind, long long first, long long second) except? -1000000000
    @cython.locals(place=int)
    cdef int _append(self, long long slot, int last) except -1
    @cython.locals(written=CodeWriter, kind=int, count=int, condition=int, chosen=int, known=bint,
                   mask=longlong, slot=longlong, far=longlong, latest=longlong, link=int, last=int,
                   met=int, index=int, operand=longlong)
    cdef int _simplified_listed(self, int place) except? -1000000000

@cython.locals(place=int, index=int, value=int)
cdef _mark_needed(Operands of, int[::1] needed, int[::1] used)

@cython.locals(place=int)
cdef _prune(Rewriting of, int[::1] needed)
