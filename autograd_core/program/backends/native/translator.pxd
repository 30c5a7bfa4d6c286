# C types for translator.py.
cimport cython
from autograd_core.program.backends.native cimport roles, reading
from autograd_core.program.backends.native.roles cimport Roles
from autograd_core.program.backends.native.summed_products cimport SummedProducts
from autograd_core.program.backends.native.placing cimport Placing
from autograd_core.program.backends.native.tapes cimport Tape

cdef int ABSORBED, GATE, GROUPED, NEVER, DOT, STRONG_DOT, SUM, BINARY, LISTED, CALLED, CALL
cdef int OUTERS, DOTS, DOTS_RELU, STRONG_DOTS, GATED, SHORT

cdef class Translator(Placing):
    cdef int _prepare(self) except -1
    @cython.locals(of=Roles, products=SummedProducts, group=int, value=int, place=int,
                   together=bint)
    cdef int _write(self) except -1
    @cython.locals(role=int)
    cdef int _write_place(self, int place, bint together) except -1
    @cython.locals(role=int, dot=int)
    cdef int _release_at(self, int place) except -1
    @cython.locals(of=Roles, index=int)
    cdef int _release_operands(self, int place, bint gate, int when) except -1
    @cython.locals(of=Roles, kind=int, value=int, tape=Tape, form=int, operation=int, count=int,
                   first=int, second=int, result=int, index=int)
    cdef int _write_one(self, int place, bint gate, bint together) except -1
    @cython.locals(of=Roles, leader=int, pairs=int, dot=int, sums=int, pair=int, strong=bint,
                   members=list, first=int, begin=int, stop=int, stops=list, operation=int, tape=Tape)
    cdef int _write_dots(self, int place) except -1
    @cython.locals(of=Roles, start=int, stop=int, dot=int, pair=int, begin=int, number=int, apart=int)
    cdef list _stretches(self, list members, int pairs)
    @cython.locals(products=SummedProducts, stop=int, ready=int, run=int, index=int)
    cdef int _write_outers(self, int group, int place) except -1
    @cython.locals(products=SummedProducts, members=list, run=int, begin=int, count=int, index=int,
                   first=int, listed=int)
    cdef int _write_outer(self, int leader) except -1
