# C types for reverse.py.
cimport cython
from autograd_core.program.analysis.operands cimport Operands
from autograd_core.program.adjoint cimport stencils
from autograd_core.program.adjoint.stencils cimport Stencil
from autograd_core.program.code cimport writer
from autograd_core.program.code.writer cimport CodeWriter

cdef int ADD, NEG, MUL, SUM, STRONG_DOT, STRONG_PRODUCT, NOWHERE

@cython.locals(place=Py_ssize_t, index=Py_ssize_t, operand=int)
cdef _mark_leading(Operands of, int[::1] barriers, int[::1] leads)

@cython.locals(rows="const int[:, ::1]", lists="const int[::1]", arity="const int[::1]", leaves=int,
               met_="int[::1]", stack_="int[::1]", resume_="int[::1]", filled=int, output=int,
               depth=int, place=int, index=int, kind=int, count=int, descend=bint, operand=int)
cdef int _sweep_order(Operands of, int[::1] leads, int[::1] outputs, int[::1] order) except -1

cdef class Pairs:
    cdef int[::1] _cotangents, _first, _last, _next, _partials
    cdef int _used, _zero
    @cython.locals(pair=int)
    cpdef int add(self, int value, int cotangent, int partial) except -1
    @cython.locals(pair=int, count=int, products=bint)
    cpdef int total(self, int value, int one, CodeWriter written) except? -1000000000

cpdef bint is_zero(int value, CodeWriter written) except -1

@cython.locals(number=double)
cdef int product(int cotangent, int partial, int one, CodeWriter written) except? -1000000000

@cython.locals(leaves=int, filled=int, one=int, pairs=Pairs, output=int, seed=int,
               order_="int[::1]", position=int, place=int, cotangent=int, kind=int, count=int,
               index=int, operand=int, first=int, second=int, partial=int, flat=list,
               stencil=Stencil)
cdef list _pull_back(Operands of, int[::1] leads, int[::1] outputs, list seeds, list wanted,
                     CodeWriter written)

@cython.locals(count=int, index=int, operand=int, partial=int, found=list)
cdef _pull_back_listed(int kind, list operands, int out, int cotangent, int[::1] leads,
                       Pairs pairs, CodeWriter written)
