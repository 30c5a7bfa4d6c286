"""Programs as JavaScript: one ES module without dependencies, or one expression for a page.

The arithmetic is the program's, instruction by instruction: JavaScript's numbers are doubles, which
no engine contracts or reorders, and what a primitive computes is translated from the eager engine's
own source (`javascript_source`). This module puts the file together; its lines are `scalar_lines`',
and where values live is `scalar_places`'.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator

from autograd_core.errors import BackendError
from autograd_core.primitives import ROWS, forward
from autograd_core.primitives.translation.javascript_source import javascript_functions, js_number
from autograd_core.program.code.flat import Floats
from autograd_core.program.exports.arrays_of_forms import arrays, leaves
from autograd_core.program.exports.javascript.javascript_forms import (
    FUNCTIONS,
    given,
    identifiers,
    key_text,
    taken,
    type_of,
)
from autograd_core.program.exports.javascript.javascript_words import JavaScriptWords
from autograd_core.program.exports.scalars.scalar_lines import WIDTH, Writer, at, listed
from autograd_core.program.exports.scalars.scalar_places import Place, places
from autograd_core.program.exports.source_file import SourceFile
from autograd_core.program.signature.recorded import Recorded

__all__ = ["ExportedJavaScript", "to_javascript"]


class ExportedJavaScript(SourceFile):
    """A program as an ES module that exports one function; printed, it is that source."""

    comment = "//"

    @property
    def script(self) -> str:
        """The same as one expression whose value is the function, to be put into a page.

        >>> from autograd_core import record
        >>> script = record(lambda x: 2.0 * x, 0.0).to_javascript("twice").script
        >>> script.splitlines()[0], script.splitlines()[-2:]
        ('(() => {', ['return twice;', '})()'])
        """
        body = self.source.replace("export function", "function", 1)
        return f'(() => {{\n"use strict";\n{body}return {self.name};\n}})()'


def to_javascript(recorded: Recorded, parameters: Floats, name: str) -> ExportedJavaScript:
    """A program as the source of an ES module that exports `name(*arguments, parameters)`.

    Raises ValueError for a name that is none or taken, BackendError for a primitive of the user's
    own, and TypeError for dictionaries whose keys JavaScript's objects do not have.
    """
    check_name(name)
    for kind in recorded.code.kinds:
        row = ROWS[kind]
        if row is None or row.forward is not getattr(forward, row.name, None):
            raise BackendError(
                f"{row.name if row else 'a leaf'!r} is a primitive of your own: its value is "
                "Python and has no JavaScript; export a program of autograd_core's primitives alone"
            )
    return ExportedJavaScript(_File(recorded, parameters, name).text(), name, parameters)


def check_name(name: str) -> None:
    """Raise ValueError unless a function in a module may have this name."""
    if not isinstance(name, str) or not name.isidentifier():
        raise ValueError(f"name is {name!r}; a function's name is an identifier, like 'loss'")
    if taken(name):
        raise ValueError(
            f"name is {name!r}, which JavaScript or the file has for itself; "
            f"try 'my_{name.strip('_')}'"
        )


class _File:
    """One file: what stands in it, from top to bottom."""

    def __init__(self, recorded: Recorded, parameters: Floats, name: str) -> None:
        self.recorded, self.code, self.name = recorded, recorded.code, name
        self.parameters = parameters
        self.names = identifiers(list(recorded.names), [name])
        self.leaves = [
            leaf
            for form, own in zip(recorded.arguments, self.names, strict=True)
            for leaf in leaves(form, own, own, key_text)
        ]
        nested = [own for own, path, _ in self.leaves if own != path]
        others = iter(identifiers(nested, [name, *self.names]))
        self.variables = [own if own == path else next(others) for own, path, _ in self.leaves]
        self.results = list(arrays(recorded.result))
        self.places = places(self.code)
        self.alone = len(self.places.parts) <= 1
        self.words = JavaScriptWords()
        self.writer = Writer(self.places, self.words)
        self._move_inputs()
        self._move_outputs()

    def _move_inputs(self) -> None:
        """Let numbers be read from the arguments that they stand in."""
        memory = self.places.memory
        number = 0
        for variable, (_, _, form) in zip(self.variables, self.leaves, strict=True):
            for place in range(form.size):
                memory[number] = (variable, place if form.shape else None)
                number += 1
        for own, (array, slot) in memory.items():
            if array == "work":
                memory[own] = ("ag_work", slot)

    def _move_outputs(self) -> None:
        """Let outputs be written where they are given back: in arrays of the result, or names."""
        looped = {
            operand
            for statements in self.places.parts
            for statement in statements
            if statement.looped
            for operand in statement.leaves()
        }
        self.targets: list[Place] = []
        self.scalars = 0
        for place, form in enumerate(self.results):
            if form.shape == ():
                self.targets.append(("ag_outputs", self.scalars))
                self.scalars += 1
            else:
                self.targets += [(f"r{place}", offset) for offset in range(form.size)]
        for number, (array, index) in list(self.places.memory.items()):
            if array != "outputs":
                continue
            target = self.targets[index or 0]
            self.places.memory[number] = target
            if target[0] == "ag_outputs" and self.alone and number not in looped:
                del self.places.memory[number]
                self.places.named.add(number)

    def text(self) -> str:
        parts = [self.writer.part(index) for index in range(len(self.places.parts))]
        lines = [*self._taken(), *self._allocated()]
        if self.alone:
            lines += [line for part in parts for line in part]
        else:
            handed = ", ".join(self._handed())
            lines += [f"part_{index}({handed});" for index in range(len(parts))]
        lines += self._repeated()
        lines.append(f"return {given(self.recorded.result, self._given())};")
        own = "\n".join([self._described(), self._head(), *_indented(lines), "}"])
        functions = [] if self.alone else self._parts(parts)
        body = "\n".join([own, *functions])
        needed = [*self._needed(body), *self.words.tables, *functions, own]
        if len(self.parameters):
            numbers = [js_number(number) for number in self.parameters.tolist()]
            kept = listed(f"{self.name}.parameters", numbers, "new Float64Array([", "])")
            needed.append("\n".join(kept))
        return self._comment() + "\n\n" + "\n\n".join(part.rstrip("\n") for part in needed) + "\n"

    def _head(self) -> str:
        takes = list(self.names)
        if self.code.captured:
            takes.append(f"parameters = {self.name}.parameters")
        return f"export function {self.name}({', '.join(takes)}) {{"

    def _taken(self) -> Iterator[str]:
        """The lines that look at the arguments and name what stands in them."""
        for variable, (_, path, form) in zip(self.variables, self.leaves, strict=True):
            what = repr_of(path)
            if form.shape == ():
                call = f"take_number({path}, {what})"
            elif len(form.shape) == 1:
                call = f"take_numbers({path}, {form.size}, {what})"
            else:
                call = f"take_rows({path}, [{', '.join(map(str, form.shape))}], {what})"
            if variable != path:
                yield f"const {variable} = {call};"
            elif len(form.shape) > 1:
                yield f"{variable} = {call};"
            else:
                yield f"{call};"
        if self.code.captured:
            yield f'take_numbers(parameters, {self.code.captured}, "parameters");'

    def _allocated(self) -> Iterator[str]:
        for place, form in enumerate(self.results):
            if form.shape:
                yield f"const r{place} = new Float64Array({form.size});"

    def _handed(self) -> list[str]:
        """What the parts of a long program read and write."""
        results = [f"r{place}" for place, form in enumerate(self.results) if form.shape]
        return [*self.variables, *(["parameters"] if self.code.captured else []), *results]

    def _parts(self, parts: list[list[str]]) -> list[str]:
        takes = ", ".join(self._handed())
        return [
            "\n".join([f"function part_{index}({takes}) {{", *_indented(lines), "}"])
            for index, lines in enumerate(parts)
        ]

    def _repeated(self) -> Iterator[str]:
        """Outputs in arrays that are inputs, constants, or another output once more."""
        for target, number in zip(self.targets, self.code.outputs.tolist(), strict=True):
            if target[0] == "ag_outputs" or self.places.memory.get(number) == target:
                continue
            text = at(self.writer.place(number, 0 if self.alone else None))
            if text != "0.0":  # what a new array holds
                yield f"{target[0]}[{target[1]}] = {text};"

    def _given(self) -> Iterator[str]:
        """The expression of each array of the result."""
        index = 0
        for place, form in enumerate(self.results):
            if form.shape == ():
                number = int(self.code.outputs[index])
                yield at(self.writer.place(number, 0 if self.alone else None))
            elif len(form.shape) == 1:
                yield f"r{place}"
            else:
                yield f"give_rows(r{place}, [{', '.join(map(str, form.shape))}])"
            index += form.size

    def _needed(self, body: str) -> Iterator[str]:
        """What the functions call and read, before they do."""
        wanted = set(re.findall(r"\b((?:take|give)_\w+)\(", body))
        if wanted & {"take_numbers", "take_rows"}:
            wanted |= {"take_number", "take_numbers"}
        yield from (text for name, text in FUNCTIONS.items() if name in wanted)
        if self.words.needed:
            yield javascript_functions(self.words.needed)
        if self.places.work:
            yield f"const ag_work = new Float64Array({self.places.work});"
        if re.search(r"\bag_outputs\b", body):
            yield f"const ag_outputs = new Float64Array({self.scalars});"

    def _described(self) -> str:
        """What the function takes and gives, for readers and type checkers."""
        lines = [
            f"@param {{{type_of(form)}}} {name}{said(name, own)}"
            for name, own, form in zip(
                self.names, self.recorded.names, self.recorded.arguments, strict=True
            )
        ]
        if self.code.captured:
            lines.append("@param {ArrayLike<number>} [parameters] what was captured, in its order")
        lines.append(f"@returns {{{type_of(self.recorded.result, comes_back=True)}}}")
        return "/**\n" + "".join(f" * {line}\n" for line in lines) + " */"

    def _comment(self) -> str:
        """What stands at the top."""
        lines = [
            f"{self.name}: a program of autograd_core, as an ES module without dependencies.",
            "",
            f"instructions: {self.places.counted()}",
            "",
            "Nothing is kept between calls. The results have the bits of a replay.",
        ]
        if self.code.captured:
            lines[-1] += (
                f" {self.name}.parameters holds what the captured leaves held at the export."
            )
        wrapped = [
            part
            for line in lines
            for part in (textwrap.wrap(line, WIDTH - 3, break_on_hyphens=False) or [""])
        ]
        return "/*\n" + "".join(f" * {line}".rstrip() + "\n" for line in wrapped) + " */"


def repr_of(path: str) -> str:
    """An expression as a string in JavaScript."""
    escaped = path.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def said(name: str, own: str) -> str:
    """What an argument was called in Python, if that is no name here."""
    plain = re.sub(r"[^ -~]|[*/\\@{}<>]", "_", own)
    return "" if name == own else f" {plain}"


def _indented(lines: list[str]) -> list[str]:
    return ["    " + line for line in lines]
