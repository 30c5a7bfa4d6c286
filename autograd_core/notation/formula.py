"""Formulas: the LaTeX of a row of the table, read into a tree that can be filled and written anew.

The table says in LaTeX what a primitive and its partials are. To write them with operands put in,
with no parenthesis too many, in LaTeX or in plain text, one must know what stands where. This
module reads the part of LaTeX that the rows use. It writes nothing (`spelling`) and computes
nothing (`arithmetic`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

__all__ = ["Formula", "UnreadableFormula", "read"]


class UnreadableFormula(Exception):
    """A template uses LaTeX that this module does not read; the caller shows it as it is."""


@dataclass(frozen=True, slots=True)
class Formula:
    """One node of a formula.

    Kinds: slot, number, symbol; add, subtract, negative; times, over, modulo, slash; power; root
    (of degree `sign`); call (of the function `sign`); bracket (1 where it holds, else 0); fence
    (`sign` is its opening mark); relation and phrase (`sign` stands between); series (a sum over
    all operands).
    """

    kind: str
    sign: str = ""
    parts: tuple[Formula, ...] = ()


_TOKEN = re.compile(
    r"\x01(?P<slot>[^\x02]*)\x02"
    r"|\\(?P<macro>text|operatorname|mathrm)\{(?P<words>[^{}]*)\}"
    r"|\\[A-Za-z]+|\\.|\d+(?:\.\d+)?|\S"
)
# fmt: off
FUNCTIONS = frozenset({
    "sin", "cos", "tan", "arcsin", "arccos", "arctan", "sinh", "cosh", "tanh", "log", "max", "min",
    "sigma", "varphi", "Phi",
})
# fmt: on
SYMBOLS = frozenset({"e", r"\pi"})
RELATIONS = frozenset({"<", ">", r"\le", r"\gtrsim"})
FENCES = {r"\lfloor": r"\rfloor", r"\lceil": r"\rceil", r"\lvert": r"\rvert"}
_CLOSING = frozenset({"}", ")", "]", ",", *FENCES.values()})


@lru_cache(maxsize=1024)
def read(template: str) -> Formula:
    """The tree of a row's template; UnreadableFormula where it uses other LaTeX.

    >>> read("{x} + 1").kind, [part.kind for part in read("{x} + 1").parts]
    ('add', ['slot', 'number'])
    """
    try:
        reader = _Reader(_tokens(template))
        tree = reader.phrase()
    except (ValueError, IndexError, KeyError, RecursionError) as error:
        raise UnreadableFormula(f"cannot read {template!r}: {error}") from None
    if reader.tokens[reader.place :]:
        raise UnreadableFormula(f"cannot read {template!r} from {reader.tokens[reader.place]!r} on")
    return tree


class _Slots(dict[str, str]):
    def __missing__(self, name: str) -> str:
        return f"\x01{name}\x02"


def _tokens(template: str) -> list[str]:
    """Tokens of the LaTeX; a slot is `@name`, words `"if`, a named operator `!name`."""
    tokens = []
    for match in _TOKEN.finditer(template.format_map(_Slots())):
        if match["slot"]:
            tokens.append("@" + match["slot"])
        elif match["macro"]:
            mark = '"' if match["macro"] == "text" else "!"
            tokens.append(mark + match["words"].strip())
        elif match[0] not in (r"\left", r"\right"):  # these say how tall, not what
            tokens.append(match[0])
    return tokens


class _Reader:
    """Recursive descent over the tokens; a template is as deep as its author nested it."""

    def __init__(self, tokens: list[str]) -> None:
        self.tokens = tokens
        self.place = 0

    def next(self) -> str:
        return self.tokens[self.place] if self.place < len(self.tokens) else ""

    def take(self, expected: str = "") -> str:
        token = self.next()
        if not token or (expected and token != expected):
            raise ValueError(f"expected {expected or 'more'}, found {token or 'the end'}")
        self.place += 1
        return token

    def phrase(self) -> Formula:
        tree = self.relation()
        while self.next().startswith('"'):
            tree = Formula("phrase", self.take()[1:], (tree, self.relation()))
        return tree

    def relation(self) -> Formula:
        tree = self.sum()
        while self.next() in RELATIONS:
            tree = Formula("relation", self.take(), (tree, self.sum()))
        return tree

    def sum(self) -> Formula:
        tree = self.product()
        while self.next() in ("+", "-"):
            kind = "add" if self.take() == "+" else "subtract"
            tree = Formula(kind, "", (tree, self.product()))
        return tree

    def product(self) -> Formula:
        if self.next() == "-":
            self.take()
            return Formula("negative", "", (self.product(),))
        if self.next() == r"\sum":
            self.take()
            return Formula("series", "", (self.product(),))
        tree = self.power()
        while self.next() and self.next() not in _CLOSING | RELATIONS | {"+", "-"}:
            token = self.next()
            if token.startswith('"'):
                break
            if token in (r"\cdot", r"\bmod", "/"):
                self.take()
            kind = {r"\bmod": "modulo", "/": "slash"}.get(token, "times")
            sign = token if token == r"\cdot" else ""
            tree = Formula(kind, sign, (tree, self.power()))
        return tree

    def power(self) -> Formula:
        tree = self.base()
        while self.next() == "^":
            self.take()
            tree = Formula("power", "", (tree, self.argument()))
        return tree

    def argument(self) -> Formula:
        """What a macro applies to: a group in braces, or one token."""
        if self.next() != "{":
            return self.base()
        self.take()
        tree = self.phrase()
        self.take("}")
        return tree

    def base(self) -> Formula:
        token = self.take()
        if token.startswith("@"):
            return Formula("slot", token[1:])
        if token[0].isdigit():
            return Formula("number", token)
        if token in SYMBOLS:
            return Formula("symbol", token)
        if token in ("(", "["):
            return self.enclosed(token)
        if token in FENCES:
            tree = self.phrase()
            self.take(FENCES[token])
            return Formula("fence", token, (tree,))
        if token == r"\frac":
            return Formula("over", "", (self.argument(), self.argument()))
        if token == r"\sqrt":
            degree = "2"
            if self.next() == "[":
                self.take()
                degree = self.take()
                self.take("]")
            return Formula("root", degree, (self.argument(),))
        if token.startswith("!") or token[1:] in FUNCTIONS:
            return self.call(token[1:])
        raise ValueError(f"unknown mark {token}")

    def enclosed(self, token: str) -> Formula:
        tree = self.phrase()
        self.take("]" if token == "[" else ")")
        return Formula("bracket", "", (tree,)) if token == "[" else tree

    def call(self, name: str) -> Formula:
        """A function with its index (log₂), its power (tan² x) and its operands."""
        if self.next() == "_":
            self.take()
            name += self.argument().sign
        exponent = None
        if self.next() == "^":
            self.take()
            exponent = self.argument()
        operands = []
        if self.next() == "(":
            self.take()
            operands.append(self.phrase())
            while self.next() == ",":
                self.take()
                operands.append(self.phrase())
            self.take(")")
        else:
            operands.append(self.power())
        tree = Formula("call", name, tuple(operands))
        return tree if exponent is None else Formula("power", "", (tree, exponent))
