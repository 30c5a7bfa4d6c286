"""What a program takes and gives: numbers in shapes, in tuples and dictionaries.

A number, a list of numbers (nested ones of equal lengths too) and an array are numbers in a shape;
tuples, dictionaries and lists of anything else hold them. At a call every shape may have further
axes in front, over which the samples run, and these broadcast among all arguments as the loop
dimensions of NumPy's generalized ufuncs do. This module binds a call's arguments to a program's
inputs and puts results into the shapes they came from.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy
from numpy.typing import NDArray

from autograd_core.graph import numbers
from autograd_core.program.code.flat import Floats
from autograd_core.program.signature.by_name import wrong_count
from autograd_core.program.signature.room import check_room

__all__ = [
    "Bound",
    "Form",
    "Given",
    "Holder",
    "Numbers",
    "bind",
    "form_of",
    "given_arrays",
    "held",
    "rows_of",
]


@dataclass(frozen=True)
class Numbers:
    """Numbers in a shape; a single number has the shape ()."""

    shape: tuple[int, ...]

    @property
    def size(self) -> int:
        """How many numbers."""
        return math.prod(self.shape)


@dataclass(frozen=True)
class Holder:
    """A tuple, a list or a dictionary of other forms."""

    kind: Any
    """`tuple`, `list`, `dict`, or a named tuple's class."""
    keys: tuple[Any, ...]
    """A dictionary's keys; the places in a tuple or list."""
    children: tuple[Form, ...]

    @property
    def size(self) -> int:
        """How many numbers in all."""
        return sum(child.size for child in self.children)


Form = Numbers | Holder

ONE = Numbers(())
_PLAIN = {float, int}  # what is a number whatever else it stands among


def form_of(example: Any) -> Form:
    """The form of an example: of a structure that `structures.flatten` takes."""
    if isinstance(example, numpy.ndarray):
        return Numbers(example.shape)
    if isinstance(example, dict):
        return Holder(dict, tuple(example), tuple(map(form_of, example.values())))
    if type(example) is list and example and _PLAIN.issuperset(map(type, example)):
        return Numbers((len(example),))
    if isinstance(example, list | tuple):
        children = tuple(map(form_of, example))
        if isinstance(example, list):
            first = children[0] if children else ONE
            if isinstance(first, Numbers) and all(
                child is first or child == first for child in children
            ):
                return Numbers((len(children), *first.shape))
        named = isinstance(example, tuple) and hasattr(example, "_make")
        kind = type(example) if named else tuple if isinstance(example, tuple) else list
        return Holder(kind, tuple(range(len(children))), children)
    return ONE


@dataclass(frozen=True)
class Given:
    """A call's arguments as arrays, which are as they came."""

    arrays: list[tuple[Floats, Numbers]]
    """With the shape of a sample in each."""
    loops: list[tuple[int, ...]]
    """The axes in front of a sample's own, of each."""
    loop: tuple[int, ...]
    """What these broadcast to: the axes over which the samples run."""


@dataclass(frozen=True)
class Bound:
    """A call's arguments as what a back end takes."""

    blocks: list[Floats]
    """One array a shape: (1, size) where it is the same for all samples, else (count, size)."""
    loop: tuple[int, ...]
    """The axes over which the samples run."""

    @property
    def count(self) -> int:
        """How many samples."""
        return math.prod(self.loop)


def bind(forms: Sequence[Form], names: Sequence[str], given: Sequence[Any]) -> Bound:
    """The arguments of a call as blocks of samples. Raises as `given_arrays` does."""
    found = given_arrays(forms, names, given)
    blocks = [
        _block(array, form, own, found.loop)
        for (array, form), own in zip(found.arrays, found.loops, strict=True)
    ]
    return Bound(blocks, found.loop)


def given_arrays(forms: Sequence[Form], names: Sequence[str], given: Sequence[Any]) -> Given:
    """The arguments of a call as arrays.

    Raises TypeError for another number of arguments and for what are no real numbers, ValueError
    for shapes that do not fit or do not broadcast.
    """
    if len(given) != len(forms):
        raise wrong_count(names, range(len(given)))
    arrays: list[tuple[str, Floats, Numbers]] = []
    for form, name, argument in zip(forms, names, given, strict=True):
        _collect(form, name, argument, arrays)
    loops = [array.shape[: array.ndim - len(form.shape)] for _, array, form in arrays]
    some = {own for own in loops if own}
    try:
        loop = numpy.broadcast_shapes(*some) if len(some) > 1 else some.pop() if some else ()
    except ValueError:
        shown = ", ".join(
            f"{name} {array.shape} of samples {form.shape}" for name, array, form in arrays
        )
        raise ValueError(
            f"the axes of samples do not broadcast: {shown}. What stands before a sample's own "
            "shape must agree among the arguments, or be 1 or absent"
        ) from None
    if len(some) > 1:
        rows = zip(arrays, loops, strict=True)
        check_room({name: form.size for (name, _, form), own in rows if own}, loop)
    return Given([(array, form) for _, array, form in arrays], loops, loop)


def rows_of(forms: Sequence[Form]) -> list[Numbers]:
    """The rows that a sample is, one for each shape in the forms, as in the blocks of `bind`."""
    found: list[Numbers] = []
    for form in forms:
        if isinstance(form, Numbers):
            found.append(Numbers((form.size,)))
        else:
            found += rows_of(form.children)
    return found


def _collect(
    form: Form, name: str, argument: Any, arrays: list[tuple[str, Floats, Numbers]]
) -> None:
    if isinstance(form, Numbers):
        array = numbers_of(argument, name)
        own = array.shape[max(array.ndim - len(form.shape), 0) :]
        if own != form.shape:
            raise ValueError(
                f"{name} has the shape {array.shape}, but a sample has the shape {form.shape}, "
                f"with any axes of samples before it: give (..., {_listed(form.shape)})"
                if form.shape
                else f"{name} has the shape {array.shape}, which does not fit"
            )
        arrays.append((name, array, form))
        return
    if form.kind is dict:
        if not isinstance(argument, dict) or set(argument) != set(form.keys):
            raise _unlike(name, f"a dictionary with the keys {list(form.keys)}", argument)
    elif not isinstance(argument, list | tuple) or len(argument) != len(form.children):
        kind = "list" if form.kind is list else "tuple"
        raise _unlike(name, f"a {kind} of {len(form.children)}", argument)
    for key, child in zip(form.keys, form.children, strict=True):
        _collect(child, f"{name}[{key!r}]", argument[key], arrays)


def _unlike(name: str, expected: str, argument: Any) -> TypeError:
    return TypeError(
        f"{name} must be {expected}, as in the recording, got {numbers.shown(argument)} of type "
        f"{type(argument).__name__}"
    )


def _listed(shape: tuple[int, ...]) -> str:
    return ", ".join(map(str, shape))


def numbers_of(argument: Any, name: str) -> Floats:
    """Anything that NumPy makes real numbers of, as float64."""
    if type(argument) is numpy.ndarray and argument.dtype == numpy.float64:
        return argument
    hidden = getattr(argument, "mask", False) if isinstance(argument, numpy.ndarray) else False
    if numpy.any(hidden):
        raise ValueError(
            f"{name} is a masked array that hides {numpy.count_nonzero(hidden)} of its "
            "numbers, which a program would compute with: give .compressed() or .filled(...)"
        )
    try:
        array = numpy.asarray(argument)
    except ValueError as error:
        raise ValueError(f"{name} is no regular array of numbers: {error}") from error
    if array.dtype.kind not in "biuf":
        flat = [_real(one, name, place) for place, one in numpy.ndenumerate(array)]
        array = numpy.array(flat).reshape(array.shape)
    return array.astype(numpy.float64, copy=False)


def _real(one: Any, name: str, place: tuple[int, ...]) -> float:
    """One number that NumPy has no type for, as whole numbers beyond its own; or TypeError."""
    exact = numbers.is_exact(one)
    found = None if exact or isinstance(one, complex) else numbers.foreign(one)
    if found is not None:
        return found
    at = f" at {name}{''.join(f'[{index}]' for index in place)}" if place else ""
    remedy = "; call float() on it to round it to a double" if exact else ""
    if type(one).__name__ == "Value":
        remedy = (
            "; no derivative goes through a call of a program: give its .data, or call the "
            "function that was recorded"
        )
    one = one.item() if isinstance(one, numpy.generic) else one
    raise TypeError(
        f"{name} must hold real numbers, got {numbers.shown(one)} of type {type(one).__name__}{at}"
        f"{remedy}"
    )


def _block(array: Floats, form: Numbers, own: tuple[int, ...], loop: tuple[int, ...]) -> Floats:
    if math.prod(own) == 1:
        return array.reshape(1, form.size)
    if own == loop:
        return array.reshape(math.prod(loop), form.size)
    return numpy.broadcast_to(array, (*loop, *form.shape)).reshape(math.prod(loop), form.size)


def put_together(form: Form, columns: Floats, loop: tuple[int, ...]) -> Any:
    """Results of shape (count, size) in their form: arrays with the samples' axes in front.

    A single number of a call without such axes is a float.
    """
    if isinstance(form, Numbers):
        shaped: NDArray[numpy.float64] = columns.reshape((*loop, *form.shape))
        return shaped if shaped.shape else float(shaped)
    children = []
    first = 0
    for child in form.children:
        children.append(put_together(child, columns[:, first : first + child.size], loop))
        first += child.size
    return held(form, children)


def held(form: Holder, children: Sequence[Any]) -> Any:
    """Children in what holds them."""
    if form.kind is dict:
        return dict(zip(form.keys, children, strict=True))
    return form.kind._make(children) if hasattr(form.kind, "_make") else form.kind(children)
