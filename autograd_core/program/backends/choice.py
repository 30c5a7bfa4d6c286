"""Which back end runs a program, and the code it is given: after the passes, translated once.

Left to itself the native interpreter does, from the first call and without compiling anything. A
program that has kept it busy for so long that LLVM would have saved the time it takes to compile is
compiled, where that is installed; if it is too long for `llvm_kernel.worth_compiling`, the loops of
single samples are. Then both take turns until one has shown to be faster. Where LLVM does not load
or compile, the interpreter goes on, and a warning says so once. Where nothing is compiled, or the
program has primitives of the user's own, NumPy runs it. All give the same bits, so a change is
never seen.
"""

from __future__ import annotations

import contextlib
import importlib
import importlib.util
import math
import threading
import warnings
from collections.abc import Sequence
from time import perf_counter
from typing import Any, Literal, Protocol

from autograd_core.errors import BackendError
from autograd_core.given import shown
from autograd_core.graph.value import Value
from autograd_core.primitives import BUILT_IN
from autograd_core.program.code.flat import Code, Floats
from autograd_core.program.passes.pipeline import Passes, tidied
from autograd_core.program.signature.arguments import Form, Numbers

__all__ = [
    "BACKENDS",
    "Backend",
    "Kernel",
    "Runner",
    "direct_call",
    "native_is_compiled",
    "summed_gradient",
]

Backend = Literal["auto", "native", "llvm", "numpy"]
BACKENDS = ("auto", "native", "llvm", "numpy")
MOST_ARGUMENTS = 16  # of a direct call
UNASKED = 0.02  # seconds in which nothing compiles: what LLVM would cost is not asked before
TURNS = 16  # calls of each of two kernels by which they are compared

_unsaid = threading.Lock()  # taken for good by who says that LLVM does not work here


class Kernel(Protocol):
    """A program translated for one back end; the last `summed` outputs are summed over samples."""

    name: str

    def __init__(self, code: Code, summed: int = 0) -> None: ...

    def run(
        self, blocks: Sequence[Floats], captured: Floats, count: int, threads: int = 1
    ) -> tuple[Floats, Floats]:
        """The outputs of each sample, of shape (count, outputs - summed), and the sums."""
        ...

    def machine(self, count: int) -> Any:
        """What runs so many samples for a direct call; None while there is none."""
        ...


def native_is_compiled() -> bool:
    """Whether this installation has the native interpreter."""
    from autograd_core.program.backends.native import native_kernel

    return native_kernel.available()


def direct_call(
    runner: Runner, forms: Sequence[Form], leaves: Sequence[Value], result: Form | None
) -> Any:
    """What calls a runner with nothing looked up; None where that cannot be.

    It takes numbers, alone or along one axis, for each of the forms, and gives such a result.
    Without a result it takes rows and gives rows.
    """
    simple = all(isinstance(form, Numbers) and len(form.shape) <= 1 for form in forms)
    if not simple or len(forms) >= MOST_ARGUMENTS:
        return None
    if runner.kernel.name == "numpy" or not native_is_compiled():
        return None
    compiled: Any = importlib.import_module("autograd_core.program.backends.direct_call")
    if not compiled.available:
        return None
    return compiled.DirectCall(runner, runner.backend, forms, list(leaves), result)


def summed_gradient(runner: Runner, others: Floats, threads: int) -> Any:
    """What takes steps by what a runner sums, for `step_runs`; None where nothing is compiled.

    `others` are the numbers that are captured besides parameters.
    """
    if not native_is_compiled():
        return None
    compiled: Any = importlib.import_module("autograd_core.program.backends.step_runs")
    return compiled.SummedGradient(runner, others, threads)


class Turns:
    """Two kernels that take turns at calls for so many samples, to see which of them is faster."""

    def __init__(self, known: Kernel, other: Kernel, count: int) -> None:
        self.count = count
        self.left = 2 * TURNS
        self._kernels = known, other
        self._least = [math.inf, math.inf]

    def next(self, seconds: float) -> Kernel:
        """Whose turn it is after one that took so long; in the end the faster one."""
        this, that = 1 - self.left % 2, self.left % 2  # the other one has the first turn
        self._least[this] = min(self._least[this], seconds)
        self.left -= 1
        return self._kernels[that if self.left > 0 else self._least[1] < self._least[0]]


class Runner:
    """Runs one code by one back end, or by whichever is best; any number of threads may call it."""

    def __init__(
        self, code: Code, summed: int, backend: Backend, passes: Passes | None = None
    ) -> None:
        self.code, self.passes = tidied(code) if passes is None else (code, passes)
        """After the passes, and what they did; the code is given so if they are."""
        self.summed = summed
        self.backend = backend
        self.kernel = self._first_kernel()
        self._busy = 0.0
        self._alone = False  # whether only a single sample can go over to LLVM
        self.patience = UNASKED if backend == "auto" and self.kernel.name == "native" else None
        """The seconds after which LLVM has its turn; None if there is nothing left to find out."""
        self._change = threading.Lock()  # taken for good by the one call that compiles
        self._turns: Turns | None = None
        self._llvm: Any = None  # the kernel that was asked what is kept on disk

    def run(
        self, blocks: Sequence[Floats], captured: Floats, count: int, threads: int
    ) -> tuple[Floats, Floats]:
        """As `Kernel.run`."""
        kernel = self.kernel  # once: another thread may change it
        known = self.patience is None or kernel.machine(count) is not None
        start = perf_counter()
        try:
            results = kernel.run(blocks, captured, count, threads)
        except BackendError as error:  # of code for one sample, where that for many compiled
            if self.backend != "auto":
                raise
            self.patience, self.kernel = None, self._first_kernel()
            _say(error)
            return self.kernel.run(blocks, captured, count, threads)
        if self.patience is not None:
            # Of a call that translated first, it is not known what it will take again.
            took = perf_counter() - start if known or self._turns is not None else 0.0
            self.spent(took, count)
        return results

    def spent(self, seconds: float, count: int) -> None:
        """Take note of how long a call for so many samples took; let LLVM run if that pays."""
        patience, turns = self.patience, self._turns
        if patience is None or (self._alone and count != 1):
            return
        if turns is not None:
            if count == turns.count:
                self.kernel = turns.next(seconds)
                if turns.left <= 0:
                    self.patience = self._turns = None
            return
        self._busy += seconds
        if self._busy < patience:
            return
        if patience == UNASKED:
            self.patience = patience = self._worth_waiting(count)
            if patience is None or self._busy < patience:
                return
        if count != 1 and not _worth_compiling(self.code, self.summed):
            self._alone, self._busy = True, 0.0
        elif self._change.acquire(blocking=False):
            self._compile(count)

    def _compile(self, count: int) -> None:
        """Let LLVM have its turn, if it can: nobody asked for it, so nothing may fail."""
        from autograd_core.program.backends.llvm.llvm_kernel import LLVMKernel

        try:
            kernel = self._llvm or LLVMKernel(self.code, self.summed, self.kernel)
            kernel.compile_for(count)
        except (BackendError, MemoryError) as error:
            self.patience = None
            _say(error)
        else:
            self._turns = Turns(self.kernel, kernel, count)
            self.kernel = kernel

    def _first_kernel(self) -> Kernel:
        if self.backend != "auto":
            return self._kernel(self.backend)
        custom = bool((self.code.instructions[:, 0] >= BUILT_IN).any())
        return self._kernel("native" if native_is_compiled() and not custom else "numpy")

    def _kernel(self, backend: str) -> Kernel:
        if backend == "native":
            from autograd_core.program.backends.native.native_kernel import NativeKernel

            return NativeKernel(self.code, self.summed)
        if backend == "llvm":
            from autograd_core.program.backends.llvm.llvm_kernel import LLVMKernel

            return LLVMKernel(self.code, self.summed)
        from autograd_core.program.backends.numpy.numpy_kernel import NumPyKernel

        return NumPyKernel(self.code, self.summed)

    def _worth_waiting(self, count: int) -> float | None:
        """The seconds after which LLVM has its turn at so many samples; None for never."""
        if not _llvmlite_is_there():
            return None
        from autograd_core.program.backends.llvm import llvm_kernel

        with contextlib.suppress(BackendError, MemoryError):  # who compiles is told
            self._llvm = llvm_kernel.LLVMKernel(self.code, self.summed, self.kernel)
            if self._llvm.is_found(count):
                return 0.0
        seconds = llvm_kernel.compile_seconds(self.code, self.summed)
        return seconds / llvm_kernel.gain(self.code, self.summed)


def _worth_compiling(code: Code, summed: int) -> bool:
    from autograd_core.program.backends.llvm import llvm_kernel

    return llvm_kernel.worth_compiling(code, summed)


def _llvmlite_is_there() -> bool:
    try:
        return importlib.util.find_spec("llvmlite") is not None
    except ValueError:  # imported, in an unusual way
        return True


def _say(error: BackendError | MemoryError) -> None:
    if _unsaid.acquire(blocking=False):
        reason = str(error) or "there is not enough memory"
        warnings.warn(
            f"programs go on without LLVM: {reason}. The results are the same, only slower",
            RuntimeWarning,
            stacklevel=3,
        )


def checked(backend: str) -> Backend:
    """A back end's name, or an error that lists them."""
    if not isinstance(backend, str) or backend not in BACKENDS:
        raise BackendError(
            f"there is no back end {shown(backend)}; choose one of {', '.join(BACKENDS)}"
        )
    return backend  # type: ignore[return-value]
