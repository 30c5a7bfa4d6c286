# What machine_call.py does, for compiled modules.
ctypedef void (*Function)(Py_ssize_t) noexcept nogil

cdef inline void call(Py_ssize_t function, Py_ssize_t argument) noexcept:
    with nogil:
        (<Function>function)(argument)
