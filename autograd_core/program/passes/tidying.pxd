# C types for tidying.py.
cimport cython
from autograd_core.program.analysis.operands cimport Operands
from autograd_core.program.code cimport writer
from autograd_core.program.code.writer cimport CodeWriter
from autograd_core.program.passes cimport fusing

cdef int ADD, SUM, STRONG_DOT, POW, POWER_RATE, SQUARE, MUL, DIV, STRONG_PRODUCT, WHERE, BUILT_IN, SKIPPED, FREE, NEARBY

@cython.locals(leaves=int, one=int, two=int, value=int, place=int, kind=int, count=int, first=int,
               second=int)
cdef _simplify(Operands of, int[::1] table, int[::1] following, int[::1] numbers,
               int[::1] constants, CodeWriter written)

cdef bint _is_zero(int value, CodeWriter written)

cdef bint _begins_with_zero(int place, CodeWriter written)

@cython.locals(mask=longlong, slot=longlong, link=int, last=int, met=int)
cdef int _once(int kind, long long first, long long second, int leaves, int[::1] table,
               int[::1] following, CodeWriter written) except? -1000000000

@cython.locals(place=int)
cdef int _append(long long slot, int last, int[::1] table, int[::1] following,
                 CodeWriter written) except -1

@cython.locals(kind=int, count=int, condition=int, chosen=int, known=bint, mask=longlong,
               slot=longlong, far=longlong, latest=longlong, link=int, last=int, met=int, index=int,
               operand=longlong)
cdef int _simplify_listed(int place, Operands of, int[::1] table, int[::1] following,
                          int[::1] numbers, int[::1] constants, CodeWriter written) except? -1000000000

@cython.locals(place=int, index=int, value=int)
cdef _mark_needed(Operands of, int[::1] needed, int[::1] used)

@cython.locals(value=int, place=int)
cdef _prune(Operands of, int[::1] needed, int[::1] numbers, int[::1] constants, CodeWriter written)
