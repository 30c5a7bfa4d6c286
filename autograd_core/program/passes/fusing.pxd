# C types for fusing.py.
cimport cython
from autograd_core.program.code cimport writer
from autograd_core.program.code.writer cimport CodeWriter

cdef int ADD, MUL, DOT, LONGEST, FREE

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
