"""Where an array's structure stands in memory, for compiled code to read its address and strides.

Asking NumPy for an address in Python takes a microsecond, as long as a small program takes to run.
What an array is made of follows the object's head in memory: the fields that NumPy's C macros read,
the same in every release since the first. Where a look at some arrays does not bear that out,
arrays are asked for their buffers.
"""

from __future__ import annotations

import ctypes
import sys

import numpy

from autograd_core.program.code.flat import Floats

__all__ = ["ALIGNED", "QUICK"]


ALIGNED = 0x100  # among the flags


class Head(ctypes.Structure):
    """The fields of an array, up to those that are needed."""

    _fields_ = (
        ("data", ctypes.c_void_p),
        ("ndim", ctypes.c_int),
        ("shape", ctypes.POINTER(ctypes.c_ssize_t)),
        ("strides", ctypes.POINTER(ctypes.c_ssize_t)),
        ("base", ctypes.c_void_p),
        ("descr", ctypes.c_void_p),
        ("flags", ctypes.c_int),
    )


def _head_is(array: Floats) -> bool:
    head = Head.from_address(id(array) + object.__basicsize__)
    return (
        (head.data, head.ndim) == (array.ctypes.data, array.ndim)
        and tuple(head.shape[: array.ndim]) == array.shape
        and tuple(head.strides[: array.ndim]) == array.strides
        and head.base == (None if array.base is None else id(array.base))
        and head.descr == id(array.dtype)
        and bool(head.flags & ALIGNED) == array.flags.aligned
    )


def _heads_are_known() -> bool:
    if sys.implementation.name != "cpython":
        return False
    some = numpy.zeros((5, 7))
    odd = numpy.zeros(9, dtype=numpy.int8)[1:].view(numpy.float64)
    return all(_head_is(array) for array in (some, some[1::2, 3:], some.T, some[2], odd))


QUICK = _heads_are_known()
"""Whether an object's own address, `id(array)`, will do."""
