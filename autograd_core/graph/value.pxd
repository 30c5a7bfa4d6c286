# C types for value.py.
cimport cython
from autograd_core.graph cimport memory
from autograd_core.graph.nodes cimport making, node as fields, slabs, switches
from autograd_core.graph.nodes.operators cimport Arithmetic
from autograd_core.graph.nodes.node cimport Node

cdef int APART, CONDITION, CONSTANT, DIFFERENTIATED, LEAF, LEAF_FLAGS, NUMERIC, LESS, LESS_EQUAL


@cython.final
cdef class Value(Arithmetic):
    pass


@cython.locals(node=Value)
cdef bint equal(Value x, object other) except -1

@cython.locals(node=Node)
cpdef argument_of(object leaf)

@cython.locals(node=Node, index=Py_ssize_t)
cpdef release_arguments(list nodes)
