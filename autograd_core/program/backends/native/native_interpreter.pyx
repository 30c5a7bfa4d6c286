"""What Python sees of interpreter.c: executables, as machines that `machine` drives."""

from libc.stdint cimport int32_t, int64_t, uintptr_t
from libc.stdlib cimport free
from libc.string cimport memcpy

from autograd_core.program.backends.machine.machine cimport (
    PARTIAL_SUMS, ROW_OF, Block, Given, Machine, Memory, Span, fold_sums, reserved,
)


def operation_numbers():
    """The operations by name; functions come after `call`, and one computed in line goes first."""
    cdef int k = 0
    found = {}
    while functions[k].name != NULL:
        found[functions[k].name.decode()] = op_call + k
        k += 1
    k = 0
    while operations[k].name != NULL:
        found[operations[k].name.decode()] = operations[k].operation
        k += 1
    return found


def function_address(name):
    """Where the C function of a row is, which takes a double for each operand and gives one."""
    cdef int k = 0
    while functions[k].name != NULL and functions[k].name.decode() != name:
        k += 1
    if functions[k].name == NULL:
        raise ValueError(f"no row {name!r} is computed by a C function of its operands")
    if functions[k].operands == 1:
        return <uintptr_t>functions[k].unary
    if functions[k].operands == 2:
        return <uintptr_t>functions[k].binary
    return <uintptr_t>functions[k].ternary


def supported_sets():
    """The names of the instruction sets that this machine has, the best first."""
    cdef int k = 0
    found = []
    while instruction_sets[k].name != NULL:
        if instruction_sets[k].supported():
            found.append(instruction_sets[k].name.decode())
        k += 1
    return found


cdef class Interpreter(Machine):
    """An executable, ready to run.

    Of a single sample the uniform part is all there is, and the inputs stand among its values;
    `loops` holds machine code of its loops, found at its `table` of addresses.
    """

    def __cinit__(self, code, int64_t summed, executable, bint single, int64_t lanes, name, loops=None):
        cdef const int64_t[::1] addresses
        cdef int32_t[:, ::1] uniform_code = executable.uniform_code
        cdef int32_t[:, ::1] lane_code = executable.lane_code
        cdef int32_t[::1] lists = executable.lists
        cdef int32_t[::1] results = executable.results
        cdef const double[::1] constants = code.constants
        cdef int64_t k
        self._uniform_code, self._lane_code = uniform_code, lane_code
        self._lists, self._results = lists, results
        self.uniform_steps, self.lane_steps = len(uniform_code), len(lane_code)
        self.uniform_code = <const Instruction *>&uniform_code[0, 0] if len(uniform_code) else NULL
        self.lane_code = <const Instruction *>&lane_code[0, 0] if len(lane_code) else NULL
        self.lists = &lists[0] if len(lists) else NULL
        self.results = &results[0] if len(results) else NULL
        self.uniform_size, self.lanes = executable.uniforms, lanes
        self.slots = executable.slots
        self.lane_size = self.slots * (lanes + 8) + max(PANEL_ROWS * (lanes + 8), PANEL_NUMBERS)
        self.inputs, self.captured, self.constant_count = code.inputs, code.captured, len(constants)
        self.summed, self.width = summed, len(code.outputs) - summed
        self.partial_size = PARTIAL_SUMS * summed
        if loops is not None and len(loops.table):
            addresses = loops.table
            self._loops = loops, addresses
            self.loops = <const void *const *>&addresses[0]
        self.single = single
        self.effort = executable.effort
        self.constants = <double *>reserved(self.constant_count)
        for k in range(self.constant_count):  # below the end, as they are read
            self.constants[self.constant_count - 1 - k] = constants[k]
        k = 0
        while instruction_sets[k].name != NULL and instruction_sets[k].name.decode() != name:
            k += 1
        if instruction_sets[k].name == NULL or not instruction_sets[k].supported():
            raise ValueError(f"instruction set {name!r} is none of {supported_sets()}")
        self.run_pass = instruction_sets[k].run

    def __dealloc__(self):
        free(self.constants)

    cdef void begin(self, const Given *given) noexcept:
        """Write the constants, of a single sample its inputs, and what is captured."""
        cdef double *place = given.uniforms + self.uniform_size - self.constant_count
        cdef const Block *block = given.blocks
        cdef int64_t k = 0, start, row = ROW_OF(given.order, 0)
        if self.constant_count:
            memcpy(place, self.constants, 8 * self.constant_count)
        place -= self.inputs + self.captured
        if self.single:
            while k < self.inputs:
                start = k
                if block.column_step == 8:
                    memcpy(place + k, block.data + row * block.sample_step, 8 * (block.stop - k))
                    k = block.stop
                while k < block.stop:
                    memcpy(
                        place + k,
                        block.data + row * block.sample_step + (k - start) * block.column_step, 8,
                    )
                    k += 1
                block += 1
        if self.captured:
            memcpy(place + self.inputs, given.captured, 8 * self.captured)

    cdef int64_t uniform_part(
        self, const Given *given, Memory memory, int64_t start, int64_t stop
    ) noexcept nogil:
        """Run instructions of the uniform part; after the last, a single sample's outputs."""
        cdef double *uniforms = given.uniforms + self.uniform_size
        cdef Work work
        cdef int64_t k
        if self.single:
            work.code, work.lists, work.rows = self.lane_code, self.lists, memory.numbers
            work.lanes = self.lanes + 8 * (1 - self.lanes // 8 % 2)
            work.outputs = given.values
            work.loops = self.loops
        run_uniform(self.uniform_code, self.lists, uniforms, start, stop, &work, self.run_pass)
        if self.single and stop == self.uniform_steps:
            for k in range(self.width):
                if self.results[k] != 0:  # else a loop has given it
                    given.values[k] = uniforms[self.results[k]]
            for k in range(self.summed):
                given.sums[k] = 0.0 + uniforms[self.results[self.width + k]]  # a sum is never -0
        return 0

    cdef void lane_pass(
        self, const Given *given, Memory memory, int64_t first, int64_t last, const Span *span
    ) noexcept nogil:
        cdef Work work
        work.code, work.lists, work.uniforms = (
            self.lane_code, self.lists, given.uniforms + self.uniform_size
        )
        work.rows, work.blocks, work.order = memory.numbers, given.blocks, given.order
        work.panels = memory.numbers + self.slots * (self.lanes + 8)
        work.values, work.width = given.values, self.width
        work.partial_sums, work.sums = memory.partial_sums, memory.sums
        # Rows an odd number of cache lines apart do not fall on the same few places of a cache.
        work.lanes = 8 * ((span.count + 7) // 8 | 1)
        self.run_pass(&work, first, last, span)
        if last == self.lane_steps and span.closes and not span.opens:
            fold_sums(memory.partial_sums, memory.sums, self.summed)
