"""The arrays of what a function takes and gives, whatever language writes the rest of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from autograd_core.program.signature.arguments import Form, Numbers

__all__ = ["arrays", "leaves"]


def leaves(
    form: Form, name: str, path: str, key_text: Callable[[Any], str]
) -> Iterator[tuple[str, str, Numbers]]:
    """A name, an expression and a shape for each array in an argument.

    `key_text` writes a dictionary's key, or a place in a list, as the language does.
    """
    if isinstance(form, Numbers):
        yield name, path, form
        return
    for key, child in zip(form.keys, form.children, strict=True):
        yield from leaves(child, f"{name}_{key}", f"{path}[{key_text(key)}]", key_text)


def arrays(form: Form) -> Iterator[Numbers]:
    """The arrays in a result, in order."""
    if isinstance(form, Numbers):
        yield form
    else:
        for child in form.children:
            yield from arrays(child)
