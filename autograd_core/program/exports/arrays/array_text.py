"""Expressions of arrays: cut, reshaped, joined, in the words of a library.

An expression knows its value's shape without the axes of samples, which stand in front where a
library's functions take many samples at once, and which arguments it reads: only what reads one has
such axes.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import NamedTuple

import numpy

from autograd_core.program.exports.arrays.array_library import Library

__all__ = ["WIDTH", "Expressions", "Text", "atom", "described", "number", "wrapped"]

WIDTH = 96
"""Columns of an exported file."""


class Text(NamedTuple):
    """An expression, the shape of its value without axes of samples, and which arguments it reads.

    `arguments` has bit k set for the argument k.
    """

    text: str
    shape: tuple[int, ...]
    arguments: int


class Expressions:
    """What can be made of expressions in one library."""

    def __init__(self, library: Library) -> None:
        self.library = library

    def cut(self, text: str, arguments: int, inner: str, rank: int = 1) -> str:
        """An expression with an index behind it, for the last axis of `rank`."""
        if self.library.batched and arguments:
            return f"{text}[..., {inner}]"
        return f"{text}[{':, ' * (rank - 1)}{inner}]"

    def expanded(self, of: Text, axes: Sequence[bool]) -> Text:
        """With new axes of length 1 where `axes` is False.

        Those in front need not be written, unless there are the samples' axes before them.
        """
        batched = self.library.batched and bool(of.arguments)
        axes = list(axes)
        while not batched and not axes[0]:
            del axes[0]
        if all(axes):
            return of
        lengths = iter(of.shape)
        shape = tuple(next(lengths) if there else 1 for there in axes)
        marks = [":" if there else "None" for there in axes]
        if batched:
            while marks and marks[0] == ":":
                del marks[0]
            marks = ["...", *marks]
        return Text(f"{atom(of.text)}[{', '.join(marks)}]", shape, of.arguments)

    def shaped(self, of: Text, shape: tuple[int, ...]) -> Text:
        """In another shape."""
        if of.shape == shape:
            return of
        if len(of.shape) > 1:
            of = self.flat(of)
            if of.shape == shape:
                return of
        wanted = ", ".join(map(str, shape))
        batched = self.library.batched and of.arguments
        text = f"shaped({of.text}, {wanted})" if batched else f"{atom(of.text)}.reshape({wanted})"
        return Text(text, shape, of.arguments)

    def flat(self, of: Text) -> Text:
        """As one vector."""
        if len(of.shape) == 1:
            return of
        batched = self.library.batched and of.arguments
        rank = len(of.shape)
        text = f"flat({of.text}, {rank})" if batched else f"{atom(of.text)}.reshape(-1)"
        return Text(text, (int(numpy.prod(of.shape)),), of.arguments)

    def transposed(self, of: Text) -> Text:
        """A matrix the other way round."""
        turned = "mT" if self.library.batched and of.arguments else "T"
        text = of.text[:-2] if of.text.endswith(".T") else f"{atom(of.text)}.{turned}"
        return Text(text, of.shape[::-1], of.arguments)

    def joined(self, parts: Sequence[Text]) -> Text:
        """One after another along the last axis."""
        if len(parts) == 1:
            return parts[0]
        rank = len(parts[0].shape)
        shape = (*parts[0].shape[:-1], sum(part.shape[-1] for part in parts))
        arguments = 0
        for part in parts:
            arguments |= part.arguments
        listed = ", ".join(part.text for part in parts)
        if self.library.batched and arguments:
            text = f"joined({rank}, {listed})"
        else:
            text = self.library.joined.format(parts=listed, axis=rank - 1)
        return Text(text, shape, arguments)


def atom(text: str) -> str:
    """An expression in brackets, unless an attribute or an index may follow it as it stands."""
    depth = 0
    for letter in text:
        depth += (letter in "([") - (letter in ")]")
        if depth == 0 and letter in " -":
            return f"({text})"
    return text


def number(value: float, prefix: str) -> str:
    """A constant as Python writes it; `prefix` is the library that has infinity and NaN."""
    if numpy.isfinite(value):
        return repr(float(value))
    name = "nan" if numpy.isnan(value) else "inf"
    return f"{'-' if value < 0 else ''}{prefix}.{name}"


def described(text: str) -> str:
    """A text as the description of a module or function."""
    text = text.replace("\\", "\\\\").replace('"""', r"\"\"\"")
    return f'"""{text}"""'


def wrapped(line: str) -> str:
    """A line of a function's body, broken inside its brackets where it is long."""
    if len(line) + 4 <= WIDTH or line.startswith('"""'):
        return f"    {line}"
    commas = _commas(line)
    found, begin, room = [], 0, WIDTH - 4
    while len(line) - begin > room:
        first = bisect_right(commas, (begin, len(line)))
        within = commas[first : bisect_right(commas, (begin + room, len(line)))]
        if not within:
            break
        last = min(within, key=lambda comma: (comma[1], -comma[0]))[0]
        found.append(line[begin:last])
        begin, room = last + 1, WIDTH - 8
    return "    " + "\n        ".join([*found, line[begin:]])


def _commas(line: str) -> list[tuple[int, int]]:
    """Where a line may be broken, after a comma in brackets, and in how many of them."""
    found, depth, quote, escaped = [], 0, "", False
    for place, letter in enumerate(line):
        if quote:
            quote = "" if letter == quote and not escaped else quote
            escaped = letter == "\\" and not escaped
        elif letter in "\"'":
            quote = letter
        elif letter in "([{":
            depth += 1
        elif letter in ")]}":
            depth -= 1
        elif letter == " " and depth and line[place - 1] == ",":
            found.append((place, depth))
    return found
