"""Places: what can hold parameters, and how what stands in it is called.

A place is written as in Python but for the dots, `layers.0.bias`, and no two places of a model are
written alike: a key that could be taken for a path, or for another key, is quoted, `tables['a.b']`.
"""

from __future__ import annotations

import dataclasses
from collections import ChainMap, Counter, UserDict, UserList, deque
from collections.abc import ItemsView, Iterable, KeysView, ValuesView
from types import MappingProxyType, SimpleNamespace
from typing import Any

import numpy as np

__all__ = ["attributes", "places"]


def places(name: str, holder: Any, is_module: bool) -> list[tuple[str, Any]] | None:
    """What stands in a holder, each with its place, in order; None for what holds nothing."""
    if is_module:
        return _named(name, attributes(holder))
    if isinstance(holder, list | tuple | deque | UserList | KeysView | ItemsView | ValuesView):
        prefix = f"{name}." if name else ""
        return [(f"{prefix}{index}", item) for index, item in enumerate(holder)]
    if isinstance(holder, dict | UserDict | ChainMap | MappingProxyType):
        return _named(name, holder)
    if isinstance(holder, np.ndarray):
        return [(name, holder.tolist())] if holder.dtype.hasobject else None
    if _is_part(holder):
        return _named(name, attributes(holder))
    return None


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


def _is_part(thing: Any) -> bool:
    """Whether an object that is no module is one of the parts that a model is made of."""
    kind = type(thing)
    return (
        dataclasses.is_dataclass(kind)
        or kind is SimpleNamespace
        or callable(getattr(kind, "parameters", None))
    ) and not isinstance(thing, type)


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
