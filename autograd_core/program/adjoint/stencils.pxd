# C types for stencils.py.
cimport cython
from autograd_core.program.code.writer cimport CodeWriter

cdef class Stencil:
    cdef int _operands, _result
    cdef int[::1] _steps, _values
    @cython.locals(filled=int, at=int, kind=int, listed=int,
                   count=int, place=int, last=int)
    cdef int write(self, int first, int second, int out, CodeWriter written) except? -1000000000
    cdef int _number(self, int number) noexcept

@cython.locals(values=list, constants=list, listed=bint, step_kind=int, of=list, first=int, second=int)
cpdef list write_partial(object template, list operands, int out, CodeWriter written)

cdef int _numbered(int number, list values, list constants, CodeWriter written) except? -1000000000
