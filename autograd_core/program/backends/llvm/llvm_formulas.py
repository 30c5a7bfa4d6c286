"""The rows as lines of LLVM's language, over lanes of samples, with the bits of `forward`.

What IEEE 754 says to the last bit is written as vector operations; every other row is a call, lane
by lane, to the C function that all tiers share. No line has a fast-math flag, so LLVM may neither
contract nor reorder. This room owns neither programs nor LLVM itself: it makes text.
"""

from __future__ import annotations

import struct
from functools import cache

from autograd_core.primitives import PRIMITIVES

__all__ = ["called_function", "formula", "is_called", "literal", "mask_type", "vector_type"]

# {0} is the result, {1} and so on are the operands; $T is the type of lanes, $M that of their
# comparisons, $number a constant in every lane.
FORMULAS = {
    "add": ["{0} = fadd $T {1}, {2}"],
    "sub": ["{0} = fsub $T {1}, {2}"],
    "mul": ["{0} = fmul $T {1}, {2}"],
    "div": ["{0} = fdiv $T {1}, {2}"],
    "neg": ["{0} = fneg $T {1}"],
    "abs": ["{0} = call $T @llvm.fabs.$S($T {1})"],
    "square": ["{0} = fmul $T {1}, {1}"],
    "reciprocal": ["{0} = fdiv $T $1.0, {1}"],
    "sqrt": ["{0} = call $T @llvm.sqrt.$S($T {1})"],
    "floor": ["{0} = call $T @llvm.floor.$S($T {1})"],
    "ceil": ["{0} = call $T @llvm.ceil.$S($T {1})"],
    "trunc": ["{0} = call $T @llvm.trunc.$S($T {1})"],
    "rint": ["{0} = call $T @llvm.rint.$S($T {1})"],
    "relu": [
        "{0}.m = fcmp ugt $T {1}, zeroinitializer",
        "{0} = select $M {0}.m, $T {1}, $T zeroinitializer",
    ],
    "leaky_relu": [
        "{0}.m = fcmp ogt $T {1}, zeroinitializer",
        "{0}.p = fmul $T {2}, {1}",
        "{0} = select $M {0}.m, $T {1}, $T {0}.p",
    ],
    "sign": [
        "{0}.l = fcmp olt $T {1}, zeroinitializer",
        "{0}.g = fcmp ogt $T {1}, zeroinitializer",
        "{0}.n = select $M {0}.l, $T $-1.0, $T {1}",
        "{0} = select $M {0}.g, $T $1.0, $T {0}.n",
    ],
    # maximum(x, y) is x if x >= y or x is NaN, else y.
    "maximum": [
        "{0}.g = fcmp oge $T {1}, {2}",
        "{0}.u = fcmp uno $T {1}, {1}",
        "{0}.m = or $M {0}.g, {0}.u",
        "{0} = select $M {0}.m, $T {1}, $T {2}",
    ],
    "minimum": [
        "{0}.l = fcmp ole $T {1}, {2}",
        "{0}.u = fcmp uno $T {1}, {1}",
        "{0}.m = or $M {0}.l, {0}.u",
        "{0} = select $M {0}.m, $T {1}, $T {2}",
    ],
    "above": [
        "{0}.g = fcmp ogt $T {1}, {2}",
        "{0}.l = fcmp ole $T {1}, {2}",
        "{0}.n = select $M {0}.l, $T zeroinitializer, $T $nan",
        "{0} = select $M {0}.g, $T $1.0, $T {0}.n",
    ],
    "exceeds": [
        "{0}.g = fcmp ogt $T {1}, {2}",
        "{0}.l = fcmp olt $T {1}, {2}",
        "{0}.e = fcmp oeq $T {1}, {2}",
        "{0}.n = select $M {0}.e, $T $0.5, $T $nan",
        "{0}.o = select $M {0}.l, $T zeroinitializer, $T {0}.n",
        "{0} = select $M {0}.g, $T $1.0, $T {0}.o",
    ],
    "less": [
        "{0}.m = fcmp olt $T {1}, {2}",
        "{0} = select $M {0}.m, $T $1.0, $T zeroinitializer",
    ],
    "less_equal": [
        "{0}.m = fcmp ole $T {1}, {2}",
        "{0} = select $M {0}.m, $T $1.0, $T zeroinitializer",
    ],
    "where": [
        "{0}.m = fcmp une $T {1}, zeroinitializer",
        "{0} = select $M {0}.m, $T {2}, $T {3}",
    ],
    "one_minus_square": [
        "{0}.l = fsub $T $1.0, {1}",
        "{0}.r = fadd $T $1.0, {1}",
        "{0} = fmul $T {0}.l, {0}.r",
    ],
    "log_rate": [
        "{0}.m = fcmp oge $T {1}, zeroinitializer",
        "{0}.q = fdiv $T $1.0, {1}",
        "{0} = select $M {0}.m, $T {0}.q, $T $nan",
    ],
}
FORMULAS["at_least"], FORMULAS["at_most"] = FORMULAS["maximum"], FORMULAS["minimum"]
FORMULAS["clamp"] = [line.replace("{0}", "{0}.a") for line in FORMULAS["maximum"]] + [
    line.replace("{2}", "{3}").replace("{1}", "{0}.a") for line in FORMULAS["minimum"]
]

WRITTEN_OUT = frozenset(("sum", "dot", "strong_product", "strong_dot", "held"))
"""The rows that the writer writes: loops over operands, strong products, or nothing at all."""


def vector_type(lanes: int) -> str:
    """The type of a value in so many lanes."""
    return "double" if lanes == 1 else f"<{lanes} x double>"


def mask_type(lanes: int) -> str:
    """The type of a comparison in so many lanes."""
    return "i1" if lanes == 1 else f"<{lanes} x i1>"


def literal(number: float, lanes: int) -> str:
    """A constant in every lane, by its bits.

    >>> literal(1.0, 1), literal(1.0, 8)
    ('0x3FF0000000000000', 'splat (double 0x3FF0000000000000)')
    """
    bits = f"0x{struct.unpack('>Q', struct.pack('>d', number))[0]:016X}"
    return bits if lanes == 1 else f"splat (double {bits})"


@cache
def formula(row: str, lanes: int) -> str:
    """The lines that compute a row, with {0} for the result and {1}, {2}, … for the operands.

    >>> formula("mul", 1)
    '{0} = fmul double {1}, {2}'
    """
    lines = FORMULAS.get(row)
    if lines is None:
        takes = ", ".join(f"$T {{{place + 1}}}" for place in range(_arity(row)))
        lines = [f"{{0}} = call $T @row.{row}({takes})"]
    text = "\n".join(lines)
    for name in ("-1.0", "0.5", "1.0", "nan"):
        text = text.replace(f"${name}", literal(float(name), lanes))
    suffix = "f64" if lanes == 1 else f"v{lanes}f64"
    return (
        text.replace("$T", vector_type(lanes)).replace("$M", mask_type(lanes)).replace("$S", suffix)
    )


def is_called(row: str) -> bool:
    """Whether a row is a call to the shared function rather than vector operations."""
    return row not in FORMULAS and row not in WRITTEN_OUT


def called_function(row: str, lanes: int, address: int) -> str:
    """The definition of `@row.<name>`: the function at an address, for each lane."""
    kind, arity = vector_type(lanes), _arity(row)
    takes = ", ".join(f"{kind} %x{place}" for place in range(arity))
    lines = [f"define internal {kind} @row.{row}({takes}) noinline nounwind {{"]
    result = "poison"
    for lane in range(lanes):
        given = [f"%x{place}" for place in range(arity)]
        if lanes > 1:
            lines += [
                f"%x{place}.{lane} = extractelement {kind} %x{place}, i64 {lane}"
                for place in range(arity)
            ]
            given = [f"%x{place}.{lane}" for place in range(arity)]
        operands = ", ".join(f"double {name}" for name in given)
        lines.append(f"%y{lane} = call double inttoptr (i64 {address} to ptr)({operands})")
        if lanes > 1:
            lines.append(f"%r{lane} = insertelement {kind} {result}, double %y{lane}, i64 {lane}")
            result = f"%r{lane}"
        else:
            result = f"%y{lane}"
    return "\n".join([*lines, f"ret {kind} {result}", "}"])


def _arity(row: str) -> int:
    arity = PRIMITIVES[row].arity
    if arity is None:
        raise ValueError(f"{row} takes any number of operands: the writer writes its loop")
    return arity
