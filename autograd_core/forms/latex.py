"""A small graph as one formula in LaTeX."""

from __future__ import annotations

from collections.abc import Callable

from autograd_core.errors import GraphTooLarge
from autograd_core.given import checked_limit
from autograd_core.graph.traversal import topological
from autograd_core.graph.value import Value
from autograd_core.notation import (
    LatexNotation,
    composed,
    node_names,
    number_writer,
    written_size,
)

__all__ = ["LatexFormula", "to_latex"]

MOST_SIGNS = 200


class LatexFormula(str):
    """A formula for LaTeX's math mode, which a notebook typesets."""

    __slots__ = ()

    def _repr_latex_(self) -> str:
        return rf"$\displaystyle {self}$"


def to_latex(
    root: Value,
    *,
    number_format: str | Callable[[float], str] = ".6g",
    max_size: int | None = MOST_SIGNS,
) -> LatexFormula:
    r"""`root` as a formula of its leaves, with the fewest parentheses that keep its meaning.

    What is used twice is written twice. Raises GraphTooLarge above `max_size` operands and
    operations, and TypeError or ValueError for an argument that is not of the kind.

    >>> x, y = Value(2.0, name="x"), Value(3.0, name="y_1")
    >>> print(to_latex((x + y) ** 2 / y.sqrt()))
    \frac{(x + y_{1})^{2}}{\sqrt{y_{1}}}
    """
    if not isinstance(root, Value):
        raise TypeError(f"to_latex() takes a Value, not {type(root).__name__}: {root!r:.60}")
    checked_limit(max_size, "max_size")
    order = topological(root)
    size = written_size(order)
    if max_size is not None and size > max_size:
        shown = f"{size:,}" if size < 1_000_000 else "over a million"
        raise GraphTooLarge(
            f"The formula would have {shown} operands and operations; to_latex() writes at most "
            f"{max_size:,} unless told. explain() derives large graphs step by step; or pass "
            "max_size=None."
        )
    notation = LatexNotation(number_writer(number_format))
    return LatexFormula(composed(order, node_names(order), notation).text)
