# C types for roles.py.
cimport cython
from autograd_core.program.backends.native cimport reading
from autograd_core.program.backends.native.reading cimport Reading
from autograd_core.program.backends.native.keeping cimport Keeping
from autograd_core.program.backends.native.summed_products cimport SummedProducts

cdef int ABOVE, DOT, RELU, STRONG_DOT, STRONG_PRODUCT
cdef int PLAIN, ABSORBED, GROUPED, GATE, ROLLED, NEVER, MAXIMUM, PINNED, NEAR, MOST

cdef class Roles(Reading):
    cdef int[::1] last, dot_places, dot_results, dot_next, dot_starts, dot_stops
    cdef const int[::1] xs, weights
    cdef unsigned char[::1] roles
    cdef SummedProducts products
    cdef Keeping rolling

    @cython.locals(constants=int, roll=int, start=int, count=int)
    cdef int _find_rolls(self, code, roles, int given, unsigned char[::1] inline,
                         int most) except -1
    @cython.locals(place=int, left="long long")
    cpdef long long one_by_one(self) except -1
    @cython.locals(place=int, factor=int)
    cdef int _find_gates(self) except -1
    cdef int _find_dots(self, code) except -1
    cdef int _group_dots(self, code, dots) except -1
    cdef int pairs(self, int dot) noexcept
    @cython.locals(index=int, place=int, value=int, dot=int)
    cdef int _absorb_relu(self, int[::1] relus) except -1
    @cython.locals(low=int, high=int, middle=int)
    cdef int dot_at(self, int place) noexcept
    cdef bint has_relu(self, int dot) noexcept
    @cython.locals(dot=int, place=int, leader=int)
    cdef int _link_dots(self, const int[::1] alike, int[::1] leads, int[::1] tail,
                        int[::1] size) except -1
    @cython.locals(first=int, start=int)
    cdef bint _may_join(self, int leader, int place) noexcept
    @cython.locals(place=int, dot=int, products=SummedProducts, group=int, ready=int, run=int,
                   index=int, output=int, roll=int, start=int)
    cdef int _find_last(self, int[::1] outputs) except -1
    @cython.locals(uniform=bint, index=int, operand=int)
    cdef int _need_operands(self, int place, int when) except -1
    cdef int _need(self, int value, int when, bint uniform) except -1
