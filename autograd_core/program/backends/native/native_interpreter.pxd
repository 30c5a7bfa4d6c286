# What interpreter.h declares.
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
