"""A program as JSON, for other programs and other times, and back.

The document is an object with these members:

    format        "autograd_core.program"
    version       1
    arguments     a list of objects with a name and a form (`form_json` says what that is)
    result        a form
    auxiliary     whether the result is a pair of which the second only comes along
    captured      a list of objects with a name, or null, and the number that it holds, data
    parameters    the form of the first of these; left out where the recording was given none
    primitives    a list of objects with a name and the names of the operands
    constants     numbers
    instructions  for each instruction the place of its primitive among the primitives
    counts        how many operands it has, for each instruction whose primitive takes any number
    operands      of all instructions in order: numbers of values and of constants
    outputs       such numbers of what the program gives

The numbers of values count from 0 through the numbers in the arguments, what is captured and the
instructions; those of constants are negative, -1 for the first.

JSON has no infinities and no NaN: these numbers are the strings "Infinity", "-Infinity" and "NaN".
Floats have all their digits. What is read is checked in full before it is handed out.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import numpy

from autograd_core.errors import ProgramError
from autograd_core.graph.value import Value
from autograd_core.primitives import ROWS
from autograd_core.program.analysis.operands import flat_operands
from autograd_core.program.code.flat import Code, Integers, arities
from autograd_core.program.code.verifier import MOST, verify
from autograd_core.program.saving.form_json import READER, form_document, read_form, read_list
from autograd_core.program.saving.portable import check_fit, check_version, kinds_of, rows_of
from autograd_core.program.signature.arguments import Form
from autograd_core.program.signature.recorded import NONE, Recorded
from autograd_core.strict_json import json_number

__all__ = ["FORMAT", "VERSION", "from_json", "to_json"]

FORMAT = "autograd_core.program"
VERSION = 1
MEMBERS = (
    "format",
    "version",
    "arguments",
    "result",
    "auxiliary",
    "captured",
    "primitives",
    "constants",
    "instructions",
    "counts",
    "operands",
    "outputs",
)


def to_json(recorded: Recorded) -> str:
    """The program as JSON, a line a member, its numbers to the last bit.

    Raises ProgramError for a primitive whose name means another row today, and TypeError for a
    dictionary's key that JSON does not have.
    """
    code = recorded.code
    rows, places = rows_of(code)
    counts, operands = flat_operands(code)
    counts = counts[_variadic()[code.instructions[:, 0]]]
    arguments = zip(recorded.names, recorded.arguments, strict=True)
    document = {
        "format": FORMAT,
        "version": VERSION,
        "arguments": [{"name": name, "form": form_document(form)} for name, form in arguments],
        "result": form_document(recorded.result),
        "auxiliary": recorded.auxiliary,
        "captured": [
            {"name": node.name, "data": json_number(node.data)} for node in recorded.captured
        ],
        "primitives": [{"name": name, "operands": list(operands)} for name, operands in rows],
        "constants": list(map(json_number, code.constants.tolist())),
        "instructions": places.tolist(),
        "counts": counts.tolist(),
        "operands": operands.tolist(),
        "outputs": code.outputs.tolist(),
    }
    if recorded.parameters != NONE:
        document["parameters"] = form_document(recorded.parameters)
    lines = (
        f'"{name}": {json.dumps(member, allow_nan=False)}' for name, member in document.items()
    )
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _variadic() -> Any:
    """Of every row by kind, whether it takes any number of operands."""
    return numpy.array([row is not None and row.arity is None for row in ROWS])


def from_json(text: str | bytes) -> Recorded:
    """The program that `to_json` wrote; what it captured comes back as leaves of its own.

    Raises ProgramError where the text is no such program, or one of a newer version, or uses
    primitives that are not known here or take other operands; TypeError for what is no text.
    """
    if not isinstance(text, str | bytes):
        raise TypeError(f"from_json() takes JSON as text, not {type(text).__name__}: {text!r:.60}")
    document = READER.document(text)
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        given = document.get("format") if isinstance(document, dict) else document
        raise ProgramError(f"this is no program: the format is {given!r:.60}, expected {FORMAT!r}")
    check_version(document.get("version"), VERSION)
    more = [name for name in ("parameters",) if name in document]
    READER.members(document, (*MEMBERS, *more), "the document")
    if type(document["auxiliary"]) is not bool:
        raise ProgramError(f"auxiliary={document['auxiliary']!r:.60} is neither true nor false")
    names, arguments = _read_arguments(document["arguments"])
    result = read_form(document["result"], "result")
    captured = _read_captured(document["captured"])
    code = _read_code(document, sum(form.size for form in arguments), len(captured))
    parameters = read_form(document["parameters"], "parameters") if more else NONE
    auxiliary = document["auxiliary"]
    recorded = Recorded(code, captured, arguments, names, result, auxiliary, parameters)
    check_fit(recorded)
    return recorded


def _read_arguments(thing: Any) -> tuple[list[str], list[Form]]:
    names, forms = [], []
    for place, argument in enumerate(read_list(thing, "arguments")):
        where = f"arguments[{place}]"
        READER.members(argument, ("name", "form"), where)
        if not isinstance(argument["name"], str):
            raise ProgramError(f"{where}.name={argument['name']!r:.60} is no string")
        names.append(argument["name"])
        forms.append(read_form(argument["form"], f"{where}.form"))
    return names, forms


def _read_captured(thing: Any) -> list[Value]:
    captured = []
    for place, leaf in enumerate(read_list(thing, "captured")):
        where = f"captured[{place}]"
        READER.members(leaf, ("name", "data"), where)
        name = leaf["name"]
        if name is not None and not isinstance(name, str):
            raise ProgramError(f"{where}.name={name!r:.60} is neither a string nor null")
        captured.append(Value(READER.number(leaf["data"], f"{where}.data"), name=name))
    return captured


def _read_code(document: Mapping[str, Any], inputs: int, captured: int) -> Code:
    constants = read_list(document["constants"], "constants")
    numbers = [READER.number(number, f"constants[{k}]") for k, number in enumerate(constants)]
    kinds = kinds_of(_read_rows(document["primitives"]))
    places = _integers(document["instructions"], "instructions")
    if len(places) and not 0 <= places.min() <= places.max() < len(kinds):
        raise ProgramError(
            f"instructions are of the primitives {places.min()} to {places.max()}; there are "
            f"{len(kinds)}"
        )
    instructions, operands = _laid_out(
        kinds[places] if len(places) else places,
        _integers(document["counts"], "counts"),
        _integers(document["operands"], "operands"),
    )
    outputs = _integers(document["outputs"], "outputs")
    code = Code(inputs, captured, numpy.array(numbers), instructions, operands, outputs)
    verify(code)
    return code


def _read_rows(thing: Any) -> list[tuple[str, tuple[str, ...]]]:
    rows = []
    for place, row in enumerate(read_list(thing, "primitives")):
        where = f"primitives[{place}]"
        READER.members(row, ("name", "operands"), where)
        operands = read_list(row["operands"], f"{where}.operands")
        if not all(isinstance(text, str) for text in (row["name"], *operands)):
            raise ProgramError(f"{where}: the names of a primitive and its operands are strings")
        rows.append((row["name"], tuple(operands)))
    return rows


def _integers(thing: Any, where: str) -> Integers:
    """A list of whole numbers of 32 bits."""
    numbers = read_list(thing, where)
    if not set(map(type, numbers)) <= {int}:
        place = next(k for k, number in enumerate(numbers) if type(number) is not int)
        raise ProgramError(f"{where}[{place}]={numbers[place]!r:.60} is no whole number")
    if numbers and not -MOST - 1 <= min(numbers) <= max(numbers) <= MOST:
        raise ProgramError(
            f"{where} has numbers from {min(numbers)!r:.60} to {max(numbers)!r:.60}; expected "
            f"{-MOST - 1} to {MOST}"
        )
    return numpy.array(numbers, dtype=numpy.int32)


def _laid_out(kinds: Integers, counts: Integers, given: Integers) -> tuple[Integers, Integers]:
    """Instructions and lists of operands, from the operands of all instructions in order."""
    each = numpy.array([0 if row is None else row.arity or 0 for row in ROWS], dtype=numpy.int64)
    lengths, variadic = each[kinds], _variadic()[kinds]
    if int(variadic.sum()) != len(counts) or (len(counts) and counts.min() < 0):
        raise ProgramError(
            f"counts has {len(counts)} numbers, from {counts.min(initial=0)} up; expected one from "
            f"0 up for each of the {int(variadic.sum())} instructions that take any number"
        )
    lengths[variadic] = counts
    if int(lengths.sum()) != len(given):
        raise ProgramError(
            f"operands has {len(given)} numbers; the instructions take {int(lengths.sum())}"
        )
    begins = numpy.cumsum(lengths) - lengths
    arity = arities()[kinds]
    listed = arity == 0
    instructions = numpy.zeros((len(kinds), 3), dtype=numpy.int32)
    instructions[:, 0] = kinds
    instructions[arity >= 1, 1] = given[begins[arity >= 1]]
    instructions[arity == 2, 2] = given[begins[arity == 2] + 1]
    instructions[listed, 1] = numpy.cumsum(lengths[listed]) - lengths[listed]
    instructions[listed, 2] = lengths[listed]
    return instructions, given[numpy.repeat(listed, lengths)]
