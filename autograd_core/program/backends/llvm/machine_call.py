"""Calling machine code: a function of one number, at an address, without the interpreter's lock.

Of the modules that are compiled, those that call it take the function of the same name from
`machine_call.pxd`, which needs no ctypes and a tenth of its time.
"""

from __future__ import annotations

import ctypes
import functools

__all__ = ["call"]


def call(function: int, argument: int) -> None:
    """Call the function at an address, which takes a number of the size of one.

    >>> import ctypes
    >>> got = []
    >>> function = ctypes.CFUNCTYPE(None, ctypes.c_ssize_t)(got.append)
    >>> call(ctypes.cast(function, ctypes.c_void_p).value, 42)
    >>> got
    [42]
    """
    _prototype(function)(argument)


@functools.lru_cache(maxsize=256)
def _prototype(function: int) -> ctypes._FuncPointer:
    return ctypes.CFUNCTYPE(None, ctypes.c_ssize_t)(function)
