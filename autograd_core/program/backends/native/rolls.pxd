# C types for rolls.py.
cimport cython
from autograd_core.program.backends.native cimport reading
from autograd_core.program.backends.native.reading cimport Reading

cdef int NEVER, LONGEST
cdef int SAME, OWN, CARRIED, MOVING, OTHER
cdef int CARRIES, DEPENDS, LEADS

cdef class Rolls:
    cdef Reading of
    cdef int rolls
    cdef int[::1] starts, periods, turns, bodies
    cdef unsigned char[::1] marks

    @cython.locals(found="long long", roll=int, body=int)
    cdef long long in_turn(self) except -1
    cdef int body_of(self, int roll, int value) noexcept
    cdef int turn_of(self, int roll, int value) noexcept
    @cython.locals(low=int, high=int, middle=int, roll=int)
    cdef int roll_at(self, int place) noexcept
    @cython.locals(body=int)
    cdef int add(self, int place, int period, int turns) except -1
    @cython.locals(of=Reading, marks="unsigned char[::1]", place=int, index=int, first=int, second=int, found=int)
    cdef int _mark(self, int start, int period, int body) except -1
    @cython.locals(leaves=int, roll=int)
    cdef int sort(self, int start, int period, int place, int first, int second) noexcept
