"""Programs as C99: one self-contained file that allocates nothing and that a person can read.

The arithmetic is the program's, instruction by instruction, and what a primitive computes is the C
that `c_source` translates from the eager engine's own source; so a compiler that neither
contracts nor reorders gives the bits of a replay. This module puts the file together; its lines are
`scalar_lines`', in the words of `c_words`, and where values live is `scalar_places`'.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence

from autograd_core.errors import BackendError
from autograd_core.primitives import ROWS, forward
from autograd_core.primitives.translation.c_source import HEADER, KEYWORDS, c_functions
from autograd_core.program.code.flat import Code
from autograd_core.program.exports.c.c_words import CWords
from autograd_core.program.exports.scalars.scalar_lines import WIDTH, Writer, at
from autograd_core.program.exports.scalars.scalar_places import places

__all__ = ["check_name", "to_c"]

ON_THE_STACK = 8192
"""Numbers of a working array that a function keeps on its own stack: 64 KiB."""

# Names that a function beside <math.h> may not have, or that the C library keeps to itself.
MATH = (
    "acos asin atan atan2 cos sin tan acosh asinh atanh cosh sinh tanh exp exp2 expm1 frexp ilogb "
    "ldexp log log10 log1p log2 logb modf scalbn scalbln cbrt fabs hypot pow sqrt erf erfc lgamma "
    "tgamma ceil floor nearbyint rint lrint llrint round lround llround trunc fmod remainder "
    "remquo copysign nan nextafter nexttoward fdim fmax fmin fma"
)
LIBRARY = (
    "fpclassify isfinite isinf isnan isnormal signbit isgreater isgreaterequal isless islessequal "
    "islessgreater isunordered float_t double_t abs labs llabs div ldiv lldiv exit abort atexit "
    "malloc calloc realloc free rand srand qsort bsearch system getenv atof atoi atol strtod "
    "strtol printf fprintf sprintf snprintf scanf sscanf puts putchar getchar gets memcpy memmove "
    "memset memcmp strlen strcpy strcat strcmp isalpha isdigit isspace toupper tolower signal "
    "raise time clock difftime longjmp setjmp main"
)
# What compilers have beside C99 unless told otherwise: later standards, POSIX, GNU.
LATER_MATH = (
    "acospi asinpi atanpi atan2pi cospi sinpi tanpi canonicalize compoundn drem exp10 exp10m1 "
    "exp2m1 finite fmaximum fmaximum_mag fmaximum_mag_num fmaximum_num fmaxmag fminimum "
    "fminimum_mag fminimum_mag_num fminimum_num fminmag fromfp fromfpx gamma getpayload isinf "
    "isnan j0 j1 jn llogb log10p1 log2p1 logp1 nextdown nextup pow10 pown powr rootn roundeven "
    "rsqrt scalb setpayload setpayloadsig significand sincos totalorder totalordermag ufromfp "
    "ufromfpx y0 y1 yn fadd fdiv ffma fmul fsqrt fsub dadd ddiv dfma dmul dsqrt dsub"
)
LATER = (
    "lgamma_r lgammaf_r lgammal_r iscanonical iseqsig issignaling issubnormal iszero signgam "
    "math_errhandling alignas alignof asm bool constexpr false nullptr static_assert thread_local "
    "true typeof typeof_unqual linux unix"
)
MACROS = re.compile(r"INFINITY|S?NAN[FL]?|HUGE_VAL[FL]?|(FP|M|MATH|DEC)_\w+")
OWN = "inputs parameters outputs work count"
TAKEN = KEYWORDS.union(
    (name + kind for name in f"{MATH} {LATER_MATH}".split() for kind in ("", "f", "l")),
    LIBRARY.split(),
    LATER.split(),
    OWN.split(),
)


def to_c(
    code: Code,
    name: str,
    inputs: Sequence[str] = (),
    parameters: Sequence[str] = (),
    outputs: Sequence[str] = (),
) -> str:
    """A program as a C99 file: the function `name`, and `name_batch` for many samples.

    `name` takes the inputs, the parameters (what was captured), room for the outputs and, only if
    the program needs more than 64 KiB to work in, room for that; sizes stand in the file as
    `name_INPUTS` and so on. The words for inputs, parameters and outputs go into its first comment.

    Raises ValueError where `name` can be no function's, and BackendError for a primitive of the
    user's own, whose value is Python.

    >>> from autograd_core.program import record
    >>> text = to_c(record(lambda x, y: x * y + x, 1.0, 2.0).code, "f")
    >>> print(next(line.strip() for line in text.splitlines() if "outputs[0]" in line))
    outputs[0] = (inputs[0] * inputs[1]) + inputs[0];
    """
    check_name(name)
    for kind in code.kinds:
        row = ROWS[kind]
        if row is None or row.forward is not getattr(forward, row.name, None):
            raise BackendError(
                f"{row.name if row else 'a leaf'!r} is a primitive of your own: its value is "
                "Python and has no C; export a program of autograd_core's primitives alone"
            )
    return _File(code, name).text((inputs, parameters, outputs))


def check_name(name: str) -> None:
    """Raise ValueError unless a function in a C file may have this name."""
    if not isinstance(name, str) or not re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", name):
        raise ValueError(
            f"name is {name!r}; a C function's name is a str of letters, digits and _ that begins "
            "with a letter, like 'loss_gradient'"
        )
    if name in TAKEN or MACROS.fullmatch(name):
        whose = "this file" if name in OWN.split() else "C"
        raise ValueError(f"name is {name!r}, which {whose} has for itself; try 'my_{name}'")


class _File:
    """One file: what stands in it, from top to bottom."""

    def __init__(self, code: Code, name: str) -> None:
        self.code, self.name = code, name
        self.places = places(code)
        self.words = CWords(name)
        self.writer = Writer(self.places, self.words)
        self.given = bool(self.places.work > ON_THE_STACK)
        """Whether the working array is the caller's."""

    def text(self, words: tuple[Sequence[str], ...]) -> str:
        parts = [self.writer.part(index) for index in range(len(self.places.parts))] or [[]]
        parts[-1] += self.repeated_outputs()
        functions = [*self.parts(parts), self.function(parts), self.batch()]
        return "\n\n".join([self.comment(words), HEADER.strip(), *self.needed(), *functions]) + "\n"

    def comment(self, words: tuple[Sequence[str], ...]) -> str:
        """What stands at the top: the signature, what goes in and comes out, and how to compile."""
        sizes = (self.code.inputs, self.code.captured, len(self.code.outputs))
        lines = [
            f"{self.name}: a program of autograd_core.",
            "",
            f"void {self.name}(const double *inputs, const double *parameters, double *outputs"
            f"{', double *work' if self.given else ''});",
            "",
            *(
                f"{what}: {size:,}{said(named)}"
                for what, size, named in zip(
                    ("inputs", "parameters", "outputs"), sizes, words, strict=True
                )
            ),
            *([f"work: {self.places.work:,}, of no meaning outside"] if self.given else []),
            f"instructions: {self.places.counted()}",
            "",
            "Nothing is allocated, and nothing is kept between calls. The arrays must not overlap.",
            "Compile it with: cc -std=c99 -O2 -ffp-contract=off, and link with -lm. Contraction "
            "and -ffast-math change the last bits; without them the outputs are those of the "
            "program's replay, to the bit.",
        ]
        wrapped = [
            part
            for line in lines
            for part in (
                textwrap.wrap(line, WIDTH - 3, subsequent_indent="  ", break_on_hyphens=False)
                or [""]
            )
        ]
        return "/*\n" + "".join(f" * {line}".rstrip() + "\n" for line in wrapped) + " */"

    def needed(self) -> list[str]:
        """The sizes, and the functions that the parts call."""
        sizes = {
            "INPUTS": self.code.inputs,
            "PARAMETERS": self.code.captured,
            "OUTPUTS": len(self.code.outputs),
            "WORK": self.places.work,
        }
        lines = ",\n".join(f"    {self.name}_{what} = {size}" for what, size in sizes.items())
        found = [f"enum {{\n{lines}\n}};"]
        if self.words.keeps:
            found.append(
                "/* The same number. The compiler does not see which: it would compute functions of"
                "\n * constants itself, to other last bits than the C library's. */\n"
                f"static double {self.name}_kept(double x)\n"
                "{\n    volatile double kept = x;\n    return kept;\n}"
            )
        if self.words.needed:
            found.append(c_functions(self.words.needed, prefix=f"{self.name}_").rstrip())
        return found

    def head(self, name: str, first: str = "", work: bool = False) -> str:
        """A function's head and how it begins."""
        return (
            f"void {name}(\n    {first}const double *restrict inputs, "
            "const double *restrict parameters,\n    double *restrict outputs"
            f"{', double *restrict work' if work else ''})\n{{\n"
        )

    def parts(self, parts: list[list[str]]) -> list[str]:
        """The functions that a long program is cut into."""
        if len(parts) == 1:
            return []
        work = self.places.work > 0
        found = []
        for index, lines in enumerate(parts):
            statements = self.places.parts[index]
            found.append(
                f"/* From v{statements[0].number} to v{statements[-1].number}. */\nstatic "
                + self.head(f"{self.name}_part_{index}", work=work)
                + self.body(lines, work)
            )
        return found

    def function(self, parts: list[list[str]]) -> str:
        """The function itself."""
        lines = parts[0]
        if len(parts) > 1:
            more = ", work" if self.places.work else ""
            lines = [
                f"{self.name}_part_{index}(inputs, parameters, outputs{more});"
                for index in range(len(parts))
            ]
        if self.places.work and not self.given:
            lines = [f"double work[{self.name}_WORK];", *lines]
        return self.head(self.name, work=self.given) + self.body(lines, self.given)

    def body(self, lines: list[str], work: bool) -> str:
        """The lines of a function; of its parameters, those unused are said to be."""
        text = "\n".join(lines)
        names = ["inputs", "parameters", "outputs", *(["work"] if work else [])]
        unused = [f"(void){name};" for name in names if not re.search(rf"\b{name}\b", text)]
        return textwrap.indent("\n".join([*unused, text]), "    ") + "\n}"

    def batch(self) -> str:
        """The function over many samples, one after another in memory."""
        name = self.name
        return (
            "/* `count` samples: rows of inputs in, rows of outputs out. */\n"
            + self.head(f"{name}_batch", "long count, ", self.given)
            + "    for (; count > 0; count--) {\n"
            f"        {name}(inputs, parameters, outputs{', work' if self.given else ''});\n"
            f"        inputs += {name}_INPUTS;\n        outputs += {name}_OUTPUTS;\n    }}\n}}"
        )

    def repeated_outputs(self) -> list[str]:
        """Outputs that are inputs, parameters, constants, or another output once more."""
        places = [(i, self.writer.place(n)) for i, n in enumerate(self.code.outputs.tolist())]
        return [
            f"outputs[{index}] = {at(place)};"
            for index, place in places
            if place != ("outputs", index)
        ]


def said(words: Sequence[str]) -> str:
    """Words in a comment; of many, the first and the last."""
    plain = [re.sub(r"[^ -~]|\*/|/\*|\\|\?\?", "_", str(word)) for word in words]
    shown = plain if len(plain) <= 40 else [*plain[:20], "...", *plain[-3:]]
    return f" ({', '.join(shown)})" if shown else ""
