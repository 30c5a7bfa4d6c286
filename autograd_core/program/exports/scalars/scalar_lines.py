"""The instructions of a program as lines of C or of a language that writes alike.

An instruction is an assignment; a long sum, and a run of assignments that differ in nothing but
evenly spaced places in memory, is a loop. Sums go from left to right and nothing is reordered.
Where values live is `scalar_places`'; the words, and what primitives compute, are an exporter's.
"""

from __future__ import annotations

import itertools
import re
import textwrap
from collections.abc import Iterator, Sequence

from autograd_core.primitives import ROWS
from autograd_core.program.exports.scalars.scalar_places import Place, Places, Statement
from autograd_core.program.exports.scalars.scalar_words import Words

__all__ = ["WIDTH", "Writer", "at", "listed", "wrapped"]

RUN = 8
"""Equal statements in a row from which on they are a loop."""

WIDTH = 100
"""Columns."""

TERMS = {"sum": 1, "dot": 2, "strong_dot": 2}
"""The primitives of any number of operands, and how many of these make a term."""


class Writer:
    """Writes the parts of one program."""

    def __init__(self, places: Places, words: Words) -> None:
        self.places, self.words = places, words
        self._templates: dict[int, tuple[str | None, bool]] = {}

    def part(self, index: int) -> list[str]:
        """The lines of one part."""
        lines: list[str] = []
        statements = self.places.parts[index]
        start = 0
        while start < len(statements):
            run = self._run(statements, start, index)
            if len(run) >= RUN:
                lines += self._rolled(run, index)
            else:
                run = statements[start : start + 1]
                lines += self._statement(run[0], index)
            start += len(run)
        return lines

    def place(self, number: int, part: int | None = None) -> Place:
        """Where a part finds a value; no part finds it in memory."""
        if number in self.places.constants:
            return self.words.number(self.places.constants[number]), None
        if number in self.places.named and self.places.part_of[number] == part:
            return f"v{number}", None
        return self.places.memory[number]

    # One statement.
    def _statement(self, statement: Statement, part: int) -> list[str]:
        number = statement.number
        memory = self.places.memory.get(number)
        if statement.looped:
            lines = self._loop(statement)
            return [*lines, f"{at(memory)} = v{number};"] if memory else lines
        texts = (at(self.place(operand, part)) for operand in statement.leaves())
        value = self._value(statement, texts)
        if memory and number not in self.places.named:
            return wrapped(f"{at(memory)} = {value};")
        lines = wrapped(f"{self.words.value} v{number} = {value};")
        return [*lines, f"{at(memory)} = v{number};"] if memory else lines

    def _value(self, statement: Statement, texts: Iterator[str]) -> str:
        """An instruction and those inside it as one expression of the texts, in order."""
        if statement.variadic:
            return self._sum(statement, texts)
        parts, known = [], []
        for operand in statement.operands:
            inside = not isinstance(operand, int)
            parts.append(self._value(operand, texts) if inside else next(texts))  # type: ignore[arg-type]
            known.append(
                self._may_be_known(operand if isinstance(operand, int) else operand.number)
            )
        template, rounds = self._template(statement.kind, len(parts))
        if rounds and any(known):
            parts = [
                self.words.hidden(text) if is_known else text
                for text, is_known in zip(parts, known, strict=True)
            ]
        simple = [_is_whole(text) for text in parts]
        if template is None or (template.count("{") > len(parts) and not all(simple)):
            return f"{self.words.called(_name_of(statement.kind))}({', '.join(parts)})"
        if not _is_whole(template):
            parts = [
                text if plain and not (text[0] == "-" and "-{" in template) else f"({text})"
                for text, plain in zip(parts, simple, strict=True)
            ]
        return template.format(*parts)

    def _may_be_known(self, number: int) -> bool:
        """Whether a compiler may find out what a value is, in one branch at least."""
        return number in self.places.constants or number in self.places.choices

    def _template(self, kind: int, count: int) -> tuple[str | None, bool]:
        if kind not in self._templates:
            self._templates[kind] = self.words.template(_name_of(kind), count)
        return self._templates[kind]

    # Runs of statements.
    def _run(self, statements: list[Statement], start: int, part: int) -> list[Statement]:
        """The statements from one on that go evenly through memory and differ in nothing else."""
        first = statements[start]
        if first.looped:
            return []
        shape = self._shape(first)
        run: list[Statement] = []
        arrays: list[str] = []
        before: list[int] = []
        steps: list[int] = []
        for place in range(start, len(statements)):
            statement = statements[place]
            if statement.number in self.places.named or self._shape(statement) != shape:
                break
            streams = self._streams(statement, part)
            names, here = [array for array, _ in streams], [place or 0 for _, place in streams]
            moved = [new - old for old, new in zip(before, here, strict=False)]
            if run and (names != arrays or moved != (steps or moved)):
                break
            steps, arrays, before = moved, names, here
            run.append(statement)
        return run

    def _shape(self, statement: Statement) -> tuple[object, ...]:
        return statement.shape(), *map(self._may_be_known, statement.leaves())

    def _streams(self, statement: Statement, part: int) -> list[Place]:
        """Where a statement's result goes and where what it reads is."""
        read = [self.place(operand, part) for operand in statement.leaves()]
        return [self.places.memory[statement.number], *read]

    def _rolled(self, run: list[Statement], part: int) -> list[str]:
        """A run of statements as a loop."""
        first, second = (self._streams(statement, part) for statement in run[:2])
        texts = [
            stepping(place, (other[1] or 0) - (place[1] or 0))
            for place, other in zip(first, second, strict=True)
        ]
        value = self._value(run[0], iter(texts[1:]))
        return self.loop(len(run), f"{texts[0]} = {value};")

    # Sums of any number of terms.
    def _sum(self, statement: Statement, texts: Iterator[str]) -> str:
        """A short sum, written out."""
        name, size, start = _form(statement)
        own = list(itertools.islice(texts, len(statement.operands)))
        parts = [own[index : index + size] for index in range(start, len(own), size)]
        first = own[0] if start else "0.0"
        return " + ".join([first, *(self._term(name, part) for part in parts)])

    def _term(self, name: str, texts: Sequence[str]) -> str:
        if name == "strong_dot":
            return f"{self.words.called('strong_product')}({', '.join(texts)})"
        return " * ".join(texts)

    def _loop(self, statement: Statement) -> list[str]:
        """A long sum: a loop over every stretch of terms that are in the same arrays."""
        name, size, start = _form(statement)
        places = [self.place(operand) for operand in statement.leaves()]
        terms = [places[index : index + size] for index in range(start, len(places), size)]
        total = f"v{statement.number}"
        lines = [f"{self.words.total} {total} = {at(places[0]) if start else '0.0'};"]
        for stretch, group in itertools.groupby(terms, _arrays):
            streams = list(zip(*group, strict=True))
            count = len(streams[0])
            if count < RUN:
                lines += [
                    f"{total} += {self._term(name, [at(place) for place in term])};"
                    for term in zip(*streams, strict=True)
                ]
                continue
            texts: list[str] = []
            for array, stream in zip(stretch, streams, strict=True):
                table = f"{total}_{'abcdefgh'[len(texts)]}{len(lines)}"
                text, definition = self.streaming(stream, array, table)
                texts.append(text)
                lines += definition
            lines += self.loop(count, f"{total} += {self._term(name, texts)};")
        return lines

    def streaming(self, stream: Sequence[Place], array: str, table: str) -> tuple[str, list[str]]:
        """The i-th number of a stream in one array, or of constants; and the table it takes."""
        if not array:
            texts = [text for text, _ in stream]
            if len(set(texts)) == 1:
                return texts[0], []
            return f"{table}[i]", self.words.table(table, texts, False)
        indices = [index or 0 for _, index in stream]
        steps = {after - before for before, after in itertools.pairwise(indices)}
        if len(steps) == 1:
            return stepping(stream[0], steps.pop()), []
        return f"{array}[{table}[i]]", self.words.table(table, list(map(str, indices)), True)

    def loop(self, count: int, line: str) -> list[str]:
        """A line so many times, with i from 0 up."""
        head = f"for ({self.words.counter} i = 0; i < {count}; i++) {{"
        return [head, *(f"    {part}" for part in wrapped(line)), "}"]


def _name_of(kind: int) -> str:
    row = ROWS[kind]
    assert row is not None  # the verifier's: no instruction makes a leaf
    return row.name


def _is_whole(text: str) -> bool:
    """Whether an expression is a number, a name, a place in an array or a call: no operation."""
    parts = re.fullmatch(r"-?(?:[\d.]+(?:e[+-]?\d+)?|\w+)([\[(].*[\])])?", text)
    depth = 0
    for place, mark in enumerate(inside := (parts and parts[1]) or ""):
        depth += (mark in "([") - (mark in ")]")
        if depth == 0 and place < len(inside) - 1:
            return False
    return parts is not None


def _form(statement: Statement) -> tuple[str, int, int]:
    """A sum's primitive, the operands of one term, and those that stand before the first term."""
    name = _name_of(statement.kind)
    return name, TERMS[name], 1 if name == "dot" else 0


def _arrays(term: Sequence[Place]) -> list[str]:
    return [array if place is not None else "" for array, place in term]


def at(place: Place) -> str:
    """The number at a place."""
    array, index = place
    return array if index is None else f"{array}[{index}]"


def stepping(place: Place, step: int) -> str:
    """The i-th number from a place on, evenly through its array."""
    array, first = place
    if first is None or step == 0:
        return at(place)
    times = "i" if abs(step) == 1 else f"{abs(step)} * i"
    if step < 0:
        return f"{array}[{first} - {times}]"
    return f"{array}[{first} + {times}]" if first else f"{array}[{times}]"


def listed(head: str, texts: Sequence[str], opens: str, closes: str) -> list[str]:
    """The definition of a table."""
    lines = textwrap.wrap(", ".join(texts), WIDTH - 12)
    return [f"{head} = {opens}", *(f"    {line}" for line in lines), f"{closes};"]


def wrapped(line: str) -> list[str]:
    """A statement in lines of some width, broken before a +."""
    if len(line) <= WIDTH - 8:
        return [line]
    first, *rest = line.split(" + ")
    lines = [first]
    for term in rest:
        if len(lines[-1]) + len(term) + 3 > WIDTH - 8:
            lines.append(f"    + {term}")
        else:
            lines[-1] += f" + {term}"
    return lines
