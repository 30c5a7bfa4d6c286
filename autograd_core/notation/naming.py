"""What a node is called: its name, or one made for it that depends on the graph alone.

This module owns names as plain strings, each of one node only. How a name is typeset is
`spelling`'s.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from autograd_core.graph.value import Value

__all__ = ["node_names", "shown_name"]

LONGEST_NAME = 40


def node_names(
    order: Sequence[Value], symbols: Mapping[Value, str] | None = None
) -> dict[Value, str]:
    """A name for every node of a topological order, the root last; numbers as such have none.

    A user's name is kept; the second node of the same name gets `#2`. Unnamed, the root is `f`,
    leaves are `x1, x2, …` and computed nodes `t1, t2, …`, skipping what users took. `symbols` go
    before names.

    >>> x = Value(2.0, name="x")
    >>> from autograd_core.graph.traversal import topological
    >>> list(node_names(topological((x + 1) * Value(3.0))).values())
    ['x', 't1', 'x1', 'f']
    """
    names: dict[Value, str] = {}
    taken: set[str] = set()
    repeats: dict[str, int] = {}
    for node in order:
        chosen = (symbols or {}).get(node) or node.name
        if chosen:
            name = base = shown_name(chosen)
            while name in taken:
                repeats[base] = repeats.get(base, 1) + 1
                name = f"{base}#{repeats[base]}"
            taken.add(name)
            names[node] = name
    counts = {"x": 0, "t": 0}
    given: dict[Value, str] = {}
    for node in order:
        if node in names:
            given[node] = names[node]
        elif node is order[-1] and "f" not in taken and not (node.constant and not node.op):
            given[node] = "f"
        elif node.op or not node.constant:
            letter = "t" if node.op else "x"
            counts[letter] += 1
            while f"{letter}{counts[letter]}" in taken:
                counts[letter] += 1
            given[node] = f"{letter}{counts[letter]}"
    return given


def shown_name(name: str) -> str:
    """A name on one line: what cannot be printed is escaped, the middle of a long one left out."""
    if not name.isprintable():
        name = "".join(
            letter if letter.isprintable() else ascii(letter)[1:-1].replace("'", "")
            for letter in name
        )
    if len(name) > LONGEST_NAME:
        name = f"{name[:26]}…{name[-13:]}"
    return name
