# C types for reading.py.
cimport cython
from autograd_core.program.analysis.operands cimport Operands

cdef int ABOVE, RELU, NEVER

cdef class Reading(Operands):
    cdef bint single
    cdef int[::1] uses, outputs, output_next
    cdef const double[::1] constants
    cdef unsigned char[::1] uniform

    @cython.locals(other=Reading)
    cdef Reading apart(self)
    cdef bint is_zero(self, int value) noexcept
    cdef bint given(self, int value) noexcept
    @cython.locals(output=int, value=int)
    cdef int _link_outputs(self, const int[::1] outputs) except -1

@cython.locals(place=Py_ssize_t, kind=int, first=int, second=int)
cdef _read_relu(int[:, ::1] rows, const double[::1] constants, int leaves, int[::1] relus)
