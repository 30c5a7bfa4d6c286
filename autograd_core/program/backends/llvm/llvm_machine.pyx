"""A compiled program run on numbers in memory: what `llvm_runner` does, without arrays.

Machine code reads where numbers stand from the heads of arrays (`array_heads`). Here such heads are
made of addresses and strides, for one call, where no array is.
"""

from libc.stdint cimport int64_t
from libc.stdlib cimport free, malloc

from autograd_core.program.backends.llvm cimport machine_call
from autograd_core.program.backends.llvm.llvm_runner cimport Runner, _Scratch
from autograd_core.program.backends.native.native_interpreter cimport Block, Machine

from autograd_core.program.backends.array_heads import OFFSET
from autograd_core.program.backends.llvm.llvm_record import BEGIN, END, UNIFORM, Record

cdef struct Head:
    const void *data
    int ndim
    int64_t *shape
    int64_t *strides
    int64_t[4] numbers

cdef int64_t OBJECT = OFFSET
cdef int START = Record.START, CAPTURED = Record.CAPTURED
cdef int EVERYTHING = UNIFORM | BEGIN | END


cdef class LLVMMachine(Machine):
    """The machine code of a runner."""

    def __init__(self, Runner runner):
        self._runner = runner
        self.effort = runner._cost

    cdef int run(
        self, const Block *blocks, int many, const double *captured, int64_t count, double *values,
        double *sums,
    ) except -1:
        cdef Runner runner = self._runner
        cdef _Scratch scratch = runner._take(many)
        cdef long long[::1] words = scratch._words
        cdef Head *heads = <Head *>malloc((many + 3) * sizeof(Head))
        cdef int64_t before = 0
        cdef int k
        if heads == NULL:
            raise MemoryError("no memory for a call")
        words[START], words[START + 1], words[START + 2] = 0, count, EVERYTHING
        for k in range(many + 3):
            heads[k].ndim = 2
            heads[k].shape, heads[k].strides = heads[k].numbers, heads[k].numbers + 2
            words[CAPTURED + k] = <int64_t>&heads[k] - OBJECT
        heads[0].data, heads[1].data, heads[2].data = captured, values, sums
        for k in range(many):
            heads[k + 3].data = blocks[k].data
            heads[k + 3].shape[0] = count if blocks[k].sample_step else 1
            heads[k + 3].shape[1] = blocks[k].stop - before
            heads[k + 3].strides[0] = blocks[k].sample_step
            heads[k + 3].strides[1] = blocks[k].column_step
            before = blocks[k].stop
        machine_call.call(runner._driver, scratch.address)
        free(heads)
        doubt = runner._strong and scratch.in_doubt()
        runner._scratch.append(scratch)
        return 0 if doubt else 1
