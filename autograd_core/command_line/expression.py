"""Expressions as text: parsed into a syntax tree, checked against a whitelist, computed on Values.

Arithmetic, the table's functions, names and numbers are taken; everything else is refused with its
place. The text is never evaluated as Python. Neither parsing nor computing recurses here, and what
is too deep for Python's own parser is refused too.
"""

from __future__ import annotations

import ast
import inspect
import operator
import warnings
from collections.abc import Callable, Mapping
from typing import Any

from autograd_core.errors import ExpressionError
from autograd_core.graph import functions
from autograd_core.graph.value import Value

__all__ = ["FUNCTIONS", "compute", "names_in", "parse"]

FUNCTIONS: dict[str, Callable[..., Any]] = {
    name: getattr(functions, name) for name in functions.__all__ if name not in ("sum", "dot")
}
BINARY: dict[type[ast.AST], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.Pow: operator.pow,
}
UNARY: dict[type[ast.AST], Callable[[Any], Any]] = {ast.USub: operator.neg, ast.UAdd: operator.pos}
COMPARISONS: dict[type[ast.AST], Callable[[Any, Any], bool]] = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}


def parse(text: str) -> ast.expr:
    """The syntax tree of an expression, every part of it allowed; ExpressionError otherwise."""
    text = text.strip()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", SyntaxWarning)  # "3 (x)" is refused below, in our words
            tree = ast.parse(text, mode="eval").body
    except (SyntaxError, SyntaxWarning) as error:
        column = getattr(error, "offset", None)
        place = f" at column {column}" if column else ""
        raise ExpressionError(f"cannot read {_shown(text)}{place}: {_first_line(error)}") from None
    except (RecursionError, MemoryError):
        raise ExpressionError(
            f"{_shown(text)} is nested too deeply to read; build it with Values in Python instead"
        ) from None
    except UnicodeEncodeError:  # an argument that is no text in the system's encoding
        raise ExpressionError(f"cannot read {_shown(text)}: it is no text") from None
    except ValueError as error:  # a null byte, or a number of too many digits
        raise ExpressionError(f"cannot read {_shown(text)}: {_first_line(error)}") from None
    conditions: set[int] = set()  # comparisons stand as the first operand of where() only
    for node in reversed(_children_first(tree)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args:
            if node.func.id == "where":
                conditions.add(id(node.args[0]))
        elif isinstance(node, ast.Compare) and id(node) not in conditions:
            raise _refusal(
                node,
                "a comparison has no derivative; it is taken as the first operand of where()",
                text,
            )
        _check(node, text)
    return tree


def names_in(tree: ast.expr) -> list[str]:
    """The variables of an expression, in the order in which they appear."""
    called = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    found = [
        (node.lineno, node.col_offset, node.id)
        for node in ast.walk(tree)
        if isinstance(node, ast.Name) and id(node) not in called
    ]
    return list(dict.fromkeys(name for _, _, name in sorted(found)))


def compute(tree: ast.expr, variables: Mapping[str, Value]) -> Value:
    """The Value of a parsed expression; ExpressionError for a variable that is missing."""
    missing = [name for name in names_in(tree) if name not in variables]
    if missing:
        raise ExpressionError(
            f"no value for {', '.join(missing)}; give "
            + " ".join(f"{name}=NUMBER" for name in missing)
        )
    results: dict[int, Any] = {}
    for node in _children_first(tree):
        results[id(node)] = _evaluate(node, results, variables)
    result: Value = results[id(tree)]
    return result


def _evaluate(node: ast.expr, results: Mapping[int, Any], variables: Mapping[str, Value]) -> Any:
    if isinstance(node, ast.Constant):
        return Value(node.value).detach()  # type: ignore[arg-type]
    if isinstance(node, ast.Name):
        return variables[node.id]
    if isinstance(node, ast.BinOp):
        return BINARY[type(node.op)](results[id(node.left)], results[id(node.right)])
    if isinstance(node, ast.UnaryOp):
        operand = results[id(node.operand)]
        if operand.constant and not operand.op:  # -4 is a number, not an operation on one
            return Value(UNARY[type(node.op)](operand.data)).detach()
        return UNARY[type(node.op)](operand)
    if isinstance(node, ast.Compare):
        compared = COMPARISONS[type(node.ops[0])]
        return compared(results[id(node.left)], results[id(node.comparators[0])])
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        try:
            return FUNCTIONS[node.func.id](*(results[id(operand)] for operand in node.args))
        except (TypeError, ValueError) as error:
            raise _refusal(node, f"{node.func.id}: {_first_line(error)}") from None
    raise AssertionError(f"unchecked node {node!r}")  # parse() has refused every other kind


def _children_first(tree: ast.expr) -> list[ast.expr]:
    """The expressions of a tree, operands before what uses them; a call's name is no operand."""
    order: list[ast.expr] = []
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        order.append(node)
        children: list[ast.AST] = (
            list(node.args) if isinstance(node, ast.Call) else list(ast.iter_child_nodes(node))
        )
        waiting.extend(child for child in children if isinstance(child, ast.expr))
    return order[::-1]


def _check(node: ast.expr, text: str) -> None:
    """Refuse a node that is not on the whitelist."""
    if isinstance(node, ast.Constant):
        if type(node.value) not in (int, float):
            raise _refusal(node, f"{node.value!r} is no real number", text)
    elif isinstance(node, ast.BinOp):
        if type(node.op) not in BINARY:
            hint = "; a power is written **" if isinstance(node.op, ast.BitXor) else ""
            raise _refusal(
                node, f"the operator {type(node.op).__name__} is not arithmetic{hint}", text
            )
    elif isinstance(node, ast.UnaryOp):
        if type(node.op) not in UNARY:
            raise _refusal(node, f"the operator {type(node.op).__name__} is not arithmetic", text)
    elif isinstance(node, ast.Compare):
        if len(node.ops) != 1 or type(node.ops[0]) not in COMPARISONS:
            raise _refusal(node, "only a single <, <=, > or >= compares numbers", text)
    elif isinstance(node, ast.Call):
        _check_call(node, text)
    elif isinstance(node, ast.Name):
        if node.id in FUNCTIONS:
            raise _refusal(node, f"{node.id} is a function and needs its operands", text)
    else:
        kind, written = type(node).__name__, _shown(_written(node, text))
        raise _refusal(node, f"{kind} {written} is not arithmetic", text)


def _check_call(node: ast.Call, text: str) -> None:
    if not isinstance(node.func, ast.Name) or node.func.id not in FUNCTIONS:
        raise _refusal(
            node, f"{_shown(_written(node.func, text))} is no function of the table", text
        )
    if node.keywords or any(isinstance(operand, ast.Starred) for operand in node.args):
        raise _refusal(node, f"{node.func.id} takes its operands one by one, without names", text)
    try:
        inspect.signature(FUNCTIONS[node.func.id]).bind(*node.args)
    except TypeError as error:
        raise _refusal(node, f"{node.func.id}: {error}", text) from None


def _written(node: ast.expr, text: str) -> str:
    """How the text has it: `ast.unparse` goes as deep as the expression."""
    return ast.get_source_segment(text, node) or text


def _refusal(node: ast.expr, why: str, text: str = "") -> ExpressionError:
    column = node.col_offset
    if text:  # Python's parser counts bytes
        column = len(text.encode().splitlines()[node.lineno - 1][:column].decode())
    return ExpressionError(f"refused at column {column + 1}: {why}")


def _first_line(error: Exception) -> str:
    return str(error.args[0] if error.args else error).splitlines()[0]


def _shown(text: str) -> str:
    text = " ".join(text.split())
    return repr(text if len(text) <= 60 else text[:57] + "...")
