"""THE table of primitives: one row says everything about one of them.

A row joins the value (`forward`), the derivatives (`rules`), where they hold, and how the primitive
is drawn and typeset. The eager engine, higher orders, forward mode, drawings, the tests of accuracy
and the README's table are derived from the rows. No formula is written here, and nothing here knows
a graph. Users add rows of their own with `custom.primitive`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import cached_property
from types import ModuleType
from typing import Any, NoReturn, Self, dataclass_transform

from autograd_core.primitives import forward, rules

__all__ = ["BUILT_IN", "LEAF", "PRIMITIVES", "ROWS", "Primitive", "kind_of", "register"]

LEAF = 0
"""The kind of a node that no primitive made; row k of `ROWS` is the kind k of its nodes."""

Partial = Callable[..., Any]
Interval = tuple[float, float]


@dataclass_transform(eq_default=False, frozen_default=True)
class _Frozen:
    """A frozen dataclass, equal to itself alone; `dataclasses` imports more than the engine has."""

    def __init__(self, *given: Any, **named: Any) -> None:
        kind = type(self)
        fields = dict(zip(kind.__annotations__, given, strict=False)) | named
        missing = [
            name for name in kind.__annotations__ if name not in fields and not hasattr(kind, name)
        ]
        unknown = fields.keys() - kind.__annotations__.keys()
        if len(fields) < len(given) + len(named) or missing or unknown:
            raise TypeError(
                f"{kind.__name__}() takes {', '.join(kind.__annotations__)}, once each; got "
                f"{len(given)} by position, then {', '.join(named) or 'none by name'}"
            )
        vars(self).update(fields)

    def __replace__(self, **changes: Any) -> Self:
        """Another like it but for these fields; `copy.replace` asks for it."""
        fields = {name: getattr(self, name) for name in type(self).__annotations__}
        return type(self)(**fields | changes)

    def __setattr__(self, name: str, value: Any) -> NoReturn:
        raise AttributeError(f"{type(self).__name__}.{name} cannot be changed: make another one")

    def __repr__(self) -> str:
        fields = (f"{name}={getattr(self, name)!r}" for name in type(self).__annotations__)
        return f"{type(self).__name__}({', '.join(fields)})"


class Primitive(_Frozen):
    """One row: a primitive's value, its partials and everything else that is known of it."""

    name: str
    operands: tuple[str, ...]
    """The operands' names; `("x", ...)` says any number of them."""
    forward: Callable[..., float]
    partials: tuple[Partial, ...]
    """One formula an operand, of the operands and `out`; of a variadic row, one for them all."""
    glyph: str
    """What stands in the circle of a drawing."""
    latex: str
    """The value, with `{x}` and so on where the operands go."""
    partials_latex: tuple[str, ...]
    domain: tuple[Interval, ...]
    """For each operand, where the value is a number; the end points belong to it."""
    kinks: tuple[float, ...] = ()
    """Where it has no derivative inside its domain, in its first operand."""
    poles: tuple[float, ...] = ()
    """Where it has no value inside its domain, in its last operand."""
    convention: str = ""
    """What holds where there is no derivative, in one line."""
    public: bool = True
    """False for what exists only so that derivatives have derivatives."""
    holds: bool = False
    """Whether nothing flows back at all: what is by data where nothing is being recorded."""

    @property
    def chooses(self) -> bool:
        """Whether its first operand is a condition that chooses one of the others."""
        return self.operands[0] == "condition"

    @cached_property
    def arity(self) -> int | None:
        """How many operands it takes; None for any number."""
        return None if "..." in self.operands else len(self.operands)

    @property
    def repeats(self) -> tuple[int, int]:
        """Of a row of any number of operands, how many stand in front once and how many repeat.

        `("start", "w", "x", "...")` takes one and then pairs: (1, 2).
        """
        named = len(self.operands) - 1
        return (1, named - 1) if self.operands[0] == "start" else (0, named)

    def partials_at(self, operands: Sequence[Any], out: Any) -> Sequence[Any]:
        """All partials at the operands: floats in, floats out; `Value`s in, `Value`s out."""
        if self.arity is None:
            return self.partials[0](operands, out)  # type: ignore[no-any-return]
        return [partial(*operands, out) for partial in self.partials]


ROWS: list[Primitive | None] = [None]
PRIMITIVES: dict[str, Primitive] = {}
_KINDS: dict[str | Primitive, int] = {}


def register(row: Primitive) -> int:
    """Append a row and return its kind. A row of the same name is replaced for new nodes only."""
    ROWS.append(row)
    PRIMITIVES[row.name] = row
    _KINDS[row.name] = _KINDS[row] = len(ROWS) - 1
    return _KINDS[row]


def kind_of(row: str | Primitive) -> int:
    """The kind of the nodes that a row, or the row of that name today, makes.

    KeyError says the line that is missing where there is no such row.
    """
    try:
        return _KINDS[row]
    except KeyError:
        raise KeyError(f"no row {row!r}: add to primitives/table.py: _row({row!r}, ...)") from None


INFINITY = math.inf
REAL: Interval = (-INFINITY, INFINITY)
POSITIVE: Interval = (0.0, INFINITY)
STEP = "0 everywhere, also at the steps"


def _row(
    name: str,
    glyph: str,
    latex: str,
    partials_latex: str,
    domain: Interval | tuple[Interval, ...] = REAL,
    operands: str = "x",
    flat: bool = False,
    **more: Any,
) -> None:
    """Register one row: its forward and its partials are found by its name and its operands'."""
    names = tuple(operands.split())
    arity = len(names)
    partials: tuple[Partial, ...]
    if "..." in names:
        partials = (_found(rules, name, f"{name}_partials", "operands, out"),)
    elif flat:
        partials = (rules.flat_partial_x,) if arity == 1 else (rules.flat_partial_xy,) * 2
    else:
        takes = ", ".join((*names, "out"))
        partials = tuple(
            _found(rules, name, f"{name}_partial_{operand}", takes) for operand in names
        )
    takes = "*operands" if "..." in names else ", ".join(names)
    register(
        Primitive(
            name,
            names,
            _found(forward, name, name, takes),
            partials,
            glyph,
            latex,
            tuple(partials_latex.split("; ")),
            (domain,) * arity if isinstance(domain[0], float) else domain,
            **more,
        )
    )


def _found(module: ModuleType, row: str, function: str, takes: str) -> Callable[..., Any]:
    """A row's function in `forward` or `rules`; AttributeError says the line that is missing."""
    try:
        return getattr(module, function)  # type: ignore[no-any-return]
    except AttributeError:
        place = module.__name__.rpartition(".")[2]
        raise AttributeError(
            f"the row {row!r} lacks its function: add to primitives/{place}.py: "
            f"def {function}({takes}): ..."
        ) from None


# fmt: off
XY = "x y"
#    name              glyph    value                        partials, one an operand               domain and more
_row("add",            "+",     r"{x} + {y}",                r"1; 1",                                operands=XY)
_row("sub",            "-",     r"{x} - {y}",                r"1; -1",                               operands=XY)
_row("mul",            "×",     r"{x} \cdot {y}",            r"{y}; {x}",                            operands=XY)
_row("div",            "÷",     r"\frac{{{x}}}{{{y}}}",      r"\frac{{1}}{{{y}}}; -\frac{{{x}}}{{{y}^2}}", operands=XY, poles=(0.0,),
     convention="x / 0 is ±∞ or NaN, as IEEE 754 has it")
_row("mod",            "%",     r"{x} \bmod {y}",            r"1; -\lfloor {x} / {y} \rfloor",       operands=XY, poles=(0.0,),
     convention="the sign of y, as in Python")
_row("floordiv",       "//",    r"\lfloor {x} / {y} \rfloor", r"0; 0",                               operands=XY, flat=True, poles=(0.0,), convention=STEP)
_row("pow",            "^",     r"{x}^{{{y}}}",              r"{y} {x}^{{{y} - 1}}; {x}^{{{y}}} \log {x}", (POSITIVE, REAL), XY,
     convention="x⁰ is 1 with gradient 0; 0 in the exponent at x = 0, y ≥ 0; NaN where x < 0 has no real power")
_row("neg",            "-",     r"-{x}",                     r"-1")
_row("abs",            "abs",   r"\lvert {x} \rvert",        r"\operatorname{{sign}} {x}",           kinks=(0.0,), convention="0 at 0")
_row("square",         "x²",    r"{x}^2",                    r"2 {x}")
_row("reciprocal",     "1/x",   r"\frac{{1}}{{{x}}}",        r"-\frac{{1}}{{{x}^2}}",                kinks=(0.0,), convention="±∞ at 0")
_row("sqrt",           "√",     r"\sqrt{{{x}}}",             r"\frac{{1}}{{2 \sqrt{{{x}}}}}",        POSITIVE, convention="∞ at 0")
_row("cbrt",           "cbrt",  r"\sqrt[3]{{{x}}}",          r"\frac{{1}}{{3 \sqrt[3]{{{x}}}^2}}",   kinks=(0.0,), convention="∞ at 0")
_row("hypot",          "hypot", r"\sqrt{{{x}^2 + {y}^2}}",   r"\frac{{{x}}}{{\sqrt{{{x}^2 + {y}^2}}}}; \frac{{{y}}}{{\sqrt{{{x}^2 + {y}^2}}}}", operands=XY,
     convention="0, 0 at the origin")
_row("exp",            "exp",   r"e^{{{x}}}",                r"e^{{{x}}}")
_row("expm1",          "expm1", r"e^{{{x}}} - 1",            r"e^{{{x}}}")
_row("exp2",           "2^x",   r"2^{{{x}}}",                r"2^{{{x}}} \log 2",                    convention="∞ where the value is")
_row("log",            "log",   r"\log {x}",                 r"\frac{{1}}{{{x}}}",                   POSITIVE, convention="±∞ at ±0, NaN below")
_row("log1p",          "log1p", r"\log(1 + {x})",            r"\frac{{1}}{{1 + {x}}}",               (-1.0, INFINITY), convention="∞ at -1, NaN below")
_row("log2",           "log2",  r"\log_2 {x}",               r"\frac{{1}}{{{x} \log 2}}",            POSITIVE, convention="±∞ at ±0, NaN below")
_row("log10",          "log10", r"\log_{{10}} {x}",          r"\frac{{1}}{{{x} \log 10}}",           POSITIVE, convention="±∞ at ±0, NaN below")
_row("logaddexp",      "lae",   r"\log(e^{{{x}}} + e^{{{y}}})", r"\sigma({x} - {y}); \sigma({y} - {x})", operands=XY)
_row("sin",            "sin",   r"\sin {x}",                 r"\cos {x}")
_row("cos",            "cos",   r"\cos {x}",                 r"-\sin {x}")
_row("tan",            "tan",   r"\tan {x}",                 r"1 + \tan^2 {x}")
_row("sinc",           "sinc",  r"\frac{{\sin {x}}}{{{x}}}",  r"\frac{{1}}{{{x}}} \left(\cos {x} - \frac{{\sin {x}}}{{{x}}}\right)", convention="1 at 0, with gradient 0; not sin(πx) / (πx)")
_row("asin",           "asin",  r"\arcsin {x}",              r"\frac{{1}}{{\sqrt{{1 - {x}^2}}}}",    (-1.0, 1.0), convention="∞ at ±1")
_row("acos",           "acos",  r"\arccos {x}",              r"-\frac{{1}}{{\sqrt{{1 - {x}^2}}}}",   (-1.0, 1.0), convention="-∞ at ±1")
_row("atan",           "atan",  r"\arctan {x}",              r"\frac{{1}}{{1 + {x}^2}}")
_row("atan2",          "atan2", r"\operatorname{{atan2}}({y}, {x})", r"\frac{{{x}}}{{{x}^2 + {y}^2}}; -\frac{{{y}}}{{{x}^2 + {y}^2}}", operands="y x",
     convention="0, 0 at the origin")
_row("sinh",           "sinh",  r"\sinh {x}",                r"\cosh {x}")
_row("cosh",           "cosh",  r"\cosh {x}",                r"\sinh {x}")
_row("tanh",           "tanh",  r"\tanh {x}",                r"1 - \tanh^2 {x}")
_row("asinh",          "asinh", r"\operatorname{{arsinh}} {x}", r"\frac{{1}}{{\sqrt{{1 + {x}^2}}}}")
_row("acosh",          "acosh", r"\operatorname{{arcosh}} {x}", r"\frac{{1}}{{\sqrt{{{x}^2 - 1}}}}", (1.0, INFINITY), convention="∞ at 1")
_row("atanh",          "atanh", r"\operatorname{{artanh}} {x}", r"\frac{{1}}{{1 - {x}^2}}",          (-1.0, 1.0), convention="∞ at ±1")
_row("erf",            "erf",   r"\operatorname{{erf}} {x}", r"\frac{{2}}{{\sqrt\pi}} e^{{-{x}^2}}")
_row("erfc",           "erfc",  r"\operatorname{{erfc}} {x}", r"-\frac{{2}}{{\sqrt\pi}} e^{{-{x}^2}}")
_row("gaussian",       "gauss", r"e^{{-{x}^2}}",             r"-2 {x} e^{{-{x}^2}}")
_row("normal_pdf",     "φ",     r"\varphi({x})",             r"-{x} \varphi({x})")
_row("normal_cdf",     "Φ",     r"\Phi({x})",                r"\varphi({x})")
_row("relu",           "relu",  r"\max({x}, 0)",             r"[{x} > 0]",                           kinks=(0.0,), convention="0 at ±0")
_row("leaky_relu",     "leaky", r"\max({x}, 0) + {slope} \min({x}, 0)", r"[{x} > 0] + {slope} [{x} \le 0]; \min({x}, 0)", operands="x slope", kinks=(0.0,),
     convention="slope at 0")
_row("elu",            "elu",   r"\max({x}, 0) + {alpha} (e^{{\min({x}, 0)}} - 1)", r"[{x} > 0] + {alpha} e^{{{x}}} [{x} \le 0]; e^{{\min({x}, 0)}} - 1", operands="x alpha", kinks=(0.0,),
     convention="alpha at 0")
_row("sigmoid",        "σ",     r"\sigma({x})",              r"\sigma({x}) \sigma(-{x})")
_row("softplus",       "softplus", r"\log(1 + e^{{{x}}})",   r"\sigma({x})")
_row("log_sigmoid",    "log σ", r"\log \sigma({x})",         r"\sigma(-{x})")
_row("softsign",       "softsign", r"\frac{{{x}}}{{1 + \lvert {x} \rvert}}", r"\frac{{1}}{{(1 + \lvert {x} \rvert)^2}}",
     convention="1 at 0, where the second derivative, a jump from 2 to -2, is 0")
_row("silu",           "silu",  r"{x} \sigma({x})",          r"\sigma({x}) + {x} \sigma({x}) \sigma(-{x})")
_row("gelu",           "gelu",  r"{x} \Phi({x})",            r"\Phi({x}) + {x} \varphi({x})")
_row("sign",           "sign",  r"\operatorname{{sign}} {x}", r"0",                                  flat=True, kinks=(0.0,), convention=STEP)
_row("floor",          "floor", r"\lfloor {x} \rfloor",      r"0",                                   flat=True, convention=STEP)
_row("ceil",           "ceil",  r"\lceil {x} \rceil",        r"0",                                   flat=True, convention=STEP)
_row("trunc",          "trunc", r"\operatorname{{trunc}} {x}", r"0",                                 flat=True, convention=STEP)
_row("rint",           "round", r"\operatorname{{round}} {x}", r"0",                                 flat=True, convention=STEP + "; halves go to the even number")
_row("maximum",        "max",   r"\max({x}, {y})",           r"[{x} > {y}]; [{y} > {x}]",            operands=XY, convention="½, ½ at a tie")
_row("minimum",        "min",   r"\min({x}, {y})",           r"[{x} < {y}]; [{y} < {x}]",            operands=XY, convention="½, ½ at a tie")
_row("clamp",          "clamp", r"\min(\max({x}, {low}), {high})", r"[{low} < {x} < {high}]; [{x} < {low} \le {high}]; [\max({x}, {low}) > {high}]", operands="x low high",
     convention="0 at the bounds")
_row("where",          "where", r"\left({x} \text{{ if }} {condition} \text{{ else }} {y}\right)", r"0; [{condition}]; 1 - [{condition}]", operands="condition x y",
     convention="nothing flows to the branch not taken")
_row("sum",            "Σ",     r"\sum {x}",                 r"1",                                   operands="x ...")
_row("dot",            "Σwx",   r"\sum {w} {x}",             r"{x}; {w}",                            operands="start w x ...")

# What only derivatives and constant bounds are made of.
_row("at_least",       "max",   r"\max({x}, {bound})",       r"[{x} > {bound}]; [{bound} > {x}]",    operands="x bound", public=False,
     convention="0 at the bound: `maximum` against a constant")
_row("at_most",        "min",   r"\min({x}, {bound})",       r"[{x} < {bound}]; [{bound} < {x}]",    operands="x bound", public=False,
     convention="0 at the bound: `minimum` against a constant")
_row("above",          ">",     r"[{x} > {y}]",              r"0; 0",                                operands=XY, flat=True, public=False, convention=STEP)
_row("exceeds",        "≥½",    r"[{x} \gtrsim {y}]",        r"0; 0",                                operands=XY, flat=True, public=False, convention=STEP)
_row("less",           "<",     r"[{x} < {y}]",              r"0; 0",                                operands=XY, flat=True, public=False, holds=True, convention="0 if either is NaN: a recorded comparison")
_row("less_equal",     "≤",     r"[{x} \le {y}]",            r"0; 0",                                operands=XY, flat=True, public=False, holds=True, convention="0 if either is NaN: a recorded comparison")
_row("held",           "=",     r"{x}",                      r"0",                                   flat=True, public=False, holds=True, convention="no gradient flows: a recorded detach()")
_row("strong_product", "×",     r"{x} \cdot {y}",            r"{y}; {x}",                            operands=XY, public=False, convention="0 where one of them is 0, whatever the other")
_row("strong_dot",     "Σcp",   r"\sum {c} {p}",             r"{p}; {c}",                            operands="c p ...", public=False, convention="a term is 0 where one of its factors is 0")
_row("log_rate",       "1/x",   r"\frac{{1}}{{{x}}}",        r"-\frac{{1}}{{{x}^2}}",                POSITIVE, public=False, convention="NaN below 0")
_row("sigmoid_rate",   "σ'",    r"\sigma({x}) \sigma(-{x})",  r"-\sigma({x}) \sigma(-{x}) \tanh \frac{{{x}}}{{2}}", public=False)
_row("exp_times",      "f·exp", r"{factor} e^{{{x}}}",       r"{factor} e^{{{x}}}; e^{{{x}}}",        operands="x factor", public=False)
_row("sigmoid_rate_times", "fσ'", r"{factor} \sigma({x}) \sigma(-{x})", r"-{factor} \sigma({x}) \sigma(-{x}) \tanh \frac{{{x}}}{{2}}; \sigma({x}) \sigma(-{x})", operands="x factor", public=False)
_row("gaussian_times", "fg",    r"{factor} e^{{-{x}^2}}",    r"-2 {factor} {x} e^{{-{x}^2}}; e^{{-{x}^2}}", operands="x factor", public=False)
_row("normal_pdf_times", "fφ",  r"{factor} \varphi({x})",    r"-{factor} {x} \varphi({x}); \varphi({x})", operands="x factor", public=False)
_row("one_minus_square", "1-x²", r"1 - {x}^2",               r"-2 {x}",                              public=False)
_row("share",          "σ",     r"\sigma({x} - {y})",        r"\sigma({x} - {y}) \sigma({y} - {x}); -\sigma({x} - {y}) \sigma({y} - {x})", operands=XY, public=False)
_row("share_rate",     "σ'",    r"\sigma({x} - {y}) \sigma({y} - {x})", r"-\sigma({x} - {y}) \sigma({y} - {x}) \tanh \frac{{{x} - {y}}}{{2}}; \sigma({x} - {y}) \sigma({y} - {x}) \tanh \frac{{{x} - {y}}}{{2}}", operands=XY, public=False)
_row("cosine",         "x/r",   r"\frac{{{x}}}{{\sqrt{{{x}^2 + {y}^2}}}}", r"\frac{{{y}^2}}{{({x}^2 + {y}^2)^{{3/2}}}}; -\frac{{{x} {y}}}{{({x}^2 + {y}^2)^{{3/2}}}}", operands=XY, public=False)
_row("bend",           "y²/r³", r"\frac{{{y}^2}}{{({x}^2 + {y}^2)^{{3/2}}}}", r"-\frac{{3 {x} {y}^2}}{{({x}^2 + {y}^2)^{{5/2}}}}; \frac{{{y} (2 {x}^2 - {y}^2)}}{{({x}^2 + {y}^2)^{{5/2}}}}", operands=XY, public=False)
_row("twist",          "xy/r³", r"\frac{{{x} {y}}}{{({x}^2 + {y}^2)^{{3/2}}}}", r"\frac{{{y} ({y}^2 - 2 {x}^2)}}{{({x}^2 + {y}^2)^{{5/2}}}}; \frac{{{x} ({x}^2 - 2 {y}^2)}}{{({x}^2 + {y}^2)^{{5/2}}}}", operands=XY, public=False)
_row("angle_rate",     "x/r²",  r"\frac{{{x}}}{{{x}^2 + {y}^2}}", r"-\frac{{2 {x} {y}}}{{({x}^2 + {y}^2)^2}}; \frac{{{y}^2 - {x}^2}}{{({x}^2 + {y}^2)^2}}", operands="y x", public=False)
_row("quotient_rate",  "-x/y²", r"-\frac{{{x}}}{{{y}^2}}",   r"-\frac{{1}}{{{y}^2}}; \frac{{2 {x}}}{{{y}^3}}", operands=XY, public=False, poles=(0.0,))
_row("double_cosine",  "cos2θ/r²", r"\frac{{{x}^2 - {y}^2}}{{({x}^2 + {y}^2)^2}}", r"\frac{{2 {y} ({y}^2 - 3 {x}^2)}}{{({x}^2 + {y}^2)^3}}; \frac{{2 {x} (3 {y}^2 - {x}^2)}}{{({x}^2 + {y}^2)^3}}", operands="y x", public=False)
_row("double_sine",    "sin2θ/r²", r"\frac{{2 {x} {y}}}{{({x}^2 + {y}^2)^2}}", r"\frac{{2 {x} ({x}^2 - 3 {y}^2)}}{{({x}^2 + {y}^2)^3}}; \frac{{2 {y} ({y}^2 - 3 {x}^2)}}{{({x}^2 + {y}^2)^3}}", operands="y x", public=False)
_row("power_rate",     "yx^",   r"{y} {x}^{{{y} - 1}}",      r"{y} ({y} - 1) {x}^{{{y} - 2}}; {x}^{{{y} - 1}} (1 + {y} \log {x})", (POSITIVE, REAL), XY, public=False)
_row("power_bend",     "yyx^",  r"{y} ({y} - 1) {x}^{{{y} - 2}}", r"{y} ({y} - 1) ({y} - 2) {x}^{{{y} - 3}}; {x}^{{{y} - 2}} (2 {y} - 1 + {y} ({y} - 1) \log {x})", (POSITIVE, REAL), XY, public=False)
_row("power_third",    "yyyx^", r"{y} ({y} - 1) ({y} - 2) {x}^{{{y} - 3}}", r"{y} ({y} - 1) ({y} - 2) ({y} - 3) {x}^{{{y} - 4}}; {x}^{{{y} - 3}} (3 {y}^2 - 6 {y} + 2 + {y} ({y} - 1) ({y} - 2) \log {x})", (POSITIVE, REAL), XY, public=False)
_row("power_mixed",    "x^+",   r"{x}^{{{y} - 1}} (1 + {y} \log {x})", r"{x}^{{{y} - 2}} (2 {y} - 1 + {y} ({y} - 1) \log {x}); {x}^{{{y} - 1}} \log {x} (2 + {y} \log {x})", (POSITIVE, REAL), XY, public=False)
_row("power_twice",    "yx^+",  r"{x}^{{{y} - 2}} (2 {y} - 1 + {y} ({y} - 1) \log {x})", r"{x}^{{{y} - 3}} (3 {y}^2 - 6 {y} + 2 + {y} ({y} - 1) ({y} - 2) \log {x}); {x}^{{{y} - 2}} (2 + (4 {y} - 2) \log {x} + {y} ({y} - 1) \log^2 {x})", (POSITIVE, REAL), XY, public=False)
_row("power_log",      "x^log", r"{x}^{{{y}}} \log {x}",     r"{x}^{{{y} - 1}} (1 + {y} \log {x}); {x}^{{{y}}} \log^2 {x}", (POSITIVE, REAL), XY, public=False)
_row("power_log_square", "x^log²", r"{x}^{{{y}}} \log^2 {x}", r"{x}^{{{y} - 1}} \log {x} (2 + {y} \log {x}); {x}^{{{y}}} \log^3 {x}", (POSITIVE, REAL), XY, public=False)
# fmt: on

BUILT_IN = len(ROWS)
"""The kinds from here on are users' own primitives."""
