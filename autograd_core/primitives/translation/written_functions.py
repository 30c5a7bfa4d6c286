"""What functions of `forward` need, written in a language in an order in which all is known.

Functions call functions, of their own module and of those beside it, and read constants and tables;
each is translated once (`bodies`), above what needs it.
"""

from __future__ import annotations

import ast
import functools
import importlib.util
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from autograd_core.primitives.translation.bodies import Body, statements_of
from autograd_core.primitives.translation.language import SIGN, WHOLE, Language, Term, signatures
from autograd_core.primitives.translation.terms import refuse

__all__ = ["SOURCES", "expression", "translated"]

SOURCES = Path(__file__).resolve().parents[1]
ANY_PREFIX = "\N{OBJECT REPLACEMENT CHARACTER}"
"""What stands for the prefix in texts that are kept: no source has it."""


@functools.cache
def _parsed(source: Path) -> ast.Module:
    return ast.parse(source.read_text(encoding="utf-8"))


@functools.cache
def plain_library(source: Path) -> Any:
    """libm.py itself: it computes the constants that a module takes from it."""
    spec = importlib.util.spec_from_file_location("_plain_libm", source)
    if spec is None or spec.loader is None:
        raise ImportError(f"{source} is no Python module")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def translated(
    language: Language, names: Iterable[str], prefix: str, folder: Path = SOURCES
) -> str:
    """Forward functions in a language, each called by the prefix and its name, and what they need.

    Raises ValueError for a name that `forward.py` does not define or that takes any number of
    operands, and NotImplementedError for Python that is not translated.
    """
    written: dict[tuple[str, str], str] = {}
    for name in names:
        for key, text in _with_needs(language, name, Path(folder)).items():
            written.setdefault(key, text)
    return "\n".join(written.values()).replace(ANY_PREFIX, prefix)


@functools.cache
def _with_needs(language: Language, name: str, folder: Path) -> dict[tuple[str, str], str]:
    """A function and what it needs, that first, all called by `ANY_PREFIX`."""
    translation = Translation(language, folder, ANY_PREFIX)
    translation.function("forward", name)
    return translation.written


def expression(
    language: Language, name: str, operands: Sequence[str], folder: Path = SOURCES
) -> str | None:
    """A forward function of names or numbers as one expression; None where it is more than that.

    The expression needs the language's library and nothing else. Raises what `translated` does, and
    ValueError for a wrong number of operands.
    """
    translation = Translation(language, Path(folder), "")
    definition = translation.definition("forward", name)
    parameters = [argument.arg for argument in definition.args.args]
    if len(operands) != len(parameters):
        raise ValueError(
            f"{name} takes {len(parameters)} operands ({', '.join(parameters)}), not "
            f"{len(operands)} ({', '.join(operands)})"
        )
    only = statements_of(definition)[0]
    if not isinstance(only, ast.Return) or any(
        isinstance(node, ast.IfExp | ast.Compare | ast.BoolOp) for node in ast.walk(only)
    ):
        return None
    body = Body(translation, "forward", definition)
    for parameter, operand in zip(parameters, operands, strict=True):
        body.names[parameter] = Term(operand, "double", SIGN if operand[0] == "-" else WHOLE)
    text = body.as_type("double", only.value).text if only.value else None
    return None if translation.written else text


class Translation:
    """What is written so far, by (module, name), in an order in which everything is known."""

    def __init__(self, language: Language, folder: Path, prefix: str) -> None:
        self.language, self.folder, self.prefix = language, folder, prefix
        self.library = signatures(folder / "libm.pxd")
        self.written: dict[tuple[str, str], str] = {}
        self.gives: dict[tuple[str, str], tuple[str, int]] = {}
        self._under_way: list[tuple[str, str]] = []

    def spelled(self, module: str, name: str) -> str:
        return f"{self.prefix}{name}" if module == "forward" else f"{self.prefix}{module}_{name}"

    def definition(self, module: str, name: str) -> ast.FunctionDef:
        for statement in _parsed(self.folder / f"{module}.py").body:
            if isinstance(statement, ast.FunctionDef) and statement.name == name:
                takes = statement.args
                if takes.vararg:
                    raise ValueError(
                        f"{module}.{name} takes any number of operands, and {self.language.name} "
                        "functions here take a fixed one: write its loop where it is needed"
                    )
                if takes.kwonlyargs or takes.kwarg or takes.defaults or statement.decorator_list:
                    refuse(
                        self.language,
                        module,
                        statement,
                        "it takes more than operands by their position",
                    )
                return statement
        raise ValueError(f"{self.folder / module}.py defines no function {name!r}")

    def function(self, module: str, name: str) -> tuple[str, int]:
        """Write a function unless it is there; the type it gives and how many doubles it takes."""
        key = (module, name)
        if module == "floating":
            source, needs = self.language.floating(name, self.spelled(module, name))
            for needed in needs:
                self.of_the_library(needed)
            self.written.setdefault(key, source)
            return "double", 1
        if key not in self.written:
            definition = self.definition(module, name)
            if key in self._under_way:
                refuse(self.language, module, definition, "it calls itself")
            self._under_way.append(key)
            body = Body(self, module, definition)
            self.written[key] = body.function()
            self.gives[key] = body.gives, len(definition.args.args)
            self._under_way.pop()
        return self.gives[key]

    def of_the_library(self, name: str) -> str:
        """What a function of libm is called; one that the language lacks is written."""
        lacking = self.language.lacking(name)
        if lacking is not None and ("libm", name) not in self.written:
            source, needs = lacking
            for module, needed in needs:
                if module == "libm":
                    self.of_the_library(needed)
                else:
                    self.function(module, needed)
            self.written["libm", name] = source
        return self.language.of_the_library(name)

    def constant(self, module: str, name: str) -> Term | None:
        """A module's constant: a number or a table, written if it is not yet; None if none is."""
        values = [
            statement.value
            for statement in _parsed(self.folder / f"{module}.py").body
            if isinstance(statement, ast.Assign) and ast.unparse(statement.targets[0]) == name
        ]
        if not values:
            return None
        value = values[-1]
        if len(values) > 1:
            refuse(
                self.language, module, value, f"{name} is assigned to twice and so is no constant"
            )
        number = self._number(module, value)
        spelled = self.spelled(module, name)
        if isinstance(number, float):
            text = self.language.constant(spelled, number)
        elif isinstance(number, tuple) and number:
            rows = [row if isinstance(row, tuple) else (row,) for row in number]
            if {type(x) for row in rows for x in row} != {float} or len(set(map(len, rows))) > 1:
                refuse(self.language, module, value, "a table has rows of as many floats each")
            text = self.language.table(spelled, rows)
        else:
            refuse(self.language, module, value, "a constant is a float or a table of floats")
        self.written.setdefault((module, name), text)
        return Term(spelled, "double" if isinstance(number, float) else "table")

    def _number(self, module: str, value: ast.expr) -> object:
        try:
            if isinstance(value, ast.Call) and ast.unparse(value.func).startswith("libm."):
                name = ast.unparse(value.func).removeprefix("libm.")
                computed = getattr(plain_library(self.folder / "libm.py"), name)
                return computed(*map(_literal, value.args))
            return _literal(value)
        except ValueError:
            refuse(
                self.language,
                module,
                value,
                "a constant is a literal or the C library's function of some",
            )


def _literal(value: ast.expr) -> Any:
    """What `ast.literal_eval` gives for numbers and tuples, without the cycles that it leaves."""
    if isinstance(value, ast.Constant):
        return value.value
    if isinstance(value, ast.UnaryOp) and isinstance(value.op, ast.USub):
        return -_literal(value.operand)
    if isinstance(value, ast.Tuple):
        return tuple(map(_literal, value.elts))
    raise ValueError("no literal")
