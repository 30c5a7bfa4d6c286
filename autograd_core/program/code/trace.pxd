# C types for trace.py.
cimport cython
from autograd_core.graph cimport marks
from autograd_core.graph.nodes cimport node as fields, slabs
from autograd_core.graph.nodes.node cimport Node
from autograd_core.graph.nodes.slabs cimport Borrowed, Row
from autograd_core.program.code cimport writer
from autograd_core.program.code.writer cimport CodeWriter

cdef int CONSTANT, FIRST, LEAF, NUMBER
cdef long long ZERO

@cython.locals(base=longlong, number=Py_ssize_t, node=Node, captured=list, order="Row*",
               values=longlong, written=CodeWriter)
cpdef _trace(list outputs, list inputs)

@cython.locals(stack="Row*", resume="Row*", output=Node, node="Borrowed*", parent="Borrowed*",
               index=Py_ssize_t, count=Py_ssize_t, many=bint, descend=bint)
cdef int _put_in_order(list outputs, long long base, list captured, Row* order) except -1

cdef int _list(Borrowed* node, long long base, list captured, Row* order) except -1
cdef int _number(Borrowed* node, long long zero) noexcept
cdef int _number_of(Node node, long long zero) noexcept

@cython.locals(place=Py_ssize_t, node="Borrowed*", count=Py_ssize_t, index=Py_ssize_t, first=int,
               second=int)
cdef int _write(Row* order, long long zero, CodeWriter written) except -1

@cython.locals(index=Py_ssize_t, node=Node)
cpdef read_data(list nodes, double[::1] numbers)

@cython.locals(index=Py_ssize_t, node=Node)
cpdef _add_to_gradients(list nodes, double[::1] numbers)

@cython.locals(index=Py_ssize_t, node=Node)
cpdef write_data(list nodes, double[::1] numbers)

@cython.locals(index=Py_ssize_t, node=Node)
cpdef write_gradients(list nodes, double[::1] numbers)
