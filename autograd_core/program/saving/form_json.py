"""The form of arguments and of results as JSON, and back.

A form is an object: {"shape": [2, 3]} numbers in a shape; {"list": [...]} and {"tuple": [...]} of
forms; {"dict": [[key, form], ...]}; {"named_tuple": name, "fields": [[field, form], ...]}. What a
user's own class of tuples does besides stays behind: a plain named tuple comes back.
"""

from __future__ import annotations

import math
from collections import namedtuple
from collections.abc import Callable
from typing import Any

from autograd_core.errors import ProgramError
from autograd_core.program.signature.arguments import Form, Holder, Numbers
from autograd_core.strict_json import StrictReader

__all__ = ["READER", "form_document", "read_form", "read_list"]

READER = StrictReader(ProgramError)
KEYS = (str, int, float, bool, type(None))
DEEPEST = 100  # forms in forms: what reads them goes one into the other
MOST = 2**31 - 1


def form_document(form: Form) -> dict[str, Any]:
    """A form as dictionaries and lists.

    Raises TypeError for a dictionary's key that JSON cannot tell from others.

    >>> form_document(Holder(tuple, (0, 1), (Numbers(()), Numbers((2, 3)))))
    {'tuple': [{'shape': []}, {'shape': [2, 3]}]}
    """
    if isinstance(form, Numbers):
        return {"shape": list(form.shape)}
    children = [form_document(child) for child in form.children]
    if form.kind is dict:
        return {"dict": [[_key(key), each] for key, each in zip(form.keys, children, strict=True)]}
    if form.kind in (list, tuple):
        return {form.kind.__name__: children}
    fields = zip(form.kind._fields, children, strict=True)
    return {"named_tuple": form.kind.__name__, "fields": [[name, each] for name, each in fields]}


def _key(key: Any) -> Any:
    if type(key) not in KEYS or (type(key) is float and not math.isfinite(key)):
        raise TypeError(
            f"the key {key!r:.60} of type {type(key).__name__} cannot stand in JSON: use strings, "
            "whole numbers, finite floats, booleans or None as keys, or pickle the program"
        )
    return key


def read_form(thing: Any, where: str, depth: int = 0) -> Form:
    """The form that a document's part describes; ProgramError where it describes none."""
    if depth > DEEPEST:
        raise ProgramError(f"{where:.60}… holds more than {DEEPEST} forms one in another")
    if not isinstance(thing, dict):
        raise ProgramError(f"{where} must be an object, not {type(thing).__name__}")
    kinds: dict[str, Callable[[Any, str, int], Form]] = {
        "shape": _read_shape,
        "list": _read_list,
        "tuple": _read_tuple,
        "dict": _read_dict,
        "named_tuple": _read_named_tuple,
    }
    for kind, read in kinds.items():
        if kind in thing:
            READER.members(thing, (kind, "fields") if kind == "named_tuple" else (kind,), where)
            return read(thing if kind == "named_tuple" else thing[kind], where, depth + 1)
    raise ProgramError(f"{where} has none of {', '.join(kinds)}")


def read_list(thing: Any, where: str) -> list[Any]:
    """Hold a thing to be a list."""
    if not isinstance(thing, list):
        raise ProgramError(f"{where} must be a list, not {type(thing).__name__}")
    return thing


def _read_shape(thing: Any, where: str, depth: int) -> Form:
    lengths = read_list(thing, f"{where}.shape")
    for length in lengths:
        if type(length) is not int or not 0 <= length <= MOST:
            raise ProgramError(f"{where}.shape: {length!r:.60} is no length of an axis")
    if len(lengths) > 64:
        raise ProgramError(f"{where}.shape has {len(lengths)} axes; expected at most 64")
    return Numbers(tuple(lengths))


def _read_list(thing: Any, where: str, depth: int) -> Form:
    children = _read_children(read_list(thing, f"{where}.list"), f"{where}.list", depth)
    return Holder(list, tuple(range(len(children))), children)


def _read_tuple(thing: Any, where: str, depth: int) -> Form:
    children = _read_children(read_list(thing, f"{where}.tuple"), f"{where}.tuple", depth)
    return Holder(tuple, tuple(range(len(children))), children)


def _read_children(things: list[Any], where: str, depth: int) -> tuple[Form, ...]:
    return tuple(read_form(each, f"{where}[{k}]", depth) for k, each in enumerate(things))


def _read_dict(thing: Any, where: str, depth: int) -> Form:
    keys, children = _read_pairs(thing, f"{where}.dict", depth)
    for key in keys:
        if type(key) not in KEYS or (type(key) is float and not math.isfinite(key)):
            raise ProgramError(f"{where}.dict: {key!r:.60} is no key")
    if len(set(keys)) < len(keys):
        raise ProgramError(f"{where}.dict has a key twice")
    return Holder(dict, tuple(keys), children)


def _read_named_tuple(thing: Any, where: str, depth: int) -> Form:
    fields, children = _read_pairs(thing["fields"], f"{where}.fields", depth)
    name = thing["named_tuple"]
    if not all(isinstance(each, str) for each in (name, *fields)):
        raise ProgramError(f"{where}: the names of a named tuple must be strings")
    try:
        kind = namedtuple(name, fields)  # type: ignore[misc]  # known only here
    except (ValueError, SyntaxError) as error:  # of names that are one to Python: "ﬁ" and "fi"
        raise ProgramError(f"{where} is no named tuple: {error}") from None
    return Holder(kind, tuple(range(len(children))), children)


def _read_pairs(thing: Any, where: str, depth: int) -> tuple[list[Any], tuple[Form, ...]]:
    pairs = read_list(thing, where)
    for k, pair in enumerate(pairs):
        if not isinstance(pair, list) or len(pair) != 2:
            raise ProgramError(f"{where}[{k}] must be a pair, got {pair!r:.60}")
    return [key for key, _ in pairs], _read_children([form for _, form in pairs], where, depth)
