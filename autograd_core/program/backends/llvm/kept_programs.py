"""What is found out about a program, kept on disk beside its machine code.

Machine code is loaded in less time than its text is written in, and that in less than a long
program is differentiated, tidied, planned and rolled in. So the next process is given what came of
all that, under a digest of the program as it was before, of what is asked of it, of LLVM and the
processor, of Python, and of this package's own sources, whatever their version says. `object_cache`
sees to it that nothing is read but what was written. Who keeps something knows its form: a tuple of
numbers, texts, bytes and tuples.
"""

from __future__ import annotations

import functools
import hashlib
import marshal
import os
import sys
from collections.abc import Iterator
from importlib.machinery import EXTENSION_SUFFIXES
from typing import Any

import numpy

from autograd_core import plain
from autograd_core.program.backends.llvm import llvm_compiler, object_cache
from autograd_core.program.backends.native import native_kernel
from autograd_core.program.code.flat import Code

__all__ = ["array", "digest", "name", "own_sources", "packed", "read", "sources_in", "write"]

LARGEST = 8 * 2**20  # bytes of one answer
SOURCES = (
    "graph",  # by which rules are recorded
    "primitives",
    "program/adjoint",
    "program/analysis",
    "program/backends",
    "program/code",
    "program/passes",
    "program/running.py",
)
"""What answers are made by; all else of this package only asks."""
HEAD = 4096  # bytes of a compiled module


def name(asked: bytes, *how: object) -> str | None:
    """A name for an answer of some sort to a question, by its `digest`; None if nothing is kept."""
    if object_cache.folder() is None or (sources := own_sources()) is None:
        return None
    python = f"{sys.implementation.cache_tag}", f"compiled {native_kernel.available()}"
    own = asked.hex(), repr(how), sources
    return object_cache.key("a program", *own, *python, *llvm_compiler.depends())


def digest(code: Code, *asked: Any) -> bytes:
    """The same for the same question about an equal program, and for nothing else.

    What is asked is told by its `repr`.
    """
    found = hashlib.blake2b(repr((code.inputs, code.captured, asked)).encode())
    for part in (code.constants, code.instructions, code.operands, code.outputs):
        found.update(len(part).to_bytes(8, "little"))
        found.update(numpy.ascontiguousarray(part).data)
    return found.digest()


def read(name: str | None) -> Any:
    """What was kept under that name; None if there is nothing."""
    found = None if name is None else object_cache.read(name)
    return None if found is None else marshal.loads(found)


def write(name: str | None, found: tuple[Any, ...]) -> None:
    """Keep it, unless it is so long that much else would have to go."""
    if name is not None and len(content := marshal.dumps(found)) <= LARGEST:
        object_cache.write(name, content)


def packed(numbers: numpy.typing.NDArray[Any]) -> tuple[str, tuple[int, ...], bytes]:
    """An array as something that can be kept."""
    return numbers.dtype.str, numbers.shape, numbers.tobytes()


def array(kept: tuple[str, tuple[int, ...], bytes]) -> numpy.typing.NDArray[Any]:
    """The array that was packed, one's own.

    >>> array(packed(numpy.array([[1.5], [2.5]]))).tolist()
    [[1.5], [2.5]]
    """
    kind, shape, content = kept
    return numpy.frombuffer(bytearray(content), kind).reshape(shape)


@functools.cache
def own_sources() -> str | None:
    """A digest of what makes programs in this process; None where that is not known."""
    return sources_in(os.path.dirname(plain.__file__), plain.BEGUN)


def sources_in(root: str, before: int) -> str | None:
    """The same for a package in that folder, if it was written before that time in nanoseconds.

    Of a compiled module it has the beginning, where the linker says what it has linked, and the
    size and the time, for they are long.
    """
    found = hashlib.blake2b()
    try:
        for path in _files(root):
            compiled = not path.endswith(".py")
            number = os.open(os.path.join(root, path), os.O_RDONLY | getattr(os, "O_BINARY", 0))
            try:  # as `open` would, in a third of the time
                about = os.fstat(number)
                content = os.read(number, HEAD if compiled else about.st_size)
            finally:
                os.close(number)
            if about.st_mtime_ns >= before:
                return None
            told = path, len(content), about.st_size
            found.update(repr((told, about.st_mtime_ns if compiled else 0)).encode() + content)
    except OSError:  # in an archive, say
        return None
    return found.hexdigest()


def _files(root: str) -> Iterator[str]:
    """The sources below a folder, and what is compiled of them and of others."""

    def fail(error: OSError) -> None:
        raise error

    endings = (".py", *EXTENSION_SUFFIXES)
    for part in SOURCES:
        if part.endswith(".py"):
            yield part
            continue
        for folder, inner, names in os.walk(os.path.join(root, part), onerror=fail):
            inner.sort()
            below = folder[len(root) + 1 :]
            yield from (f"{below}/{own}" for own in sorted(names) if own.endswith(endings))
