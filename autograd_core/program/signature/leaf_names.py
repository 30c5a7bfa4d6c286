"""What the leaves and the outputs of a program are called, in listings, drawings and exports.

An input is called by its place in the arguments (`x[0][1]`), what is captured by its own name, an
output by its place in the result (`[1]['bias']`). No two leaves share a name: where two would, each
gets its number behind it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

from autograd_core.graph.value import Value
from autograd_core.program.code.flat import Code
from autograd_core.program.signature.arguments import Form, Numbers

__all__ = ["Names", "names_of", "numbered", "paths"]


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
