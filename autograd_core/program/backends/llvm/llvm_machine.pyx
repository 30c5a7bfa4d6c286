"""A compiled program as a machine that `machine` drives; `lane_blocks.h` runs its passes."""

from libc.stdint cimport int64_t

from autograd_core.program.backends.machine.machine cimport Given, Machine, Memory, Span

from autograd_core.program.backends.llvm.llvm_program import DOUBTS, FIRST, MASK, ONES
from autograd_core.program.backends.samples import PARTIAL_SUMS


cdef const int64_t *place_of(const int64_t[::1] numbers) noexcept:
    return &numbers[0] if len(numbers) else NULL


cdef class LLVMMachine(Machine):
    """A `CompiledProgram`, ready to run."""

    def __cinit__(self, of):
        cdef int64_t parts = 1 if of.lanes == 1 else PARTIAL_SUMS
        self._alive = of
        self.program.uniform_functions = <const Part *>place_of(of.uniform_functions.table)
        self.program.functions = <const Part *>place_of(of.functions.table)
        self.program.function_count = of.functions.count
        self.program.shapes = <const Shape *>place_of(of.shapes.reshape(-1))
        self.program.shape_count = len(of.shapes)
        self.program.reads, self.program.read_count = place_of(of.reads), len(of.reads)
        self.program.own = place_of(of.own)
        self.program.lanes, self.program.frame_size = of.lanes, of.frame_size
        self.program.mask, self.program.doubts = MASK, DOUBTS
        self.program.first_output = FIRST
        self.program.first_input = FIRST + of.kept
        self.program.width, self.program.summed = of.kept, of.summed
        self.program.at_once = len(of.own)
        self.program.in_tiles = sum(of.shapes[:, 3].tolist())
        self.program.uniform_doubts = of.uniform_doubts
        self.program.doubtful = of.has_strong_products
        self._blocks, self._ones = of.blocks_in_batch, ONES
        self.effort = of.cost
        self.uniform_steps, self.lane_steps = of.uniform_functions.count, of.functions.count
        self.lanes = of.lanes * of.blocks_in_batch
        self.width, self.summed = of.kept, of.summed
        self.inputs, self.captured = of.inputs, of.captured
        self.uniform_size = of.uniform_size
        self.lane_size = of.blocks_in_batch * of.frame_size * of.lanes
        self.partial_size = len(of.own) * parts + self.program.in_tiles + of.panel

    cdef void prepare(self, double *numbers) noexcept:
        prepare_frames(&self.program, numbers, self._blocks, self._ones)

    cdef void begin(self, const Given *given) noexcept:
        given.uniforms[self.program.uniform_doubts] = 0.0

    cdef int64_t uniform_part(
        self, const Given *given, Memory memory, int64_t start, int64_t stop
    ) noexcept nogil:
        return run_once(&self.program, given, start, stop)

    cdef void lane_pass(
        self, const Given *given, Memory memory, int64_t first, int64_t last, const Span *span
    ) noexcept nogil:
        run_blocks(
            &self.program, given, memory.numbers, memory.partial_sums, memory.sums, &memory.doubt,
            first, last, span,
        )
