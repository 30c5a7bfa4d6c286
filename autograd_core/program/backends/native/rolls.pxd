# C types for rolls.py.
cimport cython
from autograd_core.program.backends.native cimport reading
from autograd_core.program.backends.native.reading cimport Reading

cdef int ADD, SUB, DOT, NEVER, LONGEST
cdef int SAME, OWN, CARRIED, MOVING, OTHER

cdef class Rolls:
    cdef Reading of
    cdef int rolls
    cdef int[::1] starts, periods, turns, bodies, ends, _chain

    cdef int body_of(self, int roll, int value) noexcept
    cdef int turn_of(self, int roll, int value) noexcept
    @cython.locals(low=int, high=int, middle=int, roll=int)
    cdef int roll_at(self, int place) noexcept
    @cython.locals(body=int, member=int, index=int, first=int, second=int, links=int, link=int)
    cdef int add(self, int place, int period, int turns) except -1
    @cython.locals(leaves=int, carried=bint, roll=int)
    cdef int sort(self, int start, int period, int place, int first, int second) noexcept
    @cython.locals(of=Reading, links=int, link=int, at=int, reads=int, index=int, operand=int, kind=int,
                   begins=bint)
    cdef int _links(self, int place, int value, int end) noexcept
    @cython.locals(of=Reading, index=int, before=int)
    cdef bint _ends_with_sums(self, int place, int end) noexcept
