"""Objects put into memory without LLVM, which takes longer to load than most programs to run.

What LLVM writes for Linux on x86-64 is a relocatable ELF file. Code that may lie anywhere, as ours,
has one kind of place to be filled in, for an address of 64 bits. An object that holds anything else
is left to LLVM. Names and numbers are those of the System V ABI, "Object files" and, for x86-64,
"Relocation".
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from typing import Any

import numpy
from numpy.typing import NDArray

from autograd_core.program.backends.native import native_kernel

__all__ = ["Loaded", "load", "processor"]

ELF = b"\x7fELF\x02\x01"  # of 64 bits, the lowest byte first
RELOCATABLE, X86_64 = 1, 62
PROGBITS, SYMTAB, RELA, REL, UNWIND = 1, 2, 4, 9, 0x70000001  # sorts of sections
ALLOCATED, WRITABLE, OF_THREADS = 2, 1, 0x400  # flags of sections
UNDEFINED, RESERVED = 0, 0xFF00  # places of symbols that are no sections
R_X86_64_64 = 1


def _record(size: int, /, **fields: tuple[str, int]) -> numpy.dtype[numpy.void]:
    formats, offsets = zip(*fields.values(), strict=True)
    return numpy.dtype(
        {"names": [*fields], "formats": formats, "offsets": offsets, "itemsize": size}
    )


HEADER = _record(
    64,
    identity=("S6", 0),
    sort=("<u2", 16),
    machine=("<u2", 18),
    sections=("<u8", 40),
    count=("<u2", 60),
)
SECTION = _record(
    64,
    sort=("<u4", 4),
    flags=("<u8", 8),
    offset=("<u8", 24),
    size=("<u8", 32),
    link=("<u4", 40),
    of=("<u4", 44),
    alignment=("<u8", 48),
)
SYMBOL = _record(24, name=("<u4", 0), section=("<u2", 6), value=("<u8", 8))
RELOCATION = _record(24, offset=("<u8", 0), sort=("<u4", 8), symbol=("<u4", 12), addend=("<i8", 16))


class Loaded:
    """An object's functions by name, in memory for as long as this lives."""

    def __init__(self, memory: Any, functions: dict[str, int]) -> None:
        self.functions = functions
        self._memory = memory


def processor() -> bytes:
    """What code may use of this processor; empty where only LLVM knows."""
    return bytes(_memory().processor()) if native_kernel.available() else b""


def load(content: bytes, symbols: Mapping[str, int]) -> Loaded | None:
    """Put an object into memory, with the addresses of what it does not define.

    None where LLVM has to do it: not on this platform, or not such an object.
    """
    if not processor():
        return None
    header = numpy.frombuffer(content, HEADER, 1)[0]
    if (header["identity"], header["sort"], header["machine"]) != (ELF, RELOCATABLE, X86_64):
        return None
    sections = numpy.frombuffer(content, SECTION, header["count"], header["sections"])
    # Nobody unwinds calls of such code: it raises nothing, and calls nothing that does.
    laid_out = ((sections["flags"] & ALLOCATED) != 0) & (sections["sort"] != UNWIND)
    tables = numpy.flatnonzero(sections["sort"] == SYMTAB)
    relocated = [of for of in sections if of["sort"] in (RELA, REL) and laid_out[of["of"]]]
    if (
        len(tables) != 1
        or (sections["flags"][laid_out] & (WRITABLE | OF_THREADS)).any()
        or (sections["sort"][laid_out] != PROGBITS).any()
        or any(of["sort"] == REL for of in relocated)
    ):
        return None
    places, size = _places(sections, laid_out)
    try:
        memory = _memory().ExecutableMemory(size)
    except MemoryError:
        return None
    image = bytearray(size)
    for place, section in zip(places, sections, strict=True):
        if place >= 0:
            image[place : place + int(section["size"])] = _part(content, section)
    table = sections[tables[0]]
    found = numpy.frombuffer(_part(content, table), SYMBOL)
    names = _names(found, _part(content, sections[table["link"]]))
    addresses = _addresses(found, names, places, memory.address, symbols)
    if addresses is None:
        return None
    for section in relocated:
        relocations = numpy.frombuffer(_part(content, section), RELOCATION)
        wanted = addresses[relocations["symbol"]]
        if (relocations["sort"] != R_X86_64_64).any() or (wanted == 0).any():
            return None
        values = wanted + relocations["addend"].astype(numpy.uint64)
        for offset, value in zip(relocations["offset"].tolist(), values.tolist(), strict=True):
            start = places[section["of"]] + offset
            image[start : start + 8] = value.to_bytes(8, "little")
    try:
        memory.settle(bytes(image))
    except OSError:
        return None
    defined = {
        name: int(address)
        for name, address, place in zip(names, addresses, found["section"], strict=True)
        if name and UNDEFINED < place < RESERVED
    }
    return Loaded(memory, defined)


def _memory() -> Any:
    return importlib.import_module("autograd_core.program.backends.llvm.executable_memory")


def _part(content: bytes, section: Any) -> bytes:
    start = int(section["offset"])
    return content[start : start + int(section["size"])]


def _places(sections: NDArray[Any], laid_out: NDArray[numpy.bool_]) -> tuple[list[int], int]:
    """Where each section stands in memory, -1 for those that do not, and the size of all."""
    places, size = [], 0
    for section, needed in zip(sections, laid_out, strict=True):
        if needed:
            size += -size % max(int(section["alignment"]), 1)
        places.append(size if needed else -1)
        size += int(section["size"]) if needed else 0
    return places, max(size, 1)


def _names(found: NDArray[Any], texts: bytes) -> list[str]:
    starts = found["name"].tolist()
    return [texts[start : texts.index(b"\0", start)].decode() for start in starts]


def _addresses(
    found: NDArray[Any], names: list[str], places: list[int], base: int, symbols: Mapping[str, int]
) -> NDArray[numpy.uint64] | None:
    """The address of every symbol, 0 of what has none; None if a name is not known."""
    addresses = numpy.zeros(len(found), dtype=numpy.uint64)
    for number, (name, place, value) in enumerate(
        zip(names, found["section"].tolist(), found["value"].tolist(), strict=True)
    ):
        if place == UNDEFINED and name:
            if name not in symbols:
                return None
            addresses[number] = symbols[name]
        elif UNDEFINED < place < RESERVED and places[place] >= 0:
            addresses[number] = base + places[place] + value
    return addresses
