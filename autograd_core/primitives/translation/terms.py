"""Expressions of the restricted Python in another language, with their types and their binding.

Python that has no words of the same meaning is refused with the line it stands on, never guessed
at. Statements are `bodies`'.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn, Protocol

from autograd_core.primitives.translation.language import (
    AND,
    CHOICE,
    EQUAL,
    OR,
    PRODUCT,
    SIGN,
    SUM,
    WHOLE,
    Language,
    Signature,
    Term,
)

__all__ = ["Terms", "Whole", "refuse"]

ARITHMETIC = {
    ast.Add: ("+", SUM),
    ast.Sub: ("-", SUM),
    ast.Mult: ("*", PRODUCT),
    ast.Div: ("/", PRODUCT),
}


def refuse(language: Language, place: str, node: ast.AST, why: str) -> NoReturn:
    first, *rest = ast.unparse(node).splitlines()
    where = f"{place}.py:{getattr(node, 'lineno', '?')}"
    raise NotImplementedError(
        f"{where}: `{first}{' …' if rest else ''}` is not translated to {language.name}: {why}; "
        f"write it otherwise, or teach {language.teaches} to translate it"
    )


class Whole(Protocol):
    """What an expression asks of the translation that it belongs to."""

    folder: Path
    language: Language
    library: dict[str, Signature]

    def spelled(self, module: str, name: str) -> str: ...
    def function(self, module: str, name: str) -> tuple[str, int]: ...
    def constant(self, module: str, name: str) -> Term | None: ...
    def of_the_library(self, name: str) -> str: ...


class Terms:
    """The expressions of one function."""

    def __init__(self, whole: Whole, module: str) -> None:
        self.whole, self.module, self.language = whole, module, whole.language
        self.names: dict[str, Term] = {}
        """The variables."""
        self.assigned: set[str] = set()
        """Those of them that have a value on every path."""

    def refuse(self, node: ast.AST, why: str) -> NoReturn:
        refuse(self.language, self.module, node, why)

    def condition(self, node: ast.expr) -> Term:
        return self.as_type("bool", node)

    def as_type(self, kind: str, node: ast.expr) -> Term:
        """An expression where a double, an int or a truth value is asked for."""
        return self._meets(kind, self.term(node), node)

    def _meets(self, kind: str, term: Term, node: ast.expr) -> Term:
        """What an expression came to, as that type."""
        if kind == "double" and term.type in ("whole", "int"):
            return self.language.double_of(term)
        if term.type in ((kind, "whole") if kind == "int" else (kind,)):
            return Term(term.text, kind, term.binding)
        return self.refuse(node, f"a {kind} is asked for and this is a {term.type}")

    def term(self, node: ast.expr) -> Term:
        if isinstance(node, ast.Name):
            return self.name(node)
        if isinstance(node, ast.Constant):
            return self.literal(node)
        if isinstance(node, ast.BinOp):
            return self.arithmetic(node)
        if isinstance(node, ast.UnaryOp):
            return self.unary(node)
        if isinstance(node, ast.IfExp):
            test = self.condition(node.test).bound(WHOLE)
            kind, (first, second) = self._in_common(node, [node.body, node.orelse])
            return Term(f"{test} ? {first.bound(OR)} : {second.text}", kind, CHOICE)
        if isinstance(node, ast.BoolOp):
            sign, binding = (" && ", AND) if isinstance(node.op, ast.And) else (" || ", OR)
            parts = [self.condition(part).bound(EQUAL) for part in node.values]
            return Term(sign.join(parts), "bool", binding)
        if isinstance(node, ast.Compare):
            return self.comparison(node)
        if isinstance(node, ast.Call) and not node.keywords:
            return self.call(node)
        if isinstance(node, ast.Subscript):
            return self.element(node)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            found = self._constant(node.value.id, node.attr)
            if found is not None:
                return found
        return self.refuse(node, f"expressions of the kind {type(node).__name__} are not")

    def name(self, node: ast.Name) -> Term:
        if node.id in self.names:
            if node.id not in self.assigned:
                self.refuse(node, "on some path it has no value yet")
            return self.names[node.id]
        found = self._constant(self.module, node.id)
        return found or self.refuse(node, "it is neither a variable nor a constant")

    def _constant(self, module: str, name: str) -> Term | None:
        known = (self.whole.folder / f"{module}.py").exists()
        return self.whole.constant(module, name) if known else None

    def literal(self, node: ast.Constant) -> Term:
        if type(node.value) is int and node.value < 2**31:
            return Term(str(node.value), "whole")
        if type(node.value) is float:
            return Term(self.language.number(node.value), "double")
        return self.refuse(node, "only floats and ints of 32 bits are literals")

    def arithmetic(self, node: ast.BinOp) -> Term:
        sign, binding = self._sign(node)
        kind, (left, right) = self._in_common(node, [node.left, node.right])
        if kind == "int" and sign == "/":
            self.refuse(node, f"two ints divide differently in {self.language.name}")
        return Term(f"{left.bound(binding)} {sign} {right.bound(binding + 1)}", kind, binding)

    def _sign(self, node: ast.BinOp) -> tuple[str, int]:
        found = ARITHMETIC.get(type(node.op))
        return found or self.refuse(node, "of arithmetic, only + - * / are")

    def unary(self, node: ast.UnaryOp) -> Term:
        if isinstance(node.op, ast.Not):
            return Term(f"!{self.condition(node.operand).bound(SIGN)}", "bool", SIGN)
        term = self.term(node.operand)
        if not isinstance(node.op, ast.USub) or term.type not in ("double", "int", "whole"):
            return self.refuse(node, "of signs, only a number's - is")
        if term.text[0] == "-":
            return Term(f"-({term.text})", "int" if term.type == "whole" else term.type, SIGN)
        return Term(f"-{term.bound(SIGN)}", term.type, SIGN)

    def comparison(self, node: ast.Compare) -> Term:
        """A comparison or a chain of them; what stands in the middle of a chain is only a name."""
        parts, sides = [], [node.left, *node.comparators]
        if not all(isinstance(side, ast.Name | ast.Constant) for side in sides[1:-1]):
            self.refuse(node, "what stands in the middle would be computed twice")
        for operation, left, right in zip(node.ops, sides, sides[1:], strict=False):
            if type(operation) not in self.language.comparisons:
                self.refuse(node, "of comparisons, only those of numbers are")
            sign, binding = self.language.comparisons[type(operation)]
            kind, terms = self._in_common(node, [left, right])
            if kind == "bool" and binding != EQUAL:
                self.refuse(node, f"truth has no order in {self.language.name}")
            texts = [term.bound(SUM) for term in terms]
            if kind == "bool":  # what the library calls true is any number but zero
                known = [isinstance(side, ast.Compare) for side in (left, right)]
                texts = [x if is_one else f"!!{x}" for x, is_one in zip(texts, known, strict=True)]
            parts.append(Term(f"{texts[0]} {sign} {texts[1]}", "bool", binding))
        if len(parts) == 1:
            return parts[0]
        return Term(" && ".join(part.bound(EQUAL) for part in parts), "bool", AND)

    def call(self, node: ast.Call) -> Term:
        function = node.func
        if isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name):
            module, name = function.value.id, function.attr
        elif isinstance(function, ast.Name) and function.id != "int":
            module, name = self.module, function.id
        elif isinstance(function, ast.Name) and len(node.args) == 1:
            return self.language.whole_of(self.as_type("double", node.args[0]))
        else:
            self.refuse(node, "only functions by their names are called")
        if module == "libm":
            if name not in self.whole.library:
                self.refuse(node, "libm.pxd does not declare it")
            gives, takes = self.whole.library[name]
            spelled = self.whole.of_the_library(name)
        else:
            if not (self.whole.folder / f"{module}.py").exists():
                self.refuse(node, f"there is no {module}.py beside {self.module}.py")
            gives, count = self.whole.function(module, name)
            takes, spelled = ("double",) * count, self.whole.spelled(module, name)
        if len(node.args) != len(takes):
            self.refuse(node, f"it takes {len(takes)} operands")
        texts = [self.as_type(kind, x).text for kind, x in zip(takes, node.args, strict=True)]
        return Term(f"{spelled}({', '.join(texts)})", gives)

    def element(self, node: ast.Subscript) -> Term:
        """One number of a table, by its row and its place in the row."""
        row = node.value
        if not isinstance(row, ast.Subscript):
            return self.refuse(node, "only tables have places: TABLE[row][place]")
        table = self.as_type("table", row.value)
        places = [self.as_type("int", place).text for place in (row.slice, node.slice)]
        return Term(f"{table.text}[{places[0]}][{places[1]}]", "double")

    def _in_common(self, node: ast.expr, parts: Sequence[ast.expr]) -> tuple[str, list[Term]]:
        """The type in which two numbers meet, and both as that type.

        Each is translated once: twice would double the work with every level of a formula.
        """
        terms = [self.term(part) for part in parts]
        kinds = {term.type for term in terms}
        if len(kinds) == 1 and kinds != {"whole"}:
            kind = kinds.pop()
        elif kinds <= {"double", "int", "whole"}:
            kind = "double" if "double" in kinds else "int"
        else:
            self.refuse(
                node, f"a {' and a '.join(sorted(kinds))} do not mix in {self.language.name}"
            )
        return kind, [self._meets(kind, x, part) for x, part in zip(terms, parts, strict=True)]
