# C types for marks.py. Its rows hold nodes without references: what is met, its root keeps.
cimport cython
from autograd_core.graph.nodes cimport slabs
from autograd_core.graph.nodes.node cimport Node
from autograd_core.graph.nodes.slabs cimport Borrowed, Row

cdef long long _next_mark, RESERVED
cdef int CONSTANT

cpdef long long reserve() except -1

cpdef int give_back(long long base, long long unused) except -1

@cython.locals(base=longlong, stack="Row*", resume="Row*", mark=longlong, index=Py_ssize_t,
               count=Py_ssize_t, node="Borrowed*", parent="Borrowed*", descend=bint)
cdef long long put_in_order(Node root, Row* order) except -1
