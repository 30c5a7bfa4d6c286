# C types for tapes.py.
cimport cython

cdef class Tape:
    cdef int[:, ::1] _rows
    cdef int size
    @cython.locals(place=int)
    cdef int emit(self, int operation, int result, int first, int second) except -1
    cdef finished(self)

cdef class Numbers:
    cdef int _first, _step, _waiting, used
    cdef int[::1] _free
    cdef int take(self) except? -1
    @cython.locals(last=int)
    cdef int take_in_a_row(self, int count) except? -1
    cdef int give_back(self, int number) except -1
