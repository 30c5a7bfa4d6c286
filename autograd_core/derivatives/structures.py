"""Nested structures of numbers: taken apart into a flat list, and put together again.

Lists, tuples (named ones too), dictionaries and NumPy arrays nest to any depth; their leaves are
real numbers and Values. Dictionaries keep their order. What is derived from them (a `defaultdict`,
a class of the user's) is put together as a copy of what was taken apart, so that it keeps what it
holds besides; a class whose copy does not take the new leaves is refused by name.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from autograd_core.given import too_deep
from autograd_core.graph import numbers
from autograd_core.graph.numbers import is_array
from autograd_core.graph.value import Value

if TYPE_CHECKING:
    import numpy

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

    def leaves_of(self, tree: Any, what: str) -> list[Any]:
        """The leaves of another structure in the order of this one: of dictionaries, by their keys.

        Raises ValueError where the keys or the number of leaves are others.
        """
        found = _in_order_of(self.fill(range(self.size)), tree, what)
        if len(found) != self.size:
            raise ValueError(f"{what} hold {len(found)} numbers where {self.size} are expected")
        return found


ONE = Structure(1, lambda leaves: leaves[0], False)


def flatten(tree: Any, what: str) -> tuple[list[Any], Structure]:
    """The leaves of a structure in order, and its shape.

    Raises TypeError for a leaf that is no number, ValueError for what is nested too deeply.
    """
    try:
        return _flattened(tree, what)
    except RecursionError:
        raise too_deep(what) from None


def _flattened(tree: Any, what: str) -> tuple[list[Any], Structure]:
    if type(tree) is Value or type(tree) is float:
        return [tree], ONE
    if is_array(tree):
        import numpy  # which has made the array already

        from autograd_core.graph.arrays.value_array import ValueArray

        if type(tree) in (numpy.ndarray, numpy.memmap, ValueArray):
            return _flatten_array(tree, what)
    if isinstance(tree, dict):
        return _flatten_children(list(tree.values()), what, _rebuilder(tree, dict))
    if isinstance(tree, list):
        return _flatten_children(tree, what, _rebuilder(tree, list))
    if isinstance(tree, tuple):
        return _flatten_children(tree, what, _rebuilder(tree, tuple))
    if hasattr(tree, "__len__") and not isinstance(tree, str | bytes):
        raise TypeError(
            f"{what}: structures of numbers are lists, tuples, dictionaries and NumPy arrays, got "
            f"{numbers.shown(tree)} of type {type(tree).__name__}; make one of these of it"
        )
    return [numbers.real(tree, what)], ONE


def _rebuilder(tree: Any, base: type) -> Callable[[list[Any]], Any]:
    """What makes a structure like `tree`, which is a `base`, of other children."""
    if type(tree) is dict:
        keys = list(tree)
        return lambda children: dict(zip(keys, children, strict=True))
    if type(tree) is base:
        return base
    if base is tuple:
        return lambda children: _attempted(tree, base, lambda: _tuple_like(tree, children))
    pattern = _attempted(tree, base, lambda: copy.copy(tree))  # it may be another one when filled
    return lambda children: _attempted(pattern, base, lambda: _copy_holding(pattern, children))


def _tuple_like(pattern: Any, children: list[Any]) -> Any:
    """A derived tuple, past its constructor, which may want other arguments."""
    built = tuple.__new__(type(pattern), children)
    if hasattr(pattern, "__dict__"):
        vars(built).update(vars(pattern))
    return built


def _copy_holding(pattern: Any, children: list[Any]) -> Any:
    built = copy.copy(pattern)
    places = list(pattern) if isinstance(pattern, dict) else range(len(pattern))
    for place, child in zip(places, children, strict=True):
        built[place] = child
    held = list(built.values()) if isinstance(pattern, dict) else built
    if len(held) != len(children) or any(a is not b for a, b in zip(held, children, strict=True)):
        raise ValueError("it does not hold what was put in")
    return built


def _attempted(tree: Any, base: type, make: Callable[[], Any]) -> Any:
    """What is made like a tree of a derived class, or TypeError that names the class."""
    kind = type(tree)
    try:
        made = make()
        if type(made) is not kind:
            raise TypeError(f"its copy is a {type(made).__name__}")
    except MemoryError:
        raise
    except Exception as error:  # whatever a class of a user's own raises
        raise TypeError(
            f"a {kind.__name__} cannot be rebuilt with other numbers ({error}); give a plain "
            f"{base.__name__}, or a class whose copy.copy() takes other elements"
        ) from error
    return made


def _in_order_of(pattern: Any, tree: Any, what: str) -> list[Any]:
    if isinstance(pattern, dict) and isinstance(tree, dict):
        if set(pattern) != set(tree):
            raise ValueError(
                f"{what} have the keys {list(tree)} where {list(pattern)} are expected"
            )
        pairs = [(part, tree[key]) for key, part in pattern.items()]
    elif isinstance(pattern, list | tuple) and isinstance(tree, list | tuple):
        if len(pattern) != len(tree):
            return flatten(tree, what)[0]
        pairs = list(zip(pattern, tree, strict=True))
    else:
        return flatten(tree, what)[0]
    return [leaf for part, child in pairs for leaf in _in_order_of(part, child, what)]


def _flatten_children(
    children: Sequence[Any], what: str, make: Callable[[list[Any]], Any]
) -> tuple[list[Any], Structure]:
    leaves: list[Any] = []
    shapes: list[Structure] = []
    for child in children:
        found, shape = _flattened(child, what)
        leaves += found
        shapes.append(shape)
    if all(shape is ONE for shape in shapes):
        return leaves, Structure(len(leaves), lambda filling: make(list(filling)), False)

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
        import numpy

        from autograd_core.graph.arrays.value_array import ValueArray

        held = any(type(leaf) is not float for leaf in filling)
        filled = numpy.empty(array.size, dtype=object if held else float)
        filled[:] = filling
        shaped = filled.reshape(array.shape)
        return shaped.view(ValueArray) if held else shaped

    return leaves, Structure(len(leaves), build, True)
