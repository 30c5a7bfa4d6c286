# C types for operators.py.
cimport cython
from autograd_core.graph.nodes cimport making, node as fields, slabs, switches
from autograd_core.graph.nodes.node cimport Node
from autograd_core.primitives cimport inlined as forward, rules

include "kinds.pxi"

cdef int CONSTANT
cdef double LN2, DEGREE, RADIAN

cdef object plus(object x, object other)
cdef object minus(object x, object other)
cdef object times(object x, object other)
cdef object over(object x, object other)
cdef object at_least(object x, object bound, str function)
cdef object at_most(object x, object bound, str function)


cdef class Arithmetic(Node):
    pass
