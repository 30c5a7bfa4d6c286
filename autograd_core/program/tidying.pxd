# C types for tidying.py.
cimport cython
from autograd_core.program cimport writer
from autograd_core.program.writer cimport CodeWriter

cdef int POW, POWER_RATE, SQUARE, ADD, MUL, DIV, DOT, STRONG_PRODUCT, WHERE, BUILT_IN, SKIPPED, LONGEST, FREE

cdef int _mapped(int value, int[::1] numbers, int[::1] constants)

@cython.locals(one=int, two=int, value=int, place=int, kind=int, first=int, second=int)
cdef _simplify(int[:, ::1] rows, int[::1] lists, int[::1] arity, int leaves, int[::1] table,
               int[::1] numbers, int[::1] constants, CodeWriter written)

@cython.locals(mask=longlong, slot=longlong)
cdef int _once(int kind, int first, int second, int leaves, int[::1] table,
               CodeWriter written) except? -1000000000

@cython.locals(condition=int, chosen=int, known=bint, mask=longlong, slot=longlong, index=int,
               operand=int)
cdef int _simplify_listed(int kind, int[::1] lists, int first, int count, int leaves,
                          int[::1] table, int[::1] numbers, int[::1] constants,
                          CodeWriter written) except? -1000000000

@cython.locals(count=int, before_="int[::1]", length_="int[::1]", inner_="int[::1]", place=int,
               first=int, second=int, link=int, kind=int, value=int, index=int)
cdef _fuse(int[:, ::1] rows, int[::1] lists, int[::1] arity, int leaves, int[::1] counts,
           int[::1] numbers, int[::1] constants, CodeWriter written)

cdef bint _is_product(int place, int[:, ::1] rows, int leaves, int[::1] counts)

cdef bint _is_link(int place, int other, int[:, ::1] rows, int leaves, int[::1] counts,
                   int[::1] length)

@cython.locals(first=int, second=int)
cdef (int, int) _sides(int place, int before, int[:, ::1] rows, int leaves, int[::1] counts)

@cython.locals(links=list, link=int, pairs=int, first=int, second=int)
cdef int _write_dot(int place, int[:, ::1] rows, int leaves, int[::1] counts, int[::1] before,
                    int[::1] numbers, int[::1] constants, CodeWriter written) except? -1000000000

@cython.locals(place=int, kind=int, index=int)
cdef _mark_needed(int[:, ::1] rows, int[::1] lists, int[::1] arity, int leaves, int[::1] needed,
                  int[::1] used)

cdef void _mark(int value, int[::1] needed, int[::1] used)

@cython.locals(value=int, place=int, kind=int, first=int, second=int, index=int)
cdef _prune(int[:, ::1] rows, int[::1] lists, int[::1] arity, int leaves, int[::1] needed,
            int[::1] numbers, int[::1] constants, CodeWriter written)
