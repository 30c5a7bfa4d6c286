# C types for keeping.py.
cimport cython
from autograd_core.program.backends.native cimport reading, rolls
from autograd_core.program.backends.native.reading cimport Reading
from autograd_core.program.backends.native.rolling cimport Rolling

cdef int NEVER, MOVING, CARRIES, KEPT, GIVEN, COSTLIEST, FEW

cdef class Keeping(Rolling):
    cdef unsigned char[::1] kept, again
    cdef int[::1] _read, _alone, _costs

    @cython.locals(of=Reading, place=int, roll=int, period=int, body=int, index=int, first=int,
                   second=int, moving=bint, output=int)
    cdef int _mark_kept(self, int[::1] outputs) except -1
    @cython.locals(roll=int, body=int)
    cdef void _keep(self, int value, bint moving) noexcept
    @cython.locals(of=Reading, turns=int, start=int, place=int, body=int, output=int, turn=int,
                   value=int)
    cdef void _find_given(self, int roll, int given) noexcept
    @cython.locals(of=Reading, start=int, saved=int, spent=int, alone=int, place=int, body=int,
                   index=int)
    cdef void _choose(self, int roll, unsigned char[::1] inline) noexcept
    @cython.locals(roll=int)
    cdef int _cost(self, int value, int reading) noexcept
