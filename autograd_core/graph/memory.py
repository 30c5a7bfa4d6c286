"""Blocks of doubles: C memory where the package is compiled, a list in plain Python.

`memory.pxd` beside this file is the compiled half. Its one user is the graph: the local gradients
of n-ary nodes and the cotangents of a sweep. Whoever takes a block gives it back once. Besides,
what a compiled class cannot say in Python, or says slowly: what it answers to one that would derive
from it, how it is made of a number and a name without more ado, and whether things differ.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

__all__ = [
    "all_differ",
    "ask_before_deriving",
    "doubles",
    "interleaved",
    "listed",
    "make_at_once",
    "release",
]


def doubles(count: int) -> list[float]:
    """A block of `count` zeros."""
    return [0.0] * count


def listed(block: list[float], count: int) -> list[float]:
    """The first `count` numbers of a block as a list."""
    return block[:count]


def release(block: list[float]) -> None:
    """Give a block back; in plain Python the collector does it."""


def all_differ(things: list[Any]) -> bool:
    """Whether no two things of a list are one."""
    return len(set(map(id, things))) == len(things)


def ask_before_deriving(kind: type, hook: Any) -> None:
    """Give a class its `__init_subclass__`, and have it called."""
    kind.__init_subclass__ = hook  # type: ignore[method-assign]


def make_at_once(kind: type, leaf_of: Callable[[float, str | None], Any]) -> None:
    """Have a function answer calls with a number, named or not; in plain Python `__init__` does."""


def interleaved(start: Any, first: list[Any], second: list[Any]) -> tuple[Any, ...]:
    """(start, first[0], second[0], first[1], second[1], …) of two lists of one length."""
    row = [start] * (2 * len(first) + 1)
    row[1::2] = first
    row[2::2] = second
    return tuple(row)
