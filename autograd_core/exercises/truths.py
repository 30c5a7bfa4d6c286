"""What is right, and what the known slips would give: numbers of the engine's, each with its words.

This room owns the questions that a graph answers and the slips worth a word. How an answer is read
is `check`'s, and the page's; both go down the same list.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

from autograd_core.derivatives.differentiation import gradients
from autograd_core.explaining.derivation import Derivation, Path, derive
from autograd_core.graph.value import Value

__all__ = ["Truth", "answers_of", "close", "normal_name", "of_number"]

EXACT = 1e-6
ROUNDED = 5e-3
"""How far, in proportion, an answer of three digits may be off."""
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


def answers_of(root: Value) -> dict[str, Truth]:
    """Every question that the graph answers: the values, and ∂a/∂b wherever a comes from b."""
    of = derive(root, None)
    found = {}
    for node in of.order:
        if node.op and not node.constant:
            value, name = node.data, of.symbols[node]
            operands = {p.data: f"that is the value of {of.symbols[p]}" for p in node.parents
                        if p in of.symbols}  # fmt: skip
            found[name] = of_number(value, operands)
            found |= dict(_derivatives(of, node))
    return found


def _derivatives(of: Derivation, above: Value) -> Iterator[tuple[str, Truth]]:
    """∂above/∂node for every node that `above` was computed from."""
    inner = derive(above, None)
    nodes = [node for node in inner.backward if node is not above]
    slopes = dict(zip(nodes, gradients(above, nodes), strict=True))
    slopes[above] = 1.0
    paths = inner.paths(nodes)
    for node in nodes:
        name = f"∂{of.symbols[above]}/∂{of.symbols[node]}"
        parts = [slopes[path.node] * path.node.local_gradients[path.place] for path in paths[node]]
        slips: dict[float, str] = {}
        if 1 < len(parts) <= MOST_PATHS:
            used = f"{of.symbols[node]} is used {len(parts)} times, and the paths add up"
            for count in range(1, len(parts)):
                for chosen in combinations(parts, count):
                    slips.setdefault(sum(chosen), f"a path is missing: {used}")
        for path in paths[node]:
            slips.setdefault(*_local_slip(of, above, path))
        slips.setdefault(node.data, f"that is the value of {of.symbols[node]}")
        slips.setdefault(above.data, f"that is the value of {of.symbols[above]}")
        for other in nodes:
            words = f"that is ∂{of.symbols[above]}/∂{of.symbols[other]}"
            slips.setdefault(slopes[other], words)
        yield name, of_number(slopes[node], slips)


def _local_slip(of: Derivation, above: Value, path: Path) -> tuple[float, str]:
    """The local gradient where the whole chain was asked for."""
    between = of.symbols[path.node]
    local = path.node.local_gradients[path.place]
    operand: Any = of.symbols[path.node.parents[path.place]]
    words = f"that is the local gradient ∂{between}/∂{operand}: multiply it by"
    return local, f"{words} ∂{of.symbols[above]}/∂{between}"
