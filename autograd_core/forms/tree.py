"""A graph as a tree of lines, for terminals.

A node used again is a reference to the line that shows it, `↑ name`; what would be indented too far
goes on below, `↓ name`, as a tree of its own. Nothing recurses. Color and width are the terminal's,
and `print_tree` asks for them; `tree` gives plain text.
"""

from __future__ import annotations

import os
import shutil
import sys
import unicodedata
from collections import deque
from collections.abc import Callable, Mapping
from typing import TextIO

from autograd_core.given import checked_limit, flag, got
from autograd_core.graph.traversal import topological
from autograd_core.graph.value import Value
from autograd_core.notation import TextNotation, node_names, number_writer
from autograd_core.primitives import PRIMITIVES

__all__ = ["print_tree", "tree"]

NumberFormat = str | Callable[[float], str]
Segment = tuple[str, str]
"""A piece of a line and its color."""

NARROWEST = 20
DEEPEST_INDENT = 60
COLORS = {"name": "1", "positive": "33", "negative": "36", "faint": "2"}


def tree(
    root: Value,
    *,
    width: int | None = None,
    color: bool = False,
    number_format: NumberFormat = ".6g",
    max_lines: int | None = 200,
) -> str:
    """The graph of `root` as lines of text: name = data, operation, gradient, operands below.

    Lines are cut at `width` columns, if it is given; `color` adds the codes of ANSI terminals. Of
    more than `max_lines` lines, the rest is counted.

    Raises TypeError or ValueError for an argument that is not of the kind.

    >>> x, y = Value(2.0, name="x"), Value(3.0, name="y")
    >>> f = (x + y) * x
    >>> f.backward()
    >>> print(tree(f))
    f = 10   ×   grad 1
    ├─ t1 = 5   +   grad 2
    │  ├─ x = 2   grad 7
    │  └─ y = 3   grad 2
    └─ ↑ x
    """
    if not isinstance(root, Value):
        raise TypeError(f"tree() takes a Value, not {type(root).__name__}: {root!r:.60}")
    checked_limit(width, "width, in columns,", NARROWEST)
    checked_limit(max_lines, "max_lines")
    flag(color, "color")
    order = topological(root)
    lines = _Lines(node_names(order), TextNotation(number_writer(number_format)), width)
    shown = lines.of(root, max_lines)
    if len(lines.shown) < len(order):
        left_out = len(order) - len(lines.shown)
        shown.append([(f"… {left_out:,} more values, left out (max_lines=None shows all)", "")])
    clipped = shown if width is None else [_clipped(line, width) for line in shown]
    paint = _painted if color else _plain
    return "\n".join(map(paint, clipped))


def print_tree(
    root: Value,
    file: TextIO | None = None,
    *,
    number_format: NumberFormat = ".6g",
    max_lines: int | None = 200,
) -> None:
    """Print the tree of `root`: in a terminal's width and in color there, in full elsewhere.

    Color is left out where the environment has NO_COLOR, or TERM=dumb.
    """
    file = sys.stdout if file is None else file
    if not hasattr(file, "write"):
        raise TypeError(f"file must be open for writing text, or None to print, {got(file)}")
    terminal = hasattr(file, "isatty") and file.isatty()
    width = max(NARROWEST, shutil.get_terminal_size().columns) if terminal else None
    wanted = not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    text = tree(
        root,
        width=width,
        color=terminal and wanted,
        number_format=number_format,
        max_lines=max_lines,
    )
    print(text, file=file)


class _Lines:
    def __init__(
        self, names: Mapping[Value, str], notation: TextNotation, width: int | None
    ) -> None:
        self.names = names
        self.notation = notation
        self.deepest = DEEPEST_INDENT if width is None else min(DEEPEST_INDENT, width // 2)
        self.shown: set[Value] = set()

    def of(self, root: Value, most: int | None) -> list[list[Segment]]:
        """The lines of the tree, and of the trees that go on below it."""
        lines: list[list[Segment]] = []
        waiting = deque([root])
        below = {root}
        while waiting:
            start = waiting.popleft()
            # A node, what stands before it on its line, and before its operands on theirs.
            stack = [(start, "", "")]
            while stack:
                if most is not None and len(lines) == most:
                    return lines
                node, before, under = stack.pop()
                if node in self.shown and node in self.names:
                    lines.append([(before + "↑ ", "faint"), (self.names[node], "")])
                elif node in below and node is not start:
                    lines.append([(before + "↓ ", "faint"), (self.names[node], "")])
                elif node.op and len(before) > self.deepest:
                    lines.append([(before + "↓ ", "faint"), (self.names[node], "")])
                    waiting.append(node)
                    below.add(node)
                else:
                    lines.append([(before, "faint"), *self._described(node)])
                    self.shown.add(node)
                    operands = node.parents
                    last = len(operands) - 1
                    for place in range(last, -1, -1):
                        mark, rest = ("└─ ", "   ") if place == last else ("├─ ", "│  ")
                        stack.append((operands[place], under + mark, under + rest))
        return lines

    def _described(self, node: Value) -> list[Segment]:
        data = self.notation.number(node.data).text
        if node not in self.names:
            return [(data, "faint")]
        segments = [(self.names[node], "name"), (f" = {data}", "")]
        if node.op:
            segments.append((f"   {PRIMITIVES[node.op].glyph}", ""))
        if node.constant:
            segments.append(("   constant", "faint"))
        else:
            grad = self.notation.number(node.grad).text
            sign = "positive" if node.grad > 0 else "negative" if node.grad < 0 else "faint"
            segments.append((f"   grad {grad}", sign))
        return segments


def _clipped(line: list[Segment], width: int) -> list[Segment]:
    """The line, or as much of it as fits, with an ellipsis."""
    if sum(_columns(letter) for text, _ in line for letter in text) <= width:
        return line
    room = width - 1
    kept: list[Segment] = []
    for text, color in line:
        for count, letter in enumerate(text):
            room -= _columns(letter)
            if room < 0:
                return [*kept, (text[:count] + "…", color)]
        kept.append((text, color))
    return kept


def _columns(letter: str) -> int:
    """How many columns a terminal gives a letter."""
    if unicodedata.combining(letter):
        return 0
    return 2 if unicodedata.east_asian_width(letter) in "WF" else 1


def _plain(line: list[Segment]) -> str:
    return "".join(text for text, _ in line)


def _painted(line: list[Segment]) -> str:
    return "".join(
        f"\x1b[{COLORS[color]}m{text}\x1b[0m" if color and text else text for text, color in line
    )
