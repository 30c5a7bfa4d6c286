# C types for writer.py.
cimport cython

cdef class CodeWriter:
    cdef readonly int inputs, captured
    cdef int _written, _listed
    cdef int[:, ::1] _rows
    cdef int[::1] _lists
    cdef list _constants
    cdef dict _known

    cpdef int constant(self, double number) except? -1000000000
    cpdef double number_of_constant(self, int value) except? -1
    @cython.locals(place=int)
    cpdef int emit(self, int kind, int first, int second) except -1
    cpdef int list_operand(self, int value) except -1
    cpdef int emit_listed(self, int kind, int count) except -1
    @cython.locals(index=int)
    cpdef list take_back(self, int count)
    cpdef int kind(self, int place)
    cpdef bint same(self, int place, int kind, int first, int second)
    @cython.locals(first=int, last=int, k=int)
    cpdef bint same_listed(self, int place, int kind, int count)
    cpdef int size(self)
