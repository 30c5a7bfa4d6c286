# What interpreter.h declares, and what compiled modules see of native_interpreter.pyx.
from libc.stdint cimport int32_t, int64_t

from autograd_core.program.backends.machine.machine cimport Block, Given, Machine, Span

cdef extern from "interpreter.h" nogil:
    ctypedef struct Instruction:
        int32_t operation, result, first, second
    ctypedef struct Work:
        const Instruction *code
        const int32_t *lists
        const double *uniforms
        double *rows
        int64_t lanes
        const Block *blocks
        const int64_t *order
        double *values
        int64_t width
        double *outputs
        const void *const *loops
        double *panels
        double *partial_sums
        double *sums
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
    int PANEL_ROWS, PANEL_NUMBERS
    const InstructionSet *instruction_sets
    const Named *operations
    const Function *functions
    void run_uniform(
        const Instruction *, const int32_t *, double *, int64_t, int64_t, const Work *, RunLanes
    ) noexcept


cdef class Interpreter(Machine):
    cdef object _uniform_code, _lane_code, _lists, _results, _loops
    cdef const Instruction *uniform_code
    cdef const Instruction *lane_code
    cdef const int32_t *lists
    cdef const int32_t *results
    cdef double *constants
    cdef const void *const *loops
    cdef RunLanes run_pass
    cdef int64_t constant_count, slots
