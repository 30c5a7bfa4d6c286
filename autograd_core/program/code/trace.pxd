# C types for trace.py.
cimport cython
from autograd_core.graph cimport marks
from autograd_core.graph.nodes cimport node as fields, slabs
from autograd_core.graph.nodes.node cimport Node
from autograd_core.program.code cimport writer
from autograd_core.program.code.writer cimport CodeWriter

cdef int CONSTANT, LEAF, NUMBER
cdef long long ZERO

@cython.locals(base=longlong, number=Py_ssize_t, node=Node, captured=list, order=list,
               leaves=Py_ssize_t, written=CodeWriter)
cpdef _trace(list outputs, list inputs)

@cython.locals(stack=list, resume=list, output=Node, node=Node, parent=Node, index=Py_ssize_t,
               count=Py_ssize_t, descend=bint)
cdef int _put_in_order(list outputs, long long base, list captured, list order) except -1

cdef Py_ssize_t _count(Node node)
cdef Node _parent(Node node, Py_ssize_t index)
cdef long long _number(Node node, long long zero)

@cython.locals(node=Node, parent=Node, operands=tuple)
cdef _write(list order, long long zero, Py_ssize_t leaves, CodeWriter written)

@cython.locals(index=Py_ssize_t, node=Node)
cpdef read_data(list nodes, double[::1] numbers)

@cython.locals(index=Py_ssize_t, node=Node)
cpdef _add_to_gradients(list nodes, double[::1] numbers)

@cython.locals(index=Py_ssize_t, node=Node)
cpdef write_data(list nodes, double[::1] numbers)

@cython.locals(index=Py_ssize_t, node=Node)
cpdef write_gradients(list nodes, double[::1] numbers)
