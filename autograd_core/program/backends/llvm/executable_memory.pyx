"""Memory that code may be run in, and what tells processors apart: what Python has no words for.

Only on Linux and x86-64; elsewhere there is none of either, and LLVM is asked.
"""

from cpython.bytes cimport PyBytes_AS_STRING
from libc.stdint cimport uint32_t, uint64_t
from libc.string cimport memcpy

cdef extern from "executable_memory.h" nogil:
    const int PROCESSOR_WORDS
    int processor_words(uint32_t *words) noexcept
    void *writable_pages(size_t size) noexcept
    int make_executable(void *pages, size_t size) noexcept
    void give_back(void *pages, size_t size) noexcept


def processor() -> bytes:
    """What code may use of this processor; empty where only LLVM knows."""
    cdef uint32_t[32] words
    return (<char *>words)[:4 * PROCESSOR_WORDS] if processor_words(words) else b""


cdef class ExecutableMemory:
    """Room for so many bytes, at an address that is known before they are."""

    cdef void *pages
    cdef size_t size

    def __cinit__(self, size_t size):
        self.size = size
        self.pages = writable_pages(size)
        if self.pages == NULL:
            raise MemoryError(f"no {size} bytes of memory for machine code")

    @property
    def address(self) -> int:
        """Where it begins: at the beginning of a page."""
        return <uint64_t>self.pages

    def settle(self, bytes code):
        """Put the code there, for good. Raises OSError where the system lets nobody run it."""
        if <size_t>len(code) > self.size:
            raise ValueError(f"{len(code)} bytes of code do not fit into {self.size}")
        memcpy(self.pages, PyBytes_AS_STRING(code), len(code))
        if not make_executable(self.pages, self.size):
            raise OSError("the system lets no memory be run that was written to")

    def __dealloc__(self):
        if self.pages != NULL:
            give_back(self.pages, self.size)
