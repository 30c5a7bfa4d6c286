# C types for sweep.py. Its rows hold nodes without references: what a sweep meets, its root keeps.
cimport cython
from autograd_core.graph cimport marks, memory
from autograd_core.graph.nodes cimport slabs
from autograd_core.graph.nodes.node cimport Node
from autograd_core.graph.nodes.slabs cimport Borrowed, Row

cdef int CONSTANT
cdef bint _INTERRUPTIBLE

@cython.locals(position=Py_ssize_t, cotangent=double, node="Borrowed*", parent="Borrowed*",
               index=Py_ssize_t, finite=bint, local=double)
cdef int _propagate(Row* order, long long base, double* cotangents, double seed, bint commit,
                    object check) except -1

cpdef backward(Node root, double seed, object check=*)

cpdef list cotangents_at(Node root, double seed, object inputs, object check=*)

cpdef zero(Node root)

@cython.locals(order="Row*", base=longlong, count=Py_ssize_t, cotangents="double*",
               index=Py_ssize_t)
cpdef _backward(Node root, double seed, object check)

@cython.locals(order="Row*", base=longlong, cotangents="double*", place=longlong)
cpdef list _cotangents_at(Node root, double seed, object inputs, object check)

@cython.locals(cotangent=double, local=double, parent=Node)
cpdef _own_step(Node node)

@cython.locals(order="Row*", index=Py_ssize_t)
cpdef _zero(Node root)
