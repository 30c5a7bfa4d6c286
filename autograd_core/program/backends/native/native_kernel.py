"""The native interpreter's back end: a flat program translated once, run in C by blocks of lanes.

Work is done in spans short enough for Ctrl-C to be honored between them: of samples, and where one
pass through the instructions takes long, of instructions. `executable` translates, `interpreter.c`
runs, `samples` says what threads share.
"""

from __future__ import annotations

import copy
import functools
import importlib
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy

from autograd_core import plain
from autograd_core.errors import BackendError
from autograd_core.primitives import BUILT_IN, ROWS
from autograd_core.program.backends.native.executable import Executable, translated
from autograd_core.program.backends.native.operations import known
from autograd_core.program.backends.samples import (
    PARTIAL_SUMS,
    SAMPLES,
    pieces,
    stripes,
    sums_over,
)
from autograd_core.program.code.flat import Code, Floats
from autograd_core.program.code.verifier import verify

__all__ = ["NativeKernel", "available"]

SECOND_CACHE = 2**19  # bytes that stay in a core's own cache beside all else
LAST_CACHE = 2**22  # in the cache that the cores share
FEWEST, MOST = 8, 1024  # lanes of a row
ENOUGH = 128  # lanes that make up for what an instruction itself costs
SPAN = 10**8  # operations without a look at Ctrl-C: less than 0.2 s
WORTH_A_THREAD = 10**7  # operations: about a millisecond


def _compiled() -> Any:
    if plain.asked():
        return None
    try:
        return importlib.import_module("autograd_core.program.backends.native.native_interpreter")
    except ModuleNotFoundError:
        return None


native_interpreter = _compiled()


def available() -> bool:
    """Whether this installation has the native interpreter."""
    return native_interpreter is not None


class NativeKernel:
    """A flat program, to be run by the native interpreter.

    `instruction_set` is one of `native_interpreter.supported_sets()`, the best if it is not given.
    Raises BackendError where nothing is compiled or the program has primitives of the user's own,
    and ProgramError for a program that is not valid.
    """

    name = "native"

    def __init__(self, code: Code, summed: int = 0, instruction_set: str | None = None) -> None:
        if native_interpreter is None:
            raise BackendError(
                "the native interpreter is not compiled in this installation: install "
                "autograd_core where there is a C compiler, or choose the back end 'numpy'"
            )
        verify(code)
        for kind in code.kinds:
            row = ROWS[kind]
            if kind >= BUILT_IN or row is None or not known(row.name, _operations()):
                raise BackendError(
                    f"the native interpreter has the built-in primitives only, and the program "
                    f"uses {row.name if row else kind!r}: choose the back end 'numpy'"
                )
        if not 0 <= summed <= len(code.outputs):
            raise ValueError(
                f"summed is {summed!r}; expected 0 to {len(code.outputs)}, the number of outputs"
            )
        self._code = _writable(code)
        self._summed = summed
        self._set = instruction_set or native_interpreter.supported_sets()[0]
        self._ready: dict[bool, tuple[Any, Executable, int]] = {}

    def run(
        self, blocks: Sequence[Floats], captured: Floats, count: int, threads: int = 1
    ) -> tuple[Floats, Floats]:
        """The outputs of every sample, and the sums over the samples of the last few."""
        values = numpy.empty((count, len(self._code.outputs) - self._summed))
        sums = numpy.zeros(self._summed)
        if count == 0:
            return values, sums
        ready = self._ready.get(count == 1)
        interpreter, executable, lanes = ready or self._translate(count == 1)
        call = interpreter.call(blocks, captured, count, values, sums)
        effort = executable.effort * count
        if effort <= (SPAN if threads == 1 else WORTH_A_THREAD):
            call.run_all([(0, count)] if count <= SAMPLES else stripes(count))
        else:
            self._run_long(call, executable, lanes, count, sums, threads)
        return values, sums

    def machine(self, count: int) -> Any:
        """What runs so many samples on numbers in memory, once they have been run before."""
        ready = self._ready.get(count == 1)
        return None if ready is None else ready[0]

    def with_loops(self, compiled: Callable[[Executable], tuple[Executable, Any]]) -> NativeKernel:
        """The same, with machine code for loops of a single sample.

        `compiled` gives the executable that asks for it, and what holds it: at its `table` of
        addresses.
        """
        interpreter, executable, lanes = self._ready.get(True) or self._translate(True)
        executable, loops = compiled(executable)
        interpreter = native_interpreter.Interpreter(
            self._code, self._summed, executable, True, lanes, self._set, loops
        )
        other = copy.copy(self)
        other._ready = self._ready | {True: (interpreter, executable, lanes)}
        return other

    def executable(self, single: bool) -> Executable:
        """What is run, of a single sample or of many."""
        return (self._ready.get(single) or self._translate(single))[1]

    def _translate(self, single: bool) -> tuple[Any, Executable, int]:
        """The executable for a single sample or for many, made when it is first needed."""
        executable = translated(self._code, self._summed, single, _operations())
        lanes = _lanes(executable.slots, self._summed)
        interpreter = native_interpreter.Interpreter(
            self._code, self._summed, executable, single, lanes, self._set
        )
        self._ready[single] = interpreter, executable, lanes
        return self._ready[single]

    def _run_long(
        self,
        call: Any,
        executable: Executable,
        lanes: int,
        count: int,
        sums: Floats,
        threads: int,
    ) -> None:
        length = len(executable.uniform_code)
        for first, last in pieces(0, length, _in_a_span(executable.effort, length)):
            call.run_uniform(first, last)
        if count == 1:
            return

        def work(start: int, stop: int, own: Floats, stopped: threading.Event) -> None:
            memory = call.begin()
            for span in _spans(executable, lanes, start, stop):
                if stopped.is_set():
                    break
                call.run_lanes(memory, *span, start, stop)
            call.stripe_sums(memory, own)
            call.end(memory)

        sums += sums_over(count, self._summed, threads, work)


def _spans(
    executable: Executable, lanes: int, start: int, stop: int
) -> Iterator[tuple[int, int, int, int]]:
    """From and to which instruction, from and to which sample, in the order they must run."""
    length = len(executable.lane_code)
    passes = SPAN // (max(executable.effort, 1) * lanes)
    if passes:
        for span in pieces(start, stop, passes * lanes):
            yield 0, length, *span
    else:
        part = _in_a_span(executable.effort * lanes, length)
        for span in pieces(start, stop, lanes):
            for piece in pieces(0, length, part):
                yield *piece, *span


def _in_a_span(effort: int, length: int) -> int:
    """How many instructions there are in a span, of so many that take so much effort, all alike."""
    return max(1, SPAN * length // max(effort, 1))


def _lanes(slots: int, summed: int) -> int:
    """How many lanes a row has, so that the rows at work stay in a cache.

    Where the partial sums do not, every pass goes through all of them: then few, long passes.
    """
    many = 8 * PARTIAL_SUMS * summed > SECOND_CACHE
    room = (LAST_CACHE if many else SECOND_CACHE) // (8 * max(slots, 1))
    return min(max(room // FEWEST * FEWEST, FEWEST), MOST if many else ENOUGH)


@functools.cache
def _operations() -> dict[str, int]:
    return native_interpreter.operation_numbers()


def _writable(code: Code) -> Code:
    """The code on arrays as the compiled translation takes them."""
    return Code(
        code.inputs,
        code.captured,
        numpy.require(code.constants, requirements=["C", "W"]),
        numpy.require(code.instructions, requirements=["C", "W"]),
        numpy.require(code.operands, requirements=["C", "W"]),
        numpy.require(code.outputs, requirements=["C", "W"]),
    )
