"""Hashes of lists of numbers, for the tables in which the native translation finds equal lists.

`hashing.pxd` beside this file gives the compiler its types.
"""

from __future__ import annotations

__all__ = ["mixed", "table_size"]


def mixed(key, number):
    """The hash of a list from that of all but its last number: well spread for numbers in a row."""
    key = ((key ^ number) * 0x5851F42D4C957F2D) & 0x7FFFFFFFFFFFFFFF
    return key ^ (key >> 32)


def table_size(count):
    """A power of two with room for so many."""
    size = 64
    while size < 2 * count:
        size *= 2
    return size
