"""Operands of array operations as Python expressions: slices, views, joined parts, gathers.

What is more than a slice is written down once and has a name: a matrix out of the parameters serves
every operation that reads it, transposed too. Which operations there are is `array_writer`'s.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

import numpy

from autograd_core.program.arrays.arrangement import Addresses, Arrangement
from autograd_core.program.exports.arrays.address_runs import Rows, Run, rows_of
from autograd_core.program.exports.arrays.array_library import Library
from autograd_core.program.exports.arrays.array_text import (
    WIDTH,
    Expressions,
    Text,
    number,
)

__all__ = ["References"]

FEW = 8  # runs that are written as slices; more are gathered by an array of indices


class References(Expressions):
    """The expressions of operands, and the lines and constants that they need before them."""

    def __init__(self, arrangement: Arrangement, library: Library) -> None:
        super().__init__(library)
        self.arrangement = arrangement
        self.lines: list[str] = []
        self.constants: list[str] = []
        """Definitions of arrays of indices, for the top of the module."""
        self.vectors: list[Text] = []
        """What each vector is called, as far as they have been written."""
        self.reads_constants = False
        self._known: dict[tuple[tuple[int, ...], bytes], Text] = {}
        self._names = 0
        self._widths = [vector.length for vector in arrangement.vectors]
        self._of_constants = arrangement.arguments + 1

    def define(self, text: str, shape: tuple[int, ...], arguments: int, prefix: str = "v") -> Text:
        """A name for an expression, given to it in a line of its own."""
        self._names += 1
        name = f"{prefix}{self._names}"
        self.lines.append(f"{name} = {text}")
        return Text(name, shape, arguments)

    def at(self, addresses: Addresses, literal: bool = False, few: int = FEW) -> Text:
        """What stands at addresses, in their shape; one constant as a plain number if asked.

        At most `few` runs are joined, what takes more is gathered.
        """
        flat = addresses.reshape(-1)
        vectors = self.arrangement.vector_at(flat)
        offsets = flat - self.arrangement.starts[vectors]
        if literal and flat.size == 1 and vectors[0] == self._of_constants:
            return Text(
                number(self.arrangement.constants[offsets[0]], self.library.prefix), (1,), 0
            )
        self.reads_constants |= bool((vectors == self._of_constants).any())
        known = self._found(addresses)
        if known is None:
            known = self._made(addresses.shape, vectors, offsets, few)
            self._known[addresses.shape, addresses.tobytes()] = known
        return known

    def _found(self, addresses: Addresses) -> Text | None:
        known = self._known.get((addresses.shape, addresses.tobytes()))
        if known is None and addresses.ndim == 2:
            other = self._known.get((addresses.shape[::-1], addresses.T.tobytes()))
            return None if other is None else self.transposed(other)
        return known

    def _made(
        self, shape: tuple[int, ...], vectors: Addresses, offsets: Addresses, few: int
    ) -> Text:
        rows = rows_of(vectors, offsets, few)
        made = self._view(rows, shape) if rows is not None else None
        if len(shape) == 2 and (rows is None or len(rows) > 1 or made is None):
            order = numpy.arange(offsets.size).reshape(shape).T.reshape(-1)
            columns = rows_of(vectors[order], offsets[order], few)
            if columns is not None and (made is None or _cost(columns) < _cost(rows or [])):
                turned = self._view(columns, shape[::-1])
                if turned is not None:
                    self._known[shape[::-1], self._bytes(vectors[order], offsets[order])] = turned
                    return self.transposed(turned)
        return made if made is not None else self._gathered(shape, vectors, offsets)

    def _bytes(self, vectors: Addresses, offsets: Addresses) -> bytes:
        return (self.arrangement.starts[vectors] + offsets).astype(numpy.int64).tobytes()

    # Views.

    def _view(self, found: Sequence[Rows], shape: tuple[int, ...]) -> Text | None:
        parts = [self._rows(rows) for rows in found]
        if any(part is None for part in parts):
            return None
        texts = [part for part in parts if part is not None]
        if len(texts) == 1 and texts[0].shape == shape:
            whole = texts[0]
        elif len(texts) == 1:
            return self._named(self.shaped(texts[0], shape))
        else:
            whole = self.shaped(self.joined([self.flat(text) for text in texts]), shape)
        simple = len(found) == 1 and len(found[0].runs) == 1 and whole.text.count("[") <= 1
        return whole if simple and len(shape) == 1 else self._named(whole)

    def _named(self, text: Text) -> Text:
        prefix = "g" if text.arguments else "w"
        return self.define(text.text, text.shape, text.arguments, prefix)

    def _rows(self, rows: Rows) -> Text | None:
        if rows.times == 1:
            run = rows.runs[0]
            return self._slice(run.vector, run.start, run.length)
        if len(rows.runs) == 1 and rows.runs[0].length == 1:
            return self._strided(rows.runs[0], rows.times)
        columns = [self._matrix(run, rows.times) for run in rows.runs]
        if any(column is None for column in columns):
            return None
        return self.joined([column for column in columns if column is not None])

    def _slice(self, vector: int, start: int, length: int, step: int = 1) -> Text:
        name, _, arguments = self.vectors[vector]
        if start == 0 and step == 1 and length == self._widths[vector]:
            return self.vectors[vector]
        stop = start + (length - 1) * step + (1 if step > 0 else -1)
        end = "" if stop < 0 else str(stop)
        text = f"{start}:{end}" + ("" if step == 1 else f":{step}")
        return Text(self.cut(name, arguments, text), (length,), arguments)

    def _strided(self, run: Run, count: int) -> Text | None:
        if run.step == 0 or (run.step < 0 and not self.library.backwards):
            return None
        return self._slice(run.vector, run.start, count, run.step)

    def _matrix(self, run: Run, count: int) -> Text | None:
        """A run in so many rows as a matrix: columns of a longer stretch put into rows."""
        if run.length == 1:
            column = self._strided(run, count)
            return None if column is None else self.expanded(column, (True, False))
        if run.step < run.length:
            return None
        width = self._widths[run.vector]
        before = max(0, run.start + count * run.step - width)
        if before > run.start or before + run.length > run.step:
            return None
        stretch = self._slice(run.vector, run.start - before, count * run.step)
        matrix = self.shaped(stretch, (count, run.step))
        if run.length == run.step:
            return matrix
        text = self.cut(matrix.text, matrix.arguments, f"{before}:{before + run.length}", 2)
        return Text(text, (count, run.length), matrix.arguments)

    # Gathers.

    def _gathered(self, shape: tuple[int, ...], vectors: Addresses, offsets: Addresses) -> Text:
        used = numpy.unique(vectors)
        places = offsets.copy()
        parts, before = [], 0
        for vector in used.tolist():
            here = vectors == vector
            first, last = int(offsets[here].min()), int(offsets[here].max())
            if len(used) == 1:
                first, last = 0, self._widths[vector] - 1
            parts.append(self._slice(vector, first, last - first + 1))
            places[here] += before - first
            before += last - first + 1
        source = parts[0] if len(parts) == 1 else self._named(self.joined(parts))
        self.constants.append(f"INDEX_{len(self.constants) + 1} = {self._index(places, shape)}")
        text = self.cut(source.text, source.arguments, f"INDEX_{len(self.constants)}")
        return self._named(Text(text, shape, source.arguments))

    def _index(self, places: Addresses, shape: tuple[int, ...]) -> str:
        """An array of indices in Python: by the runs in it where they are fewer."""
        found = rows_of(numpy.zeros_like(places), places) or []
        if _cost(found) * 4 > len(places):
            numbers = textwrap.fill(", ".join(map(str, places.tolist())), WIDTH)
            text = f"numpy.array([\n{textwrap.indent(numbers, '    ')}\n])"
        else:
            rows = [
                f"rows({each.times}, " + ", ".join(str(tuple(run[1:])) for run in each.runs) + ")"
                for each in found
            ]
            text = (
                rows[0]
                if len(rows) == 1
                else "numpy.concatenate([\n    " + (",\n    ".join(rows) + ",\n])")
            )
        if len(shape) > 1:
            text += f".reshape({', '.join(map(str, shape))})"
        return self.library.indices.format(text=text)


def _cost(found: Sequence[Rows]) -> int:
    return sum(len(rows.runs) for rows in found)
