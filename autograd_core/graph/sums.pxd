# C types for sums.py.
cimport cython
from autograd_core.primitives cimport forward, rules
from autograd_core.graph cimport memory, value
from autograd_core.graph.value cimport Value

cdef int CONSTANT, LEAF, SUM, DOT, STRONG_DOT


@cython.locals(operands=list, operand=Value, node=Value, out=double, index=Py_ssize_t)
cpdef Value sum_of(object terms, object start=*)

@cython.locals(operands=tuple, operand=Value, weight=Value, x=Value, node=Value, out=double,
               first=list, second=list, index=Py_ssize_t)
cpdef Value dot(object weights, object inputs, object start=*)

@cython.locals(operands=tuple, x=Value, y=Value, node=Value, out=double, index=Py_ssize_t)
cpdef Value strong_dot(object pairs)

@cython.locals(node=Value, index=Py_ssize_t)
cpdef bint distinct_leaves(list things) except -1

@cython.locals(node=Value, kind=int, index=Py_ssize_t)
cpdef Value rebuild(object row, double data, double grad, str name, bint constant, tuple parents,
                    tuple local_gradients)
