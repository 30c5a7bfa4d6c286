"""A program as text: what it takes, one line an instruction, what it gives.

Every value is written as its number, %7, as errors and drawings do; leaves by their names, and
constants as the numbers that they are, with all their digits. Products that are added up stand in
pairs. Long lists and long programs are abridged in the middle, which says how much is left out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from autograd_core.given import checked_limit
from autograd_core.primitives import Primitive
from autograd_core.program.code.flat import Code
from autograd_core.program.signature.leaf_names import Names, numbered

__all__ = ["listing", "operand_texts"]

LINES = 60  # of instructions, unless told
WIDTH = 100  # characters of a list, where the program is abridged
FEWEST = 3  # of its items
_PLAIN = re.compile(r"[^\s,()%'\"][^\s,()%]*(?:%\d+)?")


def listing(code: Code, names: Names | None = None, limit: int | None = LINES) -> str:
    """The program as text; of its instructions at most `limit`, the first and the last ones.

    With `limit=None` nothing is left out, neither instructions nor parts of long lists.

    Raises ValueError for a limit that is no whole number from 2 up.

    >>> from autograd_core import record
    >>> program = record(lambda x, y: (x + 2 * y).tanh(), 0.0, 0.0)
    >>> print(listing(program.code, numbered(program.code)))
    inputs    2: input[0] = %0, input[1] = %1
    %2 = mul 2.0, input[1]
    %3 = add input[0], %2
    %4 = tanh %3
    return [0] = %4
    """
    checked_limit(limit, "limit", 2)
    return "\n".join(_lines(code, names or numbered(code), limit))


def _lines(code: Code, names: Names, limit: int | None) -> Iterator[str]:
    width = None if limit is None else WIDTH
    for title, start, count in (
        ("inputs", 0, code.inputs),
        ("captured", code.inputs, code.captured),
    ):
        if count:

            def leaf(place: int, start: int = start) -> str:
                return f"{_quoted(names.leaves[start + place])} = %{start + place}"

            yield f"{title:<9} {count:,}: {_abridged(count, leaf, width, '')}"
    count = len(code)
    digits = len(f"%{code.values - 1}")
    first = last = count
    if limit is not None and count > limit + 1:
        at_end = max(1, limit // 3)
        first, last = limit - at_end, count - at_end
    for place in range(first):
        yield _instruction(code, place, names, digits, width)
    if last > first:
        yield f"{'':{digits}} … {last - first:,} more instructions …"
    for place in range(last, count):
        yield _instruction(code, place, names, digits, width)
    yield _returned(code, names, width)


def _instruction(code: Code, place: int, names: Names, digits: int, width: int | None) -> str:
    number = f"%{code.leaves + place}"
    row = code.row(place)
    operands = operand_texts(code, row, code.operands_of(place), names, width)
    return f"{number:>{digits}} = {row.name} {operands}".rstrip()


def operand_texts(
    code: Code, row: Primitive, operands: Sequence[int], names: Names, width: int | None = WIDTH
) -> str:
    """The operands of an instruction, by name or number, in pairs where they are multiplied."""

    def one(index: int) -> str:
        return _operand(code, operands[index], names)

    if row.name not in ("dot", "strong_dot"):
        return _abridged(len(operands), one, width, "operands")
    start = len(operands) % 2

    def pair(place: int) -> str:
        index = start + 2 * place
        return f"({one(index)}, {one(index + 1)})"

    pairs = _abridged(len(operands) // 2, pair, width, "pairs")
    return f"{one(0)}, {pairs}" if start and pairs else one(0) if start else pairs


def _operand(code: Code, value: int, names: Names) -> str:
    if value < 0:
        return repr(float(code.constants[-1 - value]))
    return _quoted(names.leaves[value]) if value < code.leaves else f"%{value}"


def _quoted(name: str) -> str:
    """A name as it is, or in quotes where it would not be taken for one word, or for a number."""
    plain = _PLAIN.fullmatch(name) and name.isprintable() and not _is_number(name)
    return name if plain else repr(name)


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _returned(code: Code, names: Names, width: int | None) -> str:
    outputs = code.outputs.tolist()
    if len(outputs) == 1 and not names.outputs[0]:
        return f"return {_operand(code, outputs[0], names)}"

    def output(place: int) -> str:
        return f"{names.outputs[place]} = {_operand(code, outputs[place], names)}"

    return f"return {_abridged(len(outputs), output, width, '') or 'nothing'}"


def _abridged(count: int, text: Callable[[int], str], width: int | None, what: str) -> str:
    """A list's items, or as many of the first as fit, how many more there are, and the last."""
    shown: list[str] = []
    room = 0 if width is None else width
    for place in range(count):
        shown.append(text(place))
        room -= len(shown[-1]) + 2
        if width is not None and room < 0 and place + 1 >= FEWEST and count > FEWEST:
            break
    if len(shown) == count:
        return ", ".join(shown)
    more = f"… {count - len(shown):,} more {what}".rstrip()
    return ", ".join([*shown[:-1], f"{more} …", text(count - 1)])
