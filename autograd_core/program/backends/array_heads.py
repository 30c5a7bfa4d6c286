"""Where an array's structure stands in memory, for machine code to read its address and strides.

Asking NumPy for an address in Python takes a microsecond, as long as a small program takes to run.
What an array is made of follows the object's head in memory: the fields that NumPy's C macros read,
the same in every release since the first. Where a look at some arrays does not bear that out, a
structure of the same form is made.
"""

from __future__ import annotations

import ctypes
import sys

import numpy

from autograd_core.program.code.flat import Floats

__all__ = ["OFFSET", "QUICK", "Head", "copied_head"]


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
OFFSET = object.__basicsize__
"""How far behind the address of an array the fields of `Head` begin."""


def copied_head(array: Floats, keep: list[object]) -> int:
    """The address of a structure like an array's, valid while it and what `keep` got live."""
    numbers = ctypes.c_ssize_t * array.ndim
    shape, strides = numbers(*array.shape), numbers(*array.strides)
    head = Head(array.ctypes.data, array.ndim, shape, strides)
    keep.append((head, shape, strides))
    return ctypes.addressof(head) - OFFSET
