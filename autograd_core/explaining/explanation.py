"""`explain`: the gradient of a graph, derived line by line as at the board.

This module owns the public function, its arguments, and the layout of the result: as plain text, in
Markdown, in LaTeX. The equations are `lines`', their numbers `derivation`'s.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import TypeVar

from autograd_core.explaining.derivation import Derivation, derive
from autograd_core.explaining.lines import Equation, Equations
from autograd_core.given import checked_limit, flag
from autograd_core.graph.value import Value
from autograd_core.notation import (
    LatexNotation,
    Notation,
    TextNotation,
    composed,
    escape,
    number_writer,
    written_size,
)

__all__ = ["Explanation", "explain"]

_Item = TypeVar("_Item")
_MACROS = re.compile(r"\\[a-z]+|[{}\\]")
LONGEST_FORMULA = 24
"""A root of more operands and operations is not written as one formula."""
WIDEST_LEFT = 36
WIDEST_LINE = 96
"""A longer equation goes on in a line for each of its members."""


@dataclass(frozen=True, slots=True)
class Section:
    """Equations under one heading; those `left_out` are missing after the first `before`."""

    heading: str
    equations: list[Equation]
    before: int = 0
    left_out: int = 0

    def lines(self) -> Iterator[Equation | str]:
        """The equations, and in the place of those left out how many they are."""
        for place, equation in enumerate(self.equations):
            if self.left_out and place == self.before:
                yield f"… {self.left_out:,} more, left out (max_lines=None shows all)"
            yield equation


class Explanation:
    """A derivation that shows itself: `str()` and the prompt give plain text, a notebook typesets.

    `.markdown` and `.latex` are the same to paste, `.latex_document` is a file of its own,
    `.gradients` has the results by name. Data is read from the graph when the derivation is shown.
    """

    def __init__(
        self, derivation: Derivation, number: Callable[[float], str], max_lines: int | None
    ) -> None:
        self._derivation = derivation
        self._number = number
        self._max_lines = max_lines

    @property
    def gradients(self) -> dict[str, float]:
        """What was asked for: the derivative with respect to each, by its name."""
        of = self._derivation
        return {of.names[node]: of.cotangents[node] for node in of.wanted}

    def __str__(self) -> str:
        notation = TextNotation(self._number)
        return "\n\n".join(_text(section, notation) for section in self._sections(notation))

    __repr__ = __str__

    @property
    def latex(self) -> str:
        """One aligned block for LaTeX's math mode (amsmath)."""
        notation = LatexNotation(self._number)
        rows = []
        for section in self._sections(notation):
            rows += [rf"&\textbf{{{escape(section.heading)}}}", *_rows(section, notation)]
        return _aligned(rows)

    @property
    def latex_document(self) -> str:
        """A document of its own, for LaTeX with amsmath."""
        notation = LatexNotation(self._number)
        parts = [
            r"\documentclass{article}",
            r"\usepackage{amsmath}",
            r"\allowdisplaybreaks",
            r"\begin{document}",
        ]
        for section in self._sections(notation):
            rows = " \\\\\n".join(_rows(section, notation))
            parts.append(f"\\section*{{{escape(section.heading)}}}")
            parts.append(f"\\begin{{align*}}\n{rows}\n\\end{{align*}}")
        return "\n".join([*parts, r"\end{document}", ""])

    @property
    def markdown(self) -> str:
        """A heading and a block of mathematics for each step."""
        notation = LatexNotation(self._number)
        return "\n\n".join(
            f"**{section.heading}**\n\n$$\n{_aligned(_rows(section, notation))}\n$$"
            for section in self._sections(notation)
        )

    def _repr_markdown_(self) -> str:
        return self.markdown

    def _repr_latex_(self) -> str:
        return f"$$\n{self.latex}\n$$"

    def _sections(self, notation: Notation) -> list[Section]:
        of, equations = self._derivation, Equations(self._derivation, notation)
        root = of.symbols[of.root]
        sections = [
            self._section("Given", of.given, equations.given),
            self._section("Forward", of.forward, equations.forward),
            self._section("Local gradients", of.edges(), equations.local),
        ]
        nodes, before, left_out = self._abridged(of.backward)
        paths = of.paths(nodes)
        chain = [equations.chain(node, paths[node]) for node in nodes]
        sections.append(Section(f"Backward, from {root}", chain, before, left_out))
        sections.append(self._section("Gradient", of.wanted, equations.result))
        if 1 < len(of.forward) < LONGEST_FORMULA and written_size(of.order) <= LONGEST_FORMULA:
            whole = composed(of.order, of.symbols, notation)
            function = [Equation(notation.name(root), (whole,))]
            sections.insert(0, Section("Function", function))
        return [section for section in sections if section.equations]

    def _section(
        self, heading: str, items: Iterable[_Item], write: Callable[[_Item], Equation]
    ) -> Section:
        chosen, before, left_out = self._abridged(items)
        return Section(heading, [write(item) for item in chosen], before, left_out)

    def _abridged(self, items: Iterable[_Item]) -> tuple[list[_Item], int, int]:
        """The first and the last items, how many are the first, and how many are left out."""
        if self._max_lines is None:
            return list(items), 0, 0
        iterator = iter(items)
        last = self._max_lines // 4
        first = list(islice(iterator, self._max_lines - last))
        tail: deque[_Item] = deque(maxlen=last)
        rest = 0
        for item in iterator:
            tail.append(item)
            rest += 1
        return [*first, *tail], len(first), rest - len(tail)


def explain(
    root: Value,
    wrt: Value | str | Iterable[Value | str] | None = None,
    *,
    number_format: str | Callable[[float], str] = ".6g",
    max_lines: int | None = 40,
    symbols: bool = True,
) -> Explanation:
    """Derive the gradient of `root` line by line: forward, local gradients, chain rule.

    No `grad` is read or written. Unnamed nodes are called f, t1, t2, …, x1, x2, …; an equation has
    ≈ from where a number is rounded on.

    Args:
        root: the value to differentiate.
        wrt: what to differentiate it with respect to: Values, leaves or not, or their names; all
            leaves unless given.
        number_format: a format such as ".6g", "r" for every digit, or a function from float to str.
        max_lines: the most equations of one step; of more, the first and the last are shown and the
            others counted. None for all.
        symbols: write the parameters of layers as textbooks do, w¹₁₂ and b¹₁, and what neurons make
            of them z¹₁ and a¹₁; False keeps the names of parameters.

    Raises:
        GraphError: `root` is a constant.
        TypeError, ValueError: an argument that is not of the kind, or not part of the graph.

    >>> x, y, z = Value(-2.0, name="x"), Value(5.0, name="y"), Value(-4.0, name="z")
    >>> q = x + y
    >>> q.name = "q"
    >>> derivation = explain(q * z, wrt=x)
    >>> derivation.gradients
    {'x': -4.0}
    >>> print(str(derivation).splitlines()[-4])
      ∂f/∂x = ∂f/∂q · ∂q/∂x = -4 · 1 = -4
    """
    checked_limit(max_lines, "max_lines", 4)
    flag(symbols, "symbols")
    return Explanation(derive(root, wrt, symbols=symbols), number_writer(number_format), max_lines)


def _text(section: Section, notation: Notation) -> str:
    width = min(WIDEST_LEFT, max(len(equation.left.text) for equation in section.equations))
    lines = [section.heading]
    for line in section.lines():
        if isinstance(line, str):
            lines.append(f"  {line}")
            continue
        left = f"  {line.left.text:<{width}} "
        equalities = notation.equalities(line.left, line.members)
        if line.note:
            equalities[-1] += f"   ({line.note})"
        long = len(left) + len(" ".join(equalities)) > WIDEST_LINE
        between = "\n" + " " * len(left) if long else " "
        lines.append(left + between.join(equalities))
    return "\n".join(lines)


def _rows(section: Section, notation: Notation) -> list[str]:
    rows = []
    for line in section.lines():
        if isinstance(line, str):
            rows.append(rf"&\text{{{escape(line)}}}")
        else:
            equalities = notation.equalities(line.left, line.members)
            note = rf" \quad \text{{({escape(line.note)})}}" if line.note else ""
            long = len(_MACROS.sub("", line.left.text + " ".join(equalities))) > WIDEST_LINE
            between = " \\\\\n&" if long else " "
            rows.append(f"{line.left.text} &{between.join(equalities)}{note}")
    return rows


def _aligned(rows: list[str]) -> str:
    body = " \\\\\n".join(rows)
    return f"\\begin{{aligned}}\n{body}\n\\end{{aligned}}"
