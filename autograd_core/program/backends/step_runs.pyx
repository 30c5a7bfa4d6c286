"""Runs of steps of descent in one call: for each batch the loss, its gradient, and the update.

A step of a small network takes less time than Python takes to ask for one. So all rows and the
places of the batches' samples among them, the parameters and what the update needs are given at
once, and steps are taken until there is something to ask: a loss that is no finite number, a batch
for threads or for another back end, or time for the interpreter to look at signals and progress
bars. What is not done here is left as it was, for a step that asks.
"""

from libc.math cimport isfinite
from libc.stdint cimport int64_t
from libc.stdlib cimport free
from libc.string cimport memcpy

from autograd_core.program.backends.machine.machine cimport ArrayHead, Block, Machine, reserved
from autograd_core.program.updates.compiled_updates cimport Prepared

from time import perf_counter

import numpy

from autograd_core.program.backends.samples import SAMPLES

cdef int64_t LONGEST = SAMPLES  # steps of one stripe
cdef int64_t MOST_OPERATIONS = 20_000_000  # of a step, without a look at Ctrl-C
cdef int64_t WORTH_A_THREAD = 4_000_000


cdef class SummedGradient:
    """What one runner sums over a batch, with the parameters first among what is captured."""

    cdef object _runner, _kernel
    cdef Machine _one, _many
    cdef double *captured
    cdef double *sums
    cdef double *before
    """The sums of the last step that was taken."""
    cdef readonly int64_t parameters, width
    cdef int64_t _most

    def __cinit__(self, runner, const double[::1] others, int threads):
        cdef int64_t k
        self._runner = runner
        self.parameters = runner.code.captured - len(others)
        self.width = len(runner.code.outputs) - runner.summed
        if runner.summed != self.parameters + 1:
            raise ValueError(f"{runner.summed} sums are no value and {self.parameters} derivatives")
        self._most = MOST_OPERATIONS if threads == 1 else WORTH_A_THREAD
        self.captured = <double *>reserved(runner.code.captured)
        self.sums = <double *>reserved(runner.summed)
        self.before = <double *>reserved(runner.summed)
        for k in range(len(others)):
            self.captured[self.parameters + k] = others[k]

    def __dealloc__(self):
        free(self.captured)
        free(self.sums)
        free(self.before)

    cdef Machine machine(self, int64_t count):
        """What runs so many samples, if that is known and does not take long."""
        cdef Machine found
        kernel = self._runner.kernel
        if kernel is not self._kernel:
            self._kernel, self._one, self._many = kernel, None, None
        found = self._one if count == 1 else self._many
        if found is None:
            found = kernel.machine(count)
            if count == 1:
                self._one = found
            else:
                self._many = found
        if found is None or count > LONGEST or found.effort * count > self._most:
            return None
        return found

    cdef bint add_up(
        self, const Block *blocks, int many, const int64_t *order, int64_t count, double *along
    ) except -1:
        """Fill the sums, and rows of what comes along; False if that is left to others."""
        cdef Machine machine = self.machine(count)
        cdef int done
        if machine is None:
            return False
        if self._runner.patience is None:
            return machine.run(blocks, many, order, self.captured, count, along, self.sums) != 0
        start = perf_counter()
        done = machine.run(blocks, many, order, self.captured, count, along, self.sums)
        self._runner.spent(perf_counter() - start, count)
        return done != 0

    def descend(
        self, SummedGradient penalty, const double[:, ::1] inputs, const double[:, ::1] targets,
        const int64_t[::1] order, sizes, double[::1] values, Prepared update,
        const double[:, ::1] numbers, bint mean, double seconds, list losses,
    ):
        """Take steps on batches of such sizes, one after the other, for no longer than so.

        `order` has the rows of their samples. `numbers` are the update's, a row a step. The loss
        of each step taken goes to the end of `losses`, also where an interrupt ends them. Returns
        the last one's gradient, and what came along with each sample.
        """
        cdef Block[3] blocks
        cdef Block alone  # the cotangent of the penalty
        cdef double[1] seed
        cdef double[1] one = [1.0]
        cdef int64_t start = 0, count, k, parameters = self.parameters
        cdef double found
        along = numpy.empty((sum(sizes), self.width))
        cdef double *rows = <double *>(<ArrayHead *>along).data
        gradient = numpy.zeros(parameters)
        if len(values) != parameters or update.size != parameters or (
            penalty is not None and (penalty.parameters != parameters or penalty.width)
        ):
            raise ValueError(f"expected {parameters} parameters, got {len(values)}")
        if len(numbers) < len(sizes) or numbers.shape[1] != update.numbers:
            raise ValueError(f"expected {len(sizes)} rows of {update.numbers} numbers")
        if len(inputs) != len(targets) or len(order) != sum(sizes):
            raise ValueError(
                f"expected as many targets as {len(inputs)} inputs and {sum(sizes)} places, got "
                f"{len(targets)} and {len(order)}"
            )
        for k in range(len(order)):
            if not 0 <= order[k] < len(inputs):
                raise ValueError(f"there is no row {order[k]} of {len(inputs)}")
        blocks[0].sample_step, blocks[0].column_step = 8 * inputs.shape[1], 8
        blocks[1].sample_step, blocks[1].column_step = 8 * targets.shape[1], 8
        blocks[2].sample_step, blocks[2].column_step = 0, 8
        blocks[0].data = <const char *>&inputs[0, 0] if inputs.size else NULL
        blocks[1].data = <const char *>&targets[0, 0] if targets.size else NULL
        blocks[2].data = <const char *>seed
        alone.data, alone.sample_step, alone.column_step, alone.stop = <const char *>one, 0, 8, 1
        blocks[0].stop = inputs.shape[1]
        blocks[1].stop = blocks[0].stop + targets.shape[1]
        blocks[2].stop = blocks[1].stop + 1
        if blocks[2].stop != self._runner.code.inputs:
            raise ValueError(f"expected {self._runner.code.inputs} columns, got {blocks[2].stop}")
        if losses:
            raise ValueError(f"expected an empty list for losses, got {losses!r}")
        memcpy(self.captured, &values[0], 8 * parameters)
        end = perf_counter() + seconds
        try:
            for size in sizes:
                count = size
                seed[0] = 1.0 / count if mean else 1.0
                if not self.add_up(blocks, 3, &order[start], count, rows + start * self.width):
                    break
                found = self.sums[0] / count if mean else self.sums[0]
                if penalty is not None:
                    memcpy(penalty.captured, self.captured, 8 * parameters)
                    if not penalty.add_up(&alone, 1, NULL, 1, NULL):
                        break
                    found += penalty.sums[0]
                    for k in range(parameters):
                        self.sums[1 + k] += penalty.sums[1 + k]
                if not isfinite(found):
                    break
                k = len(losses)
                update.formula(
                    parameters, self.captured, self.sums + 1, update.memory, &numbers[k, 0]
                )
                self.sums, self.before = self.before, self.sums
                losses.append(found)
                start += count
                if perf_counter() > end:
                    break
        finally:
            memcpy(&values[0], self.captured, 8 * parameters)
        if losses:
            memcpy((<ArrayHead *>gradient).data, self.before + 1, 8 * parameters)
        return gradient, along[:start]
