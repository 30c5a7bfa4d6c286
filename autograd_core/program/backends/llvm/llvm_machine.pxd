# What compiled modules see of llvm_machine.pyx.
from autograd_core.program.backends.llvm.llvm_runner cimport Runner
from autograd_core.program.backends.native.native_interpreter cimport Machine

cdef class LLVMMachine(Machine):
    cdef Runner _runner
