# C types for making.py.
cimport cython
from autograd_core.graph.nodes cimport node as fields
from autograd_core.graph.nodes cimport slabs, switches
from autograd_core.graph.nodes.node cimport Node
from autograd_core.primitives cimport inlined as forward

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

cdef double number_of(object other, str function) except? -1.0

@cython.locals(node=Node)
cdef object finished(object made)

@cython.locals(node=Node, operand=Node, index=Py_ssize_t, locals_of="double*")
cpdef Node apply(int kind, tuple operands)

@cython.locals(operand=Node, flags=int)
cdef Node variadic(int kind, tuple operands, double out)

@cython.locals(node=Node, locals_of="double*")
cdef Node of_three(int kind, Node x, Node y, Node z, double out, double px, double py, double pz)

cdef object compared(int kind, Node x, Node y)

@cython.locals(a=double, b=double, out=double)
cdef Node compared_node(int kind, Node x, Node y)

cdef Node condition(Node node)

@cython.locals(node=Node)
cdef Node beside(Node x, object other)
