"""One run of the command line: from the arguments to the output and the exit status."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from autograd_core import console, errors
from autograd_core.command_line import expression
from autograd_core.command_line.files import check_out, write_out
from autograd_core.command_line.invocation import Request, UsageError, understand
from autograd_core.command_line.report import (
    as_json,
    node_table,
    second_derivatives,
    second_table,
)
from autograd_core.explaining import explain
from autograd_core.forms import print_tree
from autograd_core.graph.traversal import leaves
from autograd_core.graph.value import Value

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; the exit status is 0, or 2 with one line on standard error."""
    asked = sys.argv[1:] if arguments is None else arguments
    return console.run_command(
        "autograd_core",
        lambda: _run(understand(asked)),
        {UsageError: 2, errors.AutogradError: 2},
    )


def _run(request: Request) -> int:
    root = expression.compute(request.tree, request.variables)
    if root.constant and request.explain:
        raise UsageError(f"{request.text} is a constant: there is no gradient to explain")
    check_out(request, root.constant)
    if not root.constant:
        root.backward()
    if request.json:
        print(as_json(root, request))
    else:
        _print(root, request)
    if request.out is not None:
        if request.is_example and request.out.exists() and not request.force:
            _tell(
                request,
                f"{request.out} is there already and was left as it is (--force overwrites it)",
            )
        else:
            write_out(root, request, request.out)
            _tell(request, f"wrote {request.out}")
    return 0


def _print(root: Value, request: Request) -> None:
    print(f"{request.text} = {root.data!r}")
    if request.explain:
        reached = set(leaves(root))
        there = [name for name in request.wrt if request.variables[name] in reached]
        print(f"\n{explain(root, there)}")
        for name in request.wrt:
            if name not in there:  # it only chose a branch
                print(f"  ∂f/∂{name} = 0, as nothing is computed from {name}")
    if request.show_tree:
        print()
        print_tree(root)
    if not (request.explain or request.show_tree or (root.constant and not request.variables)):
        print(f"\n{node_table(root)}")
    if request.second_order and request.wrt:
        hessian = second_derivatives(root, request)
        print(f"\nsecond derivatives\n\n{second_table(hessian, request.wrt)}")


def _tell(request: Request, message: str) -> None:
    """What became of the file; JSON has standard output for itself."""
    if request.json:
        print(message, file=sys.stderr)
    else:
        print(f"\n{message}")
