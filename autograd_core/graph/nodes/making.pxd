# C types for making.py.
cimport cython
from autograd_core.graph.nodes cimport node as fields
from autograd_core.graph.nodes cimport slabs, switches
from autograd_core.graph.nodes.node cimport Node

cdef int CONSTANT, CONDITION, INHERITED, LEAF, LEAF_FLAGS, HELD, LESS

cpdef Node constant_of(double data)

@cython.locals(node=Node)
cdef object leaf_of(double data, object name)

cpdef Node recording_leaf(double data)

@cython.locals(node=Node)
cdef Node holding(Node x)

cdef Node operand_or_none(object other)

@cython.locals(node=Node)
cpdef Node operand_of(object other, str function)

@cython.locals(node=Node)
cdef object finished(object made)

@cython.locals(node=Node, operand=Node, index=Py_ssize_t, locals_of="double*")
cpdef Node apply(int kind, tuple operands)

@cython.locals(operand=Node, flags=int)
cdef Node variadic(int kind, tuple operands, double out)

cdef object compared(int kind, Node x, Node y)

cdef Node compared_node(int kind, Node x, Node y)

cdef Node condition(Node node)

@cython.locals(node=Node)
cdef Node beside(Node x, object other)
