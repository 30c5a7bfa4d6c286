# C types for sums.py.
cimport cython
from autograd_core.graph cimport memory
from autograd_core.graph.nodes cimport making, node as fields, slabs, switches
from autograd_core.graph.nodes.node cimport Node
from autograd_core.primitives cimport inlined as forward, rules

cdef int CONSTANT, LEAF, INHERITED, LEAF_FLAGS, SUM, DOT, STRONG_DOT


@cython.locals(given=list, operands=tuple, made=Node, node="slabs.Borrowed*",
               term="slabs.Borrowed*", flags=int, out=double, index=Py_ssize_t,
               locals_of="double*")
cpdef Node sum_of(object terms, object start=*)

@cython.locals(index=Py_ssize_t)
cdef tuple _nodes(tuple operands, str function)

@cython.locals(first=list, second=list)
cpdef Node dot(object weights, object inputs, object start=*)

@cython.locals(count=Py_ssize_t, index=Py_ssize_t)
cpdef list dots(list rows, list inputs, list starts)

@cython.locals(made=Node, node="slabs.Borrowed*", weight="slabs.Borrowed*", x="slabs.Borrowed*",
               flags=int, out=double, index=Py_ssize_t, locals_of="double*")
cdef Node _dot(tuple operands)

@cython.locals(operands=tuple, x=Node, y=Node, node=Node, out=double, index=Py_ssize_t,
               locals_of="double*")
cpdef Node strong_dot(object pairs)

@cython.locals(node=Node, index=Py_ssize_t)
cpdef bint distinct_leaves(list things) except -1

@cython.locals(ops=list, values=list, counts=list, edges=list, local_gradients=list, names=dict,
               constants=list, outside=dict, written=dict, index=Py_ssize_t, node=Node,
               parents=tuple, own=dict)
cpdef tuple flattened(list nodes, dict places)

@cython.locals(node=Node, kind=int, flags=int, index=Py_ssize_t, locals_of="double*")
cpdef Node rebuild(object row, double data, double grad, str name, bint constant, tuple parents,
                   tuple local_gradients)
