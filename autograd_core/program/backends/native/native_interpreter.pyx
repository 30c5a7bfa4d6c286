"""What Python sees of interpreter.c: executables with their memory, and calls of them.

Everything here takes numbers that `executable` made and arrays that `native` looked at; it checks
the arrays' sizes and types once more, releases the interpreter lock, and runs a span at a time.
"""

cimport cython
from cpython.buffer cimport PyBUF_FORMAT, PyBUF_STRIDES, PyBUF_WRITABLE, PyBuffer_Release, PyObject_GetBuffer
from libc.stdint cimport int32_t, int64_t, uintptr_t
from libc.stdlib cimport calloc, free, malloc
from libc.string cimport memcpy, memset

cdef int64_t QUICK = 20_000  # operations during which no other thread misses the interpreter's lock

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


cdef double *aligned(void *memory) noexcept:
    """The first place in memory where a vector may stand."""
    return <double *>((<uintptr_t>memory + 63) & ~<uintptr_t>63)


cdef void *reserved(size_t doubles) except NULL:
    cdef void *memory = malloc(8 * doubles + 64)
    if memory == NULL:
        raise MemoryError(f"no memory for {doubles} numbers")
    return memory


cdef void run_passes(
    Work *work, RunLanes run, int64_t lanes, int64_t first, int64_t last, int64_t start, int64_t stop,
    int64_t opens, int64_t closes,
) noexcept nogil:
    """Run the instructions on as many lanes in each pass, but for whole eights."""
    cdef Span span
    cdef int64_t passes, eights
    # Rows an odd number of cache lines apart do not fall on the same few places of a cache.
    work.lanes = 8 * ((min(lanes, stop - start) + 7) // 8 | 1)
    while start < stop:
        passes = (stop - start + lanes - 1) // lanes
        eights = (stop - start + 8 * passes - 1) // (8 * passes)
        span.first_sample, span.count = start, min(8 * eights, stop - start)
        span.opens, span.closes = start == opens, start + span.count == closes
        run(work, first, last, &span)
        start += span.count


cdef class Machine:
    """What runs a program on numbers in memory, for calls that take no time to speak of.

    `effort` is about how many operations a sample takes.
    """

    cdef int run(
        self, const Block *blocks, int many, const double *captured, int64_t count, double *values,
        double *sums,
    ) except -1:
        """Fill rows of values, and sums; 0 if this call must be made in another way."""
        return 0


cdef class Interpreter(Machine):
    """An executable, ready to run.

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
        self.uniform_instructions, self.lane_instructions = len(uniform_code), len(lane_code)
        self.uniform_code = <const Instruction *>&uniform_code[0, 0] if len(uniform_code) else NULL
        self.lane_code = <const Instruction *>&lane_code[0, 0] if len(lane_code) else NULL
        self.lists = &lists[0] if len(lists) else NULL
        self.results = &results[0] if len(results) else NULL
        self.uniforms, self.slots, self.lanes = executable.uniforms, executable.slots, lanes
        self.inputs, self.captured, self.constant_count = code.inputs, code.captured, len(constants)
        self.outputs = len(code.outputs)
        self.summed, self.width = summed, self.outputs - summed
        if loops is not None and len(loops.table):
            addresses = loops.table
            self._loops = loops, addresses
            self.loops = <const void *const *>&addresses[0]
        self.single = single
        self.effort = executable.effort
        self._idle_lanes, self._idle_uniforms = [], []
        self.constants = <double *>reserved(self.constant_count)
        for k in range(self.constant_count):  # below the end, as they are read
            self.constants[self.constant_count - 1 - k] = constants[k]
        k = 0
        while instruction_sets[k].name != NULL and instruction_sets[k].name.decode() != name:
            k += 1
        if instruction_sets[k].name == NULL or not instruction_sets[k].supported():
            raise ValueError(f"instruction set {name!r} is none of {supported_sets()}")
        self.run_lanes = instruction_sets[k].run

    def __dealloc__(self):
        free(self.constants)

    def call(self, blocks, captured, int64_t count, values, sums):
        """A call on arrays whose sizes agree: inputs, captured, per-sample outputs and sums."""
        return Call(self, blocks, captured, count, values, sums)

    cdef Memory lane_memory(self):
        if self._idle_lanes:
            return self._idle_lanes.pop()
        return Memory(self.slots * (self.lanes + 8), self.summed)

    cdef Memory uniform_memory(self):
        return self._idle_uniforms.pop() if self._idle_uniforms else Memory(self.uniforms, 0)

    cdef void fill(
        self, double *uniforms, const Block *blocks, const char *captured, int64_t step
    ) noexcept:
        """Write the constants, of a single sample its inputs, and what is captured."""
        cdef double *place = uniforms - self.constant_count
        cdef const Block *block = blocks
        cdef int64_t k = 0, start
        if self.constant_count:
            memcpy(place, self.constants, 8 * self.constant_count)
        place -= self.inputs + self.captured
        if self.single:
            while k < self.inputs:
                start = k
                if block.column_step == 8:
                    memcpy(place + k, block.data, 8 * (block.stop - k))
                    k = block.stop
                while k < block.stop:
                    memcpy(place + k, block.data + (k - start) * block.column_step, 8)
                    k += 1
                block += 1
        place += self.inputs
        if step == 8 and self.captured:
            memcpy(place, captured, 8 * self.captured)
        else:
            for k in range(self.captured):
                memcpy(place + k, captured + k * step, 8)

    cdef void uniform_part(
        self, double *uniforms, double *rows, int64_t start, int64_t stop, double *values,
        double *sums,
    ) noexcept nogil:
        """Run instructions of the uniform part; after the last, a single sample's outputs."""
        cdef Work work
        cdef int64_t k
        if self.single:
            work.code, work.lists, work.rows = self.lane_code, self.lists, rows
            work.lanes = self.lanes + 8 * (1 - self.lanes // 8 % 2)
            work.outputs = values
            work.loops = self.loops
        run_uniform(self.uniform_code, self.lists, uniforms, start, stop, &work, self.run_lanes)
        if self.single and stop == self.uniform_instructions:
            for k in range(self.width):
                if self.results[k] != 0:  # else a loop has given it
                    values[k] = uniforms[self.results[k]]
            for k in range(self.summed):
                sums[k] += uniforms[self.results[self.width + k]]

    cdef void lane_part(
        self, double *uniforms, const Block *blocks, double *values, double *rows,
        double *partial_sums, double *sums, int64_t first, int64_t last, const int64_t *samples,
    ) noexcept nogil:
        """Run lane instructions first to last on samples: from, to, and those of their stripe."""
        cdef Work work
        cdef int64_t opens = samples[2], closes = samples[3]
        work.code, work.lists, work.uniforms = self.lane_code, self.lists, uniforms
        work.rows, work.blocks = rows, blocks
        work.values, work.width = values, self.width
        work.partial_sums, work.sums = partial_sums, sums
        run_passes(
            &work, self.run_lanes, self.lanes, first, last, samples[0], samples[1], opens, closes
        )
        if last == self.lane_instructions and samples[1] == closes and closes - opens > self.lanes:
            fold_sums(partial_sums, sums, self.summed)

    cdef void all_parts(
        self, double *uniforms, const Block *blocks, int64_t count, double *values, double *rows,
        double *partial_sums, double *own, double *sums,
    ) noexcept nogil:
        """Everything at once, of one stripe."""
        cdef int64_t k
        cdef int64_t[4] samples = [0, count, 0, count]
        self.uniform_part(uniforms, rows, 0, self.uniform_instructions, values, sums)
        if not self.single:
            self.lane_part(
                uniforms, blocks, values, rows, partial_sums, own, 0, self.lane_instructions,
                samples,
            )
            for k in range(self.summed):
                sums[k] += own[k]

    cdef int run(
        self, const Block *blocks, int many, const double *captured, int64_t count, double *values,
        double *sums,
    ) except -1:
        cdef Memory numbers = self.uniform_memory()
        cdef Memory memory = self.lane_memory()
        cdef double *uniforms = numbers.numbers + self.uniforms
        cdef double *rows = memory.numbers
        cdef double *partial_sums = memory.partial_sums
        cdef double *own = memory.sums
        memset(sums, 0, 8 * self.summed)
        self.fill(uniforms, blocks, <const char *>captured, 8)
        if self.effort * count < QUICK:
            self.all_parts(uniforms, blocks, count, values, rows, partial_sums, own, sums)
        else:
            with nogil:
                self.all_parts(uniforms, blocks, count, values, rows, partial_sums, own, sums)
        self._idle_lanes.append(memory)
        self._idle_uniforms.append(numbers)
        return 1


cdef class Memory:
    """Numbers and partial sums, for one thread at a time; kept for the next call."""

    def __cinit__(self, int64_t numbers, int64_t summed):
        self._numbers = reserved(numbers)
        self._sums = reserved((PARTIAL_SUMS + 1) * summed)
        self.numbers = aligned(self._numbers)
        self.partial_sums = aligned(self._sums)
        self.sums = self.partial_sums + PARTIAL_SUMS * summed

    def __dealloc__(self):
        free(self._numbers)
        free(self._sums)


@cython.no_gc  # nothing it holds leads back; so it may give its memory back when it goes
cdef class Call:
    """One call: its inputs, the uniform values, and where the results go."""

    cdef Interpreter of
    cdef Py_buffer *buffers
    cdef Block *blocks
    cdef int held
    cdef Memory _uniforms
    cdef double *uniforms
    cdef double *values
    cdef double *sums
    cdef readonly int64_t count

    def __cinit__(self, Interpreter of, blocks, captured, int64_t count, values, sums):
        cdef int64_t columns = 0, k
        cdef Py_buffer *buffer
        self.of = of
        self.count = count
        self.buffers = <Py_buffer *>calloc(len(blocks) + 3, sizeof(Py_buffer))
        self.blocks = <Block *>calloc(len(blocks) + 1, sizeof(Block))
        self._uniforms = of.uniform_memory()
        if self.buffers == NULL or self.blocks == NULL:
            raise MemoryError("no memory for a call")
        self.uniforms = self._uniforms.numbers + of.uniforms
        for k, block in enumerate(blocks):
            buffer = self.hold(block, 2, False)
            if buffer.shape[0] != count and buffer.shape[0] != 1:
                raise ValueError(f"a block has {buffer.shape[0]} rows for {count} samples")
            columns += buffer.shape[1]
            self.blocks[k].data = <const char *>buffer.buf
            self.blocks[k].sample_step = buffer.strides[0] if buffer.shape[0] != 1 else 0
            self.blocks[k].column_step = buffer.strides[1]
            self.blocks[k].stop = columns
        if columns != of.inputs:
            raise ValueError(f"the blocks have {columns} columns for {of.inputs} inputs")
        buffer = self.hold(captured, 1, False)
        if buffer.shape[0] != of.captured:
            raise ValueError(f"captured has {buffer.shape[0]} numbers, not {of.captured}")
        of.fill(self.uniforms, self.blocks, <const char *>buffer.buf, buffer.strides[0])
        buffer = self.hold(values, 2, True)
        if buffer.shape[0] != count or buffer.shape[1] != of.width or (
            buffer.strides[1] != 8 or buffer.strides[0] != 8 * of.width
        ) and count and of.width:
            raise ValueError("values must be a contiguous array of a row a sample")
        self.values = <double *>buffer.buf
        buffer = self.hold(sums, 1, True)
        if buffer.shape[0] != of.summed or of.summed and buffer.strides[0] != 8:
            raise ValueError("sums must be a contiguous array of a number a summed output")
        self.sums = <double *>buffer.buf

    cdef Py_buffer *hold(self, array, int dimensions, bint writable) except NULL:
        cdef Py_buffer *buffer = &self.buffers[self.held]
        PyObject_GetBuffer(
            array, buffer, PyBUF_STRIDES | PyBUF_FORMAT | (PyBUF_WRITABLE if writable else 0)
        )
        self.held += 1
        if buffer.ndim != dimensions or buffer.format not in (b"d", b"=d"):  # "=": not aligned
            raise TypeError(f"expected float64 in {dimensions} dimensions, got {array!r}")
        return buffer

    def __dealloc__(self):
        cdef int k
        for k in range(self.held):
            PyBuffer_Release(&self.buffers[k])
        free(self.buffers)
        free(self.blocks)
        if self._uniforms is not None:
            self.of._idle_uniforms.append(self._uniforms)

    cpdef void run_uniform(self, int64_t start, int64_t stop):
        """Run instructions of the uniform part; after the last, a single sample's outputs."""
        cdef Interpreter of = self.of
        cdef Memory memory = of.lane_memory() if of.single else None
        cdef double *rows = NULL if memory is None else memory.numbers
        with nogil:
            of.uniform_part(self.uniforms, rows, start, stop, self.values, self.sums)
        if memory is not None:
            of._idle_lanes.append(memory)

    def begin(self):
        """Memory for a thread."""
        return self.of.lane_memory()

    def end(self, memory):
        """Give memory back."""
        self.of._idle_lanes.append(memory)

    cpdef void run_lanes(self, Memory memory, int64_t first, int64_t last, int64_t start, int64_t stop,
                  int64_t opens, int64_t closes):
        """Run lane instructions first to last on the samples start to stop of the stripe from
        `opens` to `closes`."""
        cdef Interpreter of = self.of
        cdef int64_t[4] samples = [start, stop, opens, closes]
        with nogil:
            of.lane_part(
                self.uniforms, self.blocks, self.values, memory.numbers, memory.partial_sums,
                memory.sums, first, last, samples,
            )

    def stripe_sums(self, Memory memory, into):
        """Copy a stripe's sums to a contiguous array of as many."""
        cdef double[::1] place = into
        if self.of.summed:
            memcpy(&place[0], memory.sums, 8 * self.of.summed)

    cdef void add(self, Memory memory) noexcept:
        """Add a stripe's sums to the call's."""
        cdef int64_t k
        for k in range(self.of.summed):
            self.sums[k] += memory.sums[k]

    def run_all(self, stripes):
        """Everything at once, for calls that take no time to speak of."""
        cdef Interpreter of = self.of
        cdef Memory memory
        self.run_uniform(0, of.uniform_instructions)
        if of.single:
            return
        memory = of.lane_memory()
        for start, stop in stripes:
            self.run_lanes(memory, 0, of.lane_instructions, start, stop, start, stop)
            self.add(memory)
        of._idle_lanes.append(memory)
