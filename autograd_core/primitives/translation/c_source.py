"""C99 of the forward functions: the bits of the eager engine.

For the native interpreter, while the package is built, and for exported programs. Numbers are C's
doubles and ints: what `int()` and `ilogb` give is an int, as in the .pxd files, and `libm.pxd` says
which functions the C library has.
"""

from __future__ import annotations

import functools
import re
import textwrap
from collections.abc import Iterable, Sequence
from pathlib import Path

from autograd_core.primitives.translation.language import SIGN, Language, Term
from autograd_core.primitives.translation.written_functions import SOURCES, expression, translated

__all__ = ["HEADER", "KEYWORDS", "c_expression", "c_functions", "c_number"]

HEADER = "#include <math.h>\n#include <stdint.h>\n"
"""What must stand above the functions."""

KEYWORDS = frozenset(
    re.findall(
        r"\w+",
        "auto break case char const continue default do double else enum extern float for goto if "
        "inline int long register restrict return short signed sizeof static struct switch typedef "
        "union unsigned void volatile while _Bool _Complex _Imaginary",
    )
)
"""C99's reserved words."""


def c_number(number: float) -> str:
    """A double as C writes it, to the last bit: Python's shortest digits are exact.

    >>> c_number(0.1), c_number(float("-inf")), c_number(3)
    ('0.1', '-INFINITY', '3.0')
    """
    return "NAN" if number != number else repr(float(number)).replace("inf", "INFINITY")


class _C(Language):
    name = "C"
    teaches = "primitives/translation"
    keywords = KEYWORDS

    def number(self, number: float) -> str:
        return c_number(number)

    def double_of(self, term: Term) -> Term:
        if term.type == "whole":
            return Term(f"{term.text}.0", "double", term.binding)
        return Term(f"(double){term.bound(SIGN)}", "double", SIGN)

    def whole_of(self, term: Term) -> Term:
        return Term(f"(int){term.bound(SIGN)}", "int", SIGN)

    def declared(self, kind: str) -> str:
        return kind

    def constant(self, name: str, value: float) -> str:
        return f"static const double {name} = {c_number(value)};\n"

    def table(self, name: str, rows: Sequence[Sequence[float]]) -> str:
        lines = [f"    {{{', '.join(map(c_number, row))}}},\n" for row in rows]
        size = f"[{len(rows)}][{len(rows[0])}]"
        return f"static const double {name}{size} = {{\n{''.join(lines)}}};\n"

    def function(
        self, name: str, gives: str, takes: Sequence[str], about: str, lines: Sequence[str]
    ) -> str:
        about = about.replace("*/", "* /").replace("/*", "/ *")
        comment = [f"/* {about} */"] if about else []
        operands = ", ".join(f"double {operand}" for operand in takes) or "void"
        return "\n".join([*comment, f"static {gives} {name}({operands})", "{", *lines, "}\n"])

    def of_the_library(self, name: str) -> str:
        return name

    def floating(self, name: str, spelled: str) -> tuple[str, Sequence[str]]:
        definition = _floating()[name].replace(f"floating_{name}", spelled)
        return definition.replace("static inline", "static"), ()


@functools.cache
def _floating() -> dict[str, str]:
    """The C of the functions of `floating`, which stands in its .pxd."""
    text = textwrap.dedent((SOURCES / "floating.pxd").read_text(encoding="utf-8").split('"""')[1])
    found = re.findall(r"^static inline double floating_(\w+)\(.*?^}\n", text, re.M | re.S)
    definitions = re.findall(r"^static inline double floating_\w+\(.*?^}\n", text, re.M | re.S)
    return dict(zip(found, definitions, strict=True))


C = _C()


def c_functions(names: Iterable[str], prefix: str = "ag_", folder: Path = SOURCES) -> str:
    """C99 of `static double <prefix><name>(double, ...)` for forward functions, and what they need.

    `forward.py` and what it imports are read from the folder. Raises ValueError for a name that
    `forward.py` does not define or that takes any number of operands, and NotImplementedError for
    Python that is not translated.

    >>> print(c_functions(["sign"]))
    static double ag_sign(double x)
    {
        return (x > 0.0) ? 1.0 : (x < 0.0) ? -1.0 : x;
    }
    <BLANKLINE>
    """
    if not re.fullmatch(r"[A-Za-z_][A-Za-z_0-9]*", prefix):
        raise ValueError(f"prefix is {prefix!r}; it must begin a C identifier, like 'ag_'")
    return translated(C, names, prefix, folder)


def c_expression(name: str, operands: Sequence[str], folder: Path = SOURCES) -> str | None:
    """A forward function of C names or numbers as one expression; None where it is more than that.

    The expression needs the C library and nothing else. Raises what `c_functions` does, and
    ValueError for a wrong number of operands.

    >>> c_expression("div", ["a", "-2.0"]), c_expression("sqrt", ["a"]), c_expression("exp", ["a"])
    ('a / -2.0', 'sqrt(a)', None)
    """
    return expression(C, name, operands, folder)
