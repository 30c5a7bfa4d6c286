# C memory for the blocks that memory.py makes of lists.

from libc.stdlib cimport calloc, free


cdef inline double* doubles(Py_ssize_t count) except NULL:
    cdef double* block = <double*>calloc(count if count > 0 else 1, sizeof(double))
    if block is NULL:
        raise MemoryError(f"no memory for {count} doubles")
    return block


cdef inline void release(double* block) noexcept:
    free(block)


cdef inline list listed(double* block, Py_ssize_t count):
    return [block[index] for index in range(count)]
