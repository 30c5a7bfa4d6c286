from libc.stdint cimport int64_t

cdef extern from "updates.h":
    ctypedef void (*Formula)(
        int64_t count, double *values, const double *gradients, double **memory,
        const double *numbers,
    ) noexcept nogil
    ctypedef struct Named:
        const char *name
        Formula formula
        int memory, numbers
    const Named *update_formulas


cdef class Prepared:
    """A formula with the arrays it remembers by; its numbers are given at each step."""

    cdef Formula formula
    cdef double *memory[4]
    cdef object _alive
    cdef readonly int64_t size, numbers
