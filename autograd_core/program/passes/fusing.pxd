# C types for fusing.py.
cimport cython
from autograd_core.program.analysis.operands cimport Operands
from autograd_core.program.code.writer cimport CodeWriter
from autograd_core.program.passes.rewriting cimport Rewriting

cdef int ADD, MUL, DOT, LONGEST, FREE, ALONE, INNER, END

@cython.locals(rows="const int[:, ::1]", leaves=int, place=int, first=int, second=int, longest=int)
cdef int _find_chains(Operands of, int[::1] counts, int[::1] before, int[::1] length) except -1

@cython.locals(leaves=int, count=int, part_="int[::1]", place=int, first=int, second=int, link=int,
               value=int)
cdef _fuse(Rewriting of, int[::1] counts, int[::1] before, int[::1] length)

cdef bint _is_product(int place, Operands of, int[::1] counts)

@cython.locals(first=int, second=int)
cdef (int, int) _sides(int place, int before, Operands of, int[::1] counts)

@cython.locals(written=CodeWriter, links=list, link=int, pairs=int, first=int, second=int)
cdef int _write_dot(int place, Rewriting of, int[::1] counts, int[::1] before) except? -1000000000

@cython.locals(index=int)
cdef _list_factors(int place, Rewriting of)
