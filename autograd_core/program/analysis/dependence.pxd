# C types for dependence.py.
cimport cython

@cython.locals(place=Py_ssize_t, index=Py_ssize_t, first=Py_ssize_t, second=Py_ssize_t, count=int,
               operand=int, depth=int, varying=int)
cdef _follow(const int[:, ::1] rows, const int[::1] lists, const int[::1] arity, int leaves,
             int[::1] depths, int[::1] varies)

@cython.locals(place=Py_ssize_t, index=Py_ssize_t, first=Py_ssize_t, second=Py_ssize_t, count=int)
cdef _use(const int[:, ::1] rows, const int[::1] lists, const int[::1] arity, int leaves,
          int[::1] last)
