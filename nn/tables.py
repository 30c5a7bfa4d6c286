"""CSV files: a header and rows of text, read with errors that name the line and the column."""

from __future__ import annotations

import csv
import math
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from autograd_core import DataError
from nn.data import Dataset

__all__ = ["Kind", "Table", "read_csv"]

Kind = Literal["classification", "regression"]


@dataclass(frozen=True, eq=False)
class Table:
    """What a CSV file holds, still as text."""

    name: str
    columns: tuple[str, ...]
    rows: list[list[str]]
    lines: list[int]
    """The number of the line in the file that each row ends on."""

    def texts(self, column: str) -> list[str]:
        """The entries of a column. Raises DataError if there is no such column."""
        if column not in self.columns:
            raise DataError(
                f"{self.name} has no column {column!r}; its columns are {', '.join(self.columns)}"
            )
        place = self.columns.index(column)
        return [row[place].strip() for row in self.rows]

    def numbers(self, column: str) -> NDArray[np.float64]:
        """The entries of a column as floats. Raises DataError at the first that is no number."""
        texts = self.texts(column)
        for text, line in zip(texts, self.lines, strict=True):
            if not _is_number(text):
                what = f"{text!r} is no finite number" if text else "nothing is there"
                raise DataError(f"{self.name}, line {line}, column {column!r}: {what}")
        return np.array([float(text) for text in texts])

    def columns_of(self, names: Sequence[str]) -> NDArray[np.float64]:
        """Several columns of numbers side by side: one row a row of the table.

        Raises DataError as `numbers` does.
        """
        return np.column_stack([self.numbers(name) for name in names])

    def dataset(
        self,
        target: str,
        features: Sequence[str] | None = None,
        kind: Kind | None = None,
    ) -> Dataset:
        """The dataset that predicts one column from the others, or from `features`.

        Without a `kind`, a target of numbers only is regression and any other classification, its
        classes in alphabetical order.

        Raises DataError for a column that is missing, empty or no numbers where numbers are needed.
        """
        texts = self.texts(target)
        chosen = [name for name in self.columns if name != target] if features is None else features
        if not chosen or target in chosen:
            raise DataError(
                f"{self.name}: the features must be columns besides the target {target!r}"
            )
        inputs = self.columns_of(chosen)
        if (kind or ("regression" if all(map(_is_number, texts)) else kind)) == "regression":
            return Dataset(inputs, self.numbers(target), tuple(chosen), target=target)
        for text, line in zip(texts, self.lines, strict=True):
            if not text:
                raise DataError(f"{self.name}, line {line}, column {target!r}: nothing is there")
        classes = tuple(sorted(set(texts)))
        if len(classes) < 2:
            raise DataError(
                f"{self.name}: every {target!r} is {classes[0]!r}; nothing to tell apart"
            )
        indices = np.array([classes.index(text) for text in texts])
        return Dataset(inputs, indices, tuple(chosen), classes, target)


def read_csv(path: str | os.PathLike[str]) -> Table:
    """The table in a file of comma-separated values in UTF-8 whose first line names the columns.

    Raises DataError, which names the line, for a file that is none; OSError if it cannot be read.
    """
    name = os.fspath(path)
    rows: list[list[str]] = []
    lines: list[int] = []
    with Path(path).open(encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file, strict=True)
        try:
            for row in reader:
                if row:
                    rows.append(row)
                    lines.append(reader.line_num)
        except csv.Error as error:
            raise DataError(f"{name}, line {reader.line_num}: {error}") from error
        except UnicodeDecodeError as error:
            raise DataError(
                f"{name}, after line {reader.line_num}: not text in UTF-8; save it as UTF-8"
            ) from error
    if not rows:
        raise DataError(f"{name} is empty; its first line must name the columns")
    columns = _header(name, rows[0])
    if len(rows) == 1:
        raise DataError(f"{name} has a header and no rows")
    for row, line in zip(rows, lines, strict=True):
        if len(row) != len(columns):
            raise DataError(
                f"{name}, line {line}: {len(row)} entries where the header names {len(columns)}"
            )
    return Table(name, columns, rows[1:], lines[1:])


def _header(name: str, row: list[str]) -> tuple[str, ...]:
    columns = tuple(entry.strip() for entry in row)
    if "" in columns:
        raise DataError(f"{name}, line 1: column {columns.index('') + 1} has no name")
    for place, column in enumerate(columns):
        if column in columns[:place]:
            raise DataError(f"{name}, line 1: two columns are named {column!r}")
    if all(map(_is_number, columns)):
        raise DataError(f"{name}, line 1: numbers where the names of the columns should stand")
    return columns


def _is_number(text: str) -> bool:
    try:
        return math.isfinite(float(text)) and "_" not in text
    except ValueError:
        return False
