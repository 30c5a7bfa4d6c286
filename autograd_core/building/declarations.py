"""What the compiler is told of the primitives' modules, written from the modules themselves.

`rules.pxd` is written from `rules.py`, the .pxd of `forward` and of our own elementary functions
from their sources, `inlined.pxd` from `forward.py` too, and of `graph/nodes/operators.py` the
kinds, which are C integers. Of a forward function there is nothing to say but that it takes doubles
and gives one; which of its variables are whole is read from what they are assigned.

A rule is a formula on whatever it is given. On `Value`s and symbols it calls methods, and plain
Python is as good at that as compiled code. On doubles it is written here, as a function to be
inlined where a node takes its local gradient: `scalar` is `forward`, and `where` a choice.
"""

from __future__ import annotations

import ast
from pathlib import Path

__all__ = ["functions_declared", "inlined_declared", "kinds_declared", "rules_declared"]


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
from autograd_core.primitives cimport inlined as forward

cdef extern from "<math.h>":
    double NAN
"""


def rules_declared(source: Path) -> str:
    """The text of `rules.pxd`: every rule of a fixed number of operands, on doubles."""
    module = ast.parse(source.read_text(encoding="utf-8"))
    constants = _numbers(module)
    lines = [HEAD]
    for statement in module.body:
        if isinstance(statement, ast.FunctionDef) and statement.args.args[0].arg != "operands":
            lines += [*_declared(statement, _OnDoubles(constants)), ""]
    return "\n".join(lines)


def _numbers(module: ast.Module) -> dict[str, ast.expr]:
    """The constants of a module that are numbers, by name."""
    return {
        ast.unparse(statement.targets[0]): statement.value
        for statement in module.body
        if isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Constant)
    }


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


PRIMITIVES = "autograd_core.primitives"
IN_PYTHON_ALONE = "ieee"
"""The module beside them that compiled functions have no use for."""
WHOLE = frozenset(("libm.ilogb", "int"))
"""The functions that give an integer."""


def functions_declared(source: Path) -> str:
    """The text of a module's .pxd: every constant, every function of a fixed number of operands."""
    module = ast.parse(source.read_text(encoding="utf-8"))
    constants: dict[str, list[str]] = {"double": [], "tuple": []}
    for statement in module.body:
        if isinstance(statement, ast.Assign):
            kind = "tuple" if isinstance(statement.value, ast.Tuple) else "double"
            constants[kind].append(ast.unparse(statement.targets[0]))
    beside = [
        name.name
        for statement in module.body
        if isinstance(statement, ast.ImportFrom) and statement.module == PRIMITIVES
        for name in statement.names
        if name.name != IN_PYTHON_ALONE
    ]
    lines = [
        f"# Written from {source.name}.",
        "cimport cython",
        *([f"from {PRIMITIVES} cimport {', '.join(beside)}"] if beside else []),
        *(f"cdef {kind} {', '.join(names)}" for kind, names in constants.items() if names),
    ]
    for function in module.body:
        if isinstance(function, ast.FunctionDef) and function.args.vararg is None:
            whole = {
                ast.unparse(node.targets[0])
                for node in ast.walk(function)
                if isinstance(node, ast.Assign) and _is_whole(node.value)
            }
            if whole:
                lines.append(
                    f"@cython.locals({', '.join(f'{name}=int' for name in sorted(whole))})"
                )
            operands = ", ".join(f"double {operand.arg}" for operand in function.args.args)
            lines.append(f"cpdef double {function.name}({operands}) noexcept")
    return "\n".join([*lines, ""])


INLINED_HEAD = """\
# Written from forward.py.
from autograd_core.primitives cimport forward, libm
"""


def inlined_declared(source: Path) -> str:
    """The text of `inlined.pxd`: `forward` for modules that call it for each node.

    What is one expression of arithmetic, comparisons and numbers stands there again, to be compiled
    where it is used; the rest is called.
    """
    module = ast.parse(source.read_text(encoding="utf-8"))
    numbers = _numbers(module)
    lines = [INLINED_HEAD]
    for function in module.body:
        if isinstance(function, ast.FunctionDef) and function.args.vararg is None:
            operands = [operand.arg for operand in function.args.args]
            takes = ", ".join(f"double {operand}" for operand in operands)
            value = f"forward.{function.name}({', '.join(operands)})"
            last = function.body[-1]
            described = ast.get_docstring(function) is not None
            if len(function.body) == 1 + described and isinstance(last, ast.Return):
                names = {node.id for node in ast.walk(last) if isinstance(node, ast.Name)}
                calls = {ast.unparse(n.func) for n in ast.walk(last) if isinstance(n, ast.Call)}
                if names <= {*operands, "libm", *numbers} and calls <= INSTRUCTIONS:
                    value = ast.unparse(_OnDoubles(numbers).visit(last)).removeprefix("return ")
            lines.append(
                f"cdef inline double {function.name}({takes}) noexcept:\n    return {value}\n"
            )
    return "\n".join(lines)


INSTRUCTIONS = frozenset(("libm.fabs", "libm.sqrt"))
"""The functions that are one instruction of a processor."""


def _is_whole(value: ast.expr) -> bool:
    """Whether a whole number is assigned: what one of those functions gives, and something more."""
    if isinstance(value, ast.BinOp):
        return _is_whole(value.left)
    return isinstance(value, ast.Call) and ast.unparse(value.func) in WHOLE


def kinds_declared(source: Path) -> str:
    """The text of `kinds.pxi`: what a module unpacks from the table's kinds, as C integers."""
    kinds = [
        name.id
        for statement in ast.parse(source.read_text(encoding="utf-8")).body
        if isinstance(statement, ast.Assign)
        and ast.unparse(statement.value).startswith("map(primitives.kind_of,")
        for name in ast.walk(statement.targets[0])
        if isinstance(name, ast.Name)
    ]
    return f"# Written from {source.name}.\ncdef int {', '.join(kinds)}\n"
