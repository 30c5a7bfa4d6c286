"""What is printed: the table of nodes, the table of second derivatives, and all of it as JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from autograd_core.command_line.invocation import Request
from autograd_core.derivatives.differentiation import gradients
from autograd_core.forms import to_document
from autograd_core.graph.traversal import topological
from autograd_core.graph.value import Value
from autograd_core.notation import node_names
from autograd_core.strict_json import json_number

__all__ = ["as_json", "node_table", "second_derivatives", "second_table"]


def node_table(root: Value) -> str:
    """Every node with its operation, value and gradient; numbers as such have no line."""
    order = topological(root)
    names = node_names(order)
    rows = [("node", "operation", "value", "gradient")]
    for node in order:
        if node not in names:
            continue
        operands = ", ".join(names.get(parent, repr(parent.data)) for parent in node.parents)
        kind = "constant" if node.constant else "leaf"
        operation = f"{node.op}({operands})" if node.op else kind
        rows.append((names[node], operation, repr(node.data), _gradient(node)))
    return _aligned(rows, left_columns=2)


def _gradient(node: Value) -> str:
    return "" if node.constant else repr(node.grad)


def second_derivatives(root: Value, request: Request) -> list[list[float]]:
    """The Hessian with respect to the variables asked for, in their order."""
    leaves = [request.variables[name] for name in request.wrt]
    first = gradients(root, leaves, create_graph=True)
    return [gradients(derivative, leaves) for derivative in first]


def second_table(hessian: Sequence[Sequence[float]], names: Sequence[str]) -> str:
    """The Hessian with its variables on both sides."""
    rows = [("", *names)]
    rows += [(name, *map(repr, row)) for name, row in zip(names, hessian, strict=True)]
    return _aligned(rows, left_columns=1)


def as_json(root: Value, request: Request) -> str:
    """One object: the expression, its variables, value, derivatives and graph."""
    variables = request.variables
    result: dict[str, Any] = {
        "expression": request.text,
        "variables": {name: json_number(each.data) for name, each in variables.items()},
        "value": json_number(root.data),
        "gradient": {name: json_number(variables[name].grad) for name in request.wrt},
    }
    if request.second_order:
        result["second_derivatives"] = {
            name: dict(zip(request.wrt, map(json_number, row), strict=True))
            for name, row in zip(request.wrt, second_derivatives(root, request), strict=True)
        }
    result["graph"] = to_document(root)
    return json.dumps(result, allow_nan=False)


def _aligned(rows: Sequence[tuple[str, ...]], left_columns: int) -> str:
    """Columns side by side, the first ones flush left, the others right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = []
    for row in rows:
        cells = [
            cell.ljust(width) if place < left_columns else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines)
