"""The rules for the compiler: `rules.pxd`, written from `rules.py`.

A rule is a formula on whatever it is given. On `Value`s and symbols it calls methods, and plain
Python is as good at that as compiled code. On doubles it is written here, as a function to be
inlined where a node takes its local gradient: `scalar` is `forward`, and `where` a choice.
"""

from __future__ import annotations

import ast
from pathlib import Path

__all__ = ["rules_declared"]


class _OnDoubles(ast.NodeTransformer):
    """A formula with `scalar` and the constants of its module put in."""

    def __init__(self, constants: dict[str, ast.expr]) -> None:
        self.constants = constants

    def visit_Call(self, node: ast.Call) -> ast.expr:
        chooses = ast.unparse(node.func) == "scalar.where"
        self.generic_visit(node)
        if chooses:
            condition, chosen, other = node.args
            return ast.IfExp(condition, chosen, other)
        return node

    def visit_Name(self, node: ast.Name) -> ast.expr:
        if node.id == "scalar":
            return ast.Name("forward", ast.Load())
        return self.constants.get(node.id, node)


HEAD = """\
# Written from rules.py.
from autograd_core.primitives cimport forward

cdef extern from "<math.h>":
    double NAN
"""


def rules_declared(source: Path) -> str:
    """The text of `rules.pxd`: every rule of a fixed number of operands, on doubles."""
    module = ast.parse(source.read_text(encoding="utf-8"))
    constants: dict[str, ast.expr] = {
        ast.unparse(statement.targets[0]): statement.value
        for statement in module.body
        if isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Constant)
    }
    lines = [HEAD]
    for statement in module.body:
        if isinstance(statement, ast.FunctionDef) and statement.args.args[0].arg != "operands":
            lines += [*_declared(statement, _OnDoubles(constants)), ""]
    return "\n".join(lines)


def _declared(rule: ast.FunctionDef, on_doubles: _OnDoubles) -> list[str]:
    operands = ", ".join(f"double {operand.arg}" for operand in rule.args.args)
    body = rule.body[1:] if ast.get_docstring(rule) is not None else rule.body
    stored = {
        node.id: None
        for statement in body
        for node in ast.walk(statement)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }
    return [
        f"cdef inline double {rule.name}({operands}) noexcept:",
        *([f"    cdef double {', '.join(stored)}"] if stored else []),
        *(f"    {ast.unparse(on_doubles.visit(statement))}" for statement in body),
    ]
