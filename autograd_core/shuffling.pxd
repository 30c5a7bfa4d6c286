cimport cython

@cython.locals(order=list, last=Py_ssize_t, other=Py_ssize_t, draw=double)
cpdef list shuffled(items, random)
