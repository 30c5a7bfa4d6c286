"""What holds of every valid program, checked before one is run that was not just written here.

A back end trusts the numbers in a program: it reads and writes memory where they say. `verify`
refuses any program that would have it read a value before it is computed, or one that is not there.
It takes no more work than running the program on one sample does, and changes nothing.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import numpy
from numpy.typing import NDArray

from autograd_core.errors import ProgramError
from autograd_core.primitives import ROWS, kind_of
from autograd_core.program.code.flat import Code, Integers, arities

__all__ = ["check_parts", "verify"]

MOST = 2**31 - 1  # values, operands in lists and constants: their numbers are of 32 bits
CHUNK = 2**18  # instructions looked at together, so that what is computed of them stays in cache

DOT, STRONG_DOT = kind_of("dot"), kind_of("strong_dot")
ANY, ODD, EVEN = -1, -2, -3

PARTS = (
    ("constants", numpy.dtype(numpy.float64), 1),
    ("instructions", numpy.dtype(numpy.int32), 2),
    ("operands", numpy.dtype(numpy.int32), 1),
    ("outputs", numpy.dtype(numpy.int32), 1),
)

Mask = NDArray[numpy.bool_]
Wide = NDArray[numpy.int64]


def verify(code: Code) -> None:
    """Refuse a program that is not valid.

    Raises ProgramError, which names the instruction and says what is wrong with it.

    >>> import numpy
    >>> one = numpy.array([[kind_of("add"), 0, 1]], dtype=numpy.int32)  # %1 = add of %0 and %1
    >>> none = numpy.array([], dtype=numpy.int32)
    >>> verify(Code(1, 0, numpy.array([]), one, none, none))
    Traceback (most recent call last):
    autograd_core.errors.ProgramError: instruction 0 (%1 = add): operand 1 is %1, which is not \
computed before it; expected a value below %1
    """
    if not isinstance(code, Code):
        raise TypeError(f"verify() takes a Code, not {type(code).__name__}: {code!r:.60}")
    check_parts(code)
    _check_range(code, code.operands, "operands", "a list of operands")
    _check_range(code, code.outputs, "outputs", "the outputs")
    arity, expected = arities(), _listed_counts(len(ROWS))
    for start in range(0, len(code), CHUNK):
        _check_instructions(code, start, code.instructions[start : start + CHUNK], arity, expected)


def check_parts(code: Code) -> None:
    """The arrays are what their types say, and no number that may occur is beyond 32 bits."""
    for name in ("inputs", "captured"):
        count: Any = getattr(code, name)
        if type(count) is not int or not 0 <= count <= MOST:
            raise ProgramError(
                f"{name} is {count!r:.60} of type {type(count).__name__}; "
                f"expected an int from 0 to {MOST}"
            )
    for name, dtype, dimensions in PARTS:
        part: Any = getattr(code, name)
        if type(part) is not numpy.ndarray:
            raise ProgramError(f"{name} is {type(part).__name__}; expected a NumPy array")
        fits = part.ndim == dimensions and (dimensions == 1 or part.shape[1] == 3)
        if part.dtype != dtype or not fits:
            shape = "(n,)" if dimensions == 1 else "(n, 3)"
            raise ProgramError(
                f"{name} is of type {part.dtype} and shape {part.shape}; "
                f"expected {dtype} and {shape}"
            )
        if not (part.flags.c_contiguous and part.flags.aligned):
            raise ProgramError(
                f"{name} is not contiguous and aligned; pass numpy.require({name}, None, 'CA')"
            )
        if len(part) > MOST:
            raise ProgramError(f"{name} has {len(part)} elements; expected at most {MOST}")
    if code.values > MOST:
        raise ProgramError(
            f"{code.inputs} inputs, {code.captured} captured and {len(code)} instructions are "
            f"{code.values} values; expected at most {MOST}"
        )


def _check_range(code: Code, values: Integers, name: str, what: str) -> None:
    """All numbers in a list are of a value or of a constant."""
    if len(values) == 0:
        return
    for index in (int(values.argmin()), int(values.argmax())):
        value = int(values[index])
        if not -len(code.constants) <= value < code.values:
            raise ProgramError(f"{name}[{index}] in {what} is {_no_value(code, value)}")


def _no_value(code: Code, value: int) -> str:
    if value < 0:
        return f"{value}, constant {-1 - value}; there are {len(code.constants)} constants"
    return f"%{value}; there are {code.values} values"


@functools.lru_cache(maxsize=1)
def _listed_counts(rows: int) -> Integers:
    """Of so many rows of the table by kind: how many operands each lists, or ANY, ODD or EVEN."""
    counts = [ANY if row is None or row.arity is None else row.arity for row in ROWS[:rows]]
    counts[DOT], counts[STRONG_DOT] = ODD, EVEN
    return numpy.array(counts, dtype=numpy.int32)


def _check_instructions(
    code: Code, start: int, rows: Integers, arity: Integers, expected: Integers
) -> None:
    """Some consecutive instructions, of which `start` is the first one's place."""
    kinds = rows[:, 0]
    _refuse(
        (kinds < 1) | (kinds >= len(ROWS)),
        lambda place: (
            f"instruction {start + place}: kind {kinds[place]} is no row of the table; "
            f"expected one from 1 to {len(ROWS) - 1}"
        ),
    )
    arity = arity[kinds]
    own = numpy.arange(code.leaves + start, code.leaves + start + len(rows), dtype=numpy.int64)
    for index, holds in ((0, arity >= 1), (1, arity == 2)):
        _check_operands(code, start, own, rows[:, 1 + index], index, holds)
    idle = (arity == 1) & (rows[:, 2] != 0)
    _refuse(
        idle,
        lambda place: (
            f"{_named(code, start + place)}: the second operand's place holds "
            f"{rows[place, 2]}; expected 0, for there is one operand"
        ),
    )
    (listed,) = numpy.nonzero(arity == 0)
    if len(listed):
        _check_lists(code, start + listed, expected[kinds[listed]])


def _check_operands(
    code: Code, start: int, own: Wide, operands: Integers, index: int, holds: Mask
) -> None:
    wrong = (operands >= own) | (operands < -len(code.constants))
    _refuse(
        wrong & holds,
        lambda place: _misplaced(code, start + place, index, int(operands[place])),
    )


def _check_lists(code: Code, places: Wide, expected: Integers) -> None:
    """Instructions whose operands are listed, by their places."""
    first = code.instructions[places, 1].astype(numpy.int64)
    count = code.instructions[places, 2].astype(numpy.int64)
    _refuse(
        (first < 0) | (count < 0) | (first + count > len(code.operands)),
        lambda k: (
            f"{_named(code, places[k])}: its {count[k]} operands from {first[k]} on are not "
            f"all in the list of operands, which has {len(code.operands)}"
        ),
    )
    fits = numpy.where(expected >= 0, count == expected, True)
    fits &= numpy.where(expected == ODD, count % 2 == 1, True)
    fits &= numpy.where(expected == EVEN, count % 2 == 0, True)
    _refuse(
        ~fits,
        lambda k: (
            f"{_named(code, places[k])} has {count[k]} operands; "
            f"expected {_expected_count(int(expected[k]))}"
        ),
    )
    some = count > 0
    largest = _largest(code.operands, first[some], count[some])
    own = code.leaves + places[some]

    def misplaced(k: int) -> str:
        begin, end = int(first[some][k]), int((first + count)[some][k])
        index = int(numpy.argmax(code.operands[begin:end] >= own[k]))
        return _misplaced(code, int(places[some][k]), index, int(code.operands[begin + index]))

    _refuse(largest >= own, misplaced)


def _largest(operands: Integers, first: Wide, count: Wide) -> Integers:
    """The largest operand in each of several lists, none of which is empty."""
    if len(first) == 0:
        return operands[:0]
    order = slice(None) if bool((first[1:] >= first[:-1]).all()) else numpy.argsort(first)
    begin, end = first[order], (first + count)[order]
    low, high = int(begin[0]), int(end.max())
    # `reduceat` takes the maximum from each bound to the next: every other one is from the end of a
    # list to where the next begins. In order, these gaps are not gone through more than once.
    bounds = numpy.stack([begin, end], axis=1).reshape(-1) - low
    padded = numpy.append(operands[low:high], numpy.int32(0))
    found = numpy.empty(len(first), dtype=numpy.int32)
    found[order] = numpy.maximum.reduceat(padded, bounds)[::2]
    return found


def _refuse(wrong: Mask, why: Callable[[int], str]) -> None:
    """Raise what `why` says of the first place that is wrong."""
    if wrong.any():
        raise ProgramError(why(int(wrong.argmax())))


def _named(code: Code, place: int) -> str:
    return f"instruction {place} (%{code.leaves + place} = {code.row(place).name})"


def _misplaced(code: Code, place: int, index: int, value: int) -> str:
    where = f"{_named(code, place)}: operand {index} is"
    if value < 0:
        return f"{where} {_no_value(code, value)}"
    own = code.leaves + place
    return f"{where} %{value}, which is not computed before it; expected a value below %{own}"


def _expected_count(expected: int) -> str:
    words = {ODD: "a start and pairs, an odd number", EVEN: "pairs, an even number"}
    return words.get(expected, str(expected))
