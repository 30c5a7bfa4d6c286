# C types for periods.py.
cimport cython
from autograd_core.program.backends.native.reading cimport Reading

cdef int LONGEST, FAR, FIRST, MOST
cdef unsigned long long ONE

cdef class Periods:
    cdef Reading _of
    cdef int _window, _begin, _stop, _together
    cdef unsigned long long[::1] _likely, _histories, _met

    cdef unsigned long long at(self, int place) except? 18446744073709551615
    @cython.locals(of=Reading, rows="const int[:, ::1]", count=int, last=int, kinds=int, place=int,
                   kind=int, sort=int, again="unsigned long long", reach=int, further=int)
    cdef int _look_at(self, int begin) except -1
    @cython.locals(apart="unsigned long long", history="unsigned long long")
    cdef unsigned long long _again(self, int sort, int place, int step) noexcept
