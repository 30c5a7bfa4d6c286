# C types for placing.py.
cimport cython
from autograd_core.program.backends.native cimport reading
from autograd_core.program.backends.native.roles cimport Roles
from autograd_core.program.backends.native.tapes cimport Numbers, Tape

cdef int NEVER, NOWHERE, LOAD, STORE, REDUCE

cdef class Placing:
    cdef Roles _of
    cdef int _inputs, _constants, _kept, _listed
    cdef int[::1] _forms, _operations, _special, _lists, _numbers
    cdef Tape _lane_tape, _uniform_tape
    cdef Numbers _slots, _uniforms
    cdef readonly long long effort, in_turn

    cpdef uniform_code(self)
    cpdef lane_code(self)
    cpdef numbers_of(self, values)
    @cython.locals(index=Py_ssize_t)
    cdef int _put_numbers(self, int[::1] values, int[::1] found) except -1
    cpdef lists(self)
    cpdef int uniforms(self)
    cpdef int slots(self)
    @cython.locals(output=int)
    cdef int _give_constants(self, int[::1] outputs) except -1
    cdef int _number(self, int value) except? -1000000000
    @cython.locals(numbers=Numbers)
    cdef int _assign(self, int value) except? -1000000000
    @cython.locals(numbers=Numbers)
    cdef void _release(self, int value, int when)
    cdef int _list(self, int number) except -1
    @cython.locals(output=int)
    cdef int _give_all(self, int value, int when) except -1
    @cython.locals(number=int)
    cdef int _give_out(self, int value, int output) except -1
