"""Places: what can hold parameters, and how what stands in it is called.

A place is written as in Python but for the dots, `layers.0.bias`, and no two places of a model are
written alike: a key that could be taken for a path, or for another key, is quoted, `tables['a.b']`.
What is held where nothing has a place is `hidden`'s business.
"""

from __future__ import annotations

import dataclasses
import sys
from collections import ChainMap, Counter, UserDict, UserList, deque
from collections.abc import ItemsView, Iterable, KeysView, ValuesView
from types import MappingProxyType, NoneType, SimpleNamespace
from typing import Any
from weakref import CallableProxyType, ProxyType

from autograd_core import Value

__all__ = [
    "HOLDS_NOTHING",
    "attributes",
    "is_array",
    "is_mapping",
    "is_parameter",
    "is_part",
    "is_sequence",
    "places",
]

HOLDS_NOTHING = frozenset(
    [int, float, bool, complex, str, bytes, NoneType, ProxyType, CallableProxyType]
)
"""Kinds of what neither is nor holds a parameter; what a weak reference points at is not held."""
# Asked of the type: what an object says of its class may be another's, or may raise.
SEQUENCES = (list, tuple, deque, UserList, KeysView, ItemsView, ValuesView)
MAPPINGS = (dict, UserDict, ChainMap, MappingProxyType)


def is_array(holder: Any) -> bool:
    """Whether this is an array of NumPy's, which is not imported to find that out."""
    return issubclass(type(holder), getattr(sys.modules.get("numpy"), "ndarray", ()))


def is_parameter(thing: Any) -> bool:
    """Whether this is a leaf that can be trained."""
    return type(thing) is Value and not thing.op and not thing.constant


def places(name: str, holder: Any, is_module: bool) -> list[tuple[str, Any]] | None:
    """What in a holder may be or hold a parameter, each with its place, in order.

    None for what holds nothing.
    """
    if is_module:
        return _named(name, attributes(holder))
    if type(holder) in HOLDS_NOTHING:
        return None
    if is_sequence(holder):
        prefix = f"{name}." if name else ""
        return [
            (f"{prefix}{index}", item)
            for index, item in enumerate(holder)
            if type(item) not in HOLDS_NOTHING
        ]
    if is_mapping(holder):
        return _named(name, holder)
    if is_array(holder):
        return [(name, holder.tolist())] if holder.dtype.hasobject else None
    if is_part(holder):
        return _named(name, attributes(holder))
    return None


def is_sequence(holder: Any) -> bool:
    """Whether what something holds stands in it one after the other."""
    return issubclass(type(holder), SEQUENCES)


def is_mapping(holder: Any) -> bool:
    """Whether what something holds stands in it by keys."""
    return issubclass(type(holder), MAPPINGS)


def attributes(thing: Any) -> dict[str, Any]:
    """The attributes of an object, those in slots first."""
    found: dict[str, Any] = {}
    for kind in reversed(type(thing).__mro__):
        slots = vars(kind).get("__slots__", ())
        for slot in (slots,) if isinstance(slots, str) else slots:
            private = slot.startswith("__") and not slot.endswith("__")
            name = f"_{kind.__name__.lstrip('_')}{slot}" if private else slot
            if slot not in ("__dict__", "__weakref__") and hasattr(thing, name):
                found[name] = getattr(thing, name)
    own = getattr(thing, "__dict__", {})
    return found | own if found else own


def is_part(thing: Any) -> bool:
    """Whether an object that is no module is one of the parts that a model is made of."""
    kind = type(thing)
    return (
        dataclasses.is_dataclass(kind)
        or kind is SimpleNamespace
        or callable(getattr(kind, "parameters", None))
    ) and not (issubclass(kind, type) or is_sequence(thing) or is_mapping(thing))


def _named(name: str, items: Any) -> list[tuple[str, Any]]:
    keys = list(items)
    written = keys if all(map(_is_plain, keys)) else _written(keys)
    return [
        (f"{name}{key}" if not name or key[0] == "[" else f"{name}.{key}", item)
        for key, item in zip(written, items.values(), strict=True)
    ]


def _is_plain(key: Any) -> bool:
    """Whether a key can stand in a place as it is."""
    return type(key) is str and (key.isidentifier() or (key != "" and not set(key) & set(".[]")))


def _written(keys: Iterable[Any]) -> list[str]:
    """How each key of a dictionary is written, no two alike and none like a path."""
    texts = list(map(str, keys))
    often = Counter(texts)
    found: dict[str, None] = {}
    for place, (key, text) in enumerate(zip(keys, texts, strict=True)):
        alone = isinstance(key, str) or often[text] == 1
        written = text if alone and _is_plain(text) else f"[{key!r}]"
        fleeting = not isinstance(key, str) and " at 0x" in written  # another in every run
        if fleeting or written in found:
            written = f"[#{place}]"
        found[written] = None
    return list(found)
