"""The C of the functions that the native interpreter calls, with a table of them by name.

It is written when the package is built, from the Python that computes them eagerly. A build runs
this room by its path: it imports nothing but the standard library.
"""

from __future__ import annotations

import ast
import runpy
from pathlib import Path

__all__ = ["forward_functions"]

SOURCES = Path(__file__).resolve().parents[3] / "primitives"
MOST = 3  # operands


def forward_functions(folder: Path = SOURCES) -> str:
    """C99 of every function of forward.py that takes up to three operands, and `functions`.

    >>> forward_functions().splitlines()[-1]
    '    {0, 0, 0, 0, 0}};'
    """
    translator = runpy.run_path(str(folder / "c_source.py"))
    module = ast.parse((folder / "forward.py").read_text(encoding="utf-8"))
    operands = {
        statement.name: len(statement.args.args)
        for statement in module.body
        if isinstance(statement, ast.FunctionDef)
        and not statement.args.vararg
        and len(statement.args.args) <= MOST
    }
    lines = [translator["c_functions"](operands, folder=folder), "const Function functions[] = {"]
    for name, count in operands.items():
        places = (f"ag_{name}" if count == place else "0" for place in range(1, MOST + 1))
        lines.append(f'    {{"{name}", {count}, {", ".join(places)}}},')
    return "\n".join([*lines, "    {0, 0, 0, 0, 0}};", ""])
