"""The README's table of primitives, made from the table of primitives.

    python -m tests.readme_table

writes it between its two marks. `tests/test_readme.py` holds the README to it.
"""

from pathlib import Path

from autograd_core import PRIMITIVES, Primitive
from autograd_core.primitives import forward

README = Path(__file__).parent.parent / "README.md"
BEGIN = "<!-- primitives: begin -->"
END = "<!-- primitives: end -->"


def table() -> str:
    """The public rows, one line each, in Markdown with LaTeX formulas."""
    lines = ["| function | value | partial derivatives | by convention |", "|---|---|---|---|"]
    shipped = (row for row in PRIMITIVES.values() if row.forward.__module__ == forward.__name__)
    return "\n".join([*lines, *(line(row) for row in shipped if row.public)])


def line(row: Primitive) -> str:
    """One row of it."""
    operands = {name: _symbol(name) for name in row.operands if name != "..."}
    value = row.latex.format(**operands)
    partials = ", \\quad ".join(partial.format(**operands) for partial in row.partials_latex)
    called = f"`{row.name}({', '.join(row.operands)})`"
    return f"| {called} | ${value}$ | ${partials}$ | {row.convention} |"


def _symbol(name: str) -> str:
    return name if len(name) == 1 else rf"\mathit{{{name}}}"


def with_table(text: str) -> str:
    """The README's text with the table of today."""
    before, rest = text.split(BEGIN)
    _, after = rest.split(END)
    return f"{before}{BEGIN}\n{table()}\n{END}{after}"


if __name__ == "__main__":
    README.write_text(with_table(README.read_text(encoding="utf-8")), encoding="utf-8")
