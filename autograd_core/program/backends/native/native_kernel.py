"""The native interpreter's back end: a flat program translated once, run in C by blocks of lanes.

`executable` translates, `interpreter.c` runs a pass, and `machine` drives it.
"""

from __future__ import annotations

import functools
import importlib
from collections.abc import Sequence
from typing import Any

import numpy

from autograd_core import plain
from autograd_core.errors import BackendError
from autograd_core.primitives import BUILT_IN, ROWS
from autograd_core.program.backends.native.executable import Executable, translated
from autograd_core.program.backends.native.operations import known
from autograd_core.program.backends.samples import PARTIAL_SUMS
from autograd_core.program.code.flat import Code, Floats
from autograd_core.program.code.verifier import verify

__all__ = ["NativeKernel", "available"]

SECOND_CACHE = 2**19  # bytes that stay in a core's own cache beside all else
LAST_CACHE = 2**22  # in the cache that the cores share
FEWEST, MOST = 8, 1024  # lanes of a row
ENOUGH = 128  # lanes that make up for what an instruction itself costs


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
        self.code = _writable(code)
        self.summed = summed
        self._set = instruction_set or native_interpreter.supported_sets()[0]
        self._machines: dict[bool, Any] = {}
        self._executables: dict[bool, Executable] = {}

    def run(
        self, blocks: Sequence[Floats], captured: Floats, count: int, threads: int = 1
    ) -> tuple[Floats, Floats]:
        """The outputs of every sample, and the sums over the samples of the last few."""
        machine = self._machines.get(count == 1) or self._translate(count == 1)
        results: tuple[Floats, Floats] = machine.results(blocks, captured, count, threads)
        return results

    def machine(self, count: int) -> Any:
        """What runs so many samples on numbers in memory, once they have been run before."""
        return self._machines.get(count == 1)

    def with_loops(self, executable: Executable, loops: Any) -> Any:
        """The machine of a single sample, with machine code for loops.

        The executable asks for it, and `loops` holds it: at its `table` of addresses.
        """
        return self._machine(executable, True, loops)

    def executable(self, single: bool) -> Executable:
        """What is run, of a single sample or of many."""
        if single not in self._executables:
            self._executables[single] = translated(self.code, self.summed, single, _operations())
        return self._executables[single]

    def _translate(self, single: bool) -> Any:
        """What runs a single sample or many, made when it is first needed."""
        machine = self._machines[single] = self._machine(self.executable(single), single)
        return machine

    def _machine(self, executable: Executable, single: bool, loops: Any = None) -> Any:
        lanes = _lanes(executable.slots, self.summed)
        return native_interpreter.Interpreter(
            self.code, self.summed, executable, single, lanes, self._set, loops
        )


def _lanes(slots: int, summed: int) -> int:
    """How many lanes a row has, so that the rows at work stay in a cache.

    Where the partial sums do not, every pass goes through all of them: then few, long passes, whose
    rows may take as much.
    """
    partial_sums = 8 * PARTIAL_SUMS * summed
    many = partial_sums > SECOND_CACHE
    room = (max(LAST_CACHE, partial_sums) if many else SECOND_CACHE) // (8 * max(slots, 1))
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
