"""What an exporter to Python gives: a source to read, save and run, and the names in it."""

from __future__ import annotations

import ast
import importlib
import itertools
import keyword
import linecache
import re
import types
import unicodedata
import weakref
from collections import deque
from collections.abc import Callable, Collection, Mapping, Sequence
from string import Formatter
from typing import Any

from autograd_core.errors import BackendError
from autograd_core.primitives import ROWS, Primitive, forward
from autograd_core.program.code.flat import Code, Floats
from autograd_core.program.exports.source_file import SourceFile

__all__ = ["OF_THE_FILE", "Exported", "checked_name", "spellings_for"]

OF_THE_FILE = re.compile(r"CONSTANTS|INDEX_\d+|__\w+__")
"""Names that stand at the top of an exported file, or in every module."""

_numbers = itertools.count(1)
_freed: deque[str] = deque()
"""Files in linecache whose functions are gone. They are taken out when the next one comes, not at
once: whoever goes through that cache may be the one who frees them, and would miss them."""


class Exported(SourceFile):
    """A program as the source of one Python function; printed, it is that source.

    Called, it is the function: `exported(*arguments, parameters)`.
    """

    def __init__(self, source: str, name: str, library: str, parameters: Floats) -> None:
        super().__init__(source, name, parameters)
        self.library = library
        self._function: Callable[..., Any] | None = None

    @property
    def function(self) -> Callable[..., Any]:
        """The function itself, from the source.

        Raises BackendError where the library that it is written for is not installed.
        """
        if self._function is None:
            self._function = self._executed()
        return self._function

    def _executed(self) -> Callable[..., Any]:
        try:
            importlib.import_module(self.library)
        except ImportError as error:
            raise BackendError(
                f"{self.name} is written for {self.library}, which is not installed here: "
                f"pip install {self.library}"
            ) from error
        filename = f"<{self.name} exported for {self.library} {next(_numbers)}>"
        while _freed:
            linecache.cache.pop(_freed.popleft(), None)
        # So that a traceback shows the lines.
        linecache.cache[filename] = (len(self.source), None, self.source.splitlines(True), filename)
        module = types.ModuleType(self.name)
        exec(compile(self.source, filename, "exec"), module.__dict__)
        function: Callable[..., Any] = getattr(module, self.name)
        weakref.finalize(function, _freed.append, filename).atexit = False
        return function

    def __call__(self, /, *arguments: Any, **named: Any) -> Any:
        return self.function(*arguments, **named)


def checked_name(name: str, taken: Collection[str]) -> str:
    """The name of an exported function as Python reads it; ValueError for one that it cannot have.

    Python takes letters that look alike for one, and so must who looks the name up.
    """
    read = unicodedata.normalize("NFKC", name) if isinstance(name, str) else ""
    if not read.isidentifier() or keyword.iskeyword(read):
        raise ValueError(f"name is {name!r}; a function's name is an identifier, like 'loss'")
    if read in taken or OF_THE_FILE.fullmatch(read):
        raise ValueError(
            f"name is {name!r}, which the file has for itself; try 'my_{read.strip('_')}'"
        )
    return read


def spellings_for(
    code: Code,
    library: str,
    known: Mapping[str, str],
    missing: Callable[[Primitive], str],
    own: Mapping[str, str] | None,
) -> dict[int, str]:
    """The expression of every row that a code uses, by kind; the user's own where given.

    `missing` says of a row of the table what to add where nothing is known of it.
    Raises BackendError for a primitive whose expression is not given, whether the user's or the
    table's, and ValueError for an expression of other operands than the primitive's. What takes any
    number of operands the writer writes itself.
    """
    found = {}
    for kind in code.kinds:
        row = ROWS[kind]
        assert row is not None
        built_in = row.forward is getattr(forward, row.name, None)
        shown = ", ".join("{" + operand + "}" for operand in row.operands)
        if built_in and row.name in known:
            found[kind] = known[row.name]
        elif built_in and row.arity is not None:
            raise BackendError(f"the row {row.name!r} has no {library} yet: {missing(row)}")
        elif not built_in:
            if row.name not in (own or {}):
                raise BackendError(
                    f"{row.name!r} is a primitive of your own, whose value is Python: say how it "
                    f"is written for {library}, spellings={{{row.name!r}: '...'}}, an expression "
                    f"of {shown}"
                )
            found[kind] = _checked((own or {})[row.name], row.name, row.operands)
    return found


def _checked(text: str, name: str, operands: Sequence[str]) -> str:
    parts = list(Formatter().parse(text))
    if "..." in operands or not {field for _, field, _, _ in parts} <= {*operands, None}:
        allowed = ", ".join("{" + operand + "}" for operand in operands)
        raise ValueError(
            f"the spelling of {name} is {text!r}; it must be an expression of {allowed} alone, "
            "and a primitive of any number of operands has none"
        )
    example = text.format(**dict.fromkeys(operands, "x")).strip()
    try:
        for written in (example, f"({example})"):
            ast.parse(written, mode="eval")
    except SyntaxError as error:
        raise ValueError(f"the spelling of {name} is {text!r}, no expression: {error}") from error
    # An operand may be a negative number, whose sign a power would not take along.
    pieces = (
        literal.replace("{", "{{").replace("}", "}}") + ("" if field is None else f"({{{field}}})")
        for literal, field, _, _ in parts
    )
    return f"({''.join(pieces)})"
