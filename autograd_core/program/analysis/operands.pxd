# C types for operands.py.
cimport cython

cdef class Operands:
    cdef int leaves
    cdef const int[::1] arity, lists
    cdef const int[:, ::1] rows

    @cython.locals(arity=int)
    cdef int count(self, Py_ssize_t place) noexcept
    cdef int operand(self, Py_ssize_t place, Py_ssize_t index) noexcept
