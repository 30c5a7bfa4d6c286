"""What a derivative is taken with respect to: what a user says for it, as values and their form.

One says a place among the arguments (0, -1), an argument's name, a part of one as listings write it
("x[0]", "market['rate']"), a captured leaf or its name, a Value that an argument replaced; the
words 'inputs', 'captured' and 'both', and 'parameters' for those of the recording; or a tuple, list
or dictionary of these. Derivatives come back in that structure, an argument's and the parameters'
in their own; leaves in a list are one array, as numbers in a list are. The words go before names.
How derivatives are taken is not known here.
"""

from __future__ import annotations

import operator
from bisect import bisect_right
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise
from typing import Any, TypeAlias

import numpy

from autograd_core.derivatives.structures import flatten
from autograd_core.given import too_deep
from autograd_core.graph.numbers import shown
from autograd_core.graph.value import Value
from autograd_core.program.signature.arguments import Form, Holder, Numbers, form_of
from autograd_core.program.signature.leaf_names import part_of, paths
from autograd_core.program.signature.recorded import NONE, Recorded

__all__ = ["Wanted", "Wrt", "told", "wanted"]

Wrt: TypeAlias = Any
"""A place, a name, a captured leaf, one of the three words; or a structure of these."""

ONE = Numbers(())


@dataclass(frozen=True)
class Wanted:
    """With respect to what: values, and how derivatives with respect to them are put together."""

    values: Sequence[int]
    form: Form
    key: Hashable
    """The same for what is the same, and nothing else."""
    parts: tuple[tuple[str, Form], ...]
    """What was asked for one by one, by name."""
    by_name: bool = False
    """Whether it was found by the name of a leaf, which may be given another one."""


def told(wrt: Wrt) -> Hashable:
    """A key for what is said in plain words, places and leaves; None for all else.

    It stands for the same as long as a program holds the leaves. `True` is equal to 1, and is no
    place: so what has another type has no key.

    >>> told("x"), told(("x", 1)), told(True), told(("x", True))
    ('x', ('x', 1), None, None)
    """
    kind = type(wrt)
    if kind is str or kind is int:
        return wrt  # type: ignore[no-any-return]
    if kind is Value:
        return Value, id(wrt)
    if kind is tuple:
        for one in wrt:
            if type(one) is not str and type(one) is not int:
                break
        else:
            return wrt  # type: ignore[no-any-return]
    if kind is dict:
        plain = all(type(key) is str for key in wrt)
        inner = told(list(wrt.values())) if plain else None
        return None if inner is None else (dict, *wrt, inner)
    if kind is not tuple and kind is not list:
        return None
    try:
        keys = list(map(told, wrt))
    except RecursionError:
        return None  # and `wanted` will say so
    return None if None in keys else (kind, *keys)


def wanted(recorded: Recorded, wrt: Wrt) -> Wanted:
    """What is meant in a program.

    Raises TypeError for what is no way to say it (a bool, a float), and ValueError for what the
    program does not have, what may be one thing or another, what comes twice, and nothing at all.

    >>> from autograd_core import record
    >>> program = record(lambda x, y: x[0] * y, [0.0, 0.0], 0.0)
    >>> wanted(program, ("y", "x[0]")).values
    (2, 0)
    """
    try:
        found = _Reader(recorded).found(wrt)
    except RecursionError:
        raise too_deep("wrt") from None
    ordered = sorted(found.values) if isinstance(found.values, tuple) else []
    if any(first == second for first, second in pairwise(ordered)):
        raise ValueError(f"wrt={shown(wrt)} asks for the same twice; ask for each once")
    return found


class _Reader:
    """What can be had of one program."""

    def __init__(self, recorded: Recorded) -> None:
        self.names = recorded.names
        self.captured = recorded.captured
        self.parameters = recorded.parameters
        self.replaced = recorded.replaced
        self.arguments = recorded.arguments
        self.starts = [0]
        for form in recorded.arguments:
            self.starts.append(self.starts[-1] + form.size)

    def found(self, wrt: Wrt) -> Wanted:
        if isinstance(wrt, numpy.ndarray) and wrt.ndim and not _all_leaves(wrt.tolist()):
            wrt = wrt.tolist()
        if isinstance(wrt, str):
            return self._named(wrt)
        if isinstance(wrt, Value):
            return self._leaf(wrt)
        if isinstance(wrt, list | numpy.ndarray) and _all_leaves(wrt):
            return self._leaves(wrt)
        if isinstance(wrt, dict | list | tuple):
            return self._structure(wrt)
        return self._argument(self._place(wrt))

    def _place(self, wrt: Any) -> int:
        try:
            if isinstance(wrt, bool | numpy.bool_):  # old NumPy has an index of it
                raise TypeError
            place = operator.index(wrt)
        except TypeError:
            raise TypeError(
                f"wrt={shown(wrt)} of type {type(wrt).__name__} says nothing to differentiate "
                f"with respect to; {self._choices()}"
                + (", and numbers in a call: gradient()(2.0)" if isinstance(wrt, float) else "")
            ) from None
        count = len(self.arguments)
        if not -count <= place < count:
            raise ValueError(f"wrt={place} is no place among {count} arguments; {self._choices()}")
        return place % count

    def _argument(self, place: int) -> Wanted:
        if len(self.arguments) == 1:
            return self._inputs()  # the same, and so of the same key
        values, form = range(self.starts[place], self.starts[place + 1]), self.arguments[place]
        return Wanted(values, form, place, ((self.names[place], form),))

    def _inputs(self) -> Wanted:
        forms = self.arguments
        form = forms[0] if len(forms) == 1 else Holder(tuple, tuple(range(len(forms))), forms)
        values = range(self.starts[-1])
        return Wanted(values, form, "inputs", tuple(zip(self.names, forms, strict=True)))

    def _captured(self) -> Wanted:
        form = Numbers((len(self.captured),))
        first = self.starts[-1]
        values = range(first, first + form.size)
        return Wanted(values, form, "captured", (("captured", form),))

    def _given(self) -> Wanted:
        form, first = self.parameters, self.starts[-1]
        if form == Numbers((len(self.captured),)):
            return self._captured()  # the same, and so of the same key
        values = range(first, first + form.size)
        return Wanted(values, form, "parameters", (("parameters", form),))

    def _named(self, name: str) -> Wanted:
        if name == "inputs":
            return self._inputs()
        if name == "captured":
            return self._captured()
        if name == "parameters" and self.parameters != NONE:
            return self._given()
        if name == "both":
            return self._together((self._inputs(), self._captured()), tuple, (0, 1))
        found = [self._argument(p) for p, own in enumerate(self.names) if own == name]
        for place, leaf in enumerate(self.captured):
            if leaf.name == name:
                found.append(self._leaf_at(place, by_name=True))
        if not found:
            found += self._parts(name)
        if len(found) > 1:
            raise ValueError(
                f"wrt={name!r} names {len(found)} of the program's arguments and captured leaves; "
                "say which by an argument's place, or by the leaf itself"
            )
        if not found:
            raise ValueError(f"wrt={name!r} {self._unknown(name)}")
        return found[0]

    def _unknown(self, name: str) -> str:
        if name == "parameters":
            return (
                "asks for what record() was given as parameters, but it was given none; "
                "give record(…, parameters=…) leaves, or ask for 'captured', which is all of them"
            )
        for own, form in zip(self.names, self.arguments, strict=False):
            if name.startswith(f"{own}["):
                if form == ONE:
                    return f"is no part of {own}, which is one number"
                some = ", ".join(islice(paths(form, own), 3)) or "none"
                return f"is no part of {own}; its first numbers are {some}"
        return f"is the name of no argument and of no captured leaf; {self._choices()}"

    def _parts(self, name: str) -> Iterator[Wanted]:
        """The part of an argument that is written so."""
        for own, form, start in zip(self.names, self.arguments, self.starts, strict=False):
            part = part_of(form, own, start, name) if name.startswith(f"{own}[") else None
            if part is not None:
                found, first = part
                values = range(first, first + found.size)
                yield Wanted(values, found, ("part", first, found), ((name, found),))

    def _leaf_at(self, place: int, by_name: bool = False) -> Wanted:
        number = self.starts[-1] + place
        name = self.captured[place].name or f"captured[{place}]"
        return Wanted((number,), ONE, ("leaf", number), ((name, ONE),), by_name)

    def _leaf(self, leaf: Value) -> Wanted:
        (number,) = self._numbers([leaf])
        if number >= self.starts[-1]:
            return self._leaf_at(number - self.starts[-1])
        place = bisect_right(self.starts, number) - 1
        form, name = self.arguments[place], self.names[place]
        if form == ONE:
            return self._argument(place)
        path = next(islice(paths(form, name), number - self.starts[place], None))
        return Wanted((number,), ONE, ("part", number, ONE), ((path, ONE),))

    def _leaves(self, leaves: Any) -> Wanted:
        """Leaves in a list or an array: one array."""
        form, values = form_of(leaves), self._numbers(flatten(leaves, "wrt")[0])
        return Wanted(tuple(values), form, ("leaves", form, *values), (("leaves", form),))

    def _numbers(self, leaves: Sequence[Any]) -> list[int]:
        numbers = {id(leaf): number for number, leaf in enumerate(self.captured, self.starts[-1])}
        numbers |= {id(node): number for number, node in enumerate(self.replaced)}
        for leaf in leaves:
            if id(leaf) not in numbers:
                raise ValueError(
                    f"wrt={shown(leaf)} is not among the {len(self.captured)} leaves that the "
                    f"program has captured, nor of its inputs; {self._choices()}"
                )
        return [numbers[id(leaf)] for leaf in leaves]

    def _structure(self, wrt: Any) -> Wanted:
        if not wrt:
            raise ValueError(
                f"wrt={wrt!r} is empty: there is nothing to differentiate with respect to; "
                f"{self._choices()}"
            )
        keys = tuple(wrt) if isinstance(wrt, dict) else tuple(range(len(wrt)))
        children = tuple(map(self.found, wrt.values() if isinstance(wrt, dict) else wrt))
        base = dict if isinstance(wrt, dict) else list if isinstance(wrt, list) else tuple
        return self._together(children, type(wrt) if hasattr(wrt, "_make") else base, keys)

    def _together(self, children: Sequence[Wanted], kind: Any, keys: tuple[Any, ...]) -> Wanted:
        form = Holder(kind, keys, tuple(child.form for child in children))
        values = tuple(value for child in children for value in child.values)
        parts = tuple((_label(child), child.form) for child in children)
        same = (kind, keys, tuple(map(type, keys)), *(child.key for child in children))
        named = any(child.by_name for child in children)
        if kind is dict:
            parts = ((", ".join(name for name, _ in parts), form),)
        return Wanted(values, form, same, parts, named)

    def _choices(self) -> str:
        names = ", ".join(map(repr, self.names[:8])) + (", ..." if len(self.names) > 8 else "")
        arguments = f"an argument's name ({names}) or place, " if self.names else ""
        leaves = "a captured leaf or its name, " if self.captured else ""
        leaves += "an input's Value, " if self.replaced else ""
        leaves += "'parameters', " if self.parameters != NONE else ""
        return (
            f"give {arguments}{leaves}one of the words 'inputs', 'captured' or 'both', or a "
            "tuple, list or dictionary of these"
        )


def _all_leaves(items: Any) -> bool:
    """Whether lists hold leaves and nothing else, in a shape."""
    if isinstance(items, numpy.ndarray):
        items = items.tolist()
    if isinstance(items, list) and items:
        lists = [isinstance(item, list) for item in items]
        regular = len({len(item) for item in items}) == 1 if all(lists) else not any(lists)
        return regular and all(map(_all_leaves, items))
    return isinstance(items, Value)


def _label(found: Wanted) -> str:
    return ", ".join(name for name, _ in found.parts)
