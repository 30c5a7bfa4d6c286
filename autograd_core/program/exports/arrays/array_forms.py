"""What an exported function takes and gives, as Python writes it: tuples, lists, dictionaries."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from autograd_core.program.signature.arguments import Form, Numbers

__all__ = ["given", "in_words", "key_text"]


def in_words(form: Form) -> str:
    """A form as a description names it."""
    if isinstance(form, Numbers):
        if form.shape == ():
            return "a number"
        return f"{' x '.join(map(str, form.shape))} number{'s' if form.size != 1 else ''}"
    named = [in_words(child) for child in form.children]
    if form.kind is dict:
        named = [f"{key!r}: {text}" for key, text in zip(form.keys, named, strict=True)]
        return "{" + ", ".join(named) + "}"
    return f"[{', '.join(named)}]" if form.kind is list else f"({', '.join(named)})"


def key_text(key: Any) -> str:
    """A dictionary's key as Python writes it."""
    parts = key if type(key) is tuple else (key,)
    if not all(
        part is None or type(part) in (str, int, bool, bytes) or _is_finite(part) for part in parts
    ):
        raise TypeError(
            f"a dictionary's key is {key!r} of type {type(key).__name__}, which a source cannot "
            "name: let the keys be strings or numbers"
        )
    return repr(key)


def _is_finite(part: Any) -> bool:
    return type(part) is float and math.isfinite(part)


def given(form: Form, texts: Iterator[str]) -> str:
    """A result, put together of the expressions of its arrays."""
    if isinstance(form, Numbers):
        return next(texts)
    children = [given(child, texts) for child in form.children]
    if form.kind is dict:
        pairs = zip(form.keys, children, strict=True)
        return "{" + ", ".join(f"{key_text(key)}: {child}" for key, child in pairs) + "}"
    if form.kind is list:
        return f"[{', '.join(children)}]"
    return f"({', '.join(children)}{',' if len(children) == 1 else ''})"
