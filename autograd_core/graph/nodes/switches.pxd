# C types for switches.py.
cimport cython

cdef int modes_on
cdef bint _STARTS_EMPTY


@cython.final
cdef class Switch:
    cdef public bint begun, settled
    cdef public object kept
    cdef public Switch outer
    cdef readonly bint setting
    cdef bint counted

@cython.locals(first=Switch, switch=Switch)
cpdef Switch innermost(object variable)

@cython.locals(switch=Switch)
cpdef bint switched(object variable, bint usual) except -1
