# What interpreter.h declares, and what compiled modules see of native_interpreter.pyx.
from libc.stdint cimport int32_t, int64_t

cdef extern from "interpreter.h" nogil:
    ctypedef struct Instruction:
        int32_t operation, result, first, second
    ctypedef struct Block:
        const char *data
        int64_t sample_step, column_step, stop
    ctypedef struct Work:
        const Instruction *code
        const int32_t *lists
        const double *uniforms
        double *rows
        int64_t lanes
        const Block *blocks
        double *values
        int64_t width
        double *outputs
        const void *const *loops
        double *partial_sums
        double *sums
    ctypedef struct Span:
        int64_t first_sample, count
        int opens, closes
    ctypedef void (*RunLanes)(const Work *, int64_t, int64_t, const Span *) noexcept
    ctypedef struct InstructionSet:
        const char *name
        RunLanes run
        int (*supported)() noexcept
    ctypedef struct Named:
        const char *name
        int operation
    ctypedef struct Function:
        const char *name
        int operands
        double (*unary)(double) noexcept
        double (*binary)(double, double) noexcept
        double (*ternary)(double, double, double) noexcept
    int op_call
    int PARTIAL_SUMS
    const InstructionSet *instruction_sets
    const Named *operations
    const Function *functions
    void run_uniform(
        const Instruction *, const int32_t *, double *, int64_t, int64_t, const Work *, RunLanes
    ) noexcept
    void fold_sums(const double *, double *, int64_t) noexcept


cdef class Machine:
    cdef readonly int64_t effort
    cdef int run(
        self, const Block *blocks, int many, const double *captured, int64_t count, double *values,
        double *sums,
    ) except -1

cdef class Memory:
    cdef void *_numbers
    cdef void *_sums
    cdef double *numbers
    cdef double *partial_sums
    cdef double *sums

cdef class Interpreter(Machine):
    cdef object _uniform_code, _lane_code, _lists, _results, _loops
    cdef const Instruction *uniform_code
    cdef const Instruction *lane_code
    cdef const int32_t *lists
    cdef const int32_t *results
    cdef double *constants
    cdef const void *const *loops
    cdef RunLanes run_lanes
    cdef readonly int64_t uniform_instructions, lane_instructions
    cdef int64_t uniforms, slots, lanes, inputs, captured, constant_count, width, summed, outputs
    cdef bint single
    cdef list _idle_lanes, _idle_uniforms
    cdef Memory lane_memory(self)
    cdef Memory uniform_memory(self)
    cdef void fill(
        self, double *uniforms, const Block *blocks, const char *captured, int64_t step
    ) noexcept
    cdef void uniform_part(
        self, double *uniforms, double *rows, int64_t start, int64_t stop, double *values,
        double *sums,
    ) noexcept nogil
    cdef void lane_part(
        self, double *uniforms, const Block *blocks, double *values, double *rows,
        double *partial_sums, double *sums, int64_t first, int64_t last, const int64_t *samples,
    ) noexcept nogil
    cdef void all_parts(
        self, double *uniforms, const Block *blocks, int64_t count, double *values, double *rows,
        double *partial_sums, double *own, double *sums,
    ) noexcept nogil
