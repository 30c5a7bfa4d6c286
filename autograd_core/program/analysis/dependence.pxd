# C types for dependence.py.
cimport cython
from autograd_core.program.analysis.operands cimport Operands

@cython.locals(place=Py_ssize_t, index=Py_ssize_t, operand=int, depth=int, varying=int)
cdef _follow(Operands of, int[::1] depths, int[::1] varies)
