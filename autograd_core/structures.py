"""Nested structures of numbers: taken apart into a flat list, and put together again.

Lists, tuples (named ones too), dictionaries and NumPy arrays nest to any depth; their leaves are
real numbers and Values. Dictionaries keep their order.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy

from autograd_core import numbers
from autograd_core.value import Value

__all__ = ["Structure", "flatten"]


class Structure:
    """The shape of a nested structure, without its leaves."""

    def __init__(self, size: int, build: Callable[[Sequence[Any]], Any], array: bool) -> None:
        self.size = size
        self.array = array
        """Whether it is one NumPy array."""
        self._build = build

    def fill(self, leaves: Sequence[Any]) -> Any:
        """The structure with these leaves."""
        return self._build(leaves)


ONE = Structure(1, lambda leaves: leaves[0], False)


def flatten(tree: Any, what: str) -> tuple[list[Any], Structure]:
    """The leaves of a structure in order, and its shape; TypeError for a leaf that is no number."""
    if type(tree) is Value:
        return [tree], ONE
    if isinstance(tree, numpy.ndarray):
        return _flatten_array(tree, what)
    if isinstance(tree, dict):
        keys = list(tree)
        return _flatten_children(
            [tree[key] for key in keys],
            what,
            lambda children: type(tree)(zip(keys, children, strict=True)),
        )
    if isinstance(tree, list):
        return _flatten_children(tree, what, list)
    if isinstance(tree, tuple):
        make = getattr(type(tree), "_make", tuple)  # a named tuple takes its fields one by one
        return _flatten_children(tree, what, make)
    return [numbers.real(tree, what)], ONE


def _flatten_children(
    children: Sequence[Any], what: str, make: Callable[[list[Any]], Any]
) -> tuple[list[Any], Structure]:
    leaves: list[Any] = []
    shapes: list[Structure] = []
    for child in children:
        found, shape = flatten(child, what)
        leaves += found
        shapes.append(shape)

    def build(filling: Sequence[Any]) -> Any:
        built, first = [], 0
        for shape in shapes:
            built.append(shape.fill(filling[first : first + shape.size]))
            first += shape.size
        return make(built)

    return leaves, Structure(len(leaves), build, False)


def _flatten_array(array: numpy.ndarray[Any, Any], what: str) -> tuple[list[Any], Structure]:
    leaves = [
        leaf if type(leaf) is Value else numbers.real(leaf, what) for leaf in array.ravel().tolist()
    ]

    def build(filling: Sequence[Any]) -> Any:
        held = any(type(leaf) is not float for leaf in filling)
        filled = numpy.empty(array.size, dtype=object if held else float)
        filled[:] = filling
        return filled.reshape(array.shape)

    return leaves, Structure(len(leaves), build, True)
