# C types for rolling.py.
cimport cython
from autograd_core.program.backends.native cimport reading, rolls
from autograd_core.program.backends.native.periods cimport Periods
from autograd_core.program.backends.native.reading cimport Reading
from autograd_core.program.backends.native.rolls cimport Rolls

cdef int NEVER, ABOVE, LONGEST, WIDEST, MOST, FEWEST, SAME, CARRIED, MOVING, OTHER

cdef class Rolling(Rolls):
    cdef int constants, _blocked, _least
    cdef int[::1] _refused
    cdef unsigned char[::1] _moves
    cdef Periods _likely

    cdef bint given_up

    @cython.locals(of=Reading, place=int, alone="long long", period=int, kind=int,
                   likely="unsigned long long")
    cdef long long _find(self, long long most) except -1
    @cython.locals(of=Reading, most=int, period=int, turns=int)
    cdef int _period(self, int place, unsigned long long likely) except -1
    @cython.locals(of=Reading, kind=int, operands=int, place=int, count=int, varying=bint, index=int, first=int,
                   second=int, found=int, inside=int)
    cdef bint _begins(self, int start, int period) noexcept
    @cython.locals(of=Reading, column=int, value=int, moves=bint)
    cdef int _look_at(self, int place) except -1
    @cython.locals(of=Reading, column=int, first=int, second=int, carried=bint)
    cdef bint _is_even(self, int place, int period) noexcept
    @cython.locals(of=Reading, index=int, value=int)
    cdef bint _is_stuck(self, int start, int place) noexcept
    @cython.locals(of=Reading)
    cdef bint _same_row(self, int one, int other) noexcept
    @cython.locals(of=Reading, most=int, turns=int, place=int, index=int, first=int, second=int,
                   room=int)
    cdef int _turns(self, int start, int period) except -1
    @cython.locals(of=Reading, before=int, place=int, earlier=int, index=int, operand=int)
    cdef bint _goes_on(self, int start, int period, int turns) noexcept
    @cython.locals(leaves=int, low=int, high=int, roll=int)
    cdef int _room(self, int first, int step) noexcept
