"""JavaScript of the forward functions: the bits of the eager engine.

JavaScript's numbers are IEEE 754's doubles, never contracted nor reordered, and of `Math` only what
is exact is used, so what `forward` computes is computed here to the bit. What `Math` lacks or has
otherwise than C's library stands in `LACKING`, and in `FLOATING` what is done to a double's bits.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Sequence
from typing import ClassVar

from autograd_core.primitives.translation.language import EQUAL, Language, Term
from autograd_core.primitives.translation.written_functions import expression, translated

__all__ = ["KEYWORDS", "PREFIX", "javascript_expression", "javascript_functions", "js_number"]

PREFIX = "ag_"
"""What the names of a file's own functions begin with; those of the C library with `libm_`."""

KEYWORDS = frozenset(
    re.findall(
        r"\w+",
        "arguments async await break case catch class const continue debugger default delete do "
        "else enum eval export extends false finally for function if implements import in "
        "instanceof interface let new null package private protected public return static super "
        "switch this throw true try typeof var void while with yield undefined NaN Infinity "
        "Math Number Object Array String Float64Array Uint32Array RangeError TypeError",
    )
)
"""What a variable may not be called: reserved words, and what the files call."""

OF_MATH = {"fabs": "abs", "sqrt": "sqrt", "floor": "floor", "ceil": "ceil", "trunc": "trunc"}
"""The functions of libm that are `Math`'s, special values included."""

# Behind each source stands what it calls, as (module, name).
LACKING: dict[str, tuple[str, tuple[tuple[str, str], ...]]] = {
    "isnan": ("function libm_isnan(x) {\n    return x !== x;\n}\n", ()),
    "isinf": (
        "function libm_isinf(x) {\n    return x === Infinity || x === -Infinity;\n}\n",
        (),
    ),
    "copysign": (
        """\
function libm_copysign(x, y) {
    const negative = y < 0 || (y === 0 && 1 / y < 0);
    return negative ? -Math.abs(x) : Math.abs(x);
}
""",
        (),
    ),
    "rint": (
        """\
function libm_rint(x) {
    if (!(Math.abs(x) < 4503599627370496)) {
        return x;
    }
    const whole = Math.abs(x) + 4503599627370496 - 4503599627370496;
    return libm_copysign(whole, x);
}
""",
        (("libm", "copysign"),),
    ),
    "fmod": ("function libm_fmod(x, y) {\n    return x % y;\n}\n", ()),
    "bits": (
        """\
const libm_double = new Float64Array([-0.0]);
const libm_words = new Uint32Array(libm_double.buffer);
const libm_high = libm_words[1] === 0 ? 0 : 1;
""",
        (),
    ),
    "ilogb": (
        """\
function libm_ilogb(x) {
    const tiny = Math.abs(x) < 2.2250738585072014e-308;
    libm_double[0] = tiny ? x * 18014398509481984 : x;
    return ((libm_words[libm_high] >>> 20) & 2047) - (tiny ? 1077 : 1023);
}
""",
        (("libm", "bits"),),
    ),
    "ldexp": (
        """\
/** x · 2ⁿ, rounded once. */
function libm_ldexp(x, n) {
    for (let k = 0; k < 2 && n > 1023; k++) {
        x *= 8.98846567431158e307;
        n -= 1023;
    }
    for (let k = 0; k < 2 && n < -1022; k++) {
        x *= 2.004168360008973e-292;
        n += 969;
    }
    libm_double[0] = 0;
    libm_words[libm_high] = (Math.max(-1022, Math.min(1023, n)) + 1023) << 20;
    return x * libm_double[0];
}
""",
        (("libm", "bits"),),
    ),
}

# Of a double's bits the sign and the exponent stand in the high word.
FLOATING = {
    "power_of_two": """\
    libm_double[0] = 0;
    libm_words[libm_high] = (x + 1023) << 20;
    return libm_double[0];
""",
    "exponent": """\
    libm_double[0] = x;
    return (libm_words[libm_high] >>> 20) - 1023;
""",
    "significand": """\
    libm_double[0] = x;
    libm_words[libm_high] = (libm_words[libm_high] & 0x000FFFFF) | 0x3FF00000;
    return libm_double[0];
""",
}


def js_number(number: float) -> str:
    """A double as JavaScript writes it, to the last bit.

    >>> js_number(0.1), js_number(float("-inf")), js_number(3)
    ('0.1', '-Infinity', '3.0')
    """
    return "NaN" if number != number else repr(float(number)).replace("inf", "Infinity")


class _JavaScript(Language):
    name = "JavaScript"
    teaches = "primitives/translation"
    keywords = KEYWORDS
    comparisons: ClassVar = {
        **Language.comparisons,
        ast.Eq: ("===", EQUAL),
        ast.NotEq: ("!==", EQUAL),
    }

    def number(self, number: float) -> str:
        return js_number(number)

    def double_of(self, term: Term) -> Term:
        return Term(term.text, "double", term.binding)

    def whole_of(self, term: Term) -> Term:
        return Term(f"Math.trunc({term.text})", "int")

    def declared(self, kind: str) -> str:
        return "let"

    def constant(self, name: str, value: float) -> str:
        return f"const {name} = {js_number(value)};\n"

    def table(self, name: str, rows: Sequence[Sequence[float]]) -> str:
        lines = "".join(f"    [{', '.join(map(js_number, row))}],\n" for row in rows)
        return f"const {name} = [\n{lines}];\n"

    def function(
        self, name: str, gives: str, takes: Sequence[str], about: str, lines: Sequence[str]
    ) -> str:
        comment = [f"/** {about.replace('*/', '* /')} */"] if about else []
        return "\n".join([*comment, f"function {name}({', '.join(takes)}) {{", *lines, "}\n"])

    def of_the_library(self, name: str) -> str:
        return f"Math.{OF_MATH[name]}" if name in OF_MATH else f"libm_{name}"

    def lacking(self, name: str) -> tuple[str, Sequence[tuple[str, str]]] | None:
        if name in OF_MATH:
            return None
        if name not in LACKING:
            raise NotImplementedError(
                f"libm.{name} is no function of JavaScript's Math: add it to OF_MATH or, written "
                "out, to LACKING in primitives/translation/javascript_source.py"
            )
        return LACKING[name]

    def floating(self, name: str, spelled: str) -> tuple[str, Sequence[str]]:
        return f"function {spelled}(x) {{\n{FLOATING[name]}}}\n", ("bits",)


JAVASCRIPT = _JavaScript()


def javascript_functions(names: Iterable[str]) -> str:
    """JavaScript of `ag_<name>` for forward functions, and what they need.

    >>> print(javascript_functions(["sign"]))
    function ag_sign(x) {
        return (x > 0) ? 1.0 : (x < 0) ? -1.0 : x;
    }
    <BLANKLINE>
    """
    return translated(JAVASCRIPT, names, PREFIX)


def javascript_expression(name: str, operands: Sequence[str]) -> str | None:
    """A forward function of names or numbers as one expression; None where it is more than that.

    >>> javascript_expression("div", ["a", "-2.0"]), javascript_expression("sqrt", ["a"])
    ('a / -2.0', 'Math.sqrt(a)')
    """
    return expression(JAVASCRIPT, name, operands)
