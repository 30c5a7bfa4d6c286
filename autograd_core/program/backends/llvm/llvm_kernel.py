"""The LLVM back end: a flat program as vector code for the processor at hand.

It is the fastest and the only one that compiles, which it does at the first call; llvmlite, which
brings LLVM, comes with `pip install "autograd_core[jit]"`. `llvm_plan`, `llvm_text` and the modules
beside them say how; this is their door. What comes again and again, such as the steps along a path,
is compiled once, as a loop; a straight line up to 20,000 operations. Of a single sample of what is
longer the loops are, `rolled` says how, and the interpreter runs the rest. What compiles is
imported when something is compiled: every program asks here whether it is worth it.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence
from typing import Any

from autograd_core.errors import BackendError
from autograd_core.primitives import BUILT_IN, ROWS
from autograd_core.program.backends.native import native_kernel
from autograd_core.program.backends.native.native_kernel import NativeKernel
from autograd_core.program.code.flat import Code, Floats

__all__ = ["LLVMKernel", "compile_seconds", "gain", "machine_of", "worth_compiling"]

SECONDS, QUICK_SECONDS = 4e-5, 2.5e-5  # to compile an operation, in a long straight line
PLANNING_SECONDS = 4e-6  # an instruction
LEAST_SECONDS = 0.05
LONG = 4000
"""Operations from which on a straight line is compiled quickly, as `llvm_description` says."""
LONGEST = 20_000
"""Operations of the longest program that is compiled, its loops written once."""
LONGEST_IN_LOOPS = 200_000
"""Instructions of the longest program in which loops over turns are sought."""
LEAST_GAIN = 0.125
"""Of the time of the interpreter's loops, about, that those of LLVM save."""
ROLLED_SECONDS = 0.25
"""At most, about, to compile the loops of a single sample."""
MOSTLY = 0.5
"""The part of the operations of a single sample that loops must be to be compiled alone."""


def compile_seconds(code: Code, summed: int = 0) -> float:
    """About how long compiling takes, with half as much again to be sure.

    That is 0.05 s, and 40 µs for each of the first 4,000 operations that are written out, 25 µs for
    every further one. Those of a loop are written once, and to find it takes 4 µs an instruction.
    Of a program that is too long for that the loops of a single sample are compiled, in less than a
    quarter of a second.

    >>> from autograd_core import record
    >>> compile_seconds(record(lambda x: x * x + 1.0, 0.0).code) < 0.1
    True
    """
    effort = _effort(code, summed)
    if effort > LONGEST:
        return ROLLED_SECONDS
    quick = max(effort - LONG, 0)
    written = SECONDS * (effort - quick) + QUICK_SECONDS * quick
    return LEAST_SECONDS + written + PLANNING_SECONDS * len(code)


def gain(code: Code, summed: int = 0) -> float:
    """At most about which part of the interpreter's time is saved where LLVM runs a program.

    That is the part of what is written out: sums in loops, such as a layer's neurons, take either
    about as long. So it seldom pays to compile a network in the midst of a training, unless that is
    long.

    >>> from autograd_core import record
    >>> gain(record(lambda x: x * x + 1.0, 0.0).code)
    1.0
    """
    from autograd_core.program.backends.llvm.plan.llvm_plan import operations, straight_effort

    if len(code) - summed > LONGEST or (effort := straight_effort(code, summed)) > LONGEST:
        return 1.0  # loops are compiled alone, where they are most of it
    return min(max(effort / max(operations(code), 1), LEAST_GAIN), 1.0)


def worth_compiling(code: Code, summed: int = 0) -> bool:
    """Whether a program is short enough to be compiled as a whole: in at most about half a second.

    That is 20,000 operations. Every instruction is one; a call of the C library counts as eight; a
    sum counts as its additions and multiplications, unless a loop computes it, as one does for a
    layer's neurons; of what comes again and again one turn counts, or the few that are computed
    side by side; products that are only summed over the samples, the gradients of weights, count
    as nothing; and an output that another is too counts as three. So a network 784-128-10
    is worth it, and its step then takes 0.4 to 1.3 times what the interpreter takes, as processors
    and batches are; scalar code takes 0.1 to 0.3 times.
    """
    custom = bool((code.instructions[:, 0] >= BUILT_IN).any())
    return not custom and _effort(code, summed) <= LONGEST


def _effort(code: Code, summed: int) -> int:
    """As `compile_effort`, but of a program that is far too long just a number that says so."""
    from autograd_core.program.backends.llvm.plan.llvm_plan import compile_effort

    least = len(code) - summed  # nothing is free but products that are only summed
    return least if least > LONGEST_IN_LOOPS else compile_effort(code, summed)


class LLVMKernel:
    """A flat program, to be compiled at its first call and run by the processor.

    `other` is what ran the program before, if there is one: what LLVM does not run it goes on with.

    Raises BackendError where llvmlite is not installed or does not load, for primitives of the
    user's own, for primitives of the C library where the package itself is not compiled, and, at
    the first call, where LLVM does not compile the program.
    """

    name = "llvm"

    def __init__(self, code: Code, summed: int = 0, other: Any = None) -> None:
        from autograd_core.program.backends.llvm import kept_programs, llvm_compiler

        self._lanes = llvm_compiler.machine().lanes
        for kind in code.kinds:
            row = ROWS[kind]
            if kind >= BUILT_IN or row is None:
                raise BackendError(
                    f"{row.name if row else kind} is a primitive of your own, which only the back "
                    "end 'numpy' runs: choose that one, or 'auto'"
                )
            if not native_kernel.available():
                _refuse_called(row.name)
        self._code = code
        self._summed = summed
        self._digest = kept_programs.digest(code, summed)
        self._machines: dict[int, Any] = {}  # None where LLVM compiles nothing
        self._other = other

    def run(
        self, blocks: Sequence[Floats], captured: Floats, count: int, threads: int = 1
    ) -> tuple[Floats, Floats]:
        """The outputs of every sample, and the sums over them of the last few.

        A single sample has code of its own, of one lane. Strong products are computed as plain
        ones; a call that comes upon a NaN by it is done again by a back end that computes both.
        """
        lanes = 1 if count == 1 else self._lanes
        if lanes not in self._machines:
            self.compile_for(count)
        machine = self._machines[lanes]
        results: tuple[Floats, Floats] | None = None
        if machine is not None:
            results = machine.results(blocks, captured, count, threads)
        if results is None:
            results = self._without_llvm().run(blocks, captured, count, threads)
        return results

    def machine(self, count: int) -> Any:
        """What runs so many samples on numbers in memory, once they have been run before."""
        lanes = 1 if count == 1 else self._lanes
        machine = self._machines.get(lanes)
        if machine is None and lanes in self._machines:
            return self._without_llvm().machine(count)
        return machine

    def is_found(self, count: int) -> bool:
        """Whether an earlier process has compiled what runs so many samples; then it does."""
        lanes = 1 if count == 1 else self._lanes
        if lanes not in self._machines and (found := _made(self._found, lanes)) is not None:
            self._machines[lanes] = found
        return lanes in self._machines

    def compile_for(self, count: int) -> None:
        """Compile at once what runs so many samples, if that is not done."""
        if not self.is_found(count):
            lanes = 1 if count == 1 else self._lanes
            self._machines[lanes] = _made(self._compiled, lanes)

    def _found(self, lanes: int) -> Any:
        """What is kept: of a single sample the loops, if they are most of the program."""
        from autograd_core.program.backends.llvm import llvm_program

        interpreter = self._without_llvm() if lanes == 1 else None
        if isinstance(interpreter, NativeKernel):
            from autograd_core.program.backends.llvm.rolled import kept_loops

            loops = kept_loops.found(self._digest)
            if loops is not None:
                return interpreter.with_loops(*loops)
        program = llvm_program.found(self._digest, lanes)
        return None if program is None else machine_of(program)

    def _compiled(self, lanes: int) -> Any:
        """The same, made now; None where it would take too long."""
        from autograd_core.program.backends.llvm import llvm_program

        interpreter = self._without_llvm() if lanes == 1 else None
        if isinstance(interpreter, NativeKernel):
            from autograd_core.program.backends.llvm.rolled import rolled_kernel

            executable = interpreter.executable(single=True)
            if rolled_kernel.rolled_share(executable) > MOSTLY:
                return interpreter.with_loops(*rolled_kernel.rolled(interpreter, self._digest))
        if not worth_compiling(self._code, self._summed):
            return None
        return machine_of(llvm_program.compiled(self._digest, self._code, self._summed, lanes))

    def _without_llvm(self) -> Any:
        """For straight lines that are too long, and calls in which a zero may have met what is not
        finite: as slow, and right."""
        if self._other is None and native_kernel.available():
            self._other = NativeKernel(self._code, self._summed)
        elif self._other is None:
            from autograd_core.program.backends.numpy.numpy_kernel import NumPyKernel

            self._other = NumPyKernel(self._code, self._summed)
        return self._other


def _made(make: Callable[[int], Any], lanes: int) -> Any:
    """What is made for so many lanes. Raises BackendError where LLVM does not make it."""
    try:
        return make(lanes)
    except (BackendError, TimeoutError):
        raise
    except Exception as error:  # whatever llvmlite raises; an interrupt is none of these
        raise BackendError(
            f"LLVM does not compile the program here ({type(error).__name__}: {error}): choose "
            "the back end 'native' or 'numpy'"
        ) from error


def _refuse_called(row: str) -> None:
    """Raise BackendError for a row that calls a function of the package, where none is compiled."""
    from autograd_core.program.backends.llvm import llvm_formulas, llvm_program

    if llvm_formulas.is_called(row):
        llvm_program.function_address(row)


def machine_of(program: Any) -> Any:
    """What runs a `CompiledProgram`: where the package is not compiled, one in plain Python."""
    if native_kernel.available():
        compiled: Any = importlib.import_module("autograd_core.program.backends.llvm.llvm_machine")
        return compiled.LLVMMachine(program)
    from autograd_core.program.backends.llvm.plain_machine import PlainMachine

    return PlainMachine(program)
