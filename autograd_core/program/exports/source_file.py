"""A source that was written for another language, to read and to save."""

from __future__ import annotations

from pathlib import Path

from autograd_core.file_writer import write_file
from autograd_core.given import file_path
from autograd_core.program.code.flat import Floats

__all__ = ["SourceFile"]

SHOWN = 200  # lines of a source that are shown where it is printed


class SourceFile:
    """A program as the source of one function; printed, it is that source."""

    comment = "#"
    """What begins a comment in its language."""

    def __init__(self, source: str, name: str, parameters: Floats) -> None:
        self.source = source
        """The source of a module that defines the function."""
        self.name = name
        self.parameters = parameters
        """The numbers that the captured leaves held at the export, in the function's order."""

    def save(self, path: str | Path, overwrite: bool = False) -> Path:
        """Write the source to a file, whole or not at all, and return its path.

        Raises FileExistsError for one that exists already, unless `overwrite`.
        """
        write_file(path, self.source.encode(), overwrite=overwrite)
        return file_path(path)

    def __repr__(self) -> str:
        lines = self.source.rstrip("\n").split("\n")
        if len(lines) <= SHOWN:
            return "\n".join(lines)
        more = len(lines) - SHOWN
        return "\n".join(
            [*lines[:SHOWN], f"{self.comment} ... {more:,} lines more: see .source, or .save(path)"]
        )

    def __str__(self) -> str:
        return self.source
