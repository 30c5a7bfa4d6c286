# C types for reading.py.
cimport cython

cdef int ABOVE, RELU, NEVER

cdef class Reading:
    cdef bint single
    cdef int leaves
    cdef int[::1] arity, lists, uses, outputs, output_next
    cdef int[:, ::1] rows
    cdef double[::1] constants
    cdef unsigned char[::1] uniform

    @cython.locals(other=Reading)
    cdef Reading apart(self)
    @cython.locals(arity=int)
    cdef int count(self, int place) noexcept
    cdef int operand(self, int place, int index) noexcept
    cdef bint is_zero(self, int value) noexcept
    cdef bint given(self, int value) noexcept
    @cython.locals(place=int, index=int, operand=int, uniform=bint)
    cdef int _mark_uniform(self) except -1
    @cython.locals(place=int, first=int, kind=int)
    cdef int _read_relu(self, int[::1] relus) except -1
    @cython.locals(place=int, index=int, operand=int, output=int, value=int)
    cdef int _count_uses(self, int[::1] outputs) except -1
