# C types for loops.py.
cimport cython
from autograd_core.program.backends.native cimport roles, keeping, placing, reading, rolls, translator
from autograd_core.program.backends.native.roles cimport Roles
from autograd_core.program.backends.native.keeping cimport Keeping
from autograd_core.program.backends.native.translator cimport Translator

cdef int NEVER, ROLLED, ADD, DOT, MUL, SUM, SAME, OWN, CARRIED, CARRIES, DEPENDS, LEADS, KEPT, GIVEN, BINARY, CALLED, LISTED, NOWHERE
cdef int LOAD, STORE, GIVE, LOOP, RUNNING

cdef class LoopTranslator(Translator):
    cdef int[::1] _stored
    cdef list _streams, _again, _products, _results
    cdef dict _carried
    cdef int _turns

    cdef int _prepare(self) except -1
    @cython.locals(rolls=Keeping, place=int, roll=int, body=int)
    cdef int _number(self, int value) except? -1000000000
    @cython.locals(roll=int, body=int)
    cdef int _write_place(self, int place, bint together) except -1
    @cython.locals(rolls=Keeping, start=int, turns=int, begins=int, slots=list, marks=list, place=int,
                   among=int, first=int)
    cdef int _write_loop(self, int roll) except -1
    @cython.locals(of=Roles, result=int)
    cdef int _write_body(self, int roll, int place) except -1
    @cython.locals(of=Roles, rolls=Keeping, start=int, steps=list, place=int, result=int, numbers=list,
                   pair=int, product=int, turn=list, body=int, stored=int, so_far=int, begun=int)
    cdef int _write_turns(self, int roll, list places) except -1
    @cython.locals(of=Roles, start=int, body=int, period=int, index=int, first=int, second=int, how=int)
    cdef bint _only_starts(self, int roll, int place) except -1
    @cython.locals(count=int, form=int, operation=int, second=int, number=int)
    cdef int _write_row(self, int kind, int result, list numbers, bint in_turn) except -1
    cdef list _operands(self, int roll, int place)
    @cython.locals(of=Roles, start=int, period=int, first=int, second=int, how=int)
    cdef int _operand(self, int roll, int place, int index) except? -1000000000
    @cython.locals(operation=int, product=int)
    cdef int _product(self, int first, int second) except? -1000000000
    @cython.locals(rolls=Keeping, stored=int, output=int)
    cdef int _keep(self, int roll, int place, int result) except -1
    @cython.locals(of=Roles, roll=int, base=int, known_first=int, known_second=int, slot=int,
                   place=int, kind=int, operation=int, numbers=list, index=int, one=int, other=int)
    cdef int _moving(self, int first, int second) except? -1000000000
    @cython.locals(of=Roles, place=int, first=int, second=int, operation=int)
    cdef int _computed_alone(self, int value) except? -1000000000
    cdef int _stream(self, int base, int step) except -1
