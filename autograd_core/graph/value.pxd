# C types for value.py: they make Value an extension type of 112 bytes.
cimport cython
from autograd_core.primitives cimport forward, rules
from autograd_core.graph cimport memory

include "kinds.pxi"

cdef int LEAF, CONSTANT, NUMERIC, CONDITION, APART, DIFFERENTIATED, LEAF_FLAGS, INHERITED, DEEPEST
cdef int modes_on, _depth
cdef bint _STARTS_EMPTY
cdef list _waiting
cdef double LN2, DEGREE, RADIAN


@cython.final
cdef class Value:
    # What a sweep reads and writes stands together.
    cdef Value _parent0, _parent1
    cdef long long _mark
    cdef int _kind, _flags
    cdef double _local0, _local1, _grad, _data
    # Of n-ary nodes, instead of the two parents above.
    cdef tuple _parents
    cdef double* _locals
    cdef str _name, _origin


cdef void clear(Value node, int kind, double data, int flags) noexcept

@cython.locals(node=Value)
cpdef Value constant_of(double data)

@cython.locals(node=Value)
cdef object leaf_of(double data, object name)

@cython.locals(node=Value)
cpdef Value recording_leaf(double data)

@cython.locals(node=Value)
cdef Value holding(Value x)

cdef object compared(int kind, Value x, Value y)

cdef Value compared_node(int kind, Value x, Value y)

cdef Value condition(Value node)

@cython.locals(node=Value)
cdef Value beside(Value x, object other)

@cython.locals(node=Value)
cdef bint equal(Value x, object other) except -1

cdef bint is_open(Value node) except -1

cdef double number_of(Value node, str asked) except? -1.0

cdef double taken(Value node, str asked) except? -1.0

cdef bint is_differentiated(Value node) except -1

@cython.locals(node=Value)
cpdef Value argument_of(object leaf)

@cython.locals(node=Value, index=Py_ssize_t)
cpdef release_arguments(list nodes)

cdef Value _operand(object other)

@cython.locals(node=Value)
cpdef Value operand_of(object other, str function)

@cython.locals(node=Value)
cdef Value _unary(int kind, Value x, double out, double partial)

@cython.locals(node=Value)
cdef Value _binary(int kind, Value x, Value y, double out, double partial_x, double partial_y)

cdef Value finished(Value node)

@cython.locals(node=Value, operand=Value, index=Py_ssize_t)
cpdef Value apply(int kind, tuple operands)

@cython.locals(node=Value, operand=Value, flags=int)
cdef Value variadic(int kind, tuple operands, double out)

@cython.final
cdef class Switch:
    cdef public bint begun, settled
    cdef public object kept
    cdef public Switch outer
    cdef readonly bint setting

@cython.locals(first=Switch, switch=Switch)
cpdef Switch innermost(object variable)

@cython.locals(switch=Switch)
cpdef bint switched(object variable, bint usual) except -1
