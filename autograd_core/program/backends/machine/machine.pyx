"""One driver for the native interpreter and for what LLVM compiles.

A machine is a program made ready: a uniform part, the same for all samples, and steps that are run
on some lanes of samples at a time. Here the samples of a call are cut into passes, memory is kept
from one call to the next, and long calls can be made a piece at a time (`long_calls`). What a step
is, the machines say that are made of this one.
"""

cimport cython
from cpython.buffer cimport PyBUF_FORMAT, PyBUF_STRIDES, PyBUF_WRITABLE, PyBuffer_Release, PyObject_GetBuffer
from cpython.ref cimport PyObject
from libc.stdint cimport int64_t, uintptr_t
from libc.stdlib cimport calloc, free, malloc
from libc.string cimport memcpy, memset

import numpy

from autograd_core.program.backends import array_heads
from autograd_core.program.backends.machine import long_calls
from autograd_core.program.backends.samples import SAMPLES, stripes

cdef int64_t QUICK = 20_000  # operations during which no other thread misses the interpreter's lock
cdef int64_t LIGHT = 1_000_000  # operations that are never shared nor cut into spans
cdef int64_t LONGEST = SAMPLES  # calls of one stripe
cdef int ALIGNED = array_heads.ALIGNED
cdef bint known = array_heads.QUICK
cdef object ndarray = numpy.ndarray
cdef object FLOAT64 = numpy.dtype(numpy.float64)  # the one that nearly all arrays of it have
cdef object empty = numpy.empty
cdef object zeros = numpy.zeros

DEF MOST = 16


cdef ArrayHead *head_of(array, int dimensions) noexcept:
    """The structure of an array of float64 that may be read as it stands, else NULL."""
    cdef ArrayHead *head = <ArrayHead *>array
    if not known or type(array) is not ndarray or head.type != <PyObject *>FLOAT64:
        return NULL
    return head if head.flags & ALIGNED and head.ndim == dimensions else NULL


cdef double *aligned(void *memory) noexcept:
    """The first place in memory where a vector may stand."""
    return <double *>((<uintptr_t>memory + 63) & ~<uintptr_t>63)


cdef void *reserved(size_t doubles) except NULL:
    cdef void *memory = malloc(8 * doubles + 64)
    if memory == NULL:
        raise MemoryError(f"no memory for {doubles} numbers")
    return memory


@cython.no_gc  # it leads to others that are kept, and these to none that is in use
cdef class Memory:
    """Numbers and partial sums, for one thread at a time; kept for the next call."""

    def __cinit__(self, int64_t numbers, int64_t partial_sums, int64_t sums):
        self._numbers = reserved(numbers)
        self._sums = reserved(partial_sums + sums)
        self.numbers = aligned(self._numbers)
        self.partial_sums = aligned(self._sums)
        self.sums = self.own_sums = self.partial_sums + partial_sums

    def __dealloc__(self):
        free(self._numbers)
        free(self._sums)


cdef class Machine:
    """What runs a program on numbers in memory; any number of threads may call it at once.

    `effort` is about how many operations a sample takes.
    """

    cdef void prepare(self, double *numbers) noexcept:
        """Write into new memory what every pass finds there."""

    cdef void begin(self, const Given *given) noexcept:
        """Write what the uniform part begins with."""

    cdef int64_t uniform_part(
        self, const Given *given, Memory memory, int64_t start, int64_t stop
    ) noexcept nogil:
        """Run steps of the uniform part; not 0 if what came out is in doubt."""
        return 0

    cdef void lane_pass(
        self, const Given *given, Memory memory, int64_t first, int64_t last, const Span *span
    ) noexcept nogil:
        """Run steps first to last on the samples of a pass; the last fills a stripe's sums."""

    cdef Memory lane_memory(self):
        cdef Memory found = self._idle_lanes
        if found is not None:
            self._idle_lanes, found.next = found.next, None
            return found
        found = Memory(self.lane_size, self.partial_size, self.summed)
        self.prepare(found.numbers)
        return found

    cdef Memory uniform_memory(self):
        cdef Memory found = self._idle_uniforms
        if found is None:
            return Memory(self.uniform_size, 0, 0)
        self._idle_uniforms, found.next = found.next, None
        return found

    cdef void keep_lanes(self, Memory memory) noexcept:
        memory.next, self._idle_lanes = self._idle_lanes, memory

    cdef void keep_uniforms(self, Memory memory) noexcept:
        memory.next, self._idle_uniforms = self._idle_uniforms, memory

    cdef void lane_part(
        self, const Given *given, Memory memory, int64_t first, int64_t last,
        const int64_t *samples,
    ) noexcept nogil:
        """Run steps first to last on samples: from, to, and those of their stripe.

        There are as many lanes in each pass, but for whole eights.
        """
        cdef Span span
        cdef int64_t start = samples[0], stop = samples[1], lanes = self.lanes, passes, eights
        while start < stop:
            passes = (stop - start + lanes - 1) // lanes
            eights = (stop - start + 8 * passes - 1) // (8 * passes)
            span.first_sample, span.count = start, min(8 * eights, stop - start)
            span.opens, span.closes = start == samples[2], start + span.count == samples[3]
            self.lane_pass(given, memory, first, last, &span)
            start += span.count

    cdef int64_t all_parts(self, const Given *given, Memory memory, int64_t count) noexcept nogil:
        """Everything at once, of one stripe; not 0 if what came out is in doubt."""
        cdef int64_t doubt
        cdef int64_t[4] samples = [0, count, 0, count]
        memory.doubt = 0
        doubt = self.uniform_part(given, memory, 0, self.uniform_steps)
        if not self.single:
            memory.sums = given.sums
            self.lane_part(given, memory, 0, self.lane_steps, samples)
            memory.sums = memory.own_sums
        return doubt | memory.doubt

    cdef int run(
        self, const Block *blocks, int many, const int64_t *order, const double *captured,
        int64_t count, double *values, double *sums,
    ) except -1:
        """Fill rows of values, and sums; 0 if they are in doubt."""
        cdef Memory numbers = self.uniform_memory()
        cdef Memory memory = self.lane_memory()
        cdef Given given
        cdef int64_t doubt
        given.blocks, given.order = blocks, order
        given.captured, given.uniforms = captured, numbers.numbers
        given.values, given.sums = values, sums
        if self.summed and not count:
            memset(sums, 0, 8 * self.summed)
        self.begin(&given)
        if self.effort * count < QUICK:
            doubt = self.all_parts(&given, memory, count)
        else:
            with nogil:
                doubt = self.all_parts(&given, memory, count)
        self.keep_lanes(memory)
        self.keep_uniforms(numbers)
        return doubt == 0

    cdef int run_arrays(
        self, blocks, captured, int64_t count, double *values, double *sums
    ) except -2:
        """As `run`, of arrays; -1 if they are not as they mostly are."""
        cdef Block[MOST] found
        cdef int64_t columns = 0
        cdef int k, many = len(blocks)
        cdef ArrayHead *head = head_of(captured, 1)
        if many > MOST or head == NULL or head.shape[0] != self.captured or (
            head.strides[0] != 8 and self.captured > 1
        ):
            return -1
        numbers = head.data
        for k in range(many):
            head = head_of(blocks[k], 2)
            if head == NULL or head.shape[0] != count and head.shape[0] != 1:
                return -1
            columns += head.shape[1]
            found[k].data = head.data
            found[k].sample_step = head.strides[0] if head.shape[0] != 1 else 0
            found[k].column_step = head.strides[1]
            found[k].stop = columns
        if columns != self.inputs:
            return -1
        return self.run(found, many, NULL, <const double *>numbers, count, values, sums)

    def results(self, blocks, captured, int64_t count, int threads=1):
        """The outputs of each sample, and the sums; None if they are in doubt."""
        cdef int64_t operations = self.effort * count
        cdef int done
        values = empty((count, self.width))
        sums = zeros(self.summed)
        if count == 0:
            return values, sums
        if known and count <= LONGEST and operations < LIGHT:
            done = self.run_arrays(
                blocks, captured, count, <double *>(<ArrayHead *>values).data,
                <double *>(<ArrayHead *>sums).data,
            )
            if done >= 0:
                return (values, sums) if done else None
        call = Call(self, blocks, captured, count, values, sums)
        if operations > LIGHT and long_calls.is_long(operations, threads):
            sums += long_calls.run_long(self, call, count, threads)
        else:
            call.run_all(stripes(count))
        return None if call.doubt else (values, sums)


@cython.no_gc  # nothing it holds leads back; so it may give its memory back when it goes
cdef class Call:
    """One call, to be made a piece at a time: its inputs, and where the results go."""

    cdef Machine of
    cdef Py_buffer *buffers
    cdef Block *blocks
    cdef int held
    cdef Memory _uniforms
    cdef Given given
    cdef double *_captured
    cdef readonly int64_t count, doubt

    def __cinit__(self, Machine of, blocks, captured, int64_t count, values, sums):
        cdef int64_t columns = 0, k
        cdef Py_buffer *buffer
        self.of = of
        self.count = count
        self.buffers = <Py_buffer *>calloc(len(blocks) + 3, sizeof(Py_buffer))
        self.blocks = <Block *>calloc(len(blocks) + 1, sizeof(Block))
        self._uniforms = of.uniform_memory()
        if self.buffers == NULL or self.blocks == NULL:
            raise MemoryError("no memory for a call")
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
        self.given.captured = <const double *>buffer.buf
        if of.captured and (buffer.strides[0] != 8 or <uintptr_t>buffer.buf & 7):
            self._captured = <double *>reserved(of.captured)
            for k in range(of.captured):
                memcpy(self._captured + k, <char *>buffer.buf + k * buffer.strides[0], 8)
            self.given.captured = self._captured
        buffer = self.hold(values, 2, True)
        if buffer.shape[0] != count or buffer.shape[1] != of.width or (
            buffer.strides[1] != 8 or buffer.strides[0] != 8 * of.width
        ) and count and of.width:
            raise ValueError("values must be a contiguous array of a row a sample")
        self.given.values = <double *>buffer.buf
        buffer = self.hold(sums, 1, True)
        if buffer.shape[0] != of.summed or of.summed and buffer.strides[0] != 8:
            raise ValueError("sums must be a contiguous array of a number a summed output")
        self.given.sums = <double *>buffer.buf
        self.given.blocks, self.given.order = self.blocks, NULL
        self.given.uniforms = self._uniforms.numbers
        of.begin(&self.given)

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
        free(self._captured)
        if self._uniforms is not None:
            self.of.keep_uniforms(self._uniforms)

    cpdef begin(self):
        """Memory for a thread."""
        cdef Memory memory = self.of.lane_memory()
        memory.doubt = 0
        return memory

    cpdef end(self, Memory memory):
        """Give memory back."""
        self.doubt |= memory.doubt
        self.of.keep_lanes(memory)

    def run_uniform(self, int64_t start, int64_t stop):
        """Run steps of the uniform part; after the last, a single sample's outputs."""
        cdef Memory memory = self.begin()
        with nogil:
            self.doubt |= self.of.uniform_part(&self.given, memory, start, stop)
        self.end(memory)

    def run_lanes(
        self, Memory memory, int64_t first, int64_t last, int64_t start, int64_t stop,
        int64_t opens, int64_t closes,
    ):
        """Run steps first to last on the samples start to stop of the stripe from `opens` to
        `closes`."""
        cdef int64_t[4] samples = [start, stop, opens, closes]
        with nogil:
            self.of.lane_part(&self.given, memory, first, last, samples)

    def stripe_sums(self, Memory memory, into):
        """Copy a stripe's sums to a contiguous array of as many."""
        cdef double[::1] place = into
        if self.of.summed:
            memcpy(&place[0], memory.sums, 8 * self.of.summed)

    def run_all(self, stripes):
        """Everything at once."""
        cdef Machine of = self.of
        cdef Memory memory
        cdef int64_t k
        self.run_uniform(0, of.uniform_steps)
        if of.single:
            return
        memory = self.begin()
        for start, stop in stripes:
            self.run_lanes(memory, 0, of.lane_steps, start, stop, start, stop)
            for k in range(of.summed):
                self.given.sums[k] += memory.sums[k]
        self.end(memory)
