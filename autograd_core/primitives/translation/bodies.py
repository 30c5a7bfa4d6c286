"""One function of the restricted Python in another language: its statements, line by line.

Variables are declared where they are first assigned, or, where that is in a branch or a loop, at
the top. Expressions are `terms`'.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence

from autograd_core.primitives.translation.language import Term
from autograd_core.primitives.translation.terms import Terms, Whole

__all__ = ["Body", "statements_of"]


def statements_of(definition: ast.FunctionDef) -> list[ast.stmt]:
    described = ast.get_docstring(definition) is not None
    return definition.body[1:] if described else definition.body


class Body(Terms):
    """One function: its statements, line by line, and the types of its variables."""

    def __init__(self, whole: Whole, module: str, definition: ast.FunctionDef) -> None:
        super().__init__(whole, module)
        self.definition = definition
        for argument in definition.args.args:
            self._declare(argument.arg, "double")
        self.assigned = set(self.names)
        self.ahead: list[str] = []
        # Whatever calls a forward function wants a double.
        self.gives = "double" if module == "forward" else ""

    def function(self) -> str:
        """The whole definition, its docstring's first line above it."""
        takes = [self.names[operand.arg].text for operand in self.definition.args.args]
        lines, ends = self.block(statements_of(self.definition), 1)
        if not ends:
            self.refuse(self.definition, "it may end without returning a number")
        name = self.whole.spelled(self.module, self.definition.name)
        about = (ast.get_docstring(self.definition) or "").split("\n")[0]
        return self.language.function(name, self.gives, takes, about, [*self.ahead, *lines])

    def block(self, statements: Sequence[ast.stmt], depth: int) -> tuple[list[str], bool]:
        """The lines of some statements, and whether they always return."""
        lines: list[str] = []
        for place, statement in enumerate(statements):
            written, ends = self.statement(statement, depth)
            lines += ["    " * depth + line if line[0] != " " else line for line in written]
            if ends:
                if place + 1 < len(statements):
                    self.refuse(statements[place + 1], "it is never reached")
                return lines, True
        return lines, False

    def statement(self, statement: ast.stmt, depth: int) -> tuple[list[str], bool]:
        if isinstance(statement, ast.Return) and statement.value is not None:
            value = self.term(statement.value)
            self.gives = self.gives or ("double" if value.type == "whole" else value.type)
            return [f"return {self.as_type(self.gives, statement.value).text};"], True
        if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
            return self.assignment(statement.targets[0], statement.value, depth), False
        if isinstance(statement, ast.AugAssign) and isinstance(statement.target, ast.Name):
            name = ast.Name(statement.target.id, ast.Load())
            total = ast.BinOp(name, statement.op, statement.value)
            ast.copy_location(total, statement)
            sign, _ = self._sign(total)
            kind = self.as_type(self.term(name).type, total).type
            value = self.as_type(kind, statement.value)
            return [f"{self.term(name).text} {sign}= {value.text};"], False
        if isinstance(statement, ast.If):
            return self.choice(statement, depth)
        if isinstance(statement, ast.While) and not statement.orelse:
            condition = self.condition(statement.test)
            before = set(self.assigned)
            lines, _ = self.block(statement.body, depth + 1)
            self.assigned = before  # the body may never run
            return [f"while ({condition.text}) {{", *lines, "}"], False
        return self.refuse(statement, "only assignments, if, while and return are")

    def choice(self, statement: ast.If, depth: int) -> tuple[list[str], bool]:
        condition = self.condition(statement.test)
        before = set(self.assigned)
        lines, ends = self.block(statement.body, depth + 1)
        lines = [f"if ({condition.text}) {{", *lines, "}"]
        after, self.assigned = self.assigned, before
        if not statement.orelse:
            return lines, False
        other, other_ends = self.block(statement.orelse, depth + 1)
        if ends:
            after = self.assigned
        elif not other_ends:
            after = after & self.assigned
        self.assigned = after
        return [*lines[:-1], "} else {", *other, "}"], ends and other_ends

    def assignment(self, target: ast.expr, value: ast.expr, depth: int) -> list[str]:
        """One name, or several at once: no name changes before every value that reads it is had."""
        if isinstance(target, ast.Name):
            return [self.assign(target, self.term(value), value, depth)]
        if not isinstance(target, ast.Tuple) or not all(
            isinstance(name, ast.Name) for name in target.elts
        ):
            return self.refuse(target, "only names are assigned to")
        names = [name for name in target.elts if isinstance(name, ast.Name)]
        if len({name.id for name in names}) < len(names):
            self.refuse(target, "a name is assigned to twice at once")
        values = self.elements(value, len(names))
        terms = [self.term(part) for part in values]  # all of them are read before any changes
        lines, late = [], []
        for place, (name, term, part) in enumerate(zip(names, terms, values, strict=True)):
            if name.id not in names_in(values[place + 1 :]):
                lines.append(self.assign(name, term, part, depth))
                continue
            old = self.names[name.id]  # still read, so the new value waits
            text = self.as_type(old.type, part).text
            declared = f"    {self.language.declared(old.type)} new_{old.text};"
            if declared not in self.ahead:
                self.ahead.append(declared)
            lines.append(f"new_{old.text} = {text};")
            late.append(f"{old.text} = new_{old.text};")
        return lines + late

    def elements(self, value: ast.expr, count: int) -> list[ast.expr]:
        """The expressions that make up a tuple: written out, chosen from two, or a table's row."""
        if isinstance(value, ast.Tuple) and len(value.elts) == count:
            return value.elts
        if isinstance(value, ast.IfExp):
            pairs = zip(
                self.elements(value.body, count), self.elements(value.orelse, count), strict=True
            )
            choices = [ast.IfExp(value.test, first, second) for first, second in pairs]
            return [ast.copy_location(choice, value) for choice in choices]
        if isinstance(value, ast.Subscript):
            places = [
                ast.Subscript(value, ast.Constant(place), ast.Load()) for place in range(count)
            ]
            return [ast.copy_location(place, value) for place in places]
        return self.refuse(value, f"it is not known to have {count} elements")

    def assign(self, target: ast.Name, term: Term, value: ast.expr, depth: int) -> str:
        declared = ""
        if target.id not in self.names:
            kind = "int" if term.type == "whole" else term.type
            if kind not in ("double", "int"):
                self.refuse(value, f"a variable is a float or an int, not a {kind}")
            self._declare(target.id, kind)
            word = self.language.declared(kind)
            if depth == 1:
                declared = f"{word} "
            else:  # first assigned in one branch: declared for them all
                self.ahead.append(f"    {word} {self.names[target.id].text};")
        name = self.names[target.id]
        text = self.as_type(name.type, value).text
        self.assigned.add(target.id)
        return f"{declared}{name.text} = {text};"

    def _declare(self, name: str, kind: str) -> None:
        taken = name in self.language.keywords or name in self.whole.library or name.isupper()
        self.names[name] = Term(f"{name}_" if taken else name, kind)


def names_in(expressions: Iterable[ast.expr]) -> set[str]:
    nodes = (node for expression in expressions for node in ast.walk(expression))
    return {node.id for node in nodes if isinstance(node, ast.Name)}
