"""CSV files: a header and rows of text, read with errors that name the line and the column."""

from __future__ import annotations

import csv
import math
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, TextIO

import numpy as np
from numpy.typing import NDArray

from autograd_core import DataError, choice, file_path, got
from autograd_core import listed as names_of
from nn.data import Dataset

__all__ = ["Kind", "Table", "listed", "read_csv"]

Kind = Literal["classification", "regression"]

# What never ends, a device say, is refused when it has given so much.
LONGEST_LINE = 2**26
MOST_ENTRIES = 5 * 10**7
NO_TEXT = re.compile("[\0\udc80-\udcff]")


@dataclass(frozen=True, eq=False)
class Table:
    """What a CSV file holds, still as text."""

    name: str
    columns: tuple[str, ...]
    rows: list[list[str]]
    lines: list[int]
    """The number of the line in the file that each row ends on."""

    @cached_property
    def _places(self) -> dict[str, int]:
        return {column: place for place, column in enumerate(self.columns)}

    def _separated(self) -> str:
        """What to do about one column that seems to be many."""
        (first, *others) = self.columns
        for separator in (";", "\t", "|"):
            if not others and separator in first:
                return f"; separated by {separator!r}, it seems: save it with commas between"
        return ""

    def texts(self, column: str) -> list[str]:
        """The entries of a column. Raises DataError if there is no such column."""
        if not isinstance(column, str):
            raise TypeError(f"a column must be a name in the header, {got(column)}")
        if column not in self._places:
            raise DataError(
                f"{self.name} has no column {column!r:.60}; its columns are {listed(self.columns)}"
                + self._separated()
            )
        place = self._places[column]
        return [row[place].strip() for row in self.rows]

    def numbers(self, column: str, remedy: str = "") -> NDArray[np.float64]:
        """The entries of a column as floats.

        Raises DataError at the first that is no number; it says the line, the entry and what to do,
        the `remedy` besides.
        """
        texts = self.texts(column)
        others = [place for place, text in enumerate(texts) if not _is_number(text)]
        if others:
            text, line = texts[others[0]], self.lines[others[0]]
            what = f"{text!r:.60} is no finite number" if text else "nothing is there"
            count = len(others) - 1
            more = f" (nor in {count} other line{'s' * (count > 1)})" if count else ""
            raise DataError(
                f"{self.name}, line {line}, column {column!r}: {what}{more}; write a number there "
                f"or leave the row out{remedy}"
            )
        return np.array([float(text) for text in texts])

    def columns_of(self, names: Sequence[str], remedy: str = "") -> NDArray[np.float64]:
        """Several columns of numbers side by side: one row a row of the table.

        Raises DataError as `numbers` does.
        """
        chosen = names_of(names, "names", "names of columns")
        columns = [self.numbers(name, remedy) for name in chosen]
        return np.array(columns).reshape(len(chosen), len(self.rows)).T.copy()

    def dataset(
        self,
        target: str,
        features: Sequence[str] | None = None,
        kind: Kind | None = None,
    ) -> Dataset:
        """The dataset that predicts one column from the others, or from `features`.

        Without a `kind`, a target of numbers is regression and one of words classification, its
        classes in alphabetical order.

        Raises DataError for a column that is missing, empty or no numbers where numbers are needed,
        and for a target of numbers and words without a `kind`.
        """
        texts = self.texts(target)
        if kind is not None:
            choice(kind, "kind", ("classification", "regression"))
        others = [name for name in self.columns if name != target]
        chosen = others if features is None else names_of(features, "features", "names of columns")
        if not chosen or target in chosen:
            raise DataError(
                f"{self.name}: the features must be columns besides the target {target!r}"
            )
        if len(set(chosen)) < len(chosen):
            raise DataError(f"{self.name}: a column is named twice among the features")
        inputs = self.columns_of(
            chosen,
            ", or choose the columns to read: features=[...], --features on the command line",
        )
        if kind == "regression" or (kind is None and any(map(_is_number, texts))):
            remedy = ""
            if kind is None:
                remedy = (
                    ", or say that the column holds classes: kind='classification', "
                    "--task classification on the command line"
                )
            return Dataset(inputs, self.numbers(target, remedy), tuple(chosen), target=target)
        for text, line in zip(texts, self.lines, strict=True):
            if not text:
                raise DataError(f"{self.name}, line {line}, column {target!r}: nothing is there")
        classes = tuple(sorted(set(texts)))
        if len(classes) < 2:
            raise DataError(
                f"{self.name}: every {target!r} is {classes[0]!r}; nothing to tell apart"
            )
        place = {name: index for index, name in enumerate(classes)}
        indices = np.array([place[text] for text in texts])
        return Dataset(inputs, indices, tuple(chosen), classes, target)


def read_csv(path: str | os.PathLike[str]) -> Table:
    """The table in a file of comma-separated values in UTF-8 whose first line names the columns.

    Raises DataError, which names the line, for a file that is none; OSError if it cannot be read.
    """
    name = str(file_path(path))
    rows: list[list[str]] = []
    lines: list[int] = []
    # What cannot be decoded comes along marked: an error of decoding would not know its line.
    with file_path(path).open(encoding="utf-8-sig", errors="surrogateescape", newline="") as file:
        reader = csv.reader(_lines(name, file), strict=True)
        entries = 0
        try:
            for row in reader:
                entries += max(len(row), 1)
                if row:
                    rows.append(row)
                    lines.append(reader.line_num)
                if entries > MOST_ENTRIES:
                    raise DataError(f"{name} has more than {MOST_ENTRIES:,} entries")
        except csv.Error as error:
            raise DataError(f"{name}, line {reader.line_num}: {error}") from error
    if not rows:
        raise DataError(f"{name} is empty; its first line must name the columns")
    columns = _header(name, rows[0])
    if len(rows) == 1:
        raise DataError(f"{name} has a header and no rows")
    for row, line in zip(rows, lines, strict=True):
        if len(row) != len(columns):
            entries_there = f"{len(row)} entr{'y' if len(row) == 1 else 'ies'}"
            raise DataError(
                f"{name}, line {line}: {entries_there} where the header names {len(columns)}"
            )
    return Table(name, columns, rows[1:], lines[1:])


def _lines(name: str, file: TextIO) -> Iterator[str]:
    """The lines of a file, none of them endless and all of them text."""
    number = 0
    while line := file.readline(LONGEST_LINE):
        number += 1
        if NO_TEXT.search(line):
            raise DataError(f"{name}, line {number}: not text in UTF-8; save it as UTF-8")
        if len(line) == LONGEST_LINE:
            raise DataError(f"{name}, line {number} has more than {LONGEST_LINE:,} letters")
        yield line


def listed(names: Sequence[str]) -> str:
    """Names one after another, the first of them if they are many.

    >>> listed([f"x{place}" for place in range(100)])
    'x0, x1, x2, x3, x4, x5, x6, x7, x8, x9, x10, x11 and 88 more'
    """
    more = f" and {len(names) - 12} more" if len(names) > 12 else ""
    return ", ".join(names[:12]) + more


def _header(name: str, row: list[str]) -> tuple[str, ...]:
    columns = tuple(entry.strip() for entry in row)
    if "" in columns:
        raise DataError(f"{name}, line 1: column {columns.index('') + 1} has no name")
    seen: set[str] = set()
    for column in columns:
        if column in seen:
            raise DataError(f"{name}, line 1: two columns are named {column!r}")
        seen.add(column)
    if all(map(_is_number, columns)):
        raise DataError(f"{name}, line 1: numbers where the names of the columns should stand")
    return columns


def _is_number(text: str) -> bool:
    try:
        return math.isfinite(float(text)) and "_" not in text
    except ValueError:
        return False
