# C types for rolling.py.
cimport cython
from autograd_core.program.backends.native cimport reading
from autograd_core.program.backends.native.reading cimport Reading

cdef int ADD, SUB, DOT, NEVER, LONGEST, WIDEST, MOST, FEWEST
cdef int SAME, OWN, CARRIED, MOVING, OTHER

cdef class Rolling:
    cdef Reading of
    cdef int rolls, constants
    cdef int[::1] starts, periods, turns, bodies, ends, _refused, _chain

    cdef int body_of(self, int roll, int value) noexcept
    cdef int turn_of(self, int roll, int value) noexcept
    @cython.locals(low=int, high=int, middle=int, roll=int)
    cdef int roll_at(self, int place) noexcept
    @cython.locals(rows="const int[:, ::1]", refused="int[::1]", place=int, count=int, period=int,
                   found=int)
    cdef int _find(self) except -1
    @cython.locals(body=int, member=int, index=int, first=int, second=int, links=int, link=int)
    cdef int _add(self, int place, int period, int turns) except -1
    @cython.locals(of=Reading, rows="const int[:, ::1]", kind=int, operands=int, place=int, count=int, varying=bint, carried=int, index=int, first=int,
                   second=int, found=int, inside=int)
    cdef bint _begins(self, int start, int period) noexcept
    @cython.locals(rows="const int[:, ::1]")
    cdef bint _same_row(self, int one, int other) noexcept
    @cython.locals(leaves=int, carried=bint, roll=int)
    cdef int sort(self, int start, int period, int place, int first, int second) noexcept
    @cython.locals(of=Reading, links=int, members="unsigned long long", bit="unsigned long long",
                   at=int, reads=int, index=int, operand=int, kind=int, begins=bint)
    cdef int _links(self, int place, int value, int end) noexcept
    @cython.locals(of=Reading, most=int, turns=int, place=int, index=int, first=int, second=int,
                   room=int)
    cdef int _turns(self, int start, int period) except -1
    @cython.locals(of=Reading, before=int, place=int, earlier=int, index=int, operand=int)
    cdef bint _goes_on(self, int start, int period, int turns) noexcept
    @cython.locals(leaves=int, low=int, high=int, roll=int)
    cdef int _room(self, int first, int step) noexcept
