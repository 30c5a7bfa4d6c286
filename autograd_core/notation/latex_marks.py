r"""Formulas in LaTeX, for notebooks and papers: `\frac{\partial f}{\partial x}`, `x^{2}`.

It uses what both amsmath and the browsers' MathJax and KaTeX know.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from autograd_core.notation.formula import FENCES, FUNCTIONS, Formula
from autograd_core.notation.spelling import (
    ATOM,
    MODULO,
    POWER,
    PRODUCT,
    RELATION,
    SUM,
    Notation,
    Piece,
)

__all__ = ["LatexNotation", "escape"]

_LETTERS = dict(zip("αβγδεζηθικλμνξπρστυφχψω", (
    "alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa", "lambda",
    "mu", "nu", "xi", "pi", "rho", "sigma", "tau", "upsilon", "phi", "chi", "psi", "omega",
), strict=True))  # fmt: skip
_GREEK = frozenset(_LETTERS.values())
_NUMBER = re.compile(r"-?\d[\d.]*")
_SCIENTIFIC = re.compile(r"(-?\d[\d.]*)e([+-]?\d+)", re.IGNORECASE)
_INDEXED = re.compile(r"([A-Za-z]|[A-Za-z]{2,}(?=_))_?(\d+|(?<=_)[A-Za-z0-9]+)")
_MARKED = re.compile(r"([A-Za-z]+|[α-ω])([⁰¹²³⁴-⁹]*)([₀-₉]*(?:,[₀-₉]+)?)(#\d+)?")
_PLAINLY = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉", "01234567890123456789")
_SPECIAL = {
    "\\": r"\backslash", "{": r"\{", "}": r"\}", "_": r"\_", "%": r"\%", "#": r"\#", "&": r"\&",
    "$": r"\$", "^": r"\hat{}", "~": r"\sim", "∞": r"\infty", "±": r"\pm", "½": r"\tfrac12",
    "⁰": "^0", "≥": r"\ge", "≤": r"\le", "≈": r"\approx", "·": r"\cdot", "∂": r"\partial",
    "−": "-", "…": r"\ldots", "<": "<", ">": ">", "|": "|",
}  # fmt: skip
_TEXT_SAFE = frozenset("{}_%#&$")
_MARKS = str.maketrans(
    {mark: tex if mark in _TEXT_SAFE else f"${tex}$" for mark, tex in _SPECIAL.items()}
)


def escape(text: str) -> str:
    """Any text as LaTeX text."""
    return text.translate(_MARKS)


class LatexNotation(Notation):
    """LaTeX's math mode."""

    ellipsis = Piece(r"\cdots")
    equals = ("=", r"\approx")

    def number(self, number: float) -> Piece:
        text, exact = self.digits(number)
        special = {"inf": r"\infty", "-inf": r"-\infty", "nan": r"\mathrm{NaN}"}
        if text in special:
            text = special[text]
        elif scientific := _SCIENTIFIC.fullmatch(text):
            power = rf"{scientific[1]} \cdot 10^{{{int(scientific[2])}}}"
            return Piece(power, PRODUCT, exact, is_number=True)
        elif not _NUMBER.fullmatch(text):
            text = rf"\text{{{escape(text)}}}"
        return Piece(text, PRODUCT if text.startswith("-") else ATOM, exact, is_number=True)

    def name(self, name: str) -> Piece:
        marked = _MARKED.fullmatch(name)
        if marked and (marked[2] or marked[3]):
            raised, lowered = (marked[place].translate(_PLAINLY) for place in (2, 3))
            marks = (f"^{{{raised}}}" if raised else "") + (f"_{{{lowered}}}" if lowered else "")
            repeat = rf"\{marked[4]}" if marked[4] else ""
            return Piece(self._word(marked[1]) + marks + repeat)
        indexed = _INDEXED.fullmatch(name)
        if indexed:
            base, index = self._word(indexed[1]), indexed[2]
            index = index if index.isdigit() or len(index) == 1 else rf"\mathrm{{{index}}}"
            return Piece(f"{base}_{{{index}}}")
        return Piece(self._word(name))

    def _word(self, name: str) -> str:
        name = _LETTERS.get(name, name)
        if name in _GREEK:
            return "\\" + name
        if re.fullmatch(r"[A-Za-z]", name):
            return name
        if re.fullmatch(r"[A-Za-z0-9.]+", name):
            return rf"\mathit{{{name}}}"
        plain = re.fullmatch(r"[\w.#…\[\]]+", name)
        return rf"\text{{{escape(name if plain else f'({name})')}}}"

    def derivative(self, of: Piece, by: Piece) -> Piece:
        return Piece(rf"\frac{{\partial {of.text}}}{{\partial {by.text}}}")

    def enclose(self, text: str) -> str:
        if r"\frac" in text or r"\left(" in text or "^" in text:
            return rf"\left({text}\right)"
        return f"({text})"

    def words(self, text: str) -> str:
        return rf"\text{{{escape(text)}}}"

    def function(self, name: str) -> str:
        if name in FUNCTIONS:
            return "\\" + name
        if name in ("log2", "log10"):
            return rf"\log_{{{name[3:]}}}"
        return rf"\operatorname{{{escape(name)}}}"

    def write(self, formula: Formula, parts: Sequence[Piece]) -> Piece:
        kind, sign = formula.kind, formula.sign
        if kind == "symbol":
            return Piece(sign)
        if kind == "times":
            left, right = self.within(parts[0], PRODUCT), self.within(parts[1], PRODUCT, right=True)
            # Side by side, two numbers or two words would read as one.
            apart = sign or right[0].isdigit() or right.startswith((r"\frac", r"\infty"))
            apart = apart or r"\mathit" in left + right or r"\text" in left + right
            return Piece(rf"{left} \cdot {right}" if apart else f"{left} {right}", PRODUCT)
        if kind == "over":
            return Piece(rf"\frac{{{parts[0].text}}}{{{parts[1].text}}}", PRODUCT)
        if kind == "slash":
            left, right = self.within(parts[0], PRODUCT), self.within(parts[1], POWER, right=True)
            return Piece(f"{left} / {right}", PRODUCT)
        if kind == "modulo":
            left, right = self.within(parts[0], POWER), self.within(parts[1], POWER)
            return Piece(rf"{left} \bmod {right}", MODULO)
        if kind == "power":
            return Piece(f"{self.within(parts[0], ATOM)}^{{{parts[1].text}}}", POWER)
        if kind == "root":
            degree = "" if sign == "2" else f"[{sign}]"
            return Piece(rf"\sqrt{degree}{{{parts[0].text}}}")
        if kind == "fence":
            return Piece(f"{sign} {parts[0].text} {FENCES[sign]}")
        left, right = self.within(parts[0], RELATION), self.within(parts[1], SUM)
        return Piece(f"{left} {sign} {right}", RELATION)
