"""The instructions of a program by their primitives' names, as they travel to other versions.

A kind is a place in the table, which another version, or another order of imports, may have
otherwise. What travels is the names of the rows used, with their operands' names, and for each
instruction a place among those. It is checked in full where it arrives. Pickles of programs are
made of this, and so is their JSON.
"""

from __future__ import annotations

import copyreg
from collections.abc import Sequence
from typing import Any

import numpy

from autograd_core.errors import ProgramError
from autograd_core.graph.value import Value
from autograd_core.primitives import PRIMITIVES, ROWS, Primitive, kind_of
from autograd_core.program.code.flat import Code, Integers
from autograd_core.program.code.verifier import check_parts, verify
from autograd_core.program.signature.arguments import Holder, Numbers
from autograd_core.program.signature.recorded import Recorded

__all__ = [
    "VERSION",
    "check_fit",
    "check_version",
    "kinds_of",
    "reduced",
    "restored",
    "rows_of",
]

VERSION = 1
"""Of the form of instructions: what `Code` says of kinds, operands and constants."""

Row = tuple[str, tuple[str, ...]]
"""The name of a primitive and its operands' names."""


def rows_of(code: Code) -> tuple[list[Row], Integers]:
    """The rows that a valid code uses, and for each instruction the place of its row among them.

    Raises ProgramError where a name no longer means the row that the code was recorded with.
    """
    verify(code)
    kinds, places = numpy.unique(code.instructions[:, 0], return_inverse=True)
    rows = []
    for kind in kinds.tolist():
        row = ROWS[kind]
        assert row is not None  # verified: no instruction makes a leaf
        if kind_of(row.name) != kind:
            raise ProgramError(
                f"the primitive {row.name!r} was declared again after this program was recorded, "
                "and a name can stand only for the newer one: record the program again"
            )
        rows.append((row.name, row.operands))
    return rows, places.astype(numpy.int32).reshape(-1)


def kinds_of(rows: Sequence[Row]) -> Integers:
    """The kinds that rows have here.

    Raises ProgramError for a primitive that is not known here or takes other operands.
    """
    kinds = []
    for name, operands in rows:
        if name not in PRIMITIVES:
            raise ProgramError(
                f"the program uses the primitive {name!r:.60}, which is not known here: import the "
                "module that declares it first, or update autograd_core if it is a newer one's"
            )
        row = PRIMITIVES[name]
        if not _take_the_same(row, operands):
            raise ProgramError(
                f"the program's primitive {name!r:.60} takes ({', '.join(operands):.60}), but here "
                f"it takes ({', '.join(row.operands)}): it was written by another version of what "
                "declares it"
            )
        kinds.append(kind_of(name))
    return numpy.array(kinds, dtype=numpy.int32)


def _take_the_same(row: Primitive, operands: Sequence[str]) -> bool:
    if row.arity is None or "..." in operands:
        return row.operands == tuple(operands)  # how a list is laid out
    return row.arity == len(operands)


def check_fit(recorded: Recorded) -> None:
    """Refuse a program whose parts do not fit a valid code: back ends trust that they do.

    Raises ProgramError.
    """
    code, captured, arguments, names, result, auxiliary, parameters, replaced = recorded.parts
    for form in (*arguments, result, parameters):
        _check_form(form)
    for what, given, expected, places in (
        ("the arguments have", sum(form.size for form in arguments), code.inputs, "inputs"),
        ("the captured leaves have", len(captured), code.captured, "places for them"),
        ("the result has", result.size, len(code.outputs), "outputs"),
    ):
        if given != expected:
            raise ProgramError(f"{what} {given} numbers, but there are {expected} {places}")
    if parameters.size > len(captured):
        raise ProgramError(
            f"the parameters have {parameters.size} numbers, but only {len(captured)} leaves are "
            "captured"
        )
    if len(replaced) > code.inputs or not all(type(node) is Value for node in replaced):
        raise ProgramError("what the arguments of a program replaced in a graph is damaged")
    if len(names) != len(arguments):
        raise ProgramError(f"there are {len(names)} names for {len(arguments)} arguments")
    if not all(type(leaf) is Value and not leaf.op for leaf in captured):
        raise ProgramError("what a program has captured are leaves, and here is something else")
    if not all(type(name) is str for name in names) or type(auxiliary) is not bool:
        raise ProgramError("the names of a program's arguments, or what it returns, are damaged")
    if auxiliary and not (isinstance(result, Holder) and len(result.children) == 2):
        raise ProgramError("auxiliary is true, but the result is no pair")


def _check_form(form: Any) -> None:
    whole = False
    if type(form) is Numbers and vars(form).keys() == {"shape"}:
        shape = form.shape
        whole = type(shape) is tuple and all(type(n) is int and n >= 0 for n in shape)
    elif type(form) is Holder and vars(form).keys() == {"kind", "keys", "children"}:
        keys, children = form.keys, form.children
        whole = type(keys) is type(children) is tuple and len(keys) == len(children)
        for child in children if whole else ():
            _check_form(child)
    if not whole:
        raise ProgramError("the form of an argument or a result is damaged")


def check_version(version: Any, known: int) -> None:
    """Refuse what a newer version has written, and what is no version at all."""
    if type(version) is not int or version < 1:
        raise ProgramError(f"version {version!r:.60} is none; expected a whole number from 1 up")
    if version > known:
        raise ProgramError(
            f"the program was written by a newer version of autograd_core (form {version}; this "
            f"one reads up to {known}): update autograd_core"
        )


def reduced(code: Code) -> tuple[Any, ...]:
    """What `pickle` needs to make the code again."""
    rows, places = rows_of(code)
    instructions = code.instructions.copy()
    instructions[:, 0] = places
    # As bytes: an array's own pickle, damaged, crashes NumPy before anything can be checked.
    parts = (code.constants, instructions, code.operands, code.outputs)
    packed = [part.astype(part.dtype.newbyteorder("<"), copy=False).tobytes() for part in parts]
    return restored, (VERSION, rows, code.inputs, code.captured, *packed)


def restored(
    version: int,
    rows: Sequence[Row],
    inputs: int,
    captured: int,
    constants: bytes,
    instructions: bytes,
    operands: bytes,
    outputs: bytes,
) -> Code:
    """The code that a pickle holds; of each instruction, the kind is a place among `rows`.

    Raises ProgramError for what is a newer version's or not valid.
    """
    check_version(version, VERSION)
    code = Code(
        inputs,
        captured,
        _unpacked(constants, "constants", "f8"),
        _unpacked(instructions, "instructions", "i4", 3),
        _unpacked(operands, "operands", "i4"),
        _unpacked(outputs, "outputs", "i4"),
    )
    check_parts(code)
    kinds, places = kinds_of(rows), code.instructions[:, 0]
    if len(places) and not 0 <= places.min() <= places.max() < len(kinds):
        raise ProgramError(
            f"instructions name rows from {places.min()} to {places.max()}; there are {len(kinds)}"
        )
    code.instructions = code.instructions.copy()
    code.instructions[:, 0] = kinds[places]
    verify(code)
    return code


def _unpacked(part: bytes, what: str, kind: str, columns: int = 1) -> Any:
    """The array of a part that was packed as bytes."""
    if type(part) is not bytes:
        raise ProgramError(f"the {what} of a pickled program are bytes, got {type(part).__name__}")
    each = int(kind[1]) * columns
    if len(part) % each:
        raise ProgramError(f"{len(part)} bytes are no whole number of parts of {each} bytes")
    numbers = numpy.frombuffer(part, f"<{kind}").astype(kind)
    return numbers if columns == 1 else numbers.reshape(-1, columns)


copyreg.pickle(Code, reduced)
