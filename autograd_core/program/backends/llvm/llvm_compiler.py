"""LLVM itself, through llvmlite: text in, addresses of machine code out.

This module knows the machine (how many lanes it has, how many registers) and nothing of programs.
The code is compiled for the processor at hand, without passes over the text, which is already in
the form they would give it, and without contraction. What it comes to is kept on disk, for the next
process, as `object_cache` says.
"""

from __future__ import annotations

import functools
import sys
import threading
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from autograd_core.errors import BackendError
from autograd_core.forking import none_while_forking
from autograd_core.program.backends.llvm import object_cache

__all__ = ["Machine", "MachineCode", "assembly", "compile_text", "define", "machine"]

LEVEL = 1  # of the code generator: 2 takes half as long again, for code as fast
_lock = threading.RLock()  # LLVM's context is one for the process
# A child would have for good what another thread has half done to it: forking waits its turn.
none_while_forking(_lock)


class Machine(NamedTuple):
    """What LLVM compiles for."""

    target: Any
    features: Any
    lanes: int
    """The doubles in a vector register."""
    side_by_side: int
    """How many running sums half of the registers hold."""
    tile: int
    """How many do beside a few operands."""


class MachineCode:
    """Functions in memory, for as long as this object lives."""

    def __init__(self, engine: Any, addresses: list[int], objects: list[bytes]) -> None:
        self.engine = engine
        self.addresses = addresses
        self._objects = objects  # which the engine may read

    def __del__(self, finalizing: Callable[[], bool] = sys.is_finalizing) -> None:
        # At the end of the interpreter even `sys` may be gone before this object.
        # In turn too: llvmlite has a lock of its own, and nobody may hold that either in a fork.
        if self.engine is not None and not finalizing():
            with _lock:
                self.engine.close()


@functools.cache
def machine() -> Machine:
    """The processor at hand. Raises BackendError where llvmlite is not there or does not load."""
    try:
        return _machine()
    except MemoryError:
        raise
    except Exception as error:
        missing = error.name if isinstance(error, ModuleNotFoundError) else None
        if missing in ("llvmlite", "llvmlite.binding"):
            raise BackendError(
                "the LLVM back end needs llvmlite, which is not installed: "
                'pip install "autograd_core[jit]"'
            ) from error
        raise BackendError(  # its library is not there, of another version, for another processor
            f"the LLVM back end needs llvmlite, which is installed but does not load "
            f"({type(error).__name__}: {error}): "
            'pip install --force-reinstall llvmlite, or choose the back end "native"'
        ) from error


def _machine() -> Machine:
    import llvmlite.binding as llvm

    with _lock:
        llvm.initialize_native_target()
        llvm.initialize_native_asmprinter()
        features = llvm.get_host_cpu_features()
        lanes = 8 if features.get("avx512f") else 4 if features.get("avx") else 2
        many = lanes == 8 or llvm.get_process_triple().startswith(("aarch64", "arm64"))
        target = llvm.Target.from_triple(llvm.get_process_triple())
        return Machine(target, features, lanes, 16 if many else 8, 24 if many else 8)


def define(symbol: str, address: int) -> None:
    """Let modules call the function at an address by a name."""
    import llvmlite.binding as llvm

    with _lock:
        llvm.add_symbol(symbol, address)


def compile_text(texts: Iterable[str], names: Iterable[str]) -> MachineCode:
    """Compile modules, and look up functions in them.

    One module after another, so that an interrupt is heard in between.
    """
    import llvmlite.binding as llvm

    engine = None
    objects = []
    for text in texts:
        found = object_cache.read(key := _key(text))
        with _lock:
            if engine is None:
                engine = llvm.create_mcjit_compiler(llvm.parse_assembly(""), _target_machine())
            if found is None:
                found = _target_machine().emit_object(_parsed(text))
                object_cache.write(key, found)
            objects.append(found)
            engine.add_object_file(llvm.ObjectFileRef.from_data(found))
            engine.finalize_object()
    with _lock:
        addresses = [] if engine is None else [engine.get_function_address(name) for name in names]
    return MachineCode(engine, addresses, objects)


def _parsed(text: str) -> Any:
    """A module for the processor at hand."""
    import llvmlite.binding as llvm

    module = llvm.parse_assembly(text)
    module.triple = machine().target.triple
    module.data_layout = str(_target_machine().target_data)
    return module


def _key(text: str) -> str:
    """What an object depends on: the text, LLVM, and the processor that it is for."""
    return object_cache.key(text, *_versions())


@functools.cache
def _versions() -> tuple[str, ...]:
    import llvmlite
    import llvmlite.binding as llvm

    found = machine()
    return (
        llvmlite.__version__,
        repr(llvm.llvm_version_info),
        found.target.triple,
        llvm.get_host_cpu_name(),
        found.features.flatten(),
        f"optimization {LEVEL}",
    )


def assembly(text: str) -> str:
    """The machine code of a module, readable."""
    with _lock:
        return str(_target_machine().emit_assembly(_parsed(text)))


def _target_machine() -> Any:
    import llvmlite.binding as llvm

    found = machine()
    return found.target.create_target_machine(
        cpu=llvm.get_host_cpu_name(), features=found.features.flatten(), opt=LEVEL
    )
