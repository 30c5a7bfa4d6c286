# C types for uses.py.
cimport cython
from autograd_core.program.analysis.operands cimport Operands

@cython.locals(size=Py_ssize_t, place=Py_ssize_t, index=Py_ssize_t, value=Py_ssize_t)
cdef _count(Operands of, const int[::1] outputs, int[::1] counts)

@cython.locals(place=Py_ssize_t, index=Py_ssize_t, value=int)
cdef _use(Operands of, int[::1] last)
