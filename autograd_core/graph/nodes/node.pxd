# C types for node.py: they make Node an extension type of 88 bytes. node_fields.h knows them too.
cimport cython
from autograd_core.graph cimport memory
from autograd_core.graph.nodes cimport slabs, switches

cdef int LEAF, CONSTANT, NUMERIC, CONDITION, APART, DIFFERENTIATED, NUMBER, FIRST
cdef int LEAF_FLAGS, INHERITED
cdef str NAME, ORIGIN
cdef slabs.State* state


cdef class Node:
    # What a sweep reads and writes stands together.
    cdef Node _parent0, _parent1
    cdef long long _mark
    cdef int _kind, _flags
    cdef double _local0, _local1, _grad, _data
    cdef dict __dict__


cpdef dict attributes(Node node)

cpdef unfold(Node node)

cdef bint is_open(Node node) except -1

cdef double number_of(Node node, str asked) except? -1.0

cpdef double taken(Node node, str asked) except? -1.0

@cython.locals(node=Node)
cdef bint is_differentiated(object node) except -1
