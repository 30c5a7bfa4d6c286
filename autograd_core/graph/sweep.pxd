# C types for sweep.py. The type of the nodes comes from value.pxd; sweep.py itself imports no Value.
cimport cython
from autograd_core.graph cimport memory
from autograd_core.graph.value cimport Value

cdef long long _next_mark, RESERVED
cdef int CONSTANT
cdef bint _INTERRUPTIBLE

@cython.locals(base=longlong, order=list)
cdef list _order(Value root)

@cython.locals(stack=list, resume=list, mark=longlong, index=Py_ssize_t, count=Py_ssize_t,
               node=Value, parent=Value, parents=tuple, descend=bint)
cdef int _put_in_order(Value root, long long base, list order) except -1

@cython.locals(position=Py_ssize_t, base=longlong, cotangent=double, node=Value, root=Value,
               parent=Value, parents=tuple, index=Py_ssize_t, finite=bint)
cdef int _propagate(list order, double* cotangents, double seed, bint commit, object check) except -1

cpdef long long reserve_marks() except -1

cpdef int give_back_marks(long long base, long long unused) except -1

cpdef backward(Value root, double seed, object check=*)

cpdef list cotangents_at(Value root, double seed, object inputs, object check=*)

cpdef zero(Value root)

@cython.locals(order=list, count=Py_ssize_t, cotangents="double*", index=Py_ssize_t, node=Value)
cpdef _backward(Value root, double seed, object check)

@cython.locals(order=list, count=Py_ssize_t, base=longlong, cotangents="double*", node=Value,
               place=longlong)
cpdef list _cotangents_at(Value root, double seed, object inputs, object check)

@cython.locals(cotangent=double, local=double, parent=Value)
cpdef _own_step(Value node)

@cython.locals(order=list, node=Value)
cpdef _zero(Value root)
