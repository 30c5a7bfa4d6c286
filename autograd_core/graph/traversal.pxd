# C types for traversal.py.
cimport cython
from autograd_core.graph.nodes cimport node as fields, slabs
from autograd_core.graph.nodes.node cimport Node

cdef int CONSTANT, LEAF


@cython.locals(order=list, visited=set, start=Node, path=list, resume=list, kept=list, node=Node,
               parents=tuple, parent=Node, place=Py_ssize_t, count=Py_ssize_t)
cpdef list ordered(object roots, object closed, bint behind_constants=*)
