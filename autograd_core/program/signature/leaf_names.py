"""What the leaves and the outputs of a program are called, in listings, drawings and exports.

An input is called by its place in the arguments (`x[0][1]`), what is captured by its own name, an
output by its place in the result (`[1]['bias']`). No two leaves share a name: where two would, each
gets its number behind it.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

from autograd_core.graph.value import Value
from autograd_core.program.code.flat import Code
from autograd_core.program.signature.arguments import Form, Numbers

__all__ = ["Names", "names_of", "numbered", "part_of", "paths"]


@dataclass(frozen=True)
class Names:
    """The names of a program's leaves, inputs first, and of its outputs."""

    leaves: Sequence[str]
    outputs: Sequence[str]


def numbered(code: Code) -> Names:
    """Names for a code of which nothing else is known: by the numbers of leaves and outputs."""
    leaves = [f"input[{place}]" for place in range(code.inputs)]
    leaves += [f"captured[{place}]" for place in range(code.captured)]
    return Names(leaves, [f"[{place}]" for place in range(len(code.outputs))])


def names_of(
    arguments: Sequence[Form], names: Sequence[str], captured: Sequence[Value], result: Form
) -> Names:
    """The names in a program whose arguments and result have these forms.

    >>> form = Numbers((2,))
    >>> names_of([form, Numbers(())], ["x", "w"], [Value(1.0, name="w"), Value(2.0)], form)
    Names(leaves=['x[0]', 'x[1]', 'w%2', 'w%3', 'captured[1]'], outputs=['[0]', '[1]'])
    """
    leaves = [
        path for form, name in zip(arguments, names, strict=True) for path in paths(form, name)
    ]
    for place, node in enumerate(captured):
        leaves.append(node.name or f"captured[{place}]")
    uses = Counter(leaves)
    for number, name in enumerate(leaves):
        if uses[name] > 1:
            leaves[number] = f"{name}%{number}"
    return Names(leaves, list(paths(result, "")))


def paths(form: Form, name: str) -> Iterator[str]:
    """The place of every number in a form, in order, as one would write it in Python."""
    if isinstance(form, Numbers):
        for indices in product(*map(range, form.shape)):
            yield name + "".join(f"[{index}]" for index in indices)
        return
    for key, child in zip(form.keys, form.children, strict=True):
        yield from paths(child, f"{name}[{key!r}]")


def part_of(form: Form, path: str, start: int, name: str) -> tuple[Form, int] | None:
    """The form of the part of this name, and where its numbers start; None where there is none.

    Keys may be written as Python reads them, and places counted from the end.

    >>> part_of(Numbers((3, 2)), "x", 10, "x[1][0]")
    (Numbers(shape=()), 12)
    >>> part_of(Numbers((3, 2)), "x", 10, "x[ -1 ]")
    (Numbers(shape=(2,)), 14)
    """
    return _found(form, path, start, name) or _found(form, path, start, _respelled(name, path))


def _found(form: Form, path: str, start: int, name: str) -> tuple[Form, int] | None:
    if path == name:
        return form, start
    if isinstance(form, Numbers):
        count = form.shape[0] if form.shape else 0
        child = Numbers(form.shape[1:])
        pairs: Iterator[tuple[Any, Form]] = ((place, child) for place in range(count))
    else:
        count = len(form.keys)
        pairs = zip(form.keys, form.children, strict=True)
    for key, own in pairs:
        backwards = isinstance(form, Numbers) or form.kind is not dict
        for shown in (key, key - count) if backwards else (key,):
            inner = f"{path}[{shown!r}]"
            if name == inner or name.startswith(f"{inner}["):
                return _found(own, inner, start, name)
        start += own.size
    return None


def _respelled(name: str, path: str) -> str:
    """The name with its keys as their `repr` writes them, if Python reads them."""
    keys: list[Any] = []
    try:
        node = ast.parse(f"_{name[len(path) :]}", mode="eval").body
        while isinstance(node, ast.Subscript):
            keys.append(ast.literal_eval(node.slice))
            node = node.value
    except (SyntaxError, ValueError, TypeError, RecursionError, MemoryError):
        return name
    if not isinstance(node, ast.Name):
        return name
    return path + "".join(f"[{key!r}]" for key in reversed(keys))
