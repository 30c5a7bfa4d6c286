# What driver.h declares, and what compiled modules see of machine.pyx.
from cpython.ref cimport PyObject
from libc.stdint cimport int64_t

cdef extern from "driver.h" nogil:
    ctypedef struct Block:
        const char *data
        int64_t sample_step, column_step, stop
    ctypedef struct Given:
        const Block *blocks
        const int64_t *order
        const double *captured
        double *uniforms
        double *values
        double *sums
    ctypedef struct Span:
        int64_t first_sample, count
        int opens, closes
    int PARTIAL_SUMS
    int64_t ROW_OF(const int64_t *order, int64_t sample)
    void fold_sums(const double *, double *, int64_t) noexcept

cdef extern from *:
    """
    #ifndef AUTOGRAD_CORE_ARRAY_HEAD
    #define AUTOGRAD_CORE_ARRAY_HEAD
    typedef struct {
        PyObject_HEAD
        char *data;
        int ndim;
        Py_ssize_t *shape;
        Py_ssize_t *strides;
        PyObject *base;
        PyObject *type;
        int flags;
    } ArrayHead;
    #endif
    """
    ctypedef struct ArrayHead:
        char *data
        int ndim
        Py_ssize_t *shape
        Py_ssize_t *strides
        PyObject *type
        int flags

cdef ArrayHead *head_of(array, int dimensions) noexcept
cdef void *reserved(size_t doubles) except NULL

cdef class Memory:
    cdef void *_numbers
    cdef void *_sums
    cdef double *numbers
    cdef double *partial_sums
    cdef double *own_sums
    cdef double *sums
    """Where those of a stripe go: there, unless it is the only one."""
    cdef int64_t doubt
    cdef Memory next

cdef class Machine:
    cdef readonly int64_t effort, uniform_steps, lane_steps, lanes, width, summed
    cdef int64_t inputs, captured
    cdef int64_t uniform_size, lane_size, partial_size
    cdef readonly bint single
    cdef Memory _idle_lanes, _idle_uniforms
    cdef Memory lane_memory(self)
    cdef Memory uniform_memory(self)
    cdef void keep_lanes(self, Memory memory) noexcept
    cdef void keep_uniforms(self, Memory memory) noexcept
    cdef void prepare(self, double *numbers) noexcept
    cdef void begin(self, const Given *given) noexcept
    cdef int64_t uniform_part(
        self, const Given *given, Memory memory, int64_t start, int64_t stop
    ) noexcept nogil
    cdef void lane_pass(
        self, const Given *given, Memory memory, int64_t first, int64_t last, const Span *span
    ) noexcept nogil
    cdef void lane_part(
        self, const Given *given, Memory memory, int64_t first, int64_t last,
        const int64_t *samples,
    ) noexcept nogil
    cdef int64_t all_parts(self, const Given *given, Memory memory, int64_t count) noexcept nogil
    cdef int run(
        self, const Block *blocks, int many, const int64_t *order, const double *captured,
        int64_t count, double *values, double *sums,
    ) except -1
    cdef int run_arrays(
        self, blocks, captured, int64_t count, double *values, double *sums
    ) except -2
