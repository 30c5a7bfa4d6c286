"""What is right, and what the known slips would give: numbers of the engine's, each with its words.

This module owns the questions that a graph answers and the slips worth a word. How an answer is
read is `check`'s, and the page's; both go down the same list.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

from autograd_core.derivatives.differentiation import gradients
from autograd_core.explaining.derivation import Derivation, Path, derive
from autograd_core.graph.value import Value

__all__ = ["Answers", "Truth", "close", "normal_name", "of_number", "values_said"]

EXACT = 1e-6
ROUNDED = 5e-3
"""How far, in proportion, an answer of three digits may be off."""
NEARLY = 4 * ROUNDED
"""What is that near, and yet not right, needs more digits rather than another thought."""
MOST_PATHS = 6
"""Of more paths no parts are tried."""
_QUOTIENT = re.compile(r"[d∂]\s*(.+?)\s*/\s*[d∂]\s*(.+)")


@dataclass(frozen=True)
class Truth:
    """The right number, and numbers that slips give, likelier ones first."""

    value: float
    slips: list[tuple[float, str]] = field(default_factory=list)


def close(one: float, other: float, share: float = EXACT) -> bool:
    """Whether two numbers are equal but for a share of them; near 0, for as much.

    >>> close(3.0, 3.0000001), close(0.0, 1e-9), close(0.045, 0.0452, ROUNDED)
    (True, True, True)
    """
    if not (math.isfinite(one) and math.isfinite(other)):
        return one == other or (one != one and other != other)
    return abs(one - other) <= share * max(abs(one), abs(other), 1e-3 if share == EXACT else 0.0)


def normal_name(name: str) -> str:
    """The way that questions are named here: `df/dx` and `∂f / ∂x` are `∂f/∂x`.

    >>> normal_name("df / dx"), normal_name(" q ")
    ('∂f/∂x', 'q')
    """
    match = _QUOTIENT.fullmatch(name.strip())
    return f"∂{match[1]}/∂{match[2]}" if match else name.strip()


def of_number(value: float, also: Mapping[float, str] | None = None) -> Truth:
    """A number with the slips that any number has: its sign, a factor 2, its inverse."""
    slips = [(-value, "the sign is turned")]
    slips += list((also or {}).items())
    slips += [
        (value / 2, "a factor 2 is missing: ½Σ or Σ, the 2 of a square?"),
        (2 * value, "a factor 2 too many: ½Σ or Σ, or a sweep that ran twice?"),
    ]
    if value:
        slips.append((1 / value, "it is upside down"))
    return Truth(value, [slip for slip in slips if not close(slip[0], value)])


class Answers:
    """Every question that a graph answers: the values, and ∂a/∂b wherever a comes from b.

    An answer is found when it is asked for: of a large graph there are too many.
    """

    def __init__(self, root: Value) -> None:
        self._of = derive(root, None)
        self._values = {
            self._of.symbols[node]: node for node in self._of.order if node.op and not node.constant
        }
        self._slopes: dict[Value, dict[Value, Truth]] = {}

    def names(self) -> Iterator[str]:
        """The names of all questions."""
        for above, node in self._values.items():
            yield above
            for below in derive(node, None).backward:
                if below is not node:
                    yield f"∂{above}/∂{self._of.symbols[below]}"

    def value(self, node: Value) -> Truth:
        """A computed value; slips take an operand for it."""
        return of_number(node.data, values_said(self._of, node.parents))

    def slope(self, above: Value, below: Value) -> Truth:
        """∂above/∂below."""
        if above not in self._slopes:
            self._slopes[above] = dict(_derivatives(self._of, above))
        return self._slopes[above][below]

    def get(self, name: str) -> Truth | None:
        """The answer to a question; None for one that the graph does not answer."""
        if name in self._values:
            return self.value(self._values[name])
        for above, node in self._values.items():
            start = f"∂{above}/∂"
            if name.startswith(start):
                for below in derive(node, None).backward:
                    if below is not node and self._of.symbols[below] == name[len(start) :]:
                        return self.slope(node, below)
        return None


def values_said(of: Derivation, nodes: Iterable[Value]) -> dict[float, str]:
    """What to say to somebody who gives the value of one of these nodes."""
    named = (node for node in nodes if node in of.symbols)
    return {node.data: f"that is the value of {of.symbols[node]}" for node in named}


def _derivatives(of: Derivation, above: Value) -> Iterator[tuple[Value, Truth]]:
    """∂above/∂node for every node that `above` was computed from."""
    inner = derive(above, None)
    nodes = [node for node in inner.backward if node is not above]
    slopes = dict(zip(nodes, gradients(above, nodes), strict=True))
    slopes[above] = 1.0
    paths = inner.paths(nodes)
    others = {
        slopes[other]: f"that is ∂{of.symbols[above]}/∂{of.symbols[other]}"
        for other in reversed(nodes)
    }
    for node in nodes:
        parts = [slopes[path.node] * path.node.local_gradients[path.place] for path in paths[node]]
        slips: dict[float, str] = {}
        if 1 < len(parts) <= MOST_PATHS:
            used = f"{of.symbols[node]} is used {len(parts)} times, and the paths add up"
            for count in range(1, len(parts)):
                for chosen in combinations(parts, count):
                    slips.setdefault(sum(chosen), f"a path is missing: {used}")
        for path in paths[node]:
            slips.setdefault(*_local_slip(of, above, path))
        for number, words in {**values_said(of, (node, above)), **others}.items():
            slips.setdefault(number, words)
        yield node, of_number(slopes[node], slips)


def _local_slip(of: Derivation, above: Value, path: Path) -> tuple[float, str]:
    """The local gradient where the whole chain was asked for."""
    between = of.symbols[path.node]
    local = path.node.local_gradients[path.place]
    operand: Any = of.symbols[path.node.parents[path.place]]
    words = f"that is the local gradient ∂{between}/∂{operand}: multiply it by"
    return local, f"{words} ∂{of.symbols[above]}/∂{between}"
