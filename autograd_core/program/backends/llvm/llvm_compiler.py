"""LLVM itself, through llvmlite: text in, addresses of machine code out.

This module knows the machine (how many lanes it has, how many registers) and nothing of programs.
The code is compiled for the processor at hand, without passes over the text, which is already in
the form they would give it, and without contraction. What it comes to is kept on disk, for the next
process, as `object_cache` says; and so is what LLVM calls the processor, so that a process that
finds everything there need not even load LLVM, which takes longer than all the rest.
"""

from __future__ import annotations

import contextlib
import functools
import importlib
import importlib.util
import os
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from autograd_core.errors import BackendError
from autograd_core.forking import none_while_forking
from autograd_core.program.backends.llvm import object_cache, object_loader

__all__ = [
    "Machine",
    "MachineCode",
    "assembly",
    "compile_text",
    "compiled",
    "define",
    "depends",
    "kept",
    "loaded",
    "machine",
]

LEVEL = 1  # of the code generator: 2 takes half as long again, for code as fast
_lock = threading.RLock()  # LLVM's context is one for the process
# A child would have for good what another thread has half done to it: forking waits its turn.
none_while_forking(_lock)
_symbols: dict[str, int] = {}


class Machine(NamedTuple):
    """What LLVM compiles for, in its own words."""

    version: str
    """Of llvmlite and of LLVM."""
    triple: str
    processor: str
    features: str

    @property
    def lanes(self) -> int:
        """The doubles in a vector register."""
        features = self.features.split(",")
        return 8 if "+avx512f" in features else 4 if "+avx" in features else 2

    @property
    def side_by_side(self) -> int:
        """How many running sums half of the registers hold."""
        many = self.lanes == 8 or self.triple.startswith(("aarch64", "arm64"))
        return 16 if many else 8


class MachineCode:
    """Functions in memory, for as long as this object lives."""

    def __init__(self, addresses: list[int], engine: Any, objects: list[Any]) -> None:
        self.addresses = addresses
        self.engine = engine
        self._objects = objects  # in memory, or what the engine may read

    def __del__(self, finalizing: Callable[[], bool] = sys.is_finalizing) -> None:
        # At the end of the interpreter even `sys` may be gone before this object.
        # In turn too: llvmlite has a lock of its own, and nobody may hold that either in a fork.
        if self.engine is not None and not finalizing():
            with _lock:
                self.engine.close()


@functools.cache
def machine() -> Machine:
    """The processor at hand. Raises BackendError where llvmlite is not there or does not load."""
    key = _own_name()
    kept = object_cache.read(key) if key else None
    if kept is not None:
        return Machine(*kept.decode().split("\n"))
    llvm = _llvm()
    with _lock, _advice():
        found = Machine(
            f"{importlib.import_module('llvmlite').__version__} {llvm.llvm_version_info}",
            llvm.get_process_triple(),
            llvm.get_host_cpu_name(),
            llvm.get_host_cpu_features().flatten(),
        )
    if key:
        object_cache.write(key, "\n".join(found).encode())
    return found


def _own_name() -> str | None:
    """A name for this processor and this LLVM that can be found without LLVM, if there is one."""
    processor = object_loader.processor()
    if not processor or (spec := importlib.util.find_spec("llvmlite")) is None or not spec.origin:
        return None
    try:
        with open(os.path.join(os.path.dirname(spec.origin), "_version.py"), "rb") as file:
            version = file.read().hex()
    except OSError:
        return None
    return object_cache.key("a processor", *Machine._fields, processor.hex(), version)


@functools.cache
def _llvm() -> Any:
    """The library, ready to compile."""
    with _advice():
        llvm = importlib.import_module("llvmlite.binding")
        with _lock:
            llvm.initialize_native_target()
            llvm.initialize_native_asmprinter()
    return llvm


@contextlib.contextmanager
def _advice() -> Iterator[None]:
    """Say what to do where the library does not work."""
    try:
        yield
    except MemoryError:
        raise
    except Exception as error:  # whatever llvmlite raises while it loads
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


def define(symbol: str, address: int) -> None:
    """Let modules call the function at an address by a name."""
    _symbols[symbol] = address


def compile_text(texts: Iterable[str], names: Iterable[str]) -> MachineCode:
    """Compile modules unless an earlier process did, and look up functions in them.

    One module after another, so that an interrupt is heard in between.
    """
    return loaded([kept(text) for text in texts], names)


def loaded(objects: Iterable[bytes], names: Iterable[str]) -> MachineCode:
    """Put compiled modules into memory, and look up functions in them."""
    engine: Any = None
    alive: list[Any] = []
    functions: dict[str, int] = {}
    for content in objects:
        own = object_loader.load(content, _symbols)
        alive.append(own or content)
        if own is not None:
            functions |= own.functions
            continue
        llvm = _llvm()
        with _lock:
            if engine is None:
                engine = llvm.create_mcjit_compiler(llvm.parse_assembly(""), _target_machine())
            for symbol, address in _symbols.items():
                llvm.add_symbol(symbol, address)
            engine.add_object_file(llvm.ObjectFileRef.from_data(content))
            engine.finalize_object()
    with _lock:
        addresses = [functions.get(name) or engine.get_function_address(name) for name in names]
    return MachineCode(addresses, engine, alive)


def compiled(text: str, quickly: bool = False) -> bytes:
    """A module as an object for the processor at hand; `quickly`, straight lines as they stand."""
    # Within the lock everything of llvmlite's is given back, too: that takes its own lock.
    with _lock:
        return bytes(_target_machine(0 if quickly else LEVEL).emit_object(_parsed(text)))


def depends() -> tuple[str, ...]:
    """What an object depends on besides its text: LLVM, and the processor that it is for."""
    return (*machine(), f"optimization {LEVEL}")


def kept(text: str) -> bytes:
    """A module as an object that is kept on disk for later processes."""
    key = object_cache.key(text, *depends())
    found = object_cache.read(key)
    if found is None:
        object_cache.write(key, found := compiled(text))
    return found


def _parsed(text: str) -> Any:
    """A module for the processor at hand."""
    module = _llvm().parse_assembly(text)
    module.triple = machine().triple
    module.data_layout = str(_target_machine().target_data)
    return module


def assembly(text: str, quickly: bool = False) -> str:
    """The machine code of a module, readable."""
    with _lock:
        return str(_target_machine(0 if quickly else LEVEL).emit_assembly(_parsed(text)))


def _target_machine(level: int = LEVEL) -> Any:
    found = machine()
    target = _llvm().Target.from_triple(found.triple)
    return target.create_target_machine(cpu=found.processor, features=found.features, opt=level)
