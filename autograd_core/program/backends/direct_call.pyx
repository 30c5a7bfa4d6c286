"""Calls from their arguments to machine code and back, with nothing looked up on the way.

A call of a small program takes less time than making one array. So numbers are read where they
stand (floats, lists of them, arrays of float64, the leaves that are captured), and results written
where they belong. What is not read here, shapes and types that are to be made something of or to be
complained about, long calls and those for threads, is left to `Program`: then nothing is returned.
"""

cimport cython
from cpython.ref cimport PyObject
from libc.stdint cimport int64_t, uintptr_t
from libc.stdlib cimport free, malloc
from libc.string cimport memcpy

from autograd_core.graph.nodes.node cimport Node
from autograd_core.program.backends.machine.machine cimport ArrayHead, Block, Machine

from time import perf_counter

import numpy

from autograd_core.graph import marks
from autograd_core.program.backends import array_heads
from autograd_core.program.backends.samples import SAMPLES

cdef object ndarray = numpy.ndarray
cdef object float64 = numpy.float64
cdef object empty = numpy.empty
cdef object FLOAT64 = numpy.dtype(numpy.float64)  # the one that nearly all arrays of it have
cdef int ALIGNED = array_heads.ALIGNED
cdef int64_t LONGEST = SAMPLES  # calls of one stripe
cdef int64_t MOST_OPERATIONS = 20_000_000  # without a look at Ctrl-C
cdef int64_t WORTH_A_THREAD = 4_000_000
cdef int64_t MOST_COPIED = 2**16  # numbers

DEF MOST = 16
DEF FEW = 64

available = array_heads.QUICK


cdef class Part:
    """The form of a result: one number, numbers in a shape, or others together."""

    cdef int64_t size
    cdef tuple shape
    cdef object kind
    cdef tuple keys
    cdef list children

    def __init__(self, form):
        self.size = form.size
        self.shape = getattr(form, "shape", None)
        if self.shape is None:
            self.kind, self.keys = form.kind, form.keys
            self.children = [Part(child) for child in form.children]

    cdef object of(self, const double *numbers, int64_t count, int64_t width):
        """The result in its form, whose first numbers these are; `count` is 0 without an axis."""
        cdef int64_t sample, first = 0
        cdef Part child
        cdef double *into
        cdef object array
        if self.shape is not None:
            if count == 0 and not self.shape:
                return numbers[0]
            array = empty(self.shape if count == 0 else (count, *self.shape))
            into = <double *>(<ArrayHead *>array).data
            for sample in range(max(count, 1)):
                memcpy(into + sample * self.size, numbers + sample * width, 8 * self.size)
            return array
        found = []
        for child in self.children:
            found.append(child.of(numbers + first, count, width))
            first += child.size
        if self.kind is tuple:
            return tuple(found)
        if self.kind is list:
            return found
        if self.kind is dict:
            return dict(zip(self.keys, found))
        return self.kind._make(found)


@cython.final
@cython.no_gc
@cython.freelist(8)
cdef class Room:
    """Memory for the numbers of one call: those that have no place of their own, and results."""

    cdef double[FEW] few
    cdef double *numbers

    def __dealloc__(self):
        if self.numbers != self.few:
            free(self.numbers)


cdef Room room_for(int64_t size):
    cdef Room room = Room.__new__(Room)
    room.numbers = room.few
    if size > FEW:
        room.numbers = <double *>malloc(8 * size)
        if room.numbers == NULL:
            raise MemoryError(f"no memory for {size} numbers")
    return room


cdef bint number_of(given, double *into) except -1:
    """Whether it is a number that is read here, and then what it is."""
    if type(given) is float or type(given) is float64:
        into[0] = given
        return True
    if type(given) is not int:
        return False
    try:
        into[0] = given
    except OverflowError:  # for NumPy, or for an error that says which it is
        return False
    return True


cdef class DirectCall:
    """The direct calls of what one runner runs.

    `forms` are those of the arguments, `leaves` what is captured, and `result` the form of what
    comes out for each sample; without one, arguments are rows, and what comes out too. Of a runner
    that sums there is one input more, the cotangent.
    """

    cdef object _runner, _kernel
    cdef str _backend
    cdef Machine _one, _many
    cdef Part _result
    cdef list _leaves
    cdef int _arguments
    cdef int64_t[MOST] _sizes
    cdef int[MOST] _dimensions
    cdef int64_t _inputs, _width, _summed, _captured, _fewest

    def __init__(self, runner, backend, forms, leaves, result):
        cdef int place
        self._runner, self._backend = runner, backend
        self._arguments = len(forms)
        if self._arguments >= MOST:  # `choice` asks for none
            raise ValueError(f"a direct call takes fewer than {MOST} arguments")
        for place, form in enumerate(forms):
            self._sizes[place], self._dimensions[place] = form.size, len(form.shape)
        self._inputs = sum(form.size for form in forms)
        self._leaves, self._captured = leaves, len(leaves)
        self._summed = runner.summed
        self._width = len(runner.code.outputs) - self._summed
        self._result = None if result is None else Part(result)
        self._fewest = 1 if result is None else 2  # samples along an axis: one alone has its own code

    cdef int64_t read(self, tuple given, Block *blocks, double *few) except -2:
        """Say where the arguments stand; how many samples, 0 without an axis of them, or -1."""
        cdef int64_t count = 0, stop = 0, size, k
        cdef int place, dimensions
        cdef ArrayHead *head
        cdef list numbers
        if len(given) != self._arguments:
            return -1
        for place in range(self._arguments):
            argument = given[place]
            size, dimensions = self._sizes[place], self._dimensions[place]
            blocks[place].sample_step, blocks[place].column_step = 0, 8
            blocks[place].data = <const char *>(few + stop)
            if type(argument) is ndarray:
                head = <ArrayHead *>argument
                if head.type != <PyObject *>FLOAT64 or not head.flags & ALIGNED:
                    return -1
                if head.ndim != dimensions:
                    if head.ndim != dimensions + 1 or (count and head.shape[0] != count):
                        return -1
                    count = head.shape[0]
                    if count < self._fewest:
                        return -1
                    blocks[place].sample_step = head.strides[0]
                    if head.strides[0] == 0:
                        return -1
                if dimensions:
                    if head.shape[head.ndim - 1] != size:
                        return -1
                    blocks[place].column_step = head.strides[head.ndim - 1]
                blocks[place].data = head.data
            elif dimensions == 0:
                if not number_of(argument, few + stop):
                    return -1
            else:
                if type(argument) is not list:
                    return -1
                numbers = argument
                if len(numbers) != size:
                    return -1
                for k in range(size):
                    if not number_of(numbers[k], few + stop + k):
                        return -1
            stop += size
            blocks[place].stop = stop
        return count

    cdef Machine machine(self, int64_t count, int threads, str backend):
        """What runs so many samples, if that is known and takes no time to speak of."""
        cdef Machine found
        kernel = self._runner.kernel
        if kernel is not self._kernel:
            self._one = self._many = None
            self._kernel = kernel
        found = self._one if count <= 1 else self._many
        if found is None:
            found = kernel.machine(count)
            if kernel is self._kernel:  # another thread may have met a new one
                if count <= 1:
                    self._one = found
                else:
                    self._many = found
        if found is None or backend != self._backend or count > LONGEST or found.effort * count > (
            MOST_OPERATIONS if threads == 1 else WORTH_A_THREAD
        ):
            return None
        return found

    cdef int run(
        self, Machine machine, Block *blocks, int many, const double *captured, int64_t count,
        double *values, double *sums,
    ) except -1:
        cdef int done
        if self._runner.patience is None:
            return machine.run(blocks, many, NULL, captured, count, values, sums)
        start = perf_counter()
        done = machine.run(blocks, many, NULL, captured, count, values, sums)
        self._runner.spent(perf_counter() - start, count)
        return done

    cdef void copy_captured(self, double *into) noexcept:
        cdef int64_t k
        for k in range(self._captured):
            into[k] = (<Node>self._leaves[k])._data

    def values(self, tuple given, int threads, str backend):
        """The result for each sample, or None."""
        cdef Block[MOST] blocks
        cdef Room room = room_for(self._inputs + self._captured)
        cdef int64_t count = self.read(given, blocks, room.numbers)
        cdef int64_t samples = max(count, 1)
        cdef Machine machine
        cdef Room results
        if count < 0 or samples * self._width > MOST_COPIED:
            return None
        machine = self.machine(samples, threads, backend)
        if machine is None:
            return None
        self.copy_captured(room.numbers + self._inputs)
        results = room_for(samples * self._width)
        if not self.run(
            machine, blocks, self._arguments, room.numbers + self._inputs, samples,
            results.numbers, NULL,
        ):
            return None
        return self._result.of(results.numbers, count, self._width)

    cdef Room sums(
        self, tuple given, int threads, str backend, parameters, object seed, int64_t *count
    ):
        """The sums over the samples, and behind them what comes along with each; or None.

        `seed` None stands for a mean.
        """
        cdef Block[MOST] blocks
        cdef int64_t own = self._inputs + 1
        cdef Room room = room_for(own + self._captured)
        cdef double *captured = room.numbers + own
        cdef ArrayHead *head
        cdef Room found
        cdef Machine machine
        count[0] = max(self.read(given, blocks, room.numbers), -1)
        if count[0] < 0 or count[0] * self._width > MOST_COPIED:
            return None
        if seed is not None and type(seed) is not float and type(seed) is not int:
            return None
        count[0] = max(count[0], 1)
        machine = self.machine(count[0], threads, backend)
        if machine is None:
            return None
        if parameters is None:
            self.copy_captured(captured)
        else:
            head = <ArrayHead *>parameters
            if (
                type(parameters) is not ndarray
                or head.type != <PyObject *>FLOAT64
                or not head.flags & ALIGNED
                or head.ndim != 1
                or head.shape[0] != self._captured
                or head.strides[0] != 8
            ):
                return None
            captured = <double *>head.data
        room.numbers[self._inputs] = 1.0 / count[0] if seed is None else seed
        blocks[self._arguments].data = <const char *>(room.numbers + self._inputs)
        blocks[self._arguments].sample_step, blocks[self._arguments].column_step = 0, 8
        blocks[self._arguments].stop = own
        found = room_for(self._summed + count[0] * self._width)
        if not self.run(
            machine, blocks, self._arguments + 1, captured, count[0],
            found.numbers + self._summed, found.numbers,
        ):
            return None
        return found

    def backward(self, tuple given, int threads, str backend, bint mean):
        """Add the gradient of the samples' mean or sum to what is captured; that, or None."""
        cdef int64_t count
        cdef Room found = self.sums(given, threads, backend, None, None if mean else 1.0, &count)
        if found is None:
            return None
        marks.in_turn(add, self._leaves, <uintptr_t>(found.numbers + 1))
        return found.numbers[0] / count if mean else found.numbers[0]

    def summed(self, tuple given, int threads, str backend, parameters, seed):
        """The sum of the values and the summed gradient, or None."""
        cdef int64_t count
        cdef Room found = self.sums(given, threads, backend, parameters, seed, &count)
        if found is None:
            return None
        gradient = empty(self._summed - 1)
        memcpy((<ArrayHead *>gradient).data, found.numbers + 1, 8 * (self._summed - 1))
        return found.numbers[0], gradient

    def step(self, tuple given, int threads, str backend, parameters, seed, int64_t samples):
        """Rows of what comes along, and the sums; or None."""
        cdef int64_t count
        cdef Room found = self.sums(given, threads, backend, parameters, seed, &count)
        if found is None or count != samples:
            return None
        along, sums = empty((count, self._width)), empty(self._summed)
        memcpy((<ArrayHead *>sums).data, found.numbers, 8 * self._summed)
        memcpy(
            (<ArrayHead *>along).data, found.numbers + self._summed, 8 * count * self._width
        )
        return along, sums


def add(list leaves, uintptr_t numbers):
    """Add the numbers at an address to the gradients of as many leaves."""
    cdef Py_ssize_t k
    for k in range(len(leaves)):
        (<Node>leaves[k])._grad += (<double *>numbers)[k]
