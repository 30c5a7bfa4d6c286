# C types for tidying.py.
cimport cython
from autograd_core.program.code cimport writer
from autograd_core.program.code.writer cimport CodeWriter

cdef int ADD, SUM, STRONG_DOT, POW, POWER_RATE, SQUARE, MUL, DIV, STRONG_PRODUCT, WHERE, BUILT_IN, SKIPPED, FREE

@cython.locals(one=int, two=int, value=int, place=int, kind=int, first=int, second=int)
cdef _simplify(int[:, ::1] rows, int[::1] lists, int[::1] arity, int leaves, int[::1] table,
               int[::1] numbers, int[::1] constants, CodeWriter written)

cdef bint _is_zero(int value, CodeWriter written)

cdef bint _begins_with_zero(int place, CodeWriter written)

@cython.locals(mask=longlong, slot=longlong)
cdef int _once(int kind, int first, int second, int leaves, int[::1] table,
               CodeWriter written) except? -1000000000

@cython.locals(condition=int, chosen=int, known=bint, mask=longlong, slot=longlong, index=int,
               operand=int)
cdef int _simplify_listed(int kind, int[::1] lists, int first, int count, int leaves,
                          int[::1] table, int[::1] numbers, int[::1] constants,
                          CodeWriter written) except? -1000000000

@cython.locals(place=int, kind=int, index=int)
cdef _mark_needed(int[:, ::1] rows, int[::1] lists, int[::1] arity, int leaves, int[::1] needed,
                  int[::1] used)

cdef void _mark(int value, int[::1] needed, int[::1] used)

@cython.locals(value=int, place=int, kind=int, first=int, second=int, index=int)
cdef _prune(int[:, ::1] rows, int[::1] lists, int[::1] arity, int leaves, int[::1] needed,
            int[::1] numbers, int[::1] constants, CodeWriter written)
